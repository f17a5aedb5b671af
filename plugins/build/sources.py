"""Files become records, unchanged ones from the store without being opened. Touches the disk."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

import orjson

from plugins.build.fonts import check_fonts
from plugins.build.pool import Pool
from plugins.build.settings import SHIPPED_CALENDAR, Settings, reading
from plugins.build.store import Store, dumped
from plugins.models.faults import Fault, fault, has_errors
from plugins.models.package import FREE, Package
from plugins.models.place import OUTLINE
from plugins.models.record import Record
from plugins.readers.attachments import check_attachment
from plugins.readers.calendar import read_calendar
from plugins.readers.directory import Directory, read_directory
from plugins.readers.document import read_document
from plugins.readers.kept import Kept, newest, read_kept, version_folders
from plugins.readers.kept import signature as kept_signature
from plugins.readers.private import check_text, mobiles
from plugins.readers.tree import MAX_BYTES, Entry, Tree, read_bytes
from plugins.rules.links import referenced_assets
from plugins.rules.workdays import Calendar
from plugins.views.site import Site

_RACY_NS = 2_000_000_000
"""A file changed within two seconds of the walk may change again behind its signature: it is read next time."""
_BATCH = 100
_ASSET_LIMIT = 64 * MAX_BYTES


class Sources:
    """What the content and datasets folders hold, read once."""

    def __init__(self, settings: Settings, store: Store, now: str, pool: Pool | None = None) -> None:
        self.settings, self.store, self.now = settings, store, now
        self.pool = pool or Pool(1)
        self.started = time.time_ns()
        self.allowed: tuple[str, ...] = ()
        self.known: dict[str, tuple[str, str]] = {}
        self.rows: list[tuple[str, str, str]] = []
        self.read: list[Record] = []
        self.kept: set[str] = set()

    def records(self, tree: Tree) -> tuple[list[Record], list[Fault]]:
        """Every record of `tree`, sorted by id, and the faults of all sources.

        What is remembered of them, `remember` decides: the store never holds a word of what the Site does not show.
        """
        if not self.settings.clean:
            self.known = self.store.sources(f"{reading()} {' '.join(self.allowed)}")
        records: list[Record] = []
        faults: list[Fault] = []
        changed: list[Entry] = []
        for entry in tree.sources:
            row = self.known.get(entry.id)
            if row and row[0] == entry.signature:
                self._take(row[1], records, faults)
            else:
                changed.append(entry)
        batches = [changed[i : i + _BATCH] for i in range(0, len(changed), _BATCH)]
        for read in self.pool.map(partial(_read_batch, self.allowed), batches):
            for entry, payload in read:
                if self._take(payload, records, faults) and not self.racy(entry):
                    self.rows.append((entry.id, entry.signature, payload))
        records.sort(key=lambda r: r.id)
        self.read = records
        return records, faults

    def racy(self, entry: Entry) -> bool:
        """Whether the file may have changed since, behind its signature."""
        _, modified, changed, _ = entry.signature.split("-")
        return max(int(modified), int(changed)) > self.started - _RACY_NS

    @staticmethod
    def _take(payload: str, records: list[Record], faults: list[Fault]) -> Record | None:
        record, found = orjson.loads(payload)
        faults += [Fault(**f) for f in found]
        if record is None:
            return None
        made = Record(**record, stamp=hashlib.sha256(payload.encode()).hexdigest())
        records.append(made)
        return made

    def directory(self, tree: Tree) -> Directory:
        """site.yml and the lists; comes first: telephones of the directory are no personal data in the texts."""
        lists = ((name, entry) for name, entry in tree.lists.items() if name != OUTLINE)
        directory = read_directory({name: read_bytes(entry.file, MAX_BYTES) for name, entry in lists})
        directory.faults += check_fonts(directory, self.settings.content.parent)
        phones = [text for one in directory.organisations.values() for text in one.telephones()]
        self.allowed = tuple(sorted(mobiles(phones)))
        return directory

    def assets(self, tree: Tree, named: set[str]) -> tuple[dict[str, str], list[Fault]]:
        """path -> sha256 of the attachments and pictures that documents name, and what is wrong with them."""
        hashes: dict[str, str] = {}
        faults: list[Fault] = []
        changed = []
        for name in sorted(tree.assets.keys() & named):
            entry = tree.assets[name]
            if (row := self.known.get(name)) and row[0] == entry.signature:
                hashes[name] = _assessed(row[1], faults)
            else:
                changed.append(entry)
        for entry, payload in self.pool.map(_read_asset, changed):
            hashes[entry.id] = _assessed(payload, faults)
            if not self.racy(entry):
                self.rows.append((entry.id, entry.signature, payload))
        return hashes, faults

    def calendar(self) -> tuple[Calendar, list[Fault]]:
        """The statutory calendar that ships with the product, extended by the site's own."""
        own = self.settings.datasets / "workdays" / "workdays.csv" if self.settings.datasets else SHIPPED_CALENDAR
        site = [own] if own.is_file() and own.resolve() != SHIPPED_CALENDAR.resolve() else []
        rows, faults = read_calendar([SHIPPED_CALENDAR, *site])
        return Calendar.of(rows), faults

    def packages(self, limit: int) -> tuple[list[Package], list[Fault]]:
        """Every data package, sorted by name; unchanged ones from the store, so frictionless is not imported.

        `limit` is in bytes, for one table.
        """
        folder = self.settings.datasets
        if folder is None:
            return [], []
        from plugins.readers import package as reader

        names, faults = reader.package_folders(folder)
        faults = list(faults)
        prints = {name: f"{reader.fingerprint(folder / name)} {limit}" for name in names}
        read: dict[str, Any] = {}
        for name in names:
            row = self.known.get(f"datasets/{name}")
            if row and row[0] == prints[name]:
                package, found = json.loads(row[1])  # orjson makes floats of large numbers
                read[name] = Package.from_json(package), tuple(Fault(**f) for f in found)
        missing = [name for name in names if name not in read]
        fresh = reader.read_packages(folder, missing, self.settings.jobs or 2, limit) if missing else {}
        for name, (made, found) in fresh.items():
            if made is not None:
                payload = json.dumps([made.as_json(), [asdict(f) for f in found]], ensure_ascii=False)
                self.rows.append((f"datasets/{name}", prints[name], payload))
        read |= fresh
        faults += [f for name in names for f in read[name][1]]
        return [read[name][0] for name in names if read[name][0] is not None], faults

    def kept_versions(self, packages: Iterable[Package]) -> tuple[dict[str, dict[str, Kept]], list[Fault]]:
        """What lies in `v/` of every open data set, and what does not belong there; unchanged folders are not read."""
        found: dict[str, dict[str, Kept]] = {}
        faults: list[Fault] = []
        for package in packages:
            if package.open_type == FREE and self.settings.datasets is not None:
                folder = self.settings.datasets / package.name
                versions, strays = version_folders(folder, package.name)
                faults += strays
                found[package.name] = {name: self._kept(folder / "v" / name, package.name) for name in versions}
        return found, faults

    def _kept(self, folder: Path, package: str) -> Kept:
        key = f"datasets/{package}/v/{folder.name}"
        row = self.known.get(key)
        if row and row[0] == kept_signature(folder):
            digest, files, descriptor = orjson.loads(row[1])
            kept = Kept(digest, {p: (d, s) for p, (d, s) in files.items()}, descriptor, row[0], ())
        else:
            kept = read_kept(folder, key)
            if not kept.faults and newest(folder) <= self.started - _RACY_NS:
                payload = dumped([kept.sha256, {p: list(f) for p, f in kept.files.items()}, kept.descriptor])
                self.rows.append((key, kept.signature, payload))
        self.kept.add(key)
        return kept

    def remember(self, site: Site) -> None:
        """Keeps of what was read what `site` shows whole, and forgets the rest; called when the build is sound."""
        shown = [*site.documents.values(), *(v for versions in site.versions.values() for v in versions)]
        kept = {asset for record in shown for asset in referenced_assets(record)}
        whole = {id(record) for record in shown}
        kept |= {record.source.removesuffix(".md") for record in self.read if id(record) in whole}
        kept |= {f"{place}/{package.name}" for package in site.packages for place in ("datasets", "registers")}
        kept |= self.kept
        rows, gone = [row for row in self.rows if row[0] in kept], self.known.keys() - kept
        if rows or gone:
            self.store.remember_sources(rows, sorted(gone))


def _assessed(payload: str, faults: list[Fault]) -> str:
    digest, found = orjson.loads(payload)
    faults += [Fault(**f) for f in found]
    return str(digest)


def _read_asset(entry: Entry) -> tuple[Entry, str]:
    """An attachment with its `[sha256, faults]` as JSON."""
    path = f"content/{entry.id}"
    try:
        data = read_bytes(entry.file, _ASSET_LIMIT)
    except OSError as error:
        return entry, dumped(["", [asdict(fault("F109", path, reason=error.strerror or "已被改动"))]])
    faults = list(_attachment_faults(entry.id.rsplit("/", 1)[-1], data, path))
    if entry.id.lower().endswith((".csv", ".txt")):
        faults += check_text(data.decode(errors="replace"), path, 1)
    return entry, dumped([hashlib.sha256(data).hexdigest(), [asdict(f) for f in faults]])


def _attachment_faults(name: str, data: bytes, path: str) -> Iterator[Fault]:
    """What the check finds, and that a damaged file which it takes cannot be stripped: that is told here, not later."""
    from plugins.formats.strip import strip

    found = list(check_attachment(name, data, path))
    yield from found
    if not has_errors(found):
        try:
            strip(data, name)
        except ValueError:
            yield fault("A103", path, name=name, reason="不能清除其中看不见的信息")


def _read_batch(allowed: Sequence[str], entries: Sequence[Entry]) -> list[tuple[Entry, str]]:
    """Each entry with its `[record or null, faults]` as JSON."""
    return [(entry, dumped(_read(entry, allowed))) for entry in entries]


def _read(entry: Entry, allowed: Sequence[str]) -> list[Any]:
    try:
        data = read_bytes(entry.file, MAX_BYTES)
    except OSError as error:
        return [None, [asdict(fault("F109", f"content/{entry.id}.md", reason=error.strerror or "已被改动"))]]
    record, faults = read_document(data, entry.id, allowed)
    return [record.as_json() if record else None, [asdict(f) for f in faults]]


def hash_files(entries: Iterable[tuple[str, str | Path, int]]) -> dict[str, str]:
    """path -> sha256 of small files (name, file, limit in bytes). Raises OSError."""
    return {name: hashlib.sha256(read_bytes(file, limit)).hexdigest() for name, file, limit in entries}
