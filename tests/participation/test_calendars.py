"""Calendars, read back by a library that others wrote: every word arrives, and nothing depends on a clock."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar
from lxml import html

from plugins.formats.calendar import render
from tests.participation.conftest import HOSTILE, document, taking_part
from tests.small import Small

EVENT = {
    "uid": "hearings/2026/a@3299990001",
    "stamp": "2026-11-02 09:00",
    "start": "2026-12-10 09:00",
    "end": "",
    "title": "听证会",
    "place": "",
    "text": "",
    "url": "https://www.example.gov.cn/hearings/2026/a/",
    "label": "听证",
}


def made(**changes: str) -> bytes:
    """A calendar of one event."""
    view = {"name": "试验站", "producer": "试验县人民政府", "events": [EVENT | changes]}
    return render(view, None)  # type: ignore[arg-type]


def read(data: bytes) -> list[Any]:
    """Its events, as another program reads them; what that finds wrong is an error."""
    calendar = Calendar.from_ical(data)
    assert calendar.errors == []
    events = calendar.walk("VEVENT")
    assert [event.errors for event in events] == [[]] * len(events)
    return list(events)


def strict(data: bytes) -> None:
    """What RFC 5545 asks of the lines themselves: CRLF, 75 octets, whole characters."""
    text = data.decode()
    assert text.endswith("END:VCALENDAR\r\n")
    assert "\n" not in text.replace("\r\n", "")
    assert "\r" not in text.replace("\r\n", "")
    for line in data.split(b"\r\n"):
        assert len(line) <= 75
        line.decode()


def test_every_event_of_the_site_is_in_one_calendar_and_beside_its_document(part: Path) -> None:
    everyone = (part / "calendar.ics").read_bytes()
    strict(everyone)
    assert sorted(str(e["UID"]) for e in read(everyone)) == [
        "consultations/2026/a@3299990001",
        "hearings/2026/a@3299990001",
    ]
    alone = (part / "hearings/2026/a/index.ics").read_bytes()
    strict(alone)
    (hearing,) = read(alone)
    (again,) = (e for e in read(everyone) if "hearings" in str(e["UID"]))
    assert hearing == again
    assert str(hearing["SUMMARY"]) == HOSTILE
    assert str(hearing["LOCATION"]) == "县政务服务中心，三楼"
    assert hearing["DTSTART"].dt == datetime(2026, 12, 10, 1, 0, tzinfo=UTC)
    assert hearing["DTSTAMP"].dt == datetime(2026, 11, 2, 1, 0, tzinfo=UTC)
    assert "DTEND" not in hearing
    assert str(hearing["URL"]) == "http://127.0.0.1:8000/hearings/2026/a/"


def test_a_consultation_lasts_and_leaves_the_time_free(part: Path) -> None:
    (event,) = read((part / "consultations/2026/a/index.ics").read_bytes())
    assert event["DTSTART"].dt == datetime(2026, 11, 3, 1, 0, tzinfo=UTC)
    assert event["DTEND"].dt == datetime(2026, 12, 20, 9, 30, tzinfo=UTC)
    assert str(event["TRANSP"]) == "TRANSPARENT"


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r"), min_size=1))
def test_any_text_arrives_and_ends_no_line(text: str) -> None:
    data = made(title=text, place=text, text=text)
    strict(data)
    (event,) = read(data)
    wanted = re.sub(r"[\x00-\x08\x0b-\x1f\x7f]", "", text)
    assert [str(event.get(name, "")) for name in ("SUMMARY", "LOCATION", "DESCRIPTION")] == [wanted] * 3


@pytest.mark.parametrize("attack", ["a\r\nEND:VEVENT\r\nBEGIN:VEVENT", "a\nATTACH:https://evil.example/", "a\rURL:x"])
def test_a_title_cannot_add_lines_of_its_own(attack: str) -> None:
    data = made(title=attack)
    strict(data)
    (event,) = read(data)
    assert "ATTACH" not in event
    assert str(event["URL"]) == EVENT["url"]


def test_the_same_content_gives_the_same_calendar_on_another_day(small: Small) -> None:
    taking_part(small)
    assert small.build(as_of="2026-11-24 12:00") == 0
    first = (small.output / "calendar.ics").read_bytes()
    assert small.build(as_of="2026-12-24 12:00") == 0
    assert (small.output / "calendar.ics").read_bytes() == first


def test_a_site_without_events_has_no_calendar_and_no_link_to_one(small: Small) -> None:
    assert small.build() == 0
    assert not (small.output / "calendar.ics").exists()
    for page in ("interaction", "consultations"):
        assert "calendar.ics" not in (small.output / page / "index.html").read_text()


def test_what_lies_before_calendars_began_is_in_none(small: Small) -> None:
    """A record of 1911 has a page, and no file that a program would read as a moment of its own."""
    taking_part(small)
    document(
        small,
        "interviews/1911/a",
        signed="1911-10-10",
        published="1911-10-10 09:00",
        held="0001-01-01 00:00",
        guest="知县",
        secrecy_review="{id: BM-1, by: 保密审查岗, date: 1911-10-10, result: 通过}",
        sign_off="{by: 签发岗, date: 1911-10-10}",
    )
    assert small.build() == 0
    assert (small.output / "interviews/1911/a/index.html").exists()
    assert not (small.output / "interviews/1911/a/index.ics").exists()
    assert "calendar.ics" not in (small.output / "interviews/index.html").read_text()


def test_what_is_to_come_can_be_put_into_a_calendar_and_what_is_over_cannot(small: Small) -> None:
    taking_part(small)
    for moment, shown in (("2026-11-24 12:00", ["加入日历"]), ("2027-01-24 12:00", [])):
        assert small.build(as_of=moment) == 0
        for page in ("consultations/2026/a", "hearings/2026/a"):
            tree = html.parse(str(small.output / page / "index.html"))
            assert tree.xpath("//main//a[@href=$url]/text()", url=f"/{page}/index.ics") == shown


def test_columns_name_the_calendar(part: Path) -> None:
    for page in ("consultations", "hearings", "interaction"):
        tree = html.parse(str(part / page / "index.html"))
        assert tree.xpath("//link[@type='text/calendar']/@href") == ["/calendar.ics"]
    assert not html.parse(str(part / "policies/index.html")).xpath("//link[@type='text/calendar']")
