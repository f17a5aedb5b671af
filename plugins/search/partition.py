"""How entries are cut into segments, from their number, days and sizes alone: never from when they came (pure).

Entries lie oldest first. A segment ends with a month once it holds `FULL` entries, so that an edit of old ones reaches
one segment only. What is left is one more segment but for the newest few, which are the last: a new document changes
those alone, until they are enough to be joined to the others.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

FULL = 4096
"""Entries after which a segment ends with the month."""
_SHARE = 64
"""The newest are at most one in so many."""
_BUCKET, _SMALL = 1_536, 512
"""Characters of text for each bucket, and in the newest segment."""


class Segment(NamedTuple):
    """Entries `first` to `first + documents`, in 2 ** `bits` buckets."""

    first: int
    documents: int
    bits: int


def segments(months: Sequence[str], sizes: Sequence[int]) -> list[Segment]:
    """The segments of entries with these months (YYYY-MM, ascending) and sizes of text in characters."""
    bounds, start = list(_closed(months)), 0
    start = bounds[-1] if bounds else 0
    left = len(months) - start
    newest = left % _step(left) if left else 0
    bounds += [end for end in (len(months) - newest, len(months)) if end > (bounds[-1] if bounds else 0)]
    found, first = [], 0
    for end in dict.fromkeys(bounds):
        aim = _SMALL if newest and end == len(months) else _BUCKET
        found.append(Segment(first, end - first, _bits(sum(sizes[first:end]), aim)))
        first = end
    return found


def _closed(months: Sequence[str]) -> Iterator[int]:
    first = 0
    for end in range(1, len(months)):
        if months[end] != months[end - 1] and end - first >= FULL:
            yield end
            first = end


def _step(count: int) -> int:
    """A power of two: the number that the newest entries stay below."""
    return max(1, 1 << max(0, (count // _SHARE).bit_length() - 1))


def _bits(size: int, aim: int) -> int:
    """So that a bucket stands for about `aim` characters."""
    return min(20, max(0, round(size / aim).bit_length() - 1)) if size else 0
