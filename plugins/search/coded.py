"""Grams as codes: characters, lists, and what all of them take (pure, numpy; their form: segment.py)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from plugins.search.bits import Code, Ints, density, gamma, golomb, put, rice
from plugins.search.levels import MARK, ROOT, SAME, Flags, Level

CHARACTERS = 22_000
"""About how many characters a gap is taken from."""
UNARY = 8
"""Blocks from which on their number is written in gamma."""


class Coded:
    """One level as codes: `own` bits of each gram, and `whole` with all below it."""

    def __init__(self, level: Level, blocks: Ints) -> None:
        self.level = level
        self.gap_gram, self.gaps = _gaps(level)
        self.pairs = _pairs(level, blocks)
        root = bool((level.kind == ROOT).any())
        self.heads = [gamma(level.held)] if root else [_characters(level), _held(level)]
        self.own = self.whole = np.zeros(0, np.int64)
        self.tail = gamma(np.ones(0, np.int64))
        self.gap_bits = totals(self.gap_gram, self.gaps.size, len(level.held))
        self.pair_bits = totals(level.gram, self.pairs.size, len(level.held))

    def close(self, below: Coded | None) -> None:
        """Counts the children and all bits; from the deepest level upwards."""
        count = len(self.level.held)
        children = np.bincount(below.level.parent, minlength=count) if below else np.zeros(count, np.int64)
        self.tail = gamma(children + 1)
        self.own = sum((head.size for head in self.heads), self.gap_bits + self.pair_bits)
        self.own += np.where(self.level.open, self.tail.size, 0)
        self.whole = self.own + (totals(below.level.parent, below.whole, count) if below else 0)

    def write(self, out: npt.NDArray[np.uint8], at: Ints) -> None:
        """Writes every gram from its place `at`."""
        for head in self.heads:
            put(out, at, head)
            at = at + head.size
        put(out, at[self.gap_gram] + before_each(self.gaps.size, self.gap_gram), self.gaps)
        at = at + self.gap_bits
        put(out, at[self.level.gram] + before_each(self.pairs.size, self.level.gram), self.pairs)
        at = at + self.pair_bits
        put(out, at[self.level.open], Code(*(part[self.level.open] for part in self.tail)))


def _characters(level: Level) -> Code:
    siblings = np.bincount(level.parent)[level.parent]
    return golomb(gaps_between(level.key, level.parent), density(np.full_like(siblings, CHARACTERS), siblings))


def _gaps(level: Level) -> tuple[Ints, Code]:
    """The gaps of each gram's list, or of the list of those that lack it where that is shorter; with their grams."""
    inverse = (level.held * 2 > level.among) & level.listed
    listed = ~inverse[level.gram]
    gram, rank = level.gram[listed], level.rank[listed]
    if inverse.any():
        lacking = _lacking(level, inverse)
        gram, rank = np.concatenate([gram, lacking[0]]), np.concatenate([rank, lacking[1]])
        order = np.argsort(gram, kind="stable")
        gram, rank = gram[order], rank[order]
    size = np.where(inverse, level.among - level.held, level.held)
    return gram, rice(gaps_between(rank, gram), density(level.among, size)[gram])


def _lacking(level: Level, inverse: Flags) -> tuple[Ints, Ints]:
    """Gram and rank of every document of the parent that does not hold the gram, for grams chosen by `inverse`."""
    grams = np.flatnonzero(inverse)
    among = level.among[grams]
    base = np.zeros(len(inverse), np.int64)
    base[grams] = np.cumsum(among) - among
    lacks = np.ones(int(among.sum()), np.bool_)
    chosen = inverse[level.gram]
    lacks[base[level.gram[chosen]] + level.rank[chosen]] = False
    at = np.flatnonzero(lacks)
    gram = np.repeat(grams, among)[at]
    return gram, at - base[gram]


def _pairs(level: Level, blocks: Ints) -> Code:
    """Rating and block of each document of each list, as far as the list above leaves them open."""
    rating, block = _unary(level.rating, level.most), level.block - level.least
    left = blocks[level.document] - 1 - level.least
    short, long = _unary(block, left), gamma(block + 1)
    few = left < UNARY
    value: Ints = np.where(few, short.value, long.value)
    width: Ints = np.where(few, short.width, long.size)
    width_of_both = np.where(level.single[level.gram], 0, rating.width + width)
    return Code(np.zeros_like(value), np.left_shift(rating.value, width) | value, width_of_both)


def _held(level: Level) -> Code:
    """1: the list above; 011 or 010: what both its parts have, open or not; 00 and the number of documents: a list."""
    count = gamma(level.held)
    same, mark = level.kind == SAME, level.kind == MARK
    skip = np.select([same, mark], [0, 1], count.skip + 2)
    value = np.select([same, mark], [1, 2 + level.open], count.value)
    return Code(skip, value, np.select([same, mark], [1, 2], count.width))


def _unary(values: Ints, most: Ints) -> Code:
    """As many ones as the value, then a zero unless it is `most`."""
    ends = (values < most).astype(np.int64)
    return Code(np.zeros_like(values), np.left_shift(1, values + ends) - 1 - ends, values + ends)


def totals(group: Ints, values: Ints, groups: int) -> Ints:
    return np.bincount(group, values, groups).astype(np.int64)


def group_starts(group: Ints) -> Flags:
    """Where a group begins; groups stand together."""
    starts = np.ones(len(group), np.bool_)
    np.not_equal(group[1:], group[:-1], out=starts[1:])
    return starts


def before_each(sizes: Ints, group: Ints) -> Ints:
    """The sum of the sizes before each in its own group."""
    before = np.cumsum(sizes) - sizes
    starts = np.flatnonzero(group_starts(group))
    return before - np.repeat(before[starts], np.diff(np.append(starts, len(sizes))))


def gaps_between(values: Ints, group: Ints) -> Ints:
    """How many numbers lie between each value and the one before it in its group; below the first of a group."""
    return np.where(group_starts(group), values, np.diff(values, prepend=0) - 1)
