"""The levels of a segment become buckets of bytes, which search.js reads (pure, numpy).

A root lies in the bucket that the first `bits` of its place name. Bits of a bucket, most significant first (gaps leave
out the numbers that they cannot be):

    exact     gamma(n + 1); gaps of the rests of places, rice(density(2 ** (30 - bits), n))
    rare      gamma(m + 1); the first bit_length(m) + 4 bits of the rests, rice(4) of the steps: roots of few documents,
              which a reader looks into
    names     gamma(k + 1); of each title or number typed in full: 16 bits of its hash, its document (fixed width)
    grams     each exact root, each rare one, with the grams below it, depth first

    gram      of a root: gamma(documents) and its list
              else: golomb(gap to the sibling before, density(22000, siblings)), then
              1 the nearest list above is its own | 01 what both its parts have, and whether it is open |
              00 documents, in the bits of the number of those above, and its list
              open: gamma(grams below + 1); of a root whose bucket has its longer grams apart (apart.py): nothing

    list      ranks in the list above (of a root: all documents): gaps, rice(density); of those that it lacks where
              they are fewer; but for a single character the documents' numbers, all ratings, then all blocks
    numbers   rating: at most that above; block: how many after the one above, at most all. Those that can be other than
              0, each as many ones, then a zero unless it is the most; in gamma of one more where the most is 8 or more.
              In lists of more than 12 documents 1 before this, or gamma(n + 2) and ranks of the n that are not 0, then
              these alone, one less
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from itertools import zip_longest
from typing import NamedTuple

import numpy as np

from plugins.search import apart
from plugins.search.bits import Code, Ints, Words, bit_length, density, gamma, octets, put, rice, room
from plugins.search.coded import Coded, before_each, gaps_between, totals
from plugins.search.grams import Grams
from plugins.search.levels import RARE, WORD, Text, least
from plugins.search.places import PLACE
from plugins.search.roots import changes

SPARE = 4
"""Bits that keep one rare root from the others."""
_PART, _PARTS = 180_000, 64
"""Units whose grams are held in memory at once, and the most parts of a segment: each looks through the whole text."""


class Name(NamedTuple):
    """A title or number typed in full: the place of its first two units, its hash, its document."""

    place: int
    hash: int
    document: int


class Buckets(NamedTuple):
    """The 2 ** bits `whole` buckets of a segment, and what is `apart` from them: of each bucket 2 ** k files, by its
    `shares` k, none where that is 0."""

    shares: list[int]
    whole: list[bytes]
    apart: list[bytes]


def buckets(text: Text, names: Sequence[Name], bits: int) -> Buckets:
    """The buckets of a segment."""
    parts = min(1 << bits, _PARTS, max(1, 1 << (len(text.units) // _PART).bit_length()))
    count, names = (1 << bits) // parts, sorted(names)
    found = Buckets([], [], [])
    for number, part in enumerate(Grams(text, parts).parts):
        coded = [Coded(level.wide(), text.blocks) for level in part.levels]
        part.levels.clear()
        first = number * count
        mine = names[_before(names, first << (PLACE - bits)) : _before(names, (first + count) << (PLACE - bits))]
        made = _Part(coded, mine, bits, first, count, text.documents).write()
        found = Buckets(found.shares + made.shares, found.whole + made.whole, found.apart + made.apart)
    return found


def _before(names: Sequence[Name], place: int) -> int:
    """How many of sorted names stand before a place."""
    return bisect_left(names, place, key=lambda name: name.place)


class _Part:
    """The buckets `first` to `first + count`."""

    def __init__(
        self, levels: list[Coded], names: list[Name], bits: int, first: int, count: int, documents: int
    ) -> None:
        self.levels, self.names, self.count, self.documents = levels, names, count, documents
        below: Coded | None = None
        for level in reversed(levels):
            level.close(below)
            below = level
        self.rest = PLACE - bits
        top = levels[0].level if levels else None
        places = top.key if top else np.zeros(0, np.int64)
        self.bucket = np.right_shift(places, self.rest) - first
        self.rests = places & ((1 << self.rest) - 1)
        rare = min(RARE, least(documents, WORD))
        self.rare = (top.held <= rare) & ~top.single if top else np.zeros(0, np.bool_)
        self.named = np.array([(n.place >> self.rest) - first for n in names], np.int64)
        self.shares, self.apart = np.zeros(count, np.int64), None
        if len(levels) > 1:
            self.shares = apart.shares(totals(self.bucket, levels[0].whole - levels[0].own, count))
            self.apart = apart.Apart(levels[0], levels[1], self.bucket, self.shares)

    def write(self) -> Buckets:
        """The bytes of all."""
        lists = [*self._exact(), *self._rare(), *self._names()]
        sizes = [totals(bucket, code.size, self.count) for bucket, code in lists]
        whole = self.levels[0].whole if self.levels else np.zeros(0, np.int64)
        content = sum(sizes) + totals(self.bucket, whole, self.count)
        length = (np.append(content, self.apart.sizes if self.apart else np.zeros(0, np.int64)) + 7) // 8
        starts = (np.cumsum(length) - length) * 8
        at, files = starts[: self.count], starts[self.count :]
        out = room(int(length.sum()) * 8)
        for (bucket, code), size in zip(lists, sizes, strict=True):
            put(out, at[bucket] + before_each(code.size, bucket), code)
            at = at + size
        self._grams(out, at, files)
        data, ends = octets(out, int(length.sum()) * 8), np.cumsum(length).tolist()
        made = [data[end - size : end] for end, size in zip(ends, length.tolist(), strict=True)]
        return Buckets(self.shares.tolist(), made[: self.count], made[self.count :])

    def _grams(self, out: Words, at: Ints, files: Ints) -> None:
        """Writes all grams, from the places `at` in buckets and from the beginnings of `files`."""
        whole = self.levels[0].whole if self.levels else np.zeros(0, np.int64)
        order = np.lexsort((self.rare, self.bucket))
        place = np.empty_like(whole)
        place[order] = at[self.bucket[order]] + before_each(whole[order], self.bucket[order])
        for level, below in zip_longest(self.levels, self.levels[1:]):
            level.write(out, place)
            if below:
                parent = below.level.parent
                place = (place + level.own)[parent] + before_each(below.whole, parent)
                if self.apart and level is self.levels[0]:
                    self.apart.write(out, files, place)

    def _exact(self) -> list[tuple[Ints, Code]]:
        bucket, rests = self.bucket[~self.rare], self.rests[~self.rare]
        count = np.bincount(bucket, minlength=self.count)
        parameter = density(np.full(self.count, 1 << self.rest), count)
        return [
            (np.arange(self.count), gamma(count + 1)),
            (bucket, rice(gaps_between(rests, bucket), parameter[bucket])),
        ]

    def _rare(self) -> list[tuple[Ints, Code]]:
        bucket, rests = self.bucket[self.rare], self.rests[self.rare]
        count = np.bincount(bucket, minlength=self.count)
        prints = np.right_shift(rests, np.maximum(self.rest - SPARE - bit_length(count), 0)[bucket])
        steps = gaps_between(prints, bucket) + 1 - changes(bucket)
        return [(np.arange(self.count), gamma(count + 1)), (bucket, rice(steps, np.full_like(steps, SPARE)))]

    def _names(self) -> list[tuple[Ints, Code]]:
        count = np.bincount(self.named, minlength=self.count)
        width = max(1, (self.documents - 1).bit_length())
        value = np.array([n.hash << width | n.document for n in self.names], np.int64)
        code = Code(np.zeros_like(value), value, np.full_like(value, 16 + width))
        return [(np.arange(self.count), gamma(count + 1)), (self.named, code)]
