"""Rows as bytes: constant pieces and columns of text, joined by Arrow's kernels (pure)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa

    from plugins.formats.views import Piece


def joined(pieces: Iterable[str | pa.Array], length: int) -> Piece:
    """`length` rows one after the other; a row is the pieces one after the other, no array holding a null."""
    import pyarrow as pa
    import pyarrow.compute as pc

    merged: list[str | pa.Array] = []
    for piece in pieces:
        if isinstance(piece, str) and merged and isinstance(merged[-1], str):
            merged[-1] += piece
        else:
            merged.append(piece)
    if all(isinstance(piece, str) for piece in merged):
        return "".join(map(str, merged)).encode() * length
    return _view(pc.binary_join_element_wise(*(pa.scalar(p) if isinstance(p, str) else p for p in merged), ""))


def wrapped(before: str, cells: pa.Array, after: str, null: str) -> list[str | pa.Array]:
    """The pieces of a column whose cells stand between two words; a null is the word `null`."""
    import pyarrow.compute as pc

    if not cells.null_count:
        return [before, cells, after]
    return [pc.fill_null(pc.binary_join_element_wise(before, cells, after, ""), null)]


def letters(cells: pa.Array) -> bytes:
    """The bytes of all cells, one after the other: to ask what is in none is ten times as fast as a pattern."""
    return bytes(_view(cells))


def _view(cells: pa.Array) -> memoryview:
    """The same where they lie: rows are as large as their file, and one more copy of them is felt."""
    import numpy as np

    _, ends, data = cells.buffers()
    if data is None or not len(cells):
        return memoryview(b"")
    found = np.frombuffer(ends, np.int32)[[cells.offset, cells.offset + len(cells)]]
    return memoryview(data)[found[0] : found[1]]


def has_control(text: bytes) -> bool:
    """Whether any byte is a control character."""
    import numpy as np

    return bool((np.frombuffer(text, np.uint8) < 32).any())


def has(cells: pa.Array, pattern: str) -> bool:
    """Whether any cell matches."""
    import pyarrow.compute as pc

    return bool(pc.any(pc.match_substring_regex(cells, pattern), min_count=0).as_py())
