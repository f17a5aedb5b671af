"""References between data packages, and from their tables to what the site holds, as `cn:references` declares (pure).

Cells are compared as they are written, after missing values: `01` is not `1`. A key whose cells are all missing names
nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from plugins.models.faults import Fault, fault
from plugins.models.registers import ORGANISATIONS, Reference
from plugins.readers.private import redacted
from plugins.rules.rows import Columns, day

Key = str | tuple[str, ...]
"""The cell of a key of one column, which saves memory where there are a million; the cells of any other."""
Period = tuple[date | None, date | None]


def key_of(columns: Columns, row: Sequence[str], names: Sequence[str]) -> Key | None:
    """The key in some columns of a row, None where all its cells are missing."""
    if len(names) == 1:
        return columns.cell(row, names[0]) or None
    cells = tuple(columns.cell(row, name) for name in names)
    return cells if any(cells) else None


def _shown(key: Key) -> str:
    return redacted(key if isinstance(key, str) else "，".join(key))


class Known:
    """The keys of a table that others refer to: since when and until when each is in force, which must be covered."""

    def __init__(self, reference: Reference, schema: Mapping[str, Any], rows: Iterable[tuple[int, Sequence[str]]]):
        columns = Columns(schema)
        self.periods: dict[Key, tuple[Period, ...]] = {}
        self.covered: dict[Key, None] = {}
        for _, row in rows:
            key = key_of(columns, row, reference.keys)
            if key is None:
                continue
            held = self.periods.setdefault(key, ())
            if reference.on:
                ends = [day(columns.cell(row, name)) if name else None for name in (reference.start, reference.end)]
                self.periods[key] = (*held, (ends[0], ends[1]))
            if reference.covers and columns.meets(row, reference.covers):
                self.covered[key] = None


class Referring:
    """One reference of one table: `row` for each row, then `end` (GN-01.3: no decision without a listed power)."""

    def __init__(self, reference: Reference, columns: Columns, path: str, known: Known) -> None:
        self.reference, self.columns, self.path, self.known = reference, columns, path, known
        self.seen: set[Key] = set()

    def row(self, line: int, row: Sequence[str]) -> Iterator[Fault]:
        """A fault where what is named is not there, or was not in force on the day."""
        key = key_of(self.columns, row, self.reference.fields)
        if key is None:
            return
        periods = self.known.periods.get(key)
        if periods is None:
            cell, package = _shown(key), self.reference.package
            yield fault("P336", self.path, line, self.reference.fields[0], cell=cell, package=package)
            return
        if self.reference.covers:
            self.seen.add(key)
        on = day(self.columns.cell(row, self.reference.on)) if self.reference.on else None
        if on and not any((start is None or start <= on) and (end is None or on <= end) for start, end in periods):
            start, end = periods[-1]
            values = {"cell": _shown(key), "day": on, "start": start or "最初", "end": end or "今后"}
            yield fault("P337", self.path, line, self.reference.on, **values)

    def end(self) -> Iterator[Fault]:
        """A fault for what must be named and is not (GN-01.4: every department has its items)."""
        for key in self.known.covered:
            if key in self.seen:
                continue
            cell = _shown(key)
            yield fault("P338", self.path, 0, self.reference.fields[0], cell=cell, package=self.reference.package)


class Naming:
    """A column that names organisations, or documents, of the site."""

    def __init__(
        self, reference: Reference, columns: Columns, path: str, held: Collection[str], closed: Collection[str]
    ):
        """`held` are the ids that may be named; `closed` those of documents that are not public."""
        self.reference, self.columns, self.path, self.held, self.closed = reference, columns, path, held, closed

    def row(self, line: int, row: Sequence[str]) -> Iterator[Fault]:
        """A fault where there is no such thing."""
        column = self.reference.fields[0]
        cell = self.columns.cell(row, column)
        if not cell or cell in self.held:
            return
        if cell in self.closed:
            yield fault("P343", self.path, line, column, value=redacted(cell))
        else:
            code = "D110" if self.reference.content == ORGANISATIONS else "D112"
            yield fault(code, self.path, line, column, value=redacted(cell))

    def end(self) -> Iterator[Fault]:
        """Nothing: no table must name them all."""
        return iter(())
