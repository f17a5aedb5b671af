"""A body as it stands in a book or a message: valid XHTML, numbers of lists as text, notes as notes (pure).

Two readers of one tree: `formats.epub` writes it as XML, `formats.media` with styles in place of elements.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote, urlsplit

from lxml import etree

from plugins.formats import markdown, structure
from plugins.formats.content_model import settle
from plugins.formats.text import ListNumbers

if TYPE_CHECKING:
    from lxml.html import HtmlElement

MARK, NUMBER, ALTERNATIVE = "note-mark", "number", "alternative"
"""Classes: marks of notes and the way back from them, which are no text; numbers of lists; words of absent pictures."""
FRAME, WIDE = "table", "wide table"
"""Classes of what scrolls around a table, and around one with more columns than a narrow screen has room for."""
_MANY = 8
ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that no XML may hold."""
_HOST = re.compile(
    r"(?:(?:[a-z\d](?:[a-z\d-]*[a-z\d])?\.)*[a-z](?:[a-z\d-]*[a-z\d])?|\d{1,3}(?:\.\d{1,3}){3})(?::\d{1,5})?"
)
_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_SAFE = "%!$&'()*+,;=:@/?-._~"
_SPACE = re.compile(r"\s*")


class Body(NamedTuple):
    """The tree of a body, a `div`, and its outline (level 2 to 6, anchor, text)."""

    root: HtmlElement
    outline: list[tuple[int, str, str]]

    def anchors(self) -> frozenset[str]:
        """Every id."""
        return frozenset(str(found) for found in self.root.xpath(".//@id"))


def body(text: str) -> Body:
    """The Markdown `text` with anchors as on its page; links and pictures as written."""
    root = markdown.tree(text)
    outline = structure.outline(root)
    _legal(root)
    _number(root)
    _notes(root)
    settle(root)
    _frame(root)
    seen: set[str] = set()
    for element in root.xpath(".//*[@id]"):
        if element.get("id") in seen:
            del element.attrib["id"]
        else:
            seen.add(element.get("id"))
    return Body(root, outline)


def legal(text: str) -> str:
    """`text` with a sign in place of each character that no XML may hold."""
    return ILLEGAL.sub("\ufffd", text)


def legal_values(value: Any) -> Any:
    """A view whose texts are all legal."""
    if isinstance(value, str):
        return legal(value)
    if isinstance(value, Mapping):
        return {key: legal_values(one) for key, one in value.items()}
    return [legal_values(one) for one in value] if isinstance(value, list | tuple) else value


def resolve(root: HtmlElement, target: Callable[[str], str]) -> None:
    """Gives every link the address that `target` names for what was written; with "" only its text stays."""
    for anchor in list(root.iter("a")):
        if href := target(anchor.get("href") or ""):
            anchor.set("href", href)
        elif anchor.get("class") == MARK or anchor.get("id"):
            anchor.tag = "span"
            for name in ("href", "title"):
                anchor.attrib.pop(name, None)
        else:
            anchor.drop_tag()


def show(root: HtmlElement, places: Mapping[str, str]) -> None:
    """Pictures get their place in the book by what was written; of others the alternative is shown."""
    for image in list(root.iter("img")):
        if place := places.get(image.get("src") or "", ""):
            image.set("src", place)
        else:
            words = image.get("alt") or ""
            image.tag, image.text = "span", words
            image.attrib.clear()
            image.set("class", ALTERNATIVE)


def address(written: str) -> str:
    """An address of the web as every reader parses it, percent-encoded; "" for what is none."""
    if written.startswith(("mailto:", "tel:")):
        return _quoted(written)
    try:
        parts = urlsplit(written.strip())
        host = parts.netloc.lower()
        host = host if host.isascii() else host.encode("idna").decode()
    except ValueError:  # a bracket without its pair, a label that is too long
        return ""
    if parts.scheme not in {"http", "https"} or not _HOST.fullmatch(host):
        return ""
    rest = written.strip().split("//", 1)[1][len(parts.netloc) :]
    before, sign, fragment = rest.partition("#")
    return f"{parts.scheme}://{host}{_quoted(before)}{sign}{_quoted(fragment)}"


def _quoted(text: str) -> str:
    return quote(_PERCENT.sub("%25", legal(text)), safe=_SAFE)


def written(root: HtmlElement) -> str:
    """The children of `root` as XML. No element but void ones is closed by its own tag: HTML parsers misread that."""
    for element in root.iter():
        if element.tag not in {"br", "hr", "img"} and not len(element) and element.text is None:
            element.text = ""
    whole: str = etree.tostring(root, encoding="unicode", method="xml", with_tail=False)
    return whole[whole.index(">") + 1 : whole.rindex("<")]


def _legal(root: HtmlElement) -> None:
    """Nothing in the tree is a character that XML has not."""
    for element in root.iter():
        for name in ("text", "tail"):
            value = getattr(element, name)
            if value and ILLEGAL.search(value):
                setattr(element, name, legal(value))
        for name, value in element.attrib.items():
            if ILLEGAL.search(value):
                element.set(name, legal(value))


def _number(root: HtmlElement) -> None:
    """Writes the number of each item before its words: as typed, whatever a reader makes of lists."""
    numbers = ListNumbers()
    for event, element in etree.iterwalk(root, events=("start", "end"), tag=("ol", "ul", "li")):
        if element.tag != "li":
            numbers.begin(element) if event == "start" else numbers.end()
        elif event == "start" and (marker := numbers.item(element)):
            _before(element, NUMBER, marker)


def _before(item: HtmlElement, kind: str, marker: str) -> None:
    """A span of class `kind` before the words of `item`, inside its first paragraph where it has one."""
    first = item[0] if len(item) else None
    inside = first if first is not None and first.tag == "p" and not (item.text or "").strip() else item
    span = item.makeelement("span", {"class": kind})
    span.text, span.tail, inside.text = marker, inside.text, None
    inside.insert(0, span)


def _frame(root: HtmlElement) -> None:
    """Puts a `div` around each table that scrolls where the table is wider than the page."""
    for table in list(root.iter("table")):
        wide = max((len(row) for row in table.iter("tr")), default=0) > _MANY
        frame = table.makeelement("div", {"class": WIDE if wide else FRAME})
        frame.tail, table.tail = table.tail, None
        table.addprevious(frame)
        frame.append(table)


def _notes(root: HtmlElement) -> None:
    """The list of notes that the engine adds becomes a section of asides; marks and notes lead to each other."""
    names: dict[str, str] = {}
    for element in root.xpath(".//*[starts-with(@id, 'fn')]"):
        kind = "note-ref" if element.get("id").startswith("fnref") else "note"
        names.setdefault(element.get("id"), f"{kind}-{len(names) + 1}")
    if not names and not root.xpath(".//a[starts-with(@href, '#fn')]"):
        return
    for element in root.xpath(".//*[starts-with(@id, 'fn')]"):
        element.set("id", names[element.get("id")])
    for anchor in root.xpath(".//a[starts-with(@href, '#fn')]"):
        anchor.set("href", "#" + names.get(anchor.get("href")[1:], ""))
        anchor.set("class", MARK)
    for items in root.iter("ol"):
        above = items.getparent()
        is_notes = len(items) and all((item.get("id") or "").startswith("note-") for item in items)
        if is_notes and above is not None and above.tag == "div" and above.getparent() is root:
            _section(items)


def _section(items: HtmlElement) -> None:
    rule = items.getprevious()
    if rule is not None and rule.tag == "hr":
        rule.drop_tree()
    items.tag = "section"
    items.set("class", "notes")
    for place, item in enumerate(items, 1):
        item.tag = "aside"
        _before(item, MARK, f"{place} ")
