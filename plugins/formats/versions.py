"""Versions of a data set: its tables as CSV in UTF-8, and what changed from one version to the next (pure).

A table is `{"sha256", "resource"}`: the original, an object of the store, and how to read it
(`models.version.reading`).
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import IO, Any

from plugins.formats.rowdiff import Row, row_changes
from plugins.formats.views import Loader, View

SHOWN = 20
"""Examples of each kind for each table: the page shows what kind of change it was, the originals hold all of them."""
_LONGEST = 200
_CELL = 2**31 - 1


def rows_of(stream: IO[bytes], resource: View) -> Iterator[list[str]]:
    """The rows of a table without its header, cells as written. `resource` is that of a version's descriptor."""
    csv.field_size_limit(_CELL)
    encoding, dialect = resource["encoding"], resource["dialect"]
    text = io.TextIOWrapper(stream, "utf-8-sig" if encoding in {"utf-8", "utf8"} else encoding, newline="")
    reader = csv.reader(
        text,
        delimiter=dialect["delimiter"],
        quotechar=dialect["quoteChar"],
        skipinitialspace=dialect["skipInitialSpace"],
    )
    if dialect["header"]:
        next(reader, None)
    return reader


def render_csv(view: View, load: Loader) -> bytes:
    """A table as CSV: UTF-8, commas, LF, a header of the columns' names."""
    resource, out = view["resource"], io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(_names(resource))
    with load.opened(view["sha256"]) as stream:
        writer.writerows(rows_of(stream, resource))
    return out.getvalue().encode()


def render_changes(view: View, load: Loader) -> bytes:
    """`{"tables": [{"earlier", "later"}]}`, one of the two perhaps null, as JSON of what changed.

    For each table: `name`, `state` (first, same, changed, added, removed), `rows` of the later and `earlier_rows` of
    the earlier version, how many were `added`, `removed` and `changed`, `by` which key, which `columns` changed, and
    `examples`; then the totals.
    """
    tables = [_table(one["earlier"], one["later"], load, first=bool(view["first"])) for one in view["tables"]]
    totals = {name: sum(t[name] for t in tables) for name in ("rows", "earlier_rows", "added", "removed", "changed")}
    return json.dumps({"tables": tables, **totals}, ensure_ascii=False).encode() + b"\n"


def _table(earlier: View | None, later: View | None, load: Loader, *, first: bool) -> dict[str, Any]:
    found: dict[str, Any] = dict.fromkeys(("rows", "earlier_rows", "added", "removed", "changed"), 0)
    found |= {"by": [], "header": [], "columns": {}, "examples": {"added": [], "removed": [], "changed": []}}
    if later is None or earlier is None:
        one = later or earlier or {}
        rows = _count(one, load)
        kind = "first" if first else "added" if later else "removed"
        counts = {"rows": rows, "added": 0 if first else rows} if later else {"earlier_rows": rows, "removed": rows}
        return found | {"name": one["resource"]["name"], "state": kind, **counts}
    columns = _columns(earlier["resource"], later["resource"])
    found |= {"name": later["resource"]["name"], "columns": columns}
    if earlier["sha256"] == later["sha256"] and _same_cells(earlier["resource"], later["resource"]):
        rows = _count(later, load)
        found |= {"rows": rows, "earlier_rows": rows}
    else:
        found |= _compared(earlier, later, load)
    same = not any(columns.values()) and not any(found[name] for name in ("added", "removed", "changed"))
    return found | {"state": "same" if same else "changed"}


def _count(table: View, load: Loader) -> int:
    with load.opened(table["sha256"]) as stream:
        return sum(1 for _ in rows_of(stream, table["resource"]))


def _compared(earlier: View, later: View, load: Loader) -> dict[str, Any]:
    """Rows of the columns that both versions have, in the order of the later one."""
    before, after = _names(earlier["resource"]), _names(later["resource"])
    common = [name for name in after if name in before]
    if not common:
        rows, gone = _count(later, load), _count(earlier, load)
        return {"rows": rows, "earlier_rows": gone, "added": rows, "removed": gone}
    key = _key(earlier["resource"], later["resource"], common)
    sides = [
        partial(_read, one, load, [names.index(n) for n in common] if names != common else None)
        for one, names in ((earlier, before), (later, after))
    ]
    found = row_changes(sides[0], sides[1], [common.index(n) for n in key], SHOWN)
    return {
        "rows": found.rows,
        "earlier_rows": found.earlier_rows,
        **found.counts,
        "by": key,
        "header": common,
        "examples": {
            "added": [_short(row) for _, row in found.added],
            "removed": [_short(row) for _, row in found.removed],
            "changed": [
                {
                    "key": _short(names),
                    "cells": [{"column": common[n], "earlier": _cut(a, b), "later": _cut(b, a)} for n, a, b in cells],
                }
                for _, names, cells in found.changed
            ],
        },
    }


def _read(table: View, load: Loader, columns: Sequence[int] | None) -> Iterable[Row]:
    """The rows, reduced to `columns`; the file is closed when the last one was taken."""
    with load.opened(table["sha256"]) as stream:
        rows = rows_of(stream, table["resource"])
        yield from rows if columns is None else ([row[n] for n in columns] for row in rows)


def _names(resource: View) -> list[str]:
    return [str(field["name"]) for field in resource["schema"]["fields"]]


def _key(earlier: View, later: View, common: Sequence[str]) -> list[str]:
    """The key of both versions; none where they have different ones: the earlier rows need not be unique by it."""
    keys = [_listed(one["schema"].get("primaryKey")) for one in (earlier, later)]
    return keys[1] if keys[0] == keys[1] and set(keys[1]) <= set(common) else []


def _listed(key: Any) -> list[str]:
    return [key] if isinstance(key, str) else list(key or ())


def _same_cells(earlier: View, later: View) -> bool:
    """Whether equal bytes are equal cells under equal names."""
    return all(earlier[k] == later[k] for k in ("encoding", "dialect")) and _names(earlier) == _names(later)


def _columns(earlier: View, later: View) -> dict[str, Any]:
    """Columns that are new, gone, and declared in another way: by type, or by another rule."""
    old, new = ({f["name"]: f for f in one["schema"]["fields"]} for one in (earlier, later))
    changed = [
        {"name": n, "earlier": _said(old[n], new[n]), "later": _said(new[n], old[n])}
        for n in new
        if n in old and old[n] != new[n]
    ]
    added = [{"name": n, "type": f["type"]} for n, f in new.items() if n not in old]
    removed = [{"name": n, "type": f["type"]} for n, f in old.items() if n not in new]
    return {"added": added, "removed": removed, "changed": changed}


def _said(field: View, other: View) -> dict[str, Any]:
    """What one declaration says that the other does not."""
    return {k: v for k, v in field.items() if other.get(k) != v}


def _short(cells: Iterable[str]) -> list[str]:
    return [_cut(cell, "") for cell in cells]


def _cut(cell: str, other: str) -> str:
    """A cell for a page, cut around the place where it begins to differ from `other`."""
    if len(cell) <= _LONGEST:
        return cell
    at = next((n for n, (a, b) in enumerate(zip(cell, other, strict=False)) if a != b), 0)
    start = max(0, at - _LONGEST // 2) if at > _LONGEST // 2 else 0
    piece = cell[start : start + _LONGEST]
    return ("…" if start else "") + piece + ("…" if start + _LONGEST < len(cell) else "")
