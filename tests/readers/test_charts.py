"""`views` of a descriptor: what becomes a chart, and what does not."""

from __future__ import annotations

from typing import Any

import pytest

from plugins.models.chart import Chart
from plugins.readers.charts import charts

FIELDS = [{"name": "年"}, {"name": "镇"}, {"name": "数", "type": "number"}, {"name": "户", "type": "integer"}]
X, Y = {"field": "年", "type": "ordinal"}, {"field": "数", "type": "quantitative"}


def read(**view: Any) -> Chart | str:
    """The one view of a package with one table."""
    resources = [{"name": "a", "schema": {"fields": FIELDS}}, {"name": "b", "schema": {"fields": FIELDS[:1]}}]
    ((number, found),) = charts({"resources": resources, "views": [view]})
    assert number == 0
    return found


def vega(**spec: Any) -> Chart | str:
    """A Vega-Lite specification with these keys."""
    return read(specType="vega-lite", spec={"mark": "line", "encoding": {"x": X, "y": Y}} | spec)


def test_the_simple_form_has_a_column_for_each_number() -> None:
    made = read(specType="simple", state={"type": "lines-and-points", "group": "年", "series": ["数", "户"]})
    assert made == Chart("a", "line", "年", ("数", "户"))


def test_vega_lite_is_read_as_far_as_it_says_what_to_show() -> None:
    assert vega(title="走势", mark={"type": "area", "point": True}) == Chart("a", "area", "年", ("数",), title="走势")
    total = vega(
        mark="bar", encoding={"y": {"field": "镇"}, "x": Y | {"aggregate": "average"}, "color": {"field": "年"}}
    )
    assert total == Chart("a", "bar", "镇", ("数",), "年", "mean")
    count = vega(mark="bar", encoding={"x": {"field": "镇"}, "y": {"aggregate": "count", "type": "quantitative"}})
    assert count == Chart("a", "bar", "镇", (), "", "count")


@pytest.mark.parametrize(
    "spec",
    [
        {"data": {"url": "https://example.org/a.csv"}},
        {"data": {"values": [{"年": 1}]}},
        {"transform": [{"calculate": "1", "as": "z"}]},
        {"params": [{"name": "p", "expr": "1"}]},
        {"config": {"locale": {}}},
        {"layer": []},
        {"usermeta": {}},
        {"mark": {"type": "image", "url": "https://example.org/a.png"}},
        {"mark": {"type": "bar", "href": "javascript:alert(1)"}},
        {"mark": ["bar"]},
        {"encoding": {"x": X, "y": Y, "href": {"value": "javascript:alert(1)"}}},
        {"encoding": {"x": X | {"axis": {"labelExpr": "warn(1)"}}, "y": Y}},
        {"encoding": {"x": X | {"field": ["年"]}, "y": Y}},
        {"encoding": {"x": X | {"type": {}}, "y": Y}},
        {"encoding": {"x": X | {"field": "没有的列"}, "y": Y}},
        {"encoding": {"x": X, "y": Y | {"field": "镇"}}},
        {"encoding": {"x": X, "y": Y | {"aggregate": "product"}}},
        {"encoding": {"x": X}},
        {"encoding": []},
    ],
    ids=str,
)
def test_what_loads_computes_or_is_not_known_is_no_chart(spec: dict[str, Any]) -> None:
    assert isinstance(vega(**spec), str)


@pytest.mark.parametrize("value", [None, 1, "bar", [], {}, {"specType": "plot"}, {"specType": ["simple"]}], ids=str)
def test_a_view_may_be_anything(value: Any) -> None:
    assert all(isinstance(found, str) for _, found in charts({"resources": 3, "views": [value]}))
    assert charts({"views": value}) == [] or isinstance(value, list)


def test_the_table_is_named_by_the_view_or_by_its_data() -> None:
    simple = {"type": "bar", "group": "年", "series": ["数"]}
    assert isinstance(read(specType="simple", spec=simple, resources=["b"]), str)
    assert isinstance(read(specType="simple", spec=simple, resources=[0]), Chart)
    assert isinstance(vega(data={"name": "b"}), str)


def test_a_thirteenth_chart_is_not_drawn() -> None:
    views = [{"specType": "simple", "spec": {"type": "bar", "group": "年", "series": ["数"]}}] * 13
    found = charts({"resources": [{"name": "a", "schema": {"fields": FIELDS}}], "views": views})
    assert [isinstance(chart, Chart) for _, chart in found] == [True] * 12 + [False]
