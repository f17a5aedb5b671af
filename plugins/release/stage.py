"""A tree of links to stored objects: a release before it is one. Touches the disk."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from plugins.release.disk import files, readable

_COPIED = {errno.EXDEV, errno.EPERM, errno.EMLINK, errno.ENOTSUP}


class Torn(Exception):  # noqa: N818 - a state of the store, named as one
    """An object is missing or no longer the one that was stored; the argument is its path in the release, or its
    digest where it was to be read."""


def stage(tree: Iterable[tuple[str, str | Path, int, int]], folder: Path) -> None:
    """Links each (path, object, size in bytes, mtime in ns) into `folder`, or copies where links are not possible.

    What an earlier release left in the folder stays where it is the same object, and goes where it is not. The paths
    are ones that `manifest` accepts. Raises Torn for an object that changed, OSError where the disk refuses.
    """
    root, wanted = os.fspath(folder), list(tree)
    made = {root}
    with readable():
        held, device = _emptied(root, {path for path, *_ in wanted}), os.stat(root).st_dev
        for path, source, size, mtime in wanted:
            target = f"{root}/{path}"
            try:
                info = os.stat(source)
            except FileNotFoundError as error:
                raise Torn(path) from error
            if info.st_size != size or info.st_mtime_ns != mtime:
                raise Torn(path)
            if path in held:
                if held[path] == info.st_ino and info.st_dev == device:
                    continue
                os.unlink(target)
            _make(target.rpartition("/")[0], made)
            _place(source, target)


def _emptied(root: str, wanted: set[str]) -> dict[str, int]:
    """The files of `wanted` that lie below `root` already, with their inodes; every other file goes, with the folders
    it leaves empty.
    """
    if (held := files(root)) is None:
        shutil.rmtree(root)
        os.mkdir(root)
        return {}
    for path in held.keys() - wanted:
        del held[path]
        os.unlink(f"{root}/{path}")
        while (path := path.rpartition("/")[0]) and not os.listdir(f"{root}/{path}"):
            os.rmdir(f"{root}/{path}")
    return held


def _make(folder: str, made: set[str]) -> None:
    """Makes a folder below one of `made`, once."""
    if folder not in made:
        _make(folder.rpartition("/")[0], made)
        with suppress(FileExistsError):
            os.mkdir(folder)
        made.add(folder)


def _place(source: str | Path, target: str) -> None:
    try:
        os.link(source, target)
    except OSError as error:
        if error.errno not in _COPIED:
            raise
        shutil.copy2(source, target)
