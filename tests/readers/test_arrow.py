"""Strict text and typed columns: what is accepted means the same to the judge, everything else is refused."""

from __future__ import annotations

import io
import itertools
from pathlib import Path
from typing import Any

import frictionless
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plugins.models.package import Layout
from plugins.readers import arrow
from plugins.readers.arrow import NotPlainError, batches, strict, typed

NAMES = ["代码", "名称"]
CSV = '代码,名称\n01,甲镇\n02,"乙, ""镇"""\n03,\n'
ROWS = [["01", "甲镇"], ["02", '乙, "镇"'], ["03", ""]]


def rows(found: Any) -> list[list[str]]:
    return [list(row.values()) for batch in found for row in batch.to_pylist()]


def read(data: bytes, names: list[str] = NAMES, **layout: Any) -> list[list[str]]:
    return rows(strict(io.BytesIO(data), Layout(**layout), names))


@pytest.mark.parametrize(
    ("data", "layout"),
    [
        (CSV.encode(), {}),
        (CSV.encode().rstrip(b"\n"), {}),
        (CSV.replace("\n", "\r\n").encode(), {}),
        (b"\xef\xbb\xbf" + CSV.encode(), {"marked": True}),
        (CSV.encode("gbk"), {"encoding": "gbk"}),
        (CSV.encode("gb18030"), {"encoding": "gb18030"}),
        (CSV.replace('"', "|").replace(",", ";").replace("乙;", "乙,").replace("||镇||", '"镇"').encode(),
         {"delimiter": ";", "quote": "|"}),
        (CSV.encode().split(b"\n", 1)[1], {"header": False}),
    ],
    ids=["lf", "no end", "crlf", "marked", "gbk", "gb18030", "dialect", "headless"],
)  # fmt: skip
def test_a_plain_table_is_read_as_text(data: bytes, layout: dict[str, Any]) -> None:
    """Three rows in several forms."""
    assert read(data, **layout) == ROWS


@pytest.mark.parametrize(
    ("data", "layout"),
    [
        (b"", {}),
        ("代码,名称\n".encode(), {}),
        ("代码,名字\n01,甲镇\n".encode(), {}),
        ("代码,名称\n01\n".encode(), {}),
        ("代码,名称\n01,甲,乙\n".encode(), {}),
        ("代码,名称\n\n01,甲镇\n".encode(), {}),
        ("代码,名称\n01,甲镇\n\n".encode(), {}),
        ("代码,名称\n01,甲镇\n,\n".encode(), {}),
        ("代码,名称\r01,甲镇\r".encode(), {}),
        ("代码,名称\n01,甲\r镇\n".encode(), {}),
        ("代码,名称\n01,甲镇\r".encode(), {}),
        ("代码,名称\n01,甲\0镇\n".encode(), {}),
        ('代码,名称\n01,"甲镇\n'.encode(), {}),
        ('代码,名称\n01,"甲镇\n02,x"y\n'.encode(), {}),
        ("\ufeff\ufeff代码,名称\n01,甲镇\n".encode(), {"marked": True}),
        ("\ufeff代码,名称\n01,甲镇\n".encode("gb18030"), {"encoding": "gb18030"}),
        ("代码,名称\n01,甲镇\n".encode("gbk"), {}),
        ("代码,名称\n01,甲镇\n".encode() + b"\xff", {"encoding": "gbk"}),
        ("代码,名称\n01, 甲镇\n".encode(), {"skip_space": True}),
    ],
)  # fmt: skip
def test_what_parsers_read_in_several_ways_is_refused(data: bytes, layout: dict[str, Any]) -> None:
    """No row, another header, short and long rows, blank lines, lone CR, NUL, open quotes, marks, wrong bytes."""
    with pytest.raises(NotPlainError):
        read(data, **layout)


def test_rows_and_characters_across_pieces_are_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    """64 bytes at once: characters of three bytes, CR and LF, quotes with line ends, all cut somewhere."""
    monkeypatch.setattr(arrow, "BLOCK", 64)
    wanted = [[str(n), "镇" * (n % 7) + ('"\n' if n % 3 else "")] for n in range(200)]
    cells = ((n, '"' + text.replace('"', '""') + '"') for n, text in wanted)
    text = "代码,名称\r\n" + "".join(f"{n},{cell}\r\n" for n, cell in cells)
    for encoding in ("utf-8", "gb18030"):
        assert read(text.encode(encoding), encoding=encoding) == wanted


def test_memory_does_not_grow_with_the_file() -> None:
    """A file of 256 MB: the first batch comes when a quarter of it was read at most."""

    class Endless(io.RawIOBase):
        given = 0

        def read(self, size: int = -1) -> bytes:
            self.given += size
            return b"1,2\n" * (size // 4) if self.given < 256 << 20 else b""

    file = Endless()
    found = strict(file, Layout(header=False), NAMES)  # type: ignore[arg-type]
    assert next(found).num_rows > 1000
    assert file.given < 64 << 20
    assert sum(batch.num_rows for batch in found) > 60_000_000


def test_a_judged_table_that_is_not_plain_is_read_as_the_judge_does(tmp_path: Path) -> None:
    """Spaces after delimiters, and a quoted cell with a lone CR."""
    file = tmp_path / "t.csv"
    file.write_bytes('代码,名称\n01, "甲\r镇"\n'.encode())
    assert rows(batches(file, Layout(skip_space=True), NAMES)) == [["01", "甲\r镇"]]
    file.write_bytes(CSV.encode())
    assert rows(batches(file, Layout(), NAMES)) == rows(batches(file, Layout(plain=True), NAMES)) == ROWS


@pytest.mark.parametrize(
    ("field", "cells", "kind", "wanted"),
    [
        ({"type": "integer"}, ["-007", "9223372036854775807", ""], pa.int64(), [-7, 9223372036854775807, None]),
        ({"type": "number"}, ["1.5", "", "-2e3"], pa.float64(), [1.5, None, -2000.0]),
        ({"type": "number", "groupChar": ".", "decimalChar": ","}, ["1.234,5"], pa.float64(), [1234.5]),
        ({"type": "boolean"}, ["1", "FALSE", ""], pa.bool_(), [True, False, None]),
        ({"type": "boolean", "trueValues": ["是"], "falseValues": ["否"]}, ["否", "是"], pa.bool_(), [False, True]),
        ({"type": "year"}, ["0000", "2026"], pa.int32(), [0, 2026]),
        ({"type": "string", "missingValues": ["-"]}, ["", "-"], pa.string(), ["", None]),
        ({"type": "geopoint"}, ["1,2"], pa.string(), ["1,2"]),
    ],
)  # fmt: skip
def test_cells_become_typed(field: dict[str, Any], cells: list[str], kind: pa.DataType, wanted: list[Any]) -> None:
    found = typed(pa.array(cells), field, [""])
    assert found is not None
    assert found.type == kind
    assert found.to_pylist() == wanted


def test_days_and_times_become_typed() -> None:
    """The first and the last day there is, in three formats; a time of day."""
    for mark in "-/.":
        field = {"type": "date"} | ({} if mark == "-" else {"format": f"%Y{mark}%m{mark}%d"})
        found = typed(pa.array([f"0001{mark}01{mark}01", f"9999{mark}12{mark}31"]), field, [])
        assert [str(day) for day in found or ()] == ["0001-01-01", "9999-12-31"]
    for minutes in ("0001-01-01 00:00", "9999-12-31 23:59"):
        found = typed(pa.array([minutes]), {"type": "datetime", "format": "%Y-%m-%d %H:%M"}, [])
        assert [str(moment) for moment in found or ()] == [f"{minutes}:00"]
    for kind, cell in (("datetime", "2026-03-02 09:00:00"), ("time", "09:00:00")):
        assert [str(moment) for moment in typed(pa.array([cell]), {"type": kind}, []) or ()] == [cell]


FIELDS: list[dict[str, Any]] = [
    *({"name": "a", "type": kind} for kind in "integer number boolean date datetime time year string".split()),
    {"name": "a", "type": "number", "groupChar": ",", "decimalChar": "."},
    {"name": "a", "type": "number", "groupChar": ".", "decimalChar": ","},
    {"name": "a", "type": "date", "format": "%Y/%m/%d"},
    {"name": "a", "type": "boolean", "trueValues": ["是", "1"], "falseValues": ["否", "1"]},
    {"name": "a", "type": "integer", "bareNumber": False},
    *({"name": "a", "type": "datetime", "format": form} for form in ("%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S")),
]
PIECES = [
    *"0 1 12 2024 02 29 2024-02-29 09:00:00 T - + . , / : e x _ nan inf Z １ true 否 1.5 24:00:00 0000-01-01".split(),
    " ",
    "\n",
    "999999999999999999",
]


@settings(deadline=None)
@given(st.sampled_from(FIELDS), st.lists(st.sampled_from(PIECES), max_size=4).map("".join))
def test_what_is_typed_the_judge_reads_as_the_same_value(field: dict[str, Any], cell: str) -> None:
    """One cell put together from pieces of values, of any type."""
    found = typed(pa.array([cell]), field, [""])
    if found is None:
        return
    value, notes = frictionless.Schema.from_descriptor({"fields": [field]}).fields[0].read_cell(cell)
    assert not notes
    wanted = float(value) if field["type"] == "number" and value is not None else value
    assert found[0].as_py() == wanted


def test_every_cell_made_of_three_pieces_of_a_day_is_read_alike() -> None:
    """900 cells a type; most are no values."""
    for field in FIELDS[3:7]:
        judge = frictionless.Schema.from_descriptor({"fields": [field]}).fields[0]
        for cell in map("".join, itertools.product(PIECES, PIECES[4:20])):
            found = typed(pa.array([cell]), field, [])
            assert found is None or found[0].as_py() == judge.read_cell(cell)[0]


DAYS = "2024-02-29 2023-02-29 2024-2-29 20240229 2024/02/29 0000-01-01 0001-01-01 9999-12-31 2024-W09-4".split()
TIMES = "00:00 23:59 24:00 9:00 0900 00:60 00:00:00 23:59:59 23:59:60 24:00:00 00:00:0 00:00:00.5".split()
MARKS = ["T", " ", "t", "", "  ", "_", "\t"]
ZONES = ["", "Z", "+08:00", "+08", " "]


@pytest.mark.parametrize("field", [FIELDS[4], *FIELDS[-2:]], ids=lambda f: f.get("format", "default"))
def test_every_moment_made_of_a_day_a_mark_a_time_and_a_zone_is_read_alike(field: dict[str, Any]) -> None:
    """3,780 cells a format; few are accepted, and each as the judge reads it."""
    judge = frictionless.Schema.from_descriptor({"fields": [field]}).fields[0]
    accepted = 0
    for cell in map("".join, itertools.product(DAYS, MARKS, TIMES, ZONES)):
        if (found := typed(pa.array([cell]), field, [])) is not None:
            assert found[0].as_py() == judge.read_cell(cell)[0]
            accepted += 1
    assert accepted >= 6
