"""What may be attached: every refusal has its fault, and no hostile file costs more than it may."""

from __future__ import annotations

import subprocess
import sys
import zlib
from collections.abc import Callable
from io import BytesIO

import docx
import openpyxl
import pypdf
import pytest
from docx.oxml import parse_xml
from hypothesis import given, settings
from hypothesis import strategies as st

from plugins.models.attachments import SUFFIXES
from plugins.models.faults import has_errors
from plugins.readers.attachments import check_attachment, judged_kind
from tests import attached
from tests.attached import PLANTED, least_pdf, member, pdf, photo, rezip, stream, zipped
from tests.conftest import ROOT

SECONDS, MEMORY_KIB = 10, 1 << 20
_W = attached._W
_R = attached._R


def codes(data: bytes, name: str) -> list[str]:
    return [found.code for found in check_attachment(name, data, f"content/x/{name}")]


@pytest.mark.parametrize("name", PLANTED)
def test_a_file_whose_hidden_words_can_be_stripped_has_no_fault(name: str) -> None:
    assert codes(PLANTED[name](), name) == []


@pytest.mark.parametrize("name", ["a.svg", "a.doc", "a.exe", "a", "a.docm", "a.rar", "a.html", "a.wps", ".docx.js"])
def test_a_type_that_is_not_listed_is_refused(name: str) -> None:
    assert codes(b"x", name) == ["A101"]


@pytest.mark.parametrize("suffix", [s for s in SUFFIXES if s not in {"csv", "txt"}])
@pytest.mark.parametrize("data", [b"", b"<html>", b"MZ\x90\0"])
def test_content_that_is_not_what_the_suffix_says_is_refused(suffix: str, data: bytes) -> None:
    assert codes(data, f"a.{suffix}") == ["A102"]


def test_a_docx_named_zip_and_a_png_named_jpg_are_refused() -> None:
    assert codes(attached.word(), "a.zip") == ["A102"]
    assert codes(photo("png"), "a.jpg") == ["A102"]


def test_text_in_gbk_or_with_nul_is_refused() -> None:
    assert codes("甲,乙".encode("gbk"), "a.csv") == ["A113"]
    assert codes(b"a\0b", "a.txt") == ["A113"]


def test_what_is_sealed_is_told_of() -> None:
    assert codes(attached.sealed_pdf(), "a.pdf") == ["A111"]
    assert codes(attached.sealed_ofd(), "a.ofd") == ["A111"]


def test_a_sealed_pdf_with_a_script_is_refused_since_nothing_can_be_taken_out() -> None:
    script = b"/OpenAction<</S/JavaScript/JS(x)>>/AcroForm"
    assert codes(attached.sealed_pdf().replace(b"/AcroForm", script), "a.pdf")[-1] == "A105"


def locked_pdf(password: str) -> bytes:
    writer = pypdf.PdfWriter(clone_from=BytesIO(least_pdf()))
    writer.encrypt(password, "owner")
    target = BytesIO()
    writer.write(target)
    return target.getvalue()


def locked_zip() -> bytes:
    data = bytearray(zipped({"a.txt": b"x"}))
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


def test_what_needs_a_password_is_refused() -> None:
    office = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le")
    assert codes(locked_pdf("user"), "a.pdf") == codes(locked_pdf(""), "a.pdf") == ["A104"]
    assert codes(locked_zip(), "a.zip") == codes(office, "a.docx") == ["A104"]


def with_part(data: bytes, source: str, kind: str, target: str, mode: str = "") -> bytes:
    return rezip(data, {source: attached.related(data, source, kind, target, mode), "word/x.bin": b"x"})


@pytest.mark.parametrize(
    ("kind", "mode", "target", "code"),
    [
        ("http://schemas.microsoft.com/office/2006/relationships/vbaProject", "", "x.bin", "A105"),
        (f"{_R}/control", "", "x.bin", "A105"),
        (f"{_R}/oleObject", "", "x.bin", "A110"),
        (f"{_R}/package", "", "x.bin", "A110"),
        (f"{_R}/aFChunk", "", "x.bin", "A110"),
        (f"{_R}/neverHeardOf", "", "x.bin", "A110"),
        (f"{_R}/image", "", "x.bin", "A110"),
        (f"{_R}/image", "External", "http://e.cn/x.png", "A114"),
        (f"{_R}/hyperlink", "External", "file:///C:/Users/x.docx", "A114"),
        (f"{_R}/hyperlink", "External", "\\\\server\\x", "A114"),
        (f"{_R}/styles", "", "absent.xml", "A103"),
    ],
)
def test_a_document_with_what_runs_lies_elsewhere_or_cannot_be_cleaned_is_refused(
    kind: str, mode: str, target: str, code: str
) -> None:
    assert codes(with_part(attached.word(), "word/_rels/document.xml.rels", kind, target, mode), "a.docx") == [code]


def test_a_signed_office_file_is_refused() -> None:
    kind = "http://schemas.openxmlformats.org/package/2006/relationships/digital-signature/origin"
    assert codes(with_part(attached.word(), "_rels/.rels", kind, "word/x.bin"), "a.docx") == ["A112"]


def test_a_macro_file_under_another_name_is_refused() -> None:
    types = member(attached.word(), "[Content_Types].xml")
    main = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    data = rezip(
        attached.word(),
        {"[Content_Types].xml": types.replace(main, b"application/vnd.ms-word.document.macroEnabled.main+xml")},
    )
    assert codes(data, "a.docx") == ["A105"]


def workbook(change: Callable[[openpyxl.Workbook], None]) -> bytes:
    book = openpyxl.Workbook()
    book.create_sheet("密")["A1"] = "x"
    change(book)
    target = BytesIO()
    book.save(target)
    return target.getvalue()


@pytest.mark.parametrize(
    "change",
    [
        lambda book: setattr(book["密"], "sheet_state", "hidden"),
        lambda book: setattr(book["密"], "sheet_state", "veryHidden"),
        lambda book: setattr(book["密"].row_dimensions[1], "hidden", True),
        lambda book: setattr(book["密"].column_dimensions["A"], "hidden", True),
    ],
    ids=["sheet", "very hidden sheet", "row", "column"],
)
def test_what_is_hidden_in_a_workbook_is_refused_and_not_changed_in_silence(
    change: Callable[[openpyxl.Workbook], None],
) -> None:
    assert codes(workbook(change), "a.xlsx") == ["A109"]


def test_hidden_text_in_a_document_is_refused_and_a_hidden_mark_is_not() -> None:
    document = docx.Document()
    document.add_paragraph("x").paragraph_format.element.get_or_add_pPr().append(
        parse_xml(f'<w:rPr xmlns:w="{_W}"><w:vanish/></w:rPr>')
    )
    target = BytesIO()
    document.save(target)
    assert codes(target.getvalue(), "a.docx") == []
    document.add_paragraph().add_run("secret").font.hidden = True
    document.save(target := BytesIO())
    assert codes(target.getvalue(), "a.docx") == ["A109"]


def test_a_hidden_slide_is_refused() -> None:
    data = attached.slides()
    slide = member(data, "ppt/slides/slide1.xml").replace(b"<p:sld ", b'<p:sld show="0" ')
    assert codes(rezip(data, {"ppt/slides/slide1.xml": slide}), "a.pptx") == ["A109"]


HIDING = '<style:style style:name="H"><style:text-properties text:display="none"/></style:style>'


@pytest.mark.parametrize(
    ("body", "styles", "code"),
    [
        ('<text:section text:name="s" text:display="none"><text:p>x</text:p></text:section>', "", "A109"),
        ('<text:p text:style-name="H">x</text:p>', HIDING, "A109"),
        ('<table:table><table:table-row table:visibility="collapse"/></table:table>', "", "A109"),
        ('<draw:object xlink:href="./Object 1"/>', "", "A110"),
        ('<text:a xlink:href="vnd.sun.star.script:x">x</text:a>', "", "A105"),
        ('<text:a xlink:href="file:///C:/x.doc">x</text:a>', "", "A114"),
    ],
)
def test_an_open_document_with_what_is_hidden_runs_or_lies_elsewhere_is_refused(
    body: str, styles: str, code: str
) -> None:
    assert codes(attached.open_text(body, styles), "a.odt")[0] == code


def test_macros_in_an_open_document_are_refused() -> None:
    assert codes(rezip(attached.open_text(), {"Basic/x.xml": b"<x/>"}), "a.odt") == ["A105"]


@pytest.mark.parametrize(
    ("catalogue", "leaf", "code"),
    [
        (b"/OCProperties<</OCGs[6 0 R]/D<</OFF[6 0 R]>>>>", b"", "A109"),
        (b"", b"/Annots[<</Type/Annot/Subtype/Redact/Rect[0 0 9 9]>>]", "A109"),
        (b"", b"/Annots[<</Subtype/Widget/F 2/Rect[0 0 9 9]/T(a)/V(secret)>>]", "A109"),
        (b"/AcroForm<</Fields[]/XFA 6 0 R>>", b"", "A110"),
    ],
    ids=["layer", "redaction not carried out", "field", "XFA"],
)
def test_what_is_hidden_in_a_pdf_is_refused(catalogue: bytes, leaf: bytes, code: str) -> None:
    assert codes(least_pdf(catalogue, leaf, {6: b"<</Type/OCG/Name(x)>>"}), "a.pdf") == [code]


@pytest.mark.parametrize(
    "name", ["../x.txt", "/x.txt", "a\\x.txt", "C:x.txt", "a/../x.txt", "a//x.txt", "a\u202etxt.exe"]
)
def test_a_member_that_leads_out_of_the_folder_is_refused(name: str) -> None:
    assert codes(zipped({name: b"x"}), "a.zip") == ["A107"]


def test_a_member_with_nul_twice_the_same_name_or_a_link_is_refused() -> None:
    assert codes(zipped({"a.txtX.exe": b"x"}).replace(b"a.txtX", b"a.txt\0"), "a.zip") == ["A107"]
    assert codes(zipped({"a.txt": b"x", "A.txt": b"y"}), "a.zip") == ["A107"]
    link = bytearray(zipped({"a.txt": b"x"}))
    at = link.index(b"PK\x01\x02") + 38
    link[at : at + 4] = (0o120777 << 16).to_bytes(4, "little")
    assert codes(bytes(link), "a.zip") == ["A107"]


def test_a_zip_in_a_zip_is_refused() -> None:
    assert codes(zipped({"b.zip": zipped({"a.txt": b"x"})}), "a.zip") == ["A108"]


def test_a_member_has_the_faults_it_would_have_alone() -> None:
    found = list(check_attachment("a.zip", zipped({"表/b.exe": b"x"}), "content/a.zip"))
    assert [(f.code, f.path) for f in found] == [("A101", "content/a.zip")]
    assert "表/b.exe" in found[0].message


def test_an_entity_bomb_is_refused() -> None:
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]><x>&b;</x>'
    assert codes(rezip(attached.word(), {"word/styles.xml": bomb}), "a.docx") == ["A103"]


def huge_png() -> bytes:
    """A PNG that declares 100,000 × 100,000 pixels in a hundred bytes."""
    head = b"IHDR" + (100_000).to_bytes(4, "big") * 2 + b"\x08\x02\0\0\0"
    chunks = [head, b"IDAT" + zlib.compress(b"\0"), b"IEND"]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        (len(c) - 4).to_bytes(4, "big") + c + zlib.crc32(c).to_bytes(4, "big") for c in chunks
    )


def zip_bomb() -> bytes:
    """A member of 50 MB of zeros."""
    return zipped({"a.txt": bytes(50_000_000)})


def overlapping_zip() -> bytes:
    """Two thousand names for one member of 200 kB: a bomb without recursion."""
    body = bytes(range(256)) * 800
    raw = bytearray(zipped({"0000.txt": body}))
    start, end = raw.index(b"PK\x01\x02"), raw.index(b"PK\x05\x06")
    entries = b"".join(bytes(raw[start:end]).replace(b"0000", b"%04d" % n) for n in range(2_000))
    tail = raw[end:]
    tail[8:12] = (2_000).to_bytes(2, "little") * 2
    tail[12:16] = len(entries).to_bytes(4, "little")
    return bytes(raw[:start]) + entries + bytes(tail)


def xml_bomb() -> bytes:
    """A worksheet of thirty megabytes of empty cells."""
    cells = b"<c/>" * 7_500_000
    sheet = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">' + cells + b"</worksheet>"
    return rezip(workbook(lambda _: None), {"xl/worksheets/sheet1.xml": sheet})


def largest_sheet() -> bytes:
    """Most of a million elements, within the limits."""
    rows = b"".join(b"<row><c/>%07d</row>" % n for n in range(400_000))
    sheet = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">' + rows + b"</worksheet>"
    return rezip(workbook(lambda _: None), {"xl/worksheets/sheet1.xml": sheet})


def nested_streams() -> bytes:
    """Page contents deflated three times over: twenty megabytes of zeros in three hundred bytes."""
    inner = zlib.compress(zlib.compress(zlib.compress(bytes(20_000_000)), 9), 9)
    body = b"<</Filter[/FlateDecode/FlateDecode/FlateDecode]/Length %d>>stream\n%s\nendstream" % (len(inner), inner)
    return least_pdf(others={4: body})


def object_streams(count: int, text: bytes) -> bytes:
    """A PDF of one page and `count` object streams, each holding one object that is `text`."""
    objects = {
        1: b"<</Type/Catalog/Pages 2 0 R>>",
        2: b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        3: b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Resources<<>>>>",
    }
    for n in range(100, 100 + count):
        objects[n + 100] = stream(b"%d 0 " % n + text, b"/Type/ObjStm/N 1/First 6")
    data = pdf(objects).replace(b"/Size 100", b"/Size 301")
    entries = b"/Type/XRef/Size 301/Index[100 %d]/W[1 1 1]/Root 1 0 R/Prev %d" % (
        count,
        int(data.split(b"startxref")[1].split()[0]),
    )
    packed = b"".join(bytes([2, n + 100, 0]) for n in range(100, 100 + count))
    return data + b"99 0 obj\n" + stream(packed, entries) + b"\nendobj\nstartxref\n%d\n%%%%EOF\n" % len(data)


def object_stream_bomb() -> bytes:
    """Object streams of ten megabytes, more than is let in."""
    return object_streams(2, b"[" + b" " * 10_000_000 + b"]")


def crowded_object_streams() -> bytes:
    """Object streams just within the limit, each of two million numbers."""
    return object_streams(3, b"[" + (b"[" + b"0 " * 100_000 + b"]") * 20 + b"]")


def roomy_object_streams() -> bytes:
    """Object streams just within the limit, each of one number and much space."""
    return object_streams(20, b"1" + b" " * 4_100_000)


def array_bomb() -> bytes:
    """Two and a half million numbers in nested arrays."""
    return least_pdf(others={6: b"[" + (b"[" + b"0 " * 100_000 + b"]") * 25 + b"]"}, catalogue=b"/X 6 0 R")


def many_objects() -> bytes:
    """A page tree of ten thousand pages."""
    kids = b" ".join(b"%d 0 R" % n for n in range(10, 10_010))
    pages = dict.fromkeys(range(10, 10_010), b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>")
    data = {1: b"<</Type/Catalog/Pages 2 0 R>>", 2: b"<</Type/Pages/Kids[%s]/Count 10000>>" % kids, **pages}
    return pdf(data).replace(b"/Size 100", b"/Size 10010")


def deep_pages() -> bytes:
    """A page tree five thousand nodes deep."""
    nodes = {n: b"<</Type/Pages/Count 1/Kids[%d 0 R]>>" % (n + 1) for n in range(2, 5_000)}
    return pdf({1: b"<</Type/Catalog/Pages 2 0 R>>", **nodes}).replace(b"/Size 100", b"/Size 5001")


def endless_gif() -> bytes:
    """Ten million blocks of one byte."""
    return b"GIF89a\x01\0\x01\0\0\0\0!\xfe" + b"\x01x" * 10_000_000


def many_chunks() -> bytes:
    """A million empty chunks."""
    return huge_png()[:33] + b"\0\0\0\0tEXt\0\0\0\0" * 1_000_000


HOSTILE = {
    "zip bomb.zip": (zip_bomb, "A106"),
    "overlapping.zip": (overlapping_zip, "A103"),
    "xml bomb.xlsx": (xml_bomb, "A106"),
    "large.xlsx": (largest_sheet, ""),
    "nested streams.pdf": (nested_streams, ""),
    "object streams.pdf": (object_stream_bomb, "A106"),
    "crowded streams.pdf": (crowded_object_streams, "A106"),
    "roomy streams.pdf": (roomy_object_streams, ""),
    "arrays.pdf": (array_bomb, "A106"),
    "many pages.pdf": (many_objects, "A106"),
    "deep pages.pdf": (deep_pages, "A103"),
    "huge.png": (huge_png, "A106"),
    "chunks.png": (many_chunks, "A106"),
    "endless.gif": (endless_gif, "A103"),
}
_MEASURE = """
import re, sys, time
from plugins.readers.attachments import check_attachment, judged_kind
data, start = sys.stdin.buffer.read(), time.process_time()
found = [f.code for f in check_attachment(sys.argv[1], data, "x")]
print(*found or ["-"], time.process_time() - start, re.search(r"VmHWM:\\s*(\\d+)", open("/proc/self/status").read())[1])
"""


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_costs_neither_ten_seconds_nor_a_gibibyte(name: str) -> None:
    make, code = HOSTILE[name]
    done = subprocess.run(
        [sys.executable, "-c", _MEASURE, name], input=make(), capture_output=True, cwd=ROOT, check=True
    )
    found, seconds, memory = done.stdout.decode().split()
    assert found == (code or "-")
    assert float(seconds) < SECONDS
    assert int(memory) < MEMORY_KIB


STARTS = [b"", b"\xff\xd8\xff", b"%PDF-1.7\n", b"PK\x03\x04", b"GIF89a", b"RIFF    WEBP", b"\x89PNG\r\n\x1a\n"]


@settings(max_examples=100, deadline=None)
@given(st.sampled_from([*SUFFIXES]), st.binary(max_size=200), st.sampled_from(STARTS))
def test_any_bytes_give_faults_and_no_exception(suffix: str, data: bytes, start: bytes) -> None:
    found = list(check_attachment(f"a.{suffix}", start + data, "content/x/a"))
    assert {f.path for f in found} <= {"content/x/a"}
    assert has_errors(found) or judged_kind(f"a.{suffix}", start + data) == SUFFIXES[suffix]
