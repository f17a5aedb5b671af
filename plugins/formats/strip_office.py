"""Office Open XML without author, comments, earlier texts and embedded workbooks (pure; ECMA-376)."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import unquote

from lxml import etree

from plugins.formats.strip_image import strip_image
from plugins.readers.attached_images import inner_kind
from plugins.readers.attached_office import Package, read_package, rels_name
from plugins.readers.attached_xml import NS, PATH, find, parse, tag, write
from plugins.readers.attached_zip import Archive

_TYPES = "[Content_Types].xml"
_CHANGES = "rPr pPr sectPr tblPr trPr tcPr tblGrid tblPrEx".split()
_RANGES = (
    "moveFromRange moveToRange customXmlInsRange customXmlDelRange customXmlMoveFromRange customXmlMoveToRange".split()
)
_DROPPED = [
    *map(tag, "w:del w:moveFrom w:numberingChange w:cellIns w:cellMerge w:commentRangeStart w:commentRangeEnd".split()),
    *map(tag, "w:commentReference w:annotationRef w:permStart w:permEnd w:dataBinding w:attachedTemplate".split()),
    *map(tag, "w:docVars w:mailMerge w:trackRevisions w:rsids".split()),
    *(tag(f"w:{name}Change") for name in _CHANGES),
    *(tag(f"w:{name}{edge}") for name in _RANGES for edge in ("Start", "End")),
    *map(tag, "x:legacyDrawing x:fileSharing x:customWorkbookViews x:customSheetViews x:webPublishItems".split()),
    *map(tag, "p:custDataLst p:custData".split()),
    *(f"{{*}}{name}" for name in ("absPath", "externalData", "svgBlip")),
]
_ACCEPTED = [tag("w:ins"), tag("w:moveTo")]


def strip_office(archive: Archive) -> Iterator[tuple[str, bytes]]:
    """The members of the file that is published. Raises Finding, a ValueError, for what cannot be cleaned."""
    package = read_package(archive)
    yield _TYPES, _types(archive, package)
    unused = _unused_strings(archive, package)
    for source in sorted(package.relations):
        if rels := _rels(archive, package, source):
            yield rels_name(source), rels
    for name, kind in sorted(package.parts.items()):
        data = archive.read(name)
        if kind == "image":
            yield name, strip_image(inner_kind(name, data), data)
        elif kind == "font":
            yield name, data
        else:
            gone = {r.id for r in package.relations[name] if not r.kept}
            yield name, _clean(parse(data, name), gone, unused if kind == "sharedStrings" else set())


def _clean(root: etree._Element, gone: set[str], unused: set[int]) -> bytes:
    """The part as it is shown: changes accepted, notes to each other left out.

    `gone` are ids of relationships, `unused` numbers of shared strings.
    """
    _forget(root, unused)
    _accept_rows(root)
    _join_paragraphs(root)
    etree.strip_elements(root, *_DROPPED, with_tail=False)
    etree.strip_tags(root, *_ACCEPTED)
    for name in find(root, "//x:definedName[@hidden and not(starts-with(@name, '_xlnm.'))]"):
        _remove(name)
    for element in find(root, "//*[@r:*]") if gone else ():
        for key, value in dict(element.attrib).items():
            if key.startswith(f"{{{NS['r']}}}") and value in gone:
                del element.attrib[key]
    for element in find(root, "//*[local-name()='cNvPr' or local-name()='docPr' or local-name()='imagedata']"):
        for key, value in dict(element.attrib).items():
            if PATH.match(value):
                element.set(key, "")
    return write(root)


def _accept_rows(root: etree._Element) -> None:
    """Table rows and cells that were deleted go with all they hold."""
    for mark in find(root, "//w:trPr/w:del | //w:tcPr/w:cellDel"):
        holder = mark.getparent()
        if holder is not None and (gone := holder.getparent()) is not None:
            _remove(gone)


def _join_paragraphs(root: etree._Element) -> None:
    """A paragraph whose mark was deleted or moved runs on into the next, whose form the whole takes."""
    for mark in find(root, "//w:p/w:pPr/w:rPr/w:del | //w:p/w:pPr/w:rPr/w:moveFrom"):
        paragraph = next(mark.iterancestors(tag("w:p")))
        following = paragraph.getnext()
        if following is None or following.tag != tag("w:p"):
            continue
        at = 1 if len(following) and following[0].tag == tag("w:pPr") else 0
        following[at:at] = [child for child in paragraph if child.tag != tag("w:pPr")]
        _remove(paragraph)


def _unused_strings(archive: Archive, package: Package) -> set[int]:
    """Shared strings that no cell shows: texts of cells that were deleted."""
    shared = [name for name, kind in package.parts.items() if kind == "sharedStrings"]
    used: set[int] = set()
    for name, kind in package.parts.items():
        if shared and kind == "worksheet":
            cells = find(parse(archive.read(name), name), "//x:c[@t='s']/x:v/text()")
            used.update(int(text) for text in cells if text.strip().isdecimal() and len(text) < 12)
    count = sum(len(parse(archive.read(name), name)) for name in shared)
    return {n for n in range(count) if n not in used}


def _forget(root: etree._Element, unused: set[int]) -> None:
    """Empties strings in place, so that the others keep their numbers."""
    for number, item in enumerate(root.iter(tag("x:si")) if unused else ()):
        if number in unused:
            item[:] = [etree.Element(tag("x:t"))]


def _types(archive: Archive, package: Package) -> bytes:
    """The content types without those of parts that are not published."""
    kept = {part.lower() for part in package.parts}
    root = parse(archive.read(_TYPES), _TYPES)
    for item in list(root):
        name = unquote(item.get("PartName") or "").lstrip("/").lower()
        if name and name not in kept:
            root.remove(item)
    return write(root)


def _rels(archive: Archive, package: Package, source: str) -> bytes:
    """The relationships of `source` that are published; empty where there are none."""
    kept = {relation.id for relation in package.relations[source] if relation.kept}
    if not kept:
        return b""
    name = {n.lower(): n for n in archive.names}[rels_name(source).lower()]
    root = parse(archive.read(name), name)
    for item in list(root):
        if item.get("Id") not in kept:
            root.remove(item)
    return write(root)


def _remove(element: etree._Element) -> None:
    if (parent := element.getparent()) is not None:
        parent.remove(element)
