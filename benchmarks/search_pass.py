"""One pass of our static index, from a site that is built: all of it, or with a document more. Touches the disk.

A process of its own makes each pass (search_index.py), so this module loads nothing that only measures.
"""

from __future__ import annotations

import dataclasses
import datetime
import hashlib
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import orjson

from plugins.build.plans import Plans
from plugins.build.searching import SearchIndex, search_renderers
from plugins.build.store import Made, Objects, Store, read_object, write_object
from plugins.views.indexed import FACETS, Entry
from plugins.views.jobs import Job

_TOOLCHAIN = "benchmark"
_PIECES = 30
"""Documents that lend a line to one that is published."""


@dataclasses.dataclass(slots=True)
class Found:
    """What a build knows of its documents before it makes the index: entries, digest and size of each text, the
    weights of fields."""

    entries: list[Entry]
    texts: dict[str, str]
    sizes: dict[str, int]
    weights: dict[str, int]

    @classmethod
    def read(cls, site: Path, store: Store) -> Found:
        """All documents of a built site, oldest first; their texts are in the store, as a build has them there."""
        from plugins.models.types import TYPES
        from plugins.search.ranking import weights

        found = cls([], {}, {}, weights())
        for file in sorted(site.rglob("index.txt")):
            if not (described := file.with_name("index.json")).is_file():
                continue
            facts = orjson.loads(described.read_bytes())
            path = urlsplit(facts["url"]).path
            if "published" in facts and path.strip("/").endswith(file.parent.relative_to(site).as_posix()):
                found.add(_entry(facts, path, TYPES[facts["type"]].label), _linked(store, file))
        if not found.entries:
            raise ValueError(f"no documents in {site}")
        found.entries.sort(key=lambda one: one.record["url"], reverse=True)
        found.entries.sort(key=lambda one: one.record["published"])
        return found

    def add(self, entry: Entry, text: Made) -> None:
        """One more, the newest."""
        self.entries.append(entry)
        self.texts[entry.id], self.sizes[entry.id] = text.digest, text.size

    @classmethod
    def load(cls, file: Path) -> Found:
        """What `keep` wrote."""
        entries, *rest = orjson.loads(file.read_bytes())
        return cls([Entry(**entry) for entry in entries], *rest)

    def keep(self, file: Path) -> None:
        """Notes everything for the next process."""
        file.write_bytes(orjson.dumps([self.entries, self.texts, self.sizes, self.weights]))


class Indexer:
    """Makes the jobs of an index in this one process: what the product's Maker does for it (plugins/build/maker.py)."""

    def __init__(self, store: Store) -> None:
        self.store, self.load = store, Objects(store.objects)
        self.known, self.plans = store.made(), Plans(store, _TOOLCHAIN)
        self.fresh: dict[str, Made] = {}
        self.renderers = search_renderers()

    def files(self, found: Found) -> dict[str, str]:
        """Path -> digest of every file of the index."""
        index = SearchIndex("/", found.entries, found.sizes)
        packs = self._made(index.packs(found.texts, found.weights))
        segments = self._made(index.segment_jobs(packs))
        files: dict[str, str] = {}
        for number, entry in enumerate(index.entries):
            pack = packs[entry.id]
            blocks = self._planned(entry.id, "blocks", pack, partial(index.block_jobs, number, pack))
            files |= {index.block_path(number, block): digest for block, digest in blocks.items()}
        for name, digest in segments.items():
            files |= self._planned(name, "buckets", digest, partial(index.bucket_jobs, name, digest, self.load.made))
        files |= self._made((job.path, job) for job in _others(index.other_jobs(packs, segments)))
        self.store.remember(self.fresh.items())
        self.plans.remember()
        return files

    def _prints(self, jobs: Iterable[tuple[str, Job]]) -> dict[str, str]:
        """Makes what is not known; name -> fingerprint."""
        prints: dict[str, str] = {}
        for name, job in jobs:
            print_ = prints[name] = job.fingerprint(_TOOLCHAIN)
            if print_ not in self.known:
                data = self.renderers[job.renderer](job.whole_view(), self.load)
                self.known[print_] = self.fresh[print_] = write_object(self.store.objects, data)
        return prints

    def _made(self, jobs: Iterable[tuple[str, Job]]) -> dict[str, str]:
        return {name: self.known[print_].digest for name, print_ in self._prints(jobs).items()}

    def _planned(
        self, name: str, phase: str, key: str, jobs: Callable[[], Iterable[tuple[str, Job]]]
    ) -> dict[str, str]:
        """Name -> digest, from the plan of the pass before where `key` is the same."""
        prints = self.plans.recall(name, phase, key)
        if prints is None:
            prints = self._prints(jobs())
            self.plans.keep(name, phase, key, prints)
        return {name: self.known[print_].digest for name, print_ in prints.items()}


def _others(jobs: Iterable[Job]) -> Iterator[Job]:
    """Head, columns and records; the head is JSON, which only the formats write (they are no part of the index)."""
    for job in jobs:
        yield job if job.renderer != "json" else Job(job.path, "deflated", job.view)


def _entry(facts: Mapping[str, Any], path: str, kind: str) -> Entry:
    """As plugins/views/searching.py makes it, but with the ids of issuer and topic instead of their names."""
    record = {"url": path, "title": facts["title"], "number": facts.get("number", ""), "published": facts["published"]}
    facets = {name: str(facts.get(name, "")) for name in FACETS} | {"kind": kind}
    return Entry(facts["id"], record, facets | {"year": facts["published"][:4]})


def _linked(store: Store, file: Path) -> Made:
    """Puts a file into the store by a link: no index has to create the texts that it is made of."""
    data = file.read_bytes()
    digest = hashlib.sha256(data).hexdigest()
    try:
        os.link(file, store.path(digest))
    except OSError:
        return write_object(store.objects, data)
    info = file.stat()
    return Made(digest, info.st_size, info.st_mtime_ns)


def _one_more(found: Found, store: Store) -> None:
    """A document dated now, made of lines of the others."""
    now = datetime.datetime.now().strftime("%Y-%m-%d %H:%M")  # noqa: DTZ005 - a date for the newest of all
    now = max(now, found.entries[-1].record["published"])
    lines = []
    for number, entry in enumerate(found.entries[:: max(1, len(found.entries) // _PIECES)]):
        body = read_object(store.objects, found.texts[entry.id]).decode().split("\n\n", 1)[-1].split("\n")
        lines.append(body[number % len(body)])
    name = f"policies/{now[:4]}/search-benchmark-{len(found.entries)}"
    title = f"关于公布检索基准测试第{len(found.entries)}份新文件的通知"
    record = {"url": f"/{name}/", "title": title, "number": "", "published": now}
    facets = {**found.entries[-1].facets, "year": now[:4]}
    text = "\n".join(lines)
    found.add(Entry(name, record, facets), write_object(store.objects, f"{title}\n\n{text}\n".encode()))


def make(site: str, below: str, publish: str = "") -> str:
    """One pass of a site's index `below` a folder: from nothing, or (`publish` is not empty) with one document more.

    Words in and out, because a command line calls it: what changed.
    """
    folder = Path(below)
    store, notes = Store(folder / "store"), folder / "found.json"
    if publish:
        found, before = Found.load(notes), orjson.loads((folder / "files.json").read_bytes())
        _one_more(found, store)
    else:
        found, before = Found.read(Path(site), store), {}
    files = Indexer(store).files(found)
    found.keep(notes)
    (folder / "files.json").write_bytes(orjson.dumps(files))
    store.close()
    changed = [path for path, digest in files.items() if before.get(path) != digest]
    gone = [path for path in before if path not in files]
    for path in (*gone, *before.keys() & changed):
        os.unlink(f"{folder}/{path}")
    for parent in {os.path.dirname(path) for path in changed}:
        os.makedirs(f"{folder}/{parent}", exist_ok=True)
    for path in changed:
        os.link(store.path(files[path]), f"{folder}/{path}")
    touched = len(changed) + len(gone)
    digest = hashlib.sha256(orjson.dumps(sorted(files.items()))).hexdigest()[:12]
    added = sum(path not in before for path in changed)
    return (
        f"{len(found.entries)} documents, {len(files)} files: {len(changed) - added} changed, {added} added,"
        f" {len(gone)} removed, {touched / max(1, len(files) + len(gone)):.2%}; {digest}"
    )
