"""Two texts side by side, aligned by article, for a page that computes nothing (pure)."""

from __future__ import annotations

import json
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from plugins.formats import markdown, text
from plugins.formats.align import Pair, align, words
from plugins.formats.differ import Differ, Segments
from plugins.formats.structure import Unit, units
from plugins.formats.views import Loader, View

STATES = ("same", "renumbered", "changed", "moved", "added", "removed")


class Row(NamedTuple):
    """One line of the comparison. `key` is the anchor in the later text, of what was removed in the earlier one.

    `was` and `now` are the labels as typed on both sides, "" where there is none. Segments are (operation, text).
    """

    key: str
    label: str
    was: str
    now: str
    state: str
    earlier: Segments
    later: Segments


def render(view: View, load: Loader) -> bytes:
    """`{"earlier": {"title", "body"}, "later": {…}, "labels": [str, str]}` as JSON: labels, titles, rows, counts."""
    earlier, later = view["earlier"], view["later"]
    titles = Differ().segments(earlier["title"], later["title"])
    rows, counts = compare(_units(earlier, load), _units(later, load))
    made = {"labels": view["labels"], "titles": titles, "rows": [r._asdict() for r in rows], "counts": counts}
    return json.dumps(made, ensure_ascii=False).encode()


def compare(earlier: Sequence[Unit], later: Sequence[Unit]) -> tuple[list[Row], dict[str, int]]:
    """The rows in reading order, and how many units are in each of `STATES`.

    The "=" and "-" of all `earlier`, rows joined by line ends, are the earlier canonical body; the "=" and "+" of all
    `later` are the later one. Unchanged units in succession are one row, whose text stands once, under `earlier`.
    What moved has two rows: where it was, with an empty `later`, and where it is now, with an empty `earlier`.
    """
    rows = list(_rows(earlier, later, *align(earlier, later)))
    counts = Counter(row.state for row in rows)
    counts["moved"] //= 2
    joined: list[Row] = []
    for same, group in groupby(rows, key=lambda row: row.state == "same"):
        run = list(group)
        joined += [_joined(run)] if same else run
    return joined, {state: counts[state] for state in STATES}


def _units(side: View, load: Loader) -> list[Unit]:
    lines = text.lines(markdown.tree(load.body(side["body"])))
    return units([unicodedata.normalize("NFC", line) for line in lines])


def _rows(
    earlier: Sequence[Unit], later: Sequence[Unit], ordered: Sequence[Pair], moved: Sequence[Pair]
) -> Iterator[Row]:
    """One row for each pair and each unit that stands alone, in the order of both texts."""
    differ = Differ()
    gone, come = {p.earlier: p for p in moved}, {p.later: p for p in moved}
    i = j = 0
    for pair in [*ordered, Pair(len(earlier), len(later), 0.0)]:
        for unit, move in ((earlier[n], gone.get(n)) for n in range(i, pair.earlier)):
            if move:
                yield _row(unit, later[move.later], differ)._replace(state="moved", later=[])
            else:
                yield Row(unit.key, unit.label, unit.label, "", "removed", [("-", _text(unit))], [])
        for unit, move in ((later[n], come.get(n)) for n in range(j, pair.later)):
            if move:
                yield _row(earlier[move.earlier], unit, differ)._replace(state="moved", earlier=[])
            else:
                yield Row(unit.key, unit.label, "", unit.label, "added", [], [("+", _text(unit))])
        if pair.earlier < len(earlier):
            yield _row(earlier[pair.earlier], later[pair.later], differ)
        i, j = pair.earlier + 1, pair.later + 1


def _row(earlier: Unit, later: Unit, differ: Differ) -> Row:
    one, two = _text(earlier), _text(later)
    row = Row(later.key, later.label or earlier.label, earlier.label, later.label, "same", [("=", one)], [("=", two)])
    if one == two:
        return row
    state = "renumbered" if words(earlier) == words(later) and earlier.label != later.label else "changed"
    segments = _segments(one, two, row, differ)
    return row._replace(state=state, earlier=segments[0], later=segments[1])


def _segments(one: str, two: str, row: Row, differ: Differ) -> tuple[Segments, Segments]:
    """A number that changed is replaced as a whole: 第八条, 第九条."""
    if row.was == row.now or not (row.was and row.now):
        return differ.segments(one, two)
    here, there = one.index(row.was) + len(row.was), two.index(row.now) + len(row.now)
    earlier, later = differ.segments(one[here:], two[there:])
    return [("-", one[:here]), *earlier], [("+", two[:there]), *later]


def _joined(run: list[Row]) -> Row:
    """Unchanged rows as one, named after its first and last article, or number where it holds no article."""
    labelled = [r for r in run if r.key.startswith("art-")] or [r for r in run if r.label] or run
    first, last = labelled[0], labelled[-1]
    label = first.label if first is last else f"{first.label}至{last.label}"
    whole = "\n".join(segment[1] for row in run for segment in row.earlier)
    return Row(run[0].key, label, label, label, "same", [("=", whole)], [])


def _text(unit: Unit) -> str:
    return "\n".join(unit.lines)
