"""Figures and the checks beside the judge: the same however the rows are cut, and for cells that only he can read."""

from __future__ import annotations

import math
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plugins.readers import figures
from plugins.readers.figures import Figures
from plugins.readers.unjudged import Unjudged

PLAIN = (
    st.integers(-(10**6), 10**6).map(str)
    | st.decimals(-(10**6), 10**6, places=3).map(str)
    | st.sampled_from(["", "-0"])
)
ODD = (
    st.floats(allow_nan=True).map(repr) | st.integers(-(10**25), 10**25).map(str) | st.sampled_from(["+1", " 2", "1_0"])
)


def value(cells: list[str], sizes: list[int], kind: str = "number") -> dict[str, Any]:
    """The figures of `cells`, fed in pieces of these sizes, over and over."""
    found = Figures({"name": "a", "type": kind}, [""])
    at, turn = 0, 0
    while at < len(cells):
        size = sizes[turn % len(sizes)]
        found.feed(pa.array(cells[at : at + size], pa.string()))
        at, turn = at + size, turn + 1
    return found.value()


def plainly(cells: list[str]) -> dict[str, Any]:
    """The same the long way: whole numbers stay whole, sums are rounded once, what is not finite does not count."""
    present = [c for c in cells if c]
    counted: dict[str, Any] = {"missing": len(cells) - len(present), "distinct": len(set(present))}
    numbers = [int(c) if c.strip().lstrip("+-").isdecimal() else float(c) for c in present]
    numbers = [n for n in numbers if isinstance(n, int) or math.isfinite(n)]
    if not numbers:
        return counted
    counted |= {"min": repr(min(numbers)), "max": repr(max(numbers))}
    try:
        whole = all(isinstance(n, int) for n in numbers)
        return counted | {"mean": repr((sum(numbers) if whole else math.fsum(numbers)) / len(numbers))}
    except OverflowError:
        return counted | {"mean": ""}


@settings(deadline=None)
@given(st.lists(PLAIN, max_size=30), st.lists(st.integers(1, 9), min_size=1, max_size=3))
def test_plain_numbers_have_the_figures_that_python_finds(cells: list[str], sizes: list[int]) -> None:
    """Whole numbers and decimals, some cells empty, cut anywhere."""
    assert value(cells, sizes) == plainly(cells)


@settings(deadline=None)
@given(st.lists(PLAIN | ODD, max_size=12), st.lists(st.integers(1, 5), min_size=1, max_size=3))
def test_odd_numbers_among_plain_ones_count_as_python_reads_them(cells: list[str], sizes: list[int]) -> None:
    """Infinities, 25 digits, signs, spaces: counts and extremes are equal, means but for a huge integer's rounding."""
    found, wanted = value(cells, sizes), plainly(cells)
    assert {k: v for k, v in found.items() if k != "mean"} == {k: v for k, v in wanted.items() if k != "mean"}
    if wanted.get("mean"):
        assert float(found["mean"]) == pytest.approx(float(wanted["mean"]), rel=1e-12)


def test_what_is_no_number_to_python_leaves_counts_only() -> None:
    """A currency sign in the second piece."""
    assert value(["1", "2", "5 元"], [2]) == {"missing": 0, "distinct": 3}


def test_different_cells_are_counted_over_all_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten thousand cells of three values, then ten thousand different ones, with little room to keep them."""
    monkeypatch.setattr(figures, "_KEPT", 1000)
    cells = [str(n % 3) for n in range(10_000)] + [str(n) for n in range(10_000)]
    assert value(cells, [700], "string") == {"missing": 0, "distinct": 10_000}


def fed(schema: dict[str, Any], rows: list[list[str]]) -> list[tuple[str, int]]:
    """The faults of a table, whose rows are fed two by two."""
    found = Unjudged(schema, 2)
    names = [f["name"] for f in schema["fields"]]
    for at in range(0, len(rows), 2):
        columns = [pa.array(column, pa.string()) for column in zip(*rows[at : at + 2], strict=True)]
        found.feed(pa.RecordBatch.from_arrays(columns, names=names))
    return [(f.code, f.line) for f in found.faults("datasets/x/t.csv")]


FIELDS = [{"name": "a", "type": "integer"}, {"name": "b", "type": "number"}]


def test_unique_keys_are_compared_as_values_even_where_only_the_judge_reads_them() -> None:
    """`01` and ` 1` are one integer, `1.0` and `1` one number; a missing value makes no key."""
    schema = {"fields": FIELDS, "uniqueKeys": [["a", "b"]]}
    rows = [["01", "1.0"], ["1", "2"], [" 1", "1"], ["", "1"], ["", "1"]]
    assert fed(schema, rows) == [("P328", 4)]
    assert fed(schema, rows[:2] + rows[3:]) == []


def test_categories_are_compared_as_values() -> None:
    """Integers with a leading zero or a space; a missing value is in no category and need not be."""
    schema = {"fields": [FIELDS[0] | {"categories": [1, {"value": 2, "label": "二"}]}, FIELDS[1]]}
    assert fed(schema, [["01", "1"], ["", "1"], [" 2", "1"], ["3", "1"]]) == [("P329", 5)]


def test_a_hundred_faults_of_one_key_are_enough() -> None:
    schema = {"fields": FIELDS, "uniqueKeys": [["a"]]}
    found = fed(schema, [["1", "1"]] * 200)
    assert [code for code, _ in found].count("P328") == 100
    assert found[-1] == ("P304", 0)


def test_cells_that_a_spreadsheet_would_run_are_told_once_a_column() -> None:
    """Formulas in two pieces; a number with its sign and a dash are none, and a column may say that it holds text."""
    schema = {"fields": [{"name": "a"}, {"name": "b", "type": "integer"}]}
    for sign in "=@＝＠\t\r":
        assert fed(schema, [[f"{sign}x", "1"]]) == [("P350", 2)]
    for sign in "+-＋－":
        assert fed(schema, [[f"{sign}cmd", "1"], [f"{sign}５", "1"], [sign, "1"]]) == [("P350", 2)]
    assert fed({"fields": [{"name": "a", "cn:formulas": True}, schema["fields"][1]]}, [["=1+1", "1"]]) == []
    assert fed(schema, [["-5", "1"], ["-", "1"], ["+8613", "1"], ["=1+1", "1"], ["@x", "1"]]) == [("P350", 5)]
