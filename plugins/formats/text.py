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
_SPACE = re.compile(r"[^\S\n]*\n[^\S\n]*|[^\S\t]+")


def render(view: View, load: Loader) -> bytes:
    """`{"title", "body"?}` as canonical text: title, empty line, blocks one a line, NFC, LF."""
    body = lines(markdown.tree(load.body(view["body"]))) if view.get("body") else []
    text = "\n".join([view["title"], "", *body]).rstrip("\n") + "\n"
    return unicodedata.normalize("NFC", text).encode()


def lines(root: HtmlElement) -> list[str]:
    """The blocks below `root`, one string each: list numbers as typed, table cells separated by TAB."""
    writer = _Writer()
    writer.element(root)
    writer.flush()
    return writer.lines


class _Writer:
    """Walks the tree; inline text collects until a block begins or ends."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.pieces: list[str] = []

    def flush(self) -> None:
        text = re.sub(" ?\t ?", "\t", "".join(self.pieces)).strip(" \n")
        self.pieces.clear()
        if text.strip():
            self.lines.append(text)

    def text(self, text: str | None) -> None:
        if text:
            self.pieces.append(_SPACE.sub(" ", _SOFT_BREAK.sub("", text)))

    def element(self, element: Any) -> None:
        tag = element.tag
        if tag == "pre":
            self.flush()
            self.lines += [line for line in element.text_content().split("\n") if line.strip()]
            self.text(element.tail)
            return
        if tag in _BLOCKS or tag == "br":
            self.flush_unless_marker()
        if tag == "li" and (value := element.get("value")):
            self.pieces.append(f"{value}. ")
        elif tag in {"td", "th"} and element.getprevious() is not None:
            self.pieces[:] = ["".join(self.pieces).rstrip(" ") + "\t"]
        if not (element.get("href") or "").startswith("#fn"):
            self.text(element.text)
            for child in element:
                self.element(child)
        if tag in _BLOCKS:
            self.flush()
        self.text(element.tail)

    def flush_unless_marker(self) -> None:
        """A list number stands on the line of its item's first block."""
        if not (len(self.pieces) == 1 and re.fullmatch(r"\d+\. ", self.pieces[0])):
            marker = self.pieces[:1] if self.pieces and re.fullmatch(r"\d+\. ", self.pieces[0]) else []
            rest = "".join(self.pieces[1:]).strip()
            if marker and not rest:
                self.pieces[:] = marker
            else:
                self.flush()
