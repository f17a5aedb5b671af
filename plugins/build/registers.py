"""Tables that name rows of others, that keep rules of their own, whose rows have pages. Touches the disk.

Each such table is read again, once, as a stream; of what it refers to only the keys are held. What was found is kept by
the fingerprints of the package, of those that it names, and of what else decided it: unchanged tables stay shut.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from itertools import chain, islice
from pathlib import Path
from typing import Any, Protocol

from plugins.build.settings import whole
from plugins.models.faults import Fault, fault, has_errors
from plugins.models.package import Package
from plugins.models.registers import DOCUMENTS, Mentions, Pages, Reference, Register
from plugins.readers.resources import Source
from plugins.readers.rows import Unreadable, line_of, reread, table_rows
from plugins.rules.context import Context
from plugins.rules.gate import may_become_public
from plugins.rules.keys import Known, Naming, Referring
from plugins.rules.rows import Columns, RowRules
from plugins.rules.tally import Tally, addresses

LIMIT = 100
MAX_PAGES = 2_000
"""Rows of one table that may have pages of their own."""
PLACE = "registers/"
"""The prefix of what is kept in the store, beside `datasets/`."""
Kept = tuple[str, str]


class Check(Protocol):
    """What a row is held against."""

    def row(self, line: int, row: Sequence[str]) -> Iterator[Fault]: ...
    def end(self) -> Iterator[Fault]: ...


class Registers:
    """Every declaration of the accepted `packages`; `failed` are the names of those whose own faults stand already."""

    def __init__(self, datasets: Path, packages: Sequence[Package], failed: Iterable[str], context: Context) -> None:
        self.datasets, self.context, self.failed = datasets, context, frozenset(failed)
        self.packages = {p.name: p for p in packages}
        self.pages = {p.name: found for p in packages if (found := Pages.of(p.descriptor.get("cn:pages"))) and p.tables}
        self.sources: dict[str, dict[str, Source]] = {}
        self.rows: list[tuple[str, str, str]] = []
        self.mentions: dict[str, list[Mentions]] = {}

    def read(self, kept: Mapping[str, Kept]) -> tuple[list[Register], list[Fault]]:
        """The tables with pages, sorted by package, and every fault; `kept` are rows of the store by path."""
        faults: list[Fault] = []
        for package in self.packages.values():
            if any(_declares(schema) for schema in _schemas(package)):
                faults += self._package(package, kept.get(f"{PLACE}{package.name}"))
        registers = []
        for name, pages in self.pages.items():
            try:
                register, found = self._register(name, pages)
            except Unreadable as error:
                register, found = None, [_unreadable(name, error)]
            faults += found
            registers += [register] if register else []
        return registers, faults

    def _package(self, package: Package, held: Kept | None) -> list[Fault]:
        signature = self._signature(package)
        if held and held[0] == signature:
            found, mentions = json.loads(held[1])
            for name, value in mentions:
                rows = {key: (count, tuple(map(tuple, last))) for key, (count, last) in value["rows"].items()}
                made = Mentions(**{**value, "header": tuple(value["header"]), "rows": rows})
                self.mentions.setdefault(name, []).append(made)
            return [Fault(**f) for f in found]
        try:
            faults, fresh = self._judged(package)
        except Unreadable as error:
            return [_unreadable(package.name, error)]
        for name, one in fresh:
            self.mentions.setdefault(name, []).append(one)
        payload = [[asdict(f) for f in faults], [(name, asdict(one)) for name, one in fresh]]
        self.rows.append((f"{PLACE}{package.name}", signature, json.dumps(payload, ensure_ascii=False)))
        return faults

    def _signature(self, package: Package) -> str:
        """What decides the faults and mentions of a package."""
        parts: list[Any] = [whole(), package.sha256]
        for schema in _schemas(package):
            for reference in map(Reference.of, schema.get("cn:references", ())):
                other = self.packages.get(reference.package)
                named = sorted(self._held(reference)) if reference.content else other and other.sha256
                parts.append([named, reference.package in self.failed])
            if any("within" in rule for rule in schema.get("cn:rules", ())):
                parts.append(repr(self.context.calendar))
        return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()

    def _held(self, reference: Reference) -> frozenset[str]:
        """The ids that a column may name."""
        register = self.context.register
        if reference.content != DOCUMENTS:
            return frozenset(register.organisations)
        return frozenset(r.id for r in register.records if may_become_public(r) or r.withdrawn)

    def _judged(self, package: Package) -> tuple[list[Fault], list[tuple[str, Mentions]]]:
        """All tables of a package, each read once."""
        faults: list[Fault] = []
        mentions: list[tuple[str, Mentions]] = []
        for number, resource in enumerate(package.descriptor["resources"]):
            source = self._sources(package.name).get(resource["name"])
            if source is None or source.schema is None or not _declares(source.schema):
                continue
            path = f"datasets/{package.name}/{source.path}"
            checks: list[Check] = [*RowRules.of(source.schema, path, self.context.calendar)]
            tallies = []
            for place, reference in enumerate(map(Reference.of, source.schema.get("cn:references", ()))):
                check, found = self._check(reference, source.schema, path)
                if found:
                    at = ("resources", number, "schema", "cn:references", place)
                    line = line_of(self.datasets, package.name, *at)
                    faults.append(replace(found, path=f"datasets/{package.name}/datapackage.json", line=line))
                checks += [check] if check else []
                if self._has_page(reference):
                    tallies.append(Tally(reference, source.schema))
            faults += self._passed(package.name, source, checks, tallies, path)
            mentions += [(t.reference.package, t.mentions(package.name, path, source.title)) for t in tallies]
        return faults, mentions

    def _passed(
        self, name: str, source: Source, checks: Sequence[Check], tallies: Sequence[Tally], path: str
    ) -> list[Fault]:
        """One pass over the rows; the first faults, and one that says that there are more."""

        def every() -> Iterator[Fault]:
            for line, row in table_rows(self.datasets / name, source):
                for tally in tallies:
                    tally.add(row)
                for check in checks:
                    yield from check.row(line, row)
            yield from chain.from_iterable(check.end() for check in checks)

        found = list(islice(every(), LIMIT + 1))
        return [*found[:LIMIT], fault("P304", path, limit=LIMIT)] if len(found) > LIMIT else found

    def _check(self, reference: Reference, schema: Mapping[str, Any], path: str) -> tuple[Check | None, Fault | None]:
        columns = Columns(schema)
        if reference.content:
            closed = frozenset(r.id for r in self.context.register.records)
            return Naming(reference, columns, path, self._held(reference), closed), None
        if reference.package in self.failed:
            return None, None
        there = self._sources(reference.package).get(reference.table) if reference.package in self.packages else None
        reason = ""
        if reference.package not in self.packages:
            reason = "不存在"
        elif there is None or there.schema is None:
            reason = f"没有“{reference.table}”表，或不予开放"
        elif lacking := [n for n in reference.wanted if n not in Columns(there.schema).at]:
            reason = f"的表里没有“{'、'.join(lacking)}”列"
        if reason or there is None or there.schema is None:
            return None, fault("P339", "", 0, "cn:references", package=reference.package, reason=reason)
        rows = table_rows(self.datasets / reference.package, there)
        return Referring(reference, columns, path, Known(reference, there.schema, rows)), None

    def _has_page(self, reference: Reference) -> bool:
        pages = self.pages.get(reference.package)
        return pages is not None and (reference.table, reference.keys) == (pages.table, (pages.key,))

    def _sources(self, name: str) -> dict[str, Source]:
        if name not in self.sources:
            self.sources[name] = {s.name: s for s in reread(self.datasets, name).sources}
        return self.sources[name]

    def _register(self, name: str, pages: Pages) -> tuple[Register | None, list[Fault]]:
        source = self._sources(name)[pages.table]
        schema, path = source.schema or {}, f"datasets/{name}/{source.path}"
        table = next(t for t in self.packages[name].tables if t.path == source.path)
        if table.rows > MAX_PAGES:
            return None, [fault("P342", path, count=table.rows, limit=MAX_PAGES)]
        at = Columns(schema).at[pages.key]
        rows = [(line, tuple(row)) for line, row in table_rows(self.datasets / name, source)]
        slugs, faults = addresses(((line, row[at]) for line, row in rows), path, pages.key)
        links = {
            one.fields[0]: one
            for one in map(Reference.of, schema.get("cn:references", ()))
            if len(one.fields) == 1 and (one.content or self._has_page(one))
        }
        fields = tuple(dict(f) for f in schema["fields"])
        made = Register(
            name, pages, fields, tuple(r for _, r in rows), slugs, links, tuple(self.mentions.get(name, ()))
        )
        return (None if has_errors(faults) else made), faults


def _schemas(package: Package) -> Iterator[Mapping[str, Any]]:
    """The schemas of a package's tables; what is not open has none."""
    paths = {t.path for t in package.tables}
    return (r["schema"] for r in package.descriptor.get("resources", ()) if paths and r.get("path") in paths)


def _declares(schema: Mapping[str, Any]) -> bool:
    return bool(schema.get("cn:references") or schema.get("cn:rules"))


def _unreadable(name: str, error: Unreadable) -> Fault:
    return fault("P210", f"datasets/{name}/datapackage.json", reason=f"“{error}”在检查时被改动")
