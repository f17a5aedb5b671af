"""The line of time on a document's page: what happened, what holds now, what is still ahead."""

from __future__ import annotations

import pytest
from lxml import html

from tests.small import Small, header

ASKED = {
    "issuer": "fgj",
    "opens": "2026-09-01 09:00",
    "closes": "2026-10-08 17:30",
    "published": "2026-09-01 09:00",
    "signed": None,
    "interpretation_exempt": None,
    "explanation": "为了试验",
    "channels": "[信函]",
    "secrecy_review": "{id: BM-9001, by: 保密审查岗, date: 2026-08-31, result: 通过}",
    "sign_off": "{by: 签发岗, date: 2026-08-31}",
}


def steps(small: Small, path: str, moment: str) -> list[tuple[str, str]]:
    """(state, words) of the page's line of time at `moment`, white space removed."""
    assert small.codes() == []
    assert small.build(as_of=moment) == 0
    tree = html.parse(str(small.output / path / "index.html"))
    found = tree.xpath("//ol[@class='timeline']/li")
    return [(li.get("class"), "".join(li.text_content().split())) for li in found]


def lived(small: Small) -> Small:
    """A policy that is amended, and repealed at the end of 2026."""
    small.policy("b", signed="2026-03-02", effective="2026-04-01", expires="2030-12-31", number="试政发〔2026〕2号")
    again = {"signed": "2026-05-11", "published": "2026-05-12 09:00", "sign_off": "{by: 签发岗, date: 2026-05-11}"}
    small.policy("c", title="修改决定", amends="[policies/2026/b]", effective="2026-06-01", **again)
    last = {"signed": "2026-11-02", "published": "2026-11-03 09:00", "sign_off": "{by: 签发岗, date: 2026-11-02}"}
    small.policy("d", title="废止决定", repeals="[policies/2026/b]", effective="2027-01-01", **last)
    return small


def test_a_policys_life_is_told_in_order_with_what_holds_now(small: Small) -> None:
    assert steps(lived(small), "policies/2026/b", "2026-11-24 12:00") == [
        ("past", "2026-03-02成文"),
        ("past", "2026-03-0309:00发布"),
        ("past", "2026-04-01施行"),
        ("past", "2026-06-01部分内容被修改修改决定"),
        ("now", "目前：已修改自2026年6月1日起"),
        ("ahead", "2027-01-01废止预定废止决定"),
    ]


def test_what_a_repeal_made_void_is_not_ahead(small: Small) -> None:
    """The last day that the text itself names lies behind its repeal."""
    found = steps(lived(small), "policies/2026/b", "2027-01-01 00:00")
    assert found[-2:] == [("past", "2027-01-01废止废止决定"), ("now", "目前：已废止自2027年1月1日起")]
    assert not [words for _, words in found if "届满" in words]


@pytest.mark.parametrize(
    ("moment", "state"),
    [("2026-05-31 23:59", "ahead"), ("2026-06-01 00:00", "past")],
)
def test_the_last_day_is_over_when_it_is_over(small: Small, moment: str, state: str) -> None:
    small.policy("b", signed="2026-03-02", effective="2026-04-01", expires="2026-05-31")
    assert (state, "2026-05-31有效期届满" + ("预定" if state == "ahead" else "")) in steps(
        small, "policies/2026/b", moment
    )


@pytest.mark.parametrize(
    ("moment", "state"),
    [("2026-10-08 17:29", "ahead"), ("2026-10-08 17:30", "past")],
)
def test_a_consultation_closes_at_its_minute_also_in_a_second_build(small: Small, moment: str, state: str) -> None:
    small.write("consultations/2026/q.md", f"---\n{header(**ASKED)}---\n第一条 草案。\n")
    steps(small, "consultations/2026/q", "2026-09-20 12:00")
    found = steps(small, "consultations/2026/q", moment)
    assert [s for s, words in found if words.startswith("2026-10-0817:30征求意见截止")] == [state]


def test_what_is_not_public_has_no_step(small: Small) -> None:
    """An amendment that is published tomorrow."""
    small.policy("b", signed="2026-03-02", effective="2026-04-01")
    again = {"signed": "2026-11-23", "sign_off": "{by: 签发岗, date: 2026-11-23}", "effective": "2026-12-01"}
    small.policy("c", title="修改决定", amends="[policies/2026/b]", published="2026-11-25 09:00", **again)
    assert not [words for _, words in steps(small, "policies/2026/b", "2026-11-24 12:00") if "修改" in words]
    assert [words for _, words in steps(small, "policies/2026/b", "2026-11-25 09:00") if "修改" in words]


def test_a_text_of_which_little_is_to_tell_has_no_line(small: Small) -> None:
    assert steps(small, "policies/2026/a", "2026-11-24 12:00") == []


def test_a_document_is_named_once_in_a_line(small: Small) -> None:
    """A consultation that led to a policy: opened, closed."""
    small.policy("b", signed="2026-10-20", published="2026-10-21 09:00", sign_off="{by: 签发岗, date: 2026-10-20}")
    asked = ASKED | {"leads_to": "[policies/2026/b]", "title": "征求意见的公告"}
    small.write("consultations/2026/q.md", f"---\n{header(**asked)}---\n第一条 草案。\n")
    words = [w for _, w in steps(small, "policies/2026/b", "2026-11-24 12:00")]
    assert words[:2] == ["2026-09-0109:00开始征求意见征求意见的公告", "2026-10-0817:30征求意见截止"]
