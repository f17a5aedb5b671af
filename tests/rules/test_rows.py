"""Rules of rows and references, over rows as they stand in a file."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import pytest

from plugins.build.settings import SHIPPED_CALENDAR
from plugins.models.faults import Fault
from plugins.models.registers import Reference
from plugins.readers.calendar import read_calendar
from plugins.rules.keys import Known, Referring
from plugins.rules.rows import Columns, RowRules
from plugins.rules.tally import SHOWN, Tally, addresses
from plugins.rules.workdays import Calendar

CALENDAR = Calendar.of(read_calendar([SHIPPED_CALENDAR])[0])
PATH = "datasets/a/a.csv"


def schema(fields: dict[str, Any], *rules: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A schema; a field is its type, or its keys."""
    described = [{"name": n, **(f if isinstance(f, dict) else {"type": f})} for n, f in fields.items()]
    return {"fields": described, "cn:rules": [{"title": "规则", **rule} for rule in rules], **more}


def found(table: dict[str, Any], rows: Iterable[Sequence[str]]) -> list[Fault]:
    """The faults of `rows`, the first of which is row 2."""
    checks = RowRules.of(table, PATH, CALENDAR)
    faults = [f for line, row in enumerate(rows, 2) for check in checks for f in check.row(line, row)]
    return faults + [f for check in checks for f in check.end()]


def lines(table: dict[str, Any], *rows: Sequence[str]) -> list[tuple[str, int]]:
    return [(f.code, f.line) for f in found(table, rows)]


@pytest.mark.parametrize(
    ("kind", "op", "left", "right", "holds"),
    [
        ("integer", "<=", "20", "20", True),
        ("integer", "<", "20", "20", False),
        ("integer", "<=", "9", "10", True),
        ("number", "=", "0.30", "0.3", True),
        ("number", ">=", "1e3", "1000.01", False),
        ("number", "!=", "1.0", "1", False),
        ("year", ">", "2026", "2025", True),
        ("date", "<=", "2026-10-01", "2026-9-30", False),
        ("date", ">", "2026-10-01", "2026-9-30", True),
        ("string", "=", "甲", "甲 ", True),
        ("string", "!=", "甲", "甲", False),
        ("number", "<=", "NaN", "1", True),
        ("integer", "<=", "", "1", True),
    ],
)
def test_cells_are_compared_as_what_they_mean(kind: str, op: str, left: str, right: str, holds: bool) -> None:
    """Not as text, in which 9 comes after 10; what is missing, or no number, is not compared."""
    table = schema({"a": kind, "b": kind}, {"left": "a", "op": op, "right": "b"})
    assert lines(table, (left, right)) == ([] if holds else [("P330", 2)])


def test_a_sum_is_exact() -> None:
    """0.1 + 0.2 is 0.3 in a budget."""
    table = schema(dict.fromkeys("sab", "number"), {"left": "s", "op": "=", "right": ["a", "b"]})
    assert lines(table, ("0.3", "0.1", "0.2"), ("0.31", "0.1", "0.2"), ("0.3", "0.1", "")) == [("P330", 3)]


def test_numbers_are_read_as_their_column_writes_them() -> None:
    fields = {"a": {"type": "number", "groupChar": ","}, "b": {"type": "number", "bareNumber": False}}
    table = schema(fields, {"left": "a", "op": "=", "right": "b"})
    assert lines(table, ("1,200.5", "￥1200.5元"), ("1,200.5", "1200元")) == [("P330", 3)]


def test_a_missing_value_is_what_the_column_or_the_table_calls_so() -> None:
    table = schema({"a": {"type": "string", "missingValues": ["无"]}, "b": "string"}, {"required": ["a", "b"]})
    assert lines(table | {"missingValues": ["-"]}, ("无", "-"), ("-", "无")) == [("P331", 2), ("P331", 2)]


def test_a_rule_with_a_condition_looks_at_its_rows_only() -> None:
    rule = {"when": {"column": "a", "in": ["是", "部分"]}, "required": "b"}
    table = schema({"a": "string", "b": "string"}, rule)
    assert lines(table, ("否", ""), ("是", ""), ("部分", " "), ("是", "依据")) == [("P331", 3), ("P331", 4)]


def test_a_rule_may_only_remind() -> None:
    rule = {"left": "a", "op": "<", "right": "b"}
    table = schema(dict.fromkeys("ab", "integer"), rule, {**rule, "level": "warning"})
    assert [f.severity for f in found(table, [("2", "1")])] == ["error", "warning"]


@pytest.mark.parametrize(
    ("start", "end", "days", "late"),
    [
        ("2026-09-21", "2026-10-09", "8", False),
        ("2026-09-21", "2026-10-09", "7", True),
        ("2026-03-02", "2026-03-02", "1", False),
        ("2027-03-01", "2027-12-31", "1", False),
    ],
    ids=["over the National Day", "a day late", "on the day itself", "beyond the calendar nothing is said"],
)
def test_working_days_are_those_of_the_calendar(start: str, end: str, days: str, late: bool) -> None:
    """After 21 September 2026 come 22 to 24, 28 to 30, and 8 and 9 October: eight days."""
    fields = {"from": "date", "to": "date", "days": "integer"}
    table = schema(fields, {"from": "from", "to": "to", "within": "days", "unit": "工作日"})
    assert lines(table, (start, end, days)) == ([("P333", 2)] if late else [])


def test_the_unit_of_a_term_may_stand_in_the_row() -> None:
    fields = {"a": "date", "b": "date", "days": "integer", "unit": "string"}
    table = schema(fields, {"from": "a", "to": "b", "within": "days", "unit": "unit"})
    assert lines(table, ("2026-03-06", "2026-03-09", "1", "工作日"), ("2026-03-06", "2026-03-09", "1", "自然日")) == [
        ("P333", 3)
    ]


def test_each_missing_combination_is_told_once() -> None:
    table = schema(dict.fromkeys("abc", "string"), {"complete": ["a", "b"]})
    faults = found(table, [("甲", "2024", ""), ("乙", "2025", ""), ("丙", "2024", ""), ("丙", "2024", "")])
    assert [f.code for f in faults] == ["P334"] * 3
    assert [f.message.split("”")[0] for f in faults] == ["没有“丙，2025", "没有“乙，2024", "没有“甲，2025"]


def test_a_share_is_taken_exactly_and_of_no_rows_there_is_none() -> None:
    """Four of five are 0.8, although 0.8 is no binary number."""
    rule = {"share": {"column": "a", "in": ["是"]}, "op": ">=", "right": 0.8}
    table = schema({"a": "string"}, rule)
    assert found(table, [("是",)] * 4 + [("否",)]) == []
    assert [f.code for f in found(table, [("是",)] * 3 + [("否",)])] == ["P335"]
    assert found(table, []) == []


def test_a_fault_masks_what_must_not_be_read() -> None:
    """A number of an identity card in a cell that is quoted."""
    table = schema(dict.fromkeys("ab", "string"), {"left": "a", "op": "!=", "right": "b"})
    number = "11010519491231002X"
    assert number not in str(found(table, [(number, number)]))


# --- references -------------------------------------------------------------------------------------------------------

ITEMS = schema({"code": "string", "since": "date", "until": "date", "kind": "string"})
ROWS = [
    (2, ["1", "2020-01-01", "2021-12-31", "许可"]),
    (3, ["1", "2023-01-01", "", "许可"]),
    (4, ["2", "", "", "处罚"]),
]
TO = {"package": "items", "resource": "items", "fields": "code"}
USES = schema({"item": "string", "on": "date"})


def referring(value: dict[str, Any], *rows: Sequence[str]) -> list[tuple[str, int]]:
    reference = Reference.of(value)
    check = Referring(reference, Columns(USES), PATH, Known(reference, ITEMS, ROWS))
    faults = [f for line, row in enumerate(rows, 2) for f in check.row(line, row)]
    return [(f.code, f.line) for f in [*faults, *check.end()]]


def test_a_key_is_compared_as_it_is_written() -> None:
    """01 is not 1; an empty cell names nothing."""
    assert referring({"fields": "item", "reference": TO}, ("1", ""), ("01", ""), ("", "")) == [("P336", 3)]


@pytest.mark.parametrize(
    ("day", "held"),
    [
        ("2019-12-31", False),
        ("2020-01-01", True),
        ("2021-12-31", True),
        ("2022-06-01", False),
        ("2023-1-1", True),
        ("2099-01-01", True),
        ("", True),
    ],
)
def test_what_is_named_must_be_in_force_on_the_day(day: str, held: bool) -> None:
    """Listed until the end of 2021 and again from 2023 on; without a day there is nothing to ask."""
    value = {"fields": "item", "on": "on", "reference": {**TO, "from": "since", "to": "until"}}
    assert referring(value, ("1", day)) == ([] if held else [("P337", 2)])


def test_what_must_be_covered_is_told_where_nothing_names_it() -> None:
    value = {"fields": "item", "reference": TO, "covers": {"column": "kind", "in": ["许可", "处罚"]}}
    assert referring(value, ("1", "")) == [("P338", 0)]
    assert referring({**value, "covers": {"column": "kind", "in": ["许可"]}}, ("1", "")) == []


# --- pages ------------------------------------------------------------------------------------------------------------


def test_an_address_has_small_letters_digits_and_hyphens() -> None:
    slugs, faults = addresses([(2, "SLX-XK-001"), (3, "XK_002（甲）"), (4, "../v/1")], PATH, "code")
    assert slugs == {"SLX-XK-001": "slx-xk-001", "XK_002（甲）": "xk-002", "../v/1": "v-1"}
    assert faults == []


def test_the_last_rows_are_those_of_the_latest_days() -> None:
    """Thirty rows in no order: all are counted, the ten latest are kept, the latest first."""
    reference = Reference.of({"fields": "item", "on": "on", "reference": {**TO, "from": "since"}, "show": ["on"]})
    tally = Tally(reference, USES)
    for n in range(30):
        tally.add(("1", f"2026-03-{n * 7 % 30 + 1:02}"))
    count, rows = tally.mentions("uses", PATH, "").rows["1"]
    assert count == 30
    assert [row[-1] for row in rows] == [f"2026-03-{30 - n:02}" for n in range(SHOWN)]
