"""The rows of tables that were judged before, as a stream: no table is held in memory. Touches the disk."""

from __future__ import annotations

import csv
import os
from typing import TYPE_CHECKING

from plugins.readers.datafile import MAX_FILE
from plugins.readers.descriptor import FILE, MAX_BYTES, Descriptor, parse_descriptor
from plugins.readers.tree import read_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from plugins.readers.resources import Source

Row = tuple[int, list[str]]
"""(number of the row as faults tell it, the header being row 1; its cells as text, as they stand in the file)."""


class Unreadable(Exception):  # noqa: N818 - a state of the file, named as one
    """The table is not what the judge saw: it was changed meanwhile."""


def reread(datasets: Path, name: str) -> Descriptor:
    """The descriptor of a package that was accepted. Raises Unreadable where it no longer can be."""
    try:
        descriptor, _ = parse_descriptor(read_bytes(datasets / name / FILE, MAX_BYTES), name)
    except OSError as error:
        raise Unreadable(name) from error
    if descriptor is None:
        raise Unreadable(name)
    return descriptor


def table_rows(folder: Path, source: Source) -> Iterator[Row]:
    """Every row of the table `source` of the package in `folder`, read as frictionless reads it: by Python's csv.

    Raises Unreadable for what the judge cannot have accepted.
    """
    encoding = "utf-8-sig" if source.encoding == "utf-8" else source.encoding
    width = len((source.schema or {})["fields"])
    before = csv.field_size_limit(MAX_FILE)
    try:
        number = os.open(folder / source.path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK)
        with os.fdopen(number, encoding=encoding, newline="") as stream:
            rows = csv.reader(
                stream, delimiter=source.delimiter, quotechar=source.quote, skipinitialspace=source.skip_space
            )
            for place, row in enumerate(rows, 1):
                if len(row) != width:
                    raise Unreadable(source.path)
                if place > 1 or not source.header:
                    yield place, row
    except (OSError, UnicodeError, csv.Error) as error:
        raise Unreadable(source.path) from error
    finally:
        csv.field_size_limit(before)


def line_of(datasets: Path, name: str, *place: str | int) -> int:
    """The line of a place in a descriptor, 0 where it cannot be read: asked only where there is a fault to tell."""
    from plugins.readers.strictjson import Document, JsonError

    try:
        return Document(read_bytes(datasets / name / FILE, MAX_BYTES).decode("utf-8-sig")).line(place)
    except (OSError, UnicodeError, JsonError):
        return 0
