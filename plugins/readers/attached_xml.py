"""XML of office files without trust: no DTD, no entity, nothing fetched, bounded size (pure)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from lxml import etree

from plugins.models.attachments import Finding

NS = {
    "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "x": "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "p": "http://schemas.openxmlformats.org/presentationml/2006/main",
    "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
    "style": "urn:oasis:names:tc:opendocument:xmlns:style:1.0",
    "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
    "table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
    "draw": "urn:oasis:names:tc:opendocument:xmlns:drawing:1.0",
    "presentation": "urn:oasis:names:tc:opendocument:xmlns:presentation:1.0",
    "script": "urn:oasis:names:tc:opendocument:xmlns:script:1.0",
    "form": "urn:oasis:names:tc:opendocument:xmlns:form:1.0",
    "config": "urn:oasis:names:tc:opendocument:xmlns:config:1.0",
    "manifest": "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0",
    "svg": "urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0",
    "xlink": "http://www.w3.org/1999/xlink",
}
PATH = re.compile(r"(?i)^\s*(file:|[a-z]:[\\/]|\\\\|/(users|home|volumes|tmp|var)/)")
"""How a path on somebody's machine begins: office programs put one where a picture's description should be."""

STRICT = "http://purl.oclc.org/ooxml/"

Objection = tuple[str, str, str, str]
"""A fault's code, an XPath of what it stands against, what that is called, and an XPath from there to its name."""


def parse(data: bytes, name: str) -> etree._Element:
    """The root of an XML part; comments and processing instructions are left out. Raises Finding if refused."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Finding("A103", reason=f"{name} 不是合格的 XML") from error
    info: Any = root.getroottree().docinfo
    if info.doctype:
        raise Finding("A103", reason=f"{name} 带有 DTD")
    if str(root.tag).startswith(f"{{{STRICT}"):
        raise Finding("A110", what="“严格”格式（Strict Open XML）")
    return root


def write(root: etree._Element) -> bytes:
    """The part's bytes: UTF-8 with a declaration."""
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def tag(name: str) -> str:
    """`w:del` as lxml writes it."""
    prefix, local = name.split(":")
    return f"{{{NS[prefix]}}}{local}"


def check_tree(root: etree._Element, table: Iterable[Objection]) -> Iterator[Finding]:
    """One finding for each row of `table` that the tree meets, naming the first place."""
    for code, path, what, label in table:
        if found := find(root, path):
            where = find(found[0], label) if label else []
            yield Finding(code, what=what, where=f"“{where[0]}”" if where else "")


def find(root: etree._Element, path: str) -> list[Any]:
    """What an XPath finds, as a list."""
    found = root.xpath(path, namespaces=NS)
    return list(found) if isinstance(found, list) else []
