"""Terms in working days and hours, exact within the years of a calendar, beyond them refused or provisional (pure).

The day of the event is not counted. Days are dates or `YYYY-MM-DD`; moments are at +08:00 (contract, Time).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from itertools import groupby
from typing import NamedTuple

from plugins.readers.calendar import KINDS

Day = date | str
Moment = datetime | str
ZONE = timezone(timedelta(hours=8))
_WEEK, _WORKING = 7, 5
_LAST = date.max.toordinal()


class Provisional(Exception):  # noqa: N818 - a state of the answer, named as one
    """The answer needs `day`, whose year the calendar does not hold."""

    def __init__(self, day: date) -> None:
        super().__init__(day)
        self.day = day


class Due(NamedTuple):
    """When a term ends; `provisional` where a day on the way is taken to be Monday to Friday (a page says 暂定)."""

    day: date
    provisional: bool


class Span(NamedTuple):
    """How many working days; `provisional` as in `Due`."""

    days: int
    provisional: bool


@dataclass(frozen=True, slots=True)
class Calendar:
    """Monday to Friday but for the exceptions. Days are ordinals; every answer is a few bisections.

    `exceptions` are the weekdays off and the weekend days worked; `shifts[i]` is what the first `i` of them add to the
    count of weekdays, and `reached[i]` the count of working days up to `exceptions[i]`. The held years are `first` to
    `last`.
    """

    first: int
    last: int
    exceptions: tuple[int, ...]
    shifts: tuple[int, ...]
    reached: tuple[int, ...]

    @classmethod
    def of(cls, rows: Iterable[tuple[str, str]]) -> Calendar:
        """The calendar of (date, kind) rows, in any order; of two rows for a day the later one wins.

        Every year has holidays, so the held years are the longest run of years with rows: what stands beyond a gap is
        a slip, or waits for the year between. Raises ValueError for a date and KeyError for a kind that is none.
        """
        worked = {date.fromisoformat(day): KINDS[kind] for day, kind in rows}
        exceptions, shifts, reached = [], [0], []
        for day in sorted(worked):
            if worked[day] != (day.weekday() < _WORKING):
                exceptions.append(day.toordinal())
                shifts.append(shifts[-1] + (1 if worked[day] else -1))
                reached.append(_weekdays(exceptions[-1]) + shifts[-1])
        first, last = _run({day.year for day in worked})
        return cls(first, last, tuple(exceptions), tuple(shifts), tuple(reached))

    def known(self, day: Day) -> bool:
        """Whether the calendar holds the year of `day`."""
        return self.first <= _ordinal(day) <= self.last

    def is_workday(self, day: Day) -> bool:
        """Whether `day` is worked. Raises Provisional."""
        at = _ordinal(day)
        self._require(at, at)
        return self._count(at) > self._count(at - 1)

    def add(self, start: Day, days: int) -> date:
        """The `days`-th working day after `start`, before it where `days` is negative. Raises Provisional."""
        at = _ordinal(start)
        if days > 0:
            end = self._nth(self._count(at) + days)
            self._require(at + 1, end)
        elif days < 0:
            end = self._nth(self._count(at - 1) + days + 1)
            self._require(end, at - 1)
        else:
            end = at
        return date.fromordinal(end)

    def between(self, start: Day, end: Day) -> int:
        """Working days after `start` up to and with `end`; before it down to `end`, as a negative number.

        So `between(a, add(a, n)) == n`. Raises Provisional.
        """
        a, b = _ordinal(start), _ordinal(end)
        if a < b:
            self._require(a + 1, b)
            return self._count(b) - self._count(a)
        if a > b:
            self._require(b, a - 1)
            return self._count(b - 1) - self._count(a - 1)
        return 0

    def due(self, start: Day, days: int, excluded: Sequence[tuple[Day, Day]] = ()) -> Due:
        """The end of a term of `days` working days after `start`; 9999-12-31 at the latest.

        The clock stands still in the `excluded` periods, both ends included (政府信息公开条例 art. 33: the time that
        third parties and other organs take). They may overlap; one that ends before it starts excludes nothing.
        Raises ValueError where `days` is negative.
        """
        if days < 0:
            raise ValueError(days)
        at = _ordinal(start)
        end = self._nth(self._count(at) + days) if days else at
        for low, high in _parts(at, excluded):
            if low <= end:
                end = self._nth(self._count(end) + self._count(high) - self._count(low - 1))
        return Due(date.fromordinal(end), self._provisional(at, end))

    def span(self, start: Day, end: Day, excluded: Sequence[tuple[Day, Day]] = ()) -> Span:
        """Working days after `start` up to and with `end`, 0 where it is before; `excluded` as in `due`."""
        at, stop = _ordinal(start), _ordinal(end)
        if stop <= at:
            return Span(0, provisional=False)
        days = self._count(stop) - self._count(at)
        for low, high in _parts(at, excluded):
            if low <= stop:
                days -= self._count(min(high, stop)) - self._count(low - 1)
        return Span(days, self._provisional(at, stop))

    def working_hours_between(self, start: Moment, end: Moment, opening: Sequence[tuple[time, time]]) -> float:
        """Opening hours of working days from `start` to `end`, negative where `end` is before. Raises Provisional.

        `opening` are the periods of a day, apart from each other: ((8:30, 12:00), (14:00, 17:30)).
        """
        a, b = _moment(start), _moment(end)
        self._require(min(a, b).toordinal(), max(a, b).toordinal())
        return (self._opened(b, opening) - self._opened(a, opening)) / 3600

    def _opened(self, moment: datetime, opening: Sequence[tuple[time, time]]) -> int:
        """Open seconds from the beginning of the calendar to `moment`."""
        periods = [(_seconds(low), _seconds(high)) for low, high in opening]
        now, before = _seconds(moment.time()), self._count(moment.toordinal() - 1)
        today = self._count(moment.toordinal()) - before
        whole = sum(max(high - low, 0) for low, high in periods)
        return before * whole + today * sum(max(min(high, now) - low, 0) for low, high in periods)

    def _count(self, at: int) -> int:
        """Working days up to and with `at`, since 0001-01-01, which was a Monday."""
        return _weekdays(at) + self.shifts[bisect_right(self.exceptions, at)]

    def _nth(self, number: int) -> int:
        """The day with which the count of working days reaches `number`, kept within what a date can be."""
        place = bisect_left(self.reached, number)
        weeks, rest = divmod(number - self.shifts[place] - 1, _WORKING)
        day = weeks * _WEEK + rest + 1
        if place < len(self.exceptions):
            day = min(day, self.exceptions[place])
        return min(max(day, 1), _LAST)

    def _provisional(self, start: int, end: int) -> bool:
        return start < end and not self.first <= start + 1 <= end <= self.last

    def _require(self, low: int, high: int) -> None:
        """Raises Provisional with the first day from `low` to `high` that is not held."""
        if low < self.first or high > self.last:
            unknown = low if low < self.first else max(low, self.last + 1)
            raise Provisional(date.fromordinal(min(max(unknown, 1), _LAST)))


def hours_between(start: Moment, end: Moment) -> float:
    """Hours of the clock from `start` to `end`, negative where `end` is before."""
    return (_moment(end) - _moment(start)).total_seconds() / 3600


def hours_due(start: Moment, hours: float) -> datetime:
    """The end at +08:00 of a term in hours of the clock (3, 5, 24). Raises OverflowError past the year 9999."""
    return _moment(start) + timedelta(hours=hours)


def _weekdays(at: int) -> int:
    """Mondays to Fridays up to and with the ordinal `at`."""
    return at // _WEEK * _WORKING + min(at % _WEEK, _WORKING)


def _run(years: set[int]) -> tuple[int, int]:
    """The first and last ordinal of the longest run of years, the earliest of equals; (1, 0) for none."""
    runs = [[y for _, y in run] for _, run in groupby(enumerate(sorted(years)), lambda pair: pair[1] - pair[0])]
    if not runs:
        return 1, 0
    longest = max(runs, key=len)
    return date(longest[0], 1, 1).toordinal(), date(longest[-1], 12, 31).toordinal()


def _parts(start: int, periods: Sequence[tuple[Day, Day]]) -> Iterable[tuple[int, int]]:
    """The periods after `start` as ordinals, in order, without what an earlier one already covers."""
    covered = start
    for low, high in sorted((_ordinal(a), _ordinal(b)) for a, b in periods):
        if max(low, covered + 1) <= high:
            yield max(low, covered + 1), high
            covered = high


def _ordinal(day: Day) -> int:
    """Raises ValueError for text that is no date."""
    return (day if isinstance(day, date) else date.fromisoformat(day)).toordinal()


def _moment(value: Moment) -> datetime:
    """`value` at +08:00, which is where text and naive moments are already. Raises ValueError for other text."""
    moment = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    return moment.astimezone(ZONE) if moment.tzinfo else moment.replace(tzinfo=ZONE)


def _seconds(clock: time) -> int:
    return clock.hour * 3600 + clock.minute * 60 + clock.second
