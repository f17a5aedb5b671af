"""Files become records, unchanged ones from the store without being opened. Touches the disk."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from plugins.build.pool import Pool
from plugins.build.settings import Settings, reading
from plugins.build.store import Store
from plugins.models.faults import Fault, fault
from plugins.models.package import Package
from plugins.models.record import Record
from plugins.readers.directory import Directory, read_directory
from plugins.readers.document import read_document
from plugins.readers.tree import MAX_BYTES, Entry, Tree, read_bytes
from plugins.rules.gate import is_public

_RACY_NS = 2_000_000_000
"""A file changed within two seconds of the walk may change again behind its signature: it is read next time."""
_BATCH = 100


class Sources:
    """What the content and datasets folders hold, read once."""

    def __init__(self, settings: Settings, store: Store, now: str, pool: Pool | None = None) -> None:
        self.settings, self.store, self.now = settings, store, now
        self.pool = pool or Pool(1)
        self.started = time.time_ns()
        self.known = {} if settings.clean else store.sources(reading())
        self.rows: list[tuple[str, str, str]] = []
        self.seen: set[str] = set()

    def records(self, tree: Tree) -> tuple[list[Record], list[Fault]]:
        """Every record of `tree`, sorted by id, and the faults of all sources.

        Only records that the gate lets through are remembered: the store never holds a word of the others.
        """
        records: list[Record] = []
        faults: list[Fault] = []
        changed: list[Entry] = []
        for entry in tree.sources:
            self.seen.add(entry.id)
            row = self.known.get(entry.id)
            if row and row[0] == entry.signature:
                self._take(row[1], records, faults)
            else:
                changed.append(entry)
        batches = [changed[i : i + _BATCH] for i in range(0, len(changed), _BATCH)]
        for read in self.pool.map(_read_batch, batches):
            for entry, payload in read:
                record = self._take(payload, records, faults)
                if record is not None and is_public(record, self.now) and not self._racy(entry):
                    self.rows.append((entry.id, entry.signature, payload))
        records.sort(key=lambda r: r.id)
        return records, faults

    def _racy(self, entry: Entry) -> bool:
        _, modified, changed, _ = entry.signature.split("-")
        return max(int(modified), int(changed)) > self.started - _RACY_NS

    @staticmethod
    def _take(payload: str, records: list[Record], faults: list[Fault]) -> Record | None:
        record, found = json.loads(payload)
        faults += [Fault(**f) for f in found]
        if record is None:
            return None
        made = Record(**record)
        records.append(made)
        return made

    def directory(self, tree: Tree) -> Directory:
        """site.yml and the lists."""
        return read_directory({name: read_bytes(entry.file, MAX_BYTES) for name, entry in tree.lists.items()})

    def packages(self) -> tuple[list[Package], list[Fault]]:
        """Every data package, sorted by name; unchanged ones from the store, so frictionless is not imported."""
        folder = self.settings.datasets
        if folder is None or not folder.is_dir():
            return [], []
        from plugins.readers import package as reader

        names, faults = reader.package_folders(folder)
        faults = list(faults)
        prints = {name: reader.fingerprint(folder / name) for name in names}
        read: dict[str, Any] = {}
        for name in names:
            row = self.known.get(f"datasets/{name}")
            if row and row[0] == prints[name]:
                package, found = json.loads(row[1])
                read[name] = Package.from_json(package), tuple(Fault(**f) for f in found)
        missing = [name for name in names if name not in read]
        fresh = reader.read_packages(folder, missing, self.settings.jobs or 2) if missing else {}
        for name, (made, found) in fresh.items():
            self.seen.add(f"datasets/{name}")
            if made is not None:
                payload = json.dumps([made.as_json(), [asdict(f) for f in found]], ensure_ascii=False)
                self.rows.append((f"datasets/{name}", prints[name], payload))
        self.seen |= {f"datasets/{name}" for name in read}
        read |= fresh
        faults += [f for name in names for f in read[name][1]]
        return [read[name][0] for name in names if read[name][0] is not None], faults

    def remember(self) -> None:
        """Keeps what was read, and forgets what is gone; called when the build is sound."""
        fresh = {path for path, _, _ in self.rows}
        gone = [path for path in self.known if path not in self.seen and path not in fresh]
        if self.rows or gone:
            self.store.remember_sources(self.rows, gone)


def _read_batch(entries: Sequence[Entry]) -> list[tuple[Entry, str]]:
    """Each entry with its `[record or null, faults]` as JSON."""
    return [(entry, json.dumps(_read(entry), ensure_ascii=False)) for entry in entries]


def _read(entry: Entry) -> list[Any]:
    try:
        data = read_bytes(entry.file, MAX_BYTES)
    except OSError as error:
        return [None, [asdict(fault("F109", f"content/{entry.id}.md", reason=error.strerror or "已被改动"))]]
    record, faults = read_document(data, entry.id)
    return [asdict(record) if record else None, [asdict(f) for f in faults]]


def hash_files(entries: Iterable[tuple[str, str | Path, int]]) -> dict[str, str]:
    """path -> sha256 of small files (name, file, limit in bytes). Raises OSError."""
    return {name: hashlib.sha256(read_bytes(file, limit)).hexdigest() for name, file, limit in entries}
