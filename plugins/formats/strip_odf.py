"""OpenDocument without author, annotations, earlier texts and thumbnails (pure; ISO/IEC 26300)."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from plugins.formats.strip_image import strip_image
from plugins.readers.attached_images import inner_kind
from plugins.readers.attached_odf import XML_PARTS
from plugins.readers.attached_xml import NS, PATH, find, parse, tag, write
from plugins.readers.attached_zip import Archive

_META = (
    f'<?xml version="1.0" encoding="UTF-8"?>\n<office:document-meta xmlns:office="{NS["office"]}" office:version="1.2">'
    "<office:meta/></office:document-meta>\n"
).encode()
_DROPPED = [
    *map(tag, "office:annotation office:annotation-end office:scripts office:event-listeners office:meta".split()),
    *map(tag, "text:tracked-changes text:change text:change-start text:change-end table:tracked-changes".split()),
    *map(tag, "presentation:notes presentation:event-listener script:event-listener form:hidden".split()),
]
_FIELDS = [
    tag(f"text:{name}")
    for name in (
        "initial-creator creator author-name author-initials title subject keywords description file-name"
        " template-name user-defined editing-cycles editing-duration printed-by creation-date creation-time"
        " modification-date modification-time print-date print-time"
    ).split()
]
"""Fields that repeat what meta.xml said: their shown text stays as text."""
_SETTINGS = " or ".join(
    f"@config:name='{name}'"
    for name in (
        "PrinterName PrinterSetup PrintFaxName CurrentDatabaseDataSource CurrentDatabaseCommand EmbeddedDatabaseName"
        " Rsid RsidRoot RedlineProtectionKey ModifyPasswordInfo"
    ).split()
)


def strip_odf(archive: Archive) -> Iterator[tuple[str, bytes]]:
    """The members of the file that is published, `mimetype` first. Raises Finding, a ValueError, if unreadable."""
    kept = [n for n in archive.names if n in XML_PARTS or n.startswith("Pictures/")]
    yield "mimetype", archive.read("mimetype").strip()
    yield "meta.xml", _META
    for name in kept:
        data = archive.read(name)
        if name.startswith("Pictures/"):
            yield name, strip_image(inner_kind(name, data), data)
        else:
            yield name, write(_clean(parse(data, name), {"/", "meta.xml", *kept}))


def _clean(root: etree._Element, kept: set[str]) -> etree._Element:
    """The tree as it is shown; a manifest names the `kept` members only."""
    etree.strip_elements(root, *_DROPPED, with_tail=False)
    etree.strip_tags(root, *_FIELDS)
    path = f"{{{NS['manifest']}}}full-path"
    gone = [e for e in root.iter(tag("manifest:file-entry")) if e.get(path) not in kept]
    gone += find(
        root, f"//config:config-item[{_SETTINGS}] | //config:config-item-set[@config:name='ooo:view-settings']"
    )
    for element in find(root, "//svg:desc | //svg:title"):
        if PATH.match(element.text or ""):
            element.text = ""
    for element in gone:
        if (parent := element.getparent()) is not None:
            parent.remove(element)
    return root
