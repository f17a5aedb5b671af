"""A table as the cells of a grid, whatever its spans say (pure)."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable
from typing import Any

MOST = 200
"""Columns and rows that a span may claim."""
_SMALL, _ROWS, _LONG = 300, 8, 300
"""Characters and rows of a table that is kept on one page; characters of a cell that may run on to the next."""
_HEAD = 200
"""Characters of a header that stands again on each page."""


def table(element: Any, runs: Callable[[Any], list[Any]]) -> dict[str, Any]:
    """`{"k": "table", "cols": shares of the width, "head": rows of the header, "cells": [...]}`.

    A cell is `{"x", "y", "w", "h": columns and rows, "r": runs, "a": left, center or right, "th": 1 of a header}`.
    Every place of the grid is covered once: a span ends before a cell that is there, places without a cell get an empty
    one.
    """
    rows = [row for row in element.iter("tr") if next(row.iterancestors("table")) is element]
    taken: set[tuple[int, int]] = set()
    cells: list[dict[str, Any]] = []
    for y, row in enumerate(rows):
        x = 0
        for source in row.iterchildren("td", "th"):
            while (x, y) in taken:
                x += 1
            width, height = _span(source, "colspan"), min(_span(source, "rowspan"), len(rows) - y)
            width = next((w for w in range(1, width) if (x + w, y) in taken), width)
            taken |= {(x + w, y + h) for w in range(width) for h in range(height)}
            cell = {"x": x, "y": y, "w": width, "h": height, "r": runs(source)}
            cell |= {"a": source.get("align")} if source.get("align") in {"left", "center", "right"} else {}
            cells.append(cell | ({"th": 1} if source.tag == "th" else {}))
    cells = _narrowed(_apart(cells))
    wide = max((cell["x"] + cell["w"] for cell in cells), default=0)
    covered = {(c["x"] + w, c["y"] + h) for c in cells for w in range(c["w"]) for h in range(c["h"])}
    empty = [(x, y) for y in range(len(rows)) for x in range(wide) if (x, y) not in covered]
    cells += [{"x": x, "y": y, "w": 1, "h": 1, "r": []} for x, y in empty]
    cells.sort(key=lambda cell: (cell["y"], cell["x"]))
    return {"k": "table", "cols": _shares(cells, wide), "head": _head(cells, len(rows)), "cells": cells, **_kept(cells)}


def _span(cell: Any, name: str) -> int:
    value = cell.get(name) or ""
    return min(max(int(value), 1), MOST) if value.isdecimal() and len(value) < 6 else 1


def _apart(cells: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Cells that do not overlap: one that reaches down into a later one ends above it."""
    begins = {(cell["x"], cell["y"]) for cell in cells}
    covered: set[tuple[int, int]] = set()
    for cell in cells:
        columns = range(cell["x"], cell["x"] + cell["w"])
        free = range(cell["y"] + 1, cell["y"] + cell["h"])
        stop = next((y for y in free if any((x, y) in begins | covered for x in columns)), cell["y"] + cell["h"])
        cell["h"] = stop - cell["y"]
        covered |= {(x, y) for x in columns for y in range(cell["y"], stop)}
    return cells


def _narrowed(cells: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Without the columns in which no cell begins: a span of a thousand is as wide as what stands beside it."""
    begins = sorted({cell["x"] for cell in cells})
    for cell in cells:
        end = bisect_left(begins, cell["x"] + cell["w"])
        cell["x"] = bisect_left(begins, cell["x"])
        cell["w"] = end - cell["x"]
    return cells


def _kept(cells: list[dict[str, Any]]) -> dict[str, int]:
    """`"keep": 1` where the table is short enough to stand on one page; a row of a longer one breaks where it must."""
    long = {y for cell in cells if _length(cell) > _LONG for y in range(cell["y"], cell["y"] + cell["h"])}
    for cell in cells:
        if not long.isdisjoint(range(cell["y"], cell["y"] + cell["h"])):
            cell["long"] = 1
    short = sum(map(_length, cells)) <= _SMALL and len({cell["y"] for cell in cells}) <= _ROWS
    return {"keep": 1} if short else {}


def _head(cells: list[dict[str, Any]], rows: int) -> int:
    """The rows at the top that hold nothing but header cells and reach no further down.

    They stand again on each page, so there are none where they would fill it.
    """
    head = 0
    while head < rows - 1 and all(c.get("th") and c["y"] + c["h"] <= head + 1 for c in cells if c["y"] == head):
        head += 1
    return head if sum(_length(cell) for cell in cells if cell["y"] < head) <= _HEAD else 0


def _shares(cells: list[dict[str, Any]], wide: int) -> list[int]:
    """What each column gets of the width: by the longest cell that is its own, 3 to 24 characters."""
    shares = [3] * wide
    for cell in cells:
        if cell["w"] == 1:
            shares[cell["x"]] = max(shares[cell["x"]], min(_length(cell) + 1, 24))
    return shares


def _length(cell: dict[str, Any]) -> int:
    return sum(len(run if isinstance(run, str) else run.get("t", "")) for run in cell["r"])
