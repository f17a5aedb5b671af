"""Where markers and names stand on a map, so that none covers another: the first place of a fixed list that is free
(pure).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

Point = tuple[float, float]
Box = tuple[float, float, float, float]
"""(left, top, right, bottom) in pixels."""
_RINGS, _DIRECTIONS = (26.0, 42.0, 60.0, 80.0), 16
_LINES = 24


def width(text: str, size: float) -> float:
    """How wide a line of text is at most: a Chinese character is as wide as high, others are less."""
    return sum(size if ord(character) >= 0x2E80 else 0.6 * size for character in text)


def fitted(text: str, size: float, most: float) -> str:
    """The text, or as much of its beginning as is at most so wide, with an ellipsis."""
    if width(text, size) <= most:
        return text
    while text and width(f"{text}…", size) > most:
        text = text[:-1]
    return f"{text}…"


@dataclass(slots=True)
class Sheet:
    """A sheet with what stands on it."""

    bounds: Box
    taken: list[Box] = field(default_factory=list)

    def place(self, boxes: Iterable[Box]) -> Box | None:
        """The first of `boxes` that lies on the sheet and covers nothing; it is taken from now on."""
        for box in boxes:
            if self._within(box) and not any(_overlap(box, other) for other in self.taken):
                self.taken.append(box)
                return box
        return None

    def _within(self, box: Box) -> bool:
        return (
            box[0] >= self.bounds[0]
            and box[1] >= self.bounds[1]
            and box[2] <= self.bounds[2]
            and box[3] <= self.bounds[3]
        )


def _overlap(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def around(centre: Point, radius: float) -> Iterator[Box]:
    """Boxes for a marker: on its point, then on rings about it, from the east in both directions."""
    x, y = centre
    yield _box(x, y, radius, radius)
    for ring in _RINGS:
        for step in range(_DIRECTIONS):
            turn = math.pi / 8 * (step // 2 + step % 2) * (-1 if step % 2 else 1)
            yield _box(round(x + ring * math.cos(turn), 1), round(y + ring * math.sin(turn), 1), radius, radius)


def beside(box: Box, wide: float, high: float) -> Iterator[Box]:
    """Boxes for a name beside what stands in `box`: right, left, below, above; at a corner it might be another's."""
    left, top, right, bottom = box
    x, y, gap = (left + right) / 2, (top + bottom) / 2, 4
    east, west = right + gap + wide / 2, left - gap - wide / 2
    south, north = bottom + gap + high / 2, top - gap - high / 2
    for cx, cy in ((east, y), (west, y), (x, south), (x, north)):
        yield _box(cx, cy, wide / 2, high / 2)


def inside(rings: Sequence[Sequence[Point]], wide: float, high: float) -> Iterator[Box]:
    """Boxes for the name of an area given by `rings`: on its widest level, then on others, the widest first."""
    ys = [y for ring in rings for _, y in ring]
    top, bottom = min(ys), max(ys)
    spans = []
    for n in range(1, _LINES):
        y = top + (bottom - top) * n / _LINES
        crossings = sorted(_crossings(rings, y))
        for left, right in zip(crossings[::2], crossings[1::2], strict=False):
            middling = min(n, _LINES - n) / _LINES
            spans.append((-round((right - left) * (0.5 + middling), 1), n, (left + right) / 2, y))
    for _, _, x, y in sorted(spans):
        yield _box(round(x, 1), round(y, 1), wide / 2, high / 2)


def _crossings(rings: Sequence[Sequence[Point]], y: float) -> Iterator[float]:
    """Where the borders cross the level `y`: between an odd one and the next lies the area (holes are left out)."""
    for ring in rings:
        for (x1, y1), (x2, y2) in pairwise(ring):
            if (y1 > y) != (y2 > y):
                yield x1 + (y - y1) / (y2 - y1) * (x2 - x1)


def _box(x: float, y: float, half: float, high: float) -> Box:
    return x - half, y - high, x + half, y + high
