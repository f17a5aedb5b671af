"""The ledger: every address and event ever published, one row of CSV each, in a file that only grows (pure).

What is read is exactly what would be written, so that a row changed by hand shows. That rows were dropped shows only
beside an earlier copy: `extends`.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from itertools import islice
from typing import NamedTuple

_STANDING = frozenset({"published", "amended", "restored"})
FOLLOWS: Mapping[str, frozenset[str]] = {
    "published": frozenset({""}),
    "amended": _STANDING,
    "withdrawn": _STANDING,
    "restored": frozenset({"withdrawn"}),
}
"""Event -> the events of the same id that it may follow; "" stands for none."""

_ID = "[a-z0-9-]{1,80}(?:/[a-z0-9-]{1,80}){1,9}"
COLUMNS: Mapping[str, str] = {
    "id": _ID,
    "address": f"{_ID}/",
    "sha256": "[0-9a-f]{64}",
    "event": "|".join(FOLLOWS),
    "moment": "[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}",
    # No sign at the start that makes a spreadsheet run it; no controls, line separators, bidi controls, marks, tags.
    # 1,000 characters, since readers of CSV have limits of their own.
    "note": r"(?![=+\-@＝＋－＠])[^\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff"
    r"\ud800-\udfff\U000e0000-\U000e007f]{0,1000}",
}
"""Column -> the regular expression of its cells."""

HEADER = ",".join(COLUMNS)
_ROW = re.compile(r"({id}),(\1/),({sha256}),({event}),({moment}),(.*)".format_map(COLUMNS))
_NOTE = re.compile(COLUMNS["note"])
_LONGEST = 10_000
SHOWN = 20
"""Problems that are told at most: a file of 50,000 bad rows has one cause."""


class Entry(NamedTuple):
    """One event: `address` is below the site and is `id` with a slash; `sha256` is that of the canonical text.

    `moment` is `YYYY-MM-DD HH:MM` at +08:00. `note` says why, in one line; only a first publication may lack it.
    """

    id: str
    address: str
    sha256: str
    event: str
    moment: str
    note: str


class Current(NamedTuple):
    """What the site would show now at `address`; of what is withdrawn, `sha256` is not looked at."""

    address: str
    sha256: str
    note: str = ""
    withdrawn: bool = False


class Problem(NamedTuple):
    """What is wrong in one line (the header is line 1), with the value that shows it, at most 80 characters.

    `what` is the name of a column, or: encoding, line-end, header, cut-off, columns, quoting; and for a row that is
    right but not after those before it: order (the moment goes back), sequence (of events), text (the hash of an
    amendment is the one before, or that of a withdrawal is not), silent (no note).
    """

    line: int
    what: str
    value: str


def parse(data: bytes) -> tuple[list[Entry], list[Problem]]:
    """The entries in order, none where there is any problem. Takes any bytes; raises nothing."""
    try:
        header, *lines = data.decode().split("\n")
    except UnicodeDecodeError as error:
        return [], [Problem(data[: error.start].count(b"\n") + 1, "encoding", data[error.start : error.end].hex())]
    if b"\r" in data:
        return [], [Problem(data.partition(b"\r")[0].count(b"\n") + 1, "line-end", "CR")]
    if header != HEADER:
        return [], [Problem(1, "header", header[:80])]
    if not lines or (rest := lines.pop()):
        return [], [Problem(len(lines) + 2, "cut-off", rest[:80]) if lines else Problem(1, "cut-off", header)]
    return _judged(lines, {})


def check(entries: Iterable[Entry], before: Mapping[str, Entry]) -> list[Problem]:
    """What would be wrong with `entries` after a ledger whose last ones are `before`; the first is line 2."""
    return _judged(map(_line, entries), before)[1]


def serialise(entries: Iterable[Entry]) -> bytes:
    """The file with its header. Raises ValueError, with the entry, for one that `parse` would not read."""
    lines = [HEADER]
    for entry in entries:
        lines.append(_line(entry))
        if _entry(lines[-1]) != entry:
            raise ValueError(str(entry))
    return "\n".join([*lines, ""]).encode()


def extends(earlier: bytes, later: bytes) -> bool:
    """Whether `later` holds every row of `earlier`, byte for byte, before any other."""
    return later.startswith(earlier) and earlier[-1:] in {b"", b"\n"}


def last(entries: Iterable[Entry]) -> dict[str, Entry]:
    """The last entry of each id."""
    return {entry.id: entry for entry in entries}


def history(entries: Iterable[Entry]) -> dict[str, list[Entry]]:
    """All entries of each id, in order."""
    found: dict[str, list[Entry]] = {}
    for entry in entries:
        found.setdefault(entry.id, []).append(entry)
    return found


def plan(before: Mapping[str, Entry], current: Mapping[str, Current], moment: str) -> list[Entry]:
    """The entries, by id, that publishing `current` (by id) at `moment` appends to a ledger that ends with `before`.

    Raises nothing: `silent`, `missing` and `check` say whether they may be appended. What is withdrawn before it was
    ever published has nothing to tell.
    """
    entries = []
    for identifier, now in sorted(current.items()):
        old = before.get(identifier)
        if event := _event(old, now):
            digest = old.sha256 if old and event == "withdrawn" else now.sha256
            entries.append(Entry(identifier, now.address, digest, event, moment, _plain(now.note)))
    return entries


def silent(before: Mapping[str, Entry], current: Mapping[str, Current]) -> list[str]:
    """The ids, sorted, that would change without a note, or with that of their last event: it tells of another."""
    return [e.id for e in plan(before, current, "") if e.id in before and e.note in {"", before[e.id].note}]


def missing(before: Mapping[str, Entry], current: Mapping[str, Current]) -> list[Entry]:
    """The last entries, by id, of addresses that were published, are not withdrawn, and are not in `current`."""
    shown = {now.address for now in current.values()}
    return [entry for _, entry in sorted(before.items()) if entry.event != "withdrawn" and entry.address not in shown]


def _event(old: Entry | None, now: Current) -> str:
    """What happens to an id, or ""."""
    if old is None:
        return "" if now.withdrawn else "published"
    if old.event == "withdrawn":
        return "" if now.withdrawn else "restored"
    if now.withdrawn:
        return "withdrawn"
    return "amended" if now.sha256 != old.sha256 else ""


def _plain(note: str) -> str:
    """`note` in one line."""
    return " ".join(note.split())


def _cell(note: str) -> str:
    return '"' + note.replace('"', '""') + '"' if '"' in note or "," in note else note


def _line(entry: Entry) -> str:
    """The row of `entry`: only a note can need quotes."""
    return ",".join([*entry[:5], _cell(entry.note)])


def _entry(line: str) -> Entry | None:
    """The entry whose row, as `_line` writes it, is `line`."""
    match = _ROW.fullmatch(line)
    if match is None or not _exists(match[5]):
        return None
    if not (cell := match[6]):
        return Entry._make(match.groups())
    note = cell[1:-1].replace('""', '"') if cell[0] == '"' else cell
    return Entry._make([*match.groups()[:5], note]) if _fits(note) and _cell(note) == cell else None


def _fits(note: str) -> bool:
    return _plain(note) == note and _NOTE.fullmatch(note) is not None


def _exists(moment: str) -> bool:
    try:
        datetime.fromisoformat(moment)
    except ValueError:
        return False
    return True


def _judged(lines: Iterable[str], before: Mapping[str, Entry]) -> tuple[list[Entry], list[Problem]]:
    """The entries of rows, or what is wrong: with each row by itself, and if nothing is, with each after the others."""
    entries: list[Entry] = []
    problems: list[Problem] = []
    for number, line in enumerate(lines, 2):
        if entry := _entry(line):
            entries.append(entry)
        elif len(problems) < SHOWN:
            problems += [Problem(number, what, value[:80]) for what, value in _flaws(line)]
    problems = problems or list(islice(_out_of_place(entries, before), SHOWN))
    return ([], problems) if problems else (entries, [])


def _flaws(line: str) -> Iterator[tuple[str, str]]:
    """What is wrong with a row of no entry: columns with their cells, or the whole row."""
    try:  # the limit of csv's cells is the process's own: other libraries change it
        cells = next(csv.reader([line], strict=True), []) if len(line) < _LONGEST else []
    except csv.Error:
        cells = []
    if len(cells) != len(COLUMNS):
        yield "columns", line
        return
    row = dict(zip(COLUMNS, cells, strict=True))
    right = {name: re.fullmatch(pattern, row[name]) is not None for name, pattern in COLUMNS.items()}
    right["address"] = row["address"] == row["id"] + "/"
    right["moment"] &= _exists(row["moment"])
    right["note"] = _fits(row["note"])
    yield from [(name, row[name]) for name in COLUMNS if not right[name]] or [("quoting", line)]


def _out_of_place(entries: Iterable[Entry], before: Mapping[str, Entry]) -> Iterator[Problem]:
    """What is wrong with right rows after those before them."""
    known, latest = dict(before), max((entry.moment for entry in before.values()), default="")
    for number, entry in enumerate(entries, 2):
        old = known.get(entry.id)
        if entry.moment < latest:
            yield Problem(number, "order", entry.moment)
        if (old.event if old else "") not in FOLLOWS[entry.event]:
            yield Problem(number, "sequence", entry.event)
        elif old and entry.event != "restored" and (entry.sha256 == old.sha256) != (entry.event == "withdrawn"):
            yield Problem(number, "text", entry.sha256)
        elif old and not entry.note:
            yield Problem(number, "silent", entry.event)
        known[entry.id], latest = entry, max(latest, entry.moment)
