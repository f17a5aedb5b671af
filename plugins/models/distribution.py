"""One published file of a data package: what the page, the checksums and every catalogue say of it (pure; DCAT 3)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping


class Format(NamedTuple):
    """A form in which tables are published: as people read it, its media type, and its code in the EU's file types."""

    label: str
    media_type: str
    file_type: str


FORMATS: Mapping[str, Format] = {
    "original": Format("原始文件", "text/csv", "CSV"),
    "csv": Format("CSV（UTF-8）", "text/csv", "CSV"),
    "excel-csv": Format("CSV（带 BOM，供 Excel）", "text/csv", "CSV"),
    "xlsx": Format("XLSX", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "XLSX"),
    "parquet": Format("Parquet", "application/vnd.apache.parquet", "PARQUET"),
    "ndjson": Format("NDJSON", "application/x-ndjson", "NDJSON"),
    "json": Format("JSON（每页 1000 行）", "application/json", "JSON"),
    "sqlite": Format("SQLite", "application/vnd.sqlite3", "SQLITE"),
}
"""By id, in the order in which they are offered."""


@dataclass(frozen=True, slots=True)
class Distribution:
    """One file of a package.

    `path` is relative to the page of the data set; `table` is the name of the resource, "" for a file of the whole
    package; `bytes` and `sha256` are of the file as published; `rows` leaves a header out. A form in pages is
    described by its first page, `pages` says how many there are (1 for all others).
    """

    format: str
    table: str
    path: str
    bytes: int
    sha256: str
    rows: int
    pages: int = 1
