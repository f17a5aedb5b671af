"""What a hit is worth: BM25F over the fields that the models declare, in four ratings (pure; twin of search.js).

A field's hits count `weight / (1 - b + b * length / usual)`. Sums over all fields are rated 0 to 3 when the index is
made, because a list of ratings fits in a few bits; a term is worth its rating's share of its inverse frequency.
Usual lengths are constants: an average would change every rating with every document.
"""

from __future__ import annotations

from functools import cache

from plugins.models.columns import columns
from plugins.models.types import TYPES

SCALE = 64
"""What a hit of weight 1 in a text of usual length counts."""
THRESHOLDS = (2 * SCALE, 5 * SCALE, 12 * SCALE)
"""The least sums of ratings 1, 2 and 3."""
WORTH = (0.3, 0.6, 0.8, 1.0)
"""What a rating is worth, about s / (s + 2) of BM25 at its middle."""
_TEXT, _HEADING = 1, 3
_USUAL = {"title": 24, "number": 14, "heading": 4000, "text": 4000}
"""UTF-16 units; a heading is part of the text, so it is as long."""
_B = {"title": 0.5, "number": 0.5, "heading": 0.75, "text": 0.75}


@cache
def weights() -> dict[str, int]:
    """The weight of each field of the static index: title and number as the models declare them."""
    declared = [c for model in TYPES.values() for c in columns(model).items()]
    return {name: max(c.search for n, c in declared if n == name) for name in ("title", "number")} | {
        "heading": _HEADING,
        "text": _TEXT,
    }


def hit(field: str, length: int) -> int:
    """What one hit in `field` counts, where the field has `length` units."""
    norm = 1 - _B[field] + _B[field] * length / _USUAL[field]
    return max(1, round(SCALE * weights()[field] / norm))
