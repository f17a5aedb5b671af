"""Figures of one column, gathered batch by batch: counts, and for numbers smallest, largest and mean (pure).

Sums are exact and rounded once, so the same on every machine and however the rows are cut. Needs pyarrow and numpy.
"""

from __future__ import annotations

import math
import re
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from plugins.readers.columnar import typed, without

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import pyarrow as pa

_AROUND = re.compile(r"^[^\d+\-.]+|[^\d.]+$")
_PLAIN = 15
"""Characters of a number that a float holds exactly, so that what Arrow read is what Python would have read."""
_KEPT = 32 << 20
"""Bytes of cells that are kept before they are cut down to different ones."""


class Figures:
    """What is known of a column after the cells that were fed to it."""

    def __init__(self, field: Mapping[str, Any], missing: Sequence[str]) -> None:
        self._absent = list(field.get("missingValues", missing))
        self._missing = 0
        self._distinct = _Distinct()
        self._numbers = _Numbers(field) if field.get("type") in _NUMBERS else None

    def feed(self, cells: pa.Array) -> None:
        """The next cells, strings as they stand."""
        present = without(cells, self._absent).drop_null()
        self._missing += len(cells) - len(present)
        self._distinct.feed(present)
        if self._numbers is not None and len(present):
            self._numbers.feed(present)

    def value(self) -> dict[str, Any]:
        """`missing` and `distinct` as integers; for numbers `min`, `max` and, but for years, `mean` as text."""
        found: dict[str, Any] = {"missing": self._missing, "distinct": self._distinct.count()}
        return found | (self._numbers.value() if self._numbers is not None else {})


class _Distinct:
    """Counts different cells; of those that repeat much one each is kept."""

    def __init__(self) -> None:
        self._parts: list[pa.Array] = []
        self._bytes, self._limit = 0, _KEPT
        self._repeats = True

    def feed(self, cells: pa.Array) -> None:
        if self._repeats and len(cells):
            unique = cells.unique()
            self._repeats = 2 * len(unique) < len(cells) or len(cells) < 100
            cells = unique
        self._parts.append(cells)
        self._bytes += cells.nbytes
        if self._bytes > self._limit:
            self._parts = [self._whole().unique()]
            self._bytes = self._parts[0].nbytes
            self._limit = max(_KEPT, 2 * self._bytes)

    def count(self) -> int:
        import pyarrow.compute as pc

        return int(pc.count_distinct(self._whole()).as_py())

    def _whole(self) -> pa.ChunkedArray:
        import pyarrow as pa

        return pa.chunked_array(self._parts, pa.string())


class _Numbers:
    """Smallest, largest and mean, as Python writes them; nothing where any cell is no number to Python."""

    def __init__(self, field: Mapping[str, Any]) -> None:
        self._field, self._convert = field, _NUMBERS[field["type"]]
        self._count, self._whole, self._parts = 0, True, Fraction(0)
        self._least: int | float | None = None
        self._most: int | float | None = None
        self._readable = self._summable = True

    def feed(self, cells: pa.Array) -> None:
        if self._readable and not self._fast(cells):
            self._slow(cells.to_pylist())

    def value(self) -> dict[str, str]:
        if not self._readable or self._least is None or self._most is None:
            return {}
        found = {"min": repr(self._least), "max": repr(self._most)}
        return found if self._field["type"] == "year" else found | {"mean": self._mean()}

    def _mean(self) -> str:
        try:
            total = int(self._parts) if self._whole else float(self._parts)
            return repr(total / self._count) if self._summable else ""
        except OverflowError:
            return ""

    def _ends(self, low: int | float, high: int | float) -> None:
        """Of equal ones the first stays, `4` before `4.0`."""
        self._least = low if self._least is None or low < self._least else self._least
        self._most = high if self._most is None or high > self._most else self._most

    def _fast(self, cells: pa.Array) -> bool:
        """Whether the cells are plain enough for Arrow."""
        import pyarrow.compute as pc

        if pc.max(pc.binary_length(cells)).as_py() > _PLAIN or (values := typed(cells, self._field, [])) is None:
            return False
        whole = self._field["type"] != "number"
        ends = pc.min_max(values).as_py()
        if whole:
            self._ends(ends["min"], ends["max"])
        else:
            first = [cells[pc.index(values, ends[end]).as_py()].as_py() for end in ("min", "max")]
            low, high = (self._convert(_bare(cell, self._field)) for cell in first)
            self._ends(low, high)
            whole = bool(pc.all(pc.ascii_is_decimal(pc.ascii_ltrim(cells, "-"))).as_py())
        self._whole = self._whole and whole
        self._count += len(values)
        self._parts += _exact_sum(values.to_numpy(zero_copy_only=False))
        return True

    def _slow(self, cells: Sequence[str]) -> None:
        try:
            values = [self._convert(_bare(cell, self._field)) for cell in cells]
        except ValueError:
            self._readable = False
            return
        values = [v for v in values if not isinstance(v, float) or math.isfinite(v)]
        if not values:
            return
        self._ends(min(values), max(values))
        self._whole = self._whole and all(isinstance(v, int) for v in values)
        self._count += len(values)
        self._parts += sum(map(Fraction, values))


def _exact_sum(values: Any) -> Fraction:
    """The sum of an array of finite numbers: mantissas are summed as integers, by their exponents."""
    import numpy as np

    mantissas, exponents = np.frexp(values.astype(np.float64))
    whole = (mantissas * 2.0**53).astype(np.int64)
    total = Fraction(0)
    for exponent in np.unique(exponents):
        found = whole[exponents == exponent]
        high, low = int((found >> 27).sum()), int((found & (2**27 - 1)).sum())
        total += ((high << 27) + low) * Fraction(2) ** (int(exponent) - 53)
    return total


def _number(text: str) -> int | float:
    """A whole number stays one, so that `4` is not shown as `4.0`."""
    return int(text) if text.lstrip("+-").isdecimal() else float(text)


_NUMBERS: Mapping[str, Callable[[str], int | float]] = {"integer": int, "year": int, "number": _number}


def _bare(cell: str, field: Mapping[str, Any]) -> str:
    text = cell.strip()
    if group := field.get("groupChar"):
        text = text.replace(group, "")
    if (decimal := field.get("decimalChar")) and decimal != ".":
        text = text.replace(decimal, ".")
    return text if field.get("bareNumber", True) else _AROUND.sub("", text)
