"""The fast accept: never what frictionless refuses, nearly all of what it accepts, and without loading it."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from benchmarks.mutants import Outcome, mutant, outcome
from plugins.models.faults import has_errors
from plugins.readers.accept import Verdict, accept
from plugins.readers.datafile import inventory
from plugins.readers.descriptor import parse_descriptor
from plugins.readers.judge import judges_package, report
from plugins.readers.package import evidence_of, read_package
from plugins.release import ledger_file
from plugins.release.ledger import Entry, serialise

ROOT = Path(__file__).resolve().parents[2]
V2 = "https://datapackage.org/profiles/2.0/datapackage.json"


def package(folder: Path, table: dict[str, Any], csv: str, **more: Any) -> Path:
    """`folder/towns` with one table, whose schema is `table`, and another of two rows to refer to."""
    (folder / "towns").mkdir(exist_ok=True)
    codes = {"fields": [{"name": "代码", "type": "integer"}, {"name": "县"}]}
    value = {
        "name": "towns",
        "title": "乡镇",
        "licenses": [{"name": "CC0-1.0"}],
        "contributors": [{"title": "县统计局", "role": "publisher"}],
        "resources": [
            {"name": "t", "path": "t.csv", "schema": table} | more.pop("resource", {}),
            {"name": "codes", "path": "codes.csv", "schema": codes},
        ],
    }
    (folder / "towns/datapackage.json").write_text(json.dumps(value | more))
    (folder / "towns/t.csv").write_text(csv, newline="")
    (folder / "towns/codes.csv").write_text("代码,县\n1,甲\n2,乙\n")
    return folder / "towns"


def verdict(folder: Path) -> Verdict:
    """What the fast accept says of the first table; where it accepts, frictionless does too."""
    descriptor, faults = parse_descriptor((folder / "datapackage.json").read_bytes(), "towns")
    assert descriptor is not None, faults
    evidence = evidence_of(folder, inventory(folder), "towns", descriptor, faults)
    assert not has_errors(faults), faults
    found = accept(folder, evidence)[0]
    if not found.reason:
        rows, errors = report(judges_package(folder, evidence), 0, "", evidence[0].source, {})
        assert (rows, errors) == (found.rows, [])
    return found


def field(kind: str, form: str = "default", **constraints: Any) -> dict[str, Any]:
    return {"fields": [{"name": "a", "type": kind, "format": form, "constraints": constraints}, {"name": "b"}]}


def csv(*cells: str) -> str:
    return "a,b\n" + "".join(f"{cell},x\n" for cell in cells)


MINUTES, SECONDS = "%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S"
KEY = {"fields": [{"name": "a", "type": "integer"}, {"name": "b"}]}
ACCEPTED: list[tuple[dict[str, Any], str]] = [
    (field("integer", minimum=1, maximum=3, enum=[1, 2, 3], unique=True, required=True), csv("1", "02", "3")),
    (field("number", minimum=0, maximum=100, enum=[0, "0.1", 100]), csv("0", "100.0", "0.10", "-0")),
    (field("date", minimum="2024-01-01", maximum="2024-12-31"), csv("2024-01-01", "", "2024-12-31")),
    (field("datetime", minimum="2024-01-01T00:00:00"), csv("2024-01-01 00:00:00")),
    (
        field("datetime", MINUTES, minimum="2024-01-01 00:00", required=True),
        csv("2024-01-01 00:00", "2024-02-29 23:59"),
    ),
    (field("datetime", SECONDS, maximum="2024-01-01 00:00:01"), csv("2024-01-01 00:00:01", "")),
    (field("time", maximum="12:00:00"), csv("12:00:00")),
    (field("year", minimum=1949, maximum="2026"), csv("1949", "2026")),
    (field("yearmonth", minimum="2024-01", enum=["2024-01", "2024-12"]), csv("2024-01", "", "2024-12")),
    (field("boolean", enum=[True]), csv("true", "1")),
    (field("string", minLength=1, maxLength=2, pattern="甲.|乙"), csv("甲镇", "乙", "甲乙")),
    (field("any", required=True), csv("1", "甲")),
    (KEY | {"primaryKey": ["a", "b"]}, "a,b\n1,x\n1,y\n"),
    (KEY | {"foreignKeys": [{"fields": "a", "reference": {"resource": "codes", "fields": "代码"}}]}, csv("1", "2", "")),
    (
        KEY | {"foreignKeys": [{"fields": ["a", "b"], "reference": {"resource": "codes", "fields": ["代码", "县"]}}]},
        "a,b\n2,乙\n1,甲\n",
    ),
]
DOUBTED: list[tuple[dict[str, Any], str]] = [
    (field("integer", maximum=2), csv("3")),
    (field("integer", unique=True), csv("1", "01")),
    (field("integer", enum=[1, 2]), csv("3")),
    (field("integer"), csv(" 1")),
    (field("number", maximum=1), csv("1.00000000000000001")),
    (field("number", maximum=1), csv("1.01")),
    (field("number", unique=True), csv("0.0", "-0.0")),
    (field("number"), csv("NaN")),
    (field("date", minimum="2024-01-01"), csv("2023-12-31")),
    (field("date"), csv("2023-02-29")),
    (field("datetime"), csv("2024-01-01T00:00:00Z")),
    (field("datetime", MINUTES, minimum="2024-01-01 00:01"), csv("2024-01-01 00:00")),
    (field("datetime", MINUTES), csv("2024-01-01T00:00")),
    (field("datetime", MINUTES), csv("2024-01-01 24:00")),
    (field("datetime", MINUTES), csv("2024-02-30 00:00")),
    (field("datetime", SECONDS), csv("2024-01-01T00:00:00")),
    (field("datetime", "%d.%m.%Y %H:%M"), csv("01.01.2024 00:00")),
    (field("string", required=True), csv("")),
    (field("string", maxLength=1), csv("甲镇")),
    (field("string", pattern="[0-9]"), csv("１")),
    (field("yearmonth"), csv("2024-1")),
    (field("yearmonth"), csv("2024-13")),
    (field("yearmonth", maximum="2024-12"), csv("2025-01")),
    (field("duration"), csv("P1D")),
    (KEY | {"primaryKey": "a"}, csv("1", "")),
    (KEY | {"primaryKey": ["a", "b"]}, "a,b\n1,x\n01,x\n"),
    (KEY, csv("1", "2") + ",\n"),
    (KEY | {"foreignKeys": [{"fields": "a", "reference": {"resource": "codes", "fields": "代码"}}]}, csv("3")),
    (KEY | {"foreignKeys": [{"fields": "b", "reference": {"resource": "codes", "fields": "代码"}}]}, "a,b\n1,1\n"),
]


@pytest.mark.parametrize(("table", "text"), ACCEPTED)
def test_what_is_certain_is_accepted(table: dict[str, Any], text: str, tmp_path: Path) -> None:
    """Types with all their constraints, bounds that are just met, keys of one column and of two."""
    assert verdict(package(tmp_path, table, text)) == Verdict(text.count("\n") - 1)


@pytest.mark.parametrize(("table", "text"), DOUBTED)
def test_what_is_wrong_or_doubtful_is_left_to_the_judge(table: dict[str, Any], text: str, tmp_path: Path) -> None:
    assert verdict(package(tmp_path, table, text)).reason


def test_sums_are_compared(tmp_path: Path) -> None:
    """The right size and hash, then each of them wrong."""
    text = csv("1")
    right: dict[str, Any] = {"bytes": len(text)}
    right["hash"] = hashlib.md5(text.encode()).hexdigest()
    assert not verdict(package(tmp_path, KEY, text, resource=right)).reason
    right["hash"] = "sha256:" + hashlib.sha256(text.encode()).hexdigest()
    assert not verdict(package(tmp_path, KEY, text, resource=right)).reason
    for wrong in ({"bytes": 1}, {"hash": "md5:" + "0" * 32}, {"hash": "sha256:" + "0" * 64}):
        assert verdict(package(tmp_path, KEY, text, resource=right | wrong)).reason


def test_exclusive_bounds_are_known_in_version_two_only(tmp_path: Path) -> None:
    """Version 1 has no such constraint: a fault of the descriptor, which never comes as far."""
    table = field("integer", exclusiveMinimum=0)
    package(tmp_path, table, csv("1"))
    assert [f.code for f in read_package(tmp_path, "towns")[1]] == ["P144"]
    assert not verdict(package(tmp_path, table, csv("1"), **{"$schema": V2})).reason
    assert verdict(package(tmp_path, table, csv("0"), **{"$schema": V2})).reason


def test_a_pattern_that_takes_for_ever_is_a_fault_and_the_judge_is_not_asked(tmp_path: Path) -> None:
    """Two ways to read each letter of forty, in a pattern without nested repetition."""
    package(tmp_path, field("string", pattern="(a|aa)+b"), csv("a" * 40))
    started = time.process_time()
    found, (fault,) = read_package(tmp_path, "towns")
    assert (found, fault.code, fault.key) == (None, "P351", "a")
    assert time.process_time() - started < 2


def test_mutants_are_never_accepted_wrongly_and_valid_ones_mostly_fast(tmp_path: Path) -> None:
    """300 seeded packages; thousands more in `python -m benchmarks.tables`."""
    total = Outcome(0, 0, 0, 0)
    for seed in range(300):
        for file in tmp_path.iterdir():
            file.unlink()
        total = Outcome(*map(sum, zip(total, outcome(mutant(seed), tmp_path), strict=True)))
    assert total.wrong == 0
    assert total.valid > 50
    assert total.accepted >= 0.85 * total.valid


def test_neither_frictionless_nor_pandas_is_loaded_for_what_is_accepted(tmp_path: Path) -> None:
    """A fresh interpreter reads a good package, then one that the judge must see."""
    package(tmp_path, KEY, csv("1"))
    program = (
        "import sys; from pathlib import Path; from plugins.readers.package import read_package;"
        "p, f = read_package(Path(sys.argv[1]), 'towns');"
        "print(len(p.tables), len(f), sorted({'frictionless', 'pandas'} & set(sys.modules)))"
    )
    command = [sys.executable, "-c", program, str(tmp_path)]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    assert done.stdout == "2 0 []\n"
    package(tmp_path, KEY, csv(" 1"))
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    assert done.stdout == "2 0 ['frictionless', 'pandas']\n"


def test_the_ledger_is_accepted_fast(tmp_path: Path) -> None:
    """Each publication reads it twice."""
    descriptor = ledger_file.describe("县人民政府", "xzf", {"name": "CC0-1.0"})
    (tmp_path / "ledger").mkdir()
    (tmp_path / "ledger/datapackage.json").write_bytes(descriptor)
    entry = Entry("policies/2026/a", "policies/2026/a/", "0" * 64, "published", "2026-03-03 09:00", "")
    (tmp_path / "ledger/ledger.csv").write_bytes(serialise([entry, entry._replace(event="withdrawn", note="误发")]))
    found = read_package(tmp_path, "ledger")[0]
    assert found is not None
    assert [(table.rows, table.layout.plain) for table in found.tables] == [(2, True)]


def test_a_fast_table_and_a_judged_one_have_the_same_record(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same rows, accepted and then doubted: figures, head and fields are equal, but not how to read them again."""
    table = field("number", minimum=0)
    text = csv("4", "4.0", "0.5", "", "100", "0.1", "0.2")
    package(tmp_path, table, text)
    fast = read_package(tmp_path, "towns")[0]
    monkeypatch.setattr("plugins.readers.judge.accept", lambda _, e: [Verdict(0, "asked")] * len(e))
    slow = read_package(tmp_path, "towns")[0]
    assert fast is not None
    assert slow is not None
    for one, other in zip(fast.tables, slow.tables, strict=True):
        assert (one.fields, one.head, one.rows) == (other.fields, other.head, other.rows)
        assert (one.layout.plain, other.layout.plain) == (True, False)
    assert fast.tables[0].fields[0]["summary"] == {"missing": 1, "distinct": 6, "min": "0.1", "max": "100",
                                                   "mean": repr((4 + 4 + 0.5 + 100 + 0.1 + 0.2) / 6)}  # fmt: skip
