"""One table as its page shows it: dictionary, quality, first rows (pure)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from plugins.models.package import Table
from plugins.readers.constraints import BOUNDS
from plugins.readers.vocabulary import TYPES

MOST_ROWS, LEAST_ROWS, MOST_CELLS, MOST_LETTERS = 100, 10, 6_000, 300
"""Rows, cells and letters of a cell that stand in a page."""
NUMBERS = frozenset({"number", "integer", "year"})
_RULES = {**BOUNDS, "unique": "不重复", "enum": "取值 {}"}
_CHECKED = {
    "required": "必填",
    "unique": "不重复",
    "pattern": "格式",
    "enum": "限定取值",
    **dict.fromkeys(("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"), "数值范围"),
    **dict.fromkeys(("minLength", "maxLength"), "文字长度"),
}
"""Constraint -> what was checked, as people read it."""


def table_view(table: Table, schema: Mapping[str, Any], number: int) -> dict[str, Any]:
    """Table `number` (from 1) with the descriptor's `schema`, for the template.

    Of one that is given on application there is the dictionary: no rows, and nothing that was counted in them.
    """
    shown = table.head[: _rows_shown(len(table.fields))]
    return {
        "title": table.title,
        "name": table.name,
        "anchor": f"table-{number}",
        "rows": table.rows,
        "quality": quality(table, schema) if shown else [],
        "columns": [column(f, table.rows) for f in table.fields],
        "header": [_header(f) for f in table.fields] if shown else [],
        "head": [[_cut(cell) for cell in row] for row in shown],
        "cut": any(len(cell) > MOST_LETTERS for row in shown for cell in row),
        "head_note": f"前 {len(shown)} 行，共 {table.rows} 行" if len(shown) < table.rows else f"全部 {table.rows} 行",
    }


def _rows_shown(columns: int) -> int:
    """A hundred, fewer of a very wide table."""
    return max(LEAST_ROWS, min(MOST_ROWS, MOST_CELLS // max(1, columns)))


def _header(field: Mapping[str, Any]) -> dict[str, Any]:
    kind = str(field.get("type", "string"))
    title = str(field.get("title") or field["name"])
    return {"title": title, "name": str(field["name"]), "type": kind, "number": kind in NUMBERS}


def _cut(cell: str) -> str:
    return cell if len(cell) <= MOST_LETTERS else cell[: MOST_LETTERS - 1] + "…"


def quality(table: Table, schema: Mapping[str, Any]) -> list[dict[str, str]]:
    """What checking the table found, as label and value: everything is counted in the file itself."""
    cells = table.rows * len(table.fields)
    missing = sum(int(f.get("summary", {}).get("missing", 0)) for f in table.fields)
    full = sum(not f.get("summary", {}).get("missing", 0) for f in table.fields)
    described = sum(bool(f.get("description")) for f in table.fields)
    return [
        {"label": label, "value": value}
        for label, value in (
            ("规模", f"{table.rows} 行 × {len(table.fields)} 列"),
            ("缺失", f"{missing} 个单元格（{share(missing, cells)}）；{full} 列没有缺失"),
            ("字段说明", f"{described} 列有说明，共 {len(table.fields)} 列"),
            ("已核对", "、".join(_checked(table, schema))),
            ("核对结果", "每次发布前逐格核对，全部通过才发布；下载的文件与核对的文件校验值相同"),
        )
    ]


def share(part: int, whole: int) -> str:
    """A share in per cent; what is not nothing never reads as nothing."""
    if not part or not whole:
        return "0%"
    percent = 100 * part / whole
    return "不足 0.1%" if percent < 0.1 else f"{percent:.1f}%"


def _checked(table: Table, schema: Mapping[str, Any]) -> list[str]:
    """The rules by which the table was checked."""
    used = {key for f in table.fields for key, value in f.get("constraints", {}).items() if value is not False}
    rules = dict.fromkeys(word for key, word in _CHECKED.items() if key in used)
    keys = [*(["主键"] if table.primary_key else []), *(["外键"] if schema.get("foreignKeys") else [])]
    return ["编码", "行列结构", "列名", "数据类型", *rules, *keys, "个人信息"]


def column(field: Mapping[str, Any], rows: int) -> dict[str, Any]:
    """One row of the dictionary."""
    rules = [
        _RULES[k].format("、".join(map(str, v)) if isinstance(v, list) else v)
        for k, v in field.get("constraints", {}).items()
        if k in _RULES and v is not False
    ]
    summary = field.get("summary", {})
    kind = str(field.get("type", "string"))
    return {
        "name": str(field["name"]),
        "title": str(field.get("title", "")),
        "type": TYPES.get(kind, kind).split("（")[0],
        "description": str(field.get("description", "")),
        "rules": "；".join(rules),
        "missing": _missing(summary, rows),
        "distinct": str(summary.get("distinct", "")),
        "range": _range(summary),
        "mean": _plain(summary.get("mean")),
    }


def _missing(summary: Mapping[str, Any], rows: int) -> str:
    if "missing" not in summary:
        return ""
    missing = int(summary["missing"])
    return f"{missing}（{share(missing, rows)}）" if missing else "无"


def _range(summary: Mapping[str, Any]) -> str:
    least, most = _plain(summary.get("min")), _plain(summary.get("max"))
    return f"{least} 至 {most}" if least and most else ""


def _plain(text: Any) -> str:
    """A number as people read it: seven figures of what is no whole number."""
    if text in (None, ""):
        return ""
    try:
        return str(int(text)) if str(text).lstrip("+-").isdecimal() else f"{float(text):.7g}"
    except (ValueError, OverflowError):
        return str(text)


def codes(table: Table) -> Sequence[str]:
    """Columns of text whose cells look like numbers: what guesses their type loses zeros in front."""
    return [
        str(f["name"])
        for n, f in enumerate(table.fields)
        if f.get("type", "string") == "string" and any(row[n] for row in table.head) and _all_digits(table, n)
    ]


def _all_digits(table: Table, place: int) -> bool:
    return all(row[place].isascii() and row[place].isdigit() for row in table.head if row[place])
