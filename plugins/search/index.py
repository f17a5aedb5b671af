"""The Whoosh index of a Site: for editors' searches and as an oracle; never on the way of a build. Touches the disk.

Opening an index unpickles its schema, so only an index below our own cache folder is ever opened.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from whoosh import index
from whoosh.fields import ID, TEXT, Schema
from whoosh.qparser import MultifieldParser
from whoosh.scoring import BM25F

from plugins.models.types import searched_fields
from plugins.search.words import WordTokenizer

_VERSION = "1"


@dataclass(frozen=True, slots=True)
class Hit:
    """One document found."""

    id: str
    title: str
    url: str
    score: float


@dataclass(frozen=True, slots=True)
class Entry:
    """One document to index: `stamp` changes when it does, `fields` are texts by column name, `body` gives its text."""

    id: str
    url: str
    stamp: str
    fields: Mapping[str, str]
    body: Callable[[], str]


def _schema() -> Schema:
    texts = {name: TEXT(analyzer=WordTokenizer(), stored=name == "title") for name in searched_fields()}
    return Schema(id=ID(stored=True, unique=True), url=ID(stored=True), stamp=ID(stored=True), **texts)


def _open(folder: Path) -> Any:
    marker, version = folder / "VERSION", _VERSION + repr(sorted(searched_fields()))
    if marker.is_file() and marker.read_text() == version and index.exists_in(folder):
        return index.open_dir(folder)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    created = index.create_in(folder, _schema())
    marker.write_text(version)
    return created


def update(folder: Path, entries: Mapping[str, Entry]) -> int:
    """Brings the index in `folder` up to date with `entries` (by id): only what changed is indexed; how many."""
    opened = _open(folder)
    with opened.reader() as reader:
        held = {fields["id"]: fields["stamp"] for _, fields in reader.iter_docs()}
    gone = [i for i in held if i not in entries]
    fresh = [e for e in entries.values() if held.get(e.id) != e.stamp]
    if gone or fresh:
        writer = opened.writer(limitmb=256)
        for identifier in gone:
            writer.delete_by_term("id", identifier)
        for entry in fresh:
            writer.update_document(id=entry.id, url=entry.url, stamp=entry.stamp, body=entry.body(), **entry.fields)
        writer.commit()
    return len(gone) + len(fresh)


def search(folder: Path, query: str, limit: int) -> tuple[int, list[Hit]]:
    """How many documents the index finds, and the best `limit`, ranked by BM25F with the models' weights."""
    weights = searched_fields()
    opened = _open(folder)
    parsed = MultifieldParser(list(weights), opened.schema, fieldboosts=weights).parse(query[:1000])
    with opened.searcher(weighting=BM25F()) as searcher:
        results = searcher.search(parsed, limit=max(1, limit))
        hits = [Hit(h["id"], h["title"], h["url"], round(float(h.score), 4)) for h in results]
        return len(results), hits
