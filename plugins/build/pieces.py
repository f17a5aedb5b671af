"""Objects that are never whole in memory: in pieces, or as files. Touches the disk."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from contextlib import suppress
from itertools import chain
from pathlib import Path

from plugins.build.scratch import hash_file, new_scratch
from plugins.build.store import Made, write_object
from plugins.formats.views import Piece


def write_pieces(objects: str, pieces: Iterable[Piece]) -> Made:
    """Puts bytes into the store as `write_object` does, without holding all of them.

    What fits into one piece is no file of its own first.
    """
    rest = iter(pieces)
    first: Piece = next(rest, b"")
    if (second := next(rest, None)) is None:
        return write_object(objects, bytes(first))
    target = new_scratch(objects)
    digest = hashlib.sha256()
    try:
        with target.open("wb") as stream:
            for piece in chain((first, second), rest):
                digest.update(piece)
                stream.write(piece)
        return _placed(objects, target, digest.hexdigest())
    finally:
        target.unlink(missing_ok=True)


def adopt(objects: str, file: Path) -> Made:
    """The same for a file from `new_scratch`, which is no longer there afterwards."""
    return _placed(objects, file, hash_file(file))


def _placed(objects: str, file: Path, digest: str) -> Made:
    path = f"{objects}/{digest}"
    os.makedirs(objects, exist_ok=True)
    with suppress(OSError):
        if hash_file(path) == digest:
            file.unlink()
            info = os.stat(path)
            return Made(digest, info.st_size, info.st_mtime_ns)
    os.chmod(file, 0o444)
    os.replace(file, path)
    info = os.stat(path)
    return Made(digest, info.st_size, info.st_mtime_ns)
