"""A body for the page: anchors, outline, resolved links (pure). An intermediate product, not a file of the site."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from lxml import etree

from plugins.formats import markdown, structure
from plugins.formats.numbering import number, read
from plugins.formats.views import Loader, View

if TYPE_CHECKING:
    from lxml.html import HtmlElement

__all__ = ["number", "render"]


def render(view: View, load: Loader) -> bytes:
    """`{"body", "links"}` as JSON `{"html", "outline"}`; `links` maps each target as written to its address or ""."""
    root = markdown.tree(load.body(view["body"]))
    outline = structure.outline(root)
    for element in root.xpath(".//*[self::p or self::h2 or self::h3 or self::h4 or self::h5 or self::h6][@id]"):
        _lead(element)
    for place, table in enumerate(list(root.iter("table")), 1):
        _box(table, place)
    for element in list(root.iter("a", "img")):
        if element.tag == "a":
            _resolve(element, view["links"])
        else:
            _show(element, view["links"])
    html = etree.tostring(root, encoding="unicode", method="html").removeprefix("<div>").removesuffix("</div>")
    return json.dumps({"html": html, "outline": outline}, ensure_ascii=False).encode()


_OWN = re.compile(r'<a class="anchor" href="#[\w-]+">(.*?)</a>', re.DOTALL)


def plain(html: str) -> str:
    """The HTML of a fragment without the links to its own places, which serve its page alone."""
    return _OWN.sub(r"\1", html)


def _lead(element: HtmlElement) -> None:
    """The number of an article, or a title, leads to itself: its address can be copied without any script."""
    text = element.text or ""
    mark = read(text, heading=element.tag != "p")
    if element.tag != "p" and not len(element):
        label, rest = text, ""
    elif mark and mark.stem:
        end = text.index(mark.label) + len(mark.label)
        label, rest = text[:end], text[end:]
    else:
        return
    link = element.makeelement("a", {"class": "anchor", "href": f"#{element.get('id')}"})
    link.text, link.tail, element.text = label, rest, None
    element.insert(0, link)


def _box(table: HtmlElement, place: int) -> None:
    """A table wider than its page is moved sideways in a box that the keyboard reaches (WCAG 2.2, 2.1.1)."""
    box = table.makeelement(
        "div", {"class": "table-box", "role": "region", "aria-label": f"表{place}", "tabindex": "0"}
    )
    box.tail, table.tail = table.tail, None
    table.getparent().replace(table, box)
    box.append(table)


def _resolve(anchor: HtmlElement, links: Mapping[str, str]) -> None:
    """An inner link gets its address; what leads nowhere keeps its text."""
    href = anchor.get("href") or ""
    if href.startswith("#"):
        return
    if re.match(r"https?://", href):
        anchor.set("rel", "external noopener")
    elif not href.startswith(("mailto:", "tel:")):
        if target := links.get(href, ""):
            anchor.set("href", target)
        else:
            anchor.drop_tag()


def _show(image: HtmlElement, links: Mapping[str, str]) -> None:
    """A picture of the site gets its address; a foreign one leaves its alternative."""
    if target := links.get(image.get("src") or "", ""):
        image.set("src", target)
        image.set("loading", "lazy")
    else:
        image.tag, image.text = "span", image.get("alt", "")
        image.attrib.clear()
