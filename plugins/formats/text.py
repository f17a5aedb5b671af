"""Canonical text: the bytes whose sha256 is the document's hash (pure; contract, Output)."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Any

from plugins.formats import markdown
from plugins.formats.views import Loader, View

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_BLOCKS = frozenset(
    "p h1 h2 h3 h4 h5 h6 ul ol li dl dt dd table thead tbody tfoot tr caption blockquote pre hr div figure"
    " figcaption".split()
)
_CJK = "[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u3000-\u303f]"
_SOFT_BREAK = re.compile(rf"(?<={_CJK})\s*\n\s*(?={_CJK})")
_CELL = re.compile(r" *\t *")
_SPACE = re.compile(r"[^\S\n]*\n[^\S\n]*|[^\S\t]+")


def render(view: View, load: Loader) -> bytes:
    """`{"title", "body"?}` as canonical text: title, empty line, blocks one a line, NFC, LF."""
    body = lines(markdown.tree(load.body(view["body"]))) if view.get("body") else []
    text = "\n".join([view["title"], "", *body]).rstrip("\n") + "\n"
    return unicodedata.normalize("NFC", text).encode()


def without_title(canonical: bytes) -> str:
    """The text below the title, as search holds it; a document without a body is its title."""
    return canonical.decode().split("\n\n", 1)[-1].rstrip("\n")


def lines(root: HtmlElement) -> list[str]:
    """The blocks below `root`, one string each: list numbers as typed, table cells separated by TAB."""
    writer = _Writer()
    writer.element(root)
    writer.flush()
    return writer.lines


def plain(text: str) -> str:
    """Inline text with its white space as the canonical text has it: none where a line of Chinese goes on."""
    return text if text.isprintable() and "  " not in text else _SPACE.sub(" ", _SOFT_BREAK.sub("", text))


class ListNumbers:
    """The numbers of list items as typed, asked for while a tree is walked in its order."""

    def __init__(self) -> None:
        self._last: list[int | None] = []

    def begin(self, element: Any) -> None:
        """A list begins: `ol` counts from its start, `ul` does not count."""
        start = element.get("start") or "1"
        self._last.append(int(start) - 1 if element.tag == "ol" and start.isdecimal() else None)

    def item(self, element: Any) -> str:
        """The marker of an item: its own number, else one after the last; "" in a list without numbers.

        That of a footnote is "": its number is a mark in the text, not typed.
        """
        if not self._last or self._last[-1] is None or (element.get("id") or "").startswith("fn"):
            return ""
        value, last = element.get("value"), self._last[-1]
        self._last[-1] = int(value) if value and value.isdecimal() else last + 1
        return f"{self._last[-1]}. "

    def end(self) -> None:
        """The list ends."""
        self._last.pop()


class _Writer:
    """Walks the tree; inline text collects until a block begins or ends; `marker` is a list number that waits."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.pieces: list[str] = []
        self.marker = ""
        self.numbers = ListNumbers()
        self.cells = 0

    def flush(self) -> None:
        """Ends the line, if there is one; a waiting list number goes before it. A cell stays on the line of its row."""
        if not self.pieces:
            return
        if self.cells:
            self.pieces.append(" ")
            return
        text = "".join(self.pieces)
        self.pieces.clear()
        if "\t" in text:
            text = _CELL.sub("\t", text)
        text = text.strip(" \n")
        if text:
            self.line(text)

    def line(self, text: str) -> None:
        """A line; a list number that waits stands before it."""
        self.lines.append(self.marker + text)
        self.marker = ""

    def text(self, text: str | None) -> None:
        if text and text != "\n":
            self.pieces.append(plain(text))

    def element(self, element: Any) -> None:
        tag = element.tag
        if tag == "pre" and not self.cells:
            self.flush()
            for line in element.text_content().split("\n"):
                if line.strip():
                    self.line(line)
            self.text(element.tail)
            return
        block = tag in _BLOCKS
        if block or tag == "br":
            self.flush()
        self.begin(element, tag)
        if tag != "a" or not (element.get("href") or "").startswith("#fn"):
            self.text(element.text)
            for child in element:
                self.element(child)
        self.end(tag)
        if block:
            self.flush()
        self.text(element.tail)

    def begin(self, element: Any, tag: str) -> None:
        """Lists begin to count, items take their number, cells part from the one before."""
        if tag in {"ol", "ul"}:
            self.numbers.begin(element)
        elif tag == "li":
            marker = self.numbers.item(element)
            if self.cells:
                self.pieces.append(marker)
            else:
                self.unmarked()
                self.marker = marker
        elif tag in {"td", "th"}:
            if element.getprevious() is not None:
                self.pieces.append("\t")
            self.cells += 1

    def unmarked(self) -> None:
        """An item without words of its own keeps its number, on a line alone."""
        if self.marker:
            self.lines.append(self.marker.rstrip())
            self.marker = ""

    def end(self, tag: str) -> None:
        """The counterpart of `begin`."""
        if tag in {"ol", "ul"}:
            self.numbers.end()
        elif tag == "li" and self.marker:
            self.flush()
            self.unmarked()
        elif tag in {"td", "th"}:
            self.cells -= 1
