"""Anchors of articles, divisions and items; the outline; units. The scheme stands in `formats.numbering`."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plugins.formats import markdown, structure, text
from plugins.formats.numbering import number, read

ARTICLE = re.compile(r"\s*第[零〇一二三四五六七八九十百千\d]+条")


def anchored(body: str) -> dict[str, str]:
    """Anchor -> start of the block that bears it."""
    root = markdown.tree(body)
    structure.outline(root)
    return {e.get("id"): " ".join(e.text_content().split())[:8] for e in root.iter() if e.get("id")}


def outline(*blocks: str) -> list[tuple[int, str, str]]:
    return structure.outline(markdown.tree("\n\n".join(blocks)))


@pytest.mark.parametrize(
    ("line", "anchor"),
    [
        ("第七条 甲", "art-7"),
        ("第七条　甲", "art-7"),
        ("　　第七条 甲", "art-7"),
        ("第 七 条 甲", "art-7"),
        ("第12条 甲", "art-12"),
        ("第１２条 甲", "art-12"),
        ("第一百零五条 甲", "art-105"),
        ("第七条之一 甲", "art-7-z1"),
        ("第七条之十二 甲", "art-7-z12"),
        ("第七条（目的）甲", "art-7"),
        ("第五条规划编制应当公开", "art-5"),
        ("第九条所有单位应当遵守", "art-9"),
        ("第五条中小学应当公开", "art-5"),
        ("第六条和谐社区的标准如下", "art-6"),
        ("**第七条** 甲", "art-7"),
        ("第一编 总则", "bian-1"),
        ("第二章　附　则", "chap-2"),
        ("第三节 监督", "sect-3"),
        ("一、总体要求", "s-1"),
        ("十一、其他", "s-11"),
        ("一、二〇一八年工作回顾", "s-1"),
        ("（三）甲", "s-3"),
        ("(三）甲", "s-3"),
        ("3．甲", "s-3"),
        ("３、甲", "s-3"),
        ("1.2018年工作回顾", "s-1"),
        ("（2）甲", "s-2"),
        ("附件", "annex-1"),
        ("附件 2：", "annex-2"),
        ("## 背景", "h-1"),
        ("## 第三章 监督", "chap-3"),
    ],
)
def test_a_block_that_begins_with_a_number_is_anchored_by_it(line: str, anchor: str) -> None:
    assert list(anchored(line)) == [anchor]


@pytest.mark.parametrize(
    "line",
    [
        "第七条规定的期限届满后，甲。",
        "第七条的规定适用于甲。",
        "第七条所称甲，是指乙。",
        "第二条第三款所列情形消失后，甲。",
        "第二条第（三）项所列甲。",
        "第二条款项的甲。",
        "第五条、第六条不适用于甲。",
        "第五条和第六条不适用于甲。",
        "第五条至第九条不适用于甲。",
        "第五条以及本办法第六条不适用于甲。",
        "第八条之规定适用于甲。",
        "第七条修改为：“甲”",
        "第七条中的甲是指乙。",
        "第二章的规定，适用于甲。",
        "第三章、第四章规定了甲。",
        "第二章规定的甲。",
        "一、二审程序",
        "二、三产业融合发展",
        "3、4月份的甲",
        "五一、国庆假期的甲",
        "（一）、（二）项所列甲",
        "（一）项所列甲",
        "(2018)甲",
        "1.5倍的甲",
        "2018年甲",
        "附件：1. 甲",
        "附件1所列甲",
        "第一甲",
        "> 第七条 引用的甲。",
        "本办法第七条 甲。",
    ],
)
def test_a_false_friend_is_no_number(line: str) -> None:
    assert anchored(line) == {}


def test_a_repeated_article_gets_the_number_of_its_occurrence_and_keeps_its_items_apart() -> None:
    blocks = ["第七条 甲：", "（一）甲；", "（二）乙。", "第七条 乙：", "（一）甲。", "1. 子项"]
    assert list(anchored("\n\n".join(blocks))) == [
        "art-7",
        "art-7-k1",
        "art-7-k2",
        "art-7-2",
        "art-7-2-k1",
        "art-7-2-k1-1",
    ]


def test_items_are_named_by_the_path_of_their_numbers() -> None:
    blocks = ["一、甲", "（一）甲", "1．甲", "（1）甲", "2．甲", "（二）甲", "二、甲", "1．甲", "附件1", "一、甲"]
    assert list(anchored("\n\n".join(blocks))) == (
        ["s-1", "s-1-1", "s-1-1-1", "s-1-1-1-1", "s-1-1-2", "s-1-2", "s-2", "s-2-1", "annex-1", "annex-1-k1"]
    )


def test_divisions_are_named_by_the_divisions_that_hold_them() -> None:
    blocks = ["第一编 甲", "第一章 甲", "第一节 甲", "一、甲", "第二章 乙", "第二编 乙", "第一章 丙", "第一章 丁"]
    assert list(anchored("\n\n".join(blocks))) == (
        ["bian-1", "chap-1-1", "sect-1-1-1", "sect-1-1-1-k1", "chap-1-2", "bian-2", "chap-2-1", "chap-2-1-r2"]
    )


def test_typed_list_numbers_continue_the_path() -> None:
    found = anchored("第七条 甲：\n\n1. 甲\n2. 乙\n    1. 丙\n5. 丁")
    assert list(found) == ["art-7", "art-7-k1", "art-7-k2", "art-7-k2-1", "art-7-k5"]


def test_a_list_number_of_five_thousand_digits_is_no_number() -> None:
    assert anchored(f'<ol><li value="{"9" * 5000}">甲</li></ol>') == {}


def test_mixed_digits_are_no_number_and_no_exception() -> None:
    assert read("第1十条 甲") is None


@pytest.mark.parametrize(
    ("written", "value"),
    [("两百", 200), ("一千零一", 1001), ("二〇一八", 2018), ("１２", 12), ("十百千", 1110), ("零", 0)],
)
def test_numerals_of_every_form_are_numbers(written: str, value: int) -> None:
    assert number(written) == value


def test_chapters_and_sections_are_the_outline_and_articles_are_not() -> None:
    found = outline("第一章　总　则", "第一条 甲。", "第二章 监督", "第一节 检查", "第二条 乙：", "（一）丙", "丁。")
    assert found == [
        (2, "chap-1", "第一章 总则"),
        (2, "chap-2", "第二章 监督"),
        (3, "sect-2-1", "第一节 检查"),
    ]


def test_titles_of_a_notice_are_its_outline_and_items_of_a_list_are_not() -> None:
    """A title is short and has a text of its own below it."""
    found = outline(
        "一、总体要求", "（一）指导思想。", "甲。", "（二）原则。", "乙。", "二、任务", "（一）甲；", "（二）乙；"
    )
    assert [(level, text) for level, _, text in found] == [
        (2, "一、总体要求"),
        (3, "（一）指导思想"),
        (3, "（二）原则"),
        (2, "二、任务"),
    ]


def test_articles_are_listed_with_their_first_words_where_nothing_else_has_a_number() -> None:
    found = outline(
        "# 办法", "第一条（目的）为了甲。", "第二条 国家鼓励特定领域的老旧机动车提前报废更新。", "第三条 乙方，丙。"
    )
    assert found == [
        (2, "h-1", "办法"),
        (3, "art-1", "第一条 （目的）"),
        (3, "art-2", "第二条 国家鼓励特定领域的老旧机…"),
        (3, "art-3", "第三条 乙方"),
    ]


def test_a_heading_without_number_stands_beside_numbered_ones_of_the_same_size() -> None:
    found = outline("## 前言", "## 一、甲", "### 说明", "### （一）乙", "## 二、丙")
    assert [level for level, _, _ in found] == [2, 2, 3, 3, 2]


def test_a_title_in_a_paragraph_becomes_a_heading_of_its_level() -> None:
    root = markdown.tree("# 办法\n\n第一章 总则\n\n第一节 甲\n\n第一条 乙。")
    structure.outline(root)
    assert [e.tag for e in root] == ["h2", "h3", "h4", "p"]


def test_an_outline_of_a_thousand_sections_keeps_its_chapters() -> None:
    blocks = [f"第{c}章 甲\n\n" + "\n\n".join(f"第{s}节 乙" for s in range(1, 101)) for c in range(1, 11)]
    assert [text for _, _, text in outline(*blocks)] == [f"第{c}章 甲" for c in range(1, 11)]


def test_an_outline_has_at_most_two_hundred_entries() -> None:
    assert len(outline(*(f"第{n}条 甲。" for n in range(1, 1000)))) == structure.MAX_OUTLINE


def test_units_are_articles_with_all_their_lines_and_numbered_pieces_outside() -> None:
    lines = ["前言", "一、甲", "乙", "（一）丙", "第一章 丁", "第一条 戊：", "（一）己", "庚\t第二条", "第二条 辛"]
    assert [(u.key, u.label, len(u.lines)) for u in structure.units(lines)] == [
        ("", "", 1),
        ("s-1", "一、", 2),
        ("s-1-1", "（一）", 1),
        ("chap-1", "第一章", 1),
        ("art-1", "第一条", 3),
        ("art-2", "第二条", 1),
    ]


STARTS = [
    "第{}条 ",
    "第{}条之二 ",
    "第{}编 ",
    "第{}章 ",
    "第{}节 ",
    "{}、",
    "（{}）",
    "(3)",
    "4. ",
    "５．",
    "附件{}",
    "## ",
    "# 第{}章 ",
]
BLOCKS = st.builds(
    lambda start, value, rest: start.format(value) + rest,
    st.sampled_from([*STARTS, "", "> ", "- ", "2. "]),
    st.sampled_from(["一", "二", "十", "十二", "7", "１"]),
    st.sampled_from(["甲", "总则", "规定的甲", "甲。", "第二款", "*甲*", "甲，乙；"]),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(BLOCKS, max_size=25), BLOCKS)
def test_anchors_are_unique_and_a_block_at_the_end_moves_none(blocks: list[str], last: str) -> None:
    before = anchored("\n\n".join(blocks))
    root = markdown.tree("\n\n".join([*blocks, "结尾。", last]))
    structure.outline(root)
    ids = [e.get("id") for e in root.iter() if e.get("id")]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch("[a-z0-9-]+", name) for name in ids)
    assert ids[: len(before)] == list(before)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.one_of(BLOCKS, st.text(alphabet="第一十条章、（）.1\t 甲", min_size=1)), max_size=30))
def test_units_lose_no_line_and_have_keys_of_their_own(lines: list[str]) -> None:
    found = structure.units(lines)
    assert [line for unit in found for line in unit.lines] == lines
    keys = [unit.key for unit in found if unit.key]
    assert len(set(keys)) == len(keys)
    assert all(unit.label in unit.lines[0] for unit in found)


def test_every_article_of_three_hundred_laws_is_anchored_in_order_and_its_unit_has_the_same_name(shared: Path) -> None:
    with_articles = 0
    for source in sorted((shared / "corpus/laws").rglob("law-*.md")):
        root = markdown.tree(source.read_text().split("\n---\n", 1)[1])
        structure.outline(root)
        written = [e.get("id") or "" for e in root.iter("p", "h2", "h3", "h4") if ARTICLE.match(e.text_content())]
        assert all(re.fullmatch(r"art-\d+(-z\d+|-\d+)?", name) for name in written), source
        numbers = [int(name.split("-")[1]) for name in written if name.count("-") == 1]
        assert numbers == sorted(numbers), source
        assert {u.key for u in structure.units(text.lines(root))} - {""} <= {e.get("id") for e in root.iter()}, source
        with_articles += bool(written)
    assert with_articles == 287
