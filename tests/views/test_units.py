"""The unit of what a chart shows, out of the descriptions of its columns."""

from __future__ import annotations

import pytest

from plugins.models.package import FREE, Layout, Package, Table
from plugins.views.charts import drawn


def charted(description: str) -> str:
    """The unit of the chart of a table whose numbers are described so."""
    number = {"name": "数", "type": "number", "description": description, "summary": {"distinct": 3}}
    table = Table(
        name="a",
        title="甲",
        path="a.csv",
        bytes=9,
        sha256="0" * 64,
        rows=3,
        encoding="utf-8",
        fields=({"name": "年", "type": "year", "summary": {"distinct": 3}}, number),
        head=(),
        primary_key=("年",),
        layout=Layout(plain=True),
        missing_values=("",),
    )
    (chart,) = drawn(Package("a", "", "", {}, "甲", "fgj", FREE, (table,)))
    return chart.unit


@pytest.mark.parametrize(
    ("description", "unit"),
    [
        ("单位：万元", "万元"),
        ("全年的数，单位:万元。", "万元"),
        ("按年统计（单位：公里）", "公里"),
        ("计量单位：吨", "吨"),
        ("数据来源单位：县统计局", ""),
        ("责任单位：县民政局", ""),
        ("主管单位为县教育局", ""),
    ],
)
def test_the_unit_is_of_what_is_counted_and_no_organisation(description: str, unit: str) -> None:
    assert charted(description) == unit
