"""Bad input: a folder each in `tests/corpus/bad/<code>-<name>/`, with the exact codes, paths and lines to find."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from multiprocessing import forkserver
from pathlib import Path
from typing import Any

import pytest

from plugins.build.builder import build, check_all
from plugins.build.publish import publish
from plugins.build.settings import Settings, cache_folder
from plugins.models.codes import CODES
from plugins.models.faults import has_errors
from tests.conftest import ROOT
from tests.small import Small

BAD = Path(__file__).parent / "corpus" / "bad"
CASES = sorted(p.name for p in BAD.iterdir())
BUILT = {case.split("-")[0]: case for case in CASES if not (BAD / case / "datasets").exists()}
"""One case of each code, of content alone: to build them all takes as long as to check them."""
NOON = "1795492800"
"""The tests' moment, 2026-11-24 12:00 at +08:00, as SOURCE_DATE_EPOCH."""
MIB = 1 << 20


@pytest.fixture(scope="module", autouse=True)
def _ready_children() -> None:
    """Children that read packages fork from a server: what is loaded in it they need not load one by one."""
    parts = ("formats", "portals", "resources", "schemes")
    reader = ["pandas", "jsonschema", "plugins.readers.package", "plugins.readers.summary"]
    forkserver.set_forkserver_preload(["pytest", *reader, *(f"frictionless.{part}" for part in parts)])
    forkserver.ensure_running()


def tree(folder: Path, case: str) -> Small:
    """A copy of the case; where it has no content, the least that is accepted."""
    shutil.copytree(BAD / case, folder / case)
    small = Small(folder / case)
    return small if small.content.exists() else small.least()


def settings(small: Small, **chosen: Any) -> Settings:
    """At the tests' moment, the store beside the content."""
    return replace(small.settings(**chosen), cache=small.folder / "cache")


def expected(case: str) -> list[dict[str, Any]]:
    """The faults to find, in their order."""
    rows: list[dict[str, Any]] = json.loads((BAD / case / "expected.json").read_text())
    return rows


@pytest.mark.parametrize("case", CASES)
def test_bad_input_gives_exactly_its_faults(case: str, tmp_path: Path) -> None:
    """The folder of that name."""
    found = check_all(settings(tree(tmp_path, case)))
    assert [{"code": f.code, "path": f.path, "line": f.line} for f in found] == expected(case)


@pytest.mark.parametrize("case", [*BUILT.values(), "L102-earlier-text-not-kept", "P310-not-an-integer"])
def test_an_error_leaves_the_output_as_it_was(case: str, tmp_path: Path) -> None:
    """A folder of each code; what only warns is built."""
    small = tree(tmp_path, case)
    result = build(settings(small))
    assert {row["code"] for row in expected(case)} <= {f.code for f in result.faults}
    assert (result.release is None) == has_errors(result.faults) == (not small.output.exists())


def test_the_command_prints_one_array_of_exactly_these_faults(tmp_path: Path) -> None:
    """A case with an error, a warning and a notice; what is for people stands on standard error."""
    case = "L102-beside-a-warning-and-a-notice"
    small = tree(tmp_path, case)
    command = [sys.executable, str(ROOT / "tasks.py"), "check", "--content", str(small.content), "--format", "json"]
    environment = os.environ | {"SOURCE_DATE_EPOCH": NOON}
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, env=environment, check=False)
    shutil.rmtree(cache_folder(small.content))
    rows = json.loads(done.stdout)
    assert [{name: row[name] for name in ("code", "path", "line")} for row in rows] == expected(case)
    assert [row["severity"] for row in rows] == [CODES[row["code"]].severity for row in rows]
    assert {row["severity"] for row in rows} == {"error", "warning", "notice"}
    assert all(set(row) == {"code", "severity", "path", "line", "message", "remedy", "key"} for row in rows)
    assert all(row["message"] and row["remedy"] and "{" not in row["message"] + row["remedy"] for row in rows)
    assert done.returncode == 1
    assert done.stderr.strip()


def _package(small: Small) -> Path:
    """A good package, to be spoilt."""
    folder = small.folder / "datasets" / "towns"
    shutil.copytree(BAD / "P310-not-an-integer" / "datasets" / "towns", folder)
    (folder / "data/towns.csv").write_text("代码,名称,年份,数量\n01,甲镇,2024,5\n")
    return folder


def _long_path(small: Small) -> None:
    """Folders in folders until no path can name the last one."""
    (small.content / "news").mkdir()
    at = os.open(small.content / "news", os.O_RDONLY)
    for _ in range(60):
        os.mkdir("d" * 80, dir_fd=at)
        inner = os.open("d" * 80, os.O_RDONLY, dir_fd=at)
        os.close(at)
        at = inner
    os.close(at)


def _datasets(path: str, data: str) -> Callable[[Small], object]:
    """A file in the datasets folder, beside a good package or in it."""

    def make(small: Small) -> None:
        _package(small)
        file = small.folder / "datasets" / path
        file.parent.mkdir(exist_ok=True)
        file.write_text(data)

    return make


def _wide(small: Small) -> None:
    """A thousand columns and fifty thousand and one lines, all empty."""
    folder = _package(small)
    value = json.loads((folder / "datapackage.json").read_text())
    value["resources"][0]["schema"] = {"fields": [{"name": f"c{n}"} for n in range(1000)]}
    (folder / "datapackage.json").write_text(json.dumps(value))
    (folder / "data/towns.csv").write_text("\n" * 50_001)


def _many(small: Small) -> None:
    """Two thousand and one rows, each of which is to have a page."""
    folder = _package(small)
    value = json.loads((folder / "datapackage.json").read_text())
    value["cn:pages"] = {"resource": "towns", "folder": "towns", "label": "乡镇", "key": "代码", "title": "名称"}
    (folder / "datapackage.json").write_text(json.dumps(value))
    rows = "".join(f"{n},甲镇,2024,5\n" for n in range(2001))
    (folder / "data/towns.csv").write_text(f"代码,名称,年份,数量\n{rows}")


MADE: dict[str, Callable[[Small], object]] = {
    "F104": lambda small: (small.content / "policies/2026/l.md").symlink_to(small.folder / "elsewhere.md"),
    "F105": lambda small: small.write("policies/2026/big.md", b"x" * (50 * MIB)),
    "F109": _long_path,
    "P103": _datasets("towns/datapackage.json", "{}" + " " * MIB),
    "P201": lambda small: (_package(small) / "l.csv").symlink_to("data/towns.csv"),
    "P203": lambda small: os.truncate(_package(small) / "data/towns.csv", 200 * MIB + 1),
    "P204": _wide,
    "P208": _datasets("Towns/datapackage.json", "{}"),
    "P209": _datasets("说明.txt", "说明"),
    "P210": _datasets("workdays/workdays.csv", "date,kind\n" + "#" * MIB),
    "P342": _many,
    "P326": _datasets("workdays/workdays.csv", 'date,kind\n2026-01-01,"休假\n'),
}
"""Links, large files, paths without end; and what has no place in a package of the name that the folders share."""
ELSEWHERE = {
    "L108": "publish alone plans what is written in the ledger: the test below",
    "P302": "children that die, hang or hog: tests/readers/test_packages.py",
}
OUT_OF_REACH = {
    "P301": "for an error that a later frictionless may have; all of today's have codes of their own",
    "P325": "bytes are decoded before frictionless sees them",
}


@pytest.mark.parametrize("code", MADE)
def test_what_cannot_lie_in_a_repository_is_found_too(code: str, small: Small) -> None:
    """Made here, not kept in a folder."""
    MADE[code](small)
    assert code in {f.code for f in check_all(settings(small))}
    assert build(settings(small)).release is None


def test_a_change_note_that_a_spreadsheet_would_run_never_enters_the_ledger(small: Small) -> None:
    """L108"""
    small.policy("b", change_note="=1+1")
    datasets = small.folder / "datasets"
    datasets.mkdir()
    result = publish(settings(small, datasets=str(datasets)))
    assert [(f.code, f.path) for f in result.faults] == [("L108", "content/policies/2026/b.md")]
    assert result.release is None
    assert not list(datasets.iterdir())


def test_every_code_has_a_folder_or_a_reason_to_have_none() -> None:
    covered = {case.split("-")[0] for case in CASES}
    assert set(CODES) - covered == {*MADE, *ELSEWHERE, *OUT_OF_REACH}


def test_every_folder_is_named_after_a_code_that_it_gives() -> None:
    assert [c for c in CASES if c.split("-")[0] not in {row["code"] for row in expected(c)}] == []
    assert len(CASES) >= 340
