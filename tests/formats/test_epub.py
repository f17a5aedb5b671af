"""The issue as EPUB: epubcheck's verdict, the canonical texts in its chapters, and nothing from outside."""

from __future__ import annotations

import hashlib
import io
import os
import random
import re
import shutil
import subprocess
import sys
import unicodedata
import zipfile
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from plugins.formats.content_model import _INLINE
from plugins.formats.epub import render
from plugins.models.markup import TAGS, VOID
from tests import editions
from tests.editions import ADDRESS, ROOT, Shelf

THEME = ROOT / "theme"
NS = {
    "x": "http://www.w3.org/1999/xhtml",
    "epub": "http://www.idpf.org/2007/ops",
    "opf": "http://www.idpf.org/2007/opf",
    "dc": "http://purl.org/dc/elements/1.1/",
}
MARKS = "x:span[@class='note-mark'] | .//x:a[@class='note-mark'] | .//x:span[@class='alternative']"
ISSUES = sorted(path.stem for path in (ROOT / "content/gazette").glob("*.md"))


class Book:
    """An EPUB as an outside reader has it: zipfile, and lxml's strict XML parser without a network or entities."""

    def __init__(self, edition: dict[str, Any], shelf: Shelf) -> None:
        self.data = render(edition, shelf, THEME)
        self.archive = zipfile.ZipFile(io.BytesIO(self.data))

    def tree(self, name: str) -> Any:
        parser = etree.XMLParser(resolve_entities=False, no_network=True)
        return etree.fromstring(self.archive.read(f"EPUB/{name}"), parser)

    def chapters(self) -> list[Any]:
        """The trees of the spine, without cover, contents and colophon."""
        package = self.tree("package.opf")
        files = {i.get("id"): i.get("href") for i in package.iterfind(".//opf:item", NS)}
        spine = [files[i.get("idref")] for i in package.iterfind(".//opf:itemref", NS)]
        assert spine[:2] == ["cover.xhtml", "nav.xhtml"]
        assert spine[-1] == "colophon.xhtml"
        return [self.tree(name) for name in spine[2:-1]]


def squeezed(text: str) -> str:
    return "".join(unicodedata.normalize("NFC", text).split())


def words(chapter: Any) -> str:
    """Title and body of a chapter without white space and without the marks of notes."""
    (title,), (body,) = chapter.xpath("//x:h1", namespaces=NS), chapter.xpath("//x:div[@class='text']", namespaces=NS)
    for mark in body.xpath(f".//{MARKS}", namespaces=NS):
        mark.text = None
        for child in list(mark):
            mark.remove(child)
    return squeezed("".join((*title.itertext(), *body.itertext())))


def epubcheck(folder: Path, data: bytes) -> None:
    """Holds that epubcheck has no error and no warning."""
    program = shutil.which("epubcheck")
    if not program or not shutil.which("java"):
        assert os.environ.get("CI") != "true", "epubcheck is absent"
        pytest.skip("epubcheck is absent: books are not validated")
    (folder / "issue.epub").write_bytes(data)
    # Debian's file is the archive itself, which only some kernels start.
    jar = ["java", "-jar"] if Path(program).resolve().suffix == ".jar" else []
    done = subprocess.run(
        [*jar, str(Path(program).resolve()), "--failonwarnings", "issue.epub"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[:4000]
    assert "0 fatals / 0 errors / 0 warnings" in done.stdout


def same_texts(edition: dict[str, Any], shelf: Shelf) -> Book:
    book = Book(edition, shelf)
    entries = [entry for section in edition["sections"] for entry in section["entries"]]
    for chapter, entry in zip(book.chapters(), entries, strict=True):
        canonical = shelf.made(entry["text"]).decode().replace("\ufffe", "\ufffd")
        assert words(chapter) == squeezed(canonical), entry["body"] and shelf.body(entry["body"])
    return book


@pytest.mark.slow
@pytest.mark.parametrize("name", ISSUES)
def test_epubcheck_finds_nothing_in_the_demonstration_and_its_texts_are_the_canonical_ones(
    name: str, tmp_path: Path
) -> None:
    edition, shelf = editions.demonstration()[name]
    epubcheck(tmp_path, same_texts(edition, shelf).data)


BODIES = {
    "footnotes": "第一条 甲[^1]乙[^注]丙[^1]。\n\n[^1]: 注一，[网](https://e.cn/)。\n\n[^注]: 注二。\n\n    第二段。",
    "footnote_without_a_mark": "正文。\n\n[^1]: 无人提及。",
    "footnote_twice": '<ul><li id="fn:1">甲</li><li id="fn:1">乙</li></ul>'
    '<sup id="fnref:1"><a href="#fn:1">1</a></sup>',
    "mark_of_no_note": '<a href="#fn:9">九</a>和<a href="#fnord">十</a>后',
    "typed_numbers": "1. 甲\n2. 乙\n5. 丙\n\n   又一段\n\n8. 丁",
    "raw_numbers": "<ol start=5 type=i><li>甲</li><li value=9>乙</li><li><p>丙</p></li><li></li></ol><p>后</p>",
    "lists_in_lists": "1. 甲\n    1. 子\n    2. 丑\n        - 点\n2. 乙",
    "list_in_a_cell": "<table><tr><td><ol><li>甲</li><li>乙</li></ol></td><td>丙</td></tr></table>",
    "table": "| 甲 | 乙 |\n|:--|--:|\n| 1 | **2** |\n| 3<br>4 | |",
    "wide_table": "|" + " 列 |" * 40 + "\n|" + "---|" * 40 + "\n" + ("|" + " 长长的内容 |" * 40 + "\n") * 30,
    "table_caption_and_scopes": "<table><caption>表1</caption><tr><th scope=nonsense align=right>头</th>"
    "<td colspan=0 rowspan=99999 align=wild>格</td></tr></table>",
    "caption_not_first": "<table><tr><td>1</td></tr><caption>迟到的表名</caption></table>",
    "caption_with_a_table": "<table><caption>表<table><tr><td>中</td></tr></table></caption><tr><td>1</td></tr>"
    "</table>",
    "foot_before_body": "<table><tfoot><tr><td>计</td></tr></tfoot><tbody><tr><td>1</td></tr></tbody><thead><tr><th>头"
    "</th></tr></thead></table>",
    "heading_in_a_header": "<table><tr><th><h3>第一章 总则</h3></th></tr></table>"
    "<dl><dt><h2>一、甲</h2></dt><dd>乙</dd></dl>",
    "paragraph_in_emphasis": "<em><p>甲</p></em><strong><ul><li>乙</li></ul></strong><a href='https://e.cn'><p>丙</p></a>",
    "block_in_a_heading": "<h2>甲<ul><li>乙</li></ul></h2><h3><p>丙</p></h3><pre>丁<p>戊</p></pre>",
    "list_without_items": "<ul>甲<p>乙</p></ul><ol><em>丙</em></ol><li>丁</li><dl><p>戊</p></dl><dt>己</dt><dd>庚</dd>",
    "items_outside": "<div><li>甲</li></div><figcaption>乙</figcaption><rt>丙</rt><rp>(</rp>",
    "figures": "<figure>甲<figcaption>乙</figcaption>丙</figure><figure><figcaption>一</figcaption><figcaption>二"
    "</figcaption></figure><figure><p>图</p><figcaption>题</figcaption></figure>",
    "ruby": "<ruby>汉<rp>(</rp><rt>hàn</rt><rp>)</rp></ruby><ruby><rt>x</rt></ruby><ruby>无</ruby>"
    "<ruby><p>段</p></ruby>",
    "links": "[a](https://e.cn/%zz?q=甲 [b](http://[x) [c](https://e_f.cn/) [d](mailto:a@e.cn) [e](tel:110)"
    " [f](#nowhere) [g](#art-1) [h](https://例子.中国/路径) [i](//e.cn/x) [j](https://e.cn/|^`{})"
    " [k](http://) [l](https://1.2.3.4:99/)"
    "\n\n第一条 甲。",
    "nested_links": "<a href='https://e.cn'>甲<table><tr><td><a href='https://f.cn'>乙</a></td></tr></table></a>",
    "repeated_articles": "第七条 甲。\n\n第七条 乙。\n\n# 一、题\n\n# 一、题\n\n## 无号\n\n## 无号\n\n附件1\n\n附件1",
    "skipped_levels": "# 题\n\n###### 小\n\n### 中\n\n# 大",
    "code": "    一段代码 <b>&amp;\n\n`a<b`",
    "empty": "",
    "nothing_shown": "<span></span><p></p><b></b>",
    "entities": "&nbsp;&copy;&lt;b&gt;&amp;amp; &#x1F600; &unknown; &",
    "ids": "<p id=title>甲</p><p id=1>乙</p><li id='fn:1'>丙</li>",
    "pictures": "![有](a.png) ![](b.png) ![外](https://e.cn/t.gif) ![网](c.webp) "
    "<img src=a.png width=99999999 height=x>",
    "combining_marks": "甲" + "\u0301" * 10_000,
    "beyond_the_first_plane": "𠀀𪚥😀👨‍👩‍👧 \u200b\ufeff\u00ad",
    "not_for_xml": "甲\ufffe乙丙",
    "scripts": "<script>alert(1)</script><svg><script>1</script></svg><p onclick=x style=y class=z>甲</p>",
    "five_thousand_deep": "<div>" * 5_000 + "甲" + "</div>" * 5_000,
    "rows_beside_each_other_deep_down": "<blockquote>" * 97 + "<table>" + "<tr><td>甲</td></tr>" * 3 + "</table>",
    "tables_in_tables": "<table><tr><td>" * 90 + "甲" + "</td></tr></table>" * 90,
    "one_long_word": "a" * 20_000,
}
TITLES = {
    "markup": "<b>&\"'</b>]]><!-- {{ 1 }} {% x %}",
    "emoji": "👨‍👩‍👧 关于𠀀𪚥的通知",
    "long": "很长的标题" * 400,
    "not_for_xml": "甲\ufffe乙",
}


def hostile() -> tuple[dict[str, Any], Shelf]:
    shelf = Shelf()
    pictures = {"a.png": editions.png(), "b.png": editions.png(9), "c.webp": b"RIFF\0\0\0\0WEBP"}
    entries = [
        shelf.entry(name, body, pictures=pictures if name == "pictures" else {}) for name, body in BODIES.items()
    ]
    odd = [shelf.entry(title.encode(errors="replace").decode()) for title in TITLES.values()]
    odd.append(shelf.entry("没有正文", None, number="", signed="", issuer="", recipients="", annotation=""))
    odd.append(shelf.entry("附件", attachments=["<甲>&乙.pdf"], address="https://bad_host/ x", cc="<cc>"))
    errata = [{"title": "<勘>", "number": "", "address": odd[0]["address"], "text": "“&”应为“<”"}]
    sections = {"空栏": [], "县政府文件": entries, "<&>": odd, "又一空栏": []}
    return shelf.edition(sections, errata=errata, notice="<演示>&"), shelf


@pytest.mark.slow
def test_epubcheck_finds_nothing_in_hostile_bodies_and_their_texts_are_the_canonical_ones(tmp_path: Path) -> None:
    edition, shelf = hostile()
    epubcheck(tmp_path, same_texts(edition, shelf).data)


@pytest.mark.slow
def test_epubcheck_finds_nothing_in_random_nestings_of_every_allowed_element(tmp_path: Path) -> None:
    """240 bodies of elements inside each other as no editor would write them; each passes the sanitiser."""
    chance, shelf = random.Random(7), Shelf()
    names = sorted(TAGS)
    entries = [shelf.entry(f"{n}", nested(chance, names, 5)) for n in range(240)]
    edition = shelf.edition({"乱": entries}) | {"cover": shelf.keep(editions.png())}
    epubcheck(tmp_path, same_texts(edition, shelf).data)


def nested(chance: random.Random, names: list[str], depth: int) -> str:
    parts = []
    for _ in range(chance.randint(1, 3)):
        name = chance.choice(names)
        if name in VOID:
            parts.append(f"<{name} src=a.png alt=图>" if name == "img" else f"<{name}>")
        elif depth == 0 or chance.random() < 0.2:
            parts.append(chance.choice(("字", "第一条 甲。", " ", "")))
        else:
            parts.append(f"<{name}>{nested(chance, names, depth - 1)}</{name}>")
    return "".join(parts)


def test_characters_that_xml_has_not_leave_a_sign_and_no_broken_file() -> None:
    shelf = Shelf()
    entry = shelf.entry("题", "丙\ufffe丁") | {"title": "甲\x0b\ufffe\ud800乙"}
    (chapter,) = Book(shelf.edition({"甲": [entry]}), shelf).chapters()
    assert words(chapter) == "甲\ufffd\ufffd\ufffd乙丙\ufffd丁"


def test_every_allowed_element_is_known_to_the_content_model() -> None:
    blocks = (
        "p h1 h2 h3 h4 h5 h6 ul ol li dl dt dd table thead tbody tfoot tr th td caption blockquote pre hr div figure"
    )
    assert _INLINE | set(blocks.split()) | {"figcaption"} == TAGS


def test_the_archive_says_nothing_of_when_and_where_it_was_made() -> None:
    edition, shelf = hostile()
    archive = Book(edition, shelf).archive
    first, *others = archive.infolist()
    assert (first.filename, first.compress_type, first.extra) == ("mimetype", zipfile.ZIP_STORED, b"")
    assert archive.read("mimetype") == b"application/epub+zip"
    assert [i.filename for i in others] == sorted(i.filename for i in others)
    assert all(i.filename.isascii() and i.date_time == (1980, 1, 1, 0, 0, 0) for i in archive.infolist())


def test_books_are_the_same_bytes_in_processes_with_other_seeds_zones_and_locales() -> None:
    code = (
        "import hashlib; from plugins.formats.renderers import renderers\n"
        "from tests.formats.test_epub import hostile, THEME\n"
        "e, s = hostile(); r = renderers(THEME, THEME)\n"
        "print([hashlib.sha256(r[n](e, s)).hexdigest() for n in ('gazette-epub', 'gazette-text', 'gazette-media')])"
    )
    seen = set()
    for seed, zone, locale in (
        ("0", "UTC", "C"),
        ("1", "Asia/Shanghai", "zh_CN.UTF-8"),
        ("2", "Pacific/Apia", "tr_TR"),
    ):
        changed = {"PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": locale, "PYTHONUTF8": "1"}
        done = subprocess.run(
            [sys.executable, "-c", code], cwd=ROOT, env=os.environ | changed, capture_output=True, text=True, check=True
        )
        seen.add(done.stdout)
    assert len(seen) == 1


def test_links_between_entries_stay_in_the_book_and_others_lead_to_the_web() -> None:
    shelf = Shelf()
    target = shelf.entry("被引", "第一条 甲。\n\n第七条 乙。", slug="b")
    links = {
        "b.md": target["address"],
        "b.md#art-7": target["address"] + "#art-7",
        "b.md#art-9": target["address"] + "#art-9",
    }
    links |= {"c.md": f"{ADDRESS}policies/2020/c/#art-2", "d.md": ""}
    body = "[一](b.md) [二](b.md#art-7) [三](b.md#art-9) [四](c.md) [五](d.md) [六](https://e.cn/) [七](#art-1)"
    body += "\n\n第一条 甲。"
    (chapter, _) = Book(shelf.edition({"甲": [shelf.entry("引", body, links=links), target]}), shelf).chapters()
    found = {a.text: a.get("href") for a in chapter.xpath("//x:div[@class='text']//x:a", namespaces=NS)}
    assert found == {
        "一": "entry-02.xhtml",
        "二": "entry-02.xhtml#art-7",
        "三": "entry-02.xhtml",
        "四": f"{ADDRESS}policies/2020/c/#art-2",
        "六": "https://e.cn/",
        "七": "#art-1",
    }
    assert "五" in words(chapter)


def test_the_contents_have_sections_entries_and_articles_and_no_empty_section() -> None:
    shelf = Shelf()
    entry = shelf.entry("办法", "第一章 总则\n\n第一条 甲。\n\n第二章 附则\n\n第二条 乙。")
    nav = Book(shelf.edition({"空": [], "文件": [entry]}), shelf).tree("nav.xhtml")
    toc = nav.xpath("//x:nav[@epub:type='toc']", namespaces=NS)[0]
    assert [e.text for e in toc.iter("{*}a", "{*}span")] == [
        "封面",
        "文件",
        "办法",
        "第一章 总则",
        "第二章 附则",
        "版权信息",
    ]
    assert "entry-01.xhtml#chap-2" in [a.get("href") for a in toc.iter("{*}a")]
    kinds = nav.xpath("//x:nav[@epub:type='landmarks']//x:a/@epub:type", namespaces=NS)
    assert kinds == ["cover", "toc", "bodymatter", "colophon"]


def test_every_chapter_says_number_issuer_day_hash_and_address() -> None:
    shelf = Shelf()
    entry = shelf.entry()
    (chapter,) = Book(shelf.edition({"甲": [entry]}), shelf).chapters()
    said = {m.get("name"): m.get("content") for m in chapter.iterfind(".//x:meta[@name]", NS)}
    assert said == {
        "dcterms.identifier": entry["number"],
        "dcterms.creator": entry["issuer"],
        "dcterms.date": entry["signed"],
        "dcterms.source": entry["address"],
        "sha256": entry["sha256"],
    }
    shown = "".join(chapter.itertext())
    assert all(value in shown for value in (entry["number"], entry["issuer"], "2026年3月2日", entry["address"]))
    assert entry["sha256"] in squeezed(shown)


def test_the_package_names_the_issue_and_is_dated_by_its_day_not_by_a_clock() -> None:
    shelf = Shelf()
    edition = shelf.plain("第一条 甲。", notice="这是演示网站。")
    book = Book(edition, shelf)
    package = book.tree("package.opf")
    assert package.findtext(".//dc:identifier", namespaces=NS) == edition["address"]
    assert package.findtext(".//dc:language", namespaces=NS) == "zh-CN"
    properties = {m.get("property"): m.text for m in package.iterfind(".//opf:meta", NS)}
    assert properties["dcterms:modified"] == "2026-03-31T00:00:00Z"
    assert properties["group-position"] == "4"
    assert properties["schema:accessMode"] == "textual"
    colophon = "".join(book.tree("colophon.xhtml").itertext())
    assert edition["fingerprint"] in squeezed(colophon)
    assert "没有法律规定的“标准文本”地位" in colophon
    assert "这是演示网站。" in "".join(book.tree("cover.xhtml").itertext())


def test_marks_and_notes_lead_to_each_other_and_say_what_they_are() -> None:
    shelf = Shelf()
    (chapter,) = Book(shelf.plain(BODIES["footnotes"]), shelf).chapters()
    ids = {e.get("id"): e for e in chapter.xpath("//*[@id]")}
    marks = chapter.xpath("//x:a[@epub:type='noteref'][@role='doc-noteref']", namespaces=NS)
    back = chapter.xpath("//x:a[@role='doc-backlink']", namespaces=NS)
    assert (len(marks), len(back)) == (3, 3)
    for mark in marks:
        note = ids[mark.get("href")[1:]]
        assert (note.tag, note.get("role")) == (f"{{{NS['x']}}}aside", "doc-footnote")
        assert mark.getparent().get("id") in {link.get("href")[1:] for link in note.iter(f"{{{NS['x']}}}a")}


def test_headers_of_a_table_say_what_they_head() -> None:
    shelf = Shelf()
    body = BODIES["table"] + "\n\n<table><caption>名</caption><tr><th>行</th><td>1</td></tr></table>"
    (chapter,) = Book(shelf.plain(body), shelf).chapters()
    assert chapter.xpath("//x:th/@scope", namespaces=NS) == ["col", "col", "row"]
    assert chapter.xpath("//x:caption/text()", namespaces=NS) == ["名"]


def test_a_table_scrolls_and_one_of_many_columns_is_small() -> None:
    shelf = Shelf()
    (chapter,) = Book(shelf.plain(BODIES["table"] + "\n\n" + BODIES["wide_table"]), shelf).chapters()
    frames = [table.getparent().get("class") for table in chapter.iter(f"{{{NS['x']}}}table")]
    assert frames == ["table", "wide table"]


def test_the_book_claims_no_more_than_its_pictures_allow() -> None:
    """Words alone suffice where every picture has an alternative, and only there."""
    said = []
    for body in ("甲", "![图](a.png)", "![图](a.png) ![](b.png)"):
        shelf = Shelf()
        entry = shelf.entry("题", body, pictures={"a.png": editions.png(), "b.png": editions.png(9)})
        package = Book(shelf.edition({"甲": [entry]}), shelf).tree("package.opf")
        metas = [(m.get("property"), m.text) for m in package.iterfind(".//opf:meta", NS)]
        said.append(
            [v for k, v in metas if k == "schema:accessModeSufficient"]
            + [v for _, v in metas if v == "alternativeText"]
        )
    assert said == [["textual"], ["textual", "alternativeText"], ["textual,visual"]]


def test_a_heading_that_says_nothing_is_none() -> None:
    shelf = Shelf()
    (chapter,) = Book(shelf.plain("<h2> </h2><h3><b></b></h3>\n\n# 题"), shelf).chapters()
    assert ["".join(h.itertext()) for h in chapter.xpath("//x:h2 | //x:h3", namespaces=NS)] == ["题"]


def test_numbers_of_lists_stand_in_the_text_as_typed() -> None:
    shelf = Shelf()
    (chapter,) = Book(shelf.plain(BODIES["typed_numbers"]), shelf).chapters()
    assert chapter.xpath("//x:span[@class='number']/text()", namespaces=NS) == ["1. ", "2. ", "5. ", "8. "]
    assert not chapter.xpath("//@value | //@start")


def test_a_picture_is_in_the_book_once_and_without_its_metadata() -> None:
    shelf = Shelf()
    secret = editions.png(tEXt=b"Author\0Zhang San")
    pictures = {"a.png": secret, "b.png": secret, "c.webp": b"RIFF\0\0\0\0WEBP"}
    one = shelf.entry("甲", "![一](a.png) ![二](b.png) ![三](c.webp) ![四](https://e.cn/x.png)", pictures=pictures)
    book = Book(shelf.edition({"甲": [one]}), shelf)
    names = [name for name in book.archive.namelist() if "images" in name]
    assert len(names) == 1
    assert b"Zhang San" not in book.archive.read(names[0])
    (chapter,) = book.chapters()
    assert chapter.xpath("//x:img/@alt", namespaces=NS) == ["一", "二"]
    assert chapter.xpath("//x:span[@class='alternative']/text()", namespaces=NS) == ["三", "四"]


def test_nothing_in_a_book_is_fetched_from_outside() -> None:
    edition, shelf = hostile()
    book = Book(edition, shelf)
    for name in book.archive.namelist():
        if name.endswith((".xhtml", ".opf")):
            tree = book.tree(name.removeprefix("EPUB/"))
            assert not tree.xpath(
                "//@src[contains(., ':')] | //x:script | //x:link[contains(@href, ':')]", namespaces=NS
            )
    assert not re.search(rb"url\(|@import|@font-face", book.archive.read("EPUB/style.css"))


def test_a_cover_that_was_drawn_before_is_the_cover_of_the_book() -> None:
    shelf = Shelf()
    edition = shelf.plain("甲") | {"cover": shelf.keep(editions.png())}
    book = Book(edition, shelf)
    item = book.tree("package.opf").xpath("//opf:item[@properties='cover-image']", namespaces=NS)
    assert [i.get("href") for i in item] == ["cover.png"]
    assert book.archive.read("EPUB/cover.png") == editions.png()


def test_an_issue_of_sixty_documents_has_sixty_chapters_with_the_canonical_texts() -> None:
    edition, shelf = editions.large()
    assert hashlib.sha256(same_texts(edition, shelf).data).digest()
    assert len(edition["sections"][0]["entries"]) == 30
