"""Places: where the roots of the index stand in the order of its buckets (pure, numpy; twin of search.js)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

PLACE = 30
"""Bits of a place."""
UNIT = 15
"""Bits of a character in a place."""
_MULTIPLIER = np.uint32(0x9E3779B1)

Units = npt.NDArray[np.uint16]
Places = npt.NDArray[np.uint32]


def _compact() -> Units:
    """A number of 15 bits for every UTF-16 unit: Chinese first, then alphabets, symbols, kana.

    What is beyond shares the numbers of others. A list is then at worst too long, and readers look into its documents.
    """
    numbers = (np.arange(0x10000) & 0x1FF) + 0x7E00
    start = 0
    for first, end in ((0x4E00, 0xA000), (0, 0x2000), (0x2000, 0x2A00), (0x3000, 0x3200)):
        numbers[first:end] = np.arange(start, start + end - first)
        start += end - first
    return numbers.astype(np.uint16)


_SHAPES = _compact()
COMPACT = _SHAPES.copy()
COMPACT[[ord(shape) for shape in "〔[【〕]】"]] = np.repeat(_SHAPES[[ord("("), ord(")")]], 3)
"""The same, with one number for brackets of every shape: which it is, only a text says."""


def place(first: Units, second: Units) -> Places:
    """The places of roots of two units. A permutation of 30 bits."""
    return _mixed(COMPACT[first], COMPACT[second])


def single_place(units: Units) -> Places:
    """The places of roots of a single unit, which is of one shape."""
    return _mixed(_SHAPES[units], _SHAPES[np.zeros_like(units)])


def _mixed(first: Units, second: Units) -> Places:
    key = np.left_shift(first.astype(np.uint32), np.uint32(UNIT)) | second
    mixed: Places = (key ^ np.right_shift(key, np.uint32(UNIT))) * _MULTIPLIER
    return mixed & np.uint32((1 << PLACE) - 1)
