"""No false alarm about personal data or secrets in real collections, checked by the whole product."""

from __future__ import annotations

import csv
import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from plugins.build.builder import check_all
from plugins.models.faults import Fault
from tests.small import Small

PUBLISHER = {"title": "县统计局", "role": "publisher"}
LAW = "policies/1980/law-31bf810f6c.md"
ID, MOBILE = "11010519491231002X", "13812345678"


@pytest.fixture
def collections(shared: Path, tmp_path: Path) -> Small:
    """The 300 laws as content and the seven packages as datasets, copied so that they can be written."""
    small = Small(tmp_path / "site")
    for source, target in (("laws", "content"), ("packages", "datasets")):
        shutil.copytree(shared / "corpus" / source, small.folder / target, copy_function=shutil.copyfile)
    for folder in [small.folder, *(p for p in small.folder.rglob("*") if p.is_dir())]:
        folder.chmod(0o755)
    assert len(list(small.content.glob("policies/*/*.md"))) == 300
    assert len(list((small.folder / "datasets").iterdir())) == 7
    return small


def faults(small: Small) -> list[Fault]:
    return check_all(replace(small.settings(), cache=small.folder / "cache", jobs=2))


def alarms(found: list[Fault]) -> list[str]:
    return [str(f) for f in found if f.code.startswith("V")]


def publish(datasets: Path) -> None:
    """Gives every package the publisher and the licence that a site must name."""
    for file in datasets.glob("*/datapackage.json"):
        package = json.loads(file.read_text())
        package.setdefault("licenses", [{"name": "CC0-1.0"}])
        package.setdefault("contributors", []).append(PUBLISHER)
        file.write_text(json.dumps(package))


def as_text(datasets: Path) -> int:
    """Describes every table anew, all columns as text, which is where most is looked for; how many tables."""
    count = 0
    for folder in sorted(datasets.iterdir()):
        resources = []
        for number, file in enumerate(sorted(folder.rglob("*.csv"))):
            encoding = "gb18030" if "gb18030" in folder.name else "utf-8-sig"
            with file.open(encoding=encoding, newline="") as stream:
                first, *rows = (row for row in csv.reader(stream) if any(cell.strip() for cell in row))
                width = max(len(row) for row in (first, *rows))
            file.unlink()
            with (folder / f"t{number}.csv").open("w", encoding="utf-8", newline="") as stream:
                names = [first[n] if n < len(first) else f"more-{n}" for n in range(width)]
                csv.writer(stream).writerows([names, *([*row, *[""] * (width - len(row))] for row in rows)])
            fields = [{"name": name, "type": "string"} for name in names]
            resources.append({"name": f"t{number}", "path": f"t{number}.csv", "schema": {"fields": fields}})
        package = {"name": folder.name, "title": folder.name, "licenses": [{"name": "CC0-1.0"}]}
        package |= {"contributors": [PUBLISHER], "resources": resources}
        (folder / "datapackage.json").write_text(json.dumps(package, ensure_ascii=False))
        (folder / "datapackage.yml").unlink(missing_ok=True)
        count += len(resources)
    return count


def test_real_laws_and_packages_raise_no_alarm(collections: Small) -> None:
    publish(collections.folder / "datasets")
    found = faults(collections)
    assert alarms(found) == []
    assert not [str(f) for f in found if f.path.startswith("content/") and f.severity == "error"]


def test_not_one_cell_of_the_packages_raises_an_alarm_as_text(collections: Small) -> None:
    """Thirteen tables, those too whose own descriptions are wrong and stop a check before it reaches their cells."""
    assert as_text(collections.folder / "datasets") == 13
    assert [str(f) for f in faults(collections) if f.path.startswith("datasets/")] == []


def test_the_alarm_is_armed(collections: Small) -> None:
    """The same collections with one number at the end of one law, another in the last row of one table."""
    as_text(collections.folder / "datasets")
    law, table = collections.content / LAW, collections.folder / "datasets/cn-divisions-gb18030/t0.csv"
    law.write_text(f"{law.read_text()}\n联系人身份证号{ID}。\n")
    rows = table.read_text().splitlines()
    table.write_text("\n".join([*rows, ",".join([MOBILE] * (rows[0].count(",") + 1))]) + "\n")
    found = {(f.code, f.path) for f in faults(collections) if f.severity == "error"}
    assert found == {("V101", f"content/{LAW}"), ("V103", "datasets/cn-divisions-gb18030/t0.csv")}
