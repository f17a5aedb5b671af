"""A body for the page: anchors, outline, resolved links (pure). An intermediate product, not a file of the site."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from lxml import etree

from plugins.formats import markdown
from plugins.formats.views import Loader, View

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_UNITS = {"十": 10, "百": 100, "千": 1000}
_ARTICLE = re.compile(
    r"\s*第([零〇一二三四五六七八九十百千两\d]{1,9})条(?:之([一二三四五六七八九十]))?(?=[\s　：:、，]|$|[^的款项规])"
)
_SECTION = re.compile(r"\s*(?:第[零〇一二三四五六七八九十百\d]{1,6}[编章节]|[一二三四五六七八九十]{1,3}、)")
_STARTS = frozenset("第一二三四五六七八九十")
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")


def render(view: View, load: Loader) -> bytes:
    """`{"body", "links"}` as JSON `{"html", "outline"}`; `links` maps each target as written to its address or ""."""
    root = markdown.tree(load.body(view["body"]))
    outline = _anchors(root)
    _resolve(root, view["links"])
    for table in root.iter("table"):
        table.set("class", "body-table")
    html = etree.tostring(root, encoding="unicode", method="html").removeprefix("<div>").removesuffix("</div>")
    return json.dumps({"html": html, "outline": outline}, ensure_ascii=False).encode()


def number(text: str) -> int:
    """A Chinese or Arabic numeral below ten thousand as a number: 二十三 is 23."""
    if text.isdecimal():
        return int(text)
    total, digit = 0, 0
    for character in text:
        if character in _UNITS:
            total += (digit or 1) * _UNITS[character]
            digit = 0
        else:
            digit = _DIGITS[character]
    return total + digit


def _anchors(root: HtmlElement) -> list[list[Any]]:
    """Gives ids to headings, sections and articles; returns the outline as [level, id, text]."""
    outline: list[list[Any]] = []
    seen: dict[str, int] = {}
    for element in root.iter("p", *_HEADINGS):
        text = element.text_content().strip()
        if element.tag == "p" and text[:1] not in _STARTS:
            continue
        text = " ".join(text.split())
        if match := _ARTICLE.match(text):
            name = f"art-{number(match[1])}" + (f"-z{number(match[2])}" if match[2] else "")
            seen[name] = seen.get(name, 0) + 1
            element.set("id", name if seen[name] == 1 else f"{name}-{seen[name]}")
        if element.tag in _HEADINGS or (len(text) <= 40 and _SECTION.match(text) and not text.endswith(("。", "；"))):
            if not element.get("id"):
                element.set("id", f"sec-{len(outline) + 1}")
            outline.append([int(element.tag[1]) if element.tag in _HEADINGS else 2, element.get("id"), text])
        if element.tag == "h1":
            element.tag = "h2"
    return outline


def _resolve(root: HtmlElement, links: Mapping[str, str]) -> None:
    """Inner links get their address; what leads nowhere keeps its text, foreign pictures their alternative."""
    for anchor in list(root.iter("a")):
        href = anchor.get("href", "")
        if href.startswith("#"):
            continue
        if re.match(r"https?://", href):
            anchor.set("rel", "external noopener")
        elif not href.startswith(("mailto:", "tel:")):
            if target := links.get(href, ""):
                anchor.set("href", target)
            else:
                anchor.drop_tag()
    for image in list(root.iter("img")):
        if target := links.get(image.get("src", ""), ""):
            image.set("src", target)
            image.set("loading", "lazy")
        else:
            image.tag, image.text = "span", image.get("alt", "")
            image.attrib.clear()
