"""What promotion asks of a disk: list a tree, compare files, put everything on it. Touches the disk."""

from __future__ import annotations

import ctypes
import filecmp
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager


def walk(root: str) -> Iterator[tuple[str, os.DirEntry[str]]]:
    """Everything below `root` but folders, with its path relative to it; links are not followed. Raises OSError."""
    waiting = [""]
    while waiting:
        folder = waiting.pop()
        with os.scandir(f"{root}/{folder}") as items:
            for item in items:
                if item.is_dir(follow_symlinks=False):
                    waiting.append(f"{folder}{item.name}/")
                else:
                    yield folder + item.name, item


def files(root: str) -> dict[str, int] | None:
    """The paths of all files below `root` with their inodes, which cost nothing where folders are listed.

    None where something is neither file nor folder. Raises OSError.
    """
    found = {}
    for path, item in walk(root):
        if not item.is_file(follow_symlinks=False):
            return None
        found[path] = item.inode()
    return found


def same(one: str, other: str, paths: Iterable[str]) -> bool:
    """Whether `paths` are the same object or equal bytes below both folders. Raises OSError."""
    return all(same_file(f"{one}/{path}", f"{other}/{path}") for path in paths)


def same_file(one: str, other: str) -> bool:
    """Whether two files are the same object or equal bytes. Raises OSError."""
    return os.path.samefile(one, other) or filecmp.cmp(one, other, shallow=False)


def flush(folder: str) -> None:
    """Puts everything written so far on the disk, or raises OSError.

    One call for the whole file system: 50,000 fsyncs, one for each file, take minutes. Linux reports in it what an
    earlier write could not keep; elsewhere `os.sync` reports nothing.
    """
    if sys.platform == "linux":
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            if ctypes.CDLL(None, use_errno=True).syncfs(descriptor) != 0:
                raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()), folder)
        finally:
            os.close(descriptor)
    else:
        os.sync()


def fsync(path: str) -> None:
    """Puts a folder's names, or a file's bytes, on the disk. Raises OSError."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def put(path: str, data: bytes, mode: int = 0o644) -> None:
    """Writes a new file, never over one and never through a link. Raises OSError."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, mode)
    try:
        while data:
            data = data[os.write(descriptor, data) :]
    finally:
        os.close(descriptor)


@contextmanager
def readable() -> Iterator[None]:
    """What is made inside can be read by a web server, whatever the umask; the group's rights stay the operator's."""
    before = os.umask(0o022)
    os.umask(before & ~0o055)
    try:
        yield
    finally:
        os.umask(before)
