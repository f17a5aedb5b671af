"""The map of places: where things are drawn, and that nothing covers another."""

from __future__ import annotations

import itertools
import math
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from plugins.formats.labels import Sheet, around, beside, inside, width
from plugins.formats.map import Projection, render
from tests.theme.views import HOSTILE

NS = {"s": "http://www.w3.org/2000/svg"}
SQUARE = [[119.0, 34.0], [119.2, 34.0], [119.2, 34.2], [119.0, 34.2], [119.0, 34.0]]


class Unread:
    """A map is made of its view alone."""

    def __getattr__(self, name: str) -> Any:
        raise AssertionError(name)


def place(number: int, lon: float = 119.1, lat: float = 34.1, **changes: Any) -> dict[str, Any]:
    """A marker, in the middle of the square where nothing else is asked."""
    return {"number": number, "label": f"馆{number}", "group": number % 2, "lon": lon, "lat": lat, **changes}


def drawn(*places: dict[str, Any], **changes: Any) -> etree._Element:
    """The drawing, parsed."""
    view = {
        "title": "试验县地图",
        "text": "地图",
        "width": 600,
        "height": 460,
        "foot": 60,
        "margin": 16,
        "extent": [119.0, 34.0, 119.2, 34.2],
        "regions": [{"name": "甲镇", "level": "乡镇", "polygons": [[SQUARE]]}],
        "places": list(places),
        "legend": [{"group": 0, "label": "赠阅点"}, {"group": 1, "label": "办事地点"}],
        "note": "审图号：试S（2026）1号",
        **changes,
    }
    return etree.fromstring(render(view, Unread()))


def texts(svg: etree._Element) -> list[str]:
    """All that is written on it."""
    return [str(t) for t in svg.xpath("//s:text/text()", namespaces=NS)]


def test_north_is_up_and_degrees_of_longitude_are_shorter() -> None:
    projection = Projection.of((119.0, 34.0, 119.2, 34.2), 600, 600, 0)
    (west, north), (east, south) = projection.pixels(119.0, 34.2), projection.pixels(119.2, 34.0)
    assert north < south
    assert (east - west) / (south - north) == pytest.approx(math.cos(math.radians(34.1)), abs=0.001)


@given(st.floats(73, 135), st.floats(4, 53), st.floats(0.01, 1), st.floats(0.01, 1))
def test_the_whole_extent_lies_on_the_sheet(west: float, south: float, wide: float, high: float) -> None:
    extent = (west, south, west + wide, south + high)
    projection = Projection.of(extent, 600, 400, 16)
    for lon, lat in itertools.product(extent[::2], extent[1::2]):
        x, y = projection.pixels(lon, lat)
        assert 15.9 <= x <= 584.1
        assert 15.9 <= y <= 384.1


def test_the_scale_is_as_long_as_it_says() -> None:
    """Two tenths of a degree of latitude are 22.2 km and fill the sheet's height but for its margins."""
    svg = drawn(place(1))
    said = next(t for t in texts(svg) if "千米" in t)
    left, right = map(float, re.findall(r"M([\d.]+) [\d.]+v6H([\d.]+)v-6", etree.tostring(svg).decode())[0])
    pixels_of_a_kilometre = (400 - 2 * 16) / 22.239
    assert (right - left) / pixels_of_a_kilometre == pytest.approx(int(said.split()[0]), rel=0.01)


def test_many_places_at_one_point_are_all_legible() -> None:
    """Twelve places in one house: each number is there, and no marker covers another."""
    svg = drawn(*(place(n, group=0) for n in range(1, 13)))
    assert {str(n) for n in range(1, 13)} <= set(texts(svg))
    discs = svg.xpath("//s:circle[@r='12']", namespaces=NS)[:12]
    centres = [(float(d.get("cx")), float(d.get("cy"))) for d in discs]
    assert min(math.dist(a, b) for a, b in itertools.combinations(centres, 2)) >= 24


@given(
    st.lists(st.tuples(st.floats(20, 380), st.floats(20, 380), st.text("县镇ab", min_size=1, max_size=9)), max_size=30)
)
def test_what_is_placed_covers_nothing_and_lies_on_the_sheet(points: list[tuple[float, float, str]]) -> None:
    sheet = Sheet((0, 0, 400, 400))
    for x, y, text in points:
        if box := sheet.place(around((x, y), 12)):
            sheet.place(beside(box, width(text, 14), 18))
    for one, other in itertools.combinations(sheet.taken, 2):
        assert one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]
    assert all(box[0] >= 0 and box[1] >= 0 and box[2] <= 400 and box[3] <= 400 for box in sheet.taken)


def test_the_name_of_an_area_stands_in_it_even_where_its_middle_does_not() -> None:
    """An L: the middle of its bounds lies outside."""
    shape = [(0.0, 0.0), (100.0, 0.0), (100.0, 300.0), (300.0, 300.0), (300.0, 400.0), (0.0, 400.0), (0.0, 0.0)]
    left, top, right, bottom = next(inside([shape], 60, 20))
    x, y = (left + right) / 2, (top + bottom) / 2
    assert y >= 300 or x <= 100


def test_a_name_keeps_out_of_a_hole() -> None:
    ring = [(0.0, 0.0), (300.0, 0.0), (300.0, 300.0), (0.0, 300.0), (0.0, 0.0)]
    hole = [(100.0, 20.0), (200.0, 20.0), (200.0, 280.0), (100.0, 280.0), (100.0, 20.0)]
    boxes = list(itertools.islice(inside([ring, hole], 10, 10), 20))
    assert boxes
    for left, top, right, bottom in boxes:
        x, y = (left + right) / 2, (top + bottom) / 2
        assert not (100 < x < 200 and 20 < y < 280)


def test_the_groups_differ_in_form_not_in_colour_alone() -> None:
    svg = drawn(place(1, 119.05, group=0), place(2, 119.15, group=1))
    assert len(svg.xpath("//s:circle[@r='12']", namespaces=NS)) == 2  # marker and legend
    assert len(svg.xpath("//s:rect", namespaces=NS)) == 2


def test_the_review_number_stands_on_the_map_itself() -> None:
    assert "审图号：试S（2026）1号" in texts(drawn(place(1)))


def test_a_hostile_name_stays_text() -> None:
    region = {"name": HOSTILE, "level": "县", "polygons": [[SQUARE]]}
    svg = drawn(place(1, label=HOSTILE), regions=[region], title=HOSTILE, text=HOSTILE, note=HOSTILE)
    assert any(text.startswith(HOSTILE[:60]) for text in texts(svg))
    assert [svg.findtext(f"s:{name}", namespaces=NS) for name in ("title", "desc")] == [HOSTILE, HOSTILE]
    assert {etree.QName(e).localname for e in svg.iter()} <= set("svg title desc style path rect circle text".split())
    assert not [name for e in svg.iter() for name in e.attrib if name.startswith("on") or "href" in name]


def test_without_outlines_the_places_are_drawn_all_the_same() -> None:
    assert {"1", "馆1"} <= set(texts(drawn(place(1), regions=[], note="")))


def test_points_that_nobody_could_tell_apart_are_left_out() -> None:
    """An outline of 10,000 points on a map of 600 pixels."""
    ring = [
        [119.1 + 0.09 * math.cos(n / 5000 * math.pi), 34.1 + 0.09 * math.sin(n / 5000 * math.pi)] for n in range(10_000)
    ]
    svg = drawn(place(1), regions=[{"name": "圆", "level": "县", "polygons": [[[*ring, ring[0]]]]}])
    path = svg.xpath("string(//s:path/@d)", namespaces=NS)
    assert path.count("L") < 3000
