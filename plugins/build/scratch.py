"""Files that are written beside the store before they become objects of it. Touches the disk."""

from __future__ import annotations

import hashlib
import os
import tempfile
import time
from contextlib import suppress
from pathlib import Path

_DAY = 86_400


def hash_file(file: str | Path) -> str:
    """The sha256 of a file, however large. Raises OSError."""
    with open(file, "rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def new_scratch(objects: str) -> Path:
    """A path beside the objects for a file that is to become one; what a kill leaves there goes after a day."""
    folder = Path(objects).with_name("scratch")
    folder.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=folder)
    os.close(handle)
    return Path(name)


def sweep(scratch: Path) -> None:
    """Removes what a killed worker left a day ago; other builds may be writing beside it."""
    with suppress(FileNotFoundError), os.scandir(scratch) as items:
        for item in items:
            with suppress(OSError):
                if item.stat().st_mtime < time.time() - _DAY:
                    os.unlink(item.path)
