"""NDJSON, and pages of JSON cut out of it (pure; RFC 8259)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from plugins.formats.tables.cells import as_text
from plugins.formats.tables.columns import Columns
from plugins.formats.tables.rows import has_control, joined, letters, wrapped

if TYPE_CHECKING:
    from pathlib import Path

    import pyarrow as pa

    from plugins.formats.views import Loader, Piece, View

_CHUNK = 1 << 24


def render(view: View, load: Loader) -> Iterator[Piece]:
    """`{"made", "names"}`: one object a line, every field in it, null where a value is missing."""
    columns = Columns(load.path(view["made"]))
    keys = [("," if n else "{") + json.dumps(name, ensure_ascii=False) + ":" for n, name in enumerate(view["names"])]
    texts = {n for n in range(columns.count) if _is_text(columns, n)}
    for batch in columns:
        pieces: list[str | pa.Array] = []
        for number, key in enumerate(keys):
            pieces += [key, *_pieces(columns, batch, number, number in texts)]
        yield joined([*pieces, "}\n"], batch.num_rows)


def render_page(view: View, load: Loader) -> bytes:
    """`{"made", "page", "rows"}`: so many lines of the NDJSON `made` as an array; pages are counted from 1."""
    path = load.path(view["made"])
    ends = _ends(path, view["rows"])
    first, last = ends[view["page"] - 1 : view["page"] + 1]
    with path.open("rb") as stream:
        stream.seek(first)
        lines = stream.read(last - first)
    return b"[\n" + lines[:-1].replace(b"\n", b",\n") + b"\n]\n"


@lru_cache(1)
def _ends(path: Path, page: int) -> list[int]:
    """Where pages of so many rows begin, and where the last one ends; an object's path names its bytes."""
    import numpy as np

    ends, lines, at = [0], 0, 0
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            found = np.flatnonzero(np.frombuffer(chunk, np.uint8) == 10) + (at + 1)
            ends += found[page - 1 - lines % page :: page].tolist()
            lines, at = lines + len(found), at + len(chunk)
    return ends if lines % page == 0 else [*ends, at]


def _is_text(columns: Columns, number: int) -> bool:
    import pyarrow as pa

    kind = columns.type(number)
    return not (pa.types.is_integer(kind) or kind in {pa.bool_(), pa.float64()}) or (
        kind == pa.int64() and not columns.exact(number)
    )


def _pieces(columns: Columns, batch: pa.RecordBatch, number: int, text: bool) -> list[Any]:
    digits = columns.number(batch, number)
    if digits is not None:
        return wrapped("", _words_quoted(digits), "", "null")
    cells = as_text(columns.value(batch, number))
    return wrapped('"', escaped(cells), '"', "null") if text else wrapped("", cells, "", "null")


def _words_quoted(digits: pa.Array) -> pa.Array:
    """NaN, INF and -INF are no numbers of JSON."""
    import pyarrow.compute as pc

    return pc.replace_substring_regex(digits, r"^(NaN|-?INF)$", r'"\1"') if b"N" in letters(digits) else digits


def escaped(cells: pa.Array) -> pa.Array:
    """Text between the quotes of a JSON string; nulls stay."""
    import pyarrow.compute as pc

    text = letters(cells)
    for character in ("\\", '"'):
        if character.encode() in text:
            cells = pc.replace_substring(cells, character, "\\" + character)
    if has_control(text):
        for code in range(1, 32):
            cells = pc.replace_substring(cells, chr(code), json.dumps(chr(code))[1:-1])
    return cells
