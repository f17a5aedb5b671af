"""Codes of many numbers at once, written into one run of bits (pure, numpy; the reader is in search.js).

gamma       Elias gamma of v >= 1: as many zeros as v has bits after its first, then v
rice        v >= 0 with parameter r: v >> r zeros, a one, the r low bits
golomb      exponential Golomb of v >= 0 with parameter r: gamma of (v >> r) + 1, the r low bits
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]


class Code(NamedTuple):
    """Code words: `skip` zeros, then the low `width` bits of `value`."""

    skip: Ints
    value: Ints
    width: Ints

    @property
    def size(self) -> Ints:
        """Bits of each word."""
        return self.skip + self.width


def bit_length(values: Ints) -> Ints:
    """Bits of each value below 2**53; 0 for 0."""
    return np.frexp(values.astype(np.float64))[1].astype(np.int64)


def gamma(values: Ints) -> Code:
    """The Elias gamma code of values >= 1."""
    length = bit_length(values)
    return Code(length - 1, values, length)


def rice(values: Ints, parameter: Ints) -> Code:
    """The Rice code of values >= 0."""
    mark = np.left_shift(1, parameter)
    return Code(np.right_shift(values, parameter), mark | (values & (mark - 1)), parameter + 1)


def golomb(values: Ints, parameter: Ints) -> Code:
    """The exponential Golomb code of values >= 0."""
    high = np.right_shift(values, parameter) + 1
    length = bit_length(high)
    low = values & (np.left_shift(1, parameter) - 1)
    return Code(length - 1, np.left_shift(high, parameter) | low, length + parameter)


def density(whole: Ints, part: Ints) -> Ints:
    """The Rice parameter for the gaps of `part` numbers among `whole`."""
    return np.maximum(bit_length((whole - part) * 2 // np.maximum(part * 3, 1)) - 1, 0)


def put(bits: npt.NDArray[np.uint8], at: Ints, code: Code) -> None:
    """Writes code words into `bits` (one byte for each bit, zeros before), each from its place `at`."""
    at = at + code.skip
    value, width = code.value, code.width
    for step in range(int(width.max(initial=0))):
        chosen = width > step
        if not chosen.all():
            at, value, width = at[chosen], value[chosen], width[chosen]
        bits[at + step] = np.right_shift(value, width - 1 - step) & 1
