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
Words = npt.NDArray[np.uint64]
"""A run of bits, 32 in each, so that a code word reaches into two at most and its sum into none."""
_BITS = 5
_WORD = 1 << _BITS


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


def room(bits: int) -> Words:
    """Place for so many bits."""
    return np.zeros(bits // _WORD + 1, np.uint64)


def put(words: Words, at: Ints, code: Code) -> None:
    """Writes code words of at most 32 bits, each from its place `at`; nothing may stand there yet."""
    last = at + code.size - 1
    word, left = np.right_shift(last, _BITS), (_WORD - 1 - (last & (_WORD - 1))).astype(np.uint64)
    value = np.left_shift(code.value.astype(np.uint64), left)
    np.add.at(words, word, value & np.uint64(2**_WORD - 1))
    value = np.right_shift(value, np.uint64(_WORD))
    over = np.flatnonzero(value)
    np.add.at(words, word[over] - 1, value[over])


def octets(words: Words, bits: int) -> bytes:
    """The first bits, in whole bytes."""
    return words.astype(">u4").tobytes()[: (bits + 7) // 8]
