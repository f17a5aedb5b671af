"""Cells of text become values: by the strict grammar, or as the judge reads them (pure; needs pyarrow)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from plugins.models.package import READING
from plugins.readers.columnar import column_types, typed, without

if TYPE_CHECKING:
    import pyarrow as pa

JSON_NUMBER = r"^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?$"


class WiderError(Exception):
    """A cell of a column does not fit the type that the others have."""


def values(cells: pa.Array, field: Mapping[str, Any], missing: Sequence[str], wide: bool) -> pa.Array:
    """The typed column of `cells`, as text where it is `wide`. Raises WiderError where it has to be."""
    found = typed(cells, field, missing)
    if found is None:
        found = _judged(cells, field, missing, wide)
    return as_text(found) if wide else found


def decimals(cells: pa.Array, field: Mapping[str, Any]) -> pa.Array:
    """Numbers (null where missing) in the grammar of JSON, their digits as written; those that are none as text."""
    import pyarrow.compute as pc

    plain = not (field.get("groupChar") or field.get("decimalChar", ".") != "." or not field.get("bareNumber", True))
    if plain:
        fits = pc.match_substring_regex(cells, JSON_NUMBER)
        if pc.all(fits, min_count=0).as_py():
            return cells
        odd = _mapped(pc.if_else(fits, None, cells), field, _decimal)
        return pc.if_else(pc.fill_null(fits, False), cells, odd)
    return _mapped(cells, field, _decimal)


def as_text(found: pa.Array, between: str = "T") -> pa.Array:
    """Typed values as text: digits, ISO 8601; a fraction of a second only where there is one."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if found.type == pa.string():
        return found
    if not (pa.types.is_timestamp(found.type) or pa.types.is_time(found.type)):
        return found.cast(pa.string())
    try:
        text = found.cast(pa.timestamp("s") if pa.types.is_timestamp(found.type) else pa.time32("s")).cast(pa.string())
    except pa.ArrowInvalid:
        text = pc.replace_substring_regex(found.cast(pa.string()), r"\.0+$", "")
    return pc.replace_substring(text, " ", between) if between != " " else text


def _judged(cells: pa.Array, field: Mapping[str, Any], missing: Sequence[str], wide: bool) -> pa.Array:
    """As frictionless reads each, for a grammar that only it knows."""
    import pyarrow as pa

    kind = pa.string() if wide else column_types()[field["type"]]
    encoded = without(cells, field.get("missingValues", missing)).dictionary_encode()
    read = list(map(_reader(field), encoded.dictionary.to_pylist()))
    if wide:
        read = list(map(_written, read))
    elif field["type"] == "number":
        read = list(map(_double, read))
    if any(getattr(value, "tzinfo", None) is not None for value in read):
        raise WiderError(field["name"])
    try:
        return pa.array(read, kind).take(encoded.indices)
    except (pa.ArrowInvalid, OverflowError) as error:
        raise WiderError(field["name"]) from error


def _mapped(cells: pa.Array, field: Mapping[str, Any], change: Callable[[Any], str]) -> pa.Array:
    import pyarrow as pa

    encoded = cells.dictionary_encode()
    read = [change(value) for value in map(_reader(field), encoded.dictionary.to_pylist())]
    return pa.array(read, pa.string()).take(encoded.indices)


def _reader(field: Mapping[str, Any]) -> Callable[[str], Any]:
    """How frictionless reads a cell that is not missing."""
    import frictionless

    described = {key: field[key] for key in ("name", "type", *READING) if key in field} | {"missingValues": []}
    read_cell = frictionless.Field.from_descriptor(described).read_cell

    def read(text: str) -> Any:
        value, notes = read_cell(text)
        if value is None:
            raise ValueError(f"{field['name']}: {text!r} {notes}")
        return value

    return read


def _double(value: Any) -> float:
    """A decimal as a double; one that signals that it is no number is none all the same."""
    return float("nan") if value.is_nan() else float(value)


def _decimal(value: Any) -> str:
    """A decimal number as JSON writes numbers; NaN and infinity in the words of Table Schema."""
    if not value.is_finite():
        return "NaN" if value.is_nan() else "-INF" if value < 0 else "INF"
    return str(value)


def _written(value: Any) -> str:
    return str(value.isoformat()) if hasattr(value, "isoformat") else str(value)
