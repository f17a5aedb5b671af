"""The grams of a segment, by length: which documents hold each, how well, and where first (pure, numpy).

Every character and every pair of characters that stands in the segment is a root. A longer gram is kept only where more
than `LIMIT` documents hold both what it is without its last character and what it is without its first. What is not
kept is therefore held by at most `LIMIT` documents that known lists leave, or by none.

Where all documents that hold both hold the gram, no list is kept of it (`MARK`): it follows from theirs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from plugins.search.bits import Ints
from plugins.search.levels import DEEPEST, LIMIT, LIST, MARK, ROOT, SAME, Bytes, Flags, Keys, Level, Numbers, Text
from plugins.search.places import COMPACT, PLACE, UNIT, Places, Units, place, single_place
from plugins.search.ranking import THRESHOLDS

_DIGIT = 16
"""Bits of a number that numpy sorts by counting."""
_NOBODY = 0xFFFF
"""The part of units that no root begins with."""
_CHUNK = 20_000
"""Grams whose rows are compared at once."""


class Shared(NamedTuple):
    """What all parts know of the open grams of one length: who holds each (`rows`, a bit for each document), and which
    stands at every unit (`where`, -1: none does)."""

    rows: Bytes
    where: npt.NDArray[np.int32]


class Grams:
    """The grams of one segment, in `parts` ranges of places, so that the work in hand is that of one part."""

    def __init__(self, text: Text, parts: int) -> None:
        units = np.concatenate([text.units, np.zeros(DEEPEST + 1, np.uint16)])
        shared = Shared(np.zeros((0, 0), np.uint8), np.zeros(0, np.int32))
        self.parts: list[_Part] = []
        growing: Iterable[_Part] = (_Part(text, units, *roots) for roots in _roots(text, units, parts))
        for depth in range(2, DEEPEST + 1):
            where, rows, count = np.full(len(units), -1, np.int32), [], 0
            for grown in growing:
                rows.append(grown.grow(depth, shared, where, count))
                count += len(rows[-1])
                if depth == 2:
                    self.parts.append(grown)
            growing, shared = self.parts, Shared(np.concatenate(rows), where)


class _Part:
    """The grams of one range of roots; `levels` holds them, roots first.

    Between two levels it knows of every position that is left (`at`, by gram and place) its `weight`, its `gram` and
    its `pair` in the nearest list above, and of every gram where that list begins (`begin`), its `size` and, if it is
    open, its name in `Shared`. `documents`, `ratings` and `blocks` are those of the pairs of all lists, one after the
    other; the first is that of all documents.
    """

    def __init__(self, text: Text, units: Units, key: Places, at: Numbers) -> None:
        self.text, self.units, self.levels = text, units, list[Level]()
        self.documents = np.arange(text.documents, dtype=np.uint16)
        self.ratings = np.full(text.documents, len(THRESHOLDS), np.uint8)
        self.blocks = np.zeros(text.documents, np.uint8)
        self.begin, self.size = np.zeros(1, np.int64), np.full(1, text.documents, np.int64)
        self.names, self.gram = np.zeros(0, np.int64), np.zeros(0, np.int32)
        self.key, self.at, self.weight = key, at, text.weight[at]
        self.pair = text.document[at].astype(np.int32)

    def grow(self, depth: int, shared: Shared, where: Numbers, count: int) -> Bytes:
        """Adds the grams of one length; gives the rows of those that are open, which are named from `count` on, and
        notes in `where` where they stand."""
        key: Numbers = self.key if depth == 2 else self._longer(depth - 1, shared)
        self.key = np.zeros(0, np.uint32)
        if not len(key):
            return np.zeros((0, self.text.documents // 8 + 1), np.uint8)
        first, documents = self._level(key, depth, shared)
        return self._open(first, documents, where, count)

    def _longer(self, depth: int, shared: Shared) -> Keys:
        """Grams longer by one, gram << 15 | character of each position, in order: those whose end is open too."""
        chosen = np.flatnonzero(shared.where[self.at + 1] >= 0)
        following = self.units[self.at[chosen] + depth]
        if not following.all():
            chosen, following = chosen[following > 0], following[following > 0]
        gram, character = self.gram[chosen], COMPACT[following]
        order = _ordered(character)
        order = order[_ordered(gram[order], int(gram.max(initial=0)))]
        index = chosen[order]
        self.at, self.pair, self.weight = self.at[index], self.pair[index], self.weight[index]
        keys: Keys = np.left_shift(gram[order].astype(np.uint64), np.uint64(UNIT)) | character[order]
        return keys

    def _level(self, key: Numbers, depth: int, shared: Shared) -> tuple[Ints, Numbers]:
        """Adds a level; gives the index of each pair's first position, and its document."""
        text, own = self.text, PLACE if depth == 2 else UNIT
        start = _changes(key)
        parent = np.right_shift(key[start], own).astype(np.int64)
        both = np.zeros(len(parent), np.int64)
        if depth > 2:
            both = self._both(parent, self.at[start], shared)
            start, key, parent, both = self._common(start, key, parent, both)
        last = key[start].astype(np.int64) & ((1 << own) - 1)
        self.gram = np.cumsum(start, dtype=np.int32) - np.int32(1)
        first = np.flatnonzero(start | _changes(self.pair))
        gram, above, at = self.gram[first], self.pair[first], self.at[first]
        held = np.bincount(gram, minlength=len(parent))
        worth = np.add.reduceat(self.weight, first, dtype=np.int64) if len(first) else np.zeros(0, np.int64)
        rating, block = np.zeros(len(worth), np.uint8), text.block[at]
        for threshold in THRESHOLDS:
            rating += worth >= threshold
        document, most, least = self.documents[above], self.ratings[above], self.blocks[above]
        same = np.bincount(gram, (rating == most) & (block == least), len(parent)) == self.size[parent]
        kind = np.full(len(parent), ROOT)
        if depth > 2:
            kind = np.where(same, SAME, np.where(held == both, MARK, LIST))
        single = np.zeros(len(parent), np.bool_)
        if depth == 2:
            single = np.equal(single_place(self.units[self.at[start]]), last)
        opened = (held > LIMIT) & ~single & (depth < DEEPEST)
        rank = (above - self.begin[parent][gram]).astype(np.int32)
        pairs = (gram, document, rank, rating, block, most, least)
        kept = ((kind == LIST) | (kind == ROOT))[gram]
        grams = (parent, last, kind, held, self.size[parent], opened, single)
        level = Level._make([*grams, *(column[kept] for column in pairs)])
        self.levels.append(level)
        self._list(level, np.where(kept, len(self.ratings) + np.cumsum(kept) - 1, above), first)
        return first, document

    def _both(self, parent: Ints, at: Numbers, shared: Shared) -> Ints:
        """How many documents hold both parts of each gram of three or more."""
        prefix, suffix = self.names[parent], shared.where[at + 1]
        both = np.empty(len(parent), np.int64)
        for start in range(0, len(parent), _CHUNK):
            chosen = slice(start, start + _CHUNK)
            common = np.bitwise_count(shared.rows[prefix[chosen]] & shared.rows[suffix[chosen]])
            both[chosen] = common.sum(1, dtype=np.int64)
        return both

    def _common(self, start: Flags, key: Keys, parent: Ints, both: Ints) -> tuple[Flags, Keys, Ints, Ints]:
        """The grams of which more than `LIMIT` documents hold both parts; leaves only their positions."""
        kept = both > LIMIT
        if not kept.all():
            left = np.flatnonzero(kept[np.cumsum(start) - 1])
            self.at, self.pair, self.weight = self.at[left], self.pair[left], self.weight[left]
            start, key = start[left], key[left]
            parent, both = parent[kept], both[kept]
        return start, key, parent, both

    def _list(self, level: Level, pairs: Ints, first: Ints) -> None:
        """Notes the lists of a level, and at every position its pair in the nearest one."""
        sizes = np.where(level.listed, level.held, 0)
        begin = len(self.ratings) + np.cumsum(sizes) - sizes
        self.begin = np.where(level.listed, begin, self.begin[level.parent])
        self.size = np.where(level.listed, level.held, level.among)
        self.documents = np.concatenate([self.documents, level.document])
        self.ratings = np.concatenate([self.ratings, level.rating])
        self.blocks = np.concatenate([self.blocks, level.block])
        self.pair = np.repeat(pairs.astype(np.int32), np.diff(np.append(first, len(self.at))))

    def _open(self, first: Ints, documents: Numbers, where: Numbers, count: int) -> Bytes:
        """Leaves the positions of open grams."""
        opened = self.levels[-1].open
        gram, number = self.gram[first], np.cumsum(opened) - 1
        chosen = opened[gram]
        rows = _rows(number[gram[chosen]], documents[chosen], int(opened.sum()), self.text.documents)
        left = np.flatnonzero(opened[self.gram])
        self.at, self.gram, self.pair, self.weight = self.at[left], self.gram[left], self.pair[left], self.weight[left]
        self.names = number + count
        where[self.at] = self.names[self.gram]
        return rows


def _roots(text: Text, units: Units, parts: int) -> Iterator[tuple[Places, Numbers]]:
    """Place and position of every root of each part, in order; of single characters, where documents begin them."""
    first, second = text.units, units[1 : len(text.units) + 1]
    places, shift = place(first, second), PLACE - (parts.bit_length() - 1)
    owner = np.right_shift(places, np.uint32(shift)).astype(np.uint16)
    owner[(first == 0) | (second == 0)] = _NOBODY
    singles = _first_of_each(text)
    single_places = single_place(first[singles])
    single_owner = np.right_shift(single_places, np.uint32(shift))
    for part in range(parts):
        pairs, alone = np.flatnonzero(owner == part), np.flatnonzero(single_owner == part)
        found = np.concatenate([places[pairs], single_places[alone]])
        at = np.concatenate([pairs, singles[alone]]).astype(np.int32)
        order = _ordered(found, (1 << PLACE) - 1)
        yield found[order], at[order]


def _ordered(values: Numbers, most: int = (1 << _DIGIT) - 1) -> Ints:
    """The order of values from 0 to `most`; equals stay as they are. Numpy counts 16 bits at a time, which is quick."""
    order = np.argsort(values.astype(np.uint16), kind="stable")
    if most >> _DIGIT:
        order = order[np.argsort(np.right_shift(values, _DIGIT).astype(np.uint16)[order], kind="stable")]
    return order


def _first_of_each(text: Text) -> Ints:
    """Where each document has a character for the first time: who holds it is all that is kept of it."""
    seen, found = np.zeros(0x10000, np.int64), np.zeros(len(text.units), np.bool_)
    for start, end in pairwise([*np.flatnonzero(_changes(text.document)).tolist(), len(text.units)]):
        own, at = text.units[start:end], np.arange(end - start)
        seen[own[::-1]] = at[::-1]
        found[start:end] = (seen[own] == at) & (own > 0)
    return np.flatnonzero(found)


def _rows(grams: Ints, documents: Numbers, count: int, width: int) -> Bytes:
    """A row of bits for each gram: who holds it. Pairs come in order, each once."""
    size = width // 8 + 1
    rows = np.zeros(count * size, np.uint8)
    byte = grams * size + np.right_shift(documents, 3)
    starts = np.flatnonzero(_changes(byte))
    if len(starts):
        rows[byte[starts]] = np.add.reduceat(np.left_shift(1, documents & 7).astype(np.uint8), starts)
    return rows.reshape(count, size)


def _changes(values: Numbers) -> Flags:
    """Where a value is another than the one before it."""
    changed = np.ones(len(values), np.bool_)
    np.not_equal(values[1:], values[:-1], out=changed[1:])
    return changed
