"""Whether a data set was updated in time: its cycle, its last change, the day on which the next one is due (pure)."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from plugins.models.package import Package
from plugins.rules.validity import day_after, show_day

CYCLES: Mapping[str, tuple[int, int]] = {
    "每日": (0, 1),
    "每天": (0, 1),
    "每周": (0, 7),
    "每旬": (0, 10),
    "每半月": (0, 15),
    "每月": (1, 0),
    "每两月": (2, 0),
    "每季度": (3, 0),
    "每季": (3, 0),
    "每半年": (6, 0),
    "每年": (12, 0),
    "每两年": (24, 0),
}
"""Cycle -> months and days from one change to the next. All other words (实时, 不定期, 其他) set no day."""
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


@dataclass(frozen=True, slots=True)
class Updating:
    """The answer at one moment. Days are `YYYY-MM-DD`; `due` is "" where the cycle or the last change sets none.

    `issued` is the moment of the first publication as the ledger has it, else the day of `created`, or "".
    """

    issued: str = ""
    changed: str = ""
    due: str = ""
    overdue: bool = False

    @property
    def sentence(self) -> str:
        """For the page; "" where no day is set."""
        if not self.due:
            return ""
        return (
            f"应不迟于{show_day(self.due)}更新，已逾期。" if self.overdue else f"下次更新应不迟于{show_day(self.due)}。"
        )


def updating(package: Package, events: Sequence[Mapping[str, str]], today: str) -> Updating:
    """The state of `package` on `today`; `events` are those of the ledger, oldest first."""
    return replace(state(package, last_change(package, events), today), issued=first_publication(package, events))


def first_publication(package: Package, events: Sequence[Mapping[str, str]]) -> str:
    """When it was first published: the moment of the ledger's first event, else the day of `created`, or ""."""
    created = str(package.descriptor.get("created", ""))[:10]
    return events[0]["moment"] if events else created if _is_day(created) else ""


def last_change(package: Package, events: Sequence[Mapping[str, str]]) -> str:
    """The day of the last change: the ledger's where it tells of the data set, else `version` or `created`, or ""."""
    if events:
        return events[-1]["moment"][:10]
    written = (str(package.descriptor.get(key, ""))[:10] for key in ("version", "created"))
    return max((day for day in written if _is_day(day)), default="")


def state(package: Package, last_change: str, today: str) -> Updating:
    """What is due after a change on the day `last_change`; the due day itself is still in time."""
    cycle = CYCLES.get(str(package.descriptor.get("cn:updateCycle", "")).strip())
    if cycle is None or not last_change:
        return Updating(changed=last_change)
    due = _later(date.fromisoformat(last_change), *cycle)
    return Updating(changed=last_change, due=due, overdue=bool(due) and due < today)


def turning_day(updated: Updating) -> str:
    """The day on which the answer changes, or ""."""
    return day_after(updated.due) if updated.due else ""


def _is_day(text: str) -> bool:
    try:
        return bool(_DAY.fullmatch(text)) and bool(date.fromisoformat(text))
    except ValueError:
        return False


def _later(day: date, months: int, days: int) -> str:
    """`day` so much later, at most the last of its month; "" beyond what a date can be."""
    month = day.month - 1 + months
    year, month = day.year + month // 12, month % 12 + 1
    try:
        moved = date(year, month, min(day.day, monthrange(year, month)[1])) + timedelta(days=days)
    except (ValueError, OverflowError):
        return ""
    return moved.isoformat()
