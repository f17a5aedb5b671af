"""A tree of links to stored objects: a release before it is one. Touches the disk."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from plugins.release.disk import readable

_COPIED = {errno.EXDEV, errno.EPERM, errno.EMLINK, errno.ENOTSUP}


class Torn(Exception):  # noqa: N818 - a state of the store, named as one
    """An object is missing or no longer the one that was stored; the argument is its path in the release."""


def stage(tree: Iterable[tuple[str, str | Path, int, int]], folder: Path) -> None:
    """Links each (path, object, size in bytes, mtime in ns) into `folder`, or copies where links are not possible.

    The paths are ones that `manifest` accepts. Raises Torn for an object that changed, OSError where the disk refuses.
    """
    root = os.fspath(folder)
    made = {root}
    with readable():
        for path, source, size, mtime in tree:
            target = f"{root}/{path}"
            _make(target.rpartition("/")[0], made)
            try:
                info = os.stat(source)
                if info.st_size != size or info.st_mtime_ns != mtime:
                    raise Torn(path)
                _place(source, target)
            except FileNotFoundError as error:
                raise Torn(path) from error


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
