"""The one function from Markdown to safe HTML; everything else works on its tree (pure).

The dialect is the contract's: Python-Markdown with tables, footnotes and sane lists, typed list numbers kept.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import nh3
from lxml import etree
from lxml import html as lxml_html
from markdown import Markdown
from markdown.blockprocessors import ParagraphProcessor
from markdown.extensions import Extension
from markdown.extensions.footnotes import FootnoteExtension
from markdown.extensions.sane_lists import SaneListExtension, SaneOListProcessor
from markdown.extensions.tables import TableExtension
from markdown.treeprocessors import InlineProcessor, UnescapeTreeprocessor
from markdown.util import STX, AtomicString

from plugins.models.markup import TAGS

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_ATTRIBUTES = {
    "a": {"href", "title"},
    "img": {"src", "alt", "title", "width", "height"},
    "ol": {"start", "type"},
    "li": {"id", "value"},
    "sup": {"id"},
    "th": {"colspan", "rowspan", "scope", "align"},
    "td": {"colspan", "rowspan", "align"},
    "abbr": {"title"},
}
_CLEANER = nh3.Cleaner(
    tags=set(TAGS),
    clean_content_tags={"script", "style", "template", "iframe", "object", "svg", "math", "noscript"},
    attributes=_ATTRIBUTES,
    url_schemes={"http", "https", "mailto", "tel"},
    link_rel=None,
    strip_comments=True,
)
_INLINE = re.compile(r"[\[\]*_`<>&\\!\x02\x03]|  \n")
_PLAIN = re.compile(r"[^\s\d#>*+\-_\[][^\n]*")
"""One line that begins neither a heading, list, quotation, rule, note nor code: a paragraph."""
_FOOTNOTE_ID = re.compile(r"fn(ref\d*)?:[\w-]{1,40}")


class _TypedNumbers(SaneOListProcessor):  # type: ignore[misc]
    """Ordered lists whose items keep the numbers that were typed: 1, 2, 5 stays 1, 2, 5."""

    def run(self, parent: ET.Element, blocks: list[str]) -> None:
        matches = (self.CHILD_RE.match(line) for line in blocks[0].split("\n"))
        values = [match[1].rstrip(".") for match in matches if match]
        super().run(parent, blocks)
        items = (parent if parent.tag == "ol" else parent[-1])[-len(values) :]
        for item, value in zip(items, values, strict=False):
            if item.tag == "li" and len(value) < 8:
                item.set("value", str(int(value)))


class _PlainParagraphs(ParagraphProcessor):  # type: ignore[misc]
    """Takes plain lines before the other processors: asking all twelve of each is a third of the engine's time."""

    def test(self, parent: ET.Element, block: str) -> bool:  # noqa: ARG002 - Python-Markdown's shape
        return _PLAIN.fullmatch(block) is not None

    def run(self, parent: ET.Element, blocks: list[str]) -> None:
        while blocks and _PLAIN.fullmatch(blocks[0]):
            super().run(parent, blocks)


class _QuickInline(InlineProcessor):  # type: ignore[misc]
    """Inline patterns run only on text that holds the characters with which they begin.

    Most Chinese paragraphs hold none; looking for twenty patterns in each is half of the engine's time. The names
    are the private ones of Python-Markdown 3.11, which the lock pins; a property test compares the results.
    """

    patterns: Sequence[tuple[int, Any]] = ()
    """Every pattern with its place in their order; each has what it `begins` with."""

    def run(self, tree: ET.Element, ancestors: list[str] | None = None) -> ET.Element:
        for element in tree.iter():
            if element.text and not _INLINE.search(element.text):
                element.text = AtomicString(element.text)  # the engine's word for text that is finished
        done: ET.Element = super().run(tree, ancestors)
        return done

    def _InlineProcessor__handleInline(self, data: str, patternIndex: int = 0) -> str:  # noqa: N802, N803
        if not _INLINE.search(data) or isinstance(data, AtomicString):
            return data
        for index, pattern in self.patterns[patternIndex:]:
            matched, start = True, 0
            while matched and pattern.begins in data:
                data, matched, start = self._InlineProcessor__applyPattern(pattern, data, index, start)
        return data


class _QuickUnescape(UnescapeTreeprocessor):  # type: ignore[misc]
    """Walks only trees in which something was escaped."""

    def run(self, root: ET.Element) -> None:
        if any(STX in text for text in root.itertext()):
            super().run(root)


class _QuickExtension(Extension):  # type: ignore[misc]
    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - Python-Markdown's name
        md.parser.blockprocessors.register(_TypedNumbers(md.parser), "olist", 40)
        md.parser.blockprocessors.register(_PlainParagraphs(md.parser), "plain", 200)
        md.treeprocessors.register(_QuickInline(md), "inline", 20)
        md.treeprocessors.register(_QuickUnescape(md), "unescape", 0)


_BEGINS = {
    "backtick": "`",
    "escape": "\\",
    "footnote": "[^",
    "reference": "[",
    "link": "[",
    "image_link": "![",
    "image_reference": "![",
    "short_reference": "[",
    "short_image_ref": "![",
    "autolink": "<",
    "automail": "<",
    "linebreak": "  \n",
    "html": "<",
    "entity": "&",
}
"""Without what no match of the pattern is possible."""


def _engine() -> Markdown:
    engine = Markdown(
        extensions=[
            TableExtension(),
            FootnoteExtension(BACKLINK_TITLE="返回正文", SEPARATOR=":"),
            SaneListExtension(),
            _QuickExtension(),
        ],
        output_format="html",
    )
    engine.is_block_level = lru_cache(maxsize=256)(engine.is_block_level)
    for item in engine.inlinePatterns._priority:  # noqa: SLF001 - the names stand nowhere else
        engine.inlinePatterns[item.name].begins = _BEGINS.get(item.name, "")
    engine.treeprocessors["inline"].patterns = list(enumerate(engine.inlinePatterns))
    return engine


_ENGINE: list[Markdown] = []


@lru_cache(maxsize=4)
def safe_html(markdown: str) -> str:
    """Sanitised HTML of one body: allow-listed elements and attributes only, no script, no foreign scheme.

    Bodies have passed `readers.body.check_body`, which bounds what the engine's patterns may meet.
    """
    if not _ENGINE:
        _ENGINE.append(_engine())
    engine = _ENGINE[0]
    engine.reset()
    cleaned: str = _CLEANER.clean(engine.convert(markdown))
    return cleaned


def _parser() -> etree.HTMLParser:
    """One class for all elements: asking Python which one each tag has costs a third of the parsing."""
    parser = etree.HTMLParser()
    parser.set_element_class_lookup(etree.ElementDefaultClassLookup(element=lxml_html.HtmlElement))
    return parser


_PARSER = _parser()


def tree(markdown: str) -> HtmlElement:
    """The body as one `div`; ids other than those of footnotes are gone."""
    document: Any = etree.fromstring(f"<html><body>{safe_html(markdown)}</body></html>", _PARSER)
    (root,) = document
    document.remove(root)
    root.tag = "div"
    if not (root.text or "").strip():
        root.text = None
    for element in root.xpath(".//*[@id]"):
        if not _FOOTNOTE_ID.fullmatch(element.get("id")):
            del element.attrib["id"]
    return root
