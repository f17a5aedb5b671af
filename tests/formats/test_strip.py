"""Attachments are published without hidden words, and with everything that was to be seen."""

from __future__ import annotations

import base64
import re
import shutil
import subprocess
import zlib
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import docx
import openpyxl
import pptx
import pypdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageOps
from pypdf.generic import DictionaryObject

from plugins.formats import strip as stripping
from plugins.formats.strip import strip
from plugins.models.attachments import KINDS
from plugins.readers.attachments import check_attachment
from tests import attached
from tests.attached import CANARY, PLANTED, SHOWN, hidden_words, member, names, photo

SAMPLES = {name: make() for name, make in PLANTED.items()}


def outside(*command: str, data: bytes = b"") -> bytes:
    """What another program says; the test is skipped where the program is absent."""
    if not shutil.which(command[0]):
        pytest.skip(f"{command[0]} is absent")
    return subprocess.run(command, input=data, capture_output=True, check=True).stdout


def leaks(data: bytes, name: str, cleaner: Callable[[bytes, str], bytes]) -> int:
    return hidden_words(cleaner(data, name))


@pytest.mark.parametrize("name", SAMPLES)
def test_no_planted_word_is_published(name: str) -> None:
    assert leaks(SAMPLES[name], name, strip) == 0


@pytest.mark.parametrize("name", SAMPLES)
def test_the_search_for_planted_words_finds_them_where_nothing_is_stripped(name: str) -> None:
    assert leaks(SAMPLES[name], name, lambda data, _: data) >= 3


@pytest.mark.parametrize("name", [n for n in SAMPLES if n != "a.zip"])
def test_exiftool_finds_no_planted_word(name: str, tmp_path: Path) -> None:
    before, after = tmp_path / f"before-{name}", tmp_path / name
    before.write_bytes(SAMPLES[name])
    after.write_bytes(strip(SAMPLES[name], name))
    outside("crc32", str(before))  # comes with the library without which exiftool does not open archives
    assert CANARY.encode() in outside("exiftool", "-a", "-u", "-ee", "-G1", str(before))
    assert CANARY.encode() not in outside("exiftool", "-a", "-u", "-ee", "-G1", str(after))


@pytest.mark.parametrize("name", SAMPLES)
def test_the_same_input_gives_the_same_bytes_and_a_second_time_changes_nothing(name: str) -> None:
    once = strip(SAMPLES[name], name)
    assert strip(SAMPLES[name], name) == once
    assert strip(once, name) == once


def test_every_kind_that_may_be_attached_has_its_way_to_be_stripped() -> None:
    assert set(stripping._STRIPPERS) == set(KINDS)


@pytest.mark.parametrize("kind", ["jpeg", "png", "webp", "gif"])
def test_pixels_colours_and_the_turn_of_a_photograph_stay(kind: str) -> None:
    before = Image.open(BytesIO(photo(kind)))
    after = Image.open(BytesIO(strip(photo(kind), f"a.{kind}")))
    assert after.info.get("icc_profile") == before.info.get("icc_profile")
    assert getattr(after, "n_frames", 1) == getattr(before, "n_frames", 1)
    assert after.info.get("loop") == before.info.get("loop")
    for n in range(getattr(before, "n_frames", 1)):
        before.seek(n)
        after.seek(n)
        assert ImageOps.exif_transpose(after).tobytes() == ImageOps.exif_transpose(before).tobytes()
    assert dict(after.getexif()) == ({} if kind == "gif" else {0x0112: 6})


def test_an_upright_photograph_keeps_no_exif_at_all() -> None:
    assert b"Exif" not in strip(photo("jpeg", turned=1), "a.jpg")


def test_a_progressive_cmyk_photograph_keeps_its_pixels() -> None:
    target = BytesIO()
    Image.radial_gradient("L").convert("CMYK").save(target, "jpeg", progressive=True, exif=b"Exif\0\0x")
    assert pixels(strip(target.getvalue(), "a.jpg")) == pixels(target.getvalue())


def test_an_animated_webp_keeps_its_frames() -> None:
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "blue", "green")]
    target = BytesIO()
    frames[0].save(target, "webp", save_all=True, append_images=frames[1:], exif=b"Exif\0\0" + CANARY.encode())
    after = Image.open(BytesIO(strip(target.getvalue(), "a.webp")))
    assert after.n_frames == 3  # type: ignore[attr-defined]


def pixels(data: bytes) -> bytes:
    return Image.open(BytesIO(data)).tobytes()


def test_a_document_reads_as_with_all_changes_accepted() -> None:
    document = docx.Document(BytesIO(strip(attached.word(), "a.docx")))
    assert [p.text for p in document.paragraphs][:2] == [f"{SHOWN}InsertedMoved", "FirstSecond"]
    assert [[c.text for c in r.cells] for r in document.tables[0].rows] == [["Kept"]]
    assert len(document.inline_shapes) == 2


def test_a_document_without_anything_hidden_keeps_its_text() -> None:
    plain = docx.Document()
    plain.add_heading("标题", 0)
    plain.add_paragraph("正文。", style="List Number")
    target = BytesIO()
    plain.save(target)
    after = docx.Document(BytesIO(strip(target.getvalue(), "a.docx")))
    assert [(p.text, p.style.name) for p in after.paragraphs if p.style] == [
        (p.text, p.style.name) for p in plain.paragraphs if p.style
    ]


def test_cells_formulas_and_form_of_a_workbook_stay() -> None:
    before = openpyxl.load_workbook(BytesIO(attached.sheets()))
    after = openpyxl.load_workbook(BytesIO(strip(attached.sheets(), "a.xlsx")))
    assert list(after.active.values) == list(before.active.values) == [(SHOWN, "甲"), (1.5, "=A2*2")]
    assert after.active.page_setup.orientation == "landscape"
    assert after.active["A1"].comment is None


def test_slides_stay_and_what_the_speaker_noted_goes() -> None:
    show = pptx.Presentation(BytesIO(strip(attached.slides(), "a.pptx")))
    assert show.slides[0].shapes.title.text == SHOWN
    assert not show.slides[0].has_notes_slide


def test_an_open_document_keeps_its_text_and_begins_with_its_type() -> None:
    after = strip(attached.open_text(), "a.odt")
    assert f"{SHOWN} TailAuthor".encode() in member(after, "content.xml")
    assert names(after)[0] == "mimetype"
    assert after[30:38] == b"mimetype"
    assert set(names(after)) == {
        *("mimetype", "meta.xml", "content.xml", "settings.xml", "META-INF/manifest.xml", "Pictures/1.png"),
    }
    assert b"Thumbnails" not in member(after, "META-INF/manifest.xml")


def test_an_embedded_picture_keeps_its_pixels() -> None:
    after = strip(attached.word(), "a.docx")
    pictures = [n for n in names(after) if n.startswith("word/media/")]
    assert sorted(pixels(member(after, n)) for n in pictures) == sorted(
        pixels(member(attached.word(), n)) for n in pictures
    )


def test_the_workbook_behind_a_chart_is_not_published_and_the_chart_is() -> None:
    from pptx.chart.data import CategoryChartData
    from pptx.enum.chart import XL_CHART_TYPE
    from pptx.util import Inches

    show = pptx.Presentation()
    figures = CategoryChartData()
    figures.categories = ["甲", "乙"]
    figures.add_series("数", (1, 2))
    box = (Inches(1), Inches(1), Inches(4), Inches(3))
    show.slides.add_slide(show.slide_layouts[6]).shapes.add_chart(XL_CHART_TYPE.COLUMN_CLUSTERED, *box, figures)
    target = BytesIO()
    show.save(target)
    after = strip(target.getvalue(), "a.pptx")
    assert not [n for n in names(after) if "embeddings" in n]
    chart = next(s for s in pptx.Presentation(BytesIO(after)).slides[0].shapes if s.has_chart).chart
    assert list(chart.plots[0].series[0].values) == [1.0, 2.0]


def test_a_pdf_keeps_text_bookmarks_and_links() -> None:
    before, after = (
        pypdf.PdfReader(BytesIO(SAMPLES["a.pdf"])),
        pypdf.PdfReader(BytesIO(strip(SAMPLES["a.pdf"], "a.pdf"))),
    )
    assert after.pages[0].extract_text().strip() == before.pages[0].extract_text().strip() == SHOWN
    assert [item.title for item in after.outline] == ["Chapter"]
    kinds = [a.get_object()["/Subtype"] for a in after.pages[0]["/Annots"]]
    assert kinds == ["/FreeText", "/Link", "/Link"]
    assert after.pages[0]["/Annots"][1].get_object()["/A"] == {"/S": "/URI", "/URI": "https://www.example.gov.cn/"}


def test_a_pdf_keeps_nothing_that_runs_or_names_its_maker() -> None:
    after = pypdf.PdfReader(BytesIO(strip(SAMPLES["a.pdf"], "a.pdf")))
    assert after.metadata is None
    assert after.xmp_metadata is None
    assert not after.attachments
    keys = {key for thing in everything(after) for key in thing}
    assert not keys & {"/JS", "/AA", "/OpenAction", "/EF", "/Metadata", "/Thumb", "/PieceInfo", "/Popup", "/Info"}


def everything(reader: pypdf.PdfReader) -> list[DictionaryObject]:
    """Every dictionary that another library reaches by number."""
    found = []
    waiting = [reader.get_object(n) for n in range(1, int(reader.trailer["/Size"]))]
    while waiting:
        thing = waiting.pop()
        if isinstance(thing, DictionaryObject):
            found.append(thing)
            waiting += [v for v in thing.values() if not isinstance(v, pypdf.generic.IndirectObject)]
        elif isinstance(thing, list):
            waiting += [v for v in thing if not isinstance(v, pypdf.generic.IndirectObject)]
    return found


def test_a_pdf_looks_as_before_but_for_the_notes_on_it(tmp_path: Path) -> None:
    (tmp_path / "before.pdf").write_bytes(SAMPLES["a.pdf"])
    (tmp_path / "after.pdf").write_bytes(strip(SAMPLES["a.pdf"], "a.pdf"))
    for name in ("before", "after"):
        outside("pdftoppm", "-hide-annotations", "-r", "72", str(tmp_path / f"{name}.pdf"), str(tmp_path / name))
    assert (tmp_path / "before-1.ppm").read_bytes() == (tmp_path / "after-1.ppm").read_bytes()
    assert outside("pdftotext", str(tmp_path / "after.pdf"), "-") == outside(
        "pdftotext", str(tmp_path / "before.pdf"), "-"
    )


def test_another_program_finds_the_pdf_whole(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(strip(SAMPLES["a.pdf"], "a.pdf"))
    assert b"No syntax or stream encoding errors" in outside("qpdf", "--check", str(tmp_path / "a.pdf"))


@pytest.mark.parametrize(("name", "data"), [("a.pdf", attached.sealed_pdf()), ("a.ofd", attached.sealed_ofd())])
def test_what_is_sealed_is_published_byte_for_byte(name: str, data: bytes) -> None:
    assert strip(data, name) == data


def test_a_stream_behind_several_filters_is_copied_byte_for_byte_and_not_inflated() -> None:
    body = base64.a85encode(zlib.compress(b"q Q " * 3_000_000)) + b"~>"
    data = attached.least_pdf(others={4: attached.stream(body, b"/Filter[/ASCII85Decode/FlateDecode]", deflate=False)})
    assert body in strip(data, "a.pdf")


def test_a_zip_keeps_names_and_clean_members_and_says_nothing_of_its_maker() -> None:
    after = strip(SAMPLES["a.zip"], "a.zip")
    assert names(after) == ["a.pdf", "b.jpg", "表/a.docx"]
    assert member(after, "a.pdf") == strip(member(SAMPLES["a.zip"], "a.pdf"), "a.pdf")


def test_names_in_a_zip_from_a_chinese_system_are_read_as_they_were_written() -> None:
    data = attached.zipped({"12345678.txt": b"x"}).replace(b"12345678.txt", "附件一号.txt".encode("gbk"))
    assert names(strip(data, "a.zip")) == ["附件一号.txt"]


def test_text_is_published_as_it_is() -> None:
    data = "\ufeff甲,乙\r\n1,2\r\n".encode()
    assert strip(data, "a.csv") == data


def test_what_is_refused_is_a_value_error_with_the_sentence_of_the_fault() -> None:
    with pytest.raises(ValueError, match="A102"):
        strip(photo("png"), "a.jpg")


def errors_after(data: bytes, name: str) -> list[str]:
    """What the check has against the stripped file; nothing for one that is refused, as `strip` documents."""
    try:
        clean = strip(data, name)
    except ValueError:
        return []
    return [str(f) for f in check_attachment(name, clean, name) if f.severity == "error"]


@settings(max_examples=100, deadline=None)
@given(st.sampled_from([n for n in SAMPLES if n != "a.zip"]), st.data())
def test_damaged_files_are_stripped_or_refused(name: str, data: st.DataObject) -> None:
    broken = bytearray(SAMPLES[name])
    for _ in range(data.draw(st.integers(1, 4))):
        broken[data.draw(st.integers(0, len(broken) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(len(broken) // 2, len(broken)))
    assert errors_after(bytes(broken[:cut]), name) == []


TOKENS = re.compile(rb"/[A-Za-z0-9.]+|\(\w*\)|\d+ 0 R")
SWAPS = b"null|true|1 0 R|3 0 R|(x)|[]|<<>>|-1|9e99|/X|/A|/Annots|/Subtype|[1 0 R 2 0 R]|<</S/URI/URI 1>>|<FF>".split(
    b"|"
)


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_a_pdf_whose_values_are_of_the_wrong_types_is_stripped_or_refused(data: st.DataObject) -> None:
    broken = SAMPLES["a.pdf"]
    places = list(TOKENS.finditer(broken))
    chosen = data.draw(st.lists(st.sampled_from(places), min_size=1, max_size=5, unique_by=re.Match.start))
    for place in sorted(chosen, key=re.Match.start, reverse=True):
        broken = broken[: place.start()] + data.draw(st.sampled_from(SWAPS)) + broken[place.end() :]
    assert errors_after(broken, "a.pdf") == []
