"""All that the folders hold, read and checked. Touches the disk."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from plugins.build import data_versions, editions
from plugins.build.ground import read_ground
from plugins.build.ledger import Ledger
from plugins.build.registers import Registers
from plugins.build.settings import Settings
from plugins.build.sources import Sources
from plugins.models.faults import Fault, fault
from plugins.models.package import Package
from plugins.models.record import Record
from plugins.models.registers import Register as ItemRegister
from plugins.readers.datafile import MAX_FILE
from plugins.readers.directory import Directory
from plugins.readers.tree import Tree, walk
from plugins.rules.check import check
from plugins.rules.context import Context
from plugins.rules.links import referenced_assets
from plugins.rules.register import Register
from plugins.views.addresses import FIXED, RESERVED
from plugins.views.site import Site


@dataclass(slots=True)
class Content:
    """All that was read and checked, faults sorted."""

    tree: Tree
    context: Context
    packages: list[Package]
    registers: list[ItemRegister]
    assets: dict[str, str]
    book: Ledger
    stored: data_versions.Stored
    faults: list[Fault]

    def against_ledger(self, site: Site, texts: Mapping[str, str]) -> list[Fault]:
        """What was changed against ledger and frozen issues, sorted; `texts` are the hashes of all canonical texts."""
        broken = {f.path.split("/")[1] for f in self.faults if f.severity == "error" and f.path.startswith("datasets/")}
        found = data_versions.faults(self.book, self.packages, self.stored, broken)
        printed = editions.faults(self.book, self.context.register, site, texts)
        return sorted([*self.book.faults(self.context.register, site, texts), *found, *printed])


def read_content(settings: Settings, sources: Sources) -> Content:
    """Everything in the folders, with every fault. Raises OSError where the content folder cannot be read."""
    tree = walk(settings.content)
    directory = sources.directory(tree)
    records, faults = sources.records(tree)
    identity = directory.identity
    packages, found = sources.packages(identity.table_limit * 1_000_000 if identity else MAX_FILE)
    stored, strays = sources.kept_versions(packages)
    calendar, broken = sources.calendar()
    read = {record.path for record in records}
    unread = [f for f in (*tree.faults, *faults, *directory.faults) if f.severity == "error" and f.path not in read]
    frozen, damaged = editions.frozen_issues(sources, tree)
    outline, unfit = read_ground(sources, tree)
    register = replace(_register(tree, directory, records, unread), frozen=frozen, outline=outline)
    context = Context.of(register, calendar, sources.now)
    registers, broken_rows = _registers(settings, sources, packages, found, context)
    assets, refused = sources.assets(tree, {asset for record in records for asset in referenced_assets(record)})
    every = [
        *tree.faults,
        *faults,
        *refused,
        *damaged,
        *unfit,
        *directory.faults,
        *found,
        *strays,
        *broken,
        *broken_rows,
        *_publishers(packages, register),
    ]
    book = Ledger(settings.datasets)
    if book.problems:  # said once: the ledger is a data package too
        every = [f for f in every if not f.path.startswith("datasets/ledger/")] + book.broken()
    every += check(context, FIXED | {f"{t}/{i}" for t, i in _pages(register)} | set(_items(registers)))
    return Content(tree, context, packages, registers, assets, book, stored, sorted(set(every)))


def _register(tree: Tree, directory: Directory, records: Iterable[Record], unread: Iterable[Fault]) -> Register:
    """Present texts apart from earlier ones; `unread` are the errors of what gave no record."""
    present, versions = [], dict[str, list[Record]]()
    for record in records:
        if record.version:
            versions.setdefault(record.current, []).append(record)
        else:
            present.append(record)
    return Register(
        identity=directory.identity,
        organisations=directory.organisations,
        topics=directory.topics,
        records=present,
        assets=frozenset(tree.assets),
        versions=versions,
        synonyms=directory.synonyms,
        accounts=directory.accounts,
        unread=frozenset(f.path.removeprefix("content/").removesuffix(".md") for f in unread),
    )


def _pages(register: Register) -> Iterable[tuple[str, str]]:
    yield from (("topics", name) for name in register.topics)
    yield from (("organisations", name) for name in register.organisations)


def _registers(
    settings: Settings, sources: Sources, packages: list[Package], found: Iterable[Fault], context: Context
) -> tuple[list[ItemRegister], list[Fault]]:
    """What tables declare of each other and of their rows, checked; the tables whose rows have pages."""
    if settings.datasets is None:
        return [], []
    failed = {f.path.split("/")[1] for f in found if f.severity == "error" and f.path.startswith("datasets/")}
    reading = Registers(settings.datasets, packages, failed, context)
    registers, faults = reading.read(sources.known)
    sources.rows += reading.rows
    taken = {path.partition("/")[0] for path in FIXED | RESERVED}
    for one in registers:
        if one.pages.folder in taken:
            faults.append(fault("P341", f"datasets/{one.package}/datapackage.json", folder=one.pages.folder))
        taken.add(one.pages.folder)
    return registers, faults


def _items(registers: Iterable[ItemRegister]) -> Iterable[str]:
    """The addresses of rows, and of their lists, that bodies may link to."""
    for one in registers:
        yield one.pages.folder
        yield from (f"{one.pages.folder}/{slug}" for slug in one.slugs.values())


def _publishers(packages: Iterable[Package], register: Register) -> Iterable[Fault]:
    """A publisher that looks like an id is one of the organisations."""
    for package in packages:
        name = package.publisher
        if name.isascii() and name.islower() and " " not in name and name not in register.organisations:
            yield fault("D110", package.path, 0, "contributors", value=name)
