"""OpenDocument without trust: what stands against publishing it (pure; ISO/IEC 26300)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from plugins.models.attachments import Budget, Finding
from plugins.readers.attached_images import check_image, inner_kind
from plugins.readers.attached_xml import NS, Objection, check_tree, find, parse, tag
from plugins.readers.attached_zip import Archive

XML_PARTS = ("content.xml", "styles.xml", "settings.xml", "META-INF/manifest.xml")
_WEB = re.compile(r"(?i)(https?|mailto|tel|ftp):|#|(\./)?Pictures/[^/]+$|$")
_STYLED = "[@{0}:style-name=//style:style[{1}]/@style:name]"
_AGAINST: tuple[Objection, ...] = (
    (
        "A109",
        "//table:table" + _STYLED.format("table", "style:table-properties/@table:display='false'"),
        "工作表",
        "@table:name",
    ),
    ("A109", "//table:table-row[@table:visibility='collapse' or @table:visibility='filter']", "行", ""),
    ("A109", "//table:table-column[@table:visibility='collapse' or @table:visibility='filter']", "列", ""),
    (
        "A109",
        "//draw:page" + _STYLED.format("draw", "style:drawing-page-properties/@presentation:visibility='hidden'"),
        "幻灯片",
        "@draw:name",
    ),
    ("A109", "//*" + _STYLED.format("text", "style:text-properties/@text:display='none'"), "文字", ""),
    ("A109", "//text:section[@text:display and @text:display!='true']", "节", "@text:name"),
    ("A109", "//text:hidden-text | //text:hidden-paragraph | //text:conditional-text", "文字", ""),
    ("A109", "//draw:layer[@draw:display and @draw:display!='always']", "图层", "@draw:name"),
    (
        "A110",
        "//draw:object | //draw:object-ole | //draw:plugin | //draw:floating-frame | //draw:applet",
        "内嵌对象",
        "",
    ),
    ("A105", "//@xlink:href[starts-with(., 'vnd.sun.star.')]", "宏", ""),
)
_LINKED = (
    "text:section-source",
    "table:table-source",
    "office:dde-source",
    "text:dde-connection",
    "table:cell-range-source",
)


def check_odf(archive: Archive, budget: Budget) -> Iterator[Finding]:
    """Everything that stands against publishing an OpenDocument file."""
    names = archive.names
    if any(n.startswith("META-INF/") and "signatures" in n for n in names):
        yield Finding("A112")
    if any(n.startswith(("Basic/", "Scripts/", "Dialogs/")) for n in names):
        yield Finding("A105", what="宏")
    present = [name for name in XML_PARTS if name in names]
    for name in present:
        budget.spend_xml(archive.size(name))
        root = parse(archive.read(name), name)
        if any(True for _ in root.iter(tag("manifest:encryption-data"))):
            raise Finding("A104")
        yield from check_tree(root, _AGAINST)
        yield from _check_links(root)
    if "content.xml" not in names:
        raise Finding("A103", reason="缺少正文")
    for name in names:
        if name.startswith("Pictures/"):
            data = archive.read(name)
            yield from check_image(inner_kind(name, data), data)


def _check_links(root: etree._Element) -> Iterator[Finding]:
    """The first link out of the file that leads to no place on the web."""
    for element in root.iter(*map(tag, _LINKED)):
        yield Finding("A114", value=element.get(f"{{{NS['xlink']}}}href", ""))
        return
    for target in find(root, "//@xlink:href"):
        if not _WEB.match(str(target)):
            yield Finding("A114", value=target)
            return
