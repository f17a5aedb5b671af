"""Whoosh as the oracle of the static index: folded texts in pairs of characters, each at its place.

A phrase of pairs is exactly a string of characters. What a hit is worth is counted from the places of such phrases,
field by field, without anything of the static index but the table of `plugins/search/ranking.py`.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from whoosh import index
from whoosh.analysis import Token, Tokenizer
from whoosh.fields import ID, KEYWORD, TEXT, Schema
from whoosh.query import Phrase, Term
from whoosh.searching import Searcher

from plugins.search.fold import fold, loose
from plugins.search.ranking import THRESHOLDS, hit, weights

FIELDS = ("title", "number", "text")


@dataclass(frozen=True)
class Document:
    """What the static index has of an entry; `titles` are where those of articles and chapters stand in the text."""

    url: str
    title: str
    number: str
    text: str
    titles: Sequence[tuple[int, int]]
    ended: bool


class Pairs(Tokenizer):
    """Every pair of neighbouring characters of a folded text, each at the place of its first."""

    def __call__(self, value: str, positions: bool = False, **kwargs: Any) -> Iterator[Token]:
        token = Token(positions, mode=kwargs.get("mode", ""))
        token.stopped, token.boost = False, 1.0
        for token.pos, pair in enumerate(map("".join, pairwise(value))):
            token.text = pair
            yield token


class Oracle:
    """An index of `documents`, the oldest first, in `folder`."""

    def __init__(self, folder: Path, documents: Sequence[Document]) -> None:
        folder.mkdir()
        pairs = {name: TEXT(analyzer=Pairs(), phrase=True) for name in FIELDS}
        opened = index.create_in(folder, Schema(url=ID(stored=True), single=KEYWORD, **pairs))
        self.documents = {one.url: one for one in documents}
        self.age = {one.url: number for number, one in enumerate(documents)}
        self.folded = {one.url: {name: fold(getattr(one, name)) for name in FIELDS} for one in documents}
        self.titles = {one.url: _moved(one) for one in documents}
        writer = opened.writer(limitmb=512)
        for url, fields in self.folded.items():
            writer.add_document(url=url, single=" ".join(set("".join(fields.values()))), **fields)
        writer.commit()
        self.searcher: Searcher = opened.searcher()

    def holders(self, phrase: str) -> set[str]:
        """The addresses of the documents that hold the folded `phrase` in one of their fields."""
        queries = [Term("single", phrase)] if len(phrase) == 1 else [_phrase(name, phrase) for name in FIELDS]
        found = {number for query in queries for number in self.searcher.docs_for_query(query)}
        return {self.searcher.stored_fields(number)["url"] for number in found}

    def ratings(self, phrase: str) -> dict[str, int]:
        """By address, what the phrase is worth in each of its holders."""
        worth = dict.fromkeys(self.holders(phrase), 0)
        for field in FIELDS if len(phrase) > 1 else ():
            for url, places in self._places(field, phrase):
                worth[url] += sum(self._hit(url, field, place) for place in places)
        return {url: bisect_right(THRESHOLDS, one) for url, one in worth.items()}

    def ranked(self, phrase: str) -> list[str]:
        """The addresses of the holders as the page has to show them: by group, by rating, the newest first."""
        ratings = self.ratings(phrase)
        return sorted(ratings, key=lambda url: (self.group(url, phrase), -ratings[url], -self.age[url]))

    def group(self, url: str, phrase: str) -> tuple[bool, bool]:
        """What orders before any rating: a title or number that is the phrase, then whether it is in force."""
        folded = self.folded[url]
        full = loose(phrase) in {loose(folded["title"]), loose(folded["number"])}
        return not full, self.documents[url].ended

    def _places(self, field: str, phrase: str) -> Iterator[tuple[str, list[int]]]:
        """Where the phrase begins in a field of each document that holds it."""
        matcher = _phrase(field, phrase).matcher(self.searcher)
        while matcher.is_active():
            url = self.searcher.stored_fields(matcher.id())["url"]
            yield url, sorted({span.start for span in matcher.spans()})
            matcher.next()

    def _hit(self, url: str, field: str, place: int) -> int:
        length = len(self.folded[url][field].encode("utf-16-le")) // 2
        heading = field == "text" and any(start <= place < end for start, end in self.titles[url])
        name = "heading" if heading else field
        return hit(weights()[name], name, length)


def _phrase(field: str, phrase: str) -> Phrase | Term:
    pairs = [*map("".join, pairwise(phrase))]
    return Phrase(field, pairs) if len(pairs) > 1 else Term(field, pairs[0])


def _moved(one: Document) -> list[tuple[int, int]]:
    """The titles of a text, in the folded one."""
    places: Mapping[int, int] = {place: len(fold(one.text[:place])) for span in one.titles for place in span}
    return [(places[start], places[end]) for start, end in one.titles]
