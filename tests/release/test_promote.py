"""Promotion: the layout on the disk, what is refused, what is healed, what is kept."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from plugins.release.keys import load, make
from plugins.release.promote import Occupied, Releases
from tests.conftest import ROOT
from tests.release.faults import recorded
from tests.release.trees import identity, in_child, is_whole, leftovers, listing, publish, shown, tree

OLD, NEW = tree("old"), tree("new")
NAMED = {".stage-": "release named", ".link-": "output shown"}


@pytest.fixture
def output(tmp_path: Path) -> Path:
    return tmp_path / "site/out"


def names(output: Path) -> set[str]:
    return {p.name for p in Releases(output).folder.iterdir()}


def damage(file: Path) -> None:
    """Changes the bytes at the name, not in the store's object that it is a link to."""
    text = file.read_text().upper()
    file.unlink()
    file.write_text(text)


def test_the_output_is_a_relative_link_to_a_release_named_by_its_manifest(output: Path) -> None:
    publish(output, NEW)
    name = hashlib.sha256((output / "MANIFEST").read_bytes()).hexdigest()[:16]
    assert os.readlink(output) == f".out.releases/{name}"
    assert names(output) == {name, ".lock"}
    assert is_whole(output, NEW)
    subprocess.run(["sha256sum", "-c", "--quiet", "--strict", "MANIFEST"], cwd=output, check=True)


def test_output_and_releases_can_be_moved_together(output: Path, tmp_path: Path) -> None:
    publish(output, NEW)
    output.parent.rename(tmp_path / "elsewhere")
    assert is_whole(tmp_path / "elsewhere/out", NEW)


def test_the_same_release_again_is_the_same_folder(output: Path) -> None:
    first = publish(output, NEW)
    made = first.stat().st_ino
    publish(output, OLD)
    assert publish(output, NEW) == first
    assert first.stat().st_ino == made
    assert names(output) == {identity(OLD), identity(NEW), ".lock"}


@pytest.mark.parametrize("attack", ["missing", "extra", "other bytes", "manifest", "link", "a file", "unreadable"])
def test_a_damaged_release_of_the_same_id_is_not_shown(output: Path, attack: str, tmp_path: Path) -> None:
    release = publish(output, NEW)
    page = release / "policies/b.txt"
    if attack == "missing":
        page.unlink()
    elif attack == "extra":
        (release / "policies/extra.html").touch()
    elif attack == "other bytes":
        damage(page)
    elif attack == "manifest":
        (release / "MANIFEST").write_bytes(b"")
    elif attack == "link":
        page.rename(tmp_path / "b.txt")
        page.symlink_to(tmp_path / "b.txt")
    else:
        shutil.rmtree(release)
        release.touch() if attack == "a file" else release.symlink_to(release)
    healed = publish(output, NEW)
    assert (healed.name, os.readlink(output)) == (f"{release.name}-2", f".out.releases/{release.name}-2")
    assert is_whole(output, NEW)
    assert publish(output, NEW) == healed


def test_an_empty_folder_gives_way_to_the_link(output: Path) -> None:
    output.mkdir(parents=True)
    publish(output, NEW)
    assert is_whole(output, NEW)


@pytest.mark.parametrize("kind", ["folder", "file", "link elsewhere", "link to a namesake", "broken link"])
def test_what_is_not_ours_is_refused_and_untouched(output: Path, tmp_path: Path, kind: str) -> None:
    output.parent.mkdir()
    other = tmp_path / ("other/.out.releases/0123456789abcdef" if kind == "link to a namesake" else "other")
    other.mkdir(parents=True)
    if kind == "folder":
        output.mkdir()
        (output / "thesis.txt").touch()
    elif kind == "file":
        output.write_text("thesis")
    else:
        output.symlink_to(tmp_path / "nothing" if kind == "broken link" else other)
    before = _state(output)
    with pytest.raises(Occupied):
        publish(output, NEW)
    assert _state(output) == before
    assert not Releases(output).folder.exists()


def _state(path: Path) -> tuple[int, ...]:
    """What a change would change; to be looked at is none."""
    info = os.lstat(path)
    return info.st_mode, info.st_ino, info.st_size, info.st_mtime_ns, info.st_ctime_ns


def test_what_came_into_the_way_during_the_build_is_refused_too(output: Path) -> None:
    releases = Releases(output)
    stage = releases.new_stage()
    (stage / "MANIFEST").write_bytes(listing({}))
    output.write_text("thesis")
    with pytest.raises(Occupied):
        releases.promote(stage)
    assert output.read_text() == "thesis"


def test_a_link_whose_release_was_removed_by_hand_is_ours(output: Path) -> None:
    shutil.rmtree(publish(output, OLD))
    assert Releases(output).live() is None
    publish(output, NEW)
    assert is_whole(output, NEW)


def test_no_manifest_no_release(output: Path) -> None:
    stage = Releases(output).new_stage()
    (stage / "index.html").touch()
    with pytest.raises(FileNotFoundError):
        Releases(output).promote(stage)
    assert not os.path.lexists(output)


def test_a_file_that_the_manifest_does_not_name_is_never_shown(output: Path) -> None:
    stage = Releases(output).new_stage()
    (stage / "draft.html").touch()
    (stage / "MANIFEST").write_bytes(listing({}))
    with pytest.raises(ValueError, match="MANIFEST"):
        Releases(output).promote(stage)
    assert not os.path.lexists(output)


def test_other_signatures_of_the_same_site_are_another_release(output: Path) -> None:
    """A signed release is not taken for the unsigned one: the stage holds `latest.json`, the release does not."""
    first = publish(output, {})
    releases = Releases(output)
    stage = releases.new_stage()
    (stage / "MANIFEST").write_bytes(listing({}))
    (stage / "latest.json").write_text("{}")
    assert releases.promote(stage).name == f"{first.name}-2"
    assert (output / "latest.json").read_text() == "{}"


def test_whole_knows_names_and_manifest_but_does_not_read_the_files(output: Path) -> None:
    release, releases = publish(output, NEW), Releases(output)
    (release / "latest.json").touch()
    damage(release / "index.html")
    assert releases.whole(release, listing(NEW))
    assert not releases.whole(release, listing(OLD))
    assert not releases.whole(release, b"nonsense")
    assert not releases.whole(release.with_name("absent"), listing(NEW))


def test_sweep_takes_what_is_half_made_and_nothing_else(output: Path) -> None:
    publish(output, NEW)
    folder = Releases(output).folder
    (folder / ".stage-1/a/b").mkdir(parents=True)
    (folder / ".link-1").symlink_to("nowhere")
    (folder / "notes").mkdir()
    Releases(output).sweep()
    assert names(output) == {identity(NEW), ".lock", "notes"}


def test_prune_keeps_the_newest_and_the_live_one(output: Path) -> None:
    releases = Releases(output)
    found = [publish(output, tree(str(n)), keep=99) for n in range(8)]
    for age, release in enumerate(found):
        os.utime(release, (age, age))
    output.unlink()
    output.symlink_to(f".out.releases/{found[0].name}")
    (releases.folder / "notes").mkdir()
    releases.prune(keep=3)
    assert names(output) == {found[0].name, *(p.name for p in found[5:]), "notes", ".lock"}
    output.unlink()
    releases.prune(keep=1)
    assert names(output) == {found[7].name, "notes", ".lock"}


def test_what_holds_the_head_of_the_chain_is_never_pruned_nor_staged_over(output: Path, tmp_path: Path) -> None:
    """After two steps back it is neither live nor among the newest that are kept."""
    make(tmp_path / "keys", ROOT, "2026-01-01 00:00")
    keys, releases = load(tmp_path / "keys"), Releases(output)
    found = [publish(output, tree(str(n)), 99, keys) for n in range(4)]
    for age, release in enumerate([found[3], *found[:3]]):
        os.utime(release, (age, age))
    releases.prune(keep=1)
    assert names(output) == {found[3].name, found[2].name, ".lock"}
    assert json.loads(releases.head())["sequence"] == 4
    publish(output, NEW, 1, keys)
    assert json.loads(releases.head())["sequence"] == 5


def test_the_next_stage_is_the_tree_that_nobody_keeps(output: Path) -> None:
    """Three releases, long after each other, two are kept: the third is made of the first, never of the live one."""
    first = publish(output, tree("first"), keep=2)
    page = next(first.rglob("*.html")).parent.stat().st_ino
    second = publish(output, OLD, keep=2)
    for age, release in enumerate((first, second)):
        os.utime(release, (age, age))
    third = publish(output, NEW, keep=2)
    assert not first.exists()
    assert page in {p.stat().st_ino for p in third.rglob("*")} | {third.stat().st_ino}
    assert is_whole(output, NEW)


def test_a_release_that_was_live_a_moment_ago_is_not_staged_over(output: Path) -> None:
    """A slow reader may still walk through it: what it finds is what that release was, or nothing."""
    first = publish(output, tree("first"), keep=9)
    publish(output, OLD, keep=9)
    stage = Releases(output).new_stage(keep=2)
    assert list(stage.iterdir()) == []
    assert is_whole(first, tree("first"))


def test_the_tree_made_ahead_is_the_next_stage_whatever_is_in_it(output: Path) -> None:
    """Half made and with strangers: the release is what its list says. It is taken once, and no link stands for it."""
    publish(output, OLD)
    ahead = Releases(output).ahead()
    (ahead / "index.html").write_text("a stranger")
    (ahead / "policies/half").mkdir(parents=True)
    inode = ahead.stat().st_ino
    assert publish(output, NEW).stat().st_ino == inode
    assert is_whole(output, NEW)
    ahead.symlink_to(output.parent, target_is_directory=True)
    assert list(Releases(output).new_stage().iterdir()) == []


def test_the_live_release_is_never_staged_over(output: Path) -> None:
    publish(output, OLD, keep=1)
    stage = Releases(output).new_stage(keep=1)
    assert list(stage.iterdir()) == []
    assert is_whole(output, OLD)


def test_a_release_that_is_shown_again_is_the_newest(output: Path) -> None:
    first = publish(output, NEW)
    os.utime(first, (1, 1))
    publish(output, OLD)
    publish(output, NEW)
    assert publish(output, tree("third"), keep=2).parent.joinpath(first.name).is_dir()


def test_everything_is_readable_whatever_the_umask(output: Path) -> None:
    def work() -> None:
        os.umask(0o077)
        publish(output, NEW)

    output.parent.mkdir()
    assert in_child(work) == 0
    release = output.resolve()
    assert {p.stat().st_mode & 0o755 for p in (release, release.parent, release / "policies")} == {0o755}
    assert (release / "MANIFEST").stat().st_mode & 0o777 == 0o644


def test_all_is_on_the_disk_before_it_has_a_name_and_each_name_before_the_next(output: Path) -> None:
    publish(output, OLD)
    calls = recorded(lambda: publish(output, NEW) and None)
    folder = str(Releases(output).folder)
    steps = []
    for call, *arguments in calls:
        if call == "os.rename":
            steps += [step for kind, step in NAMED.items() if kind in arguments[0]]
        elif call == "os.fsync":
            steps.append({folder: "releases flushed", str(output.parent): "parent flushed"}[arguments[0]])
        elif call in {"syncfs", "os.link"} and steps[-1:] != [call]:
            steps.append(call)
    assert steps == ["os.link", "syncfs", "release named", "releases flushed", "output shown", "parent flushed"]
    assert leftovers(output) == set()
    assert shown(output) == NEW
