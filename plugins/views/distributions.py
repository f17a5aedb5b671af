"""The published files of every data package, as they were made (pure)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from plugins.models.distribution import Distribution
from plugins.models.package import Package, Table
from plugins.views.forms import folder, pages, parquet_path, parts, published, stems
from plugins.views.site import Site

Distributions = Mapping[str, Sequence[Distribution]]
"""By the name of the package."""
Files = Mapping[str, tuple[str, int]]
"""Path below the output -> sha256 and bytes of a file that was made."""


def distributions(site: Site, files: Files) -> dict[str, Sequence[Distribution]]:
    """The files of every package; of what is not 无条件开放 there are none."""
    free = {package.name for package in published(site)}
    return {p.name: list(_files(p, files)) if p.name in free else [] for p in site.packages}


def _files(package: Package, files: Files) -> Iterator[Distribution]:
    home = folder(package)
    for table, stem in zip(package.tables, stems(package), strict=True):
        for form, path, count in _forms(table, stem):
            if home + path in files:
                digest, size = files[home + path]
                yield Distribution(form, table.name, path, size, digest, table.rows, count)
    path = f"files/{package.name}.sqlite"
    if home + path in files:
        digest, size = files[home + path]
        yield Distribution("sqlite", "", path, size, digest, sum(t.rows for t in package.tables))


def _forms(table: Table, stem: str) -> Iterator[tuple[str, str, int]]:
    """Form, path of its first file, and how many files there are."""
    yield "original", table.path, 1
    yield "csv", f"files/{stem}.csv", 1
    yield "excel-csv", f"files/{stem}.excel.csv", 1
    yield "xlsx", f"files/{stem}.xlsx", 1
    yield "parquet", parquet_path(stem, 0, parts(table)), parts(table)
    yield "ndjson", f"files/{stem}.ndjson", 1
    yield "json", f"files/{stem}/1.json", pages(table)
