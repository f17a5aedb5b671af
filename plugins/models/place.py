"""Where something is, and the ground that a map is drawn on (pure)."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator

from plugins.models.columns import Column
from plugins.models.document import Part
from plugins.models.scalars import Line, Word

OUTLINE = "map.geojson"
"""The file below content/ that holds the outlines, where there is one."""
LON, LAT = (73.0, 136.0), (3.0, 54.0)
"""The bounds of China in degrees, rounded outwards."""
_DEGREES = re.compile(r"[0-9]{1,3}(?:\.[0-9]{1,10})?")

Extent = tuple[float, float, float, float]
"""(west, south, east, north) in degrees."""
Ring = list[tuple[float, float]]
"""Points (lon, lat); the last one is the first."""


def _degrees(value: object) -> float:
    if not isinstance(value, str) or not _DEGREES.fullmatch(value):
        raise ValueError("S331")
    return float(value)


def _lon(value: float) -> float:
    if not LON[0] <= value <= LON[1]:
        raise ValueError("S331")
    return value


def _lat(value: float) -> float:
    if not LAT[0] <= value <= LAT[1]:
        raise ValueError("S331")
    return value


class Location(Part):
    """A point in degrees, in the datum that site.yml states."""

    lon: Annotated[float, Column("经度", example="119.2107"), BeforeValidator(_degrees), AfterValidator(_lon)]
    lat: Annotated[float, Column("纬度", example="34.2865"), BeforeValidator(_degrees), AfterValidator(_lat)]

    def within(self, extent: Extent) -> bool:
        """Whether the point lies in `extent`."""
        west, south, east, north = extent
        return west <= self.lon <= east and south <= self.lat <= north


class Datum(Word):
    """Coordinate systems whose points may be drawn as they are; what map services shift on purpose is none."""

    CGCS2000 = "CGCS2000"
    WGS84 = "WGS-84"


class Ground(Part):
    """What the map is drawn on: who made the outlines, what allows their use, and the review that the law asks for."""

    source: Annotated[Line, Column("来源", example="县自然资源和规划局")]
    licence: Annotated[Line, Column("许可", example="经县自然资源和规划局许可使用")]
    review_number: Annotated[
        Line | None, Column("审图号", example="苏S（2026）12号", help="《地图管理条例》第二十二条")
    ] = None
    review_exempt: Annotated[Line | None, Column("免审图号的理由", example="界线是虚构的")] = None


class Level(Word):
    """What an outline is of."""

    COUNTY = "县"
    TOWN = "乡镇"


@dataclass(frozen=True, slots=True)
class Region:
    """An area with its name: polygons, each an outer ring and its holes."""

    name: str
    level: str
    polygons: list[list[Ring]]


@dataclass(frozen=True, slots=True)
class Outline:
    """The county and its towns; `extent` holds all of them."""

    regions: list[Region]
    extent: Extent

    def as_json(self) -> dict[str, Any]:
        """Plain values, for the store."""
        return asdict(self)

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> Outline:
        """What `as_json` gave."""
        west, south, east, north = value["extent"]
        return cls([Region(**region) for region in value["regions"]], (west, south, east, north))
