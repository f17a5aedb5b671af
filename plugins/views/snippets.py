"""Code to copy: how five tools read the published files (pure)."""

from __future__ import annotations

import json
from collections.abc import Sequence

from plugins.models.distribution import Distribution
from plugins.models.package import Table
from plugins.views.dataset_table import codes


def snippets(table: Table, files: Sequence[tuple[Distribution, str]], summed: str) -> list[dict[str, str]]:
    """`{"title", "text"}` for each tool; `files` are forms with their absolute addresses, `summed` is SHA256SUMS's.

    Parquet in parts is no one file to name: CSV stands for it.

    Every text is a string of the language, escaped as JSON is, which all five read alike.
    """
    by_format = {one.format: url for one, url in files if one.pages == 1}
    original, csv, parquet = by_format["original"], by_format["csv"], by_format.get("parquet", "")
    path = next(one.path for one, _ in files if one.format == "original")
    made = {
        "pandas": _pandas(table, csv),
        "polars": _polars(table, csv, parquet),
        "DuckDB": _duckdb(table, csv, parquet),
        "R": _r(table, csv),
        "curl": f"curl -fsSLO {_shell(original)}\ncurl -fsSL {_shell(summed)} | grep -F {_shell('  ' + path)} | "
        f"sed {_shell('s,  .*/,  ,')} | sha256sum -c -\n",
    }
    return [{"title": title, "text": text} for title, text in made.items()]


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _shell(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"


def _sql(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _pandas(table: Table, csv: str) -> str:
    kinds = ", ".join(f"{_quoted(name)}: str" for name in codes(table))
    more = f", dtype={{{kinds}}}" if kinds else ""
    return f"import pandas as pd\n\ndf = pd.read_csv({_quoted(csv)}{more})\n"


def _polars(table: Table, csv: str, parquet: str) -> str:
    if parquet:
        return f"import polars as pl\n\ndf = pl.read_parquet({_quoted(parquet)})\n"
    kinds = ", ".join(f"{_quoted(name)}: pl.String" for name in codes(table))
    more = f", schema_overrides={{{kinds}}}" if kinds else ""
    return f"import polars as pl\n\ndf = pl.read_csv({_quoted(csv)}{more})\n"


def _duckdb(table: Table, csv: str, parquet: str) -> str:
    if parquet:
        return f"SELECT * FROM read_parquet({_sql(parquet)}) LIMIT 10;\n"  # noqa: S608 - shown to people, never run
    kinds = ", ".join(f"{_sql(name)}: 'VARCHAR'" for name in codes(table))
    more = f", types = {{{kinds}}}" if kinds else ""
    return f"SELECT * FROM read_csv({_sql(csv)}{more}) LIMIT 10;\n"  # noqa: S608 - shown to people, never run


def _r(table: Table, csv: str) -> str:
    kinds = ", ".join(f"`{name.replace('`', '')}` = col_character()" for name in codes(table))
    more = f", col_types = cols({kinds})" if kinds else ""
    return f"library(readr)\n\ndf <- read_csv({_quoted(csv)}{more})\n"
