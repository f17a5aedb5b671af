"""Grams as codes: characters, lists, and what all of them take (pure, numpy; their form: segment.py)."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from plugins.search.bits import Code, Ints, Words, bit_length, density, gamma, golomb, put, rice
from plugins.search.levels import MARK, ROOT, SAME, Flags, Level
from plugins.search.places import UNIT
from plugins.search.roots import changes

CHARACTERS = 22_000
"""About how many characters a gap is taken from."""
UNARY = 8
"""Blocks from which on their number is written in gamma."""
LONG = 12
"""Documents of a list above which it tells how its numbers are written."""

_NUMBERS = 256
"""A rating or a number of a block is less."""

Run = tuple[Ints, Code]
"""Codes that stand one after the other in their grams, and whose each is; grams come in order."""


class Coded:
    """One level as codes: `own` bits of each gram, and `whole` with all below it."""

    def __init__(self, level: Level, blocks: Ints) -> None:
        self.level, self.count = level, len(level.held)
        self.each = np.arange(self.count)
        root = bool((level.kind == ROOT).any())
        heads = [gamma(level.held)] if root else [_characters(level, np.zeros_like(level.held)), _held(level)]
        self.runs: list[Run] = [*((self.each, head) for head in heads), _gaps(level), *_numbers(level, blocks)]
        self.sizes = [totals(gram, code.size, self.count) for gram, code in self.runs]
        self.own = self.whole = np.zeros(0, np.int64)
        self.tail, self.ends = gamma(np.ones(0, np.int64)), level.open

    def close(self, below: Coded | None) -> None:
        """Counts the children and all bits; from the deepest level upwards."""
        children = np.bincount(below.level.parent, minlength=self.count) if below else np.zeros(self.count, np.int64)
        self.tail = gamma(children + 1)
        self.own = sum(self.sizes, np.where(self.ends, self.tail.size, 0))
        self.whole = self.own + (totals(below.level.parent, below.whole, self.count) if below else 0)

    def cut(self, parted: Flags) -> None:
        """Those below the grams that are `parted` stand elsewhere, with their number."""
        self.ends = self.ends & ~parted
        self.own = sum(self.sizes, np.where(self.ends, self.tail.size, 0))
        self.whole = np.where(parted, self.own, self.whole)

    def share(self, shares: Ints) -> None:
        """Each gram stands among those of its parent whose characters end with the same `shares` bits."""
        self.runs[0] = (self.each, _characters(self.level, shares))
        before, self.sizes[0] = self.sizes[0], self.runs[0][1].size
        self.own, self.whole = (bits + self.sizes[0] - before for bits in (self.own, self.whole))

    def write(self, out: Words, at: Ints) -> None:
        """Writes every gram from its place `at`."""
        for (gram, code), size in zip(self.runs, self.sizes, strict=True):
            put(out, at[gram] + before_each(code.size, gram), code)
            at = at + size
        put(out, at[self.ends], Code(*(part[self.ends] for part in self.tail)))


def _characters(level: Level, shares: Ints) -> Code:
    group = np.left_shift(level.parent, UNIT) | (level.key & (np.left_shift(1, shares) - 1))
    order = np.argsort(group, kind="stable")
    group, shares = group[order], shares[order]
    siblings = np.bincount(np.cumsum(changes(group)))[np.cumsum(changes(group))]
    gaps = gaps_between(np.right_shift(level.key[order], shares), group)
    code = golomb(gaps, density(np.right_shift(CHARACTERS, shares), siblings))
    back = np.empty_like(order)
    back[order] = np.arange(len(order))
    return Code(*(part[back] for part in code))


def _gaps(level: Level) -> Run:
    """The gaps of each gram's list, or of the list of those that lack it where that is shorter."""
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


def _numbers(level: Level, blocks: Ints) -> Iterator[Run]:
    """Rating and block of each document of each list, as far as the list above leaves them open."""
    chosen = np.flatnonzero(~level.single[level.gram]) if level.single.any() else slice(None)
    gram, least = level.gram[chosen], level.least[chosen]
    long = np.flatnonzero(level.listed & (level.held > LONG) & ~level.single)
    yield from _steps(gram, level.rating[chosen], level.most[chosen], long, len(level.held))
    most = blocks[level.document[chosen]] - 1 - least
    yield from _steps(gram, level.block[chosen] - least, most, long, len(level.held))


def _steps(gram: Ints, value: Ints, most: Ints, long: Ints, grams: int) -> Iterator[Run]:
    """Numbers from 0 to `most`: each in unary, or in lists that are `long` first which of them are not 0, if that is
    shorter."""
    left = np.flatnonzero(most > 0)
    gram, value, most = gram[left], value[left], most[left]
    above, size = value > 0, _STEP_SIZE[_step(value, most)]
    among, held = np.bincount(gram, minlength=grams), np.bincount(gram[above], minlength=grams)
    inverse = held * 2 > among
    listed = np.flatnonzero(above != inverse[gram])
    owner = gram[listed]
    ranks = listed - (np.cumsum(among) - among)[owner]
    gaps = rice(gaps_between(ranks, owner), density(among, np.where(inverse, among - held, held))[owner])
    rest = _STEP_SIZE[_step(value[above] - 1, most[above] - 1)]
    listing = gamma(held + 2).size + totals(owner, gaps.size, grams) + totals(gram[above], rest, grams)
    sparse = np.zeros(grams, np.bool_)
    sparse[long] = (listing <= totals(gram, size, grams))[long]
    yield long, gamma(np.where(sparse, held + 2, 1)[long])
    kept = np.flatnonzero(sparse[owner])
    yield owner[kept], Code(*(part[kept] for part in gaps))
    less = sparse[gram]
    told = np.flatnonzero(above | ~less)
    less = less[told]
    code = _step(value[told] - less, most[told] - less)
    yield gram[told], Code(np.zeros_like(code), _STEP[code], _STEP_SIZE[code])


def _step(value: Ints, most: Ints) -> Ints:
    """Where the code of a number up to `most` stands in `_STEP`."""
    return np.minimum(most, UNARY) * _NUMBERS + value


def _step_codes() -> tuple[Ints, Ints]:
    """Codes and their bits: as many ones as the number, then a zero unless it is the most; gamma of one more where the
    most is `UNARY` or more."""
    most, value = np.divmod(np.arange(UNARY * _NUMBERS), _NUMBERS)
    ends, long = (value < most).astype(np.int64), gamma(np.arange(_NUMBERS) + 1)
    short = np.left_shift(1, np.minimum(value, UNARY) + ends) - 1 - ends
    return np.append(short, long.value), np.append(value + ends, long.size)


def _held(level: Level) -> Code:
    """1: the list above; 011 or 010: what both its parts have, open or not; 00 and the number of documents: a list."""
    same, mark = level.kind == SAME, level.kind == MARK
    value = np.select([same, mark], [1, 2 + level.open], level.held)
    width = np.select([same, mark], [1, 2], bit_length(level.among) + 2)
    return Code(mark.astype(np.int64), value, width)


def totals(group: Ints, values: Ints, groups: int) -> Ints:
    return np.bincount(group, values, groups).astype(np.int64)


def before_each(sizes: Ints, group: Ints) -> Ints:
    """The sum of the sizes before each in its own group."""
    before = np.cumsum(sizes) - sizes
    starts = np.flatnonzero(changes(group))
    return before - np.repeat(before[starts], np.diff(np.append(starts, len(sizes))))


def gaps_between(values: Ints, group: Ints) -> Ints:
    """How many numbers lie between each value and the one before it in its group; below the first of a group."""
    return np.where(changes(group), values, np.diff(values, prepend=0) - 1)


_STEP, _STEP_SIZE = _step_codes()
