"""Longer grams of large buckets in files of their own, so that no search loads those of another (pure, numpy).

A bucket whose grams of three and more characters take over `APART` bytes keeps its roots alone. The others lie in
2 ** k files, by the last k bits of their third character's number (places.py). Each file has, for every open root of
the bucket in order, gamma(grams below + 1) and those grams, their characters without these k bits.

`apart.bin` of a segment says which buckets these are, in bits: gamma(n + 1); gaps of their numbers,
rice(density(buckets, n)); gamma(k) of each.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from plugins.search.bits import Ints, Words, bit_length, density, gamma, octets, put, rice, room
from plugins.search.coded import Coded, before_each, gaps_between, totals

APART = 2048
"""Bytes of longer grams that stay with their roots, and of each file about."""


def shares(sizes: Ints) -> Ints:
    """The k of each bucket, 0 where nothing is apart, by the bits of its longer grams."""
    return bit_length(np.maximum((sizes + 7) // 8 - 1, 0) // APART)


class Apart:
    """Of the buckets whose `kept` (k) is not 0: the grams below the roots, which lie in `bucket`; `sizes` of files are
    in bits, the files of one bucket after those of the one before."""

    def __init__(self, top: Coded, second: Coded, bucket: Ints, kept: Ints) -> None:
        share = kept[bucket]
        parted = top.level.open & (share > 0)
        top.cut(parted)
        parent = second.level.parent
        second.share(share[parent])
        roots = np.flatnonzero(parted)
        groups = np.left_shift(1, share[roots])
        base = np.zeros(len(bucket), np.int64)
        base[roots] = np.cumsum(groups) - groups
        root = np.repeat(roots, groups)
        files = np.where(kept > 0, np.left_shift(1, kept), 0)
        self.file = (np.cumsum(files) - files)[bucket[root]] + np.arange(len(root)) - base[root]
        self.mine = np.flatnonzero(share[parent] > 0)
        above = parent[self.mine]
        self.group = base[above] + (second.level.key[self.mine] & (np.left_shift(1, share[above]) - 1))
        self.head = gamma(np.bincount(self.group, minlength=len(root)) + 1)
        whole = second.whole[self.mine]
        self.before = _before(whole, self.group)
        size = self.head.size + totals(self.group, whole, len(root))
        self.at = _before(size, self.file)
        self.sizes = totals(self.file, size, int(files.sum()))

    def write(self, out: Words, files: Ints, place: Ints) -> None:
        """Writes how many grams there are below each root; `files` are places of files. Of the grams that are apart,
        notes where they begin in `place`."""
        at = files[self.file] + self.at
        put(out, at, self.head)
        place[self.mine] = (at + self.head.size)[self.group] + self.before


def _before(sizes: Ints, group: Ints) -> Ints:
    """`before_each` of groups that do not stand together."""
    order = np.argsort(group, kind="stable")
    before = np.empty_like(sizes)
    before[order] = before_each(sizes[order], group[order])
    return before


def described(kept: Sequence[int]) -> bytes:
    """`apart.bin` of a segment with these k."""
    every = np.array(kept, np.int64)
    numbers = np.flatnonzero(every)
    count, one = np.array([len(numbers)]), np.zeros(len(numbers), np.int64)
    gaps = rice(gaps_between(numbers, one), density(np.array([len(every)]), count)[one])
    codes = [gamma(count + 1), gaps, gamma(every[numbers])]
    out, start = room(sum(int(code.size.sum()) for code in codes)), 0
    for code in codes:
        put(out, start + np.cumsum(code.size) - code.size, code)
        start += int(code.size.sum())
    return octets(out, start)
