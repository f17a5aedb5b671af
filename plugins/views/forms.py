"""The jobs of a package's published files, step by step: originals, typed tables, forms, pages (pure).

Each step names the digests of what the one before made; the digest of an original is known beforehand.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict
from typing import Any

from plugins.models.package import FREE, READING, Package, Table
from plugins.views.jobs import Job
from plugins.views.site import Site

PAGE_ROWS, GROUP_ROWS = 1000, 10_000
"""Rows of a page of JSON, and of a row group of Parquet: what a reader takes at once."""
WHOLE_ROWS, WHOLE_BYTES = 5_000_000, 192 << 20
"""Rows and bytes of an original above which Parquet is written in parts, each at most that large."""
EXCEL_ROWS, EXCEL_COLUMNS = 1_048_575, 16_384
"""What Excel holds, a header left out."""
_SAFE = re.compile(r"(?!table-[0-9])[A-Za-z0-9_-]{1,80}")
"""No dot: `a.csv` would have its pages where `a` has its CSV. Names differ by more than case (P117)."""
_HEAVY_ROWS = 5_000
"""Rows that make a job as heavy as one file of a document."""
Step = Callable[[Package, Mapping[str, str]], Iterator[tuple[str, Job]]]


def published(site: Site) -> list[Package]:
    """The packages whose files everyone gets; those of 有条件开放 are given on application."""
    return [package for package in site.packages if package.open_type == FREE]


def folder(package: Package) -> str:
    """Where a package's files lie."""
    return f"datasets/{package.name}/"


def stems(package: Package) -> list[str]:
    """The name of each table's files: its own, or its number where that is not safe."""
    return [
        table.name if _SAFE.fullmatch(table.name) else f"table-{number}"
        for number, table in enumerate(package.tables, 1)
    ]


def pages(table: Table) -> int:
    """How many pages of JSON a table has."""
    return -(-table.rows // PAGE_ROWS)


def parts(table: Table) -> int:
    """How many parts its Parquet has; several are a set whose folders say `part=0000`."""
    return max(1, -(-table.rows // WHOLE_ROWS), -(-table.bytes // WHOLE_BYTES))


def parquet_path(stem: str, part: int, count: int) -> str:
    """The path of one part, below the package's folder."""
    return f"files/{stem}.parquet" if count == 1 else f"files/{stem}.parquet/part={part:04d}/data.parquet"


def originals(package: Package, made: Mapping[str, str]) -> Iterator[tuple[str, Job]]:  # noqa: ARG001 - a step
    """The editors' files, byte for byte."""
    for table in package.tables:
        path = folder(package) + table.path
        yield path, Job(path, "file", {"file": path, "sha256": table.sha256}, weight=_weight(table))


def typed(package: Package, made: Mapping[str, str]) -> Iterator[tuple[str, Job]]:
    """The typed table of each, by number: an intermediate."""
    for number, table in enumerate(package.tables):
        view = {
            "made": made[folder(package) + table.path],
            "layout": asdict(table.layout),
            "fields": [{k: f[k] for k in ("name", "type", *READING) if k in f} for f in table.fields],
            "missing": list(table.missing_values),
        }
        yield f"{number}", Job("", "table", view, weight=_weight(table))


def forms(package: Package, made: Mapping[str, str]) -> Iterator[tuple[str, Job]]:
    """Every form but those that are cut out of another."""
    home, names = folder(package), stems(package)
    for number, (table, stem) in enumerate(zip(package.tables, names, strict=True)):
        fields = [f["name"] for f in table.fields]
        common = {"made": made[f"{number}"], "names": fields}
        weight = _weight(table)
        for kind, suffix in (("csv", "csv"), ("ndjson", "ndjson")):
            path = f"{home}files/{stem}.{suffix}"
            yield path, Job(path, f"table-{kind}", common, weight=weight)
        count = parts(table)
        for part in range(count):
            path = home + parquet_path(stem, part, count)
            key = [fields.index(name) for name in table.primary_key]
            view = {**common, "key": key, "part": part, "parts": count, "group": GROUP_ROWS}
            yield path, Job(path, "table-parquet", view, weight=weight)
        if table.rows <= EXCEL_ROWS and len(fields) <= EXCEL_COLUMNS:
            path = f"{home}files/{stem}.xlsx"
            yield path, Job(path, "table-xlsx", {**common, "title": table.title}, weight=weight)
    path = f"{home}files/{package.name}.sqlite"
    yield path, Job(path, "table-sqlite", _database(package, made), weight=sum(map(_weight, package.tables)))


def cut(package: Package, made: Mapping[str, str]) -> Iterator[tuple[str, Job]]:
    """What is made of other forms: the CSV for Excel, and the pages of JSON."""
    home, names = folder(package), stems(package)
    for table, stem in zip(package.tables, names, strict=True):
        path = f"{home}files/{stem}.excel.csv"
        csv = made[f"{home}files/{stem}.csv"]
        yield path, Job(path, "table-excel-csv", {"made": csv}, weight=_weight(table))
        lines = made[f"{home}files/{stem}.ndjson"]
        for page in range(1, pages(table) + 1):
            path = f"{home}files/{stem}/{page}.json"
            yield path, Job(path, "table-json", {"made": lines, "page": page, "rows": PAGE_ROWS})


STEPS: Mapping[str, Step] = {"originals": originals, "typed": typed, "forms": forms, "cut": cut}
"""Steps by name, in their order; what each yields are jobs by path, or by number where they are not published."""


def _weight(table: Table) -> int:
    return 1 + table.rows // _HEAVY_ROWS


def _database(package: Package, made: Mapping[str, str]) -> dict[str, Any]:
    tables = []
    for number, table in enumerate(package.tables):
        names = [f["name"] for f in table.fields]
        key = [names.index(name) for name in table.primary_key]
        view = {"made": made[f"{number}"], "name": table.name, "names": names, "key": key}
        tables.append({**view, "references": _references(package, table, names)})
    return {"tables": tables}


def _references(package: Package, table: Table, names: list[str]) -> list[Any]:
    """Foreign keys that lead to a primary key, which is all that SQLite lets them lead to."""
    found = []
    for key in _schema(package, table).get("foreignKeys", ()):
        reference = key["reference"]
        other = next((t for t in package.tables if t.name == (reference.get("resource") or table.name)), None)
        here, there = _several(key["fields"]), _several(reference["fields"])
        if other is not None and sorted(there) == sorted(other.primary_key):
            theirs = [f["name"] for f in other.fields]
            found.append([list(map(names.index, here)), other.name, list(map(theirs.index, there))])
    return found


def _schema(package: Package, table: Table) -> Mapping[str, Any]:
    resources = package.descriptor.get("resources", ())
    return next((r["schema"] for r in resources if r.get("path") == table.path), {})


def _several(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else list(value)
