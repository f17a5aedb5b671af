"""/places/: where the gazette is given away and where offices are, as lists and as a map of the site's own (pure)."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

from plugins.models.directory import GiftPoint, Kind, Organisation
from plugins.models.place import Extent, Level, Location
from plugins.models.sections import SECTIONS
from plugins.rules.validity import show_day
from plugins.views.frame import SiteFrame
from plugins.views.jobs import Job

FOLDER = "places/"
_TITLE = SECTIONS["places"].name
_GROUPS = ("公报赠阅点", "办事地点")
_LEAST = 0.02
"""Degrees that the map spans at least: a single place is shown with its neighbourhood."""
_WIDE, _HIGH, _LOW, _MARGIN = 600, 640, 220, 16
"""Pixels of the map: its width, its greatest and least height, and what stays free on each side."""
_WAY = "坐标系：{datum}。投影：等距圆柱投影，经度按中纬度缩短。图上位置只供查找，不作为划界、测量的依据。"


def place_jobs(frame: SiteFrame) -> Iterator[Job]:
    """The page, its JSON, and the map where a place says where it is."""
    gifts = [(_gift(point), point.location) for point in frame.identity.gift_points]
    offices = [(_office(frame, one), one.location) for one in _offices(frame)]
    drawn: list[dict[str, Any]] = []
    groups: list[dict[str, Any]] = [
        {"title": title, "rows": [_numbered(row, location, group, drawn, frame) for row, location in rows]}
        for group, (title, rows) in enumerate(zip(_GROUPS, (gifts, offices), strict=True))
        if rows
    ]
    if drawn:
        yield Job(f"{FOLDER}map.svg", "map", _map(frame, drawn))
    yield frame.page(
        FOLDER,
        "places",
        _TITLE,
        section=FOLDER,
        description=SECTIONS["places"].purpose,
        meta=frame.column("places"),
        groups=groups,
        map=_shown(frame, drawn) if drawn else None,
        contact=frame.identity.contact.address or "",
    )
    places = [{"group": one["title"], **row} for one in groups for row in one["rows"]]
    data = {"datum": str(frame.identity.datum), "places": places}
    yield Job(f"{FOLDER}index.json", "json", {"data": data})


def _shown(frame: SiteFrame, drawn: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The picture on the page, with what it rests on."""
    notes, ground = [_WAY.format(datum=frame.identity.datum)], frame.identity.map
    if frame.site.outline and ground:
        reviewed = f"审图号：{ground.review_number}。" if ground.review_number else ""
        exempt = f"没有审图号：{ground.review_exempt}。" if ground.review_exempt else ""
        notes = [f"底图来源：{ground.source}；许可：{ground.licence}。{reviewed or exempt}", *notes]
    return {"url": frame.url(f"{FOLDER}map.svg"), **_size(drawn, frame), "text": _text(drawn), "notes": notes}


def _offices(frame: SiteFrame) -> list[Organisation]:
    """Those that say where they are, and the towns' by their address; in the order of the directory."""
    shown = [o for o in frame.organisations.values() if o.location or (o.kind == Kind.TOWN and o.address)]
    kinds = list(Kind)
    return sorted(shown, key=lambda o: kinds.index(o.kind))


def _gift(point: GiftPoint) -> dict[str, str]:
    return {
        "name": point.name,
        "url": "",
        "kind": str(point.kind),
        "address": point.address or "",
        "hours": point.hours or "",
        "phone": point.phone or "",
        "note": f"自{show_day(point.since.isoformat())}起赠阅" if point.since else "",
    }


def _office(frame: SiteFrame, one: Organisation) -> dict[str, str]:
    return {
        "name": one.name,
        "url": frame.url(f"organisations/{one.id}/"),
        "kind": str(one.kind),
        "address": one.address or "",
        "hours": one.hours or "",
        "phone": one.phone or "",
        "note": "",
    }


def _numbered(
    row: dict[str, str], location: Location | None, group: int, drawn: list[dict[str, Any]], frame: SiteFrame
) -> dict[str, Any]:
    """The row with its coordinates, None where it has none, and its number on the map, "" where it is not drawn; what
    is drawn is added to `drawn`.
    """
    outline = frame.site.outline
    lies = {"lon": location.lon if location else None, "lat": location.lat if location else None}
    if location is None or (outline and not location.within(outline.extent)):
        return {"number": "", **row, **lies}
    drawn.append({"number": len(drawn) + 1, "label": _label(row["name"], frame), "group": group, **lies})
    return {"number": str(len(drawn)), **row, **lies}


def _label(name: str, frame: SiteFrame) -> str:
    """The name without the county's; "" where the map names the town already."""
    regions = frame.site.outline.regions if frame.site.outline else ()
    if any(region.level != Level.COUNTY and region.name in name for region in regions):
        return ""
    short = name.removeprefix(frame.identity.place) or name
    return short if len(short) <= 12 else f"{short[:11]}…"


def _extent(drawn: Sequence[dict[str, Any]], frame: SiteFrame) -> Extent:
    """What the map shows: the outlines, or the places with room around them."""
    if frame.site.outline:
        return frame.site.outline.extent
    lons, lats = [one["lon"] for one in drawn], [one["lat"] for one in drawn]
    wide, high = max(max(lons) - min(lons), _LEAST), max(max(lats) - min(lats), _LEAST)
    x, y = (min(lons) + max(lons)) / 2, (min(lats) + max(lats)) / 2
    west, south, east, north = x - 0.6 * wide, y - 0.6 * high, x + 0.6 * wide, y + 0.6 * high
    return round(west, 6), round(south, 6), round(east, 6), round(north, 6)


def _size(drawn: Sequence[dict[str, Any]], frame: SiteFrame) -> dict[str, int]:
    """Pixels of the sheet, in the shape of what it shows; legend and notes come below."""
    west, south, east, north = _extent(drawn, frame)
    shape = (north - south) / ((east - west) * math.cos(math.radians((south + north) / 2)))
    high = min(max((_WIDE - 2 * _MARGIN) * shape + 2 * _MARGIN, _LOW), _HIGH)
    return {"width": _WIDE, "height": math.ceil(high) + _foot(frame)}


def _foot(frame: SiteFrame) -> int:
    return 62 if _note(frame) else 36


def _note(frame: SiteFrame) -> str:
    """What is to be read on the map itself, also where it is copied: its review, or why there is none."""
    ground = frame.identity.map
    if frame.site.outline is None or ground is None:
        return ""
    return f"审图号：{ground.review_number}" if ground.review_number else ground.review_exempt or ""


def _text(drawn: Sequence[dict[str, Any]]) -> str:
    return f"地图：标出 {len(drawn)} 处地点，编号与下面列表中的相同；地址、时间和电话见列表。"


def _map(frame: SiteFrame, drawn: Sequence[dict[str, Any]]) -> dict[str, Any]:
    groups = sorted({one["group"] for one in drawn})
    outline = frame.site.outline
    return {
        "title": f"{frame.identity.place}{_TITLE}",
        "text": _text(drawn),
        **_size(drawn, frame),
        "foot": _foot(frame),
        "margin": _MARGIN,
        "extent": list(_extent(drawn, frame)),
        "regions": outline.as_json()["regions"] if outline else [],
        "places": list(drawn),
        "legend": [{"group": group, "label": _GROUPS[group]} for group in groups],
        "note": _note(frame),
    }
