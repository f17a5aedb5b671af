"""One chart of a table, in the few words that are drawn here (pure; a closed part of Vega-Lite)."""

from __future__ import annotations

from dataclasses import dataclass

MARKS = ("line", "bar", "area", "point")
AGGREGATES = {"count": "行数", "sum": "合计", "mean": "平均", "min": "最小", "max": "最大", "": ""}
"""What becomes of several rows that share a place on the axis, and how people read it; "" leaves one row one point."""
MOST_POINTS, MOST_BARS, MOST_SERIES = 2_000, 40, 8


@dataclass(frozen=True, slots=True)
class Chart:
    """`x` and `series` are names of fields, `series` "" for none; `ys` too, empty where rows are counted."""

    resource: str
    mark: str
    x: str
    ys: tuple[str, ...] = ()
    series: str = ""
    aggregate: str = ""
    title: str = ""
