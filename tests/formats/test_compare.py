"""Two texts side by side: what belongs together, what changed within, and that nothing is lost or takes long."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from plugins.formats import compare, markdown, structure, text
from plugins.formats.compare import Row
from plugins.formats.differ import Differ
from plugins.formats.renderers import renderers

FEES = "第一条 收费标准由县人民政府制定并公布。"
FILES = "第二条 档案馆应当妥善保管移交的文件材料。"
HEARINGS = "第三条 听证会应当提前七日公告时间和地点。"
APPEALS = "第四条 对处理决定不服的，可以依法申请复核。"
RULES = [FEES, FILES, HEARINGS, APPEALS]


def compared(earlier: Sequence[str], later: Sequence[str]) -> tuple[list[Row], dict[str, int]]:
    return compare.compare(structure.units(earlier), structure.units(later))


def states(earlier: Sequence[str], later: Sequence[str]) -> list[tuple[str, str, str]]:
    return [(row.state, row.was, row.now) for row in compared(earlier, later)[0]]


def sides(rows: Sequence[Row]) -> tuple[str, str]:
    """The two canonical bodies that the rows give back."""
    earlier = ["".join(t for op, t in row.earlier if op in "=-") for row in rows if row.earlier]
    shown = [row.earlier if row.state == "same" else row.later for row in rows]
    return "\n".join(earlier), "\n".join("".join(t for op, t in side if op in "=+") for side in shown if side)


def renumbered(articles: Sequence[str]) -> list[str]:
    return [re.sub("^第.+?条", f"第{han(n)}条", article) for n, article in enumerate(articles, 1)]


def han(value: int) -> str:
    """1 to 99 as they are written in numbers of articles."""
    tens, ones = ("", *"一二三四五六七八九")[value // 10], ("", *"一二三四五六七八九")[value % 10]
    return f"{'' if tens == '一' else tens}{'十' if tens else ''}{ones}"


def test_equal_texts_are_one_row_whose_text_stands_once() -> None:
    rows, counts = compared(RULES, RULES)
    assert [(r.state, r.label, r.later) for r in rows] == [("same", "第一条至第四条", [])]
    assert counts == {"same": 4, "renumbered": 0, "changed": 0, "moved": 0, "added": 0, "removed": 0}


def test_an_inserted_article_renumbers_the_later_ones_and_changes_none() -> None:
    later = renumbered([FEES, "第二条 电子公报与纸质公报具有同等效力。", FILES, HEARINGS, APPEALS])
    assert states(RULES, later) == [
        ("same", "第一条", "第一条"),
        ("added", "", "第二条"),
        ("renumbered", "第二条", "第三条"),
        ("renumbered", "第三条", "第四条"),
        ("renumbered", "第四条", "第五条"),
    ]


def test_the_number_of_a_renumbered_article_is_replaced_as_a_whole() -> None:
    row = compared([FILES], ["第十二条 档案馆应当妥善保管移交的文件材料。"])[0][0]
    assert row.earlier == [("-", "第二条"), ("=", " 档案馆应当妥善保管移交的文件材料。")]
    assert row.later == [("+", "第十二条"), ("=", " 档案馆应当妥善保管移交的文件材料。")]


def test_a_deleted_article_is_removed_and_the_later_ones_are_renumbered() -> None:
    assert states(RULES, renumbered([FEES, HEARINGS, APPEALS])) == [
        ("same", "第一条", "第一条"),
        ("removed", "第二条", ""),
        ("renumbered", "第三条", "第二条"),
        ("renumbered", "第四条", "第三条"),
    ]


def test_a_moved_article_stands_where_it_was_and_where_it_is() -> None:
    rows, counts = compared(RULES, renumbered([FILES, HEARINGS, APPEALS, FEES]))
    assert counts["moved"] == 1
    moved = [(r.was, r.now, bool(r.earlier), bool(r.later)) for r in rows if r.state == "moved"]
    assert moved == [("第一条", "第四条", True, False), ("第一条", "第四条", False, True)]


def test_an_inserted_article_and_a_change_in_the_one_after_it_are_told_apart() -> None:
    later = renumbered(
        [FEES, "第二条 电子公报与纸质公报具有同等效力。", FILES.replace("妥善", "永久"), HEARINGS, APPEALS]
    )
    assert states(RULES, later)[1:3] == [("added", "", "第二条"), ("changed", "第二条", "第三条")]


def test_a_changed_word_is_struck_out_and_its_successor_underlined() -> None:
    row = compared(RULES, [FEES, FILES, HEARINGS.replace("七日", "十日"), APPEALS])[0][1]
    assert row.state == "changed"
    assert row.earlier == [("=", "第三条 听证会应当提前"), ("-", "七"), ("=", "日公告时间和地点。")]
    assert row.later == [("=", "第三条 听证会应当提前"), ("+", "十"), ("=", "日公告时间和地点。")]


def test_an_article_that_was_rewritten_stands_beside_its_successor_as_a_whole() -> None:
    row = compared(RULES, [FEES, "第二条 任何人不得拒绝监督检查。", HEARINGS, APPEALS])[0][1]
    assert (row.state, [op for op, _ in row.earlier]) == ("changed", ["=", "-", "="])


def test_a_changed_cell_of_a_table_is_the_only_change() -> None:
    lines = ["附件1", "序号\t名称\t标准", "1\t证照\t5.5元", "2\t公告\t20元"]
    row = compared(lines, [line.replace("5.5", "15.5") for line in lines])[0][0]
    assert [s for s in row.earlier + row.later if s[0] != "="] == [("-", "5.5"), ("+", "15.5")]


def test_a_list_with_a_new_item_is_renumbered_not_changed() -> None:
    lines = ["1. 公开收费标准", "2. 保管移交材料", "3. 举行听证会"]
    later = ["1. 公开收费标准", "2. 发布电子公报", "3. 保管移交材料", "4. 举行听证会"]
    assert [state for state, _, _ in states(lines, later)] == ["same", "added", "renumbered", "renumbered"]


def test_paragraphs_without_numbers_are_aligned_too() -> None:
    assert [s for s, _, _ in states(["甲方案如下。", "乙如下。"], ["甲方案如下。", "新增一段。", "乙如下。"])] == (
        ["same", "added", "same"]
    )


@pytest.mark.parametrize(
    ("earlier", "later", "gone", "come"),
    [
        ("自2018年起三十日内", "自2019年起十五日内", ["2018", "三十"], ["2019", "十五"]),
        ("罚款5万元", "罚款50万元", ["5"], ["50"]),
        ("向县人民政府申请", "向县人民政府书面申请", [], ["书面"]),
    ],
)
def test_numbers_and_words_change_as_a_whole(earlier: str, later: str, gone: list[str], come: list[str]) -> None:
    one, two = Differ().segments(earlier, later)
    assert ([t for op, t in one if op == "-"], [t for op, t in two if op == "+"]) == (gone, come)


def test_a_long_article_is_compared_by_sentence_and_within_the_changed_one_by_character() -> None:
    sentences = [f"{chr(0x4E00 + n) * 3}事项由主管部门在{n}日内办理完毕。" for n in range(400)]
    earlier, later = "".join(sentences), "".join([*sentences[1:300], "新增一句。", *sentences[301:]])
    one, _ = Differ(0).segments(earlier, later)
    assert [t for op, t in one if op == "-"] == [sentences[0], sentences[300][:-1]]
    one, _ = Differ().segments("首" + earlier + "尾", "头" + earlier.replace("在7日", "在9日") + "末")
    assert [t for op, t in one if op == "-"] == ["首", "7", "尾"]


class Loader:
    """Gives bodies by their id."""

    def body(self, reference: dict[str, str]) -> str:
        return {
            "a": "第一条 甲。\n\n| 甲 | 1 |\n|---|---|\n| 乙 | 2 |",
            "b": "第一条 甲。\n\n| 甲 | 1 |\n|---|---|\n| 乙 | 3 |",
        }[reference["id"]]


def test_the_renderer_gives_a_template_all_it_needs(tmp_path: Path) -> None:
    view = {
        "earlier": {"title": "旧办法", "body": {"id": "a"}},
        "later": {"title": "新办法", "body": {"id": "b"}},
        "labels": ["2024年文本", "现行文本"],
    }
    made = json.loads(renderers(tmp_path, tmp_path)["compare"](view, Loader()))
    assert made["labels"] == ["2024年文本", "现行文本"]
    assert made["titles"] == [[["-", "旧"], ["=", "办法"]], [["+", "新"], ["=", "办法"]]]
    assert made["counts"]["changed"] == 1
    assert made["rows"] == [
        {
            "key": "art-1",
            "label": "第一条",
            "was": "第一条",
            "now": "第一条",
            "state": "changed",
            "earlier": [["=", "第一条 甲。\n甲\t1\n乙\t"], ["-", "2"]],
            "later": [["=", "第一条 甲。\n甲\t1\n乙\t"], ["+", "3"]],
        }
    ]


LINES = st.one_of(
    st.sampled_from(
        [*RULES, "第二章 监督", "一、总体要求", "（一）甲", "甲", "甲", "1. 乙", "第一条 甲", "附件1", "甲\t乙"]
    ),
    st.text(alphabet="第一二条章、（）.1a甲乙。，\t ", min_size=1, max_size=30),
)


@settings(max_examples=200, deadline=None)
@given(st.lists(LINES, max_size=20), st.lists(LINES, max_size=20), st.booleans())
def test_the_rows_give_both_texts_back(earlier: list[str], later: list[str], related: bool) -> None:
    if related:
        later = [*earlier[3:9], *later[:3], *earlier[:3], *earlier[11:]]
    rows, counts = compared(earlier, later)
    assert sides(rows) == ("\n".join(earlier), "\n".join(later))
    both = counts["same"] + counts["renumbered"] + counts["changed"] + counts["moved"]
    assert both + counts["removed"] == len(structure.units(earlier))
    assert both + counts["added"] == len(structure.units(later))


@settings(max_examples=200, deadline=None)
@given(st.text("甲乙ab1。，\n", max_size=80), st.text("甲乙ab1。，\n", max_size=80), st.sampled_from([0, 300, 10**6]))
@example("\n\n", "\n1\n", 0)
def test_segments_give_both_texts_back_whatever_the_budget(earlier: str, later: str, steps: int) -> None:
    one, two = Differ(steps).segments(earlier, later)
    assert ("".join(t for _, t in one), "".join(t for _, t in two)) == (earlier, later)
    # What stayed is one text: an insertion cuts it into pieces on the later side only.
    assert "".join(t for op, t in one if op == "=") == "".join(t for op, t in two if op == "=")
    for side, allowed in ((one, set("=-")), (two, set("=+"))):
        assert {op for op, _ in side} <= allowed
        assert all(here[0] != following[0] for here, following in pairwise(side))


INTERLEAVED = [
    ["".join(f"{chr(0x4E00 + n)}{chr(base + n)}" for n in range(1900)) for _ in range(80)] for base in (0x9000, 0xAC00)
]
HOSTILE = {
    "one repeated character": (["a" * 1_000_000], ["b" + "a" * 999_000 + "c"]),
    "one repeated sentence": (["啊。" * 160_000], ["哦。" + "啊。" * 159_000 + "呃。"]),
    "one repeated line": (["甲"] * 160_000, ["乙", *["甲"] * 159_000, "丙"]),
    "one repeated number": (["一、"] * 160_000, ["二、", *["一、"] * 159_000]),
    "two letters": (
        [f"第{n}条 {n * 7919:0700b}" for n in range(1, 1400)],
        [f"第{n}条 {n * 104729:0700b}" for n in range(1, 1400)],
    ),
    "every second character foreign": tuple([f"第{n}条 {t}" for n, t in enumerate(side, 1)] for side in INTERLEAVED),
}


@pytest.mark.parametrize("attack", HOSTILE)
def test_two_texts_of_a_megabyte_are_compared_in_ten_seconds(attack: str) -> None:
    earlier, later = HOSTILE[attack]
    start = time.process_time()
    rows, _ = compared(earlier, later)
    assert time.process_time() - start < 10
    assert sides(rows) == ("\n".join(earlier), "\n".join(later))


def test_a_real_law_with_five_edits_shows_five_edits(shared: Path) -> None:
    """One article deleted, one added, one moved to the end, a word and an item changed, all later ones renumbered."""
    source = next((shared / "corpus/laws").rglob("law-375e75374b.md")).read_text().split("\n---\n", 1)[1]
    units = structure.units(text.lines(markdown.tree(source)))
    articles = ["\n".join(u.lines) for u in units]
    articles[4] = articles[4].replace("资质认定制度", "备案管理制度")
    articles[5] += "\n（四）法律、法规规定的其他条件。"
    articles.insert(8, "第九条 县自然资源部门应当为报废机动车回收企业用地提供便利。")
    articles.append(articles.pop(20))
    del articles[2]
    later = "\n".join(renumbered(articles)).split("\n")
    rows, counts = compare.compare(units, structure.units(later))
    assert counts == {"same": 13, "renumbered": 11, "changed": 2, "moved": 1, "added": 1, "removed": 1}
    assert [r.now for r in rows if r.state in {"changed", "added"}] == ["第四条", "第五条", "第八条"]
