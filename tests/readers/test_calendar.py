"""The statutory calendar is read without trust; the product's own is a good data package."""

from __future__ import annotations

import csv
import json
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plugins.models.faults import has_errors
from plugins.readers.calendar import KINDS, PATH, read_calendar
from plugins.readers.package import read_package
from plugins.rules.workdays import Calendar
from tests.conftest import ROOT

OWN = ROOT / PATH
HEAD = "date,kind,name,notice\n"
GOOD = HEAD + "2026-01-01,休假,元旦,\n2026-01-04,上班,元旦,\n"
NAMES = {"元旦", "春节", "清明节", "劳动节", "端午节", "中秋节", "国庆节"}
VICTORY = "中国人民抗日战争暨世界反法西斯战争胜利70周年纪念日"


def found(tmp_path: Path, data: bytes | str) -> list[tuple[str, int]]:
    """The codes and lines of the faults of one file."""
    file = tmp_path / "workdays.csv"
    file.write_bytes(data.encode() if isinstance(data, str) else data)
    _, faults = read_calendar([file])
    assert all(f.path == PATH for f in faults)
    return [(f.code, f.line) for f in faults]


def own_rows() -> list[dict[str, str]]:
    with OWN.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_the_products_own_calendar_has_no_fault() -> None:
    rows, faults = read_calendar([OWN])
    assert faults == []
    assert rows == [(r["date"], r["kind"]) for r in own_rows()]


def test_frictionless_finds_the_package_valid() -> None:
    from frictionless import Package

    report = Package(str(OWN.parent / "datapackage.json")).validate()
    assert report.valid, report.flatten(["rowNumber", "fieldName", "type", "note"])


def test_the_package_passes_our_own_judge() -> None:
    package, faults = read_package(ROOT / "datasets", "workdays")
    assert faults == ()
    assert package is not None
    assert package.tables[0].primary_key == ("date",)


def test_the_days_stand_in_order_under_known_names() -> None:
    rows = own_rows()
    assert [r["date"] for r in rows] == sorted({r["date"] for r in rows})
    assert {name for r in rows for name in r["name"].split("、")} == NAMES | {VICTORY}


def test_a_notice_speaks_of_its_own_year_or_the_next() -> None:
    """国办发明电〔2025〕7号 arranges 2026, and the end of 2025 where New Year reaches back."""
    for row in own_rows():
        if row["notice"]:
            issued = int(row["notice"].split("〔")[1][:4])
            year = int(row["date"][:4]) + (row["date"][5:7] == "12")
            extra = row["name"] == VICTORY or row["notice"] in {"国办发明电〔2019〕3号", "国办发明电〔2020〕1号"}
            assert issued == year - (not extra), row


def test_the_description_says_what_an_empty_notice_means() -> None:
    text = json.loads((OWN.parent / "datapackage.json").read_text(encoding="utf-8"))["description"]
    assert "空白，表示该日所依据的文号没有核实" in text
    assert {r["date"][:4] for r in own_rows() if not r["notice"]} == {"2004", "2005"}


def test_a_site_extends_the_calendar(tmp_path: Path) -> None:
    """Two columns are enough; 2027 follows 2026."""
    (tmp_path / "workdays.csv").write_text("kind,date\n休假,2027-01-01\n休假,2026-01-04\n")
    rows, faults = read_calendar([OWN, tmp_path / "workdays.csv"])
    calendar = Calendar.of(rows)
    assert faults == []
    assert calendar.known("2027-12-31")
    assert not calendar.is_workday("2026-01-04")


@pytest.mark.parametrize("data", [GOOD.replace("\n", "\r\n"), GOOD.replace("休假", '"休假"'), GOOD.rstrip("\n")])
def test_other_forms_of_csv_are_read(tmp_path: Path, data: str) -> None:
    assert found(tmp_path, data) == []


@pytest.mark.parametrize(
    ("data", "faults"),
    [
        (GOOD.encode("gb18030"), [("F101", 2)]),
        (GOOD.encode("utf-16"), [("F101", 1)]),
        ("", [("P317", 1), ("P317", 1)]),
        ("日期,类型\n2026-01-01,休假\n", [("P317", 1), ("P317", 1)]),
        ("date;kind\n2026-01-01;休假\n", [("P317", 1), ("P317", 1)]),
        ("date,name\n2026-01-01,元旦\n", [("P317", 1)]),
        (HEAD + "2026-02-30,休假,,\n", [("P310", 2)]),
        (HEAD + "2026/01/01,休假,,\n", [("P310", 2)]),
        (HEAD + "20260101,休假,,\n", [("P310", 2)]),
        (HEAD + "2026-W01-1,休假,,\n", [("P310", 2)]),
        (HEAD + "２０２６-01-01,休假,,\n", [("P310", 2)]),
        (HEAD + "2026-01-01\n", [("P313", 2)]),
        (HEAD + "\n2026-01-01,休假,,\n", [("P320", 2)]),
        (HEAD + "2026-01-01,放假,,\n", [("P311", 2)]),
        (HEAD + "2026-01-01, 休假,,\n", [("P311", 2)]),
        (GOOD + "2026-01-01,上班,,\n", [("P321", 4)]),
        (HEAD + '2026-01-01,休假,"元旦\n', [("P326", 2)]),
        (HEAD + '2026-01-01,休假,"元旦"x,\n', [("P326", 2)]),
        (HEAD + "2026-01-01,休假,元\x00旦,\n", [("F102", 2)]),
        (HEAD + "2026-01-01,休假,元\u202e旦,\n", [("F102", 2)]),
    ],
    ids="gb18030 utf-16 empty chinese-labels semicolons no-kind no-such-day slashes compact week full-width short "
    "blank unknown-kind space twice open-quote after-quote nul bidi-override".split(),
)
def test_a_hostile_file_is_a_fault_and_no_exception(
    tmp_path: Path, data: bytes | str, faults: list[tuple[str, int]]
) -> None:
    assert found(tmp_path, data) == faults


def test_a_flood_of_faults_is_cut_at_a_hundred(tmp_path: Path) -> None:
    """50,000 wrong rows."""
    codes = [code for code, _ in found(tmp_path, HEAD + "x,y,,\n" * 50_000)]
    assert codes == ["P310"] * 100 + ["P304"]


def test_a_file_over_a_mebibyte_is_not_read(tmp_path: Path) -> None:
    assert found(tmp_path, GOOD + "#" * 1_048_576) == [("P210", 0)]


@pytest.mark.parametrize("kind", ["link", "folder", "fifo", "nothing"])
def test_what_is_no_file_is_a_fault(tmp_path: Path, kind: str) -> None:
    """A link to the good calendar, a folder, a pipe that would block, nothing at all."""
    path = tmp_path / "workdays.csv"
    if kind == "link":
        path.symlink_to(OWN)
    elif kind == "folder":
        path.mkdir()
    elif kind == "fifo":
        os.mkfifo(path)
    rows, faults = read_calendar([path])
    assert rows == []
    assert [f.code for f in faults] == ["P210"]


def test_right_rows_are_kept_beside_wrong_ones(tmp_path: Path) -> None:
    (tmp_path / "workdays.csv").write_text(GOOD + "x,休假,,\n")
    rows, faults = read_calendar([tmp_path / "workdays.csv"])
    assert rows == [("2026-01-01", "休假"), ("2026-01-04", "上班")]
    assert has_errors(faults)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda t: (HEAD + t).encode("utf-8", "replace")))
def test_whatever_is_read_makes_a_calendar(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    """Any bytes, and any text under the right header."""
    file = tmp_path_factory.getbasetemp() / "any.csv"
    file.write_bytes(data)
    rows, _ = read_calendar([file])
    calendar = Calendar.of(rows)
    assert all(calendar.is_workday(day) is KINDS[kind] for day, kind in rows if calendar.known(day))
