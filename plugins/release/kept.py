"""Folders of kept files, written whole beside the ledger and taken back with it. Touches the disk."""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import IO

from plugins.release.disk import fsync

Files = Mapping[str, tuple[Path | bytes, str]]
"""path -> (the file to copy, or bytes; its sha256)."""
NAME = "[a-z0-9-]{1,80}/v/[0-9]{4}-[0-9]{2}-[0-9]{2}(?:-[0-9]{1,4})?"
"""The regular expression of a folder that may be kept, and taken back: nothing else is ever removed."""
_CHUNK = 1 << 20


def write(folder: Path, files: Files) -> None:
    """Makes `folder` with `files`; on the disk when it returns.

    Raises OSError where the disk refuses, something lies there, or a file is no longer the one that was named.
    """
    _make(folder)
    for path, (source, digest) in files.items():
        target = folder / path
        _make(target.parent)
        with open(target, "xb") as stream:  # never through a link, never over a file
            if _copy(source, stream) != digest:
                raise OSError(errno.ESTALE, os.strerror(errno.ESTALE), str(target))
            stream.flush()
            os.fsync(stream.fileno())
    for inner in {folder / path for path in files}:
        fsync(os.fspath(inner.parent))


def remove(folder: Path) -> None:
    """Takes `folder` away, and the one that holds it if nothing else is in it. May be called again."""
    with suppress(FileNotFoundError):
        shutil.rmtree(folder)
    with suppress(OSError):  # it holds something, or was never made
        folder.parent.rmdir()
    if folder.parent.parent.exists():
        fsync(os.fspath(folder.parent.parent))


def _make(folder: Path) -> None:
    """Makes the folder and those above it, each name on the disk."""
    if not folder.is_dir():
        _make(folder.parent)
        folder.mkdir(exist_ok=True)
        fsync(os.fspath(folder.parent))


def _copy(source: Path | bytes, target: IO[bytes]) -> str:
    digest = hashlib.sha256()
    if isinstance(source, bytes):
        target.write(source)
        digest.update(source)
        return digest.hexdigest()
    with open(source, "rb") as stream:
        while chunk := stream.read(_CHUNK):
            target.write(chunk)
            digest.update(chunk)
    return digest.hexdigest()
