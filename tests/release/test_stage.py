"""Staging: links to objects that are what they were."""

from __future__ import annotations

import errno
import os
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plugins.release.stage import Torn, stage
from tests.release.trees import in_child, shown, store, tree


def staged(tmp_path: Path) -> Path:
    folder = tmp_path / "stage"
    folder.mkdir()
    stage(store(tmp_path / "objects", tree("x")), folder)
    return folder


def test_every_file_is_a_link_to_its_object(tmp_path: Path) -> None:
    folder = staged(tmp_path)
    assert shown(folder) == tree("x")
    assert {p.stat().st_nlink for p in folder.rglob("*") if p.is_file()} == {2}


@pytest.mark.parametrize("code", [errno.EXDEV, errno.EPERM, errno.EMLINK, errno.ENOTSUP])
def test_where_no_link_is_possible_the_file_is_a_copy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    def link(*_: object) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(os, "link", link)
    folder = staged(tmp_path)
    assert shown(folder) == tree("x")
    assert {p.stat().st_nlink for p in folder.rglob("*") if p.is_file()} == {1}


def test_a_full_disk_is_no_reason_to_copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def link(*_: object) -> None:
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr(os, "link", link)
    with pytest.raises(OSError, match="full"):
        staged(tmp_path)


@pytest.mark.parametrize("attack", ["shorter", "same size, touched", "gone"])
def test_a_changed_object_is_named_by_its_path_in_the_release(tmp_path: Path, attack: str) -> None:
    rows = store(tmp_path / "objects", tree("x"))
    path, place, size, mtime = rows[1]
    if attack == "shorter":
        place.write_text("")
        os.utime(place, ns=(mtime, mtime))
    elif attack == "same size, touched":
        place.write_text("y" * size)
        os.utime(place, ns=(mtime + 1, mtime + 1))
    else:
        place.unlink()
    (tmp_path / "stage").mkdir()
    with pytest.raises(Torn) as caught:
        stage(rows, tmp_path / "stage")
    assert caught.value.args == (path,)


def test_folders_are_readable_whatever_the_umask(tmp_path: Path) -> None:
    def work() -> None:
        os.umask(0o077)
        staged(tmp_path)
        assert os.umask(0) == 0o077

    assert in_child(work) == 0
    assert {p.stat().st_mode & 0o777 for p in (tmp_path / "stage").rglob("*") if p.is_dir()} == {0o755}


names = st.sampled_from(["a", "b", "c"])
paths = st.lists(names, min_size=1, max_size=3).map("/".join)
trees = st.dictionaries(paths, st.sampled_from(["x", "y", "long " * 99]), max_size=8).map(
    lambda files: {p: text for p, text in files.items() if not any(o.startswith(f"{p}/") for o in files)}
)


@settings(max_examples=150, deadline=None)
@given(trees, trees)
def test_the_tree_of_an_earlier_release_becomes_the_next_one(earlier: dict[str, str], later: dict[str, str]) -> None:
    """Files that stay, change, go and come, and files where folders were."""
    with tempfile.TemporaryDirectory() as name:
        folder, objects = Path(name) / "stage", Path(name) / "objects"
        folder.mkdir()
        stage(store(objects, earlier), folder)
        (folder / "MANIFEST").write_text("of the earlier release")
        stage(rows := store(objects, later), folder)
        assert {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()} == set(later)
        assert all((folder / path).samefile(place) for path, place, _, _ in rows)
        assert all(any(p.iterdir()) for p in folder.rglob("*") if p.is_dir())


def test_a_file_that_was_changed_in_the_earlier_release_is_put_right(tmp_path: Path) -> None:
    """Somebody replaced a page of the old release by one of the same size and time."""
    folder = staged(tmp_path)
    page = next(p for p in folder.rglob("*.html"))
    info, text = page.stat(), page.read_text()
    page.unlink()
    page.write_text("z" * len(text))
    os.utime(page, ns=(info.st_atime_ns, info.st_mtime_ns))
    stage(store(tmp_path / "objects", tree("x")), folder)
    assert shown(folder) == tree("x")


def test_a_link_planted_in_the_earlier_release_is_not_followed(tmp_path: Path) -> None:
    folder, outside = staged(tmp_path), tmp_path / "outside"
    outside.mkdir()
    (outside / "precious").write_text("kept")
    (folder / "planted").symlink_to(outside)
    stage(store(tmp_path / "objects", tree("x")), folder)
    assert shown(folder) == tree("x")
    assert not (folder / "planted").is_symlink()
    assert (outside / "precious").read_text() == "kept"
