"""Row 1 of the battery: every call of a promotion fails in turn, or is the last one before death."""

from __future__ import annotations

import itertools
import json
import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from plugins.release.chain import Keys, sealed
from plugins.release.keys import load, make
from plugins.release.lock import exclusive
from plugins.release.plain import copy_plain
from plugins.release.promote import Releases
from plugins.release.verify import main as verify
from tests.conftest import ROOT
from tests.release.faults import KINDS, every_call, failing
from tests.release.trees import identity, is_whole, leftovers, publish, tree

OLD, NEW, AT = tree("old"), tree("new"), "2026-03-06T09:00+08:00"


def first(output: Path) -> None:
    """An empty folder stands in the output's place."""
    output.mkdir(parents=True)


def second(output: Path) -> None:
    """An old release is live; there are others to prune, and a stage, a link and trash to sweep."""
    for n in range(3):
        publish(output, tree(str(n)))
    publish(output, OLD)
    folder = Releases(output).folder
    (folder / ".stage-1/a").mkdir(parents=True)
    (folder / ".stage-1/a/b").touch()
    (folder / ".link-1").symlink_to("nowhere")


def again(output: Path) -> None:
    """The same release exists, but is not live."""
    publish(output, NEW)
    publish(output, OLD)


def damaged(output: Path) -> None:
    """The same release exists, but lacks a page."""
    (publish(output, NEW) / "index.html").unlink()
    publish(output, OLD)


def root_of(output: Path) -> Path:
    """Root's key, beside the outputs of one test."""
    return output.parent.parent / "keys/root.pub"


def signing(output: Path) -> Keys:
    """The keys of one test, made for the first who asks."""
    if not (folder := root_of(output).parent).exists():
        make(folder, ROOT, "2026-01-01 00:00")
    return load(folder)


def signed(output: Path) -> None:
    """An old signed release is live, and a newer one is kept to which nobody goes."""
    for n in range(3):
        publish(output, tree(str(n)), keys=signing(output))
    publish(output, OLD, keys=signing(output))
    publish(output, tree("taken back"), keys=signing(output))
    assert Releases(output).back()


def is_proved(output: Path) -> bool:
    return verify([str(output), "--key", str(root_of(output)), "--at", AT]) == 0


@pytest.mark.parametrize("kind", KINDS)
def test_whatever_call_of_a_signed_promotion_fails_what_is_live_is_proved(quick: Path, kind: str) -> None:
    """A whole old or a whole new release with its signatures; the next run heals, and the chain goes on above all."""
    fell = 0
    for number in itertools.count(1):
        output = quick / str(number) / "out"
        signed(output)
        keys = signing(output)
        code = failing(lambda: publish(output, NEW, 2, keys) and None, number, kind)  # noqa: B023
        assert code in {0, 3, -signal.SIGKILL if kind == "KILL" else 1}, (number, code)
        assert is_whole(output, NEW) or (is_whole(output, OLD) and code not in {0, 3}), number
        assert is_proved(output), number
        publish(output, NEW, 2, keys)
        assert is_whole(output, NEW)
        assert is_proved(output)
        assert leftovers(output) == set()
        assert json.loads((output / "latest.json").read_bytes())["sequence"] == 6
        fell += code not in {0, 3}
        if code == 3:
            break
    assert fell > 40


@pytest.mark.parametrize("kind", KINDS)
def test_whatever_call_fails_the_head_is_the_old_or_the_renewed_one(quick: Path, kind: str) -> None:
    """A timer makes the head young again: pages and signatures of the list stay, and no stranger lies among them."""

    def renew(output: Path, moment: str) -> None:
        releases = Releases(output)
        with exclusive(releases.lock_path, 30):
            releases.sweep()
            head = sealed((output / "MANIFEST").read_bytes(), signing(output), moment, 30, releases.head())
            releases.renew(head["latest.json"])

    for number in itertools.count(1):
        output = quick / str(number) / "out"
        publish(output, OLD, keys=signing(output))
        code = failing(lambda: renew(output, "2026-03-04 09:00"), number, kind)  # noqa: B023
        assert code in {0, 3, -signal.SIGKILL if kind == "KILL" else 1}, (number, code)
        assert is_whole(output, OLD)
        assert is_proved(output)
        renew(output, "2026-03-05 09:00")
        assert is_proved(output)
        assert b"2026-03-05" in (output / "latest.json").read_bytes()
        assert leftovers(output) == set()
        if code == 3:
            break
    assert number > 10


def test_the_sweep_reaches_every_kind_of_call(quick: Path) -> None:
    output = quick / "1/out"
    signed(output)
    keys = signing(output)
    calls = every_call(lambda: publish(output, NEW, 2, keys) and None)
    named = {"open", "os.write", "os.link", "os.rename", "os.symlink", "os.fsync", "os.mkdir", "os.remove", "syncfs"}
    assert named <= calls


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("before", [first, second, again, damaged])
def test_whatever_call_fails_the_output_is_a_whole_old_or_new_release(
    quick: Path, kind: str, before: Callable[[Path], None]
) -> None:
    fell = 0
    for number in itertools.count(1):
        output = quick / str(number) / "out"
        before(output)
        code = failing(lambda: publish(output, NEW, keep=2) and None, number, kind)  # noqa: B023
        assert code in {0, 3, -signal.SIGKILL if kind == "KILL" else 1}, (number, code)
        shown = [files for files in (OLD, NEW) if (output / "MANIFEST").exists() and is_whole(output, files)]
        assert shown or (before is first and not (output.exists() and os.listdir(output))), number
        assert shown == [NEW] or code not in {0, 3}
        publish(output, NEW, keep=2)
        assert is_whole(output, NEW)
        assert leftovers(output) == set()
        assert len(list(Releases(output).folder.iterdir())) <= 4
        if code == 3:
            break
        fell += code != 0
    assert fell > 25


@pytest.mark.parametrize("kind", KINDS)
def test_whatever_call_fails_a_plain_copy_is_taken_up_again(quick: Path, kind: str) -> None:
    """Files are whole at any time, and the MANIFEST is the new one only when all of them are."""
    old, new = publish(quick / "a/out", OLD), publish(quick / "b/out", {**NEW, "new.html": "new"})
    names = {p.relative_to(r) for r in (old, new) for p in r.rglob("*") if p.is_file()}
    for number, empty in ((number, empty) for number in itertools.count(1) for empty in (True, False)):
        target = quick / f"{number}{empty}"
        if not empty:
            copy_plain(old, target)
        code = failing(lambda: copy_plain(new, target), number, kind)  # noqa: B023
        assert code in {0, 3, -signal.SIGKILL if kind == "KILL" else 1}
        for path in (p for p in names if (target / p).exists()):
            wholes = [(r / path).read_bytes() for r in (old, new) if (r / path).exists()]
            assert (target / path).read_bytes() in wholes
        if (target / "MANIFEST").exists() and (target / "MANIFEST").read_bytes() == (new / "MANIFEST").read_bytes():
            assert is_whole_copy(new, target)
        copy_plain(new, target)
        assert is_whole_copy(new, target)
        assert not list(target.glob(".*"))
        if code == 3 and not empty:
            break
    assert number > 15


def is_whole_copy(release: Path, target: Path) -> bool:
    def listed(folder: Path) -> dict[str, bytes]:
        found = (p for p in folder.rglob("*") if p.is_file() and not p.name.startswith("."))
        return {str(p.relative_to(folder)): p.read_bytes() for p in found}

    return listed(release) == listed(target)


def test_the_sweep_finds_a_promotion_that_works_in_the_live_folder(quick: Path) -> None:
    """The same check with its guard taken away: pages are written in place."""

    def careless(output: Path) -> None:
        for path, text in NEW.items():
            (output / path).write_text(text)

    mixed = 0
    for number in range(1, 4):
        output = quick / str(number) / "out"
        publish(output, OLD)
        for page in output.resolve().rglob("*.*"):
            page.unlink()
            page.write_text(OLD[page.relative_to(output.resolve()).as_posix()])
        failing(lambda: careless(output), number, "KILL")  # noqa: B023
        mixed += not (is_whole(output, OLD) or is_whole(output, NEW))
    assert mixed == 2


def test_a_release_is_named_only_when_its_bytes_are_on_the_disk(quick: Path) -> None:
    """Every call that fails before the rename leaves no release of the new name."""
    for number in itertools.count(1):
        output = quick / str(number) / "out"
        publish(output, OLD)
        code = failing(lambda: publish(output, NEW) and None, number, "EIO")  # noqa: B023
        release = Releases(output).folder / identity(NEW)
        assert not release.exists() or is_whole(release, NEW)
        if code == 3:
            break
