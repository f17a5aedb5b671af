"""The map of a county's places as SVG: outlines, numbered markers, names, legend and scale (pure).

Equirectangular: degrees of longitude are shortened by the cosine of the middle latitude. Over a county of 100 km the
lengths so drawn are wrong by less than one in a hundred.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any, NamedTuple

from plugins.formats.colours import BORDER, FONT, INK, PAPER, SERIES, SOFT, WASH, night
from plugins.formats.labels import Box, Point, Sheet, around, beside, fitted, inside, width
from plugins.formats.views import Loader, View
from plugins.models.place import Level

DEGREE = 111_195.0
"""Metres of a degree on a sphere of 6,371 km."""
_RADIUS, _NAME, _SMALL, _LINE = 12, 16, 14, 24
_COLOURS = (SERIES[0], SERIES[1])


@dataclass(frozen=True, slots=True)
class Projection:
    """Degrees to pixels: `scale` is in pixels for a degree of latitude, `left` and `top` in pixels."""

    west: float
    north: float
    shorten: float
    scale: float
    left: float
    top: float

    @classmethod
    def of(cls, extent: Sequence[float], wide: float, high: float, margin: float) -> Projection:
        """One that puts `extent` (west, south, east, north) in the middle of a sheet, as large as it can be."""
        west, south, east, north = extent
        shorten = math.cos(math.radians((south + north) / 2))
        across, down = (east - west) * shorten, north - south
        scale = min((wide - 2 * margin) / across, (high - 2 * margin) / down)
        return cls(west, north, shorten, scale, (wide - across * scale) / 2, (high - down * scale) / 2)

    def pixels(self, lon: float, lat: float) -> Point:
        """Where a point is drawn."""
        x = self.left + (lon - self.west) * self.shorten * self.scale
        return round(x, 1), round(self.top + (self.north - lat) * self.scale, 1)


def render(view: View, load: Loader) -> bytes:  # noqa: ARG001 - every renderer has one shape
    """`{"title", "text", "extent", "regions", "places", "legend", "note"}` as SVG.

    Besides `{"width", "height", "foot", "margin"}` in pixels, of which the foot is for legend and note. `extent` is
    (west, south, east, north) in degrees; a region is `{"name", "level", "polygons"}`; a place `{"number", "label",
    "group", "lon", "lat"}`, its `label` "" where none is to be drawn; `legend` is `[{"group", "label"}]`.
    """
    wide, height = view["width"], view["height"]
    ground = height - view["foot"]
    projection = Projection.of(view["extent"], wide, ground, view["margin"])
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide}" height="{height}" viewBox="0 0 {wide} {height}"',
        f' role="img" font-family="{escape(FONT)}"><title>{escape(view["title"])}</title>',
        f"<desc>{escape(view['text'])}</desc>{night()}",
        *_drawn(view, projection, Sheet((2, 2, wide - 2, ground - 2))),
        *_foot(view, projection, ground),
        "</svg>\n",
    ]
    return "".join(parts).encode()


def _drawn(view: View, projection: Projection, sheet: Sheet) -> Iterator[str]:
    """Outlines, then markers, then names: what comes first has its place first."""
    regions = [
        (region, [_ring(ring, projection) for polygon in region["polygons"] for ring in polygon])
        for region in sorted(view["regions"], key=lambda region: region["level"] == Level.COUNTY)
    ]
    if not regions:
        left, top, right, bottom = sheet.bounds
        yield f'<rect x="{left}" y="{top}" width="{right - left}" height="{bottom - top}" fill="{WASH}"/>'
    for region, rings in regions:
        yield _area(rings, county=region["level"] == Level.COUNTY)
    markers = [_marker(place, projection, sheet) for place in view["places"]]
    names = [
        _text(box, region["name"], _NAME, SOFT)
        for region, rings in regions
        if region["level"] != Level.COUNTY
        and (box := sheet.place(inside(rings, width(region["name"], _NAME) + 4, _NAME + 4)))
    ]
    yield from names
    yield from (one.line for one in markers)
    for one in markers:
        yield one.symbol
        label = one.place["label"]
        if label and (found := sheet.place(beside(one.box, width(label, _SMALL) + 2, _SMALL + 4))):
            yield _text(found, label, _SMALL, INK)


def _ring(ring: Sequence[Sequence[float]], projection: Projection) -> list[Point]:
    """In pixels, without points that nobody could tell from the one before."""
    points = [projection.pixels(lon, lat) for lon, lat in ring]
    kept = points[:1]
    for point in points[1:-1]:
        if math.dist(point, kept[-1]) >= 0.5:
            kept.append(point)
    return [*kept, points[-1]]


def _area(rings: Sequence[Sequence[Point]], *, county: bool) -> str:
    path = "".join("M" + "L".join(f"{x:g} {y:g}" for x, y in ring[:-1]) + "Z" for ring in rings)
    fill, stroke = ("none", f'stroke="{SOFT}" stroke-width="2.5"') if county else (WASH, f'stroke="{BORDER}"')
    return f'<path d="{path}" fill="{fill}" fill-rule="evenodd" {stroke} stroke-linejoin="round"/>'


class _Marker(NamedTuple):
    """A place with its box on the sheet, the line from its point where it stands beside it, and its symbol."""

    place: Mapping[str, Any]
    box: Box
    line: str
    symbol: str


def _marker(place: Mapping[str, Any], projection: Projection, sheet: Sheet) -> _Marker:
    """A marker on its place, or beside it with a line to it; where all is full, on it."""
    x, y = projection.pixels(place["lon"], place["lat"])
    on = (x - _RADIUS, y - _RADIUS, x + _RADIUS, y + _RADIUS)
    box = sheet.place(around((x, y), _RADIUS + 1)) or on
    cx, cy = round((box[0] + box[2]) / 2, 1), round((box[1] + box[3]) / 2, 1)
    colour = _COLOURS[place["group"] % len(_COLOURS)]
    line = ""
    if (cx, cy) != (x, y):
        line = f'<path d="M{x:g} {y:g}L{cx:g} {cy:g}" stroke="{colour}"/>'
        line += f'<circle cx="{x:g}" cy="{y:g}" r="3" fill="{colour}"/>'
    return _Marker(place, box, line, _symbol(place["group"], cx, cy) + _number(cx, cy, str(place["number"])))


def _symbol(group: int, x: float, y: float) -> str:
    """The groups differ in form, not in colour alone: a disc, a square."""
    colour = _COLOURS[group % len(_COLOURS)]
    if group % len(_COLOURS) == 0:
        return f'<circle cx="{x:g}" cy="{y:g}" r="{_RADIUS}" fill="{colour}" stroke="{PAPER}"/>'
    side = _RADIUS - 1
    return (
        f'<rect x="{x - side:g}" y="{y - side:g}" width="{2 * side}" height="{2 * side}" rx="2" fill="{colour}"'
        f' stroke="{PAPER}"/>'
    )


def _number(x: float, y: float, text: str) -> str:
    return (
        f'<text x="{x:g}" y="{y + 4.5:g}" font-size="13" font-weight="bold" text-anchor="middle" fill="{PAPER}">'
        f"{escape(text)}</text>"
    )


def _text(box: Box, text: str, size: int, colour: str) -> str:
    """A name in its box, with a rim that parts it from the lines below."""
    x, y = round((box[0] + box[2]) / 2, 1), round((box[1] + box[3]) / 2 + 0.36 * size, 1)
    rim = f'stroke="{WASH}" stroke-width="3" stroke-linejoin="round" paint-order="stroke"'
    return (
        f'<text x="{x:g}" y="{y:g}" font-size="{size}" text-anchor="middle" fill="{colour}" {rim}>{escape(text)}</text>'
    )


def _foot(view: View, projection: Projection, top: int) -> Iterator[str]:
    """Legend on the left, north and scale on the right, the note below."""
    wide, margin, y = view["width"], view["margin"], top + 18
    x = float(margin)
    for group, label in ((one["group"], one["label"]) for one in view["legend"]):
        yield _symbol(group, x + _RADIUS, y)
        yield f'<text x="{x + 2 * _RADIUS + 6:g}" y="{y + 5}" font-size="{_SMALL}" fill="{INK}">{escape(label)}</text>'
        x += 2 * _RADIUS + 6 + width(label, _SMALL) + 18
    metres, pixels = _scale(projection, wide / 5)
    right = wide - margin
    left = right - pixels
    shown = f"{metres // 1000} 千米" if metres >= 1000 else f"{metres} 米"
    yield f'<path d="M{left:g} {y - 1}v6H{right}v-6" fill="none" stroke="{SOFT}" stroke-width="1.5"/>'
    yield (
        f'<text x="{(left + right) / 2:g}" y="{y - 2}" font-size="{_SMALL}" text-anchor="middle" fill="{INK}">'
        f"{shown}</text>"
    )
    north = left - 24
    yield f'<path d="M{north:g} {y + 6}v-20m-5 7l5-7l5 7" fill="none" stroke="{SOFT}" stroke-width="1.5"/>'
    yield f'<text x="{north - 18:g}" y="{y + 5}" font-size="{_SMALL}" text-anchor="middle" fill="{INK}">北</text>'
    if view["note"]:
        note = escape(fitted(view["note"], _SMALL, wide - 2 * margin))
        yield f'<text x="{margin}" y="{y + _LINE + 8}" font-size="{_SMALL}" fill="{SOFT}">{note}</text>'


def _scale(projection: Projection, most: float) -> tuple[int, float]:
    """The longest round length that takes no more than `most` pixels, in metres and pixels."""
    for power in range(7, -1, -1):
        for digit in (5, 2, 1):
            metres = digit * 10**power
            if (pixels := metres / DEGREE * projection.scale) <= most:
                return metres, round(pixels, 1)
    return 1, round(projection.scale / DEGREE, 1)
