"""The Whoosh index of a Site: for editors' searches; never on the way of a build. Touches the disk.

Opening an index unpickles its schema, so only an index below our own cache folder is ever opened.
"""

from __future__ import annotations

import hashlib
import re
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from whoosh import index
from whoosh.fields import ID, KEYWORD, TEXT, Schema
from whoosh.query import And, Not, Or, Phrase, Term
from whoosh.scoring import BM25F

from plugins.models.types import searched_fields
from plugins.rules.validity import ENDED
from plugins.search.fold import fold, loose
from plugins.search.ranking import LENGTH, weights
from plugins.search.words import WordTokenizer, words

_FORMAT = "3"
_STATE = "STATE"
"""The file that says what an index holds and of which files it is: version, hash; size, time and name of each."""
_TERM = re.compile(r'([-－]?)(?:["＂]([^"＂]*)["＂]?|“([^”]*)”?|([^\s"＂]+))')
"""Those of search.js: "…" as it stands, a space for and, a leading - for without."""
_LONGEST = 1000
_MIDDLE = 20
"""A sum of BM25 that is shown as half a point."""


@dataclass(frozen=True, slots=True)
class Hit:
    """One document found; of its `score` one point says that it is in force, two that it was asked for in full."""

    id: str
    title: str
    url: str
    validity: str
    score: float

    @property
    def ended(self) -> bool:
        """Whether it is no longer in force."""
        return self.validity in ENDED


@dataclass(frozen=True, slots=True)
class Entry:
    """One document to index: `stamp` changes when it does.

    `fields` are texts by column name; `texts` gives those that are read only when they are indexed.
    """

    id: str
    url: str
    published: str
    validity: str
    stamp: str
    fields: Mapping[str, str]
    texts: Callable[[], Mapping[str, str]]


def boosts() -> dict[str, int]:
    """The weight of every field: all searched columns, the titles of articles, and the text."""
    return searched_fields() | {"heading": weights()["heading"]}


def _schema() -> Schema:
    fields = {name: TEXT(analyzer=WordTokenizer(), stored=name == "title") for name in boosts()}
    kept = {name: ID(stored=True) for name in ("url", "stamp", "validity")}
    return Schema(id=ID(stored=True, unique=True), published=ID(sortable=True), full=KEYWORD(), **kept, **fields)


def _open(folder: Path) -> tuple[Any, str]:
    """The index and what it holds, by its hash; a new one, "", where a file is not as `_leave` left it."""
    try:
        version, held, *files = (folder / _STATE).read_text().splitlines()
        if version == _version() and all(line == _line(folder / line.split(" ", 2)[2]) for line in files):
            return index.open_dir(folder), held
    except (OSError, ValueError, IndexError):
        pass
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return index.create_in(folder, _schema()), ""


def _leave(folder: Path, held: str) -> None:
    files = [_line(path) for path in folder.iterdir() if path.suffix in {".toc", ".seg"}]
    (folder / _STATE).write_text("\n".join([_version(), held, *files]))


def _line(file: Path) -> str:
    info = file.stat()
    return f"{info.st_size} {info.st_mtime_ns} {file.name}"


def _version() -> str:
    return f"{_FORMAT} {sorted(boosts())}"


def update(folder: Path, entries: Mapping[str, Entry]) -> int:
    """Brings the index in `folder` up to date with `entries` (by id): only what changed is indexed; how many.

    What it holds is not even read where that is what is asked for. One process at a time.
    """
    opened, held = _open(folder)
    wanted = hashlib.sha256(repr(sorted((e.id, e.stamp) for e in entries.values())).encode()).hexdigest()
    if held == wanted:
        return 0
    writer = opened.writer(limitmb=256)
    with writer.reader() as reader:
        stamps = {fields["id"]: fields["stamp"] for _, fields in reader.iter_docs()}
    gone = [i for i in stamps if i not in entries]
    fresh = [e for e in entries.values() if stamps.get(e.id) != e.stamp]
    for identifier in gone:
        writer.delete_by_term("id", identifier)
    for entry in fresh:
        writer.update_document(**_indexed(entry))
    if gone or fresh:
        writer.commit()
    else:
        writer.cancel()
    _leave(folder, wanted)
    return len(gone) + len(fresh)


def _indexed(entry: Entry) -> dict[str, str]:
    kept = {name: getattr(entry, name) for name in ("id", "url", "published", "validity", "stamp")}
    full = {loose(fold(entry.fields[name])) for name in ("title", "number") if name in entry.fields}
    return {**kept, "full": " ".join(full), **entry.fields, **entry.texts()}


def search(folder: Path, query: str, limit: int) -> tuple[int, list[Hit]]:
    """How many documents the index finds, and the best `limit`.

    First what was typed in full, then what is in force; among these by BM25F with the models' weights, then the newest.
    """
    asked, full = _understood(query[:_LONGEST])
    if not asked:
        return 0, []
    weighting = BM25F(**{f"{name}_B": share for name, share in LENGTH.items()})
    with _open(folder)[0].searcher(weighting=weighting) as searcher:
        found = dict(searcher.search(Or([asked, full]), limit=None).items())
        whole = set(searcher.docs_for_query(full))
        ended = set(searcher.docs_for_query(Or([Term("validity", label) for label in ENDED])))
        published = searcher.reader().column_reader("published")
        score = {n: round(2 * (n in whole) + (n not in ended) + s / (s + _MIDDLE), 4) for n, s in found.items()}
        order = sorted(found, key=lambda n: (score[n], published[n]), reverse=True)
        kept = ((searcher.stored_fields(n), score[n]) for n in order[: max(1, limit)])
        return len(found), [Hit(h["id"], h["title"], h["url"], h["validity"], points) for h, points in kept]


def _understood(query: str) -> tuple[Any, Any]:
    """The query of Whoosh, None for nothing, and that for the title or number which the whole may be."""
    terms = [(minus, straight or curly, word) for minus, straight, curly, word in _TERM.findall(query)]
    wanted = [_words(quoted, word) for minus, quoted, word in terms if not minus]
    without = [_words(quoted, word) for minus, quoted, word in terms if minus]
    whole = "".join(quoted or word for minus, quoted, word in terms if not minus)
    full = Or([Term("full", name) for name in {loose(fold(whole)), loose(fold(query))}])
    asked = [one for one in wanted if one]
    return (And([*asked, *(Not(one) for one in without if one)]) if asked else None), full


def _words(quoted: str, word: str) -> Any:
    """All words in any of the fields; in quotes one after the other. None for punctuation alone."""
    found = [text for text, _, _ in words(quoted or word)]
    if not found:
        return None
    if quoted:
        return Or([Phrase(name, found, boost=boost) for name, boost in boosts().items()])
    return And(
        [Or([Term(name, text, boost=boost) for name, boost in boosts().items()]) for text in dict.fromkeys(found)]
    )
