"""Small data packages, written a folder at a time."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any


def write_package(
    datasets: Path,
    name: str,
    fields: Mapping[str, str],
    rows: Iterable[Sequence[object]],
    key: str | list[str] = "code",
    pages: Mapping[str, Any] | None = None,
    **schema: Any,
) -> Path:
    """The package `name` with one table of that name; `fields` are types by name, `schema` its further keys."""
    whole = {"fields": [{"name": n, "type": t} for n, t in fields.items()], "primaryKey": key, **schema}
    value: dict[str, Any] = {
        "name": name,
        "title": f"数据包 {name}",
        "licenses": [{"name": "CC-BY-4.0"}],
        "contributors": [{"title": "县政府办公室", "role": "publisher"}],
        "resources": [{"name": name, "path": f"{name}.csv", "schema": whole}],
    }
    folder = datasets / name
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "datapackage.json").write_text(json.dumps(value | ({"cn:pages": pages} if pages else {})))
    lines = [",".join(fields), *(",".join(map(str, row)) for row in rows)]
    (folder / f"{name}.csv").write_text("\n".join(lines) + "\n")
    return folder


POWERS = {"code": "string", "name": "string", "unit": "string", "since": "date", "until": "date"}
POWER_ROWS = [
    ("XK-1", "食品经营许可", "xzfb", "2018-12-28", ""),
    ("XK-2", "施工许可", "fgj", "2018-12-28", "2022-06-30"),
]
PAGES = {
    "resource": "powers",
    "folder": "powers",
    "label": "权力事项",
    "key": "code",
    "title": "name",
    "groups": "unit",
}
DECISIONS = {"code": "string", "item": "string", "on": "date"}
DECISION_ROWS = [("试许1", "XK-1", "2026-03-02"), ("试许2", "XK-2", "2021-03-02")]
TO_POWER = {"fields": "item", "reference": {"package": "powers", "resource": "powers", "fields": "code"}}
IN_FORCE = {**TO_POWER, "reference": {**TO_POWER["reference"], "from": "since", "to": "until"}, "on": "on"}  # type: ignore[dict-item]


def write_powers(datasets: Path, rows: Iterable[Sequence[object]] = POWER_ROWS, **more: Any) -> Path:
    """A list of powers whose rows have pages."""
    naming = [{"fields": "unit", "reference": {"content": "organisations"}}]
    return write_package(datasets, "powers", POWERS, rows, pages=PAGES, **{"cn:references": naming, **more})


def write_decisions(datasets: Path, rows: Iterable[Sequence[object]] = DECISION_ROWS) -> Path:
    """Decisions, each by a power that is in force."""
    return write_package(datasets, "decisions", DECISIONS, rows, **{"cn:references": [IN_FORCE]})
