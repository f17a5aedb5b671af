"""What a hit is worth: BM25F over the fields that the models declare, in four ratings (pure; twin of search.js).

A number counts most, then a title, then the title of an article or chapter, then the text.

A field's hits count `weight / (1 - b + b * length / usual)`. Sums over all fields are rated 0 to 3 when the index is
made, because a list of ratings fits in a few bits; a term is worth its rating's share of its inverse frequency.
Usual lengths are constants: an average would change every rating with every document.
"""

from __future__ import annotations

from functools import cache

SCALE = 64
"""What a hit of weight 1 in a text of usual length counts."""
THRESHOLDS = (2 * SCALE, 5 * SCALE, 12 * SCALE)
"""The least sums of ratings 1, 2 and 3."""
WORTH = (0.3, 0.6, 0.8, 1.0)
"""What a rating is worth, about s / (s + 2) of BM25 at its middle."""
_HEADING = 3
"""The titles of articles and chapters are no column: they stand in the text."""
_USUAL = {"title": 24, "number": 14, "heading": 4000, "text": 4000}
"""UTF-16 units; a heading is part of the text, so it is as long."""
LENGTH = {"title": 0.5, "number": 0.5, "heading": 0.75, "text": 0.75}
"""How much the length of a field counts, BM25's b."""


@cache
def weights() -> dict[str, int]:
    """The weight of each field: number, title and text as the models declare them, and the titles in the text."""
    from plugins.models.types import searched_fields

    declared = searched_fields()
    return {"number": declared["number"], "title": declared["title"], "heading": _HEADING, "text": declared["body"]}


def hit(weight: int, field: str, length: int) -> int:
    """What one hit in `field`, of this weight and `length` units, counts."""
    norm = 1 - LENGTH[field] + LENGTH[field] * length / _USUAL[field]
    return max(1, round(SCALE * weight / norm))
