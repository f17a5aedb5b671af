"""What changed between two tables, row by row: both are read side by side, once, in bounded memory (pure).

Rows that stand in both at the same place are never held; of the others, only those whose partner has not come yet. So
an inserted row costs one held row, not a table. Where too many are held (the file was sorted anew), the rows are taken
in several passes, each with a part of the keys.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from operator import itemgetter
from zlib import crc32

Row = Sequence[str]
Rows = Callable[[], Iterable[Row]]
"""A table that can be read again; all rows have the same columns, in both tables."""
HELD = 192 * 1024 * 1024
"""Bytes of rows that one pass holds, roughly: a key, a row, and what Python adds."""
_OVERHEAD = 400
_SPLIT = 4
_SEPARATOR = "\0"
"""No cell has one: readers refuse it."""


class _TooManyError(Exception):
    """This pass would hold too much."""


@dataclass(slots=True)
class RowChanges:
    """Counts, and the first `shown` examples of each in the order of their tables.

    `added` and `removed` hold rows; `changed` holds (the row's key, [(column, earlier, later)]).
    """

    rows: int = 0
    earlier_rows: int = 0
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(("added", "removed", "changed"), 0))
    added: list[tuple[int, list[str]]] = field(default_factory=list)
    removed: list[tuple[int, list[str]]] = field(default_factory=list)
    changed: list[tuple[int, list[str], list[tuple[int, str, str]]]] = field(default_factory=list)

    def trim(self, shown: int) -> None:
        """Keeps the first `shown` examples."""
        for name in ("added", "removed", "changed"):
            setattr(self, name, heapq.nsmallest(shown, getattr(self, name), key=itemgetter(0)))


def row_changes(earlier: Rows, later: Rows, key: Sequence[int], shown: int, held: int = HELD) -> RowChanges:
    """What changed from `earlier` to `later`; `key` are the columns that tell rows apart.

    Without a key whole rows are compared, equal ones as often as they stand there, and none counts as changed. Cells
    are compared as written.
    """
    parts = 1
    while True:
        found = RowChanges()
        try:
            for part in range(parts):
                _Pass(key, part, parts, held, found).run(earlier(), later())
                found.trim(shown)
        except _TooManyError:
            parts *= _SPLIT
        else:
            return found


class _Pass:
    """One reading of both tables, for the keys of one part."""

    def __init__(self, key: Sequence[int], part: int, parts: int, held: int, found: RowChanges) -> None:
        self.key, self.part, self.parts, self.limit, self.found = key, part, parts, held, found
        self.weight = 0
        self.old: dict[str, list[tuple[int, str]]] = {}
        self.new: dict[str, list[tuple[int, str]]] = {}

    def run(self, earlier: Iterable[Row], later: Iterable[Row]) -> None:
        """Reads both to the end and adds what was found."""
        before = after = number = 0
        for number, (old, new) in enumerate(zip_longest(earlier, later), 1):
            if old == new:
                continue
            if old is None:
                before = before or number
            elif mine := self._mine(old):
                self._meet(mine, number, old, self.new, self.old, later=False)
            if new is None:
                after = after or number
            elif mine := self._mine(new):
                self._meet(mine, number, new, self.old, self.new, later=True)
        self.found.earlier_rows, self.found.rows = (before or number + 1) - 1, (after or number + 1) - 1
        for name, rest, kept in (("added", self.new, self.found.added), ("removed", self.old, self.found.removed)):
            self.found.counts[name] += sum(map(len, rest.values()))
            kept += [(number, row.split(_SEPARATOR)) for number, row in _first(rest, 1000)]

    def _mine(self, row: Row) -> str:
        """The key of `row`, "" where it is of another part; a separator at its end, so that none is empty."""
        key = _SEPARATOR.join([row[column] for column in self.key] if self.key else row) + _SEPARATOR
        return key if self.parts == 1 or crc32(key.encode()) % self.parts == self.part else ""

    def _meet(
        self,
        key: str,
        number: int,
        row: Row,
        others: dict[str, list[tuple[int, str]]],
        own: dict[str, list[tuple[int, str]]],
        *,
        later: bool,
    ) -> None:
        """Pairs a row with the one of its key on the other side, or holds it until that comes."""
        if waiting := others.get(key):
            at, text = waiting.pop(0)
            if not waiting:
                del others[key]
            self.weight -= len(text) * 2 + _OVERHEAD
            if self.key:
                other = text.split(_SEPARATOR)
                self._compare(*((number, other, row) if later else (at, row, other)))
            return
        text = _SEPARATOR.join(row)
        own.setdefault(key, []).append((number, text))
        self.weight += len(text) * 2 + _OVERHEAD
        if self.weight > self.limit:
            raise _TooManyError

    def _compare(self, number: int, old: Row, new: Row) -> None:
        """Notes the cells in which two rows of one key differ."""
        cells = [(n, a, b) for n, (a, b) in enumerate(zip(old, new, strict=True)) if a != b]
        if cells:
            self.found.counts["changed"] += 1
            self.found.changed.append((number, [new[column] for column in self.key], cells))
            if len(self.found.changed) > 10_000:
                self.found.trim(1000)


def _first(held: dict[str, list[tuple[int, str]]], count: int) -> Iterator[tuple[int, str]]:
    """The rows that stand first in their table."""
    yield from heapq.nsmallest(count, (one for rows in held.values() for one in rows), key=itemgetter(0))
