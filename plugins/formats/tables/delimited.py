"""CSV in one form: UTF-8, comma, LF, a header of names, quotes only where RFC 4180 needs them (pure)."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator
from typing import TYPE_CHECKING

from plugins.formats.tables.columns import Columns
from plugins.formats.tables.rows import joined, letters

if TYPE_CHECKING:
    import pyarrow as pa

    from plugins.formats.views import Loader, Piece, View

_SPECIAL = '[",\r\n]'
_CHUNK = 1 << 20


def render(view: View, load: Loader) -> Iterator[Piece]:
    """`{"made", "names"}`: the cells of the typed table `made` as they stand in the original."""
    columns = Columns(load.path(view["made"]))
    header = io.StringIO()
    csv.writer(header, lineterminator="\n").writerow(view["names"])
    yield header.getvalue().encode()
    for batch in columns:
        pieces: list[str | pa.Array] = []
        for number in range(columns.count):
            pieces += ["," if number else "", _quoted(columns.written(batch, number), alone=columns.count == 1)]
        yield joined([*pieces, "\n"], batch.num_rows)


def render_marked(view: View, load: Loader) -> Iterator[bytes]:
    """`{"made"}`, the CSV, behind a byte order mark, by which Excel knows UTF-8."""
    yield codecs.BOM_UTF8
    with load.path(view["made"]).open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            yield chunk


def _quoted(cells: pa.Array, alone: bool) -> pa.Array:
    """Cells in quotes where they need them; an empty one that stands `alone` would be a blank line."""
    import pyarrow.compute as pc

    text = letters(cells)
    if not alone and not any(mark in text for mark in (b'"', b",", b"\r", b"\n")):
        return cells
    pattern = f"{_SPECIAL}|^$" if alone else _SPECIAL
    doubled = pc.replace_substring(cells, '"', '""') if b'"' in text else cells
    return pc.if_else(
        pc.match_substring_regex(cells, pattern), pc.binary_join_element_wise('"', doubled, '"', ""), cells
    )
