"""Rows of two tables, compared: the counts are those of sets and bags, whatever the order and the memory."""

from __future__ import annotations

import csv
import io
import json
import tracemalloc
from collections import Counter
from collections.abc import Sequence
from typing import IO, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plugins.formats.rowdiff import RowChanges, row_changes
from plugins.formats.versions import render_changes, render_csv
from plugins.formats.views import View

cells = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=3)
written = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\r"), max_size=5)
keyed = st.dictionaries(st.sampled_from("abcdefgh"), st.tuples(cells, cells), max_size=8)
bags = st.lists(st.lists(st.sampled_from(["", "a", "ab", "b"]), min_size=2, max_size=2), max_size=10)
few = st.sampled_from([1, 1000, 3000, 1 << 30])


def compared(old: list[list[str]], new: list[list[str]], key: Sequence[int], held: int, shown: int = 100) -> RowChanges:
    return row_changes(lambda: iter(old), lambda: iter(new), key, shown, held)


@settings(max_examples=300, deadline=None)
@given(keyed, keyed, st.randoms(use_true_random=False), few)
def test_with_a_key_the_counts_are_those_of_two_mappings(old: Any, new: Any, random: Any, held: int) -> None:
    """In any order, held in one row's memory or in all that there is: many passes or one."""
    held = max(held, 1000)
    rows = [[[k, *v] for k, v in side.items()] for side in (old, new)]
    for side in rows:
        random.shuffle(side)
    found = compared(rows[0], rows[1], [0], held)
    changed = {k for k in old.keys() & new.keys() if old[k] != new[k]}
    assert found.counts == {
        "added": len(new.keys() - old.keys()),
        "removed": len(old.keys() - new.keys()),
        "changed": len(changed),
    }
    assert (found.rows, found.earlier_rows) == (len(new), len(old))
    assert [row[0] for _, row in found.added] == [r[0] for r in rows[1] if r[0] not in old]
    assert [row[0] for _, row in found.removed] == [r[0] for r in rows[0] if r[0] not in new]
    assert [key for _, key, _ in found.changed] == [[r[0]] for r in rows[1] if r[0] in changed]
    for _, (key,), differing in found.changed:
        assert differing == [(n, a, b) for n, (a, b) in enumerate(zip(old[key], new[key], strict=True), 1) if a != b]


@settings(max_examples=300, deadline=None)
@given(bags, bags)
def test_without_a_key_the_counts_are_those_of_two_bags(old: list[list[str]], new: list[list[str]]) -> None:
    found = compared(old, new, [], 1 << 30)
    before, after = Counter(map(tuple, old)), Counter(map(tuple, new))
    assert found.counts == {"added": (after - before).total(), "removed": (before - after).total(), "changed": 0}
    assert Counter(tuple(row) for _, row in found.added) == after - before
    assert Counter(tuple(row) for _, row in found.removed) == before - after


def test_the_first_examples_are_shown_whatever_the_memory() -> None:
    """Every row is another, in the opposite order."""
    old = [[f"{n:04}", "a"] for n in range(1000)]
    new = [[f"{n:04}", "b"] for n in reversed(range(1000))]
    for held in (20_000, 1 << 30):
        found = compared(old, new, [0], held, shown=3)
        assert found.counts == {"added": 0, "removed": 0, "changed": 1000}
        assert [key for _, key, _ in found.changed] == [["0999"], ["0998"], ["0997"]]


def test_an_inserted_row_is_one_held_row() -> None:
    """Ten thousand rows, one more at the head."""
    old = [[str(n), "x" * 20] for n in range(10_000)]
    new = [["new", ""], *old]
    tracemalloc.start()
    found = compared(old, new, [0], 1 << 30)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert found.counts == {"added": 1, "removed": 0, "changed": 0}
    assert peak < 100_000


def test_memory_stays_below_what_was_allowed() -> None:
    """Two tables of five thousand rows in opposite orders: 2 MB held at once without passes."""
    old = [[f"{n:06}", "x" * 40] for n in range(5000)]
    new = [[*row] for row in reversed(old)]
    peaks = []
    for held in (1 << 30, 500_000):
        tracemalloc.start()
        assert not any(compared(old, new, [0], held).counts.values())
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 500_000 < peaks[0]


class Objects:
    """What an earlier job made, by name instead of hash."""

    def __init__(self, **data: bytes) -> None:
        self.data = data

    def opened(self, digest: str) -> IO[bytes]:
        return io.BytesIO(self.data[digest])

    def made(self, digest: str) -> bytes:
        return self.data[digest]

    def body(self, reference: View) -> str:
        raise AssertionError(reference)

    def file(self, reference: View) -> bytes:
        raise AssertionError(reference)


def table(name: str, *fields: str, key: Any = None, **dialect: Any) -> dict[str, Any]:
    """A table as a view names it; fields are `name` or `name:type`."""
    schema: dict[str, Any] = {
        "fields": [{"name": f.partition(":")[0], "type": f.partition(":")[2] or "string"} for f in fields]
    }
    schema |= {"primaryKey": key} if key else {}
    usual = {"delimiter": ",", "quoteChar": '"', "header": True, "skipInitialSpace": False}
    encoding = dialect.pop("encoding", "utf-8")
    resource = {"name": "t", "encoding": encoding, "dialect": usual | dialect, "schema": schema}
    return {"sha256": name, "resource": resource}


def changes(earlier: Any, later: Any, **data: bytes) -> dict[str, Any]:
    view = {"first": False, "tables": [{"earlier": earlier, "later": later}]}
    one: dict[str, Any] = json.loads(render_changes(view, Objects(**data)))
    return one


def test_another_encoding_and_other_marks_are_no_change_of_data() -> None:
    """The same cells in GB18030 with semicolons and without a header, then in UTF-8 with a byte order mark."""
    old = table("old", "a", "b", key="a", encoding="gb18030", delimiter=";", header=False)
    found = changes(
        old, table("new", "a", "b", key=["a"]),
        old='1;"甲;乙"\r\n2;丙\r\n'.encode("gb18030"), new="\ufeffa,b\n2,丙\n1,甲;乙\n".encode(),
    )  # fmt: skip
    assert {k: found[k] for k in ("rows", "earlier_rows", "added", "removed", "changed")} == {
        "rows": 2, "earlier_rows": 2, "added": 0, "removed": 0, "changed": 0,
    }  # fmt: skip
    assert found["tables"][0]["state"] == "same"


def test_rows_are_compared_by_the_columns_that_both_have() -> None:
    old, new = table("old", "a", "gone", "b:integer", key="a"), table("new", "b:number", "a", "more", key="a")
    found = changes(old, new, old=b"a,gone,b\n1,x,5\n2,y,6\n", new=b"b,a,more\n5,1,z\n7,2,z\n")["tables"][0]
    assert (found["changed"], found["added"], found["removed"], found["header"]) == (1, 0, 0, ["b", "a"])
    assert found["examples"]["changed"] == [{"key": ["2"], "cells": [{"column": "b", "earlier": "6", "later": "7"}]}]
    assert [c["name"] for c in found["columns"]["added"]] == ["more"]
    assert [c["name"] for c in found["columns"]["removed"]] == ["gone"]
    assert found["columns"]["changed"] == [{"name": "b", "earlier": {"type": "integer"}, "later": {"type": "number"}}]


def test_a_key_that_only_one_version_has_is_none() -> None:
    found = changes(table("old", "a", "b"), table("new", "a", "b", key="a"), old=b"a,b\n1,x\n", new=b"a,b\n1,y\n")
    assert (found["added"], found["removed"], found["changed"]) == (1, 1, 0)


def test_a_table_that_comes_or_goes_counts_all_its_rows() -> None:
    one = table("one", "a")
    assert changes(None, one, one=b"a\n1\n2\n")["added"] == 2
    assert changes(one, None, one=b"a\n1\n2\n")["removed"] == 2
    assert changes(one, one, one=b"a\n1\n2\n")["tables"][0]["state"] == "same"


def test_a_long_cell_is_cut_where_it_differs() -> None:
    long = "长" * 5000
    old, new = f"a,b\n1,{long}甲\n", f"a,b\n1,{long}乙\n"
    tables = [table(n, "a", "b", key="a") for n in ("old", "new")]
    found = changes(tables[0], tables[1], old=old.encode(), new=new.encode())["tables"][0]
    cell = found["examples"]["changed"][0]["cells"][0]
    assert cell["earlier"].rstrip("…").endswith("甲")
    assert cell["later"].rstrip("…").endswith("乙")
    assert len(cell["earlier"]) < 300


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(written, written), min_size=1))
def test_the_csv_of_a_version_holds_the_same_cells(rows: list[tuple[str, str]]) -> None:
    """Quotes, delimiters and line ends in cells; a lone CR is refused by the readers."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter="\t", quotechar="'", quoting=csv.QUOTE_ALL)
    writer.writerows(rows)
    view = table("one", "a", "b", delimiter="\t", quoteChar="'", header=False)
    made = render_csv(view, Objects(one=out.getvalue().encode()))
    assert list(csv.reader(io.StringIO(made.decode(), newline=""))) == [["a", "b"], *map(list, rows)]


@pytest.mark.parametrize("data", [b"a,b\n", b""])
def test_a_table_without_rows_is_compared_too(data: bytes) -> None:
    found = changes(table("old", "a", "b", key="a"), table("new", "a", "b", key="a"), old=data, new=b"a,b\n1,2\n")
    assert (found["added"], found["rows"], found["earlier_rows"]) == (1, 1, 0)
