"""Validity is derived from relations and dates, never typed (pure)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from plugins.models.record import Record
from plugins.rules.table import RULES
from plugins.rules.workdays import Calendar


@dataclass(frozen=True, slots=True)
class Validity:
    """The answer at one moment: `label` for lists, `sentence` for the page, `by` the ids that made it so."""

    label: str
    sentence: str
    level: str
    by: tuple[str, ...] = ()


IN_FORCE = Validity("现行有效", "本文件现行有效。", "ok")
NONE = Validity("", "", "none")
MEETINGS = frozenset({"hearings", "meetings", "press", "interviews"})
OUTCOME_DAYS = RULES["GN-06.2"].number("working_days", "9999-12-31")
_LONGEST, _OVERDUE = 400, 60
"""Days before the end of a consultation from which its page counts them, and days after it, beyond which it is
overdue whatever the holidays."""
ACTING = {"repeals": "已废止", "replaces": "已被代替", "amends": "已修改"}
EXPIRED = "已失效"
OPEN, NOT_YET, TO_BE_HELD = "正在征求意见", "尚未开始", "即将举行"
"""States of what has its time: a consultation that is open or is to open, a hearing or a meeting that is to be held."""
ENDED = frozenset({ACTING["repeals"], ACTING["replaces"], EXPIRED})
"""What search puts below that which is in force."""


def start_of(record: Record) -> str:
    """The day from which the record acts."""
    return record.text("effective") or record.text("signed") or record.published[:10]


def turning_days(record: Record) -> tuple[str, ...]:
    """The days on which the validity of this record, or of what it acts upon, may change."""
    if record.kind == "consultations":
        return _open_days(record)
    if record.kind in MEETINGS:
        return (record.text("held"),)
    if record.kind == "responses":
        return tuple(update["at"] for update in record.fields.get("updates", ()))
    expires = record.text("expires")
    return (start_of(record), *((expires + "~",) if expires else ()))


def _open_days(record: Record) -> tuple[str, ...]:
    """The moments at which what a consultation says of itself changes.

    Every midnight of its last `_LONGEST` days, and of the days after, on one of which its outcome becomes overdue.
    """
    opens, closes = record.text("opens"), record.text("closes")
    end = date.fromisoformat(closes[:10])
    start = max(opens[:10], _shift(end, -_LONGEST).isoformat())
    days = (_shift(end, _OVERDUE) - date.fromisoformat(start)).days
    turning = [_shift(date.fromisoformat(start), n).isoformat() for n in range(days + 1)]
    outcome = record.fields.get("outcome")
    return (opens, closes, *turning, *((outcome["published"],) if outcome else ()))


def _shift(day: date, days: int) -> date:
    """`day` moved by `days`, within what a date can be."""
    return date.fromordinal(min(max(day.toordinal() + days, 1), date.max.toordinal()))


def effects(records: Iterable[Record], find: Mapping[str, str]) -> dict[str, list[tuple[str, str, str]]]:
    """For each id, what acts upon it: (relation, day, acting id), by day. `find` maps references to ids."""
    found: dict[str, list[tuple[str, str, str]]] = {}
    for record in records:
        for relation in ACTING:
            for reference in record.items(relation):
                if target := find.get(reference):
                    found.setdefault(target, []).append((relation, start_of(record), record.id))
    for acting in found.values():
        acting.sort(key=lambda e: (e[1], e[2]))
    return found


def state(record: Record, now: str, calendar: Calendar) -> Validity:
    """What a consultation, a hearing or a meeting says of itself at `now` (`YYYY-MM-DD HH:MM`); others say nothing."""
    if record.kind == "consultations":
        return _consultation(record, now, calendar)
    if record.kind in MEETINGS and record.text("held") > now:
        return Validity(TO_BE_HELD, f"将于{show_moment(record.text('held'))}举行。", "ok")
    return NONE


def _consultation(record: Record, now: str, calendar: Calendar) -> Validity:
    opens, closes, outcome = record.text("opens"), record.text("closes"), record.fields.get("outcome")
    if now < opens:
        return Validity(NOT_YET, f"自{show_moment(opens)}起征求意见。", "warn")
    if now < closes:
        left = (date.fromisoformat(closes[:10]) - date.fromisoformat(now[:10])).days
        rest = f"，从{show_day(now[:10])}算起还有 {left} 天" if 0 < left <= _LONGEST else ""
        return Validity(OPEN, f"征求意见至{show_moment(closes)}{rest}。", "ok")
    if outcome and outcome["published"] <= now:
        return Validity(
            "已公布采纳情况", f"征求意见已结束，采纳情况于{show_moment(outcome['published'])}公布。", "none"
        )
    days = calendar.span(closes[:10], now[:10]).days
    if days > OUTCOME_DAYS:
        sentence = f"征求意见已于{show_moment(closes)}结束，已超过 {OUTCOME_DAYS} 个工作日，采纳情况逾期未公布。"
        return Validity("采纳情况逾期", sentence, "off")
    return Validity("已截止", f"征求意见已于{show_moment(closes)}结束，采纳情况将在这里公布。", "warn")


def validity(record: Record, acting: Iterable[tuple[str, str, str]], today: str) -> Validity:
    """The validity of a policy on `today` (`YYYY-MM-DD`); other types have none."""
    if record.kind != "policies":
        return NONE
    due = [effect for effect in acting if effect[1] <= today]
    for relation in ("repeals", "replaces"):
        if by := tuple(e[2] for e in due if e[0] == relation):
            day = next(e[1] for e in due if e[0] == relation)
            word = "废止" if relation == "repeals" else "被新文件代替"
            return Validity(ACTING[relation], f"本文件已于{show_day(day)}{word}。", "off", by)
    if (expires := record.text("expires")) and expires < today:
        return Validity(EXPIRED, f"本文件有效期至{show_day(expires)}，现已失效。", "off")
    if start_of(record) > today:
        return Validity("尚未施行", f"本文件自{show_day(start_of(record))}起施行，目前尚未施行。", "warn")
    if by := tuple(e[2] for e in due if e[0] == "amends"):
        return Validity("已修改", "本文件现行有效，部分内容已被修改，请与修改文件一并阅读。", "warn", by)
    return IN_FORCE


def show_moment(moment: str) -> str:
    """`2026-03-02 09:00` as 2026年3月2日 9:00."""
    hour, _, minute = moment[11:16].partition(":")
    return show_day(moment[:10]) + (f" {int(hour)}:{minute}" if hour else "")


def timeline(record: Record, acting: Sequence[tuple[str, str, str]]) -> list[tuple[str, str]]:
    """(day, label) of every change of a policy's validity, in order: what was valid on any date can be read off it."""
    if record.kind != "policies":
        return []
    first = min(record.published[:10], start_of(record))
    days = {first, start_of(record), *(effect[1] for effect in acting)}
    if expires := record.text("expires"):
        days.add(day_after(expires))
    spans: list[tuple[str, str]] = []
    for day in sorted(d for d in days if d >= first):
        label = validity(record, acting, day).label
        if not spans or spans[-1][1] != label:
            spans.append((day, label))
    return spans


def day_after(day: str) -> str:
    """The next day; the last day of all has none and stays."""
    found = date.fromisoformat(day)
    return (found + timedelta(days=1)).isoformat() if found < date.max else day


def show_day(day: str) -> str:
    """`2026-03-02` as 2026年3月2日."""
    year, month, of_month = day.split("-")
    return f"{year}年{int(month)}月{int(of_month)}日"
