"""Documents around a document as a drawing: the same from the same, inside its frame, no title outside its box."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any

import pytest

from plugins.formats.graph import MOST, layout, rows

LONG = "示例县人民政府办公室关于进一步加强和规范全县城乡居民基本养老保险待遇领取资格认证工作的通知"


def group(verb: str, inward: bool, *titles: str) -> dict[str, Any]:
    """Relations with one verb."""
    return {"verb": verb, "inward": inward, "items": [{"title": t, "url": f"/{n}/"} for n, t in enumerate(titles)]}


def test_one_relation_needs_no_drawing() -> None:
    assert layout("办法", [group("依据", False, "甲")])["boxes"] == []
    assert layout("办法", [group("", True, "甲", "乙", "丙")])["boxes"] == []
    assert layout("办法", [])["boxes"] == []


def test_what_it_rests_on_stands_above_it_and_what_rests_on_it_below() -> None:
    drawn = layout("办法", [group("落实", True, "丙", "丁"), group("依据", False, "甲"), group("修改", False, "乙")])
    boxes = sorted(drawn["boxes"], key=lambda box: box["y"])
    assert [box["lines"][0]["text"] for box in boxes] == ["甲", "乙", "办法", "丙", "丁"]
    assert [box["own"] for box in boxes] == [False, False, True, False, False]
    assert [verb["text"] for verb in sorted(drawn["verbs"], key=lambda v: v["y"])] == ["依据", "修改", "落实", "落实"]


def test_an_arrow_ends_at_the_document_that_it_is_done_to() -> None:
    drawn = layout("办法", [group("依据", False, "甲"), group("落实", True, "乙")])
    above, own, below = sorted(drawn["boxes"], key=lambda box: box["y"])
    with_heads = [path for path in drawn["paths"] if path.count("l") == 2]
    ends = [re.findall(r"[HV](\d+)m", path)[0] for path in with_heads]
    assert ends == [str(above["x"] - 2), str(own["y"] + own["height"] + 2)]
    assert f"M{below['x']} {below['y'] + below['height'] // 2}H" in drawn["paths"][-2]


@pytest.mark.parametrize("count", [2, MOST, MOST + 5])
@pytest.mark.parametrize("title", ["甲", LONG, "A" * 200, "》" * 60, "", " \n\t "])
def test_nothing_overlaps_or_leaves_the_drawing(title: str, count: int) -> None:
    drawn = layout(title, [group("依据", False, *[title] * count), group("落实", True, *[title] * count)])
    boxes = sorted(drawn["boxes"], key=lambda box: box["y"])
    assert len(boxes) == 1 + 2 * min(count, MOST)
    for box, following in pairwise(boxes):
        assert box["y"] + box["height"] < following["y"]
    for box in boxes:
        assert 0 < box["x"] < box["x"] + box["width"] < drawn["width"]
        for line in box["lines"]:
            assert box["y"] < line["y"] < box["y"] + box["height"]
            assert sum(0.6 if c.isascii() else 1 for c in line["text"]) * 15 <= box["width"] - 14
    assert boxes[-1]["y"] + boxes[-1]["height"] < drawn["height"]
    assert [rest["text"] for rest in drawn["rests"]] == [f"另有 {count - MOST} 件，见下面的列表"] * 2 * (count > MOST)


def test_a_title_is_cut_only_where_two_lines_do_not_hold_it() -> None:
    assert rows("关于加强基本养老服务的意见", 17) == ["关于加强基本养老服务的意见"]
    assert rows("示例县人民政府办公室关于进一步加强养老服务工作的通知", 17) == [
        "示例县人民政府办公室关于进一步加强",
        "养老服务工作的通知",
    ]
    cut = rows(LONG, 17)
    assert len(cut) == 2
    assert cut[1].endswith("…")
    assert LONG.startswith("".join(cut)[:-1])


def test_what_was_issued_stands_for_the_notice_that_issues_it() -> None:
    assert rows("示例县人民政府关于印发《示例县城市绿地管理办法》的通知", 17) == ["示例县城市绿地管理办法"]


@pytest.mark.parametrize(
    "title", ["关于印发《甲办法》和《乙办法》的通知", "关于公布《甲》废止《乙》的决定", "关于转发《甲办法》的通知"]
)
def test_what_brings_out_two_or_forwards_one_has_its_own_name(title: str) -> None:
    assert "".join(rows(title, 17)) == title


def test_no_line_begins_with_a_closing_mark() -> None:
    assert rows("关于公布第三批行政规范性文件清理结果》的通知", 18)[1] == "果》的通知"
