"""A tree of links to stored objects: a release before it is one. Touches the disk."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterable
from pathlib import Path

_COPIED = {errno.EXDEV, errno.EPERM, errno.EMLINK}


class Torn(Exception):  # noqa: N818 - a state of the store, named as one
    """An object is missing or no longer the one that was stored; the argument is its path in the release."""


def stage(tree: Iterable[tuple[str, Path, int, int]], folder: Path) -> None:
    """Links each (path, object, size in bytes, mtime in ns) into `folder`, or copies where links are not possible.

    Raises Torn for an object that changed, OSError where the disk refuses.
    """
    root = os.fspath(folder)
    made = {root}
    for path, source, size, mtime in tree:
        target = f"{root}/{path}"
        parent = target.rpartition("/")[0]
        if parent not in made:
            os.makedirs(parent, exist_ok=True)
            made.add(parent)
        try:
            info = os.stat(source)
        except FileNotFoundError as error:
            raise Torn(path) from error
        if info.st_size != size or info.st_mtime_ns != mtime:
            raise Torn(path)
        try:
            os.link(source, target)
        except OSError as error:
            if error.errno not in _COPIED:
                raise
            shutil.copy2(source, target)
