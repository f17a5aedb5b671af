"""What must hold for the map of places (pure; 地图管理条例)."""

from __future__ import annotations

from collections.abc import Iterator

from plugins.models.faults import Fault, fault
from plugins.models.place import OUTLINE
from plugins.rules.register import Register

_SITE = "content/site.yml"


def map_is_sound(register: Register) -> Iterator[Fault]:
    """Outlines name their source and their review (articles 15 and 22); places lie on them."""
    identity, outline = register.identity, register.outline
    if identity is None or outline is None:
        return
    if identity.map is None:
        yield fault("S335", f"content/{OUTLINE}")
    elif not identity.map.review_number and not identity.map.review_exempt:
        yield fault("S334", _SITE, 0, "map")
    places = (
        *((_SITE, point.name, point.location) for point in identity.gift_points),
        *(("content/organisations.yml", one.name, one.location) for one in register.organisations.values()),
    )
    for path, name, location in places:
        if location is not None and not location.within(outline.extent):
            yield fault("S333", path, 0, "location", name=name)
