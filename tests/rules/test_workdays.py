"""Terms in working days and hours, against the tested vectors, chinesecalendar, and a walk day by day."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta

import chinese_calendar
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plugins.rules.workdays import Calendar, Due, Provisional, Span, hours_between, hours_due
from tests.conftest import ROOT

with (ROOT / "datasets/workdays/workdays.csv").open(encoding="utf-8", newline="") as stream:
    ROWS = [(row["date"], row["kind"]) for row in csv.DictReader(stream)]
CALENDAR = Calendar.of(ROWS)
YEARS = range(2004, 2027)
MISSING = date(2005, 12, 31)
"""A Saturday that 国办发明电〔2005〕35号 says is worked; chinesecalendar 1.11.0 leaves it out."""
OPENING = ((time(8, 30), time(12)), (time(14), time(17, 30)))
HELD = st.dates(date(2004, 1, 1), date(2026, 12, 31))
NEAR = st.dates(date(2026, 6, 1), date(2027, 6, 30))
PERIODS = st.lists(st.tuples(NEAR, NEAR), max_size=4)
PROPERTY = settings(max_examples=200, deadline=None)


def of(text: str) -> date:
    return date.fromisoformat(text)


def presumed(day: date) -> bool:
    return CALENDAR.is_workday(day) if CALENDAR.known(day) else day.weekday() < 5


def walk(start: date, days: int, excluded: Sequence[tuple[date, date]]) -> date:
    """The term counted on one's fingers."""
    while days:
        start += timedelta(1)
        if presumed(start) and not any(low <= start <= high for low, high in excluded):
            days -= 1
    return start


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        ("2018-07-27", 3, "2018-08-01"),
        ("2018-09-28", 3, "2018-10-08"),
        ("2018-09-14", 15, "2018-10-11"),
        ("2019-09-20", 20, "2019-10-23"),
        ("2026-02-13", 3, "2026-02-25"),
        ("2026-09-18", 3, "2026-09-22"),
        ("2026-09-25", 20, "2026-10-29"),
        ("2026-01-30", 20, "2026-03-05"),
        ("2018-10-10", -5, "2018-09-28"),
        ("2018-10-10", -3, "2018-09-30"),
    ],
)
def test_the_vectors_of_the_domain_hold(start: str, days: int, due: str) -> None:
    """The day of the event is not counted; minus counts back."""
    assert CALENDAR.add(start, days) == of(due)
    assert CALENDAR.between(of(start), of(due)) == days
    if days > 0:
        assert CALENDAR.due(start, days) == Due(of(due), provisional=False)


def test_a_term_into_a_year_without_notice_is_refused() -> None:
    """2026-12-10 and 20 working days; the last sure term is 15."""
    with pytest.raises(Provisional) as refused:
        CALENDAR.add("2026-12-10", 20)
    assert refused.value.day == date(2027, 1, 1)
    assert CALENDAR.add("2026-12-10", 15) == date(2026, 12, 31)


def test_a_term_into_a_year_without_notice_can_be_shown_as_provisional() -> None:
    """The same, Monday to Friday after the last held year."""
    assert CALENDAR.due("2026-12-10", 20) == Due(date(2027, 1, 7), provisional=True)
    assert CALENDAR.due("2026-12-10", 15) == Due(date(2026, 12, 31), provisional=False)
    assert CALENDAR.span("2026-12-10", "2027-01-07") == Span(20, provisional=True)


@pytest.mark.parametrize(
    "ask",
    [
        lambda c: c.is_workday("2027-01-01"),
        lambda c: c.is_workday("2003-12-31"),
        lambda c: c.between("2026-12-31", "2027-01-01"),
        lambda c: c.between("2004-01-05", "2003-12-31"),
        lambda c: c.add("2027-03-01", -5),
        lambda c: c.add("2004-01-02", -1),
        lambda c: c.add("2003-12-01", 1),
        lambda c: c.add("9999-12-31", 1),
        lambda c: c.working_hours_between("2026-12-31 09:00", "2027-01-04 10:00", OPENING),
    ],
)
def test_no_answer_is_guessed_outside_the_held_years(ask: object) -> None:
    with pytest.raises(Provisional):
        ask(CALENDAR)  # type: ignore[operator]


def test_the_day_of_the_event_need_not_be_held() -> None:
    """2003-12-31, the day before the first row; 2004-01-01 is off."""
    assert CALENDAR.add("2003-12-31", 1) == date(2004, 1, 2)
    assert CALENDAR.add("2027-01-01", -1) == date(2026, 12, 31)


@pytest.mark.parametrize("year", YEARS)
def test_every_day_is_what_chinesecalendar_says(year: int) -> None:
    """All days of 2004 to 2026, but for one that the State Council's notice decides."""
    days = [date(year, 1, 1) + timedelta(n) for n in range(365 + (year % 4 == 0))]
    differing = [d for d in days if CALENDAR.is_workday(d) != chinese_calendar.is_workday(d)]
    assert differing == [d for d in days if d == MISSING]


@pytest.mark.parametrize("year", YEARS)
def test_a_year_has_248_to_252_working_days(year: int) -> None:
    first, last = date(year, 1, 1), date(year, 12, 31)
    assert 248 <= CALENDAR.between(first, last) + CALENDAR.is_workday(first) <= 252


@PROPERTY
@given(st.dates(date(2005, 1, 1), date(2025, 12, 31)), st.integers(-200, 200))
def test_between_undoes_add(start: date, days: int) -> None:
    """From any day, worked or not."""
    end = CALENDAR.add(start, days)
    assert CALENDAR.between(start, end) == days
    assert not days or CALENDAR.is_workday(end)


@PROPERTY
@given(HELD, HELD)
def test_between_counts_what_is_worked(start: date, end: date) -> None:
    """Against a sum over at most 90 days."""
    end = min(end, start + timedelta(90)) if end > start else max(end, start - timedelta(90))
    step = 1 if end > start else -1
    days = [start + timedelta(step * n) for n in range(1, abs((end - start).days) + 1)]
    assert CALENDAR.between(start, end) == step * sum(map(CALENDAR.is_workday, days))


@PROPERTY
@given(NEAR, st.integers(0, 60), PERIODS)
def test_due_is_the_day_that_a_walk_finds(start: date, days: int, excluded: list[tuple[date, date]]) -> None:
    """Periods may overlap, touch, be turned round, and reach into the year that is not held."""
    due = CALENDAR.due(start, days, excluded)
    assert due.day == walk(start, days, excluded)
    assert due.provisional == (start < due.day and not CALENDAR.known(due.day))


@PROPERTY
@given(NEAR, st.integers(0, 60), PERIODS)
def test_an_excluded_period_never_shortens_a_term(start: date, days: int, excluded: list[tuple[date, date]]) -> None:
    assert CALENDAR.due(start, days, excluded).day >= CALENDAR.due(start, days).day


@PROPERTY
@given(NEAR, st.integers(0, 60), PERIODS)
def test_a_term_has_as_many_days_as_it_should(start: date, days: int, excluded: list[tuple[date, date]]) -> None:
    assert CALENDAR.span(start, CALENDAR.due(start, days, excluded).day, excluded).days == days


def test_the_clock_stands_still_while_others_are_asked() -> None:
    """20 working days from 2026-03-02, third parties asked from the 9th to the 20th: ten working days more."""
    assert CALENDAR.due("2026-03-02", 20).day == date(2026, 3, 30)
    assert CALENDAR.due("2026-03-02", 20, [("2026-03-09", "2026-03-20")]).day == date(2026, 4, 14)


def test_days_spent_stop_where_they_are_counted() -> None:
    """On Wednesday the 11th, inside the same period: only the four days of the 3rd to the 6th."""
    assert CALENDAR.span("2026-03-02", "2026-03-11", [("2026-03-09", "2026-03-20")]) == Span(4, provisional=False)
    assert CALENDAR.span("2026-03-02", "2026-02-20") == Span(0, provisional=False)


def test_a_refusal_names_the_first_day_that_is_not_held() -> None:
    """From 2003-06-01 the next day, from 2026-12-30 the New Year."""
    for start, day in (("2003-06-01", date(2003, 6, 2)), ("2026-12-30", date(2027, 1, 1))):
        with pytest.raises(Provisional) as refused:
            CALENDAR.between(start, "2027-02-01")
        assert refused.value.day == day


def test_days_may_be_text() -> None:
    assert CALENDAR.between("2018-09-28", "2018-10-08") == CALENDAR.between(of("2018-09-28"), of("2018-10-08")) == 3


def test_an_exclusion_of_all_time_ends_with_the_calendar_and_not_in_a_loop() -> None:
    """0001-01-01 to 9999-12-31."""
    assert CALENDAR.due("2026-03-02", 5, [("0001-01-01", "9999-12-31")]) == Due(date.max, provisional=True)


def test_a_term_cannot_be_negative() -> None:
    with pytest.raises(ValueError, match="-1"):
        CALENDAR.due("2026-03-02", -1)


def test_of_two_rows_for_a_day_the_later_wins() -> None:
    """A site corrects the Saturday 2026-02-14 and adds 2027."""
    site = Calendar.of([*ROWS, ("2026-02-14", "休假"), ("2027-01-01", "休假")])
    assert not site.is_workday("2026-02-14")
    assert site.add("2026-12-10", 20) == date(2027, 1, 8)


def test_a_year_beyond_a_gap_is_not_held() -> None:
    """A slip of the pen, 2062 for 2026; 2028 entered before 2027."""
    slipped = Calendar.of([*ROWS, ("2062-05-01", "休假"), ("2028-01-03", "休假")])
    assert slipped.known("2026-12-31")
    assert not any(map(slipped.known, ("2027-01-01", "2028-01-03", "2062-05-01")))


def test_an_empty_calendar_holds_nothing_and_presumes_weekdays() -> None:
    empty = Calendar.of([])
    assert not empty.known("2026-03-02")
    assert empty.due("2026-09-25", 1) == Due(date(2026, 9, 28), provisional=True)


@pytest.mark.parametrize("row", [("2026-02-30", "休假"), ("2026-02-03", "放假")])
def test_a_row_that_is_none_is_refused(row: tuple[str, str]) -> None:
    with pytest.raises((ValueError, KeyError)):
        Calendar.of([row])


def test_hours_of_the_clock_are_counted_at_one_offset() -> None:
    """Text and naive moments are at +08:00 already; the night of 2026-03-02 in UTC is the 3rd here."""
    assert hours_between("2026-03-02 22:00", "2026-03-03 01:30") == 3.5
    assert hours_between("2026-03-03 00:00", datetime(2026, 3, 2, 17, tzinfo=UTC)) == 1
    assert hours_between("2026-03-03", "2026-03-02 23:00") == -1


@pytest.mark.parametrize(("hours", "due"), [(3, "2026-10-01T01:00"), (5, "2026-10-01T03:00"), (24, "2026-10-01T22:00")])
def test_a_term_in_hours_knows_no_holidays(hours: int, due: str) -> None:
    """From 22:00 on the eve of National Day."""
    assert hours_due("2026-09-30 22:00", hours).isoformat(timespec="minutes") == f"{due}+08:00"


@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [
        ("2026-09-18 17:00", "2026-09-20 09:00", 1.0),
        ("2026-09-18 12:30", "2026-09-18 13:30", 0.0),
        ("2026-09-18 17:00", "2026-09-19 11:00", 0.5),
        ("2026-09-18 08:00", "2026-09-18 20:00", 7.0),
        ("2026-09-30 17:00", "2026-10-08 09:30", 1.5),
        ("2026-10-08 09:30", "2026-09-30 17:00", -1.5),
        ("2026-09-01 08:30", "2026-09-30 17:30", 22 * 7.0),
    ],
    ids=[
        "into a worked Sunday",
        "at noon",
        "into a free Saturday",
        "one day",
        "over National Day",
        "backwards",
        "a month",
    ],
)
def test_opening_hours_run_on_working_days_only(start: str, end: str, hours: float) -> None:
    """8:30 to 12:00 and 14:00 to 17:30."""
    assert CALENDAR.working_hours_between(start, end, OPENING) == hours
