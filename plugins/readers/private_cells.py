"""Personal data and secrecy marks in the cells of a table, column by column as `cn:personal` allows (pure; pyarrow).

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
from plugins.readers.private import ID, SHORTEST, SHOWN, Found, marks, numbers, worst

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import pyarrow as pa

_ENOUGH = 1000
"""Errors after which a column of nothing else need not be searched to its end."""
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


class Cells:
    """What is found in one column; its cells are fed in batches, text as it stands in the file.

    A batch is searched as one text: tens of thousands of cells are enough to be fast, little enough for memory.
    """

    def __init__(self, field: Mapping[str, Any], missing: Sequence[str]) -> None:
        self._field, self._row = field, 0
        self._absent = frozenset(field.get("missingValues", missing))
        self._masked = _personal(field) == "masked"
        self._looked, self._shortest = _looked(field)
        self._bare, self._found = _Kept(), _Kept()

    def feed(self, cells: pa.Array) -> None:
        """The next cells of the column."""
        if self._bare.full or self._found.full:
            return
        found = self._of_masked(cells) if self._masked else self._of_open(cells)
        for cell in found:
            self._found.add(cell)
            if self._found.full:
                break
        self._row += len(cells)

    def faults(self, path: str, first_row: int) -> Iterator[Fault]:
        """The faults, at most 20, then one that says how many more; `first_row` is that of the first cell.

        Beyond its thousandth error a column is not searched, and the rest is not counted.
        """
        kept = self._bare.first(self._found)
        where, key = _column(self._field), quoted(self._field["name"])
        for cell in worst(kept.cells, lambda cell: cell.code)[0]:
            yield fault(cell.code, path, first_row + cell.row, key, where=where, shown=cell.shown)
        if kept.count > SHOWN:
            yield fault("V108", path, 0, key, where=where, count=kept.count - SHOWN)

    def _of_open(self, cells: pa.Array) -> Iterator[_Cell]:
        """What must not stand in a column that is not masked."""
        doubtful = not _CARD.search(_words(self._field))
        for row, found in _search(cells, self._shortest):
            if found.code in self._looked:
                code = "V105" if found.code == "V104" and doubtful else found.code
                yield _Cell(self._row + row, code, found.shown)

    def _of_masked(self, cells: pa.Array) -> Iterator[_Cell]:
        """A number that has no mask, and secrecy marks; cells that hold no mask at all are noted apart."""
        bare = set()
        for row, cell in enumerate(cells.to_pylist()):
            if cell not in self._absent and not _MASKED.search(cell):
                bare.add(row)
                self._bare.add(_Cell(self._row + row, "V109", ""))
        for row, found in _search(cells, SHORTEST):
            if found.code == "V106" or row not in bare:
                bare.add(row)
                code = found.code if found.code == "V106" else "V109"
                yield _Cell(self._row + row, code, found.shown)


class _Kept:
    """Findings in order up to the thousandth error; of warnings no more than may be shown, the others are counted."""

    def __init__(self) -> None:
        self.cells: list[_Cell] = []
        self.count = self.errors = 0

    @property
    def full(self) -> bool:
        return self.errors >= _ENOUGH

    def add(self, cell: _Cell) -> None:
        """Unless there are enough."""
        if self.full:
            return
        self.count += 1
        error = CODES[cell.code].severity == "error"
        self.errors += error
        if error or self.count - self.errors <= SHOWN:
            self.cells.append(cell)

    def first(self, others: _Kept) -> _Kept:
        """These and then the others, together up to the thousandth error."""
        for cell in others.cells:
            self.add(cell)
        self.count += 0 if self.full else others.count - len(others.cells)
        return self


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


def _words(field: Mapping[str, Any]) -> str:
    return f"{field['name']} {field.get('title', '')}".casefold()


def _looked(field: Mapping[str, Any]) -> tuple[set[str], int | None]:
    """The codes that are looked for in an open column, and the length of the shortest number that may be one."""
    allowed = _personal(field) == "allowed" and _basis(field) != ""
    words = _words(field)
    text = field.get("type", "string") in _TEXTUAL
    looked = {"V101", "V106"}
    looked |= {"V103"} if text or _PHONE.search(words) else set()
    looked |= {"V104"} if text or _CARD.search(words) else set()
    looked |= {"V102"} if text or _IDENTITY.search(words) else set()
    return looked, None if allowed else SHORTEST if len(looked) > 2 else ID


def _search(cells: pa.Array, shortest: int | None) -> Iterator[tuple[int, Found]]:
    """The findings in `cells`, each with the number of its cell; cells are joined, so that `re` does the walking.

    Numbers are looked for where a cell has the `shortest` length that is of interest, and not at all for None.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    whole = pa.ListArray.from_arrays(pa.array([0, len(cells)], pa.int32()), cells)
    text = pc.binary_join(whole, "\n")[0].as_py()
    found = marks(text)
    if shortest is not None and (pc.max(pc.utf8_length(cells)).as_py() or 0) >= shortest:
        found = chain(found, (number for number in numbers(text, (), shortest) if not _glued(text, number)))
    starts: list[int] = []
    for item in found:
        starts = starts or list(accumulate((n + 1 for n in pc.utf8_length(cells).to_pylist()), initial=0))
        yield bisect_right(starts, item.start) - 1, item


def _glued(text: str, found: Found) -> bool:
    """Whether a letter stands before a number: in a table that is a serial, not a whole token. An id is one anyway."""
    before = text[found.start - 1 : found.start]
    return found.code != "V101" and before.isascii() and before.isalpha()
