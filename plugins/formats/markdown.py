"""The one function from Markdown to safe HTML; everything else works on its tree (pure).

The dialect is the contract's: Python-Markdown with tables, footnotes and sane lists, typed list numbers kept.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import nh3
from lxml import html as lxml_html
from markdown import Markdown
from markdown.extensions import Extension
from markdown.extensions.footnotes import FootnoteExtension
from markdown.extensions.sane_lists import SaneListExtension, SaneOListProcessor
from markdown.extensions.tables import TableExtension
from markdown.treeprocessors import InlineProcessor

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


class _QuickInline(InlineProcessor):  # type: ignore[misc]
    """Inline patterns run only on text that holds a character with which one of them begins.

    Most Chinese paragraphs hold none; looking for twenty patterns in each is half of the engine's time. The names
    are the private ones of Python-Markdown 3.11, which the lock pins; a property test compares the results.
    """

    def _InlineProcessor__handleInline(self, data: str, patternIndex: int = 0) -> str:  # noqa: N802, N803
        if not _INLINE.search(data):
            return data
        handled: str = super()._InlineProcessor__handleInline(data, patternIndex)
        return handled

    def _InlineProcessor__applyPattern(  # noqa: N802
        self,
        pattern: Any,
        data: str,
        patternIndex: int,  # noqa: N803
        startIndex: int = 0,  # noqa: N803
    ) -> tuple[str, bool, int]:
        if pattern.begins not in data:
            return data, False, 0
        applied: tuple[str, bool, int] = super()._InlineProcessor__applyPattern(pattern, data, patternIndex, startIndex)
        return applied


class _TypedNumbersExtension(Extension):  # type: ignore[misc]
    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - Python-Markdown's name
        md.parser.blockprocessors.register(_TypedNumbers(md.parser), "olist", 40)
        md.treeprocessors.register(_QuickInline(md), "inline", 20)


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
            _TypedNumbersExtension(),
        ],
        output_format="html",
    )
    for item in engine.inlinePatterns._priority:  # noqa: SLF001 - the names stand nowhere else
        engine.inlinePatterns[item.name].begins = _BEGINS.get(item.name, "")
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


def tree(markdown: str) -> HtmlElement:
    """The body as one `div`; ids other than those of footnotes are gone."""
    root: Any = lxml_html.fragment_fromstring(safe_html(markdown), create_parent="div")
    for element in root.xpath(".//*[@id]"):
        if not _FOOTNOTE_ID.fullmatch(element.get("id")):
            del element.attrib["id"]
    return root
