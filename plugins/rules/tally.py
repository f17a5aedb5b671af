"""The addresses of rows that have pages, and what names each of them (pure)."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from plugins.models.faults import Fault, fault
from plugins.models.registers import Mentions, Reference, several
from plugins.models.scalars import SLUG
from plugins.rules.rows import Columns

SHOWN, SHOWN_COLUMNS = 10, 6
"""Of what names a row its page shows the last ten, and of those six columns, unless the reference names them."""
_LIMIT = 100


def addresses(keys: Iterable[tuple[int, str]], path: str, column: str) -> tuple[dict[str, str], list[Fault]]:
    """The address of each key, in small letters, digits and hyphens; a fault where it has none of its own."""
    slugs: dict[str, str] = {}
    taken: dict[str, int] = {"by": 0, "page": 0}
    faults = []
    for line, key in keys:
        slug = "-".join("".join(c if c.isascii() and c.isalnum() else " " for c in key.casefold()).split())
        reason = "" if SLUG.fullmatch(slug) else "没有字母和数字，或者太长"
        if first := taken.get(slug):
            reason = f"与第 {first} 行的相同"
        elif slug in taken:
            reason = "这个名称留给本站使用"
        if reason:
            faults.append(fault("P340", path, line, column, cell=key, reason=reason))
        else:
            slugs[key], taken[slug] = slug, line
    return slugs, faults[:_LIMIT]


class Tally:
    """How often, and by which rows last, each row with a page is named."""

    def __init__(self, reference: Reference, schema: Mapping[str, Any]) -> None:
        self.reference, self.columns = reference, Columns(schema)
        keys = several(schema.get("primaryKey"))
        self.key = self.columns.at[keys[0]] if len(keys) == 1 else None
        names = reference.show or self._others(schema)
        self.shown = [self.columns.at[name] for name in names]
        self.header = tuple(self.columns.titles[name] for name in names)
        self.counts: dict[str, int] = {}
        self.last: dict[str, list[tuple[str, int, tuple[str, ...]]]] = {}

    def _others(self, schema: Mapping[str, Any]) -> list[str]:
        """The first columns that name nothing else: an id says little to people."""
        naming = {name for one in schema.get("cn:references", ()) for name in several(one["fields"])}
        return [name for name in self.columns.at if name not in naming][:SHOWN_COLUMNS]

    def add(self, row: Sequence[str]) -> None:
        """One row more."""
        key = self.columns.cell(row, self.reference.fields[0])
        if not key:
            return
        count = self.counts[key] = self.counts.get(key, 0) + 1
        on = self.columns.cell(row, self.reference.on) if self.reference.on else ""
        last = self.last.setdefault(key, [])
        own = row[self.key] if self.key is not None else ""
        work: Callable[..., object] = heapq.heappush if len(last) < SHOWN else heapq.heappushpop
        work(last, (on, count, (own, *(row[at] for at in self.shown))))

    def mentions(self, package: str, path: str, title: str) -> Mentions:
        """What was counted in the table at `path`, the newest first."""
        rows = {k: (self.counts[k], tuple(r for *_, r in sorted(last, reverse=True))) for k, last in self.last.items()}
        return Mentions(package, path.removeprefix("datasets/"), title, self.header, rows)
