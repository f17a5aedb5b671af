"""The statutory calendar, the product's own and a site's, as rows for `rules.workdays`. Touches the disk."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

from plugins.models.faults import Fault, fault
from plugins.readers.text import decode
from plugins.readers.tree import MAX_BYTES, read_bytes
from plugins.readers.vocabulary import TYPES

Row = tuple[str, str]
"""(`YYYY-MM-DD`, kind)"""
PATH = "datasets/workdays/workdays.csv"
KINDS = {"休假": False, "上班": True}
"""Kind of day -> whether it is worked."""
_COLUMNS = ("date", "kind")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_LIMIT = 100


def read_calendar(paths: Iterable[Path]) -> tuple[list[Row], list[Fault]]:
    """The rows of the files in order, for `Calendar.of`, where a later row wins; a wrong row is a fault instead.

    Columns other than date and kind are not read here. Give files that exist: one that cannot be read is a fault.
    """
    rows: list[Row] = []
    faults: list[Fault] = []
    for path in paths:
        try:
            text, found = decode(read_bytes(path, MAX_BYTES), PATH)
        except OSError as error:
            text, found = None, [fault("P210", PATH, reason=error.strerror or "不是普通文件，或者太大")]
        faults += found
        for item in _table(text) if text is not None else ():
            if isinstance(item, Fault):
                faults.append(item)
            else:
                rows.append(item)
    return rows, faults


def _table(text: str) -> Iterator[Row | Fault]:
    """The right rows and the faults of one file, at most 100 faults."""
    wrong = 0
    for item in _items(text):
        yield item
        wrong += isinstance(item, Fault)
        if wrong == _LIMIT:
            yield fault("P304", PATH, limit=_LIMIT)
            return


def _items(text: str) -> Iterator[Row | Fault]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    seen: dict[str, int] = {}
    try:
        header: list[str] = next(reader, [])
        if missing := [c for c in _COLUMNS if c not in header]:
            yield from (fault("P317", PATH, 1, field=c) for c in missing)
            return
        places = [header.index(c) for c in _COLUMNS]
        for cells in reader:
            if not cells:
                yield fault("P320", PATH, reader.line_num)
            elif len(cells) <= max(places):
                absent = next(c for c, at in zip(_COLUMNS, places, strict=True) if at >= len(cells))
                yield fault("P313", PATH, reader.line_num, field=absent)
            else:
                day, kind = (cells[at] for at in places)
                yield _row(day, kind, reader.line_num, seen)
    except csv.Error as error:
        yield fault("P326", PATH, reader.line_num, note=error)


def _row(day: str, kind: str, line: int, seen: dict[str, int]) -> Row | Fault:
    if not _is_date(day):
        return fault("P310", PATH, line, field="date", cell=day, type=TYPES["date"])
    if kind not in KINDS:
        return fault("P311", PATH, line, field="kind", cell=kind, rule=f"只能是 {'、'.join(KINDS)} 之一")
    if seen.setdefault(day, line) != line:
        return fault("P321", PATH, line, note=f"与第 {seen[day]} 行重复")
    return day, kind


def _is_date(text: str) -> bool:
    """Whether `text` is a day of the calendar written `YYYY-MM-DD`; ISO 8601 has other forms too."""
    if not _DATE.fullmatch(text):
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
