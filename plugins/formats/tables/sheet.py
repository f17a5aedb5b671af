"""XLSX with one sheet, written straight from columns: text inline, numbers and days typed, no formula (pure; ECMA-376).

A writer of its own because libraries take 70 seconds for what takes 6 here, or stamp the clock into the file.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import quoteattr

from plugins.formats.tables.cells import as_text
from plugins.formats.tables.columns import Columns
from plugins.formats.tables.rows import has, has_control, joined, letters, wrapped

if TYPE_CHECKING:
    from pathlib import Path

    import pyarrow as pa

    from plugins.formats.views import Loader, Piece, View

MAX_CELL = 32_767
"""UTF-16 units."""
_TEXT, _AFTER = '<c t="inlineStr"><is><t>', "</t></is></c>"
_SPACED = '<c t="inlineStr"><is><t xml:space="preserve">'
_NULL, _DATE, _MOMENT, _TIME = "<c/>", '<c s="1"><v>', '<c s="2"><v>', '<c s="3"><v>'
_DAY = 86_400e6
_EPOCH, _FIRST = 25_569, -25_508
"""1970-01-01 as Excel counts days; 1900-03-01, before which it counts a day that never was, in ours."""
_FOREIGN = "".join(map(chr, (*range(1, 9), *range(11, 32), 0xFFFE, 0xFFFF)))
_LIKE = "_x[0-9A-Fa-f]{4}_"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_FILES = {
    "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_KIND}.sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_KIND}.worksheet+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{_KIND}.styles+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="rId2" Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>',
    "xl/styles.xml": f"<styleSheet {_MAIN}>"
    '<numFmts count="3"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/>'
    '<numFmt numFmtId="165" formatCode="yyyy\\-mm\\-dd\\ hh:mm:ss"/><numFmt numFmtId="166" formatCode="hh:mm:ss"/>'
    '</numFmts><fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="4"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    + "".join(
        f'<xf numFmtId="{n}" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
        for n in (164, 165, 166)
    )
    + '</cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>',
}


class _TooLargeError(Exception):
    """The sheet is larger than a plain zip archive, and Excel, takes."""


def render(view: View, load: Loader) -> bytes | Path:
    """`{"made", "names", "title"}` as a workbook; no bytes at all where Excel could not hold it."""
    columns = Columns(load.path(view["made"]))
    if not _fits(columns, view["names"]):
        return b""
    target = load.scratch()
    try:
        _write(columns, view, target)
    except _TooLargeError:
        target.unlink()
        return b""
    return target


def _fits(columns: Columns, names: list[str]) -> bool:
    import pyarrow.compute as pc

    if any(len(name.encode("utf-16-le")) > 2 * MAX_CELL for name in names):
        return False
    for batch in columns:
        for number in range(columns.count):
            cells = columns.written(batch, number)
            if (pc.max(pc.binary_length(cells)).as_py() or 0) > MAX_CELL:
                lengths = (len(text.encode("utf-16-le")) for text in cells.to_pylist())
                if max(lengths) > 2 * MAX_CELL:
                    return False
    return True


def _write(columns: Columns, view: View, target: Path) -> None:
    with zipfile.ZipFile(target, "w") as archive:
        for name, text in _FILES.items():
            archive.writestr(_info(name), _HEAD + text)
        sheet = f'<sheets><sheet name={quoteattr(_name(view["title"]))} sheetId="1" r:id="rId1"/></sheets>'
        workbook = f'{_HEAD}<workbook {_MAIN} xmlns:r="{_OFFICE}">{sheet}</workbook>'
        archive.writestr(_info("xl/workbook.xml"), workbook)
        size = 0
        with archive.open(_info("xl/worksheets/sheet1.xml"), "w") as stream:
            for piece in _sheet(columns, view["names"]):
                size += len(piece)
                if size > zipfile.ZIP64_LIMIT:
                    raise _TooLargeError
                stream.write(piece)


def _info(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    info.compress_type, info.create_system, info.external_attr = zipfile.ZIP_DEFLATED, 0, 0
    return info


def _name(title: str) -> str:
    """A title as the name of a sheet: 31 characters, none of those that formulas need."""
    return re.sub(r"[\[\]:*?/\\\x00-\x1f]", "_", title)[:31].strip("' ") or "data"


def _sheet(columns: Columns, names: list[str]) -> Iterator[Piece]:
    import pyarrow as pa

    view = '<sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" '
    view += 'state="frozen"/></sheetView></sheetViews>'
    yield f"{_HEAD}<worksheet {_MAIN}>{view}<sheetData>".encode()
    header = [piece for name in names for piece in _text(pa.array([name], pa.string()))]
    yield joined(["<row>", *header, "</row>"], 1)
    makers = [_maker(columns, number) for number in range(columns.count)]
    for batch in columns:
        pieces = [piece for make in makers for piece in make(batch)]
        yield joined(["<row>", *pieces, "</row>"], batch.num_rows)
    yield b"</sheetData></worksheet>"


def _maker(columns: Columns, number: int) -> Callable[[Any], list[Any]]:
    """How the cells of a column are written: its pieces for a batch."""
    import pyarrow as pa

    kind = columns.type(number)
    if kind == pa.float64():
        return lambda batch: _numbers(columns.value(batch, number), batch.column(f"d{number}"))
    write = _text
    if kind == pa.bool_():
        write = _flags
    elif pa.types.is_integer(kind) and (kind != pa.int64() or columns.exact(number)):
        write = _whole
    elif pa.types.is_temporal(kind):
        write = _moments
    return lambda batch: write(columns.value(batch, number))


def _text(cells: pa.Array) -> list[Any]:
    text = as_text(cells)
    spaced = any(space in letters(text) for space in (b" ", b"\t", b"\n"))
    return wrapped(_SPACED if spaced and has(text, r"^\s|\s$|\n") else _TEXT, _escaped(text), _AFTER, _NULL)


def _whole(cells: pa.Array) -> list[Any]:
    return wrapped("<c><v>", as_text(cells), "</v></c>", _NULL)


def _flags(cells: pa.Array) -> list[Any]:
    import pyarrow as pa

    return wrapped('<c t="b"><v>', cells.cast(pa.int8()).cast(pa.string()), "</v></c>", _NULL)


def _numbers(cells: pa.Array, digits: pa.Array) -> list[Any]:
    """The digits as written; NaN and what is infinite to Excel are text."""
    import pyarrow.compute as pc

    return _either(pc.is_finite(cells), "<c><v>", digits, digits)


def _moments(cells: pa.Array) -> list[Any]:
    """Days and their fractions since the end of 1899; before March 1900 text."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if cells.type == pa.date32():
        days = cells.cast(pa.int32())
        return _either(pc.greater_equal(days, _FIRST), _DATE, pc.add(days, _EPOCH).cast(pa.string()), as_text(cells))
    parts = pc.divide(cells.cast(pa.int64()).cast(pa.float64(), safe=False), _DAY)
    if pa.types.is_time(cells.type):
        return wrapped(_TIME, parts.cast(pa.string()), "</v></c>", _NULL)
    sure, serial = pc.greater_equal(parts, float(_FIRST)), pc.add(parts, float(_EPOCH)).cast(pa.string())
    return _either(sure, _MOMENT, serial, as_text(cells))


def _either(sure: pa.Array, before: str, number: pa.Array, text: pa.Array) -> list[Any]:
    """Numbers, or text where they are not `sure`."""
    import pyarrow.compute as pc

    if pc.all(sure, min_count=0).as_py():
        return wrapped(before, number, "</v></c>", _NULL)
    numbers = pc.binary_join_element_wise(before, number, "</v></c>", "")
    texts = pc.binary_join_element_wise(_TEXT, text, _AFTER, "")
    return [pc.fill_null(pc.if_else(sure, numbers, texts), _NULL)]


def _escaped(cells: pa.Array) -> pa.Array:
    """Text in XML; what XML cannot hold, and what looks like this, in Excel's way (ECMA-376, ST_Xstring)."""
    import pyarrow.compute as pc

    text = letters(cells)
    if b"_x" in text and has(cells, _LIKE):
        cells = pc.if_else(pc.match_substring_regex(cells, _LIKE), pc.replace_substring(cells, "_x", "_x005F_x"), cells)
    for character, name in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;")):
        if character.encode() in text:
            cells = pc.replace_substring(cells, character, name)
    if has_control(text) or b"\xef\xbf" in text:
        for character in _FOREIGN:
            cells = pc.replace_substring(cells, character, f"_x{ord(character):04X}_")
    return cells
