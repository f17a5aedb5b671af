"""Charts: what they show, read from a table, and the drawing as SVG (pure).

A drawing is laid out by fixed measures, so that its bytes do not depend on the fonts of the machine; its text stays
text, for readers and for search, and is drawn in the reader's own font.
"""

from __future__ import annotations

import csv
import io
import json
import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from html import escape
from typing import Any

from plugins.formats import drawing
from plugins.formats.colours import FONT, INK, RULE, SERIES, SOFT, night
from plugins.formats.labels import width
from plugins.formats.views import Loader, View
from plugins.models.chart import MOST_BARS, MOST_POINTS, MOST_SERIES

_UNSEEN = re.compile(r'<path class="background"[^>]*/>')
"""Grounds without colour: that of a legend is as wide as its text in some font."""
_NAME = re.compile(r'( id="|url\(#)(clip|gradient_)(\d+)')
_WIDTH, _HEIGHT, _BAR = 640, 260, 26
_LABEL, _TICKS = 10, 8


def render_data(view: View, load: Loader) -> bytes:
    """`{"tables": [...], "charts": [...]}` as JSON: for each chart `{"header": [text], "rows": [[text, number…]],
    "words": [text]}`, the words telling greatest and least.

    A table is `{"file", "sha256", "encoding", "delimiter", "quote", "header", "skip", "missing"}`, a chart `{"table",
    "x", "ys", "series", "aggregate", "labels", "order"}` with places of columns. What would be too much to read
    has no rows. A number of the result has six figures, or one place behind the point.
    """
    tables = [list(_rows(table, load)) for table in view["tables"]]
    found = [_shown(chart, tables[chart["table"]], view["tables"][chart["table"]]) for chart in view["charts"]]
    return json.dumps(found, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


def _rows(table: Mapping[str, Any], load: Loader) -> Iterator[list[str]]:
    text = (
        load.file({"file": table["file"], "sha256": table["sha256"]}).decode(table["encoding"]).removeprefix("\ufeff")
    )
    csv.field_size_limit(max(csv.field_size_limit(), len(text)))
    form = {"delimiter": table["delimiter"], "quotechar": table["quote"], "skipinitialspace": table["skip"]}
    rows = csv.reader(io.StringIO(text, newline=""), **form)
    if table["header"]:
        next(rows, None)
    yield from rows


def _shown(chart: Mapping[str, Any], rows: Sequence[list[str]], table: Mapping[str, Any]) -> dict[str, Any]:
    """The rows of one chart, gathered by place and by series."""
    missing = frozenset(table["missing"])
    cells: dict[str, dict[str, list[float]]] = {}
    columns: dict[str, None] = dict.fromkeys(chart["labels"][1:]) if chart["series"] is None else {}
    for row in rows:
        if (x := row[chart["x"]]) in missing:
            continue
        place = cells.setdefault(x, {})
        if chart["series"] is None:
            named = list(zip(chart["labels"][1:], chart["ys"] or [None], strict=True))
        else:
            named = [(row[chart["series"]], chart["ys"][0] if chart["ys"] else None)]
            columns.setdefault(named[0][0])
        for name, y in named:
            value = 1.0 if y is None else _number(row[y], missing)
            if value is not None:
                place.setdefault(name, []).append(value)
    names, order = list(columns), _ORDER[chart["order"]](cells)
    bars = MOST_BARS if chart["mark"] == "bar" else MOST_POINTS
    if len(names) > MOST_SERIES or len(order) > bars or len(order) * len(names) > MOST_POINTS:
        return {"header": [], "rows": [], "words": []}
    merge = _MERGE[chart["aggregate"]]
    merged = [[x, *(_short(merge(cells[x][n])) if cells[x].get(n) else None for n in names)] for x in order]
    words = [
        _words(name, [(str(row[0]), row[n]) for row in merged if row[n] is not None]) for n, name in enumerate(names, 1)
    ]
    return {"header": [chart["labels"][0], *names], "rows": merged, "words": words}


def _words(name: str, values: Sequence[tuple[str, Any]]) -> str:
    """What a column tells who does not see it: how many values, the greatest and the least of them, and where."""
    if not values:
        return f"{name}：没有数"
    (top, most), (bottom, least) = (choose(values, key=lambda one: one[1]) for choose in (max, min))
    if most == least:
        return f"{name}：{len(values)} 个值都是 {most:,}"
    return f"{name}：{len(values)} 个值，最大 {most:,}（{top}），最小 {least:,}（{bottom}）"


def _mean(values: Sequence[float]) -> float:
    return math.fsum(values) / len(values)


def _by_number(cells: Iterable[str]) -> list[str]:
    return sorted(cells, key=lambda cell: (_number(cell, frozenset()) is None, _number(cell, frozenset()) or 0, cell))


_ORDER: Mapping[str, Callable[[Iterable[str]], list[str]]] = {"file": list, "text": sorted, "number": _by_number}
_MERGE: Mapping[str, Callable[[list[float]], float]] = {
    "": _mean,
    "mean": _mean,
    "sum": math.fsum,
    "count": math.fsum,
    "min": min,
    "max": max,
}


def _number(cell: str, missing: frozenset[str]) -> float | None:
    try:
        value = float(cell) if cell not in missing else math.nan
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _short(value: float) -> float | int:
    rounded = float(f"{value:.6g}") if abs(value) < 1e6 else round(value, 1)
    return int(rounded) if rounded.is_integer() and abs(rounded) < 2**53 else rounded


def render(view: View, load: Loader) -> bytes:
    """`{"number", "data", "mark", "title", "text", "unit"}` as SVG; `data` names the JSON made before, `number` its
    chart.
    """
    data = json.loads(load.made(view["data"]))[view["number"]]
    svg = _numbered(_UNSEEN.sub("", drawing.svg(_specification(data, view["mark"], view["unit"]))))
    said = view["text"] + "".join(f"{words}。" for words in data["words"])
    head = f"<title>{escape(view['title'])}</title><desc>{escape(said)}</desc>{night()}"
    start = svg.index(">") + 1
    return (svg[: start - 1] + ' role="img">' + head + svg[start:] + "\n").encode()


def _numbered(svg: str) -> str:
    """The drawing with its own names counted from 0: vega counts on from one drawing of a process to the next."""
    seen: dict[str, str] = {}
    return _NAME.sub(lambda m: m[1] + m[2] + seen.setdefault(m[2] + m[3], str(len(seen))), svg)


def _specification(data: Mapping[str, Any], mark: str, unit: str) -> dict[str, Any]:
    """Vega-Lite; the data stand in it, and nothing is fetched or computed but scales."""
    header, rows = data["header"] or ["", ""], data["rows"]
    values = [
        {"x": row[0], "s": name, "y": value}
        for row in rows
        for name, value in zip(header[1:], row[1:], strict=True)
        if value is not None
    ]
    many = len(header) > 2
    names = [row[0] for row in rows]
    across = _WIDTH - (220 if many else 100) - (60 if mark == "bar" else 0)
    axis = _axis(names, 0 if mark == "bar" else across)
    place = {"field": "x", "type": "ordinal", "sort": names, "title": None, "axis": axis}
    title = (unit or None) if many else f"{header[1]}（{unit}）" if unit else header[1]
    amount = {"field": "y", "type": "quantitative", "title": title, "axis": {"tickCount": 5}}
    scale = {"domain": header[1:], "range": list(SERIES[: len(header) - 1])}
    colour = {"field": "s", "type": "nominal", "scale": scale, "legend": _LEGEND if many else None}
    channels = {"x": amount, "y": place} if mark == "bar" else {"x": place, "y": amount}
    if mark == "bar" and many:
        channels["yOffset"] = {"field": "s", "sort": header[1:]}
    height = _HEIGHT if mark != "bar" else max(2, len(names)) * max(_BAR, 12 * (len(header) - 1) + 8)
    drawn: dict[str, Any] = {"type": mark}
    if mark in {"line", "area"}:
        drawn["point"] = {"size": 18} if len(values) <= 150 else False
    if mark == "area":
        drawn["opacity"] = 0.35
    return {
        "width": across,
        "height": height,
        "autosize": "none",
        "padding": {
            "left": 140 if mark == "bar" else 70,
            "right": 150 if many else 30,
            "top": 14,
            "bottom": 48 if mark == "bar" else 30,
        },
        "background": None,
        "data": {"values": values},
        "mark": drawn,
        "encoding": {**channels, "color": colour},
        "config": _CONFIG,
    }


def _axis(names: Sequence[str], across: int) -> dict[str, Any]:
    """Labels at fixed places; long ones are cut here.

    All of them beside bars (`across` 0); below a line of `across` pixels at most eight, and no more than fit.
    """
    longest = max((width(name[:_LABEL], 12) for name in names), default=0.0)
    fit = min(_TICKS, max(1, int(across // (longest + 12))))
    step = max(1, math.ceil(len(names) / fit)) if across else 1
    cut = f"length(datum.label) > {_LABEL} ? slice(datum.label, 0, {_LABEL - 1}) + '…' : datum.label"
    return {"values": list(names[::step]), "labelAngle": 0, "labelExpr": cut, "grid": False}


_LEGEND = {"orient": "right", "columns": 1, "title": None, "offset": 12, "symbolType": "square", "labelLimit": 0}
_AXIS = {
    "labelColor": SOFT,
    "titleColor": SOFT,
    "domainColor": RULE,
    "tickColor": RULE,
    "gridColor": RULE,
    "labelOverlap": False,
    "labelLimit": 0,
    "titleFontWeight": "normal",
    "labelFontSize": 12,
    "titleFontSize": 12,
}
_CONFIG = {
    "font": FONT,
    "view": {"stroke": None},
    "axis": _AXIS,
    "legend": {"labelColor": INK, "labelFontSize": 12},
    "bar": {"cornerRadiusEnd": 2},
}
