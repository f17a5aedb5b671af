"""All that the folders hold, read and checked. Touches the disk."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from plugins.build import data_versions
from plugins.build.ledger import Ledger
from plugins.build.settings import Settings
from plugins.build.sources import Sources
from plugins.models.faults import Fault, fault
from plugins.models.package import Package
from plugins.models.record import Record
from plugins.readers.directory import Directory
from plugins.readers.tree import Tree, walk
from plugins.rules.check import check
from plugins.rules.context import Context
from plugins.rules.links import referenced_assets
from plugins.rules.register import Register
from plugins.views.addresses import FIXED
from plugins.views.site import Site


@dataclass(slots=True)
class Content:
    """All that was read and checked, faults sorted."""

    tree: Tree
    context: Context
    packages: list[Package]
    assets: dict[str, str]
    book: Ledger
    stored: data_versions.Stored
    faults: list[Fault]

    def against_ledger(self, site: Site, texts: Mapping[str, str]) -> list[Fault]:
        """What was changed against the ledger, sorted; `texts` are the hashes of all canonical texts."""
        broken = {f.path.split("/")[1] for f in self.faults if f.severity == "error" and f.path.startswith("datasets/")}
        found = data_versions.faults(self.book, self.packages, self.stored, broken)
        return sorted([*self.book.faults(self.context.register, site, texts), *found])


def read_content(settings: Settings, sources: Sources) -> Content:
    """Everything in the folders, with every fault. Raises OSError where the content folder cannot be read."""
    tree = walk(settings.content)
    directory = sources.directory(tree)
    records, faults = sources.records(tree)
    packages, found = sources.packages()
    stored, strays = sources.kept_versions(packages)
    calendar, broken = sources.calendar()
    read = {record.path for record in records}
    unread = [f for f in (*tree.faults, *faults, *directory.faults) if f.severity == "error" and f.path not in read]
    register = _register(tree, directory, records, unread)
    context = Context.of(register, calendar, sources.now)
    assets, refused = sources.assets(tree, {asset for record in records for asset in referenced_assets(record)})
    every = [
        *tree.faults,
        *faults,
        *refused,
        *directory.faults,
        *found,
        *strays,
        *broken,
        *_publishers(packages, register),
    ]
    book = Ledger(settings.datasets)
    if book.problems:  # said once: the ledger is a data package too
        every = [f for f in every if not f.path.startswith("datasets/ledger/")] + book.broken()
    every += check(context, FIXED | {f"{t}/{i}" for t, i in _pages(register)})
    return Content(tree, context, packages, assets, book, stored, sorted(set(every)))


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
        unread=frozenset(f.path.removeprefix("content/").removesuffix(".md") for f in unread),
    )


def _pages(register: Register) -> Iterable[tuple[str, str]]:
    yield from (("topics", name) for name in register.topics)
    yield from (("organisations", name) for name in register.organisations)


def _publishers(packages: Iterable[Package], register: Register) -> Iterable[Fault]:
    """A publisher that looks like an id is one of the organisations."""
    for package in packages:
        name = package.publisher
        if name.isascii() and name.islower() and " " not in name and name not in register.organisations:
            yield fault("D110", package.path, 0, "contributors", value=name)
