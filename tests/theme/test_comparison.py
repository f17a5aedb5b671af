"""The page that shows two texts side by side, drawn with what formats/compare.py makes."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html
from markupsafe import Markup

from plugins.formats import compare, structure
from plugins.formats.differ import Differ
from plugins.formats.page import environment
from tests.conftest import ROOT
from tests.theme.views import full

FEES = "第一条 收费标准由县人民政府制定并公布。"
FILES = "第二条 档案馆应当妥善保管移交的文件材料。"
HEARINGS = "第三条 听证会应当提前七日公告时间和地点。"
APPEALS = "第四条 对处理决定不服的，可以依法申请复核。"
COLUMNS = "第五条 收费项目如下：\n项目\t标准\n复印\t每页五角"
EARLIER = ["根据省的办法，结合本县实际，制定本办法。", FEES, FILES, HEARINGS, APPEALS, COLUMNS]
LATER = [
    "根据省的条例，结合本县实际，制定本办法。",
    FEES,
    HEARINGS.replace("第三条", "第二条"),
    "第三条 电子公报与纸质公报具有同等效力。",
    APPEALS.replace("申请复核", "申请行政复议"),
    COLUMNS,
]
"""The preamble and 第四条 are changed, 第二条 is removed, 第三条 is 第二条 now, and a new one stands in its place."""


def data(earlier: Sequence[str], later: Sequence[str], titles: tuple[str, str] = ("甲", "甲")) -> Any:
    """What the page gets, as JSON gives it back."""
    sides = [structure.units("\n".join(lines).split("\n")) for lines in (earlier, later)]
    rows, counts = compare.compare(*sides)
    made = {"labels": ["旧文本", "新文本"], "titles": Differ().segments(*titles), "counts": counts}
    return json.loads(json.dumps(made | {"rows": [row._asdict() for row in rows]}))


def draw(*texts: Any) -> Any:
    """The page as a tree."""
    template = environment(ROOT / "theme").get_template("compare.html")
    return html.fromstring(template.render(page=full("compare"), body=Markup(""), data=data(*texts)))


def written(wording: Any) -> str:
    """The text of one side, without the words for those who listen."""
    for hidden in wording.xpath(".//span[@class='hidden']"):
        hidden.drop_tree()
    return str(wording.text_content())


def texts_of(page: Any) -> list[str]:
    """The two texts as the page shows them."""
    sides: tuple[list[str], list[str]] = ([], [])
    for row in page.xpath("//div[@class='compare']/*[self::section or self::details]"):
        for place, side in enumerate(row.xpath("./div[@class='pair']/div")):
            sides[place].extend(written(w) for w in side.xpath("./p[@class='wording']"))
        for text in map(written, row.xpath("./p[@class='wording']")):
            sides[0].append(text)
            sides[1].append(text)
    return ["\n".join(side) for side in sides]


def test_both_texts_can_be_read_off_the_page() -> None:
    assert texts_of(draw(EARLIER, LATER)) == ["\n".join(EARLIER), "\n".join(LATER)]


NUMBERED = st.lists(st.sampled_from([FEES, FILES, HEARINGS, APPEALS, COLUMNS]), max_size=6).map(
    lambda found: [f"第{n}条{article[3:]}" for n, article in zip("一二三四五六", found, strict=False)]
)


@given(NUMBERED, NUMBERED)
@settings(max_examples=100, deadline=None)
def test_whatever_moved_nothing_is_lost_and_no_anchor_stands_twice(earlier: list[str], later: list[str]) -> None:
    page = draw(earlier, later)
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))
    assert texts_of(page) == ["\n".join(earlier), "\n".join(later)]


def test_what_changed_is_heard_as_well_as_seen() -> None:
    page = draw(EARLIER, LATER)
    for tag, word in (("del", "删去"), ("ins", "新增")):
        assert page.xpath(f"//{tag}")
        for changed in page.xpath(f"//{tag}"):
            assert changed.text_content().startswith(f"（{word}开始）")
            assert changed.text_content().endswith(f"（{word}结束）")


def test_each_side_says_which_text_it_is() -> None:
    for pair in draw(EARLIER, LATER).xpath("//*[self::section or self::details]/div[@class='pair']"):
        assert pair.xpath("./div/p[@class='side']/text()") == ["旧文本", "新文本"]


def test_what_did_not_change_and_what_is_only_renumbered_is_folded() -> None:
    page = draw(EARLIER, LATER)
    folded = [" ".join(s.text_content().split()) for s in page.xpath("//main//details[not(@open)]/summary")]
    assert folded == ["第一条 未改动", "第二条（原第三条） 只调整序号", "第五条 未改动"]
    assert [" ".join(h.text_content().split()) for h in page.xpath("//section/h2")] == [
        "正文 修改",
        "第二条 删去",
        "第三条 新增",
        "第四条 修改",
    ]


def test_the_sentence_counts_what_changed() -> None:
    sentence = draw(EARLIER, LATER).xpath("string(//main/p[@class='lead'])")
    assert sentence == "与旧文本相比，新文本修改 2 处，新增 1 处，删去 1 处，只调整序号 1 处，未改动 2 处。"


def test_equal_texts_have_no_difference_and_nothing_to_jump_to() -> None:
    page = draw(EARLIER, EARLIER)
    assert page.xpath("string(//main/p[@class='lead'])") == "旧文本和新文本的正文没有差别。"
    assert not page.xpath("//nav[@aria-label='改动之处'] | //main//h2 | //del | //ins")


def test_every_jump_arrives() -> None:
    """第二条 was removed, and another one is 第二条 now."""
    page = draw(EARLIER, LATER)
    jumps = page.xpath("//nav[@aria-label='改动之处']//a/@href")
    assert jumps == ["#was-art-2", "#art-3", "#art-4"]
    assert {jump[1:] for jump in jumps} <= set(page.xpath("//@id"))


def test_what_moved_says_from_where_and_to_where() -> None:
    articles = [FEES, FILES, HEARINGS, APPEALS]
    moved = [FEES, HEARINGS, APPEALS, FILES]
    numbered = [a.replace(a[:3], f"第{n}条") for a, n in zip(moved, "一二三四", strict=True)]
    page = draw(articles, numbered)
    text = " ".join(page.xpath("//div[@class='compare']")[0].text_content().split())
    for part in ("第二条（移至第四条） 移动", "移至第四条", "第四条（原第二条） 移动", "原在第二条"):
        assert part in text


def test_titles_that_differ_are_compared_first() -> None:
    page = draw(EARLIER, LATER, ("试验办法（征求意见稿）", "试验办法"))
    assert page.xpath("string(//main//h2[1])").split() == ["标题", "修改"]
    assert "（征求意见稿）" in page.xpath("string(//main//section[1]//del)")
