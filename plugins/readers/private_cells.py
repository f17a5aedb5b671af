"""Personal data and secrecy marks in the cells of a table, column by column as `cn:personal` allows (pure).

A field says `"cn:personal": "none"` (the default), `"masked"`, or `"allowed"` with its basis in `"cn:basis"`; the
short form `"cn:personal": {"allowed": "basis"}` is the same. Nothing allows a secrecy mark.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from itertools import accumulate, chain
from typing import TYPE_CHECKING, Any, NamedTuple

from plugins.models.codes import CODES
from plugins.models.faults import Fault, fault, quoted
from plugins.readers.private import ID, SHORTEST, Found, marks, numbers, worst

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

_CHUNK = 65_536
"""Cells that are searched as one text: enough to be fast, little enough for memory."""
_ENOUGH = 1000
_TEXTUAL = frozenset({"string", "any", "list", "array", "object"})
_PHONE = re.compile("手机|电话|联系方式|mobile|phone|(?<![a-z])tel(?![a-z])")
_CARD = re.compile("卡号|账号|帐号|账户|帐户|银行卡|(?<![a-z])card|account")
_IDENTITY = re.compile("身份|证件|(?<![a-z])id_?(?:card|number|no)")
_MASKED = re.compile("[*＊×✱●•某]|[xX]{3}")


class _Cell(NamedTuple):
    """One finding: the number of its row among the cells, its code, and what may be shown."""

    row: int
    code: str
    shown: str


def check_declarations(schema: Mapping[str, Any], path: str, line: int) -> Iterator[Fault]:
    """The faults of `cn:personal` in the fields of `schema`; `path` and `line` say where the table is described."""
    for field in schema["fields"]:
        value, key = _personal(field), quoted(field["name"])
        if value is None:
            yield fault("V110", path, line, key, where=_column(field))
        elif value == "allowed" and not _basis(field):
            yield fault("V111", path, line, key, where=_column(field))


def check_cells(
    schema: Mapping[str, Any], columns: Iterable[Sequence[str]], path: str, first_row: int
) -> Iterator[Fault]:
    """The faults of the cells in `columns`, text as it stands in the file, one sequence for each field of `schema`.

    The line of a fault is its row, where `first_row` is that of the first cell: 2 below a header. At most 20 for each
    column, then one that says how many more.
    """
    missing = schema.get("missingValues", [""])
    for field, cells in zip(schema["fields"], columns, strict=True):
        found = _masked(field, cells, missing) if _personal(field) == "masked" else _found(field, cells)
        kept, more = worst(list(_enough(found)), lambda cell: cell.code)
        where, key = _column(field), quoted(field["name"])
        for cell in kept:
            yield fault(cell.code, path, first_row + cell.row, key, where=where, shown=cell.shown)
        if more:
            yield fault("V108", path, 0, key, where=where, count=more)


def _column(field: Mapping[str, Any]) -> str:
    return f"“{quoted(field['name'], 40)}”列"


def _personal(field: Mapping[str, Any]) -> str | None:
    """none, masked or allowed; None for anything else."""
    value = field.get("cn:personal", "none")
    if isinstance(value, dict):
        return "allowed" if list(value) == ["allowed"] else None
    return value if value in ("none", "masked", "allowed") else None


def _basis(field: Mapping[str, Any]) -> str:
    value = field["cn:personal"]
    basis = value["allowed"] if isinstance(value, dict) else field.get("cn:basis")
    return basis.strip() if isinstance(basis, str) else ""


def _enough(cells: Iterable[_Cell]) -> Iterator[_Cell]:
    """`cells` up to the thousandth error: a column of nothing else need not be searched to its end."""
    errors = 0
    for cell in cells:
        yield cell
        errors += CODES[cell.code].severity == "error"
        if errors == _ENOUGH:
            return


def _found(field: Mapping[str, Any], cells: Sequence[str]) -> Iterator[_Cell]:
    """What must not stand in a column that is not masked."""
    allowed = _personal(field) == "allowed" and _basis(field) != ""
    words = f"{field['name']} {field.get('title', '')}".casefold()
    text = field.get("type", "string") in _TEXTUAL
    looked = {"V101", "V106"}
    looked |= {"V103"} if text or _PHONE.search(words) else set()
    looked |= {"V104"} if text or _CARD.search(words) else set()
    looked |= {"V102"} if text or _IDENTITY.search(words) else set()
    doubtful = not _CARD.search(words)
    shortest = SHORTEST if len(looked) > 2 else ID
    for row, found in _search(cells, None if allowed else shortest):
        if found.code in looked:
            code = "V105" if found.code == "V104" and doubtful else found.code
            yield _Cell(row, code, found.shown)


def _masked(field: Mapping[str, Any], cells: Sequence[str], missing: Sequence[str]) -> Iterator[_Cell]:
    """Cells of a masked column that hold no mask, or a number that has none; and secrecy marks."""
    absent = frozenset(field.get("missingValues", missing))
    bare = set()
    for row, cell in enumerate(cells):
        if cell not in absent and not _MASKED.search(cell):
            bare.add(row)
            yield _Cell(row, "V109", "")
    for row, found in _search(cells, SHORTEST):
        if found.code == "V106" or row not in bare:
            bare.add(row)
            yield _Cell(row, found.code if found.code == "V106" else "V109", found.shown)


def _search(cells: Sequence[str], shortest: int | None) -> Iterator[tuple[int, Found]]:
    """The findings in `cells`, each with the number of its cell; cells are joined, so that `re` does the walking.

    Numbers are looked for where a cell has the `shortest` length that is of interest, and not at all for None.
    """
    for first in range(0, len(cells), _CHUNK):
        part = cells[first : first + _CHUNK]
        text = "\n".join(part)
        found = marks(text)
        if shortest is not None and max(map(len, part)) >= shortest:
            found = chain(found, (number for number in numbers(text, (), shortest) if not _glued(text, number)))
        starts: list[int] = []
        for item in found:
            starts = starts or list(accumulate((len(cell) + 1 for cell in part), initial=0))
            yield first + bisect_right(starts, item.start) - 1, item


def _glued(text: str, found: Found) -> bool:
    """Whether a letter stands before a number: in a table that is a serial, not a whole token. An id is one anyway."""
    before = text[found.start - 1 : found.start]
    return found.code != "V101" and before.isascii() and before.isalpha()
