"""Sanitised bodies with their elements where XHTML allows them: nothing is lost, nothing moves (pure; HTML5, 3.2.5).

Browsers take a list without items or a paragraph inside emphasis; readers of books and their validators do not. What
stands where it may not becomes a `div` or `span`, whose class is the element that it was.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from lxml.etree import SubElement, iterwalk

if TYPE_CHECKING:
    from lxml.html import HtmlElement

HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_TRANSPARENT = frozenset({"a", "ins", "del"})
"""What holds whatever its parent may hold."""
_INLINE = _TRANSPARENT | set("em strong code b i u s sub sup span q cite abbr small mark ruby rt rp br img".split())
_PHRASES = (_INLINE - _TRANSPARENT) | HEADINGS | {"p", "pre"}
"""What holds text and inline elements only."""
_STRUCTURE = frozenset("table thead tbody tfoot tr ul ol dl ruby".split())
"""What holds other elements and no text."""
_DEEPEST = 100
_DESCRIPTIONS = re.compile(r"((dt )+(dd )+)*")
_RUBY = re.compile(r"(x+(t|ptp))+")
_COUNT = re.compile(r"[1-9]\d{0,2}")
_SIZE = re.compile(r"\d{1,5}")


def settle(root: HtmlElement) -> None:
    """Makes the content of `root`, a `div`, valid: elements, and the values of their attributes."""
    _flatten(root)
    _lift(root)
    for element in list(root.iter()):
        if rule := _RULES.get(element.tag):
            rule(element)
        _attributes(element)


def _flatten(root: HtmlElement) -> None:
    """What lies deeper than any text needs is text alone: strict parsers of XML end at 256 levels."""
    depth, deepest = 0, []
    for event, element in iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if event == "start" and depth == _DEEPEST:
            deepest.append(element)
    for element in deepest:
        if element.getparent() is None:  # a neighbour's turn took it
            continue
        above = next(one for one in (element, *element.iterancestors()) if one.tag not in _STRUCTURE)
        for inner in list(above.iterdescendants()):
            inner.drop_tag()


def _lift(root: HtmlElement) -> None:
    """What may hold phrases only and holds a block is a `div`, from the innermost outwards."""
    holding = set()
    for element in reversed(list(root.iter())):
        if any(child.tag not in _INLINE or child in holding for child in element):
            if element.tag in _TRANSPARENT:
                holding.add(element)
            elif element.tag in _PHRASES:
                _become(element, "div")


def _become(element: HtmlElement, tag: str) -> None:
    element.set("class", element.tag)
    element.tag = tag


def _loose(element: HtmlElement) -> bool:
    """Whether there is text between the children."""
    return any((text or "").strip() for text in (element.text, *(child.tail for child in element)))


def _list(element: HtmlElement) -> None:
    if _loose(element) or any(child.tag != "li" for child in element):
        _become(element, "div")


def _descriptions(element: HtmlElement) -> None:
    if _loose(element) or not _DESCRIPTIONS.fullmatch("".join(f"{child.tag} " for child in element)):
        _become(element, "div")


def _part_of(tag: str, *parents: str) -> Callable[[HtmlElement], None]:
    """A rule: outside its `parents` an element becomes `tag`. Parents were judged before."""

    def rule(element: HtmlElement) -> None:
        above = element.getparent()
        if above is None or above.tag not in parents:
            _become(element, tag)

    return rule


def _caption_of_figure(element: HtmlElement) -> None:
    """Before or behind all else in its figure, and the only one of its kind."""
    above = element.getparent()
    if above is None or above.tag != "figure" or len(above.findall("figcaption")) > 1 or not _at_an_end(element, above):
        _become(element, "div")


def _at_an_end(element: HtmlElement, above: HtmlElement) -> bool:
    first = element is above[0] and not (above.text or "").strip()
    return first or (element is above[-1] and not (element.tail or "").strip())


def _ruby(element: HtmlElement) -> None:
    kinds = {"rt": "t", "rp": "p"}
    shape = "x" if (element.text or "").strip() else ""
    for child in element:
        shape += kinds.get(child.tag, "x") + ("x" if (child.tail or "").strip() else "")
    if not _RUBY.fullmatch(shape):
        _become(element, "span")


def _table(table: HtmlElement) -> None:
    """A caption is first, a head before and a foot behind all else; others are rows of the body."""
    for child in list(table):
        place = table.index(child)
        if child.tag == "caption" and (place or child.find(".//table") is not None):
            _become(child, "td")
            body = SubElement(table, "tbody")
            table.insert(place, body)
            SubElement(body, "tr").append(child)
        elif child.tag in {"thead", "tfoot"} and not _in_place(child):
            child.tag = "tbody"


def _in_place(part: HtmlElement) -> bool:
    others = part.itersiblings(preceding=part.tag == "thead")
    return all(other.tag == "caption" for other in others)


def _header_cell(cell: HtmlElement) -> None:
    """A header says what it heads: its column in the head of the table, elsewhere its row."""
    _no_headings(cell)
    if cell.get("scope") not in {"row", "col", "rowgroup", "colgroup"}:
        cell.set("scope", "col" if next(cell.iterancestors("thead", "table")).tag == "thead" else "row")


def _no_headings(element: HtmlElement) -> None:
    for heading in element.iter(*HEADINGS):
        _become(heading, "div")


def _heading(element: HtmlElement) -> None:
    """A heading that says nothing is none."""
    if not element.text_content().strip() and element.find(".//img") is None:
        _become(element, "div")


def _term(element: HtmlElement) -> None:
    _no_headings(element)
    _part_of("div", "dl")(element)


def _anchor(element: HtmlElement) -> None:
    if next(element.iterancestors("a"), None) is not None:
        _become(element, "span")
        element.attrib.pop("href", None)


def _picture(element: HtmlElement) -> None:
    element.set("alt", element.get("alt") or "")


_RULES: dict[str, Callable[[HtmlElement], None]] = {
    **dict.fromkeys(HEADINGS, _heading),
    "ul": _list,
    "ol": _list,
    "li": _part_of("div", "ul", "ol"),
    "dl": _descriptions,
    "dt": _term,
    "dd": _part_of("div", "dl"),
    "figcaption": _caption_of_figure,
    "ruby": _ruby,
    "rt": _part_of("span", "ruby"),
    "rp": _part_of("span", "ruby"),
    "table": _table,
    "th": _header_cell,
    "a": _anchor,
    "img": _picture,
}


def _attributes(element: HtmlElement) -> None:
    """Values that are none are dropped, alignment is a class. Numbers of lists stand in the text, not here."""
    for name, value in element.attrib.items():
        counted = (name in {"colspan", "rowspan"} and not _COUNT.fullmatch(value)) or (
            name in {"width", "height"} and not _SIZE.fullmatch(value)
        )
        if counted or name in {"align", "start", "type", "value"}:
            del element.attrib[name]
        if name == "align" and value.lower() in {"left", "center", "right"}:
            element.set("class", value.lower())
        if name in {"href", "title", "scope"} and element.tag in {"div", "span"}:
            del element.attrib[name]
