"""What the site says of a consultation over its life, and of working days: answers, never a clock (county rules)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plugins.build.builder import site_of
from plugins.build.content import Content, read_content
from plugins.build.settings import SHIPPED_CALENDAR
from plugins.build.sources import Sources
from plugins.build.store import Store
from plugins.models.record import Record
from plugins.models.scalars import CST
from plugins.models.scalars import show_moment as show
from plugins.readers.calendar import read_calendar
from plugins.rules.check import check
from plugins.rules.context import Context
from plugins.rules.decisions import outcome_is_published
from plugins.rules.register import Register
from plugins.rules.validity import Validity, state, turning_days
from plugins.rules.workdays import Calendar
from plugins.views.around import timing
from tests.small import NOW, Small

CALENDAR = Calendar.of(read_calendar([SHIPPED_CALENDAR])[0])
PROPERTY = settings(max_examples=200, deadline=None)
PUBLISHED = {"published": "2026-04-20 09:00", "summary": "共收到意见 3 条"}


def consultation(**fields: Any) -> Record:
    """Open from 2026-03-03 09:00 to 2026-04-03 17:30, a Friday before the three days of Qingming."""
    span = {"opens": "2026-03-03 09:00", "closes": "2026-04-03 17:30", "published": "2026-03-02 09:00"}
    return Record("consultations/zq", "consultations", {"title": "征求意见"} | span | fields, {}, "hash", ())


def said(record: Record, now: str) -> Validity:
    return state(record, now, CALENDAR)


# --- the life of a consultation --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("now", "label", "words"),
    [
        ("2026-03-02 09:00", "尚未开始", "自2026年3月3日 9:00起"),
        ("2026-03-03 08:59", "尚未开始", "自2026年3月3日 9:00起"),
        ("2026-03-03 09:00", "正在征求意见", "从2026年3月3日算起还有 31 天"),
        ("2026-04-02 23:59", "正在征求意见", "从2026年4月2日算起还有 1 天"),
        ("2026-04-03 00:00", "正在征求意见", "征求意见至2026年4月3日 17:30。"),
        ("2026-04-03 17:29", "正在征求意见", "征求意见至2026年4月3日 17:30。"),
        ("2026-04-03 17:30", "已截止", "将在这里公布"),
        ("2026-05-07 23:59", "已截止", "将在这里公布"),
        ("2026-05-08 00:00", "采纳情况逾期", "逾期未公布"),
        ("2027-01-01 00:00", "采纳情况逾期", "逾期未公布"),
    ],
)
def test_a_consultation_says_where_it_stands(now: str, label: str, words: str) -> None:
    """Twenty working days after 2026-04-03 end on 2026-05-07, by hand: Qingming and Labour Day lie between."""
    answer = said(consultation(), now)
    assert answer.label == label
    assert words in answer.sentence


@pytest.mark.parametrize(
    ("now", "label"),
    [
        ("2026-04-03 17:29", "正在征求意见"),
        ("2026-04-20 08:59", "已截止"),
        ("2026-04-20 09:00", "已公布采纳情况"),
        ("2027-01-01 00:00", "已公布采纳情况"),
    ],
)
def test_an_outcome_is_told_of_from_its_moment_on(now: str, label: str) -> None:
    """Published on 2026-04-20 09:00."""
    assert said(consultation(outcome=PUBLISHED), now).label == label


def test_an_outcome_that_comes_late_ends_the_delay() -> None:
    """Due on 2026-05-07, published on 2026-06-01."""
    late = consultation(outcome=PUBLISHED | {"published": "2026-06-01 09:00"})
    assert said(late, "2026-06-01 08:59").label == "采纳情况逾期"
    assert said(late, "2026-06-01 09:00").label == "已公布采纳情况"


@pytest.mark.parametrize("kind", ["hearings", "meetings", "press", "interviews"])
def test_what_will_be_held_says_so_until_it_is_held(kind: str) -> None:
    record = Record(f"{kind}/x", kind, {"title": "x", "held": "2026-05-12 09:00"}, {}, "hash", ())
    assert said(record, "2026-05-12 08:59").label == "即将举行"
    assert said(record, "2026-05-12 09:00") == Validity("", "", "none")


START = datetime(2026, 1, 1, tzinfo=CST)
MOMENT = st.integers(0, 400 * 24 * 60).map(lambda minutes: show(START + timedelta(minutes=minutes)))


@st.composite
def consultations(draw: st.DrawFn) -> Record:
    """Open and closed in that order, with an outcome after the end or none."""
    opens, closes, published = sorted(draw(st.tuples(MOMENT, MOMENT, MOMENT)))
    outcome = PUBLISHED | {"published": published}
    return consultation(opens=opens, closes=closes, **({"outcome": outcome} if draw(st.booleans()) else {}))


@PROPERTY
@given(consultations(), MOMENT)
def test_a_consultation_is_always_in_exactly_one_state(record: Record, now: str) -> None:
    """Each state as a sentence about the header, and exactly one is true."""
    opens, closes, outcome = record.text("opens"), record.text("closes"), record.fields.get("outcome")
    told = bool(outcome and outcome["published"] <= now)
    delayed = closes <= now and not told and CALENDAR.span(closes[:10], now[:10]).days > 20
    states = {
        "尚未开始": now < opens,
        "正在征求意见": opens <= now < closes,
        "已公布采纳情况": told and closes <= now,
        "采纳情况逾期": delayed,
        "已截止": closes <= now and not told and not delayed,
    }
    assert [label for label, holds in states.items() if holds] == [said(record, now).label]


@PROPERTY
@given(consultations().filter(lambda r: "outcome" not in r.fields and r.text("opens") < r.text("closes")), MOMENT)
def test_the_page_says_overdue_when_the_check_does(record: Record, now: str) -> None:
    """D407, which is a warning whatever the clock says."""
    found = list(outcome_is_published(record, Context.of(Register(None, {}, {}, [record]), CALENDAR, now)))
    assert [f.code for f in found] == (["D407"] if said(record, now).label == "采纳情况逾期" else [])
    assert {f.severity for f in found} <= {"warning"}


@PROPERTY
@given(consultations(), st.lists(MOMENT, min_size=2, max_size=2).map(sorted))
def test_what_a_consultation_says_turns_at_turning_moments_only(record: Record, moments: list[str]) -> None:
    """Between them the last build stands as it is."""
    before, after = moments
    if not any(before < turn <= after for turn in turning_days(record)):
        assert said(record, before) == said(record, after)


def test_an_old_release_does_not_hide_that_an_outcome_is_overdue(small: Small) -> None:
    """Built on the last day of the term, and again on the next: as if it were the first build."""
    fields = {"title": "征求意见", "issuer": "fgj", "published": "2026-03-02 09:00", "disclosure": "主动公开"}
    fields |= {"opens": "2026-03-03 09:00", "closes": "2026-04-03 17:30", "based_on": "[policies/2026/a]"}
    fields |= {"secrecy_review": "{id: BM-z, by: 岗, date: 2026-03-01, result: 通过}"}
    fields |= {"sign_off": "{by: 岗, date: 2026-03-01}"}
    header = "".join(f"{key}: {value}\n" for key, value in fields.items())
    small.write("consultations/zq.md", f"---\n{header}---\n第一条 草案。\n")
    pages = []
    for moment in ("2026-05-07 12:00", "2026-05-08 12:00"):
        assert small.build(as_of=moment) == 0
        pages.append((small.output / "consultations/zq/index.html").read_text())
    assert "逾期" not in pages[0]
    assert "逾期" in pages[1]


# --- working days --------------------------------------------------------------------------------------------------


def read(small: Small, now: str) -> Content:
    """What stands in the folders, checked at `now`."""
    settings = small.settings(as_of=now)
    store = Store(settings.cache)
    try:
        return read_content(settings, Sources(settings, store, now))
    finally:
        store.close()


def badge(small: Small, identifier: str, now: str) -> list[tuple[str, str]]:
    """What the page of `identifier` says of the time that it took."""
    site = site_of(read(small, now))
    return timing(site, site.documents[identifier])


def interpreted(small: Small, policy: str, interpretation: str) -> list[str]:
    """A policy and its interpretation, published on these days; the codes that are about time."""
    headings = "".join(f"## {word}\n\n正文。\n\n" for word in ("背景", "目标", "内容", "范围", "标准"))
    day = {"signed": policy, "sign_off": f"{{by: 岗, date: {policy}}}"}
    review = f"{{id: BM-p, by: 岗, date: {policy}, result: 通过}}"
    year = policy[:4]
    small.policy("p", year=year, published=policy, interpretation_exempt=None, secrecy_review=review, **day)
    fields = {"title": "解读", "issuer": "xzfb", "published": interpretation, "disclosure": "主动公开"}
    fields |= {"interprets": f"[policies/{year}/p]", "media": "[政府网站, 县融媒体中心]"}
    fields |= {"secrecy_review": review.replace("BM-p", "BM-j"), "sign_off": day["sign_off"]}
    fields |= {"head_approval": f"{{by: 局主要负责人, date: {policy}}}"}
    header = "".join(f"{key}: {value}\n" for key, value in fields.items())
    small.write("interpretations/j.md", f"---\n{header}---\n{headings}")
    return [f.code for f in small.faults()]


@pytest.mark.parametrize(
    ("policy", "interpretation", "words", "codes"),
    [
        ("2026-03-03", "2026-03-03", "当日", []),
        ("2026-03-03", "2026-03-06", "3 个工作日", []),
        ("2026-03-03", "2026-03-09", "4 个工作日", ["D502"]),
        ("2025-09-30", "2025-10-11", "3 个工作日", []),
        ("2025-09-30", "2025-10-13", "4 个工作日", ["D502"]),
    ],
    ids=["at once", "in time", "late", "a week of holidays and a Saturday worked", "a working day later"],
)
def test_an_interpretation_says_how_many_working_days_it_took(
    policy: str, interpretation: str, words: str, codes: list[str], small: Small
) -> None:
    assert interpreted(small, policy, interpretation) == codes
    assert badge(small, "interpretations/j", NOW) == [("解读时效", words)]


def test_days_beyond_the_calendar_are_said_to_be_provisional(small: Small) -> None:
    """The notices of the State Council reach to the end of 2026."""
    interpreted(small, "2026-12-30", "2027-01-04")
    assert badge(small, "interpretations/j", "2027-03-01 12:00") == [("解读时效", "3 个工作日（暂定）")]


BAD = Path(__file__).parents[1] / "corpus" / "bad"
LATE = {"D407": "no-outcome", "D416": "no-record", "D502": "four-working-days", "D702": "two-working-days-late"}
LATE |= {"D901": "a-day-late", "D802": "filed-late"}


@pytest.mark.parametrize("code", LATE)
def test_no_clock_makes_an_error_of_what_is_late(code: str) -> None:
    """Checked once a month for thirty years: warned of at last, never refused."""
    context = read(Small(BAD / f"{code}-{LATE[code]}"), NOW).context
    moments = [show(START.replace(year=2010) + timedelta(days=30 * n)) for n in range(360)]
    found = {(f.code, f.severity) for now in moments for f in check(replace(context, now=now), frozenset())}
    assert found == {(code, "warning")}
