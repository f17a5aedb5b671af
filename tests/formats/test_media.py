"""The issue for new media: only what the editor of an account keeps, the canonical words, digests that fit."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

import pytest
from lxml import html

from plugins.formats.media import _ALTERNATIVE, _STYLES, LONGEST_DIGEST, MARK_STYLE, digest, render
from plugins.models.markup import TAGS
from tests import editions
from tests.editions import Shelf
from tests.formats.test_epub import THEME, hostile, squeezed

KEPT = set("section p span strong em table thead tbody tfoot tr th td img h1 h2 h3 h4 blockquote ul li br".split())


class Bundle:
    """The archive as an outside reader has it."""

    def __init__(self, edition: dict[str, Any], shelf: Shelf) -> None:
        self.archive = zipfile.ZipFile(io.BytesIO(render(edition, shelf, THEME)))
        self.index = json.loads(self.archive.read("index.json"))

    def article(self, place: int) -> Any:
        """The outermost section of an entry's HTML."""
        data = self.archive.read(f"{self.index['entries'][place]['folder']}/index.html").decode()
        return html.document_fromstring(data).body[0]


def words(article: Any) -> str:
    """Title and body without white space and without the marks of notes."""
    body = next(child for child in article if child.tag == "section")
    for mark in body.xpath(f".//span[@style='{MARK_STYLE}' or @style='{_ALTERNATIVE}']"):
        mark.text = None
        for child in list(mark):
            mark.remove(child)
    return squeezed(article.findtext("h1") + body.text_content())


def assert_same_words(edition: dict[str, Any], shelf: Shelf) -> None:
    bundle = Bundle(edition, shelf)
    entries = [entry for section in edition["sections"] for entry in section["entries"]]
    for place, entry in enumerate(entries):
        canonical = shelf.made(entry["text"]).decode().replace("\ufffe", "\ufffd")
        assert words(bundle.article(place)) == squeezed(canonical), entry["title"]


@pytest.mark.parametrize("name", sorted(editions.demonstration()))
def test_words_of_the_demonstration_are_the_canonical_ones(name: str) -> None:
    assert_same_words(*editions.demonstration()[name])


def test_words_of_hostile_bodies_are_the_canonical_ones() -> None:
    assert_same_words(*hostile())


def test_articles_hold_only_what_the_editor_of_an_account_keeps() -> None:
    edition, shelf = hostile()
    bundle = Bundle(edition, shelf)
    for place in range(len(bundle.index["entries"])):
        for element in bundle.article(place).iter():
            assert element.tag in KEPT, element.tag
            assert set(element.attrib) <= {"style", "src", "alt", "colspan", "rowspan"}
            assert ":" not in element.get("src", "")
            assert "url(" not in element.get("style", "")


def test_every_allowed_element_has_a_style() -> None:
    assert set(_STYLES) >= TAGS


def test_pictures_lie_beside_the_article_that_names_them_without_metadata() -> None:
    shelf = Shelf()
    pictures = {"a.png": editions.png(tEXt=b"Author\0Zhang San")}
    entry = shelf.entry("甲", "![图一](a.png)\n\n![外](https://e.cn/x.png)", pictures=pictures)
    bundle = Bundle(shelf.edition({"甲": [entry]}), shelf)
    (image,) = bundle.article(0).iter("img")
    folder = bundle.index["entries"][0]["folder"]
    assert b"Zhang San" not in bundle.archive.read(f"{folder}/{image.get('src')}")
    assert image.get("alt") == "图一"
    assert bundle.archive.read(f"{folder}/title.png") == shelf.made(entry["card"])


def test_every_article_says_where_it_is_from_and_which_text_counts() -> None:
    shelf = Shelf()
    edition = shelf.plain("甲。", notice="这是演示网站。")
    shown = Bundle(edition, shelf).article(0).text_content()
    entry = edition["sections"][0]["entries"][0]
    source = "来源：示例县人民政府公报2026年第1号（总第4号）"
    for part in (source, entry["number"], entry["address"], "以政府网站公布的文本为准", "这是演示网站。"):
        assert part in shown


def test_names_are_ascii_and_in_order_also_for_ids_that_are_no_paths() -> None:
    shelf = Shelf()
    entries = [
        shelf.entry("甲", id="policies/2026/../../etc/passwd"),
        shelf.entry("乙", id="关于\x00"),
        shelf.entry("丙"),
    ]
    entries += [dict(entries[2])]
    bundle = Bundle(shelf.edition({"甲": entries}), shelf)
    names = bundle.archive.namelist()
    assert names == sorted(set(names))
    assert all(name.isascii() and ".." not in name and not name.startswith("/") for name in names)
    assert [e["folder"] for e in bundle.index["entries"]] == ["01-passwd", "02-entry", "03-a-3", "04-a-3"]


def test_characters_that_no_file_may_hold_leave_a_sign() -> None:
    shelf = Shelf()
    bundle = Bundle(shelf.edition({"甲": [shelf.entry() | {"title": "甲\ud800\x00乙\n丙"}]}), shelf)
    assert bundle.index["entries"][0]["title"] == "甲\ufffd\ufffd乙\n丙"
    assert "标题：甲\ufffd\ufffd乙 丙\n" in bundle.archive.read("index.txt").decode()


def test_more_than_a_hundred_entries_stay_in_order() -> None:
    shelf = Shelf()
    bundle = Bundle(shelf.edition({"甲": [shelf.entry(str(n), "甲。") for n in range(101)]}), shelf)
    folders = [entry["folder"] for entry in bundle.index["entries"]]
    assert folders == sorted(folders)


def test_lists_of_the_issue_name_titles_numbers_addresses_and_hashes() -> None:
    shelf = Shelf()
    edition = shelf.edition({"空栏": [], "文件": [shelf.entry("甲" * 65)]})
    bundle = Bundle(edition, shelf)
    entry, listed = edition["sections"][1]["entries"][0], bundle.archive.read("index.txt").decode()
    (row,) = bundle.index["entries"]
    for name in ("title", "number", "address", "sha256"):
        assert row[name] == entry[name]
        assert entry[name] in listed
    assert "超过微信公众号标题的 64 字上限" in listed
    assert bundle.index["fingerprint"] == edition["fingerprint"]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["第一章 总则", "第一条 为了试验，制定本办法。", "第二条 适用。"], "为了试验，制定本办法。适用。"),
        (["各乡镇人民政府：", "一、题", "甲乙。"], "甲乙。"),
        (["现通知如下：", "甲乙。"], "现通知如下：甲乙。"),
        (["决定作如下修改：", "一、甲。"], "决定作如下修改：一、甲。"),
        (["甲\t乙。", "丙。"], "丙。"),
        ([], "题"),
        (["甲" * 100 + "。", "乙" * 30 + "。"], "甲" * 100 + "。"),
        (["甲" * 80 + "，" + "乙" * 80 + "。"], "甲" * 80 + "…"),
        (["甲" * 300 + "。"], "甲" * 119 + "…"),
        (["他说：“去。”来。"], "他说：“去。”来。"),
    ],
)
def test_a_digest_is_whole_sentences_where_they_fit(lines: list[str], expected: str) -> None:
    assert digest("题", lines) == expected


@pytest.mark.parametrize(
    "text", ["\u0301" * 10_000, "😀" * 500, "𠀀" * 119 + "。" + "甲" * 5, "。" * 999, " \n" * 500, "甲" * 1_000_000]
)
def test_no_digest_is_longer_than_an_account_takes_or_more_than_one_line(text: str) -> None:
    for made in (digest("题", [text]), digest(text, [])):
        assert len(made.encode("utf-16-le")) // 2 <= LONGEST_DIGEST
        assert "\n" not in made


def test_the_summary_of_a_document_is_its_digest() -> None:
    shelf = Shelf()
    bundle = Bundle(shelf.edition({"甲": [shelf.entry("甲", summary="编者写的摘要。")]}), shelf)
    folder = bundle.index["entries"][0]["folder"]
    assert bundle.archive.read(f"{folder}/digest.txt").decode() == "编者写的摘要。\n"
