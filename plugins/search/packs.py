"""One document as the index needs it: its folded units with their worth, and its text in blocks to be shown (pure).

A pack is one JSON line, then the folded units (UTF-16, little end first), then the blocks as they are published.
"""

from __future__ import annotations

import codecs
import json
import unicodedata
import zlib
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import orjson

from plugins.search.fold import fold, folded_units, loose, units
from plugins.search.levels import BLOCK, Text
from plugins.search.places import place
from plugins.search.ranking import hit
from plugins.search.segment import Name

MOST = 255
"""Blocks of a text."""
LONGEST = 1000
"""Folded units of a block that is not the last with a text: as many as a query has characters (search.js)."""
_REACH = 300
"""How far a block may end before or after its place, to end with a sentence."""


Numbers = npt.NDArray[Any]


class Head(NamedTuple):
    """A numbered piece of a text: where it begins and its title ends (or begins again: no title), label, anchor."""

    start: int
    end: int
    label: str
    anchor: str


def deflated(value: object) -> bytes:
    """JSON in GBK, deflated without a header (RFC 1951): what `inflated` of search.js reads.

    Two bytes a character instead of three make a deflated Chinese text a seventh smaller. What GBK lacks is escaped.
    """
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(orjson.dumps(value).decode().encode("gbk", _ESCAPED)) + packer.flush()


def _escaped(error: UnicodeError) -> tuple[str, int]:
    """Characters that an encoding lacks, as JSON writes them (RFC 8259, section 7)."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    lacking = units(error.object[error.start : error.end])
    return "".join(f"\\u{unit:04x}" for unit in lacking.tolist()), error.end


_ESCAPED = "escaped-as-json"
codecs.register_error(_ESCAPED, _escaped)


def block_count(size: int) -> int:
    """Into how many blocks a text of `size` bytes is cut: about 2,400 Chinese characters each."""
    return min(MOST, max(1, (size + 3_600) // 7_200))


def pack(record: Mapping[str, str], text: str, heads: Sequence[Head], blocks: int, weights: Mapping[str, int]) -> bytes:
    """The pack of a document: `record` is what a result shows, `weights` are those of its fields (ranking.py)."""
    bounds, titles = _bounds(text, blocks), [h for h in heads if h.end > h.start]
    places = sorted({*bounds, *(h.start for h in titles), *(h.end for h in titles)})
    body, moved = folded_units(text, places)
    at = dict(zip(places, moved, strict=True))
    bounds = _long(bounds, at)
    fields = [folded_units(record[name], ())[0] for name in ("title", "number")]
    shown = [deflated(_block(record, text, heads, *span)) for span in pairwise(bounds)]
    size = at[bounds[-1]]
    lengths = {"title": len(fields[0]), "number": len(fields[1]), "heading": size, "text": size}
    head = {
        "lengths": [*map(len, fields), *(at[end] - at[start] for start, end in pairwise(bounds))],
        "hits": {field: hit(weights[field], field, length) for field, length in lengths.items()},
        "titles": [(at[h.start], at[h.end]) for h in titles],
        "names": sorted({(_place(name), _hash(name)) for n in ("title", "number") if (name := loose(fold(record[n])))}),
        "blocks": [len(data) for data in shown],
    }
    end = np.zeros(1, np.uint16)
    joint = np.concatenate([part for field in (*fields, body) for part in (field, end)])
    return b"".join((json.dumps(head, separators=(",", ":")).encode(), b"\n", joint.tobytes(), *shown))


def block(packed: bytes, number: int) -> bytes:
    """One block of a pack, as it is published."""
    sizes = json.loads(packed[: packed.index(b"\n")])["blocks"]
    end = len(packed) - sum(sizes[number + 1 :])
    return packed[end - sizes[number] : end]


def joined(packs: Sequence[bytes]) -> tuple[Text, list[Name]]:
    """The texts of many packs as one, and their names."""
    parts: list[tuple[Numbers, ...]] = []
    names: list[Name] = []
    counts: list[int] = []
    for number, packed in enumerate(packs):
        start = packed.index(b"\n") + 1
        head = json.loads(packed[:start])
        names += [Name(place_, hash_, number) for place_, hash_ in head["names"]]
        counts.append(len(head["blocks"]))
        parts.append(_arrays(head, np.frombuffer(packed, np.uint16, sum(head["lengths"]) + 3, start)))
    units, fact = (np.concatenate(part) for part in zip(*parts, strict=True))
    document = np.repeat(np.arange(len(packs), dtype=np.uint16), [len(part[0]) for part in parts])
    return Text(len(packs), np.array(counts, np.int64), units, document, fact), names


def _arrays(head: Mapping[str, Any], units: Numbers) -> tuple[Numbers, Numbers]:
    """Units and facts of one document."""
    title, number, *texts = head["lengths"]
    start, hits = title + number + 2, head["hits"]
    block = np.zeros(len(units), np.uint32)
    block[start:-1] = np.repeat(np.arange(len(texts), dtype=np.uint32), texts)
    block[-1] = len(texts) - 1
    weight = np.full(len(units), hits["text"], np.uint32)
    weight[:title] = hits["title"]
    weight[title : start - 1] = hits["number"]
    for first, end in head["titles"]:
        weight[start + first : start + end] = hits["heading"]
    return units, np.left_shift(weight, BLOCK) | block


def _bounds(text: str, blocks: int) -> list[int]:
    """Where blocks begin and end: with a line or a sentence where one ends near, and never before a combining mark."""
    bounds = [0]
    for number in range(1, blocks):
        at = max(bounds[-1], number * len(text) // blocks)
        near = max(text.rfind(mark, max(bounds[-1], at - _REACH), at + _REACH) + 1 for mark in ("\n", "。"))
        at = near or at
        while 0 < at < len(text) and unicodedata.combining(text[at]):
            at += 1
        bounds.append(at)
    return [*bounds, len(text)]


def _long(bounds: Sequence[int], at: Mapping[int, int]) -> list[int]:
    """Bounds without those of blocks that fold (`at`) to little: what begins in a block ends in it or in the next, so
    that a reader knows where to look. What is left over are empty blocks at the end."""
    kept = [0]
    for bound in bounds[1:-1]:
        if at[bound] - at[kept[-1]] >= LONGEST:
            kept.append(bound)
    return kept + [bounds[-1]] * (len(bounds) - len(kept))


def _block(record: Mapping[str, str], text: str, heads: Sequence[Head], start: int, end: int) -> dict[str, object]:
    """What is published of a block; of heads [UTF-16 place in the block, label, anchor], the last before it first."""
    before = [h for h in heads if h.start <= start][-1:]
    within = [h for h in heads if start < h.start < end]
    piece = text[start:end]
    places = [max(head.start, start) - start for head in (*before, *within)]
    if len(units(piece)) > len(piece):
        places = [len(units(piece[:at])) for at in places]
    shown = [[at, head.label, head.anchor] for at, head in zip(places, (*before, *within), strict=True)]
    return {**record, "text": piece, "heads": shown}


def _place(name: str) -> int:
    """The place of the root that `name` begins with."""
    first = units(f"{name[:2]}\0")
    return int(place(first[:1], first[1:2])[0])


def _hash(name: str) -> int:
    """FNV-1a over UTF-16 units, folded to 16 bits."""
    value = 0x811C9DC5
    for unit in units(name).tolist():
        value = (value ^ unit) * 0x01000193 & 0xFFFFFFFF
    return (value ^ (value >> 16)) & 0xFFFF
