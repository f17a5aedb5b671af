"""SQLite of a whole package: every table with its declared types and keys (pure but for a scratch file)."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from plugins.formats.tables.cells import as_text
from plugins.formats.tables.columns import Columns

if TYPE_CHECKING:
    from pathlib import Path

    import pyarrow as pa

    from plugins.formats.views import Loader, View

_SETTINGS = (
    "journal_mode = OFF",
    "synchronous = OFF",
    "locking_mode = EXCLUSIVE",
    "encoding = 'UTF-8'",
    "page_size = 4096",
)


def render(view: View, load: Loader) -> Path:
    """`{"tables": [{"made", "name", "names", "key", "references"}]}`, `key` numbers of columns.

    `references` are `[[numbers], name of a table, [numbers of its columns]]`. A key over doubles is not declared:
    decimals that differ may be one double.
    """
    target = load.scratch()
    base = sqlite3.connect(target, isolation_level=None)
    try:
        for setting in _SETTINGS:
            base.execute(f"PRAGMA {setting}")
        base.execute("BEGIN")
        names = _distinct([table["name"] for table in view["tables"]])
        known = {
            table["name"]: (name, _distinct(table["names"])) for table, name in zip(view["tables"], names, strict=True)
        }
        for table in view["tables"]:
            _fill(base, table, known, Columns(load.path(table["made"])))
        base.execute("COMMIT")
    finally:
        base.close()
    return target


def _fill(
    base: sqlite3.Connection, table: Mapping[str, Any], known: Mapping[str, tuple[str, list[str]]], columns: Columns
) -> None:
    """`known`: name -> name here, and those of the columns."""
    place, names = known[table["name"]]
    kinds = [_kind(columns.type(n)) for n in range(columns.count)]
    lines = [f"{_quoted(name)} {kind}" for name, kind in zip(names, kinds, strict=True)]
    if table["key"] and not any(kinds[n] == "REAL" for n in table["key"]):
        lines.append(f"PRIMARY KEY ({_list(names[n] for n in table['key'])})")
    for numbers, other, others in table["references"]:
        target, theirs = known[other]
        mine, there = _list(names[n] for n in numbers), _list(theirs[n] for n in others)
        lines.append(f"FOREIGN KEY ({mine}) REFERENCES {_quoted(target)} ({there})")
    body = ",\n  ".join(lines)
    base.execute(f"CREATE TABLE {_quoted(place)} (\n  {body}\n)")
    insert = f"INSERT INTO {_quoted(place)} VALUES ({','.join('?' * len(names))})"  # noqa: S608 - quoted
    for batch in columns:
        cells = (_plain(columns.value(batch, n)) for n in range(columns.count))
        base.executemany(insert, zip(*cells, strict=True))


def _distinct(names: Sequence[str]) -> list[str]:
    """Names that SQLite takes for different ones too, which does not see the case of Latin letters."""
    found: list[str] = []
    seen: set[str] = set()
    for name in names:
        one, number = name if not name.lower().startswith("sqlite_") else f"table_{name}", 1
        while one.lower() in seen:
            number += 1
            one = f"{name}_{number}"
        seen.add(one.lower())
        found.append(one)
    return found


def _kind(kind: pa.DataType) -> str:
    import pyarrow as pa

    if pa.types.is_integer(kind):
        return "INTEGER"
    declared = {
        pa.float64(): "REAL",
        pa.bool_(): "BOOLEAN",
        pa.date32(): "DATE",
        pa.timestamp("us"): "DATETIME",
        pa.time64("us"): "TIME",
    }
    return declared.get(kind, "TEXT")


def _plain(cells: pa.Array) -> list[Any]:
    """What SQLite stores: days and moments as its own functions write them, truth as 0 and 1."""
    import pyarrow as pa

    if cells.type == pa.bool_():
        cells = cells.cast(pa.int8())
    elif pa.types.is_temporal(cells.type):
        cells = as_text(cells, " ")
    numbers = cells.null_count == 0 and cells.type != pa.string()
    found: list[Any] = cells.to_numpy().tolist() if numbers else cells.to_pylist()
    return found


def _list(names: Iterator[str] | Sequence[str]) -> str:
    return ", ".join(map(_quoted, names))


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
