"""Where the roots of a segment stand: pairs of characters, and single ones for the first time (pure, numpy)."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from plugins.search.bits import Ints
from plugins.search.levels import Flags, Numbers, Text
from plugins.search.places import PLACE, Places, place, single_place

_DIGIT = 16
"""Bits of a number that numpy sorts by counting."""
_CHUNK = 1 << 17
"""Units whose places are worked out at once, so that they stay near."""


def roots(text: Text, parts: int) -> Iterator[tuple[Places, Ints]]:
    """Place and position of every root of each part; of single characters, where documents begin them."""
    shift = np.uint32(PLACE - (parts.bit_length() - 1))
    places, pairs = _pairs(text, parts, shift)
    singles = _first_of_each(text)
    single_places = single_place(text.units[singles])
    single_owner = np.right_shift(single_places, shift)
    for part, found in enumerate(pairs):
        alone, at = np.flatnonzero(single_owner == part), np.concatenate(found)
        yield np.concatenate([places[at], single_places[alone]]), np.concatenate([at, singles[alone]])


def _pairs(text: Text, parts: int, shift: np.uint32) -> tuple[Places, list[list[Numbers]]]:
    """The place of each unit with the next; and for each part (the bits above `shift`) where such pairs begin."""
    size, found = len(text.units), list[list[Numbers]]([] for _ in range(parts))
    places = np.empty(size, np.uint32)
    for start in range(0, size, _CHUNK):
        end = min(start + _CHUNK, size)
        first, second = text.units[start:end], np.append(text.units[start + 1 : end + 1], np.uint16(0))[: end - start]
        places[start:end] = place(first, second)
        owner = np.right_shift(places[start:end], shift).astype(np.uint16)
        owner[(first == 0) | (second == 0)] = parts
        order, ends = ordered(owner).astype(np.int32) + np.int32(start), np.cumsum(np.bincount(owner, minlength=parts))
        for part, at in zip(found, np.split(order, ends[:parts]), strict=False):
            part.append(at)
    return places, found


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
