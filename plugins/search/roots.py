"""Where the roots of a segment stand: pairs of characters, and single ones for the first time (pure, numpy)."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from plugins.search.bits import Ints
from plugins.search.levels import Flags, Numbers, Text
from plugins.search.places import PLACE, Places, place, single_place

_DIGIT = 16
"""Bits of a number that numpy sorts by counting."""
_CHUNK = 1 << 17
"""Units whose places are worked out at once, so that they stay near."""


class Roots(NamedTuple):
    """Of every root where it stands: its place, its position, and the document and fact there (levels.py)."""

    place: Places
    at: Numbers
    document: Numbers
    fact: Numbers


def roots(text: Text, parts: int) -> Iterator[Roots]:
    """The roots of each part; single characters where documents begin them."""
    shift = np.uint32(PLACE - (parts.bit_length() - 1))
    pairs, at = _pairs(text, parts, shift), _first_of_each(text)
    singles = Roots(single_place(text.units[at]), at.astype(np.int32), text.document[at], text.fact[at])
    owner = np.right_shift(singles.place, shift)
    for part, found in enumerate(pairs):
        alone = np.flatnonzero(owner == part)
        found.append(Roots._make([column[alone] for column in singles]))
        yield Roots._make([np.concatenate(columns) for columns in zip(*found, strict=True)])


def _pairs(text: Text, parts: int, shift: np.uint32) -> list[list[Roots]]:
    """For each part (the bits of a place above `shift`) where pairs of units begin, chunk by chunk."""
    found = list[list[Roots]]([] for _ in range(parts))
    for start in range(0, len(text.units), _CHUNK):
        chunk = slice(start, start + _CHUNK)
        first = text.units[chunk]
        second = np.append(text.units[start + 1 : start + 1 + _CHUNK], np.uint16(0))[: len(first)]
        places = place(first, second)
        owner = np.right_shift(places, shift).astype(np.uint16)
        owner[(first == 0) | (second == 0)] = parts
        order, ends = ordered(owner), np.cumsum(np.bincount(owner, minlength=parts))
        columns = (places, np.arange(start, start + len(first), dtype=np.int32), text.document[chunk], text.fact[chunk])
        split = [np.split(column[order], ends[:parts]) for column in columns]
        for mine, *pieces in zip(found, *split, strict=False):
            mine.append(Roots._make(pieces))
    return found


def ordered(values: Numbers, most: int = (1 << _DIGIT) - 1) -> Ints:
    """The order of values from 0 to `most`; equals stay as they are. Numpy counts 16 bits at a time, which is quick."""
    order = np.argsort(values.astype(np.uint16), kind="stable")
    if most >> _DIGIT:
        order = order[np.argsort(np.right_shift(values, _DIGIT).astype(np.uint16)[order], kind="stable")]
    return order


def _first_of_each(text: Text) -> Ints:
    """Where each document has a character for the first time: who holds it is all that is kept of it."""
    seen, found = np.zeros(0x10000, np.int64), np.zeros(len(text.units), np.bool_)
    for start, end in pairwise([*np.flatnonzero(changes(text.document)).tolist(), len(text.units)]):
        own, at = text.units[start:end], np.arange(end - start)
        seen[own[::-1]] = at[::-1]
        found[start:end] = (seen[own] == at) & (own > 0)
    return np.flatnonzero(found)


def changes(values: Numbers) -> Flags:
    """Where a value is another than the one before it."""
    changed = np.ones(len(values), np.bool_)
    np.not_equal(values[1:], values[:-1], out=changed[1:])
    return changed
