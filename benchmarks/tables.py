"""`python -m benchmarks.tables`: the fast accept against frictionless on a large table and on thousands of odd ones.

The forms in which the large table is published are measured too. What is measured is told in README.md beside it.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks import forms
from benchmarks.mutants import Outcome, mutant, outcome
from benchmarks.processes import CommandError, Cost, measure

ROOT = Path(__file__).resolve().parents[1]
RATIO, MEMORY, SHARE = 0.10, 600.0, 0.85
"""CPU of the fast accept as a part of frictionless'; MiB; valid mutants that are accepted."""
TOWNS = 340
_CHUNK = 10_000
_DAY = date(2000, 1, 1)
_LEVELS = ("一级", "二级", "三级")
_WORDS = "办理、审核、公示、整改、验收、备案、登记、核准、变更、注销".split("、")


class Method(NamedTuple):
    """A way of checking that is run in a process of its own; `run` prints its verdict for the package in a folder."""

    label: str
    run: Callable[[Path], str]


def write(folder: Path, rows: int, bad: bool) -> None:
    """The package `million` in `folder`: 12 typed columns with keys, and the 340 rows they refer to.

    The bad twin has a dozen planted errors, one for each kind of promise.
    """
    (folder / "data").mkdir(parents=True)
    (folder / "datapackage.json").write_text(json.dumps(_descriptor(folder.name), ensure_ascii=False, indent=1))
    towns = "".join(f"{n:06},第{n}镇\n" for n in range(TOWNS))
    (folder / "data/towns.csv").write_text("代码,名称\n" + towns)
    names = [f["name"] for f in _descriptor("")["resources"][0]["schema"]["fields"]]
    planted = _planted(rows) if bad else {}
    with (folder / "data/rows.csv").open("w", encoding="utf-8", newline="") as file:
        file.write(",".join(names) + "\n")
        for first in range(0, rows, _CHUNK):
            file.writelines(_line(n, planted.get(n)) for n in range(first, min(rows, first + _CHUNK)))


def _descriptor(name: str) -> dict[str, Any]:
    fields = [
        {"name": "编号", "type": "integer", "constraints": {"minimum": 1}},
        {"name": "数量", "type": "integer", "constraints": {"minimum": 0, "maximum": 999_999}},
        {"name": "比例", "type": "number", "constraints": {"minimum": 0, "maximum": 100}},
        {"name": "金额", "type": "number", "constraints": {"minimum": -1_000_000, "maximum": 1_000_000_000}},
        {"name": "日期", "type": "date", "constraints": {"required": True, "minimum": "2000-01-01"}},
        {"name": "时刻", "type": "datetime"},
        {"name": "公开", "type": "boolean"},
        {"name": "等级", "type": "string", "constraints": {"enum": list(_LEVELS)}},
        {"name": "案号", "type": "string", "constraints": {"pattern": "[A-Z]{2}-[0-9]{4}-[0-9]{7}"}},
        {"name": "序号", "type": "string", "constraints": {"unique": True, "minLength": 8, "maxLength": 16}},
        {"name": "乡镇", "type": "string"},
        {"name": "说明", "type": "string"},
    ]
    schema = {
        "fields": fields,
        "missingValues": ["", "-"],
        "primaryKey": "编号",
        "foreignKeys": [{"fields": "乡镇", "reference": {"resource": "towns", "fields": "代码"}}],
    }
    towns = {"fields": [{"name": "代码", "type": "string"}, {"name": "名称"}], "primaryKey": "代码"}
    return {
        "name": name,
        "title": "大表",
        "licenses": [{"name": "CC0-1.0"}],
        "contributors": [{"title": "县统计局", "role": "publisher"}],
        "resources": [
            {"name": "rows", "path": "data/rows.csv", "schema": schema},
            {"name": "towns", "path": "data/towns.csv", "schema": towns},
        ],
    }


def _cells(n: int) -> list[str]:
    """The cells of row `n`: figures that look random and never differ."""
    mixed = n * 2_654_435_761 % 4_294_967_296
    day = _DAY + timedelta(days=mixed % 9000)
    text = "".join(_WORDS[mixed // 10**k % 10] for k in range(mixed % 5))
    note = "-" if n % 17 == 0 else f'"{text}，称""{_WORDS[n % 10]}"", 第{mixed % 1000}号"' if n % 5 == 0 else text
    return [
        str(n + 1),
        "-" if n % 23 == 0 else str(mixed % 1_000_000),
        f"{mixed % 10001 / 100:.2f}",
        f"{(mixed % 99_999_999) / 100 - 1000:.2f}",
        day.isoformat(),
        f"{day.isoformat()}T{mixed % 24:02}:{mixed // 24 % 60:02}:{mixed // 1440 % 60:02}",
        ("true", "false")[mixed // 7 % 2],
        _LEVELS[mixed // 3 % 3],
        f"{chr(65 + mixed % 26)}{chr(65 + mixed // 26 % 26)}-{day.year}-{mixed % 10_000_000:07}",
        f"S{n:09}",
        f"{mixed // 5 % TOWNS:06}",
        note,
    ]


def _line(n: int, planted: tuple[int, str] | None) -> str:
    cells = _cells(n)
    if planted:
        cells[planted[0]] = planted[1]
    return ",".join(cells) + "\n"


def _planted(rows: int) -> dict[int, tuple[int, str]]:
    """Row -> (column, cell): a dozen errors spread over the table."""
    cells = [
        "1",
        "1000000",
        "100.01",
        "1e10",
        "2023-02-29",
        "2024-01-01 9:00",
        "maybe",
        "四级",
        "aa-2024-1",
        "S000000000",
    ]
    errors = [*enumerate(cells), (10, "999999"), (4, "-")]
    return {(k + 1) * rows // 13: error for k, error in enumerate(errors)}


def _accept(folder: Path) -> str:
    """The fast accept alone; "judge" where it leaves a table to the judge."""
    from plugins.readers.accept import accept

    return " ".join("judge" if v.reason else f"{v.rows} rows" for v in accept(folder, _evidence(folder)))


def _frictionless(folder: Path) -> str:
    from plugins.readers.judge import judges_package, report

    evidence = _evidence(folder)
    package = judges_package(folder, evidence)
    told = [report(package, n, "", item.source, {}) for n, item in enumerate(evidence)]
    return " ".join(f"{len(faults)} errors" if faults else f"{rows} rows" for rows, faults in told)


def _check(folder: Path) -> str:
    """All that `check` does: with personal data, statistics, and the judge where he is needed."""
    from plugins.readers.package import read_packages

    package, faults = read_packages(folder.parent, [folder.name], 1)[folder.name]
    return " ".join(f"{t.rows} rows" for t in package.tables) if package else f"{len(faults)} errors"


def _evidence(folder: Path) -> Any:
    from plugins.readers.datafile import inventory
    from plugins.readers.descriptor import parse_descriptor
    from plugins.readers.package import evidence_of

    descriptor, faults = parse_descriptor((folder / "datapackage.json").read_bytes(), folder.name)
    if descriptor is None:
        raise ValueError(faults)
    return evidence_of(folder, inventory(folder), folder.name, descriptor, faults)


METHODS = {
    "accept": Method("fast accept", _accept),
    "frictionless": Method("frictionless", _frictionless),
    "check": Method("whole check", _check),
}


def large(base: Path, rows: int) -> bool:
    """Prints what each method costs on both twins; whether all targets are kept."""
    print(f"{rows:,} rows of 12 columns, and {TOWNS} that they refer to\n")
    print(f"{'':24}{'CPU s':>8}{'ratio':>8}{'MiB':>7}  verdict")
    kept = True
    for twin in ("good", "bad"):
        folder = base / twin
        write(folder, rows, bad=twin == "bad")
        costs, verdicts = {}, {}
        for name in METHODS:
            costs[name], verdicts[name] = _measured(name, folder, base / "log")
        for name, method in METHODS.items():
            cost, ratio = costs[name], costs[name].cpu / costs["frictionless"].cpu
            print(f"{twin + ', ' + method.label:24}{cost.cpu:8.2f}{ratio:8.3f}{cost.largest:7.0f}  {verdicts[name]}")
        fast = costs["accept"]
        if twin == "good":
            kept &= fast.cpu <= RATIO * costs["frictionless"].cpu and fast.largest <= MEMORY
            kept &= verdicts["accept"] == verdicts["frictionless"] == verdicts["check"]
        else:
            kept &= verdicts["accept"].startswith("judge") and verdicts["frictionless"].startswith("12 errors")
            kept &= verdicts["check"] == "12 errors"
    return kept


def published(folder: Path, rows: int) -> bool:
    """Prints what each form of the package costs; whether a million rows keep the targets, others none."""
    found = forms.costs(folder)
    print()
    print("\n".join(forms.lines(found)))
    return rows != 1_000_000 or all(cpu <= forms.TARGETS[name] for name, cpu in forms.totals(found).items())


def _measured(name: str, folder: Path, log: Path) -> tuple[Cost, str]:
    command = [sys.executable, "-m", "benchmarks.tables", "--method", name, "--folder", str(folder)]
    cost = measure(command, ROOT, log)
    return cost, log.read_text().strip().splitlines()[-1]


def odd(base: Path, count: int, seed: int) -> bool:
    """Prints how the fast accept and frictionless judge `count` mutants; whether both targets are kept."""
    total = Outcome(0, 0, 0, 0)
    started = time.process_time()
    for found in _outcomes(base, count, seed):
        total = Outcome(*map(sum, zip(total, found, strict=True)))
    share = total.accepted / max(1, total.valid)
    print(f"\n{count:,} mutated packages from seed {seed}, {time.process_time() - started:.0f} CPU s")
    print(f"  tables that reached the judge  {total.judged}\n  valid                          {total.valid}")
    print(f"  accepted fast                  {total.accepted} ({share:.1%} of the valid)")
    print(f"  accepted wrongly               {total.wrong}")
    return total.wrong == 0 and share >= SHARE


def _outcomes(base: Path, count: int, seed: int) -> Iterator[Outcome]:
    folder = base / "mutants"
    folder.mkdir()
    for number in range(seed, seed + count):
        yield outcome(mutant(number), folder)
        for file in folder.iterdir():
            file.unlink()


def main(arguments: list[str] | None = None) -> int:
    """0 where every target is kept, 1 where one is missed, 2 where a command failed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.tables", description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000, help="rows of the large table; 0: none")
    parser.add_argument("--mutants", type=int, default=20_000, help="mutated packages; 0: none")
    parser.add_argument("--seed", type=int, default=1, help="number of the first mutant")
    parser.add_argument("--method", choices=METHODS, help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    chosen = parser.parse_args(arguments)
    if chosen.method:
        print(METHODS[chosen.method].run(chosen.folder))
        return 0
    kept = True
    with tempfile.TemporaryDirectory() as base:
        try:
            if chosen.rows:
                kept &= large(Path(base), chosen.rows)
                kept &= published(Path(base) / "good", chosen.rows)
            kept &= not chosen.mutants or odd(Path(base), chosen.mutants, chosen.seed)
        except CommandError as error:
            print(error, file=sys.stderr)
            return 2
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
