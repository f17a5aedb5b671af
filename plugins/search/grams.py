"""The grams of a segment, by length: which documents hold each, how well, and where first (pure, numpy).

Every character and every pair of characters that stands in the segment is a root. A longer gram is kept where more than
`limit` documents hold both what it is without its last character and what it is without its first. What is not kept is
therefore held by at most so many documents that known lists leave, or by none. Where fewer are left, down to `least`,
words are kept: what most of these documents hold, so that not all of their texts have to be read. In a small segment
every word is.

Where all documents that hold both hold the gram, no list is kept of it (`MARK`): it follows from theirs. Where `limit`
is 0 there is one, so that a reader need not ask for theirs.

What costs is to look up something for a place in the text, because the text is larger than what a processor has near.
So that is done once for each length: which gram stands at the place behind. And places are numbered anew for it, root
by root (slots): what one gram of three or more characters asks for then lies in the slots of one root.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from plugins.search.bits import Ints
from plugins.search.levels import BLOCK, DEEPEST, LIST, MARK, ROOT, SAME, Level, Numbers, Text, enough, least, limit
from plugins.search.places import COMPACT, PLACE, Places, single_place
from plugins.search.ranking import THRESHOLDS
from plugins.search.roots import changes, ordered, roots

_CHUNK = 4_000
"""Grams whose rows are compared at once."""
_NOWHERE = np.iinfo(np.int32).max
"""The slot of a place where no open root stands."""
Rows = npt.NDArray[np.uint64]


class Shared(NamedTuple):
    """What all parts know of the open grams of one length: who holds each (`rows`, a bit for each document), the
    `last` character of each, and which stands at every slot (`where`; their number: none)."""

    rows: Rows
    last: npt.NDArray[np.uint16]
    where: Numbers


class Grams:
    """The grams of one segment, in `parts` ranges of places, so that the work in hand is that of one part."""

    def __init__(self, text: Text, parts: int) -> None:
        self.parts: list[_Part] = []
        self.slots = 0
        rows = self._roots(text, parts)
        for depth in range(3, DEEPEST + 1):
            shared = self._shared(np.concatenate(rows))
            rows = [part.grow(depth, shared) for part in self.parts]

    def _roots(self, text: Text, parts: int) -> list[Rows]:
        """The rows of open roots; every place where one stands gets its slot, and learns that of the place behind."""
        rows, slots = [], np.full(len(text.units), _NOWHERE, np.int32)
        for found in roots(text, parts):
            part = _Part(text, *found)
            rows.append(part.grow(2, None))
            part.placed(slots, self.slots)
            self.slots += len(part.at)
            self.parts.append(part)
        for part in self.parts:
            part.behind = slots.take(part.behind)
        return rows

    def _shared(self, rows: Rows) -> Shared:
        """Gives a name to every open gram of the last length."""
        last = [part.last for part in self.parts]
        where = np.full(self.slots + 1, len(rows), np.min_scalar_type(len(rows)))
        first = 0
        for part in self.parts:
            part.named(where, first)
            first += len(part.open)
        return Shared(rows, np.concatenate(last), where)


class _Fresh(NamedTuple):
    """Grams of one length: of each its parent and key, how many documents hold `both` its parts, and how many `times`
    it stands somewhere; which positions of the length before these are (`source`), gram by gram."""

    parent: Ints
    key: Ints
    both: Ints
    times: Ints
    source: Ints


class _Pairs(NamedTuple):
    """Pairs of a gram and a document that holds it: where each is first among positions, its gram, its pair in the
    nearest list above, its document; and how many each gram has."""

    first: Ints
    gram: Ints
    above: Numbers
    document: Numbers
    held: Ints


class _Part:
    """The grams of one range of roots; `levels` holds them, roots first.

    Between two levels it knows of every position of an open gram, by gram and place, its slot (`at`) and that of the
    place `behind` (both are places of the text until `placed`), its `fact`, and its `pair` in the nearest list above;
    of every gram where that list begins (`begin`) and its `size`; which are `open`, how many `times` each of these
    stands somewhere, its `last` character, and the `name` of the first. `documents`, `ratings` and `blocks` are those
    of the pairs of all lists, one after the other; the first is that of all documents.
    """

    def __init__(self, text: Text, key: Places, at: Ints) -> None:
        self.levels, self.width = list[Level](), text.documents
        self.documents = np.arange(text.documents, dtype=np.uint16)
        self.ratings = np.full(text.documents, len(THRESHOLDS), np.uint8)
        self.blocks = np.zeros(text.documents, np.uint8)
        self.begin, self.size = np.zeros(1, np.int64), np.full(1, text.documents, np.int64)
        order = ordered(key, (1 << PLACE) - 1)
        at, key = at[order], key[order]
        self.pair, self.fact = text.document[at].astype(np.int32), text.fact[at]
        self.at = at.astype(np.int32)
        self.behind = self.at + np.int32(1)
        self.open, self.times, self.name = np.zeros(0, np.int64), np.zeros(0, np.int64), 0
        start = np.flatnonzero(changes(key))
        self.single = np.equal(single_place(text.units[at[start]]), key[start])
        self.last = COMPACT[text.units[np.minimum(at[start] + 1, len(text.units) - 1)]]
        none, size = np.zeros(len(start), np.int64), np.diff(np.append(start, len(key)))
        self.fresh = _Fresh(none, key[start].astype(np.int64), none, size, np.arange(len(key)))

    def grow(self, depth: int, shared: Shared | None) -> Rows:
        """Adds the grams of one length; gives the rows of those that are open."""
        fresh = self._longer(shared, depth) if shared else self.fresh
        pairs = self._pairs(fresh)
        if shared:
            fresh, pairs = self._kept(fresh, pairs, depth)
        self.fresh = fresh._replace(source=fresh.source[:0])
        level, above = self._level(fresh, pairs, depth)
        opened = (level.held > least(self.width, depth + 1)) & ~level.single & (depth < DEEPEST)
        self.levels.append(level._replace(open=opened))
        self._list(level)
        self.open, self.times = np.flatnonzero(opened), fresh.times[opened]
        self.last = (fresh.key.astype(np.uint16) if shared else self.last)[opened]
        index, left = fresh.source[np.repeat(opened, fresh.times)], np.repeat(opened, pairs.held)
        self.pair = np.repeat(above[left], np.diff(np.append(pairs.first, len(fresh.source)))[left])
        self.at, self.behind, self.fact = self.at[index], self.behind[index], self.fact[index]
        return self._rows(pairs, opened)

    def placed(self, slots: Numbers, slot: int) -> None:
        """Gives slots from `slot` on to all places, and notes them in `slots`."""
        own = np.arange(slot, slot + len(self.at), dtype=np.int32)
        slots[self.at], self.at = own, own

    def named(self, where: Numbers, name: int) -> None:
        """Names the open grams from `name` on, and notes in `where` at which slots they stand."""
        self.name = name
        where[self.at] = np.repeat(np.arange(name, name + len(self.open), dtype=where.dtype), self.times)

    def _longer(self, shared: Shared, depth: int) -> _Fresh:
        """The grams of this length whose end is open too, and of which enough documents hold both parts."""
        suffix = shared.where.take(self.behind, mode="clip")
        chosen = np.flatnonzero(suffix < len(shared.rows))
        character = shared.last[suffix[chosen]]
        prefix = np.repeat(np.arange(len(self.open), dtype=np.int32), self.times)[chosen]
        order = ordered(character)
        order = order[ordered(prefix[order], len(self.open))]
        character = character[order]
        start = np.flatnonzero(changes(prefix) | changes(character))
        index, count = chosen[order], np.diff(np.append(start, len(order)))
        parent, key, suffix = prefix[start], character[start].astype(np.int64), suffix[index[start]]
        both = np.zeros(len(start), np.int64)
        for begin in range(0, len(start), _CHUNK):
            some = slice(begin, begin + _CHUNK)
            common = shared.rows[self.name + parent[some]] & shared.rows[suffix[some]]
            both[some] = np.bitwise_count(common).sum(1, dtype=np.int64)
        many = enough(self.width, depth, both, count)
        index = index if many.all() else index[np.repeat(many, count)]
        return _Fresh(self.open[parent[many]], key[many], both[many], count[many], index)

    def _kept(self, fresh: _Fresh, pairs: _Pairs, depth: int) -> tuple[_Fresh, _Pairs]:
        """Of fresh grams of this length those that are kept, now that it is known how many documents hold each."""
        some = enough(self.width, depth, fresh.both, pairs.held)
        if some.all():
            return fresh, pairs
        left, source, held = np.repeat(some, pairs.held), np.repeat(some, fresh.times), pairs.held[some]
        first, gram = (np.cumsum(source) - 1)[pairs.first[left]], np.repeat(np.arange(len(held)), held)
        pairs = _Pairs(first, gram, pairs.above[left], pairs.document[left], held)
        return _Fresh._make([*(column[some] for column in fresh[:-1]), fresh.source[source]]), pairs

    def _pairs(self, fresh: _Fresh) -> _Pairs:
        """The pairs of fresh grams."""
        begin, pair = np.cumsum(fresh.times) - fresh.times, self.pair[fresh.source]
        starts = changes(pair)
        starts[begin] = True
        first = np.flatnonzero(starts)
        above = pair[first]
        held = np.diff(np.append(np.searchsorted(first, begin), len(first)))
        return _Pairs(first, np.repeat(np.arange(len(begin)), held), above, self.documents[above], held)

    def _level(self, fresh: _Fresh, pairs: _Pairs, depth: int) -> tuple[Level, Numbers]:
        """The level of fresh grams, none of them open yet; and of each pair, the one in the nearest list."""
        parent, held, among = fresh.parent, pairs.held, self.size[fresh.parent]
        fact = self.fact[fresh.source]
        sums = np.zeros(len(fact) + 1, np.int64)
        np.cumsum(fact >> BLOCK, out=sums[1:])
        worth = np.diff(sums[np.append(pairs.first, len(fact))])
        rating, block = np.zeros(len(worth), np.uint8), fact[pairs.first].astype(np.uint8)
        for threshold in THRESHOLDS:
            rating += worth >= threshold
        most, least = self.ratings[pairs.above], self.blocks[pairs.above]
        other = np.bincount(pairs.gram[(rating != most) | (block != least)], minlength=len(held))
        kind = np.full(len(held), ROOT)
        if depth > 2:
            follows = (held == fresh.both) & (limit(self.width, depth) > 0)
            kind = np.where((held == among) & (other == 0), SAME, np.where(follows, MARK, LIST))
        kept = np.repeat((kind == LIST) | (kind == ROOT), held)
        gram, above = pairs.gram[kept], pairs.above[kept]
        rank = (above - self.begin[parent][gram]).astype(np.uint16)
        columns = (rating, block, most, least)
        listed = (gram.astype(np.int32), pairs.document[kept], rank, *(column[kept] for column in columns))
        none = np.zeros(len(held), np.bool_)
        single = self.single if depth == 2 else none
        place = np.where(kept, len(self.ratings) + np.cumsum(kept) - 1, pairs.above).astype(np.int32)
        return Level(parent, fresh.key, kind, held, among, none, single, *listed), place

    def _list(self, level: Level) -> None:
        """Notes the lists of a level."""
        sizes = np.where(level.listed, level.held, 0)
        begin = len(self.ratings) + np.cumsum(sizes) - sizes
        self.begin = np.where(level.listed, begin, self.begin[level.parent])
        self.size = np.where(level.listed, level.held, level.among)
        self.documents = np.concatenate([self.documents, level.document])
        self.ratings = np.concatenate([self.ratings, level.rating])
        self.blocks = np.concatenate([self.blocks, level.block])

    def _rows(self, pairs: _Pairs, opened: npt.NDArray[np.bool_]) -> Rows:
        """A row of bits for each open gram: who holds it."""
        width = (self.width + 63) // 64 * 64
        chosen = np.repeat(opened, pairs.held)
        number = (np.cumsum(opened) - 1)[pairs.gram[chosen]]
        bits = np.zeros((len(self.open), width), np.bool_)
        bits.reshape(-1)[number * width + pairs.document[chosen]] = True
        rows: Rows = np.packbits(bits, axis=1).view(np.uint64)
        return rows
