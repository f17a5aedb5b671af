"""A document among those that it rests on and those that rest on it, laid out as a drawing (pure).

The template draws it inside the page, so that it takes part in the page's colours and its boxes are links. Measures are
fixed and whole, so that the same relations give the same drawing; the list below it in the page says the same in words.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from plugins.formats.labels import width

LEAST, MOST = 2, 6
"""Fewer documents need no drawing; of more on one side the rest are counted."""
_WIDTH, _LEFT, _SPINE = 360, 78, 14
"""The drawing, where boxes begin, where the line stands that joins them."""
_LINE, _PAD, _GAP, _EM = 21, 7, 12, 15
_CLOSING = "，。、；：！？）)》〉”’】〕"
_ISSUED = re.compile(r"(?:印发|公布|发布)[^《]{0,40}《([^《》]+)》[^《》]*$")
"""What a notice brings out under its own name; one that forwards is another document than what it forwards."""


def layout(title: str, groups: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Boxes and lines for a document with `title`; no boxes where fewer than two others would be drawn.

    `groups` are relations `{verb, inward, items: [{title, url}]}`; those with verb "" are not drawn. `inward` says that
    the others do it to this one. Gives `{width, height, boxes: [{x, y, width, height, url, own, lines}], paths: [text],
    verbs, rests}` in the drawing's own units; lines, verbs and rests are `[{x, y, text}]`.
    """
    above = [(g["verb"], item) for g in groups if g["verb"] and not g["inward"] for item in g["items"]]
    below = [(g["verb"], item) for g in groups if g["verb"] and g["inward"] for item in g["items"]]
    if len(above) + len(below) < LEAST:
        return {"boxes": []}
    drawing: dict[str, Any] = {"width": _WIDTH, "boxes": [], "paths": [], "verbs": [], "rests": []}
    bottom, places = _side(drawing, above, 1)
    own = _box(drawing, 1, bottom, title, "")
    if places:
        drawing["paths"] += [
            f"M{_SPINE} {own['y']}V{places[0]}",
            *(f"M{_SPINE} {y}H{_LEFT - 2}{_RIGHT}" for y in places),
        ]
    top = own["y"] + own["height"]
    bottom, places = _side(drawing, below, top + _GAP)
    if places:
        drawing["paths"] += [*(f"M{_LEFT} {y}H{_SPINE}" for y in places), f"M{_SPINE} {places[-1]}V{top + 2}{_UP}"]
    drawing["height"] = bottom - _GAP + 1
    return drawing


_RIGHT, _UP = "m-6 -4l6 4l-6 4", "m-4 6l4 -6l4 6"
"""Heads of arrows, drawn from their points."""


def _side(drawing: dict[str, Any], items: Sequence[tuple[str, Mapping[str, str]]], top: int) -> tuple[int, list[int]]:
    """Draws the boxes of one side from `top`; where the next thing begins, and the middles of the boxes."""
    places = []
    for verb, item in items[:MOST]:
        box = _box(drawing, _LEFT, top, item["title"], item["url"])
        places.append(box["y"] + box["height"] // 2)
        drawing["verbs"].append({"x": (_LEFT + _SPINE) // 2, "y": places[-1] - 6, "text": verb})
        top += box["height"] + _GAP
    if more := len(items) - len(places):
        drawing["rests"].append({"x": _LEFT, "y": top + _EM, "text": f"另有 {more} 件，见下面的列表"})
        top += _LINE + _GAP
    return top, places


def _box(drawing: dict[str, Any], left: int, top: int, title: str, url: str) -> dict[str, Any]:
    width = _WIDTH - left - 1
    words = rows(title, (width - 2 * _PAD) / _EM)
    lines = [{"x": left + _PAD, "y": top + _PAD + _LINE * n - 5, "text": text} for n, text in enumerate(words, 1)]
    box = {"x": left, "y": top, "width": width, "height": _LINE * len(words) + 2 * _PAD, "url": url, "lines": lines}
    drawing["boxes"].append(box | {"own": left == 1})
    return box


def rows(title: str, most: float) -> list[str]:
    """`title` in one or two lines of at most `most` characters; what was issued stands for the notice of it."""
    found = _ISSUED.search(title)
    text = " ".join((found[1] if found else title).split())
    first, rest = _cut(text, most)
    if not rest:
        return [first]
    second, rest = _cut(rest, most)
    return [first, _cut(second, most - 1)[0] + "…" if rest else second]


def _cut(text: str, most: float) -> tuple[str, str]:
    """What fits into a line, which does not leave a closing mark to the next one, and what does not."""
    wide, end = 0.0, 0
    while end < len(text) and (wide := wide + width(text[end], 1)) <= most:
        end += 1
    if 1 < end < len(text) and text[end] in _CLOSING:
        end -= 1
    return text[:end], text[end:].lstrip()
