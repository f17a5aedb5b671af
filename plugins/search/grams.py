"""The grams of a segment, by length: which documents hold each, how well, and where first (pure, numpy).

Every character and every pair of characters that stands in the segment is a root. A longer gram is kept only where more
than `LIMIT` documents hold it without its last character, and more than `LIMIT` without its first. What is not kept is
therefore held by at most `LIMIT` documents of a list that is known, or by none.

Where all documents that hold both of these hold the gram, no list is kept of it (`MARK`): it follows from theirs.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from plugins.search.bits import Ints
from plugins.search.places import COMPACT, PLACE, UNIT, Places, Units, place, single_place
from plugins.search.ranking import THRESHOLDS

LIMIT = 40
"""Documents that may be left to be looked into."""
DEEPEST = 10
"""Characters of the longest gram."""
ROOT, SAME, MARK, LIST = range(4)
"""What is kept of a gram: a root's list; that it has the list above; that it has what both its parts have; a list."""
_INDEX = 28
"""Bits of an index into the positions of a segment."""
_CHUNK = 20_000
"""Grams whose rows are compared at once."""

Flags = npt.NDArray[np.bool_]
Bytes = npt.NDArray[np.uint8]
Keys = npt.NDArray[np.uint64]
Numbers = npt.NDArray[Any]


@dataclass(frozen=True, slots=True)
class Text:
    """The folded texts of a segment, one after the other, in UTF-16 units; every field ends with a zero.

    `documents` counts them, `blocks` the blocks of each. Of each unit, `document` says whose it is, `block` in which
    block of the text it stands, and `weight` what a hit there counts.
    """

    documents: int
    blocks: Ints
    units: Units
    document: npt.NDArray[np.uint16]
    block: Bytes
    weight: npt.NDArray[np.uint16]


class Level(NamedTuple):
    """Grams of one length, and the pairs of a gram with a list of its own and a document that holds it, both in order.

    Of each gram: its `parent` in the level above, its `key` (of a root its place, else its last character), its `kind`,
    by how many documents it is `held` out of `among` in the nearest list above, whether it is `open` to longer ones or
    a `single` character. Of each pair: its `gram`, its `document` and that one's `rank` in the list above, its `rating`
    and first `block`, and those of the list above, `most` and `least`.
    """

    parent: Ints
    key: Ints
    kind: Ints
    held: Ints
    among: Ints
    open: Flags
    single: Flags
    gram: Ints
    document: Ints
    rank: Ints
    rating: Ints
    block: Ints
    most: Ints
    least: Ints

    @property
    def listed(self) -> Flags:
        """Which grams have a list of their own."""
        return np.equal(self.kind, LIST) | np.equal(self.kind, ROOT)

    def part(self, first: int, end: int, above: int) -> Level:
        """The grams `first` to `end` alone, where the level above begins with its gram `above`."""
        low, high = np.searchsorted(self.gram, [first, end])
        grams: list[Any] = [column[first:end] for column in self[:7]]
        pairs: list[Any] = [column[low:high].astype(np.int64) for column in self[7:]]
        return Level._make([grams[0] - above, *grams[1:], pairs[0] - first, *pairs[1:]])


class Grams:
    """Finds the levels of one segment; `levels` holds them, roots first.

    Between two levels it knows of every position that is left (`at`, by gram and place) its `gram` and its `pair` in
    the nearest list above, of every gram where that list begins and its `size`, and of the grams that are open their
    `names`, where they stand (`where`, -1: none does) and who holds them (`rows`, a bit for each document). `ratings`
    and `blocks` are those of the pairs of all lists, one after the other; the first is that of all documents.
    """

    def __init__(self, text: Text) -> None:
        self.text = text
        self.units = np.concatenate([text.units, np.zeros(DEEPEST + 1, np.uint16)])
        self.ratings = np.full(text.documents, len(THRESHOLDS), np.uint8)
        self.blocks = np.zeros(text.documents, np.uint8)
        self.begin, self.size = np.zeros(1, np.int64), np.full(1, text.documents, np.int64)
        self.names, self.where = np.zeros(0, np.int64), np.zeros(0, np.int32)
        self.rows, self.gram = np.zeros((0, 0), np.uint8), np.zeros(0, np.int32)
        self.levels: list[Level] = []
        order = self._roots()
        key = np.right_shift(order, np.uint64(32))
        self.at = (order & np.uint64(0xFFFFFFFF)).astype(np.int32)
        del order
        self.pair = text.document[self.at].astype(np.int32)
        for depth in range(2, DEEPEST + 1):
            if not len(self.at):
                return
            self._level(key, depth)
            key = self._longer(depth)

    def _roots(self) -> Keys:
        """Place << 32 | position of every root, sorted."""
        first, second = self.text.units, self.units[1 : len(self.text.units) + 1]
        pairs, singles = np.flatnonzero((first > 0) & (second > 0)), self._first_of_each()
        found = np.empty(len(pairs) + len(singles), np.uint64)
        found[: len(pairs)] = _joined(place(first[pairs], second[pairs]), pairs)
        found[len(pairs) :] = _joined(single_place(first[singles]), singles)
        found.sort()
        return found

    def _first_of_each(self) -> Ints:
        """Where each document has a character for the first time: who holds it is all that is kept of it."""
        units, seen = self.text.units, np.zeros(0x10000, np.int64)
        found = np.zeros(len(units), np.bool_)
        for start, end in pairwise([*np.flatnonzero(_changes(self.text.document)).tolist(), len(units)]):
            own, at = units[start:end], np.arange(end - start)
            seen[own[::-1]] = at[::-1]
            found[start:end] = (seen[own] == at) & (own > 0)
        return np.flatnonzero(found)

    def _level(self, key: Keys, depth: int) -> None:
        """Adds the grams of one length, of which `key` has one for each position; what is open is left."""
        text, own = self.text, PLACE if depth == 2 else UNIT
        start = _changes(key)
        heads = key[start].astype(np.int64)
        parent, last = np.right_shift(heads, own), heads & ((1 << own) - 1)
        self.gram = np.cumsum(start, dtype=np.int32) - np.int32(1)
        first = np.flatnonzero(start | _changes(text.document[self.at]))
        gram, above, at = self.gram[first], self.pair[first], self.at[first]
        held = np.bincount(gram)
        worth = np.add.reduceat(text.weight[self.at], first, dtype=np.int64)
        rating, block = np.searchsorted(THRESHOLDS, worth, side="right").astype(np.uint8), text.block[at]
        most, least = self.ratings[above], self.blocks[above]
        equal = np.bincount(gram, (rating == most) & (block == least)) == self.size[parent]
        kind = np.full(len(heads), ROOT) if depth == 2 else self._kinds(equal, held, parent, self.at[start])
        single = np.equal(single_place(self.units[self.at[start]]), heads) & (depth == 2)
        opened = (held > LIMIT) & ~single & (depth < DEEPEST)
        rank = above - self.begin[parent][gram]
        pairs = (gram, text.document[at], rank, rating, block, most, least)
        kept = ((kind == LIST) | (kind == ROOT))[gram]
        grams = (parent, last, kind, held, self.size[parent], opened, single)
        level = Level._make([*grams, *(column[kept] for column in pairs)])
        self.levels.append(level)
        self._list(level, np.where(kept, len(self.ratings) + np.cumsum(kept) - 1, above), first)
        self._open(opened, gram, text.document[at])

    def _kinds(self, equal: Flags, held: Ints, parent: Ints, at: Numbers) -> Ints:
        """What to keep of each gram of three or more."""
        prefix, suffix = self.names[parent], self.where[at + 1]
        both = np.empty(len(held), np.int64)
        for start in range(0, len(held), _CHUNK):
            chosen = slice(start, start + _CHUNK)
            common = np.bitwise_count(self.rows[prefix[chosen]] & self.rows[suffix[chosen]])
            both[chosen] = common.sum(1, dtype=np.int64)
        return np.where(equal, SAME, np.where(held == both, MARK, LIST))

    def _list(self, level: Level, pairs: Ints, first: Ints) -> None:
        """Notes the lists of a level, and at every position its pair in the nearest one."""
        sizes = np.where(level.listed, level.held, 0)
        begin = len(self.ratings) + np.cumsum(sizes) - sizes
        self.begin = np.where(level.listed, begin, self.begin[level.parent])
        self.size = np.where(level.listed, level.held, level.among)
        self.ratings = np.concatenate([self.ratings, level.rating.astype(np.uint8)])
        self.blocks = np.concatenate([self.blocks, level.block.astype(np.uint8)])
        self.pair = np.repeat(pairs.astype(np.int32), np.diff(np.append(first, len(self.at))))

    def _open(self, opened: Flags, gram: Numbers, documents: Numbers) -> None:
        """Leaves the positions of open grams, and notes who holds these: the pairs of `gram` and `documents`."""
        self.names = np.cumsum(opened) - 1
        chosen = opened[gram]
        self.rows = _rows(self.names[gram[chosen]], documents[chosen], int(opened.sum()), self.text.documents)
        left = np.flatnonzero(opened[self.gram])
        self.at, self.gram, self.pair = self.at[left], self.gram[left], self.pair[left]
        self.where = np.full(len(self.units), -1, np.int32)
        self.where[self.at] = self.names[self.gram]

    def _longer(self, depth: int) -> Keys:
        """Grams longer by one, gram << 15 | character of each position, in order: those whose end is open too."""
        following = self.units[self.at + depth]
        chosen = np.flatnonzero((following > 0) & (self.where[self.at + 1] >= 0))
        order = np.left_shift(self.gram[chosen].astype(np.uint64), np.uint64(UNIT)) | COMPACT[following[chosen]]
        order = np.left_shift(order, np.uint64(_INDEX)) | chosen.astype(np.uint64)
        order.sort()
        index = (order & np.uint64((1 << _INDEX) - 1)).astype(np.int32)
        self.at, self.pair = self.at[index], self.pair[index]
        keys: Keys = np.right_shift(order, np.uint64(_INDEX))
        return keys


def _rows(grams: Ints, documents: Numbers, count: int, width: int) -> Bytes:
    """A row of bits for each gram: who holds it. Pairs come in order, each once."""
    size = width // 8 + 1
    rows = np.zeros(count * size, np.uint8)
    byte = grams * size + np.right_shift(documents, 3)
    starts = np.flatnonzero(_changes(byte))
    if len(starts):
        rows[byte[starts]] = np.add.reduceat(np.left_shift(1, documents & 7).astype(np.uint8), starts)
    return rows.reshape(count, size)


def _joined(places: Places, at: Ints) -> Keys:
    joined: Keys = np.left_shift(places.astype(np.uint64), np.uint64(32))
    joined |= at.astype(np.uint64)
    return joined


def _changes(values: Numbers) -> Flags:
    """Where a value is another than the one before it."""
    changed = np.ones(len(values), np.bool_)
    np.not_equal(values[1:], values[:-1], out=changed[1:])
    return changed
