"""What the index is made of: the folded texts of a segment, and grams by length (pure)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from plugins.search.bits import Ints
from plugins.search.places import Units

LEFT, WORDS = 12, 28
"""The cube of the documents that may be left to be looked into, for each document of a segment: for grams of more than
`WORD` characters, and for shorter ones."""
BLOCK = 8
"""Bits of a block's number, below a weight."""
DEEPEST = 10
"""Characters of the longest gram."""
WORD = 4
"""Characters of the longest gram that is kept because most documents hold it that hold its parts, as words are."""
RARE = 2
"""Documents of a root that is known by some bits of its place only, and has no longer grams."""
SMALL = 64
"""Documents from which on this holds. In a segment of fewer, as the newest is, all of up to `WORD` characters is kept
with a list of its own: of a word nothing has to be asked but what it begins with."""
ROOT, SAME, MARK, LIST = range(4)
"""What is kept of a gram: a root's list; that it has the list above; that it has what both its parts have; a list."""
Flags = npt.NDArray[np.bool_]
Numbers = npt.NDArray[Any]


@dataclass(frozen=True, slots=True)
class Text:
    """The folded texts of a segment, one after the other, in UTF-16 units; every field ends with a zero.

    `documents` counts them, `blocks` the blocks of each. Of each unit, `document` says whose it is, and `fact` what a
    hit there counts, above the `BLOCK` bits of the number of the block of the text in which it stands.
    """

    documents: int
    blocks: Ints
    units: Units
    document: npt.NDArray[np.uint16]
    fact: npt.NDArray[np.uint32]


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

    def wide(self) -> Level:
        """The same with columns that hold sums."""
        pairs: list[Any] = [column.astype(np.int64) for column in self[7:]]
        return Level._make([*self[:7], *pairs])


def limit(documents: int, length: int) -> int:
    """How many of so many documents a phrase of `length` characters may leave to be looked into.

    Up to four characters 20 of 300, 43 of 3,000, of a small segment none; of more 7 of 30, 15 of 300, 33 of 3,000.
    """
    if length <= WORD and documents < SMALL:
        return 0
    return int(((WORDS if length <= WORD else LEFT) * documents) ** (1 / 3) + 1e-6)


def least(documents: int, length: int) -> int:
    """Of how many of so many documents that hold both parts of a gram nothing is kept: of a word 6 of 300."""
    most = limit(documents, length)
    return max(RARE, most // 3) if most and length <= WORD else most


def enough(documents: int, length: int, both: Ints, held: Ints) -> Flags:
    """Which grams are kept, by how many documents hold `both` parts, and how many the gram.

    Where `both` is more than `limit` all are; down to `least`, those that at least two thirds of these documents hold.
    """
    many: Flags = (both > limit(documents, length)) | ((both > least(documents, length)) & (2 * both <= 3 * held))
    return many
