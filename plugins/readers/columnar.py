"""Cells of text become typed columns where each is in a grammar that is a subset of the judge's. Needs pyarrow (pure).

Not accepted, though the judge would: signs and spaces around digits, digits of other scripts, `1_000`, `NaN`, zones of
time, dates and moments in formats of one's own but a few. What is not accepted is read by the judge.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import pyarrow as pa

_TRUE, _FALSE = ("true", "True", "TRUE", "1"), ("false", "False", "FALSE", "0")
_DAYS = {"default": "", "%Y-%m-%d": "", "%Y/%m/%d": "/", "%Y.%m.%d": "."}
"""Format of a date -> what stands for its hyphens."""
_MOMENTS = {"default": (19, ""), "%Y-%m-%d %H:%M:%S": (19, " "), "%Y-%m-%d %H:%M": (16, " ")}
"""Format of a moment -> its length, and what must stand before the time; the ledger has the last one."""


class _WithoutPandas:
    """An importer that has no pandas."""

    @staticmethod
    def find_spec(name: str, path: object = None, target: object = None) -> None:  # noqa: ARG004
        if name == "pandas":
            raise ImportError(name)


def column_types() -> Mapping[str, pa.DataType]:
    """Type of a field -> type of its column, where it is not text as written."""
    import pyarrow as pa

    return {
        "integer": pa.int64(),
        "number": pa.float64(),
        "boolean": pa.bool_(),
        "date": pa.date32(),
        "datetime": pa.timestamp("us"),
        "time": pa.time64("us"),
        "year": pa.int32(),
    }


def without_pandas() -> None:
    """Keeps Arrow from loading pandas, which it does to make its first array: a third of a second for nothing.

    pandas can still be imported afterwards, and Arrow then converts to it when told to.
    """
    if "pandas" not in sys.modules:
        import pyarrow as pa

        sys.meta_path.insert(0, _WithoutPandas)
        try:
            pa.array([pa.scalar("")])
        finally:
            sys.meta_path.remove(_WithoutPandas)


def typed(cells: pa.Array, field: Mapping[str, Any], missing: Sequence[str]) -> pa.Array | None:
    """`cells`, an array of strings, as the type of `field`, null where a value is missing; None where any is odd.

    string->string, integer->int64, number->float64, boolean->bool, date->date32, datetime->timestamp[us] (no zone),
    time->time64[us], year->int32, every other type->string as written. `missing` is for a field that says nothing
    of missing values itself.
    """
    present = without(cells, field.get("missingValues", missing))
    kind = field.get("type", "string")
    return _READERS[kind](present, field) if kind in _READERS else present


def without(cells: pa.Array, absent: Sequence[str]) -> pa.Array:
    """`cells`, null where one is a missing value."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if not absent:
        return cells
    if list(absent) == [""]:
        gone = pc.equal(pc.binary_length(cells), 0)
    else:
        gone = pc.is_in(cells, value_set=pa.array(absent, pa.string()))
    return pc.if_else(gone, pa.scalar(None, pa.string()), cells) if pc.any(gone, min_count=0).as_py() else cells


def _cast(cells: pa.Array, kind: pa.DataType) -> pa.Array | None:
    import pyarrow as pa

    try:
        return cells.cast(kind)
    except pa.ArrowInvalid:
        return None


def _lengths(cells: pa.Array, *allowed: int) -> bool:
    """Whether every cell has so many bytes."""
    import pyarrow.compute as pc

    found = pc.min_max(pc.binary_length(cells)).as_py()
    return found["min"] is None or (found["min"], found["max"]) in {(n, n) for n in allowed}


def _all(flags: pa.Array) -> bool:
    import pyarrow.compute as pc

    return bool(pc.all(flags, min_count=0).as_py())


def _integer(cells: pa.Array, field: Mapping[str, Any]) -> pa.Array | None:
    """Digits, perhaps after a minus."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if not field.get("bareNumber", True) or not _all(pc.ascii_is_decimal(pc.ascii_ltrim(cells, "-"))):
        return None
    return _cast(cells, pa.int64())


def _number(cells: pa.Array, field: Mapping[str, Any]) -> pa.Array | None:
    """What both take for a decimal number; groups and decimal marks are put away in the judge's order."""
    import pyarrow as pa
    import pyarrow.compute as pc

    group, mark = field.get("groupChar", ""), field.get("decimalChar", ".")
    if not field.get("bareNumber", True) or len(mark) != 1:
        return None
    if group:
        cells = pc.replace_substring(cells, group, "")
    if mark != ".":
        if pc.any(pc.match_substring(cells, "."), min_count=0).as_py():
            return None
        cells = pc.replace_substring(cells, mark, ".")
    found = _cast(cells, pa.float64())
    return found if found is not None and _all(pc.is_finite(found)) else None


def _boolean(cells: pa.Array, field: Mapping[str, Any]) -> pa.Array | None:
    import pyarrow as pa
    import pyarrow.compute as pc

    true, false = field.get("trueValues", _TRUE), field.get("falseValues", _FALSE)
    found = pc.is_in(cells, value_set=pa.array(true, pa.string()))
    other = pc.is_in(cells, value_set=pa.array(false, pa.string()))
    if set(true) & set(false) or not _all(pc.or_(pc.or_(found, other), cells.is_null())):
        return None
    return pc.if_else(cells.is_null(), pa.scalar(None, pa.bool_()), found)


def _date(cells: pa.Array, field: Mapping[str, Any]) -> pa.Array | None:
    """Ten characters of a day from the year 1."""
    import pyarrow as pa
    import pyarrow.compute as pc

    between = _DAYS.get(field.get("format", "default"))
    if between is None or not _lengths(cells, 10):
        return None
    if between:
        if pc.any(pc.match_substring(cells, "-"), min_count=0).as_py():
            return None
        cells = pc.replace_substring(cells, between, "-")
    found = _cast(cells, pa.date32())
    return found if found is not None and _after_christ(found) else None


def _after_christ(found: pa.Array) -> bool:
    """Whether Python has these days: its first is 0001-01-01."""
    import pyarrow as pa
    import pyarrow.compute as pc

    first = pc.min(found.cast(pa.date32()) if pa.types.is_timestamp(found.type) else found)
    return not first.is_valid or bool(first.cast(pa.int32()).as_py() >= -719_162)


def _datetime(cells: pa.Array, field: Mapping[str, Any]) -> pa.Array | None:
    """`2026-03-02T09:00:00`, or with a space; without seconds in a format that has none; no zone, no fraction."""
    import pyarrow as pa

    length, between = _MOMENTS.get(field.get("format", "default"), (0, ""))
    if not length or not _lengths(cells, length) or not _stands(cells, length - 3, ":"):
        return None
    if between and not _stands(cells, 10, between):
        return None
    found = _cast(cells, pa.timestamp("us"))
    return found if found is not None and _after_christ(found) else None


def _stands(cells: pa.Array, at: int, sign: str) -> bool:
    import pyarrow.compute as pc

    return _all(pc.equal(pc.utf8_slice_codeunits(cells, at, at + 1), sign))


def _time(cells: pa.Array, field: Mapping[str, Any]) -> pa.Array | None:
    """`09:00:00`"""
    import pyarrow as pa
    import pyarrow.compute as pc

    if field.get("format", "default") != "default" or not _lengths(cells, 8) or not _stands(cells, 5, ":"):
        return None
    day = pa.scalar("2000-01-01T", pa.string())
    found = _cast(pc.binary_join_element_wise(day, cells, ""), pa.timestamp("us"))
    return None if found is None else found.cast(pa.time64("us"))


def _year(cells: pa.Array, _: Mapping[str, Any]) -> pa.Array | None:
    """Four digits."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if not _lengths(cells, 4) or not _all(pc.ascii_is_decimal(cells)):
        return None
    return _cast(cells, pa.int32())


_READERS: Mapping[str, Callable[[pa.Array, Mapping[str, Any]], pa.Array | None]] = {
    "integer": _integer,
    "number": _number,
    "boolean": _boolean,
    "date": _date,
    "datetime": _datetime,
    "time": _time,
    "year": _year,
}
