"""A body as the blocks that a typesetter walks: plain JSON values, text as the canonical text has it (pure).

    {"k": "p", "r": RUNS, "d": depth, "q": 1 quoted, "b": 1 with a bullet, "a": its place, "n": 1 a footnote}
    {"k": "h", "l": level from 1, "s": "hei", "kai" or "center", "r": RUNS}
    {"k": "pre", "lines": [text, ...]}   {"k": "hr"}   {"k": "img", "src": target as written, "alt": text}
    {"k": "table", ...}: see formats/cells.py

RUNS are strings and `{"t": text, "b" "i" "u" "s" "c": 1, "v": "sup" or "sub", "to": address}`; `{"br": 1}` ends a line,
`{"m": "1"}` is the mark of a footnote. "x": 1 is a piece of a long word, with "h": 1 a number is set in 黑体.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from plugins.formats import structure
from plugins.formats.cells import table
from plugins.formats.numbering import ARTICLE, FIRST, SECOND, read
from plugins.formats.runs import Run, broken, styled, trimmed
from plugins.formats.text import plain

if TYPE_CHECKING:
    from lxml.html import HtmlElement

Block = dict[str, Any]
_BLOCKS = frozenset(
    "p ul ol li dl dt dd caption blockquote pre hr div figure figcaption h1 h2 h3 h4 h5 h6 table img".split()
)
_FARTHEST = 2000
"""Bytes of an address that a PDF leads to: Typst stops at 8,000."""
_STYLES: Mapping[str, tuple[str, int | str]] = {
    **dict.fromkeys(("strong", "b"), ("b", 1)),
    **dict.fromkeys(("em", "i", "cite"), ("i", 1)),
    **dict.fromkeys(("u", "ins"), ("u", 1)),
    **dict.fromkeys(("s", "del"), ("s", 1)),
    "code": ("c", 1),
    "sup": ("v", "sup"),
    "sub": ("v", "sub"),
}


def blocks(root: HtmlElement, links: Mapping[str, str], address: str) -> list[Block]:
    """The blocks below `root`, which loses nothing but gets the anchors of its page.

    `links` maps targets as written to addresses, "" for none; `#anchors` are those of the page at `address`.
    """
    structure.outline(root)
    walker = _Walker(links, address)
    walker.inside(root)
    walker.flush()
    return walker.blocks


class _Walker:
    """Walks the tree; runs collect until a block begins or ends."""

    def __init__(self, links: Mapping[str, str], address: str) -> None:
        self.links, self.address = links, address
        self.blocks: list[Block] = []
        self.runs: list[Run] = []
        self.look: Block = {"k": "p"}
        self.numbers: list[int | None] = []
        self.marker: Run = ""
        self.styles: dict[str, Any] = {}
        self.level = 0

    def flush(self) -> None:
        """Ends the block, if there is one; a waiting list number goes before it."""
        runs = trimmed(self.runs)
        self.runs = []
        if runs:
            block = {**self.look, "r": [self.marker, *runs] if self.marker else runs}
            self.marker = ""
            self.look.pop("b", None)
            if block["k"] == "p":
                block["r"] = _labelled(block["r"])
            self.blocks.append(block)

    def text(self, text: str | None) -> None:
        if text and text != "\n":
            runs = broken(plain(text))
            self.runs += [styled(run, self.styles) for run in runs] if self.styles else runs

    def inside(self, element: Any) -> None:
        self.text(element.text)
        for child in element:
            self.element(child)
            self.text(child.tail)

    def element(self, element: Any) -> None:
        """One element without what follows it."""
        tag = element.tag
        if tag not in _BLOCKS:
            self.inline(element, tag)
            return
        self.flush()
        if tag == "pre":
            lines = [line for line in element.text_content().split("\n") if line.strip()]
            self.blocks += [{"k": "pre", "lines": lines}] if lines else []
        elif tag == "table":
            self.table(element)
        elif tag == "hr":
            self.blocks.append({"k": "hr"})
        elif tag == "img":
            self.blocks.append({"k": "img", "src": element.get("src") or "", "alt": element.get("alt") or ""})
        else:
            self.block(element, tag)
        self.flush()

    def block(self, element: Any, tag: str) -> None:
        """A block with text; what it changes of the look holds inside it."""
        look, self.look = self.look, {**self.look}
        if tag in {"ol", "ul"}:
            start = element.get("start") or "1"
            self.numbers.append(int(start) - 1 if tag == "ol" and start.isdecimal() else None)
        elif tag == "li":
            self.item(element)
        elif tag == "blockquote":
            self.look["q"] = self.look.get("q", 0) + 1
        elif tag in {"caption", "figcaption"}:
            self.look["a"] = "center"
        elif tag[0] == "h":
            self.level = min(int(tag[1]) - 1, self.level + 1)
            self.look = {"k": "h", "l": self.level, "s": _kind(element.text_content())}
        self.inside(element)
        self.flush()
        if tag in {"ol", "ul"}:
            self.numbers.pop()
        self.look = look

    def item(self, element: Any) -> None:
        """A list's item: its typed number, a bullet, or the number of a footnote."""
        if (name := element.get("id") or "").startswith("fn"):
            self.look["n"] = 1
            self.marker = {"m": name.partition(":")[2]}
            return
        self.look["d"] = len(self.numbers) - 1
        if self.numbers and (last := self.numbers[-1]) is not None:
            value = element.get("value") or ""
            self.numbers[-1] = int(value) if value.isdecimal() else last + 1
            self.marker = f"{self.numbers[-1]}. "
        else:
            self.look["b"] = 1

    def inline(self, element: Any, tag: str) -> None:
        href = (element.get("href") or "") if tag == "a" else ""
        if href.startswith("#fn"):
            if href.startswith("#fn:"):
                self.runs.append({"m": href.partition(":")[2]})
            return
        if tag == "br":
            self.runs.append({"br": 1})
            return
        styles, self.styles = self.styles, {**self.styles}
        if tag in _STYLES and not (tag == "sup" and (element.get("id") or "").startswith("fnref")):
            name, value = _STYLES[tag]
            self.styles[name] = value
        elif target := self.target(href):
            self.styles["to"] = target
        self.inside(element)
        self.styles = styles

    def target(self, href: str) -> str:
        """The absolute address of a link, "" where it leads nowhere."""
        if href.startswith("#"):
            href = self.address + href
        target = href if re.match(r"https?://|mailto:|tel:", href) else self.links.get(href, "")
        return target if len(target.encode()) <= _FARTHEST else ""

    def table(self, element: Any) -> None:
        """Cells are walked like blocks of their own; a caption stands before its table."""
        for caption in element.iterchildren("caption"):
            self.element(caption)
        made = table(element, self.cell)
        self.blocks += [made] if made["cells"] else []

    def cell(self, element: Any) -> list[Run]:
        """The runs of one cell; blocks in it are parted by line ends."""
        inner = _Walker(self.links, self.address)
        inner.inside(element)
        inner.flush()
        runs: list[Run] = []
        for block in inner.blocks:
            runs += [{"br": 1}] if runs else []
            runs += _flat(block)
        return runs


def _flat(block: Block) -> list[Run]:
    """The runs of any block: a table in a cell is its cells one after the other."""
    if block["k"] == "table":
        cells = [cell["r"] for cell in block["cells"]]
        return [run for cell in cells if cell for run in (*cell, {"br": 1})][:-1]
    if block["k"] == "img":
        return [f"〔图：{block['alt']}〕"]
    if block["k"] == "pre":
        return [run for line in block["lines"] for run in (line, {"br": 1})][:-1]
    found: list[Run] = block.get("r", [])
    return found


def _kind(text: str) -> str:
    """What a heading is set in: 一、 黑体, （一） 楷体 (GB/T 9704-2012, 7.3.3); chapters in the middle."""
    mark = read(text, heading=True)
    if mark is None or mark.rank == FIRST:
        return "hei"
    return "kai" if mark.rank == SECOND else "hei" if mark.rank > SECOND or not mark.rank else "center"


def _labelled(runs: list[Run]) -> list[Run]:
    """A paragraph that is an article has its number in 黑体, as printed laws have."""
    first = runs[0]
    if not isinstance(first, str) or not first.startswith("第") or not (mark := read(first)) or mark.rank != ARTICLE:
        return runs
    return [{"t": mark.label, "h": 1}, first.removeprefix(mark.label), *runs[1:]]
