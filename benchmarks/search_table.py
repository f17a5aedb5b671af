"""Figures of the search benchmark and their tables, beside the targets (pure)."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from statistics import fmean, median
from typing import Any, NamedTuple

from benchmarks.search_drive import MODES, Asked, Found
from benchmarks.search_queries import CLASSES, EXTRA, Query
from benchmarks.search_sites import PASSES, Costs

OURS, THEIRS = MODES[0], MODES[1:]
ALL = "all classes"
Sets = Mapping[str, Sequence[Found]]
"""What was found, by mode; in the order of the queries."""
Rounds = Sequence[Sequence[Mapping[str, Asked]]]
"""What was sent and how long it took: round, query, mode."""


class Row(NamedTuple):
    """One figure of ours, and Pagefind's: as typed and in quotes, or one that is the same for both.

    `limit` is the most of a ratio to Pagefind's ("ratio"), or our least ("least") or most ("most").
    """

    name: str
    unit: str
    ours: float
    theirs: tuple[float, ...]
    kind: str = ""
    limit: float = 0.0

    @property
    def better(self) -> float:
        """Pagefind's better figure: the greater share, the lesser of all else."""
        return max(self.theirs) if self.unit == "share" else min(self.theirs)

    @property
    def ratio(self) -> float | None:
        """Ours as a part of Pagefind's better one; None where that is zero."""
        return self.ours / self.better if self.better else None

    @property
    def target(self) -> str:
        """The limit in words."""
        figure = f"{self.limit:.0%}" if self.unit == "%" else f"{self.limit:.3f}"
        return {"ratio": f"≤ {self.limit:g}x", "least": f"≥ {figure}", "most": f"≤ {figure}"}.get(self.kind, "")

    @property
    def met(self) -> bool | None:
        """Whether the target is met; None where there is none."""
        if self.kind == "ratio":
            return self.ratio is not None and self.ratio <= self.limit
        return {"least": self.ours >= self.limit, "most": self.ours <= self.limit}.get(self.kind)


def percentile(values: Sequence[float], share: float) -> float:
    """The least value that `share` (0-1) of all do not exceed; 0 of none."""
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)] if values else 0.0


def scores(query: Query, found: Found) -> tuple[float, float, float]:
    """Recall, precision and exactness (0 or 1). Nothing found is precise only where nothing is to be found."""
    right = len(query.truth & found.ids)
    recall = right / len(query.truth) if query.truth else 1.0
    precision = right / len(found.ids) if found.ids else float(not query.truth)
    return recall, precision, float(query.truth == found.ids)


def tables(queries: Sequence[Query], sets: Sets, rounds: Rounds, costs: tuple[Costs, Costs]) -> dict[str, list[Row]]:
    """Title -> rows: one table a class, one over the five classes of hits, one of the indexes."""
    made = {}
    for kind in (*CLASSES, *EXTRA):
        chosen = [n for n, query in enumerate(queries) if query.kind == kind]
        if chosen:
            made[kind] = [*_quality(queries, sets, chosen), *_traffic(rounds, chosen, judged=False)]
    chosen = [n for n, query in enumerate(queries) if query.kind in CLASSES]
    made[ALL] = [*_quality(queries, sets, chosen), *_traffic(rounds, chosen, judged=True)]
    made["indexes"] = index_rows(*costs)
    return made


def _quality(queries: Sequence[Query], sets: Sets, chosen: Sequence[int]) -> list[Row]:
    """Macro averages: every query weighs the same."""
    by_mode = {mode: [scores(queries[n], sets[mode][n]) for n in chosen] for mode in MODES}
    rows = []
    for part, name in enumerate(("recall", "precision", "exact sets")):
        ours, *theirs = (fmean(one[part] for one in by_mode[mode]) for mode in MODES)
        rows.append(Row(name, "share", ours, tuple(theirs), "least", 1.0))
    if named := [n for n in chosen if queries[n].kind == "title, number"]:
        hits = [fmean(sets[mode][n].first in queries[n].whole for n in named) for mode in MODES]
        rows.append(Row("success@1", "share", hits[0], tuple(hits[1:]), "least", 1.0))
    return rows


def _traffic(rounds: Rounds, chosen: Sequence[int], *, judged: bool) -> list[Row]:
    """Bytes and requests of the first round, which every round repeats; times as each query's median over rounds."""

    def row(name: str, unit: str, figure: Callable[[Asked], float], share: float, limit: float = 0.0) -> Row:
        over = rounds if unit == "ms" else rounds[:1]
        figures = ([median(figure(one[n][mode]) for one in over) for n in chosen] for mode in MODES)
        ours, *theirs = (percentile(values, share) for values in figures)
        name = f"{name} p{share * 100:.0f}"
        return Row(name, unit, ours, tuple(theirs), *(("ratio", limit) if judged and limit else ()))

    return [
        row("base", "bytes", lambda one: one.base, 0.5, 0.2),
        row("query", "bytes", lambda one: one.query, 0.5, 0.08),
        row("query", "bytes", lambda one: one.query, 0.95, 0.07),
        row("query", "requests", lambda one: one.requests, 0.5),
        row("query", "requests", lambda one: one.requests, 0.95),
        row("show", "bytes", lambda one: one.show, 0.5),
        row("suggestions", "bytes", lambda one: one.hints, 0.5),
        row("query, show and suggestions", "requests", lambda one: one.later, 0.5),
        row("query, show and suggestions", "requests", lambda one: one.later, 0.95),
        row("first query with ten results", "bytes", lambda one: one.first, 0.5, 0.22),
        row("first query with ten results", "bytes", lambda one: one.first, 0.95),
        row("the same with suggestions", "bytes", lambda one: one.first + one.hints, 0.5),
        row("latency to the count", "ms", lambda one: one.counted, 0.5, 0.3),
        row("latency to the count", "ms", lambda one: one.counted, 0.95, 0.3),
        row("latency with ten results", "ms", lambda one: one.ms, 0.5),
        row("latency with ten results", "ms", lambda one: one.ms, 0.95),
    ]


def index_rows(ours: Costs, theirs: Costs) -> list[Row]:
    """Sizes and costs of the indexes."""

    def row(name: str, unit: str, figure: Callable[[Costs], float], kind: str = "", limit: float = 0.0) -> Row:
        return Row(name, unit, figure(ours), (figure(theirs),), kind, limit)

    return [
        row("postings on disk", "bytes", lambda one: one.sizes.postings, "ratio", 0.28),
        row("postings", "files", lambda one: one.sizes.files),
        row("text for results on disk", "bytes", lambda one: one.sizes.texts),
        row("suggestions on disk", "bytes", lambda one: one.sizes.hints),
        row("index", "CPU s", lambda one: one.full.cpu, "ratio", 0.5),
        row("peak memory", "MiB", lambda one: one.full.summed, "ratio", 0.3),
        row("one document published", "CPU s", lambda one: one.publish[0].cpu, "ratio", 0.03),
        row("the same, once Python has started", "CPU s", lambda one: one.publish[0].cpu - one.start),
        row(f"mean of {PASSES} published one by one", "CPU s", lambda one: fmean(c.cpu for c in one.publish)),
        row("files changed by it", "%", lambda one: one.changed, "most", 0.03),
        row("postings changed by it", "%", lambda one: one.changed_postings),
    ]


def lines(title: str, rows: Sequence[Row]) -> list[str]:
    """One table as text."""
    out = [f"{title:44}{'ours':>12}{'Pagefind':>12}{'in quotes':>12}{'ratio':>8}   target"]
    for row in rows:
        figures = "".join(f"{_figure(value, row.unit):>12}" for value in (row.ours, *row.theirs))
        unit = "" if row.unit in {"share", "%"} else f", {row.unit}"
        ratio = "-" if row.ratio is None else f"{row.ratio:.3f}"
        verdict = {True: " met", False: " MISSED", None: ""}[row.met]
        out.append(f"  {row.name + unit:42}{figures:36}{ratio:>8}   {row.target}{verdict}".rstrip())
    return out


def _figure(value: float, unit: str) -> str:
    if unit in {"bytes", "files", "requests", "MiB"}:
        return f"{value:,.0f}"
    return {"share": f"{value:.3f}", "%": f"{value:.1%}", "ms": f"{value:.1f}"}.get(unit, f"{value:.2f}")


def as_data(title: str, rows: Sequence[Row]) -> list[dict[str, Any]]:
    """For JSON: the rows of one table."""
    more = ("better", "ratio", "target", "met")
    return [{"table": title} | row._asdict() | {name: getattr(row, name) for name in more} for row in rows]
