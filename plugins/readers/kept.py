"""The versions that `publish` kept in `datasets/<name>/v/`: each is what its own list says, or a fault. Reads the disk.

Whether that list is the one of the ledger, only who holds the ledger can tell.
"""

from __future__ import annotations

import hashlib
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from plugins.models.faults import Fault, fault
from plugins.models.sums import read_sums
from plugins.models.version import DESCRIPTOR, SUMS
from plugins.readers.datafile import inventory, open_chunks
from plugins.readers.tree import read_bytes

if TYPE_CHECKING:
    from collections.abc import Mapping

FOLDER = "v"
_NAME = re.compile(r"\d{4}-\d{2}-\d{2}(?:-[1-9]\d{0,3})?")
_LIMIT = 2 * 1_048_576


@dataclass(frozen=True, slots=True)
class Kept:
    """One folder of a version: `sha256` is that of its list, `files` are (sha256, bytes) by path, the list left out.

    `descriptor` is the text of its `datapackage.json`, not parsed.
    `signature` changes when a file of the folder does. Where there is a fault, nothing else may be trusted.
    """

    sha256: str
    files: Mapping[str, tuple[str, int]]
    descriptor: str
    signature: str
    faults: tuple[Fault, ...]


def version_folders(folder: Path, name: str) -> tuple[list[str], list[Fault]]:
    """The versions kept of data set `name`, whose folder it is, sorted; and what else lies there."""
    found, faults, path = [], [], f"datasets/{name}/{FOLDER}"
    try:
        with os.scandir(folder / FOLDER) as items:
            for item in sorted(items, key=lambda e: e.name):
                if item.is_dir(follow_symlinks=False) and _NAME.fullmatch(item.name):
                    found.append(item.name)
                elif not item.name.startswith("."):
                    faults.append(fault("P403", f"{path}/{item.name}"))
    except FileNotFoundError:
        return [], []
    except OSError as error:
        return [], [fault("P210", path, reason=error.strerror or "无法打开")]
    return found, faults


def signature(folder: Path) -> str:
    """What changes when any file below `folder` does: names, sizes, times. Raises OSError."""
    found = inventory(folder)
    digest = hashlib.sha256()
    for path in sorted(found.files | set(found.refused)):
        info = (folder / path).lstat()
        state = (path, info.st_mode, info.st_size, info.st_mtime_ns, info.st_ctime_ns, info.st_ino)
        digest.update(repr(state).encode("utf-8", "surrogateescape"))
    return digest.hexdigest()


def newest(folder: Path) -> int:
    """The moment of the last change below `folder`, in ns. Raises OSError."""
    return max((s.st_ctime_ns for path in inventory(folder).files if (s := (folder / path).lstat())), default=0)


def read_kept(folder: Path, path: str) -> Kept:
    """The version that lies in `folder`, at `path` below the project; every file is read whole."""
    try:
        mark, found = signature(folder), inventory(folder)
        text, described = (_text(folder / name) if name in found.files else "" for name in (SUMS, DESCRIPTOR))
    except OSError as error:
        return Kept("", {}, "", "", (fault("P210", f"{path}/{SUMS}", reason=error.strerror or "已被改动"),))
    faults = [fault("P201", f"{path}/{bad}", what=what) for bad, what in sorted(found.refused.items())]
    listed = read_sums(text)
    if listed is None:
        return Kept("", {}, "", mark, (*faults, fault("P402" if text else "P401", f"{path}/{SUMS}")))
    files: dict[str, tuple[str, int]] = {}
    for inner in sorted((found.files | listed.keys()) - {SUMS}):
        if inner not in found.files:
            faults.append(fault("P401", f"{path}/{inner}"))
        elif inner not in listed:
            faults.append(fault("P403", f"{path}/{inner}"))
        elif (state := _hashed(folder / inner))[0] != listed[inner]:
            faults.append(fault("P402", f"{path}/{inner}"))
        else:
            files[inner] = state
    return Kept(hashlib.sha256(text.encode()).hexdigest(), files, described, mark, tuple(sorted(faults)))


def _text(file: Path) -> str:
    """The text of a small file, "" for what is none: its hash is not the listed one then."""
    return read_bytes(file, _LIMIT).decode(errors="replace")


def _hashed(file: Path) -> tuple[str, int]:
    """sha256 and size; nothing for what cannot be read."""
    digest, size = hashlib.sha256(), 0
    try:
        for chunk in open_chunks(file):
            digest.update(chunk)
            size += len(chunk)
    except OSError:
        return "", 0
    return digest.hexdigest(), size
