"""The charts of a package: those that its descriptor asks for, or one that suits the table; and their jobs (pure)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from plugins.models.chart import AGGREGATES, MOST_BARS, MOST_POINTS, MOST_SERIES, Chart
from plugins.models.package import OPEN_TYPES, Package, Table
from plugins.readers.charts import charts
from plugins.views.dataset_table import codes
from plugins.views.frame import Frame
from plugins.views.jobs import Job

MOST_BYTES = 32 << 20
"""A larger original is not read for a chart."""
_ORDER = {
    **dict.fromkeys(("date", "datetime", "year", "yearmonth", "time"), "text"),
    **dict.fromkeys(("integer", "number"), "number"),
}
"""Type -> how places stand on the axis; those of other types stand as in the file."""
_TIMES = frozenset({"date", "year", "yearmonth"})
_NUMBERS = frozenset({"number", "integer"})
_UNREADABLE = ("decimalChar", "groupChar", "bareNumber")
_UNIT = re.compile(r"(?:^|[\s，。；、,;（(]|计量|金额)单位[：:]\s*([^\s，。；、,;（）()]{1,12})")
"""Of what is counted, not the organisation (责任单位)."""
_CODES = ("经度", "纬度", "编码", "代码", "编号", "邮编", "电话", "longitude", "latitude", "code", "lat", "lon")
"""Parts of the names of columns that measure nothing and that nobody reads."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """One chart with its table and the words for it."""

    chart: Chart
    table: Table
    title: str
    text: str
    unit: str
    """That of all its numbers, "" where they have none or several."""


def drawn(package: Package) -> list[Drawn]:
    """The charts of `package`, at most one of our own choice; nothing of what is too large to be read for it, nor of
    what is given on application.
    """
    if package.open_type != OPEN_TYPES[0]:
        return []
    tables = {t.name: t for t in package.tables if t.bytes <= MOST_BYTES}
    asked = [c for _, c in charts(package.descriptor) if isinstance(c, Chart)]
    chosen = asked or [c for t in tables.values() if (c := suitable(t))][:1]
    return [_drawn(c, tables[c.resource]) for c in chosen if c.resource in tables and _readable(c, tables[c.resource])]


def suitable(table: Table) -> Chart | None:
    """A line over time; else a number for each name; else how many rows have each name; else nothing."""
    fields = {str(f["name"]): f for f in table.fields}
    distinct = {name: int(f.get("summary", {}).get("distinct", 0)) for name, f in fields.items()}
    coded = codes(table)
    measures = [
        n for n, f in fields.items() if f.get("type") in _NUMBERS and n not in table.primary_key and not _is_code(f)
    ]
    names = [n for n, f in fields.items() if f.get("type", "string") == "string" and n not in coded and not _is_code(f)]
    for name, field in fields.items():
        single = distinct[name] == table.rows
        dated = field.get("type") == "date" and name not in table.primary_key
        if field.get("type") not in _TIMES or not (2 * distinct[name] <= table.rows or (single and not dated)):
            continue  # days on which something happened to one row or another are no series
        if 3 <= distinct[name] <= MOST_POINTS and measures:
            few = [n for n in names if 2 <= distinct[n] <= 4]
            series = "" if single or not few or distinct[name] * distinct[few[0]] > MOST_POINTS else few[0]
            return Chart(table.name, "line", name, (measures[0],), series, "" if single else "mean")
    for name in names:
        if measures and 2 <= distinct[name] == table.rows <= 30:
            return Chart(table.name, "bar", name, (measures[0],))
    counted = [n for n in names if 2 <= distinct[n] <= 20 and distinct[n] * 2 <= table.rows]
    return Chart(table.name, "bar", counted[0], aggregate="count") if counted else None


def _is_code(field: Mapping[str, Any]) -> bool:
    """Whether its name says that it names, places or reaches something."""
    words = f"{field['name']} {field.get('title', '')}".casefold()
    return any(word in words for word in _CODES)


def _readable(chart: Chart, table: Table) -> bool:
    """Whether its numbers are written plainly, and its points few enough."""
    fields = {str(f["name"]): f for f in table.fields}
    if not {chart.x, *chart.ys, *filter(None, [chart.series])} <= fields.keys():
        return False
    if any(key in fields[y] for y in chart.ys for key in _UNREADABLE):
        return False
    distinct = fields[chart.x].get("summary", {}).get("distinct", 0)
    series = fields[chart.series].get("summary", {}).get("distinct", 0) if chart.series else len(chart.ys) or 1
    return bool(
        distinct <= (MOST_BARS if chart.mark == "bar" else MOST_POINTS)
        and series <= MOST_SERIES
        and distinct * series <= MOST_POINTS
    )


def _drawn(chart: Chart, table: Table) -> Drawn:
    labels = _labels(chart, table)
    what = "、".join(labels[1:])
    way = f"（{AGGREGATES[chart.aggregate]}）" if chart.aggregate not in {"", "count"} else ""
    title = chart.title or f"各{labels[0]}的{what}{way}"
    shape = {"line": "折线图", "bar": "条形图", "area": "面积图", "point": "散点图"}[chart.mark]
    unit = _unit(chart, table)
    measured = f"，单位：{unit}" if unit else ""
    return Drawn(chart, table, title, f"{shape}：按{labels[0]}排列的{what}{way}{measured}。图中的数见图下的表。", unit)


def _unit(chart: Chart, table: Table) -> str:
    """What the numbers are counted in, as the descriptions of their columns say it: 单位：万元."""
    said = {str(f["name"]): _UNIT.search(str(f.get("description", ""))) for f in table.fields}
    units = {found[1] if (found := said[y]) else "" for y in chart.ys}
    return units.pop() if len(units) == 1 and chart.aggregate != "count" else ""


def _labels(chart: Chart, table: Table) -> list[str]:
    """What stands at the axes: the place, and each number."""
    titles = {str(f["name"]): str(f.get("title") or f["name"]) for f in table.fields}
    return [titles[chart.x], *([titles[y] for y in chart.ys] or ["行数"])]


def chart_data(packages: Sequence[Package]) -> Iterator[tuple[str, Job]]:
    """(name of the package, the job whose JSON holds what its charts show), for those that have any."""
    for package in packages:
        if found := drawn(package):
            tables = list(dict.fromkeys(d.table.name for d in found))
            files = [_file(package, next(d.table for d in found if d.table.name == name)) for name in tables]
            shown = [_shown(d, tables.index(d.table.name)) for d in found]
            yield package.name, Job("", "chart-data", {"tables": files, "charts": shown})


def _shown(one: Drawn, table: int) -> dict[str, Any]:
    chart, fields = one.chart, list(one.table.fields)
    places = {str(f["name"]): n for n, f in enumerate(fields)}
    return {
        "table": table,
        "mark": chart.mark,
        "x": places[chart.x],
        "ys": [places[y] for y in chart.ys],
        "series": places[chart.series] if chart.series else None,
        "aggregate": chart.aggregate,
        "labels": _labels(chart, one.table),
        "order": _ORDER.get(str(fields[places[chart.x]].get("type")), "file"),
    }


def _file(package: Package, table: Table) -> dict[str, Any]:
    """The original, and how its text is laid out."""
    written = next(r for r in package.descriptor["resources"] if r.get("name") == table.name)
    dialect = written.get("dialect") or {}
    return {
        "file": f"datasets/{package.name}/{table.path}",
        "sha256": table.sha256,
        "encoding": table.encoding,
        "delimiter": dialect.get("delimiter", "\t" if table.path.lower().endswith(".tsv") else ","),
        "quote": dialect.get("quoteChar", '"'),
        "header": dialect.get("header", True) is True,
        "skip": dialect.get("skipInitialSpace") is True,
        "missing": written["schema"].get("missingValues", [""]),
    }


def pictures(frame: Frame, package: Package) -> list[dict[str, str]]:
    """The drawings as the page shows them, each with its unit and where its numbers come from."""
    source = f"来源：{frame.name_of(package.publisher)}，{package.title}。"
    return [
        {
            "title": one.title,
            "text": one.text,
            "url": frame.url(f"datasets/{package.name}/chart-{n}.svg"),
            "note": f"单位：{one.unit}。{source}" if one.unit else source,
        }
        for n, one in enumerate(drawn(package), 1)
    ]


def svg_jobs(package: Package, data: str) -> Iterator[Job]:
    """The drawings, beside the page; `data` is the digest of what `chart_data` made."""
    for number, one in enumerate(drawn(package), 1):
        view = {"number": number - 1, "data": data, "mark": one.chart.mark, "title": one.title, "text": one.text}
        view["unit"] = one.unit
        yield Job(f"datasets/{package.name}/chart-{number}.svg", "chart", view)
