"""Rows of bits: which documents hold a gram (pure, numpy)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from plugins.search.bits import Ints
from plugins.search.levels import Numbers

_WORD = 64
_CHUNK = 4_000
"""Pairs of rows that are compared at once."""
Rows = npt.NDArray[np.uint64]


def bit_rows(grams: int, documents: int, gram: Ints, document: Numbers) -> Rows:
    """A row for each of so many grams, from pairs of one and a document that holds it."""
    width = -(-documents // _WORD) * _WORD
    bits = np.zeros((grams, width), np.bool_)
    bits.reshape(-1)[gram * width + document] = True
    made: Rows = np.packbits(bits, axis=1).view(np.uint64)
    return made


def in_both(mine: Rows, first: Numbers, others: Rows, second: Numbers) -> Ints:
    """How many documents hold both of each pair: the gram `first` of `mine`, and the gram `second` of `others`."""
    both = np.zeros(len(first), np.int64)
    for begin in range(0, len(first), _CHUNK):
        some = slice(begin, begin + _CHUNK)
        both[some] = np.bitwise_count(mine[first[some]] & others[second[some]]).sum(1, dtype=np.int64)
    return both
