"""When a data set is due again, and whether it is late."""

from __future__ import annotations

from typing import Any

import pytest

from plugins.models.package import Package
from plugins.rules.updating import last_change, state, turning_day, updating


def package(**keys: Any) -> Package:
    """A package with these keys in its descriptor; `cycle` is that of its updates."""
    descriptor = {"cn:updateCycle": keys.pop("cycle", "每月"), **keys}
    return Package("towns", "", "", descriptor, "乡镇", "fgj", "无条件开放", ())


@pytest.mark.parametrize(
    ("cycle", "changed", "due"),
    [
        ("每日", "2026-02-28", "2026-03-01"),
        ("每周", "2026-12-28", "2027-01-04"),
        ("每月", "2026-01-31", "2026-02-28"),
        ("每季度", "2023-11-30", "2024-02-29"),
        ("每半年", "2026-08-31", "2027-02-28"),
        ("每年", "2024-02-29", "2025-02-28"),
        ("实时", "2026-01-01", ""),
        ("不定期", "2026-01-01", ""),
        ("每月", "", ""),
        ("每年", "9999-12-31", ""),
    ],
)
def test_the_next_change_is_due_one_cycle_after_the_last(cycle: str, changed: str, due: str) -> None:
    """A month ends where it ends; a word that sets no day, and a change that nobody knows of, have no due day."""
    assert state(package(cycle=cycle), changed, "2026-01-01").due == due


def test_the_due_day_itself_is_in_time_and_the_next_is_late() -> None:
    on_time, late = (state(package(), "2026-03-02", day) for day in ("2026-04-02", "2026-04-03"))
    assert (on_time.overdue, on_time.sentence) == (False, "下次更新应不迟于2026年4月2日。")
    assert (late.overdue, late.sentence) == (True, "应不迟于2026年4月2日更新，已逾期。")
    assert turning_day(on_time) == "2026-04-03"


def test_the_ledger_knows_the_last_change_better_than_the_descriptor() -> None:
    written = package(created="2026-01-05T09:00:00+08:00", version="2026-02-03")
    assert last_change(written, ()) == "2026-02-03"
    assert last_change(package(version="1.0.0", created="2026-02-30"), ()) == ""
    events = [{"moment": "2026-03-01 09:00"}, {"moment": "2026-05-01 09:00"}]
    assert updating(written, events, "2026-05-02").changed == "2026-05-01"


def test_it_was_first_published_when_the_ledger_says_so_else_when_it_was_made() -> None:
    events = [{"moment": "2026-03-01 09:00"}, {"moment": "2026-05-01 09:00"}]
    written = package(created="2026-01-05T09:00:00+08:00")
    assert updating(written, events, "2026-05-02").issued == "2026-03-01 09:00"
    assert updating(written, (), "2026-05-02").issued == "2026-01-05"
    assert updating(package(created="2026-02-30"), (), "2026-05-02").issued == ""
