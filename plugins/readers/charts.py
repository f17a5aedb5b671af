"""The `views` of a descriptor become charts, without trust: nothing of a specification is kept but names (pure).

Data Package v1 `views`: `specType` "vega-lite" in a closed part of it, or "simple" with group and series. What a
specification may load, compute or run is refused here, because only a `Chart` goes on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from plugins.models.chart import AGGREGATES, MARKS, MOST_SERIES, Chart

if TYPE_CHECKING:
    from collections.abc import Mapping

MOST = 12
_SAME = {"average": "mean", "circle": "point", "lines-and-points": "line", "lines": "line", "bars": "bar"}
_SPEC = frozenset({"$schema", "title", "description", "data", "mark", "encoding", "width", "height"})
_CHANNEL = frozenset({"field", "type", "aggregate", "title"})
_KINDS = frozenset({"quantitative", "nominal", "ordinal", "temporal"})


class UnusableError(ValueError):
    """A view that cannot be drawn; the argument says why, in Chinese."""


def charts(descriptor: Mapping[str, Any]) -> list[tuple[int, Chart | str]]:
    """Every view with its number (from 0): a chart whose fields exist, or why there is none."""
    found: list[tuple[int, Chart | str]] = []
    views = descriptor.get("views")
    for number, view in enumerate(views if isinstance(views, list) else ()):
        if number >= MOST:
            found.append((number, f"图表不能多于 {MOST} 个"))
            continue
        try:
            found.append((number, _chart(view, descriptor)))
        except UnusableError as error:
            found.append((number, str(error)))
    return found


def _chart(view: Any, descriptor: Mapping[str, Any]) -> Chart:
    if not isinstance(view, dict):
        raise UnusableError("应当是“{…}”形式的对象")
    title = view.get("title")
    heading = title if isinstance(title, str) else ""
    kind = view.get("specType")
    if kind == "simple":
        spec = view.get("spec", view.get("state"))
        made = _simple(spec, _resource(view, {}, descriptor), heading)
    elif kind == "vega-lite":
        spec = view.get("spec")
        made = _vega_lite(spec, _resource(view, spec, descriptor), heading)
    else:
        raise UnusableError("specType 只能是 simple 或 vega-lite")
    return _known(made, descriptor)


def _resource(view: Mapping[str, Any], spec: Any, descriptor: Mapping[str, Any]) -> str:
    """The table that is meant: named by the view or its data, else the first."""
    resources = _resources(descriptor)
    named = view.get("resources")
    first = named[0] if isinstance(named, list) and named else view.get("resourceName")
    data = spec.get("data") if isinstance(spec, dict) else None
    if isinstance(data, dict):
        if set(data) - {"name"}:
            raise UnusableError("data 只能写表的名称，不能写网址或数据")
        first = first or data.get("name")
    if isinstance(first, int) and not isinstance(first, bool) and 0 <= first < len(resources):
        first = resources[first].get("name")
    return str(first or (resources[0].get("name") if resources else ""))


def _resources(descriptor: Mapping[str, Any]) -> list[dict[str, Any]]:
    found = descriptor.get("resources")
    return [r for r in found if isinstance(r, dict)] if isinstance(found, list) else []


def _simple(spec: Any, resource: str, title: str) -> Chart:
    if not isinstance(spec, dict) or set(spec) - {"type", "group", "series", "title"}:
        raise UnusableError("simple 图表只写 type、group、series")
    series = spec.get("series")
    ys = tuple(s for s in series if isinstance(s, str)) if isinstance(series, list) else ()
    if not ys or len(ys) > MOST_SERIES:
        raise UnusableError(f"series 是 1 至 {MOST_SERIES} 个列名")
    return Chart(resource, _mark(spec.get("type")), str(spec.get("group")), ys, title=title)


def _vega_lite(spec: Any, resource: str, title: str) -> Chart:
    if not isinstance(spec, dict):
        raise UnusableError("spec 应当是“{…}”形式的对象")
    if other := sorted(set(spec) - _SPEC):
        raise UnusableError(f"不支持 {other[0]}")
    mark = spec.get("mark")
    if isinstance(mark, dict):
        if other := sorted(set(mark) - {"type", "point"}):
            raise UnusableError(f"不支持 mark.{other[0]}")
        mark = mark.get("type")
    encoding = spec.get("encoding")
    if not isinstance(encoding, dict) or set(encoding) - {"x", "y", "color"} or {"x", "y"} - set(encoding):
        raise UnusableError("encoding 写 x、y，可以再写 color")
    channels = {name: _channel(name, value) for name, value in encoding.items()}
    x, y = channels["x"], channels["y"]
    if (x["aggregate"] or x["type"] == "quantitative") and y["type"] != "quantitative" and not y["aggregate"]:
        x, y = y, x
    if x["aggregate"] or not x["field"]:
        raise UnusableError("x、y 中要有一个是分组的列")
    ys = (y["field"],) if y["field"] and y["aggregate"] != "count" else ()
    if not ys and y["aggregate"] != "count":
        raise UnusableError("x、y 中要有一个是数值的列")
    own = spec.get("title")
    heading = own if isinstance(own, str) and not title else title
    series = channels["color"]["field"] if "color" in channels else ""
    return Chart(resource, _mark(mark), x["field"], ys, series, y["aggregate"], heading)


def _channel(name: str, value: Any) -> dict[str, str]:
    if not isinstance(value, dict):
        raise UnusableError(f"encoding.{name} 应当是“{{…}}”形式的对象")
    if other := sorted(set(value) - _CHANNEL):
        raise UnusableError(f"不支持 encoding.{name}.{other[0]}")
    if not all(isinstance(inner, str) for inner in value.values()):
        raise UnusableError(f"encoding.{name} 的各项应当是文字")
    if value.get("type", "nominal") not in _KINDS:
        raise UnusableError(f"encoding.{name}.type 不能是“{value['type']}”")
    aggregate = _SAME.get(value.get("aggregate", ""), value.get("aggregate", ""))
    if aggregate not in AGGREGATES:
        raise UnusableError(f"不支持 aggregate“{aggregate}”")
    return {"field": value.get("field", ""), "type": value.get("type", ""), "aggregate": aggregate}


def _mark(value: Any) -> str:
    mark = _SAME.get(value, value) if isinstance(value, str) else value
    if mark not in MARKS:
        raise UnusableError(f"图形只能是 {'、'.join(MARKS)}")
    return str(mark)


def _known(chart: Chart, descriptor: Mapping[str, Any]) -> Chart:
    """The chart, where its table and columns exist and what is drawn as a number is one."""
    tables = {str(r.get("name")): r for r in _resources(descriptor)}
    schema = tables.get(chart.resource, {}).get("schema")
    fields = schema.get("fields") if isinstance(schema, dict) else ()
    listed = fields if isinstance(fields, list) else ()
    kinds = {str(f.get("name")): str(f.get("type", "string")) for f in listed if isinstance(f, dict)}
    for name in (chart.x, *chart.ys, *filter(None, [chart.series])):
        if name not in kinds:
            raise UnusableError(f"表“{chart.resource}”里没有“{name}”列")
    for name in chart.ys:
        if kinds[name] not in {"number", "integer"}:
            raise UnusableError(f"“{name}”列不是数字")
    return chart
