"""publish signs, rollback goes back by one swap, verify proves: the verbs on a small site."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from plugins.build.builder import build
from plugins.build.publish import publish, rollback
from plugins.build.settings import ROOT as PROJECT
from plugins.release.chain import UnsignableError
from plugins.release.keys import retire
from plugins.release.verify import main as verify
from tests.conftest import ROOT
from tests.small import Small

FIRST, SECOND, THIRD = "2026-03-03 10:00", "2026-03-10 10:00", "2026-03-17 10:00"
Verb = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def published(small: Small) -> Small:
    """A site that was published once."""
    (small.folder / "datasets").mkdir()
    run(small, FIRST)
    return small


def run(small: Small, moment: str) -> Path:
    result = publish(small.settings(as_of=moment, datasets=str(small.folder / "datasets")))
    assert result.release, [str(f) for f in result.faults]
    return result.release


def head(small: Small) -> dict[str, object]:
    found: dict[str, object] = json.loads((small.output / "latest.json").read_bytes())
    return found


def proved(small: Small, moment: str, *options: str) -> bool:
    at = f"{moment.replace(' ', 'T')}+08:00"
    return verify([str(small.output), "--key", str(small.keys / "root.pub"), "--at", at, *options]) == 0


def more(small: Small, slug: str) -> None:
    small.policy(slug, title=f"试验办法（{slug}）")


def inodes(small: Small) -> dict[str, int]:
    root = small.output.resolve()
    return {str(p.relative_to(root)): p.stat().st_ino for p in root.rglob("*") if p.is_file()}


def test_what_is_published_is_proved_and_what_is_built_is_unsigned(published: Small) -> None:
    assert proved(published, FIRST)
    other = replace(published.settings(), output=published.folder / "other")
    assert build(other).release
    assert verify([str(other.output)]) == 1
    assert verify([str(other.output), "--unsigned"]) == 0


def test_each_release_names_the_one_before(published: Small) -> None:
    before = head(published)
    more(published, "b")
    run(published, SECOND)
    after = head(published)
    assert (before["sequence"], after["sequence"]) == (1, 2)
    assert (before["previous"], after["previous"]) == ("", before["manifest"])
    assert after["valid_until"] == "2026-04-09T10:00+08:00"
    assert proved(published, SECOND)


def test_a_timer_renews_the_head_and_nothing_else(published: Small) -> None:
    before, young = inodes(published), head(published)
    run(published, SECOND)
    changed = {path for path, inode in inodes(published).items() if before[path] != inode}
    assert changed == {"latest.json"}
    assert head(published)["sequence"] == young["sequence"] == 1
    assert proved(published, SECOND)
    assert len([p for p in (published.folder / ".out.releases").iterdir() if not p.name.startswith(".")]) == 1


def test_a_timer_a_minute_later_makes_nothing_at_all(published: Small) -> None:
    before = inodes(published)
    run(published, "2026-03-03 10:01")
    assert {path for path, inode in inodes(published).items() if before[path] != inode} == {"latest.json"}
    assert head(published)["as_of"] == "2026-03-03T10:01+08:00"


def test_an_unsigned_site_is_signed_by_a_release_of_its_own(small: Small) -> None:
    """What `build` made is never changed in place."""
    (small.folder / "datasets").mkdir()
    assert small.build(datasets=str(small.folder / "datasets"), as_of=FIRST) == 0
    first = small.output.resolve()
    run(small, FIRST)
    assert small.output.resolve() != first
    assert not (first / "latest.json").exists()
    assert proved(small, FIRST)


def test_another_release_key_signs_all_anew(published: Small, tmp_path: Path) -> None:
    """The list does not change, its signatures do; who saw the new statement refuses the old release."""
    old = Path(shutil.copytree(published.output, tmp_path / "old"))
    retire(published.keys, PROJECT, None, SECOND)
    run(published, SECOND)
    assert proved(published, SECOND)
    assert proved(published, SECOND, "--seen", str(old / "latest.json"))
    seen = str(published.output / "latest.json")
    options = ["--key", str(published.keys / "root.pub"), "--at", "2026-03-10T10:00+08:00"]
    assert verify([str(old), *options]) == 0
    assert verify([str(old), *options, "--seen", seen]) == 1


def test_without_keys_nothing_is_changed(published: Small) -> None:
    before, ledger = inodes(published), (published.folder / "datasets/ledger/ledger.csv").read_bytes()
    more(published, "b")
    settings = published.settings(as_of=SECOND, datasets=str(published.folder / "datasets"))
    shutil.rmtree(published.keys)
    with pytest.raises(UnsignableError, match="请先运行 keys"):
        publish(settings)
    assert inodes(published) == before
    assert (published.folder / "datasets/ledger/ledger.csv").read_bytes() == ledger


def test_a_release_that_cannot_be_signed_leaves_ledger_and_site(published: Small) -> None:
    """The release key's time is over: found out when the site is made, under the lock."""
    before, ledger = inodes(published), (published.folder / "datasets/ledger/ledger.csv").read_bytes()
    more(published, "b")
    with pytest.raises(UnsignableError, match="--retire"):
        run(published, "2028-03-03 10:00")
    assert inodes(published) == before
    assert (published.folder / "datasets/ledger/ledger.csv").read_bytes() == ledger
    run(published, SECOND)
    assert proved(published, SECOND)


def test_a_clock_that_goes_back_signs_nothing(published: Small) -> None:
    run(published, SECOND)
    with pytest.raises(UnsignableError, match="早于"):
        run(published, FIRST)
    assert proved(published, SECOND)


def test_rollback_goes_back_by_one_swap_and_the_chain_goes_on_above_all(published: Small) -> None:
    first = published.output.resolve()
    for slug, moment in (("b", SECOND), ("c", THIRD)):
        more(published, slug)
        run(published, moment)
    third = head(published)
    settings = published.settings()
    assert rollback(settings, 2) == first == published.output.resolve()
    assert proved(published, THIRD)
    assert rollback(settings) is None
    assert published.output.resolve() == first
    more(published, "d")
    run(published, THIRD)
    assert head(published)["sequence"] == 4
    assert head(published)["previous"] == third["manifest"]


def test_rollback_leaves_an_unsigned_release_for_the_signed_one_before(published: Small) -> None:
    first = published.output.resolve()
    more(published, "b")
    assert published.build(as_of=SECOND) == 0
    assert verify([str(published.output), "--unsigned"]) == 0
    assert rollback(published.settings()) == first
    assert proved(published, SECOND)


def test_rollback_is_a_replay_for_who_saw_more(published: Small, tmp_path: Path) -> None:
    more(published, "b")
    run(published, SECOND)
    seen = shutil.copy(published.output / "latest.json", tmp_path)
    rollback(published.settings())
    assert proved(published, SECOND)
    assert not proved(published, SECOND, "--seen", str(seen))


def test_rollback_refuses_a_release_that_is_not_whole(published: Small) -> None:
    first = published.output.resolve()
    more(published, "b")
    second = run(published, SECOND)
    (first / "index.html").unlink()
    assert rollback(published.settings()) is None
    assert published.output.resolve() == second


def test_after_a_rollback_the_ledger_keeps_what_was_published(published: Small) -> None:
    more(published, "b")
    run(published, SECOND)
    ledger = (published.folder / "datasets/ledger/ledger.csv").read_bytes()
    rollback(published.settings(datasets=str(published.folder / "datasets")))
    assert (published.folder / "datasets/ledger/ledger.csv").read_bytes() == ledger
    assert run(published, THIRD)
    assert (published.folder / "datasets/ledger/ledger.csv").read_bytes() == ledger


@pytest.fixture
def verb(published: Small) -> Verb:
    """A verb of the command line, with the keys of the site."""

    def started(*words: str) -> subprocess.CompletedProcess[str]:
        code = f"import sys; sys.path.insert(0, {str(ROOT)!r}); import tasks; tasks.main(sys.argv[1:])"
        environment = {**os.environ, "GAZETTE_KEYS": str(published.keys)}
        return subprocess.run(
            [sys.executable, "-c", code, *words], capture_output=True, text=True, check=False, env=environment
        )

    return started


def test_the_verbs_publish_roll_back_and_verify(published: Small, verb: Verb) -> None:
    place = ["--content", str(published.content), "--output", str(published.output)]
    more(published, "b")
    done = verb("publish", *place, "--as-of", SECOND)
    assert done.returncode == 0, done.stderr
    assert "第 2 次发布（2026-03-10 签名，有效期到 2026-04-09）已发布并签名" in done.stderr
    key = ["--key", str(published.keys / "root.pub"), "--at", "2026-03-10T10:00+08:00"]
    proof = verb("verify", str(published.output), *key)
    assert proof.returncode == 0
    assert "已证明" in proof.stdout
    assert verb("verify", str(published.output)).returncode == 1
    assert verb("verify", str(published.output), "--unsigned").returncode == 0
    assert verb("verify", str(published.output), "--key", "absent").returncode == 2
    back = verb("rollback", "1", *place)
    assert back.returncode == 0, back.stderr
    assert "退回第 1 次发布" in back.stderr
    assert verb("rollback", *place).returncode == 2
    assert verb("rollback", "0", *place).returncode == 2
