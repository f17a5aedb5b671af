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

import numpy as np

from plugins.search.growing import Part, Shared
from plugins.search.levels import DEEPEST, Text
from plugins.search.roots import roots

_NOWHERE = np.iinfo(np.int32).max
"""The slot of a place where no open root stands."""


class Grams:
    """The grams of one segment, in `parts` ranges of places, so that the work in hand is that of one part."""

    def __init__(self, text: Text, parts: int) -> None:
        self.parts: list[Part] = []
        self.slots = 0
        self._roots(text, parts)
        for depth in range(3, DEEPEST + 1):
            shared = self._shared()
            for part in self.parts:
                part.grow(depth, shared)

    def _roots(self, text: Text, parts: int) -> None:
        """Every place where an open root stands gets its slot, and learns that of the place behind."""
        slots = np.full(len(text.units), _NOWHERE, np.int32)
        for found in roots(text, parts):
            part = Part(text, found)
            part.placed(slots, self.slots)
            self.slots += len(part.at)
            self.parts.append(part)
        for part in self.parts:
            part.behind = slots.take(part.behind)

    def _shared(self) -> Shared:
        """Gives a name to every open gram of the last length."""
        rows = np.concatenate([part.rows for part in self.parts])
        where = np.full(self.slots + 1, len(rows), np.min_scalar_type(len(rows)))
        first = 0
        for part in self.parts:
            part.named(where, first)
            first += len(part.open)
        return Shared(rows, np.concatenate([part.last for part in self.parts]), where)
