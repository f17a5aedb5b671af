"""Code to copy: how five tools read the published files (pure)."""

from __future__ import annotations

import json
from collections.abc import Sequence

from plugins.models.distribution import Distribution
from plugins.models.package import Table
from plugins.views.dataset_table import codes

_ENCODINGS = {"gbk": "gb18030", "gb2312": "gb18030"}


def snippets(table: Table, files: Sequence[tuple[Distribution, str]], summed: str) -> list[dict[str, str]]:
    """`{"title", "text"}` for each tool; `files` are the forms of `table` with their absolute addresses, of which
    `summed` is the one of SHA256SUMS.

    Every text is a string of the language, escaped as JSON is, which all five read alike.
    """
    by_format = {one.format: url for one, url in files}
    original = next(url for one, url in files if one.format == "original")
    path = next(one.path for one, _ in files if one.format == "original")
    csv, utf8 = by_format.get("csv", original), "csv" in by_format or table.encoding == "utf-8"
    encoding = "utf-8" if utf8 else _ENCODINGS.get(table.encoding, table.encoding)
    parquet = by_format.get("parquet", "")
    made = {
        "pandas": _pandas(table, csv, encoding),
        "polars": _polars(table, csv, parquet, encoding),
        "DuckDB": _duckdb(table, csv, parquet, encoding),
        "R": _r(table, csv, encoding),
        "curl": f"curl -fsSLO {_shell(original)}\ncurl -fsSL {_shell(summed)} | grep -F {_shell('  ' + path)} | "
        f"sed {_shell('s,  .*/,  ,')} | sha256sum -c -\n",
    }
    return [{"title": title, "text": text} for title, text in made.items() if text]


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _shell(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"


def _sql(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _pandas(table: Table, csv: str, encoding: str) -> str:
    kinds = ", ".join(f"{_quoted(name)}: str" for name in codes(table))
    more = (f", dtype={{{kinds}}}" if kinds else "") + (
        "" if encoding == "utf-8" else f", encoding={_quoted(encoding)}"
    )
    return f"import pandas as pd\n\ndf = pd.read_csv({_quoted(csv)}{more})\n"


def _polars(table: Table, csv: str, parquet: str, encoding: str) -> str:
    if parquet:
        return f"import polars as pl\n\ndf = pl.read_parquet({_quoted(parquet)})\n"
    kinds = ", ".join(f"{_quoted(name)}: pl.String" for name in codes(table))
    more = (f", schema_overrides={{{kinds}}}" if kinds else "") + (
        "" if encoding == "utf-8" else f", encoding={_quoted(encoding)}"
    )
    return f"import polars as pl\n\ndf = pl.read_csv({_quoted(csv)}{more})\n"


def _duckdb(table: Table, csv: str, parquet: str, encoding: str) -> str:
    if parquet:
        return f"SELECT * FROM read_parquet({_sql(parquet)}) LIMIT 10;\n"  # noqa: S608 - shown to people, never run
    if encoding != "utf-8":
        return ""
    kinds = ", ".join(f"{_sql(name)}: 'VARCHAR'" for name in codes(table))
    more = f", types = {{{kinds}}}" if kinds else ""
    return f"SELECT * FROM read_csv({_sql(csv)}{more}) LIMIT 10;\n"  # noqa: S608 - shown to people, never run


def _r(table: Table, csv: str, encoding: str) -> str:
    kinds = ", ".join(f"`{name.replace('`', '')}` = col_character()" for name in codes(table))
    more = (f", col_types = cols({kinds})" if kinds else "") + (
        "" if encoding == "utf-8" else f", locale = locale(encoding = {_quoted(encoding)})"
    )
    return f"library(readr)\n\ndf <- read_csv({_quoted(csv)}{more})\n"
