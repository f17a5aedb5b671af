"""A table as the cells of a grid, whatever its spans say (pure)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

MOST = 200
"""Columns and rows that a span may claim."""


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
    cells = _apart(cells)
    wide = max((cell["x"] + cell["w"] for cell in cells), default=0)
    covered = {(c["x"] + w, c["y"] + h) for c in cells for w in range(c["w"]) for h in range(c["h"])}
    empty = [(x, y) for y in range(len(rows)) for x in range(wide) if (x, y) not in covered]
    cells += [{"x": x, "y": y, "w": 1, "h": 1, "r": []} for x, y in empty]
    cells.sort(key=lambda cell: (cell["y"], cell["x"]))
    return {"k": "table", "cols": _shares(cells, wide), "head": _head(cells, len(rows)), "cells": cells}


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


def _head(cells: list[dict[str, Any]], rows: int) -> int:
    """The rows at the top that hold nothing but header cells, and reach no further down."""
    head = 0
    while head < rows - 1 and all(c.get("th") and c["y"] + c["h"] <= head + 1 for c in cells if c["y"] == head):
        head += 1
    return head


def _shares(cells: list[dict[str, Any]], wide: int) -> list[int]:
    """What each column gets of the width: by the longest cell that is its own, 3 to 24 characters."""
    shares = [3] * wide
    for cell in cells:
        if cell["w"] == 1:
            length = sum(len(run if isinstance(run, str) else run.get("t", "")) for run in cell["r"] if run != 0)
            shares[cell["x"]] = max(shares[cell["x"]], min(length + 1, 24))
    return shares
