"""The published forms of tables: what is in them, as the libraries of others read it."""

from __future__ import annotations

import csv
import datetime
import decimal
import json
import sqlite3
from pathlib import Path
from typing import Any

import duckdb
import frictionless
import openpyxl
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from plugins.views import forms
from tests.formed import one, package, publish

TYPED = "文字,整数,小数,是非,日期,时刻,时间,年\n"
FIELDS = [
    {"name": "文字", "type": "string"},
    {"name": "整数", "type": "integer"},
    {"name": "小数", "type": "number"},
    {"name": "是非", "type": "boolean"},
    {"name": "日期", "type": "date"},
    {"name": "时刻", "type": "datetime"},
    {"name": "时间", "type": "time"},
    {"name": "年", "type": "year"},
]
ROWS = (
    '"甲, ""乙""",1,0.10,true,2024-02-29,2024-02-29T08:30:00,08:30:00,2024\n'
    "缺,-,-,-,-,-,-,-\n"
    "001,-7,-12.5,false,1899-12-31,1900-01-01T00:00:00,23:59:59,1949\n"
)


def lines(folder: Path, table: str = "t") -> list[dict[str, Any]]:
    """The NDJSON, decimals as they are written."""
    text = (folder / f"files/{table}.ndjson").read_text()
    return [json.loads(line, parse_float=decimal.Decimal) for line in text.split("\n")[:-1]]


def sheet(folder: Path) -> list[tuple[Any, ...]]:
    book = openpyxl.load_workbook(folder / "files/t.xlsx")
    return [tuple(cell.value for cell in row) for row in book.worksheets[0].iter_rows()]


def base(folder: Path, query: str, name: str = "towns") -> list[tuple[Any, ...]]:
    with sqlite3.connect(folder / f"files/{name}.sqlite") as connection:
        return connection.execute(query).fetchall()


@pytest.fixture
def typed(tmp_path: Path) -> Path:
    return one(tmp_path, TYPED + ROWS, FIELDS, missingValues=["", "-"])


def test_the_original_is_published_byte_for_byte(typed: Path) -> None:
    assert (typed / "t.csv").read_text() == TYPED + ROWS


def test_csv_keeps_every_cell_and_what_stands_for_missing_ones(tmp_path: Path) -> None:
    r"""GB18030, semicolons, CRLF, needless quotes, a cell with a line break"""
    text = '名称;数\r\n"甲";"-"\r\n"乙\r\n二";=1+1\r\n丙,丁;" 3"\r\n'
    fields = [{"name": "名称"}, {"name": "数", "cn:formulas": True}]
    schema = {"t": {"fields": fields, "missingValues": ["-"]}}
    found = package(tmp_path, {"t": text.encode("gb18030")}, schema, encoding="gb18030", dialect={"delimiter": ";"})
    folder = publish(tmp_path, found)
    expected = '名称,数\n甲,-\n"乙\r\n二",=1+1\n"丙,丁", 3\n'
    assert (folder / "files/t.csv").read_bytes() == expected.encode()
    assert (folder / "files/t.excel.csv").read_bytes() == expected.encode("utf-8-sig")
    assert (folder / "t.csv").read_bytes() == text.encode("gb18030")


def test_csv_of_a_table_without_header_has_one(tmp_path: Path) -> None:
    schema = {"t": {"fields": [{"name": "a"}, {"name": "b"}]}}
    folder = publish(tmp_path, package(tmp_path, {"t": "1,2\n"}, schema, dialect={"header": False}))
    assert (folder / "files/t.csv").read_text() == "a,b\n1,2\n"


def test_json_has_digits_as_written_null_for_missing_and_iso_days(typed: Path) -> None:
    text = (typed / "files/t.ndjson").read_text().split("\n")
    assert text[0] == (
        '{"文字":"甲, \\"乙\\"","整数":1,"小数":0.10,"是非":true,"日期":"2024-02-29","时刻":"2024-02-29T08:30:00",'
        '"时间":"08:30:00","年":2024}'
    )
    assert list(json.loads(text[1]).values()) == ["缺", *[None] * 7]
    assert json.loads(text[2])["文字"] == "001"


def test_xlsx_has_types_and_text_stays_text(typed: Path) -> None:
    header, first, second, third = sheet(typed)
    assert header == tuple(f["name"] for f in FIELDS)
    day, moment = map(datetime.datetime.fromisoformat, ("2024-02-29", "2024-02-29T08:30:00"))
    clock = datetime.time(8, 30)
    assert first == ('甲, "乙"', 1, 0.1, True, day, moment, clock, 2024)
    assert second == ("缺", *[None] * 7)
    assert third[0] == "001"
    assert third[4:6] == ("1899-12-31", "1900-01-01T00:00:00")


def test_xlsx_holds_no_formula(tmp_path: Path) -> None:
    """=1+1 and its kin, in text columns"""
    cells = ["=1+1", "+86", "-x", "@SUM(A1)", "=cmd|'/c calc'!A0"]
    folder = one(tmp_path, "a\n" + "".join(f"{c}\n" for c in cells), [{"name": "a", "cn:formulas": True}])
    book = openpyxl.load_workbook(folder / "files/t.xlsx")
    found = [cell for (cell,) in book.worksheets[0].iter_rows(min_row=2)]
    assert [cell.value for cell in found] == cells
    assert {cell.data_type for cell in found} <= {"s", "inlineStr"}
    assert (folder / "files/t.excel.csv").read_text("utf-8-sig").split("\n")[1:-1] == cells


def test_xlsx_keeps_spaces_markup_and_what_looks_like_an_escape(tmp_path: Path) -> None:
    cells = [" a ", "<b>&amp;</b>", "_x0041_", "a\nb"]
    folder = one(tmp_path, "a\n" + "".join(f'"{c}"\n' for c in cells), [{"name": "a"}])
    assert [row[0] for row in sheet(folder)[1:]] == [" a ", "<b>&amp;</b>", "_x005F_x0041_", "a\nb"]


def test_a_cell_that_excel_cannot_hold_leaves_the_xlsx_out(tmp_path: Path) -> None:
    folder = one(tmp_path, "a\n" + "长" * 32_768 + "\n", [{"name": "a"}])
    assert not (folder / "files/t.xlsx").exists()
    assert (folder / "files/t.parquet").exists()


def test_the_longest_cell_that_excel_holds_is_in_the_xlsx(tmp_path: Path) -> None:
    folder = one(tmp_path, "a\n" + "长" * 32_767 + "\n", [{"name": "a"}])
    assert sheet(folder)[1] == ("长" * 32_767,)


def test_a_whole_number_beyond_64_bits_makes_its_column_text(tmp_path: Path) -> None:
    """One cell of 20 digits among others"""
    folder = one(tmp_path, "a\n+5\n12345678901234567890\n", [{"name": "a", "type": "integer"}])
    assert lines(folder) == [{"a": "5"}, {"a": "12345678901234567890"}]
    assert pq.read_table(folder / "files/t.parquet").to_pylist() == lines(folder)
    assert base(folder, "SELECT a, typeof(a) FROM t") == [("5", "text"), ("12345678901234567890", "text")]
    assert [row[0] for row in sheet(folder)[1:]] == ["5", "12345678901234567890"]


def test_sixteen_digits_are_text_in_json_and_xlsx_and_a_number_elsewhere(tmp_path: Path) -> None:
    folder = one(tmp_path, "a,b\n9007199254740993,999999999999999\n", [{"name": n, "type": "integer"} for n in "ab"])
    assert lines(folder) == [{"a": "9007199254740993", "b": 999_999_999_999_999}]
    assert sheet(folder)[1] == ("9007199254740993", 999_999_999_999_999)
    assert pq.read_table(folder / "files/t.parquet").to_pylist() == [{"a": 9007199254740993, "b": 999999999999999}]
    assert base(folder, "SELECT a FROM t") == [(9007199254740993,)]


def test_moments_with_a_zone_are_text_in_iso_8601(tmp_path: Path) -> None:
    text = "a\n2024-02-29T08:30:00Z\n2024-02-29T08:30:00.5\n"
    folder = one(tmp_path, text, [{"name": "a", "type": "datetime"}])
    assert lines(folder) == [{"a": "2024-02-29T08:30:00+00:00"}, {"a": "2024-02-29T08:30:00.500000"}]


@pytest.mark.parametrize(
    ("kind", "cell", "written"),
    [
        ({"type": "integer"}, " 1_000", "1000"),
        ({"type": "integer"}, "１２", "12"),
        ({"type": "integer"}, "00012", "12"),
        ({"type": "integer", "bareNumber": False}, "10元", "10"),
        ({"type": "number"}, ".5", "0.5"),
        ({"type": "number"}, "1_000.50", "1000.50"),
        ({"type": "number"}, "0.1234567890123456789", "0.1234567890123456789"),
        ({"type": "number"}, "NaN", '"NaN"'),
        ({"type": "number"}, "-inf", '"-INF"'),
        ({"type": "number", "groupChar": ",", "decimalChar": "."}, '"1,234.50"', "1234.50"),
        ({"type": "number", "groupChar": ".", "decimalChar": ","}, '"1.234,5"', "1234.5"),
        ({"type": "boolean", "trueValues": ["是"], "falseValues": ["否"]}, "是", "true"),
        ({"type": "date", "format": "%d/%m/%Y"}, "29/02/2024", '"2024-02-29"'),
        ({"type": "yearmonth"}, "2024-02", '"2024-02"'),
        ({"type": "object"}, '"{""a"": 1}"', '"{\\"a\\": 1}"'),
        ({"type": "string", "missingValues": ["无"]}, "无", "null"),
    ],
)
def test_cells_mean_what_the_judge_takes_them_for(
    tmp_path: Path, kind: dict[str, Any], cell: str, written: str
) -> None:
    text = f"a,b\n{cell},1\n"
    schemas = {"t": {"fields": [{"name": "a", **kind}, {"name": "b"}], "$schema": forms_schema()}}
    folder = publish(tmp_path, package(tmp_path, {"t": text}, schemas))
    assert (folder / "files/t.ndjson").read_text() == f'{{"a":{written},"b":"1"}}\n'


def forms_schema() -> str:
    return "https://datapackage.org/profiles/2.0/tableschema.json"


def test_control_characters_and_separators_survive_in_json(tmp_path: Path) -> None:
    cell = 'a\tb\\c"d\u2028\x7f'
    folder = one(tmp_path, 'a\n"' + cell.replace('"', '""') + '"\n', [{"name": "a"}])
    assert lines(folder) == [{"a": cell}]


def test_pages_of_json_are_a_thousand_rows_of_the_ndjson(tmp_path: Path) -> None:
    """2,001 rows"""
    folder = one(tmp_path, "a\n" + "".join(f"{n}\n" for n in range(2001)), [{"name": "a", "type": "integer"}])
    pages = [json.loads((folder / f"files/t/{n}.json").read_text()) for n in (1, 2, 3)]
    assert [len(page) for page in pages] == [1000, 1000, 1]
    assert [row for page in pages for row in page] == lines(folder)
    assert not (folder / "files/t/4.json").exists()


def test_a_last_page_that_is_full_is_followed_by_none(tmp_path: Path) -> None:
    folder = one(tmp_path, "a\n" + "".join(f"{n}\n" for n in range(1000)), [{"name": "a", "type": "integer"}])
    assert len(json.loads((folder / "files/t/1.json").read_text())) == 1000
    assert not (folder / "files/t/2.json").exists()


def test_parquet_is_sorted_by_key_in_groups_with_statistics_and_index(tmp_path: Path) -> None:
    """25,000 rows backwards"""
    text = "k,v\n" + "".join(f"{n},x\n" for n in range(25_000, 0, -1))
    folder = one(tmp_path, text, [{"name": "k", "type": "integer"}, {"name": "v"}], primaryKey="k")
    file = pq.ParquetFile(folder / "files/t.parquet")
    assert [file.metadata.row_group(n).num_rows for n in range(3)] == [10_000, 10_000, 5000]
    column = file.metadata.row_group(1).column(0)
    assert (column.statistics.min, column.statistics.max, column.compression) == (10_001, 20_000, "SNAPPY")
    assert column.has_column_index
    assert column.has_offset_index
    assert file.read()["k"].to_pylist() == list(range(1, 25_001))
    assert lines(folder)[0]["k"] == 25_000


def test_sqlite_has_types_and_keys(tmp_path: Path) -> None:
    """Two tables, one refers to the other and to itself"""
    code = {"name": "代码", "type": "string"}
    schemas = {
        "towns": {"fields": [code, {"name": "上级"}], "primaryKey": "代码"},
        "halls": {
            "fields": [{"name": "id", "type": "integer"}, {"name": "town"}, {"name": "opened", "type": "date"}],
            "primaryKey": ["id"],
            "foreignKeys": [{"fields": "town", "reference": {"resource": "towns", "fields": "代码"}}],
        },
    }
    schemas["towns"]["foreignKeys"] = [{"fields": ["上级"], "reference": {"resource": "", "fields": ["代码"]}}]
    tables = {"towns": "代码,上级\n01,\n02,01\n", "halls": "id,town,opened\n1,02,2024-02-29\n"}
    folder = publish(tmp_path, package(tmp_path, tables, schemas))
    assert base(folder, "PRAGMA table_info(halls)") == [
        (0, "id", "INTEGER", 0, None, 1),
        (1, "town", "TEXT", 0, None, 0),
        (2, "opened", "DATE", 0, None, 0),
    ]
    assert [row[2:5] for row in base(folder, "PRAGMA foreign_key_list(halls)")] == [("towns", "town", "代码")]
    assert [row[2:5] for row in base(folder, "PRAGMA foreign_key_list(towns)")] == [("towns", "上级", "代码")]
    assert base(folder, "PRAGMA foreign_key_check") == []
    assert base(folder, "PRAGMA integrity_check") == [("ok",)]
    assert base(folder, "SELECT * FROM halls JOIN towns ON town = 代码") == [(1, "02", "2024-02-29", "02", "01")]


def test_sqlite_takes_names_that_differ_in_case_only(tmp_path: Path) -> None:
    folder = one(tmp_path, 'ID,id,"a""b"\n1,2,3\n', [{"name": "ID"}, {"name": "id"}, {"name": 'a"b'}])
    assert [row[1] for row in base(folder, "PRAGMA table_info(t)")] == ["ID", "id_2", 'a"b']


def test_a_key_over_decimals_that_are_one_double_is_not_declared(tmp_path: Path) -> None:
    text = "a\n0.1\n0.1000000000000000000001\n"
    folder = one(tmp_path, text, [{"name": "a", "type": "number"}], primaryKey="a")
    assert base(folder, "SELECT count(*) FROM t") == [(2,)]


def test_names_that_are_no_file_names_become_numbers(tmp_path: Path) -> None:
    names = ("乡镇", "x.csv", "T", "table-1")
    found = package(tmp_path, dict.fromkeys(names, "a\n1\n"), {key: {"fields": [{"name": "a"}]} for key in names})
    assert forms.stems(found) == ["table-1", "table-2", "T", "table-4"]
    folder = publish(tmp_path, found)
    assert (folder / "files/table-1.csv").exists()
    assert (folder / "files/table-4/1.json").exists()


@pytest.mark.parametrize("key", [["k"], []])
def test_a_large_table_is_a_partitioned_set_that_others_read_as_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, key: list[str]
) -> None:
    """30,000 rows in an order of their own, at most 10,000 in a part, ties in the first column of the key"""
    import dask.dataframe as dd
    import pyarrow.dataset as ds

    monkeypatch.setattr(forms, "WHOLE_ROWS", 10_000)
    rows = [(n * 7919 % 30_000, n % 3) for n in range(30_000)]
    text = "k,v\n" + "".join(f"{k},{v}\n" for k, v in rows)
    fields = [{"name": "k", "type": "integer"}, {"name": "v", "type": "integer"}]
    folder = one(tmp_path, text, fields, **({"primaryKey": key} if key else {}))
    home = folder / "files/t.parquet"
    files = sorted(home.glob("part=*/data.parquet"))
    assert [str(f.relative_to(home)) for f in files] == [f"part={n:04d}/data.parquet" for n in range(3)]
    expected = sorted(rows) if key else rows
    got = [tuple(row.values()) for file in files for row in pq.ParquetFile(file).read().to_pylist()]
    assert got == expected
    table = ds.dataset(home, partitioning="hive").to_table()
    assert (table.num_rows, table.column_names) == (30_000, ["k", "v", "part"])
    frame = dd.read_parquet(str(home))
    assert (len(frame), int(frame["k"].sum().compute())) == (30_000, sum(k for k, _ in rows))
    count = duckdb.sql(f"SELECT count(*), sum(k), count(DISTINCT part) FROM read_parquet('{home}/*/*.parquet')")
    assert count.fetchall() == [(30_000, sum(k for k, _ in rows), 3)]


CELLS = {
    "string": st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\r\n"), min_size=1, max_size=8),
    "integer": st.integers().map(str) | st.from_regex(r"\A ?[+-]?[0-9_]{1,20}\Z"),
    "number": st.decimals(allow_nan=True).map(str)
    | st.from_regex(r"\A[+-]?[0-9]{0,5}\.?[0-9]{0,5}([eE][0-9]{1,2})?\Z"),
    "boolean": st.sampled_from(["true", "False", "1", "0"]),
    "date": st.dates().map(str) | st.from_regex(r"\A20[0-9]{2}-[0-9]{1,2}-[0-9]{1,2}\Z"),
    "datetime": st.datetimes().map(lambda d: d.isoformat()),
    "time": st.times().map(lambda t: t.isoformat("seconds")),
    "year": st.integers(0, 9999).map(lambda y: f"{y:04}"),
}


@given(data=st.data())
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@pytest.mark.parametrize("kind", CELLS)
def test_every_form_says_of_a_cell_what_frictionless_says(
    tmp_path_factory: pytest.TempPathFactory, kind: str, data: st.DataObject
) -> None:
    """Columns of cells that frictionless accepts"""
    field = frictionless.Field.from_descriptor({"name": "a", "type": kind})
    accepted = CELLS[kind].filter(lambda cell: field.read_cell(cell)[1] is None)
    cells = data.draw(st.lists(accepted, min_size=20, max_size=40))
    text = "n,a\n" + "".join(f"{n},{quoted(cell)}\n" for n, cell in enumerate(cells))
    folder = one(
        tmp_path_factory.mktemp("t"),
        text,
        [{"name": "n", "type": "integer"}, {"name": "a", "type": kind, "cn:formulas": True}],
    )
    read = [field.read_cell(cell)[0] for cell in cells]
    assert [as_text(row["a"], kind) for row in lines(folder)] == [as_text(value, kind) for value in read]
    parquet = pq.read_table(folder / "files/t.parquet")["a"].to_pylist()
    assert [rounded(value, kind) for value in parquet] == [rounded(value, kind) for value in read]
    with (folder / "files/t.csv").open(newline="") as file:
        assert [row[1] for row in csv.reader(file)] == ["a", *cells]
    assert [row[0] for row in base(folder, "SELECT count(*) FROM t")] == [len(cells)]


def quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"'


def as_text(value: Any, kind: str) -> Any:
    """A value of frictionless, or of JSON, as text that can be compared."""
    if value is None or kind == "boolean":
        return value
    if kind == "number":
        number = decimal.Decimal(value)
        if number.is_nan():
            return "NaN"
        return number if number.is_finite() else str(number).upper().replace("INFINITY", "INF")
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def rounded(value: Any, kind: str) -> Any:
    if value is None or kind != "number":
        return as_text(value, kind)
    return "nan" if decimal.Decimal(value).is_nan() else repr(float(value))
