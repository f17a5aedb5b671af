"""The plain copy: exact, ours only, and never through a link."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from plugins.release.plain import copy_plain
from plugins.release.promote import Occupied
from tests.release.trees import in_child, is_whole, publish, shown, tree

OLD, NEW = tree("old"), tree("new")


@pytest.fixture
def target(tmp_path: Path) -> Path:
    """A copy of an old release that had one page more."""
    folder = tmp_path / "plain"
    copy_plain(publish(tmp_path / "out", {**OLD, "gone/for/ever.html": "x"}), folder)
    return folder


def test_a_copy_is_an_ordinary_folder_that_holds_the_release(target: Path, tmp_path: Path) -> None:
    copy_plain(publish(tmp_path / "out", NEW), target)
    assert is_whole(target, NEW)
    assert {p.stat().st_nlink for p in target.rglob("*") if p.is_file()} == {1}
    subprocess.run(["sha256sum", "-c", "--quiet", "--strict", "MANIFEST"], cwd=target, check=True)


def test_a_withdrawn_page_and_its_folder_are_gone(target: Path, tmp_path: Path) -> None:
    copy_plain(publish(tmp_path / "out", NEW), target)
    assert not (target / "gone").exists()


def test_an_unchanged_file_is_not_touched(target: Path, tmp_path: Path) -> None:
    made = (target / "index.html").stat().st_ino
    copy_plain(publish(tmp_path / "out", OLD), target)
    assert (target / "index.html").stat().st_ino == made


def test_what_the_host_keeps_under_a_dot_stays(target: Path, tmp_path: Path) -> None:
    (target / ".git/refs/tags").mkdir(parents=True)
    (target / ".git/HEAD").touch()
    (target / ".nojekyll").touch()
    copy_plain(publish(tmp_path / "out", NEW), target)
    assert {".git", ".nojekyll"} < {p.name for p in target.iterdir()}
    assert (target / ".git/refs/tags").is_dir()
    assert not (target / ".gazette-unfinished").exists()


@pytest.mark.parametrize("kind", ["no manifest", "another's manifest", "empty manifest", "file", "link", "broken link"])
def test_what_is_not_ours_is_refused_and_untouched(tmp_path: Path, kind: str) -> None:
    release, target = publish(tmp_path / "out", NEW), tmp_path / "plain"
    if kind == "file":
        target.touch()
    elif "link" in kind:
        target.symlink_to(tmp_path / "nowhere" if kind == "broken link" else release)
    else:
        target.mkdir()
        (target / "thesis.txt").touch()
        if kind != "no manifest":
            (target / "MANIFEST").write_text("include *.py\n" if kind == "another's manifest" else "")
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(Occupied):
        copy_plain(release, target)
    assert sorted(tmp_path.rglob("*")) == before


def test_an_empty_folder_is_filled(tmp_path: Path) -> None:
    (tmp_path / "plain").mkdir()
    copy_plain(publish(tmp_path / "out", NEW), tmp_path / "plain")
    assert is_whole(tmp_path / "plain", NEW)


@pytest.mark.parametrize("path", ["policies", "policies/2026", "index.html"])
def test_nothing_is_written_through_a_link_out_of_the_copy(target: Path, tmp_path: Path, path: str) -> None:
    (target / path).rename(tmp_path / "outside")
    (target / path).symlink_to(tmp_path / "outside")
    copy_plain(publish(tmp_path / "out", NEW), target)
    assert is_whole(target, NEW)
    assert not [p for p in target.rglob("*") if p.is_symlink()]
    outside = tmp_path / "outside"
    assert "new" not in (outside.read_text() if outside.is_file() else "".join(shown(outside).values()))


def test_a_folder_becomes_a_file_and_a_file_a_folder(target: Path, tmp_path: Path) -> None:
    turned = {"index.html/a": "new", "policies": "new"}
    copy_plain(publish(tmp_path / "out", turned), target)
    assert is_whole(target, turned)


def test_the_copy_is_readable_whatever_the_umask(tmp_path: Path) -> None:
    release = publish(tmp_path / "out", NEW)

    def work() -> None:
        os.umask(0o077)
        copy_plain(release, tmp_path / "plain")

    assert in_child(work) == 0
    assert {p.stat().st_mode & 0o777 for p in (tmp_path / "plain").rglob("*")} == {0o755, 0o644}


def test_a_limit_on_file_sizes_leaves_the_old_copy_as_it_was(target: Path, tmp_path: Path) -> None:
    """The first file that changes is too large for the limit: what stood there stays, whole."""
    release = publish(tmp_path / "out", {"index.html": "x" * 100_000})

    def work() -> None:
        import resource

        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
        copy_plain(release, target)

    assert in_child(work) == 1
    assert is_whole_but_for_the_rest(target)
    copy_plain(release, target)
    assert is_whole(target, {"index.html": "x" * 100_000})


def is_whole_but_for_the_rest(target: Path) -> bool:
    return OLD.items() <= shown(target).items()
