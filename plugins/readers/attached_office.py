"""Office Open XML without trust: which parts are published, and what stands against it (pure; ECMA-376).

Parts are reached by following relationships from the root; what no kept relationship leads to is not published.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote

from plugins.models.attachments import Budget, Finding
from plugins.readers.attached_images import check_image, inner_kind
from plugins.readers.attached_xml import Objection, check_tree, parse
from plugins.readers.attached_zip import Archive

_KEPT = frozenset(
    "officeDocument styles stylesWithEffects theme themeOverride settings fontTable numbering webSettings footnotes"
    " endnotes header footer image hyperlink font chart chartEx chartUserShapes chartStyle chartColorStyle diagramData"
    " diagramLayout diagramQuickStyle diagramColors diagramDrawing worksheet chartsheet sharedStrings drawing table"
    " sheetMetadata slide slideLayout slideMaster notesMaster handoutMaster presProps viewProps tableStyles".split()
)
_DROPPED = frozenset(
    "core-properties extended-properties custom-properties thumbnail comments commentsExtended commentsIds"
    " commentsExtensible people documenttasks customXml customXmlProps customData wpsCustomData threadedComment person"
    " printerSettings notesSlide commentAuthors authors tags revisionHeaders revisionInfo usernames calcChain"
    " glossaryDocument attachedTemplate recipientData webextensiontaskpanes classificationlabels"
    " keyMapCustomizations vmlDrawing".split()
)
_MACROS = re.compile("(?i)vba|macro|activex|control|ctrlProp|extensibility")
_REFUSED = {
    "oleObject": "内嵌对象",
    "package": "内嵌对象",
    "aFChunk": "内嵌文件",
    "subDocument": "子文档",
    "video": "视频",
    "audio": "音频",
    "media": "音频或视频",
    "pivotTable": "数据透视表",
    "pivotCacheDefinition": "数据透视表",
    "externalLink": "对其他工作簿的引用",
    "connections": "数据连接",
    "queryTable": "数据连接",
}
_WEB = re.compile(r"(?i)(https?|mailto|tel|ftp):|#|$")
_OFF = "@{0}[.!='0' and .!='false' and .!='off']"
_AGAINST: tuple[Objection, ...] = (
    ("A109", "//x:sheet[@state and @state!='visible']", "工作表", "@name"),
    ("A109", f"//x:row[{_OFF.format('hidden')} or @ht='0']", "行，行号", "@r"),
    ("A109", f"//x:col[{_OFF.format('hidden')} or @width='0']", "列，列号", "@min"),
    ("A109", "//p:sld[@show='0' or @show='false']", "幻灯片", "p:cSld/@name"),
    ("A109", "//w:r[w:rPr/w:vanish[not(@w:val) or @w:val='1' or @w:val='true' or @w:val='on']]/w:t", "文字", ""),
    ("A109", f"//*[(local-name()='cNvPr' or local-name()='docPr') and {_OFF.format('hidden')}]", "图形", "@name"),
    ("A110", "//x:legacyDrawingHF", "页眉或页脚图片", ""),
    ("A105", "//w:instrText[starts-with(normalize-space(.), 'DDE')]", "DDE 域", ""),
    ("A105", "//w:fldSimple[starts-with(normalize-space(@w:instr), 'DDE')]", "DDE 域", ""),
)


@dataclass(frozen=True, slots=True)
class Relation:
    """A relationship of a part: `kind` is the last segment of its type, `part` its target's name, or empty."""

    id: str
    kind: str
    target: str
    part: str

    @property
    def kept(self) -> bool:
        """Whether it is published. An SVG in Office always has a PNG beside it, which is."""
        return self.kind in _KEPT and not self.target.lower().endswith(".svg")


@dataclass(frozen=True, slots=True)
class Package:
    """The parts that are published (name -> kind of the relationship that leads there), and who leads where."""

    parts: dict[str, str]
    relations: dict[str, list[Relation]]


def read_package(archive: Archive) -> Package:
    """The package behind `[Content_Types].xml`. Raises Finding for what is refused."""
    folded = {name.lower(): name for name in archive.names}
    package = Package({}, {})
    waiting = [""]
    while waiting:
        source = waiting.pop()
        package.relations[source] = list(_relations(archive, source, folded))
        for relation in package.relations[source]:
            if relation.kept and relation.part and relation.part not in package.parts:
                package.parts[relation.part] = relation.kind
                waiting.append(relation.part)
    if "officeDocument" not in package.parts.values():
        raise Finding("A103", reason="缺少正文")
    return package


def rels_name(part: str) -> str:
    """Where the relationships of `part` stand; the root's for an empty name."""
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def check_package(archive: Archive, budget: Budget) -> Iterator[Finding]:
    """Everything that stands against publishing an Office Open XML file."""
    for name in archive.names:
        if name.lower().endswith((".rels", "].xml")):
            budget.spend_xml(archive.size(name))
    package = read_package(archive)
    for name, kind in sorted(package.parts.items()):
        if kind not in {"image", "font"}:
            budget.spend_xml(archive.size(name))
        data = archive.read(name)
        if kind == "image":
            yield from check_image(inner_kind(name, data), data)
        elif kind != "font":
            yield from check_tree(parse(data, name), _AGAINST)


def _relations(archive: Archive, source: str, folded: dict[str, str]) -> Iterator[Relation]:
    """The relationships of one part; what it refuses, it raises."""
    place = folded.get(rels_name(source).lower())
    if place is None:
        return
    for item in parse(archive.read(place), place).iter("{*}Relationship"):
        kind, target = item.get("Type", "").rpartition("/")[2], item.get("Target", "")
        if kind not in _KEPT | _DROPPED and not _of_chart(source, kind):
            _refuse(item.get("Type", ""), kind)
        part = ""
        if item.get("TargetMode") == "External":
            if kind in _KEPT and (kind != "hyperlink" or not _WEB.match(target)):
                raise Finding("A114", value=target)
        elif kind in _KEPT and not target.startswith("#"):
            part = folded.get(_absolute(source, target).lower(), "")
            if not part and target.upper() != "NULL":
                raise Finding("A103", reason=f"缺少 {target}")
        yield Relation(item.get("Id", ""), kind, target, part)


def _of_chart(source: str, kind: str) -> bool:
    """The workbook behind a chart: not published; the chart keeps the values that it shows."""
    return kind in {"package", "oleObject"} and "/charts/" in source


def _absolute(source: str, target: str) -> str:
    return posixpath.normpath(posixpath.join("/", posixpath.dirname(source), unquote(target))).lstrip("/")


def _refuse(kind: str, short: str) -> None:
    if "digital-signature" in kind:
        raise Finding("A112")
    if _MACROS.search(short):
        raise Finding("A105", what="宏或控件")
    raise Finding("A110", what=_REFUSED.get(short, f"部件“{short}”"))
