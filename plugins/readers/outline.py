"""map.geojson becomes outlines, without trust: what is not a polygon with a name is refused (pure; RFC 7946)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from plugins.models.faults import Fault, fault
from plugins.models.place import LAT, LON, OUTLINE, Extent, Level, Outline, Region, Ring
from plugins.readers.private import check_text
from plugins.readers.strictjson import Document, JsonError, Place
from plugins.readers.text import plain

MOST_POINTS, MOST_REGIONS, LONGEST_NAME = 20_000, 200, 20
PATH = f"content/{OUTLINE}"
_SYSTEMS = ("CRS84", "4326", "4490", "CGCS2000")
"""What the name of a coordinate system holds that may be drawn as it is; older programs still write one."""


class _UnfitError(ValueError):
    """Why the file cannot be used, and where."""

    def __init__(self, reason: str, place: Place = ()) -> None:
        super().__init__(reason)
        self.place = place


def read_outline(data: bytes) -> tuple[Outline | None, list[Fault]]:
    """The outlines of county and towns, or what is wrong with the file. Never raises on what an editor wrote."""
    try:
        text = plain(data.decode())
    except UnicodeDecodeError as error:
        return None, [fault("F101", PATH, data.count(b"\n", 0, error.start) + 1)]
    if text.count("[") > MOST_POINTS:  # each point has one, so that nothing large is parsed
        return None, [fault("S332", PATH, 0, reason=f"点数超过 {MOST_POINTS}，请先简化界线")]
    try:
        document = Document(text)
    except JsonError as error:
        return None, [fault("S332", PATH, error.line, reason=str(error))]
    try:
        regions = list(_regions(document.value))
    except _UnfitError as error:
        return None, [fault("S332", PATH, document.line(error.place), reason=str(error))]
    west, south, east, north = extent = _extent(regions)
    if west == east or south == north:
        return None, [fault("S332", PATH, 0, reason="界线没有面积")]
    return Outline(regions, extent), [f for one in regions for f in check_text(one.name, PATH, 0)]


def _regions(value: Any) -> Iterator[Region]:
    if not isinstance(value, dict) or value.get("type") != "FeatureCollection":
        raise _UnfitError("应当是 GeoJSON 的 FeatureCollection")
    _system(value.get("crs"))
    features = value.get("features")
    if not isinstance(features, list) or not features:
        raise _UnfitError("features 应当是列表，至少有一项", ("features",))
    if len(features) > MOST_REGIONS:
        raise _UnfitError(f"界线多于 {MOST_REGIONS} 个", ("features",))
    names = set[tuple[str, str]]()
    for number, feature in enumerate(features):
        place: Place = ("features", number)
        region = _region(feature, place)
        if (region.level, region.name) in names:
            raise _UnfitError(f"“{region.name}”写了两次", place)
        names.add((region.level, region.name))
        yield region


def _system(value: Any) -> None:
    """An old `crs` member, where there is one, names a system that may be drawn as it is."""
    if value is None:
        return
    properties = value.get("properties") if isinstance(value, dict) else None
    name = properties.get("name") if isinstance(properties, dict) else None
    if not isinstance(name, str) or not any(known in name for known in _SYSTEMS):
        raise _UnfitError("坐标系（crs）不是 CGCS2000 或 WGS-84 的经纬度", ("crs",))


def _region(feature: Any, place: Place) -> Region:
    if not isinstance(feature, dict) or feature.get("type") != "Feature":
        raise _UnfitError("每一项应当是 Feature", place)
    properties = feature.get("properties")
    known = properties if isinstance(properties, dict) else {}
    name, level = known.get("name"), known.get("level", Level.TOWN)
    if not isinstance(name, str) or not 0 < len(name.strip()) <= LONGEST_NAME or not name.isprintable():
        raise _UnfitError(f"properties 中应当有 name，不超过 {LONGEST_NAME} 个字", (*place, "properties"))
    try:
        kind = Level(level)
    except ValueError as error:
        raise _UnfitError("properties 中的 level 只能是县（county）或乡镇（town）", (*place, "properties")) from error
    return Region(name.strip(), kind.value, _polygons(feature.get("geometry"), (*place, "geometry")))


def _polygons(geometry: Any, place: Place) -> list[list[Ring]]:
    inner = (*place, "coordinates")
    match geometry:
        case {"type": "Polygon", "coordinates": list(found)}:
            return [_polygon(found, inner)]
        case {"type": "MultiPolygon", "coordinates": list(found)} if found:
            return [_polygon(one, (*inner, number)) for number, one in enumerate(found)]
    raise _UnfitError("geometry 只能是 Polygon 或 MultiPolygon", place)


def _polygon(value: Any, place: Place) -> list[Ring]:
    if not isinstance(value, list) or not value:
        raise _UnfitError("多边形至少有一个环", place)
    return [_ring(one, (*place, number)) for number, one in enumerate(value)]


def _ring(value: Any, place: Place) -> Ring:
    if not isinstance(value, list) or len(value) < 4:
        raise _UnfitError("环至少有四个点", place)
    ring = [_point(one, (*place, number)) for number, one in enumerate(value)]
    if ring[0] != ring[-1]:
        raise _UnfitError("环没有闭合：最后一点应与第一点相同", place)
    return ring


def _point(value: Any, place: Place) -> tuple[float, float]:
    """[longitude, latitude], perhaps with a height, which no map of this kind shows."""
    if not isinstance(value, list) or not 2 <= len(value) <= 3 or not all(type(n) in {int, float} for n in value):
        raise _UnfitError("点应当写成 [经度, 纬度]", place)
    if not LON[0] <= value[0] <= LON[1] or not LAT[0] <= value[1] <= LAT[1]:
        raise _UnfitError("点不在中国范围之内：应当写成 [经度, 纬度]，单位是度", place)
    return float(value[0]), float(value[1])


def _extent(regions: list[Region]) -> Extent:
    points = [p for region in regions for rings in region.polygons for ring in rings for p in ring]
    lons, lats = [lon for lon, _ in points], [lat for _, lat in points]
    return min(lons), min(lats), max(lons), max(lats)
