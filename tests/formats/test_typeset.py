"""Gazettes and documents as PDF, looked at by poppler, qpdf, pikepdf and pypdf."""

from __future__ import annotations

import hashlib
import io
import os
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pikepdf
import pypdf
import pytest
from lxml import etree

from plugins.build import verbs
from plugins.build.settings import FONTS
from plugins.build.workers import DiskLoader, Folders
from plugins.formats import faces, text
from plugins.formats.renderers import renderers
from plugins.formats.views import ChangedError, View
from tests.conftest import ROOT
from tests.printing import Bodies, demonstration, document, edition, entry
from tests.small import Small

MM = 72 / 25.4
PITCH = 225 / 22 * MM
RENDER = renderers(ROOT / "theme", FONTS)
Line = tuple[float, float, float, str]


def program(name: str) -> str:
    """A program of another's making; where it is absent the test is skipped, but in CI."""
    if not shutil.which(name) and os.environ.get("CI") != "true":
        pytest.skip(f"{name} is absent")
    return name


def made(renderer: str, view: View, load: Bodies) -> bytes:
    data = RENDER[renderer](view, load)
    assert isinstance(data, bytes)
    return data


def shown(pdf: bytes, *options: str) -> str:
    """The text as poppler reads it."""
    command = [program("pdftotext"), *options, "-", "-"]
    return subprocess.run(command, input=pdf, capture_output=True, check=True).stdout.decode()


def read_out(pdf: bytes) -> str:
    """The text by the tags, as a screen reader has it: no page numbers, no header that stands again."""
    with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
        file.write(pdf)
        file.flush()
        done = subprocess.run([program("pdfinfo"), "-struct-text", file.name], capture_output=True, check=True)
    return solid("".join(re.findall(r'^ *"(.*)"$', done.stdout.decode(errors="replace"), re.MULTILINE)))


def solid(value: str) -> str:
    return re.sub(r"\s", "", value)


def pages(pdf: bytes) -> list[list[Line]]:
    """Lines of each page from the top: top, left, right, text. A line that poppler cuts is put together."""
    tree = etree.fromstring(shown(pdf, "-bbox-layout").encode())
    space = "{http://www.w3.org/1999/xhtml}"
    found = []
    for page in tree.iter(f"{space}page"):
        lines: dict[float, list[Line]] = {}
        for line in page.iter(f"{space}line"):
            top, left, right = (float(line.get(k, "")) for k in ("yMin", "xMin", "xMax"))
            words = "".join(word.text or "" for word in line.iter(f"{space}word"))
            lines.setdefault(round(top, 1), []).append((top, left, right, words))
        rows = [sorted(parts, key=lambda p: p[1]) for _, parts in sorted(lines.items())]
        found.append([(r[0][0], r[0][1], r[-1][2], "".join(p[3] for p in r)) for r in rows])
    return found


@cache
def demonstrated() -> tuple[Bodies, tuple[dict[str, Any], ...]]:
    load = Bodies({})
    return load, tuple(demonstration(load))


def canonical(one: dict[str, Any], load: Bodies) -> str:
    return text.render({"title": one["title"], "body": one["body"]}, load).decode()


def lost(got: str, entries: Sequence[dict[str, Any]], load: Bodies) -> list[dict[str, Any]]:
    """The entries whose canonical text is not in the text of a PDF.

    Marks of footnotes are set apart, which the canonical text leaves out, and alternatives of pictures.
    """
    got = unmarked(got)
    parts = [(one, canonical(one, load).partition("\n\n")) for one in entries]
    return [one for one, (title, _, body) in parts if not (unmarked(title) in got and unmarked(body) in got)]


def unmarked(body: str) -> str:
    return re.sub("[①-⑳]|〔图：[^〕]*〕", "", solid(body))


def test_an_issue_of_all_the_demonstration_is_the_canonical_text_of_each_document() -> None:
    """A table's header stands again on a new page: such documents are read out by their tags, as they are alone."""
    load, entries = demonstrated()
    assert len(entries) > 100
    whole = shown(made("gazette-pdf", edition(entries), load), "-raw", "-x", "0", "-y", "100", "-W", "600", "-H", "642")
    rest = lost(whole, entries, load)
    assert len(rest) < 8
    assert all("|---" in load.bodies[one["id"]] for one in rest)
    assert [one["id"] for one in rest if lost(read_out(made("document-pdf", document(one), load)), [one], load)] == []


def test_the_print_of_a_document_is_its_canonical_text() -> None:
    """Those of a year, tables and lists among them."""
    load, entries = demonstrated()
    some = [one for one in entries if "policies/2025" in one["id"]]
    assert len(some) > 4
    assert [o["id"] for o in some if lost(read_out(made("document-pdf", document(o), load)), [o], load)] == []


def test_a_page_has_22_lines_of_28_characters_at_equal_distance() -> None:
    """GB/T 9704-2012, 5.2.2 and 5.3: type area of 156 by 225 mm, 37 mm from the top, 28 mm from the left."""
    load = Bodies({})
    han = "".join(chr(0x4E00 + n) for n in range(2000))
    one = entry("试验", "\n\n".join(han[n : n + 400] for n in range(0, 2000, 400)), load)
    for renderer, view, first in (("document-pdf", document(one), 1), ("gazette-pdf", edition([one]), 2)):
        whole = pages(made(renderer, view, load))[first : first + 2]
        for page in whole:
            lines = [line for line in page if 104 < line[0] < 105 + 225 * MM - 16]
            assert len(lines) == 22
            steps = [b[0] - a[0] for a, b in pairwise(lines)]
            assert max(steps) - min(steps) < 0.05
            assert abs(steps[0] - PITCH) < 0.05
            full = [line for line in lines if line[1] < 28 * MM + 1 and line[2] > (28 + 150) * MM]
            assert len(full) >= 18
            assert {len(line[3]) for line in full} == {28}
            assert all(abs(line[1] - 28 * MM) < 0.5 and abs(line[2] - (28 + 156) * MM) < 0.5 for line in full)


def test_marks_stand_at_no_beginning_of_a_line_and_28_characters_stay() -> None:
    """Full stops, commas and brackets at the places where lines end."""
    load = Bodies({})
    body = "\n\n".join("甲" * n + "乙丙丁戊己庚，辛壬癸子丑寅卯。辰巳（午未申酉）" * 8 for n in range(28))
    for page in pages(made("document-pdf", document(entry("试验", body, load)), load)):
        for top, left, right, line in page:
            if 104 < top < 105 + 225 * MM - 16 and left < 30 * MM and right > 180 * MM and len(line) > 20:
                assert line[0] not in "，。）", line
                assert line[-1] != "（", line
                blank = 8.5 if line[-1] in "，。）" else 0.5  # the empty half of a mark hangs over, its ink does not
                assert right < (28 + 156) * MM + blank
                assert 27 <= len(line) <= 29


def test_the_layout_follows_the_norm() -> None:
    """7.2.5 number centred; 7.3.2 recipients at the left; 7.3.5 day four characters from the right; 7.5 page number."""
    load = Bodies({})
    names = ["甲表", "乙表"]
    one = entry("试验办法", "正文" * 700, load, attachments=names, annotation="此件公开发布")
    found = pages(made("document-pdf", document(one), load))
    rows = {solid(line[3]): line for page in found for line in page}
    number = rows["示政发〔2025〕3号"]
    assert abs((number[1] + number[2]) / 2 - (28 + 78) * MM) < 2
    assert abs(rows["各乡镇人民政府，县政府各部门、各直属单位："][1] - 28 * MM) < 0.5
    day = rows["2025年9月25日"]
    assert abs((28 + 156) * MM - day[2] - 4 * 156 / 28 * MM) < 1
    assert abs(rows["（此件公开发布）"][1] - (28 + 2 * 156 / 28) * MM) < 8
    assert rows["附件：1.甲表"][1] < rows["2.乙表"][1]
    assert "抄送：县委办公室，县人大常委会办公室，县政协办公室。" in rows
    for number_of, page in enumerate(found, 1):
        foot = page[-1]
        assert foot[3] == f"—{number_of}—"
        assert (foot[1] > 120 * MM) == (number_of % 2 == 1)
        assert foot[0] > (37 + 225 + 5) * MM


def test_contents_tell_the_true_page_of_every_entry() -> None:
    load = Bodies({})
    entries = [entry(f"第{n}号试验办法", "正文。" * 300 * (n % 3 + 1), load) for n in range(1, 40)]
    found = pages(made("gazette-pdf", edition(entries), load))
    cover = sum(1 for page in found if not re.fullmatch(r"—\d+—", page[-1][3]))
    assert cover > 1
    listed = {}
    for page in found[:cover]:
        for _, _, _, line in page:
            if match := re.search(r"第(\d+)号试验办法（.*?）·+(\d+)$", line):
                listed[int(match[1])] = int(match[2])
    assert len(listed) == 39
    for number, page in listed.items():
        assert f"第{number}号试验办法" in [line[3] for line in found[cover + page - 1]]


@cache
def standard() -> bytes:
    """An issue with all that an issue may have."""
    load, entries = demonstrated()
    some = [one for one in entries if "policies/2025" in one["id"]][:4]
    errata = [
        {"title": "示例办法", "number": "示政发〔2024〕1号", "address": "https://x.example/", "text": "“甲”应为“乙”。"}
    ]
    return made("gazette-pdf", edition(some, errata=errata), load)


def test_an_issue_is_tagged_and_says_which_standards_it_keeps() -> None:
    """PDF/A-2a (ISO 19005-2) and PDF/UA-1 (ISO 14289-1)."""
    with pikepdf.open(io.BytesIO(standard())) as pdf:
        root = pdf.Root
        assert root.MarkInfo.Marked
        assert root.StructTreeRoot.K
        assert str(root.Lang).lower().startswith("zh")
        assert root.ViewerPreferences.DisplayDocTitle
        with pdf.open_metadata() as meta:
            assert (meta["pdfaid:part"], meta["pdfaid:conformance"], meta["pdfuaid:part"]) == ("2", "A", "1")
            assert meta["dc:title"] == "示例县人民政府公报2025年第2号"
        assert any(intent.S == "/GTS_PDFA1" for intent in root.OutputIntents)
        assert "/JavaScript" not in root.get("/Names", {})
        assert "/OpenAction" not in root
        assert set(kinds(root.StructTreeRoot)) >= {"/H1", "/H2", "/P", "/Table", "/TH", "/TD", "/Figure", "/Link"}
        assert all(figure.Alt for figure in elements(root.StructTreeRoot) if figure.get("/S") == "/Figure")


def elements(node: Any) -> Iterator[Any]:
    """Every element of a structure tree."""
    kids = node.get("/K", [])
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            yield kid
            yield from elements(kid)


def kinds(node: Any) -> Iterator[str]:
    return (str(element.S) for element in elements(node))


def test_every_font_is_embedded_and_no_glyph_is_missing() -> None:
    listed = subprocess.run([program("pdffonts"), "-"], input=standard(), capture_output=True, check=True)
    rows = listed.stdout.decode().splitlines()[2:]
    assert {row.split("+")[1].split()[0] for row in rows} == {
        "NotoSerifSC-Regular",
        "NotoSerifSC-Black",
        "NotoSansSC-Medium",
    }
    assert all(row.split()[-5:-2] == ["yes", "yes", "yes"] for row in rows)


def test_an_issue_has_outline_page_labels_and_nothing_that_qpdf_minds(tmp_path: Path) -> None:
    file = tmp_path / "issue.pdf"
    file.write_bytes(standard())
    subprocess.run([program("qpdf"), "--check", str(file)], capture_output=True, check=True)
    reader = pypdf.PdfReader(io.BytesIO(standard()))
    top = [one["/Title"] for one in reader.outline if not isinstance(one, list)]
    assert "".join(top) == "目　录县政府文件更正编印说明"
    assert reader.page_labels[:3] == ["i", "1", "2"]


def test_the_imprint_tells_fingerprint_and_what_it_proves() -> None:
    last = solid(pypdf.PdfReader(io.BytesIO(standard())).pages[-1].extract_text())
    assert hashlib.sha256(b"issue").hexdigest() in last
    for word in (
        "https://www.example.gov.cn/gazette/2025-02/",
        "免费赠阅",
        "示例县图书馆",
        "不能证明它由谁签发",
        "没有法律规定的“标准文本”地位",
        "这是演示网站",
    ):
        assert word in last


def test_an_issue_is_the_same_in_any_process(tmp_path: Path) -> None:
    """Another hash seed, zone, locale and folder; and in the process of a worker as beside any other."""
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]); from tests.formats.test_typeset import standard;"
        "import hashlib, multiprocessing;"
        "multiprocessing.parent_process = lambda: sys.argv[2] == 'worker' or None;"
        "print(hashlib.sha256(standard()).hexdigest())"
    )
    digests = {hashlib.sha256(standard()).hexdigest()}
    for seed, zone, place in (("1", "Pacific/Apia", "worker"), ("77", "Asia/Shanghai", "beside")):
        around = {**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": "tr_TR.UTF-8", "TMPDIR": str(tmp_path)}
        command = [sys.executable, "-c", code, str(ROOT), place]
        done = subprocess.run(command, cwd=tmp_path, env=around, capture_output=True, text=True, check=True)
        digests.add(done.stdout.strip())
    assert len(digests) == 1


HOSTILE: dict[str, str] = {
    "a-mebibyte-in-one-paragraph": "第一条 " + "为规范管理，制定本办法。" * (1_048_576 // 36),
    "ten-thousand-combining-marks": "甲" + "\u0301" * 10_000 + "乙",
    "typst-markup": '#read("/etc/passwd") #import "x.typ" $x^2$ @ref &lt;label&gt; \\ #{ } // c /* d */ = -- --- [ ]',
    "typst-markup-in-code": "`#panic()` 和 `[#sys.inputs]`",
    "a-word-of-5000-letters": "x" * 5000,
    "an-address-without-end": "见 https://a.example/" + "a/b?c=d&" * 300,
    "lists-in-lists": "\n".join("    " * depth + f"- 项{depth}" for depth in range(19)),
    "quotations-in-quotations": "> " * 19 + "引用",
    "a-table-of-12-columns": "|" + "列|" * 12 + "\n|" + "---|" * 12 + "\n|" + "内容内容|" * 12,
    "a-table-of-60-columns": "|" + "列|" * 60 + "\n|" + "---|" * 60 + "\n|" + "内容|" * 60,
    "a-cell-longer-than-a-page": "|甲|乙|\n|-|-|\n|" + "长" * 3000 + "||",
    "a-header-longer-than-a-page": "|" + "长" * 3000 + "||\n|-|-|\n|甲|乙|",
    "a-table-of-nothing": "<table></table>前<table><tr></tr></table>后",
    "every-ascii-character-in-a-word": "".join(map(chr, range(33, 127))).replace("<", "&lt;"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_is_set_whole(name: str) -> None:
    """No character is lost, none is added; nothing is read as Typst's markup."""
    load = Bodies({})
    one = entry("试验", HOSTILE[name], load)
    wanted = solid(canonical(one, load).partition("\n\n")[2])
    pdf = made("document-pdf", document(one), load)  # in the order of the tags where there are tables
    got = re.sub(r"—\d+—", "", solid(shown(pdf, "-raw"))) if "|" not in HOSTILE[name] else read_out(pdf)
    assert wanted in got


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_stays_on_the_page(name: str) -> None:
    """What runs over the edge poppler does not show."""
    load = Bodies({})
    one = entry("试验", HOSTILE[name], load)
    pdf = made("document-pdf", document(one), load)
    got, wanted = solid(re.sub(r"— \d+ —", "", shown(pdf))), solid(canonical(one, load).partition("\n\n")[2])
    missing = [c for c in set(wanted) if got.count(c) < wanted.count(c)]
    assert missing == []


@pytest.mark.parametrize("spans", ["rowspan=3", "colspan=99999", "rowspan=99999 colspan=7", "rowspan=0", "colspan=-1"])
def test_spans_that_claim_other_cells_lose_none(spans: str) -> None:
    load = Bodies({})
    rows = (
        f"<tr><td {spans}>甲</td><td>乙</td></tr><tr><td>丙</td><td {spans}>丁</td><td>戊</td></tr><tr><td>己</td></tr>"
    )
    got = shown(made("document-pdf", document(entry("试验", f"<table>{rows}</table>", load)), load))
    assert all(cell in got for cell in "甲乙丙丁戊己")


@pytest.mark.parametrize(
    ("text_", "seen", "count"),
    [
        ("𠀀𠀁字", "〓〓字", 2),
        ("好👨\u200d👩\u200d👧", "好〓〓〓", 3),
        ("שלום", "〓〓〓〓", 4),
        ("\ue000甲", "〓甲", 1),
        ("a" + "\u0316" * 200, "a" + "〓" * 200, 200),
    ],
)
def test_what_no_font_has_is_shown_counted_and_named(text_: str, seen: str, count: int) -> None:
    """Ideographs of extension B, emoji, another script, private use, combining marks: PDF/A forbids missing glyphs."""
    load = Bodies({})
    got = solid(shown(made("document-pdf", document(entry("试验", text_, load)), load)))
    assert seen in got
    assert f"字库缺{count}字" in got
    assert f"U+{ord(next(c for c in text_ if c not in 'a好字甲')):04X}" in got


def test_no_character_that_a_font_claims_stops_the_press() -> None:
    """Every character of the fonts, alone and before and after a combining mark."""
    load = Bodies({})
    everything = sorted(
        faces.characters(FONTS / faces.DEFAULTS["正文"]) | faces.characters(FONTS / faces.DEFAULTS["黑体"])
    )
    body = "甲".join(c for c in everything if c.isprintable() and c not in "\\`*_[]<>&!#|") + "\u0301"
    assert made("document-pdf", document(entry("试验", body, load)), load).startswith(b"%PDF")


def png(width: int, height: int, tail: bytes = b"") -> bytes:
    """A grey picture; `tail` instead of its pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = tail or zlib.compress((b"\0" + b"\x80" * width) * height)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("data", "drawn"),
    [
        (png(40, 30), True),
        (png(3000, 20), True),
        (png(20, 3000), True),
        (png(40, 30, b"no zlib"), False),
        (png(40, 30)[:60], False),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><image href='/etc/passwd'/></svg>", False),
        (b"GIF89a" + b"\0" * 40, False),
        (b"\xff\xd8\xff\xe0" + b"\0" * 40, False),
        (b"", False),
    ],
)
def test_a_picture_is_drawn_or_its_alternative_stands_there(data: bytes, drawn: bool) -> None:
    load = Bodies({}, {"content/p.png": data})
    pictures = {"p.png": {"file": "content/p.png", "sha256": hashlib.sha256(data).hexdigest()}}
    one = entry("试验", "前\n\n![示意图](p.png)\n\n后", load, pictures=pictures)
    pdf = made("document-pdf", document(one), load)
    assert ("〔图：示意图〕" in solid(shown(pdf))) != drawn
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        alternatives = [str(e.Alt) for e in elements(opened.Root.StructTreeRoot) if e.S == "/Figure"]
    assert ("示意图" in alternatives) == drawn


def test_what_a_body_has_itself_is_not_said_twice() -> None:
    """Recipients, attachments, annotation, signature and day, as they are often typed."""
    load = Bodies({})
    body = "各乡镇人民政府：\n\n正文。\n\n附件：甲表\n\n示例县人民政府\n\n2025年9月25日\n\n（此件公开发布）"
    one = entry("试验", body, load, recipients="各乡镇人民政府", attachments=["甲表"], annotation="此件公开发布", cc="")
    got = solid(shown(made("document-pdf", document(one), load)))
    for words in ("各乡镇人民政府：", "附件：甲表", "2025年9月25日", "（此件公开发布）"):
        assert got.count(words) == 1, words


def test_a_link_leads_to_an_address_and_one_that_leads_nowhere_stays_text() -> None:
    load = Bodies({})
    far = f"https://e.example/{'x' * 9000}"
    body = f"[己]({far}) [甲](/x/) [乙](/y/) [丙](https://c.example/) [丁](#art-1) [戊](javascript:alert(1))"
    one = entry("试验", body, load, links={"/x/": "https://a.example/x/", "/y/": ""})
    reader = pypdf.PdfReader(io.BytesIO(made("document-pdf", document(one), load)))
    notes = [n.get_object() for page in reader.pages for n in page.get("/Annots", [])]
    found = {n["/A"]["/URI"] for n in notes if "/A" in n}
    assert {"https://a.example/x/", "https://c.example/", one["address"] + "#art-1"} <= found
    assert not [uri for uri in found if "script" in uri or uri in {"/y/", far}]


def test_headings_at_every_depth_make_no_gap_in_the_outline() -> None:
    """PDF/UA-1: no level is passed over. A deep heading first, then all six, in an issue, where two stand above."""
    load = Bodies({})
    body = "###### 深\n\n" + "\n\n".join(f"{'#' * n} 级{n}\n\n文" for n in (1, 2, 3, 4, 5, 6, 2, 6))
    plain = entry("无号", "文", load, number="", recipients="", signed="")
    pdf = made("gazette-pdf", edition([entry("试验", body, load), plain, plain | {"body": None}]), load)
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        levels = [int(kind[2:]) for kind in kinds(opened.Root.StructTreeRoot) if re.fullmatch(r"/H\d", kind)]
    assert levels[0] == 1
    assert all(below <= above + 1 for above, below in pairwise(levels))


@pytest.mark.parametrize("title", ["试验", "关于" + "进一步做好公共服务" * 8 + "工作的通知", "x" * 300])
def test_a_card_is_900_by_383(title: str) -> None:
    view = {
        "name": "示例县人民政府公报",
        "title": title,
        "number": "",
        "issuer": "县政府办公室",
        "published": "2025-09-30",
    }
    assert struct.unpack(">II", made("gazette-card", view, Bodies({}))[16:24]) == (900, 383)


def test_a_cover_is_about_600_wide_however_long_the_contents() -> None:
    load = Bodies({})
    one = entry("示例县人民政府关于试验的决定", "正文。", load)
    width, height = struct.unpack(">II", made("gazette-cover", edition([one] * 70), load)[16:24])
    assert 590 < width < 610
    assert abs(height / width - 297 / 210) < 0.01


def test_a_font_of_the_site_is_used_and_no_other(tmp_path: Path) -> None:
    """The black face for the text; what it lacks comes from the default ones."""
    own = tmp_path / "own.ttf"
    shutil.copy(FONTS / faces.DEFAULTS["标题"], own)
    font = {"role": "正文", "file": str(own), "sha256": hashlib.sha256(own.read_bytes()).hexdigest()}
    load = Bodies({})
    pdf = made("document-pdf", document(entry("试验", "正文。", load), fonts=[font]), load)
    listed = subprocess.run([program("pdffonts"), "-"], input=pdf, capture_output=True, check=True).stdout.decode()
    assert "NotoSerifSC-Black" in listed
    assert "NotoSerifSC-Regular" not in listed


def test_a_loader_hands_over_the_named_font_only(tmp_path: Path) -> None:
    """Below the project, which is the folder above the content."""
    (tmp_path / "fonts").mkdir()
    own = tmp_path / "fonts/own.ttf"
    own.write_bytes(b"one")
    reference = {"role": "正文", "file": "fonts/own.ttf", "sha256": hashlib.sha256(b"one").hexdigest()}
    load = DiskLoader(Folders(tmp_path / "content", None, ROOT / "theme", str(tmp_path)))
    assert load.font(reference) == own
    own.write_bytes(b"two")
    with pytest.raises(ChangedError):
        load.font(reference)
    own.unlink()
    with pytest.raises(ChangedError):
        load.font(reference)


@pytest.mark.parametrize("data", [b"", b"no font", b"\0\1\0\0" + b"\xff" * 200, b"ttcf" + b"\xff" * 40])
def test_a_file_that_is_no_font_is_refused(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "own.ttf").write_bytes(data)
    with pytest.raises(faces.NoFontError):
        faces.face(tmp_path / "own.ttf")


def spoil(fonts: Path) -> None:
    (fonts / "serif/package-lock.sha256").write_text("sha512-other")


def remove(fonts: Path) -> None:
    (fonts / "sans/NotoSansSC_500Medium.ttf").unlink()


@pytest.mark.parametrize("harm", [spoil, remove, shutil.rmtree])
def test_a_build_without_the_default_fonts_is_refused_with_a_way_out(
    harm: Callable[[Path], None], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    small = Small(tmp_path / "site").least()
    shutil.copytree(FONTS, tmp_path / "fonts")
    settings = replace(small.settings(), fonts=tmp_path / "fonts")
    harm(tmp_path / "fonts")
    assert verbs.run_build(settings) == 2
    assert "字体不在或已过时，请运行 python3 tasks.py" in capsys.readouterr().err
    assert not small.output.exists()
