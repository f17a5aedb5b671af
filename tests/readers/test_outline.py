"""map.geojson is read without trust."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.models.place import Outline
from plugins.readers.outline import MOST_POINTS, MOST_REGIONS, read_outline

SQUARE = [[119.0, 34.0], [119.2, 34.0], [119.2, 34.2], [119.0, 34.2], [119.0, 34.0]]


def feature(name: Any = "甲镇", kind: str = "Polygon", coordinates: Any = None, **properties: Any) -> dict[str, Any]:
    """One feature; a square where nothing else is asked."""
    given = [SQUARE] if coordinates is None else coordinates
    shape = {"type": kind, "coordinates": given}
    return {"type": "Feature", "properties": {"name": name, **properties}, "geometry": shape}


def written(*features: Any, **more: Any) -> bytes:
    """A collection, each feature on a line of its own."""
    rows = ",\n".join(json.dumps(one, ensure_ascii=False) for one in features)
    rest = "".join(f', "{key}": {json.dumps(value)}' for key, value in more.items())
    return f'{{"type": "FeatureCollection"{rest}, "features": [\n{rows}\n]}}'.encode()


def test_county_and_towns_are_read_with_their_extent() -> None:
    east = [[[119.5, 34.1], [119.6, 34.1], [119.6, 34.3], [119.5, 34.1]]]
    made, faults = read_outline(
        written(feature("试验县", level="county"), feature(kind="MultiPolygon", coordinates=[[SQUARE], east]))
    )
    assert faults == []
    assert made is not None
    assert [(one.name, one.level, len(one.polygons)) for one in made.regions] == [
        ("试验县", "县", 1),
        ("甲镇", "乡镇", 2),
    ]
    assert made.extent == (119.0, 34.0, 119.6, 34.3)
    assert Outline.from_json(json.loads(json.dumps(made.as_json()))).extent == made.extent


@pytest.mark.parametrize(
    "name",
    ["urn:ogc:def:crs:OGC:1.3:CRS84", "urn:ogc:def:crs:EPSG::4490", "EPSG:4326"],
)
def test_an_old_name_of_a_known_system_is_no_fault(name: str) -> None:
    crs = {"type": "name", "properties": {"name": name}}
    assert read_outline(written(feature(), crs=crs))[1] == []


def test_a_height_is_left_out() -> None:
    ring = [[*point, 12.5] for point in SQUARE]
    made, faults = read_outline(written(feature(coordinates=[ring])))
    assert faults == []
    assert made is not None
    assert made.regions[0].polygons[0][0][0] == (119.0, 34.0)


ATTACKS: dict[str, tuple[bytes, int]] = {
    "nothing": (b"", 1),
    "a list": (b"[]", 1),
    "a single feature": (json.dumps(feature()).encode(), 1),
    "no features": (written(), 1),
    "features as text": (b'{"type": "FeatureCollection", "features": "x"}', 1),
    "a feature that is null": (written(feature(), None), 3),
    "a point": (written(feature(kind="Point", coordinates=[119.1, 34.1])), 2),
    "a line": (written(feature(kind="LineString", coordinates=SQUARE)), 2),
    "a geometry that is null": (written({"type": "Feature", "properties": {"name": "甲"}, "geometry": None}), 2),
    "a collection of geometries": (
        written({"type": "Feature", "properties": {"name": "甲"}, "geometry": {"type": "GeometryCollection"}}),
        2,
    ),
    "no polygon in many": (written(feature(kind="MultiPolygon", coordinates=[])), 2),
    "no ring": (written(feature(coordinates=[])), 2),
    "a ring of three points": (written(feature(coordinates=[SQUARE[:3]])), 2),
    "an open ring": (written(feature(coordinates=[SQUARE[:4]])), 2),
    "latitude first": (written(feature(coordinates=[[[lat, lon] for lon, lat in SQUARE]])), 2),
    "metres of a plane": (written(feature(coordinates=[[[500000, 3800000]] * 4])), 2),
    "a point of text": (written(feature(coordinates=[[["119", "34"]] * 4])), 2),
    "a point of truth": (written(feature(coordinates=[[[True, True]] * 4])), 2),
    "a point of one number": (written(feature(coordinates=[[[119.0]] * 4])), 2),
    "a number that is none": (written(feature()).replace(b"119.0", b"NaN"), 2),
    "an endless number": (written(feature()).replace(b"119.0", b"1e999"), 2),
    "no name": (written(feature(None)), 2),
    "a name of markup size": (written(feature("<script>" * 9)), 2),
    "a name that turns the text around": (written(feature("甲\u202e镇")), 2),
    "a name twice": (written(feature(), feature()), 3),
    "a level of no kind": (written(feature(level=["county"])), 2),
    "a plane system": (written(feature(), crs={"properties": {"name": "EPSG:3857"}}), 1),
    "a system that is a list": (written(feature(), crs=[1]), 1),
    "a line that goes back on itself": (
        written(feature(coordinates=[[SQUARE[0], SQUARE[1], SQUARE[0], SQUARE[0]]])),
        0,
    ),
    "cut off": (written(feature())[:-4], 2),
    "nested too deep": (b'{"type": "FeatureCollection", "features": ' + b"[" * 500 + b"]" * 500 + b"}", 1),
    "more points than anyone draws": (b"[" * (MOST_POINTS + 1), 0),
    "more regions than a county has": (written(*(feature(f"镇{n}") for n in range(MOST_REGIONS + 1))), 1),
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_what_is_no_outline_is_a_fault_at_its_line(attack: str) -> None:
    data, line = ATTACKS[attack]
    made, faults = read_outline(data)
    assert made is None
    assert [(f.code, f.path, f.line) for f in faults] == [("S332", "content/map.geojson", line)]


def test_another_encoding_is_a_fault() -> None:
    made, faults = read_outline("甲镇".encode("gb18030"))
    assert made is None
    assert [f.code for f in faults] == ["F101"]


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=9), inner, max_size=4),
    max_leaves=12,
)


@given(_JSON, st.sampled_from(["features", "properties", "geometry", "coordinates", "name", "level", "crs"]))
def test_no_value_in_any_place_raises(value: Any, place: str) -> None:
    one = feature()
    whole: dict[str, Any] = {"type": "FeatureCollection", "features": [one]}
    if place in {"features", "crs"}:
        whole[place] = value
    elif place == "coordinates":
        one["geometry"][place] = value
    else:
        (one["properties"] if place in {"name", "level"} else one)[place] = value
    made, faults = read_outline(json.dumps(whole).encode())
    assert (made is None) == any(f.severity == "error" for f in faults)
