"""The grams of one range of roots, made longer by a character at a time (pure, numpy; what is kept: grams.py).

Most long grams are parts of set phrases: wherever they stand, the same character follows. The longer one then stands at
the same places, so nothing of these is counted or sorted again (`Straight`).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from plugins.search.bits import Ints
from plugins.search.levels import (
    BLOCK,
    DEEPEST,
    LIST,
    MARK,
    ROOT,
    SAME,
    Level,
    Numbers,
    Text,
    enough,
    least,
    limit,
)
from plugins.search.places import COMPACT, PLACE, single_place
from plugins.search.ranking import THRESHOLDS
from plugins.search.roots import Roots, changes, ordered
from plugins.search.rows import Rows, bit_rows, in_both


class Shared(NamedTuple):
    """What all parts know of the open grams of one length: who holds each (`rows`, a bit for each document), the
    `last` character of each, and which stands at every slot (`where`; their number: none)."""

    rows: Rows
    last: npt.NDArray[np.uint16]
    where: Numbers


class _Fresh(NamedTuple):
    """Grams of one length: of each its parent and key, how many documents hold `both` its parts, and how many `times`
    it stands somewhere; which positions of the length before these are (`source`), gram by gram."""

    parent: Ints
    key: Ints
    both: Ints
    times: Ints
    source: Ints


class _Straight(NamedTuple):
    """Of the open grams those with the same open one behind them wherever they stand: their number among the open ones,
    the `key` of the longer gram, how many `times` and at which positions (`source`) both stand.

    Of the longer gram everything follows: it has the lists of the shorter, and all documents that hold both its parts.
    """

    gram: Ints
    key: Ints
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


class Part:
    """The grams of one range of roots; `levels` holds them, roots first.

    Between two levels it knows of every position of an open gram, by gram and place, its slot (`at`) and that of the
    place `behind` (both are places of the text until `placed`), its `fact`, and its `pair` in the nearest list above;
    of every gram where that list begins (`begin`) and its `size`; which are `open`, and of each of these how many
    `times` it stands somewhere, its `last` character, and who holds it (`rows`). `documents`, `ratings` and `blocks`
    are those of the pairs of all lists, one after the other; the first is that of all documents.
    """

    def __init__(self, text: Text, found: Roots) -> None:
        self.levels, self.width = list[Level](), text.documents
        self.documents = np.arange(text.documents, dtype=np.uint16)
        self.ratings = np.full(text.documents, len(THRESHOLDS), np.uint8)
        self.blocks = np.zeros(text.documents, np.uint8)
        self.begin, self.size = np.zeros(1, np.int64), np.full(1, text.documents, np.int64)
        order = ordered(found.place, (1 << PLACE) - 1)
        key, at, document, self.fact = (column[order] for column in found)
        self.at, self.behind, self.pair = at, at + np.int32(1), document.astype(np.int32)
        start = np.flatnonzero(changes(key))
        none, times = np.zeros(len(start), np.int64), np.diff(np.append(start, len(key)))
        fresh = _Fresh(none, key[start].astype(np.int64), none, times, np.arange(len(key)))
        pairs = self._pairs(fresh)
        level, above = self._level(fresh, pairs, 2)
        single = np.equal(single_place(text.units[at[start]]), key[start])
        self._add(level._replace(single=single), 2)
        self.rows = bit_rows(0, text.documents, none[:0], none[:0])
        self._go_on(fresh, pairs, above, _Straight._make([none[:0]] * 4))
        self.last = COMPACT[text.units[np.minimum(at[start[self.open]] + 1, len(text.units) - 1)]]

    def grow(self, depth: int, shared: Shared) -> None:
        """Adds the grams of one length."""
        suffix = shared.where.take(self.behind, mode="clip")
        straight = self._straight(shared, suffix)
        fresh = self._longer(shared, suffix, straight, depth)
        fresh, pairs = self._kept(fresh, self._pairs(fresh), depth)
        level, above = self._level(fresh, pairs, depth)
        self._add(self._with(level, straight), depth)
        self._go_on(fresh, pairs, above, straight)
        self.last = self.levels[-1].key[self.open].astype(np.uint16)

    def placed(self, slots: Numbers, slot: int) -> None:
        """Gives slots from `slot` on to all places, and notes them in `slots`."""
        own = np.arange(slot, slot + len(self.at), dtype=np.int32)
        slots[self.at], self.at = own, own

    def named(self, where: Numbers, name: int) -> None:
        """Names the open grams from `name` on, and notes in `where` at which slots they stand."""
        where[self.at] = np.repeat(np.arange(name, name + len(self.open), dtype=where.dtype), self.times)

    def _straight(self, shared: Shared, suffix: Numbers) -> _Straight:
        """The open grams that go on in one way; `suffix` names what stands behind each position."""
        begin = np.cumsum(self.times) - self.times
        low, high = np.minimum.reduceat(suffix, begin), np.maximum.reduceat(suffix, begin)
        alone = (low == high) & (high < len(shared.last))
        gram = np.flatnonzero(alone)
        source = np.flatnonzero(np.repeat(alone, self.times))
        return _Straight(gram, shared.last[high[gram]].astype(np.int64), self.times[gram], source)

    def _longer(self, shared: Shared, suffix: Numbers, straight: _Straight, depth: int) -> _Fresh:
        """The other grams of this length whose end is open too, and of which enough documents hold both parts."""
        going = suffix < len(shared.last)
        going[straight.source] = False
        chosen = np.flatnonzero(going)
        character = shared.last[suffix[chosen]]
        prefix = np.repeat(np.arange(len(self.open), dtype=np.int32), self.times)[chosen]
        order = ordered(character)
        order = order[ordered(prefix[order], len(self.open))]
        character = character[order]
        start = np.flatnonzero(changes(prefix) | changes(character))
        index, count = chosen[order], np.diff(np.append(start, len(order)))
        parent, key, suffix = prefix[start], character[start].astype(np.int64), suffix[index[start]]
        both = in_both(self.rows, parent, shared.rows, suffix)
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
        worth = np.add.reduceat(fact >> BLOCK, pairs.first, dtype=np.int64)
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
        place = np.where(kept, len(self.ratings) + np.cumsum(kept) - 1, pairs.above).astype(np.int32)
        return Level(parent, fresh.key, kind, held, among, none, none, *listed), place

    def _with(self, level: Level, straight: _Straight) -> Level:
        """The same with the grams that went on in one way, which have no lists of their own."""
        parent = self.open[straight.gram]
        above = self.levels[-1]
        kind = np.where(above.kind[parent] == MARK, MARK, SAME)
        none = np.zeros(len(parent), np.bool_)
        columns = (parent, straight.key, kind, above.held[parent], self.size[parent], none, none)
        joined = [np.concatenate(both) for both in zip(level[: len(columns)], columns, strict=True)]
        return Level._make([*joined, *level[len(columns) :]])

    def _add(self, level: Level, depth: int) -> None:
        """Keeps a level, now that it is known which of its grams are open, and notes its lists."""
        opened = (level.held > least(self.width, depth + 1)) & ~level.single & (depth < DEEPEST)
        self.levels.append(level._replace(open=opened))
        sizes = np.where(level.listed, level.held, 0)
        begin = len(self.ratings) + np.cumsum(sizes) - sizes
        self.begin = np.where(level.listed, begin, self.begin[level.parent])
        self.size = np.where(level.listed, level.held, level.among)
        self.documents = np.concatenate([self.documents, level.document])
        self.ratings = np.concatenate([self.ratings, level.rating])
        self.blocks = np.concatenate([self.blocks, level.block])

    def _go_on(self, fresh: _Fresh, pairs: _Pairs, above: Numbers, straight: _Straight) -> None:
        """Leaves of all positions those of the last level's open grams."""
        opened = self.levels[-1].open
        first, rest = opened[: len(fresh.key)], opened[len(fresh.key) :]
        along = straight.source[np.repeat(rest, straight.times)]
        index = np.concatenate([fresh.source[np.repeat(first, fresh.times)], along])
        left = np.repeat(first, pairs.held)
        pair = np.repeat(above[left], np.diff(np.append(pairs.first, len(fresh.source)))[left])
        self.pair = np.concatenate([pair, self.pair[along]])
        self.at, self.behind, self.fact = self.at[index], self.behind[index], self.fact[index]
        self.open, self.times = np.flatnonzero(opened), np.concatenate([fresh.times[first], straight.times[rest]])
        made = bit_rows(int(first.sum()), self.width, (np.cumsum(first) - 1)[pairs.gram[left]], pairs.document[left])
        self.rows = np.concatenate([made, self.rows[straight.gram[rest]]])
