"""Files of a data package: what lies there, and whether a table's bytes are text. Touches the disk."""

from __future__ import annotations

import codecs
import hashlib
import os
import re
import stat
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from plugins.models.faults import Fault, fault
from plugins.readers.fields import MAX_COLUMNS, field_names

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from plugins.readers.resources import Source

MAX_FILE = 200_000_000
"""Bytes of one table, unless the site sets another limit."""
_BYTES_A_CELL = 4
"""A table of that many bytes may have so many cells: what costs time is their number."""
_CHUNK = 1 << 20
_LONE_CR = re.compile(rb"\r(?!\n)")
_NOTHING = re.compile("(?!)")
_OTHER = re.compile(r"v|(?:.*/)?[.~][^/]*", re.DOTALL)
"""What lies in the folder of a package and is not of it, by its path."""


@dataclass(frozen=True, slots=True)
class Examined:
    """A file that is text: its size, hash, line ends, and whether it begins with a byte order mark."""

    bytes: int
    sha256: str
    lines: int
    marked: bool


@dataclass(slots=True)
class Inventory:
    """Regular files by their path below the folder, and what has no place there: path -> what it is."""

    files: set[str] = field(default_factory=set)
    refused: dict[str, str] = field(default_factory=dict)

    def reaches(self, path: str) -> bool:
        """Whether `path` leads through something refused, for which one fault is enough."""
        return any(path == bad or path.startswith(f"{bad}/") for bad in self.refused)


def package_inventory(folder: Path) -> Inventory:
    """Everything of the package in `folder` as it is now.

    Earlier versions, which `publish` keeps in `v/`, are not of it, nor files with a dot or a tilde first, which no
    descriptor may name: an editor's program, or `publish` at work, makes and removes them.
    """
    return inventory(folder, left_out=_OTHER)


def inventory(folder: Path, prefix: str = "", left_out: re.Pattern[str] = _NOTHING) -> Inventory:
    """Everything below `folder`; no link is followed. Raises OSError where a folder cannot be read.

    Folders and files whose paths match `left_out` are not looked into.
    """
    found = Inventory()
    with os.scandir(folder / prefix) as items:
        for item in sorted(items, key=lambda e: e.name):
            path = f"{prefix}/{item.name}".lstrip("/")
            if item.is_symlink():
                found.refused[path] = "符号链接"
            elif left_out.fullmatch(path):
                continue
            elif item.is_dir(follow_symlinks=False):
                inner = inventory(folder, path, left_out)
                found.files |= inner.files
                found.refused |= inner.refused
            elif item.is_file(follow_symlinks=False):
                found.files.add(path)
            else:
                found.refused[path] = "特殊文件"
    return found


def open_chunks(file: Path) -> Iterator[bytes]:
    """The file's bytes in pieces that never part CR from LF; no link is followed. Raises OSError."""
    number = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK)
    with os.fdopen(number, "rb") as stream:
        if not stat.S_ISREG(os.fstat(number).st_mode):
            raise OSError(f"{file}: not a regular file")
        while chunk := stream.read(_CHUNK):
            yield chunk + stream.read(1) if chunk.endswith(b"\r") else chunk


def examine(file: Path, path: str, source: Source, limit: int = MAX_FILE) -> tuple[Examined | None, list[Fault]]:
    """Size, hash and text of one table; None and the faults, at most one of a kind, where it is not fit to be read.

    `limit` is in bytes.
    """
    try:
        size = file.lstat().st_size
        if size > limit:
            return None, [fault("P203", path, size=size, limit=limit)]
        found, faults = _read(file, path, source)
    except OSError as error:
        return None, [fault("P210", path, reason=error.strerror or "无法打开")]
    cells = found.lines * max(1, len(field_names(source.schema)))
    if cells > limit // _BYTES_A_CELL:
        faults.append(fault("P204", path, count=cells, limit=limit // _BYTES_A_CELL))
    return (None if faults else found), faults


def _read(file: Path, path: str, source: Source) -> tuple[Examined, list[Fault]]:
    digest, reader = hashlib.sha256(), _Text(path, source.encoding)
    size = columns = 0
    marked, last = False, b""
    for chunk in open_chunks(file):
        if not size:
            marked = source.encoding == "utf-8" and chunk.startswith(codecs.BOM_UTF8)
            columns = chunk.split(b"\n", 1)[0].count(source.delimiter.encode(source.encoding, "replace")) + 1
        size += len(chunk)
        digest.update(chunk)
        reader.feed(chunk)
        last = chunk
    reader.feed(b"", final=True)
    faults = sorted(reader.faults.values())
    if columns > MAX_COLUMNS:
        faults.append(fault("P128", path, 1, count=columns, limit=MAX_COLUMNS))
    lines = reader.lines + (not last.endswith(b"\n"))
    return Examined(size, digest.hexdigest(), lines, marked), faults


class _Text:
    """Counts lines and notes the first NUL, lone CR and undecodable byte.

    In every encoding that may be declared, CR, LF and NUL are no part of a longer character.
    """

    def __init__(self, path: str, encoding: str) -> None:
        self.path, self.encoding, self.lines = path, encoding, 0
        self.faults: dict[str, Fault] = {}
        self._decoder = codecs.getincrementaldecoder(encoding)()

    def feed(self, chunk: bytes, final: bool = False) -> None:
        if (at := chunk.find(b"\0")) >= 0:
            self._note("P206", chunk[:at])
        if match := _LONE_CR.search(chunk):
            self._note("P207", chunk[: match.start()])
        if "P205" not in self.faults:
            try:
                self._decoder.decode(chunk, final)
            except UnicodeDecodeError as error:
                self._note("P205", error.object[: error.start], encoding=self.encoding.upper())
        self.lines += chunk.count(b"\n")

    def _note(self, code: str, before: bytes, **values: str) -> None:
        if code not in self.faults:
            self.faults[code] = fault(code, self.path, self.lines + before.count(b"\n") + 1, "", **values)
