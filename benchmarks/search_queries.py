"""The seeded query set of the search benchmark, drawn from the documents, and what each query has to find (pure)."""

from __future__ import annotations

import itertools
import random
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from benchmarks.search_documents import Document, normal, whole

CLASSES = {"2 characters": 100, "3-4 characters": 100, "5-10 characters": 60, "title, number": 20, "Latin, digits": 20}
"""The query classes and how many strings each has."""
EXTRA = {"no hit": 20, "one character off": 20}
"""Classes that are reported by themselves and in no figure over all queries."""
_FREQUENT, _MIDDLING = 0.02, 0.2
"""Words by falling number of documents: the first 2 % are frequent, those up to 20 % middling, the rest rare."""
_NUMBERS = 8
_PUNCTUATED = 10
_CANDIDATES = 60
_CHINESE = re.compile(r"[\u4e00-\u9fff]+")
_LATIN = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.%/-]{0,10}[A-Za-z0-9%])")
_MARK = re.compile(r"[，。、；：（）《》〔〕]")
_UNASKED = re.compile(r"[\s\"＂“”]|^[-－]")
"""What the query language reads as more than text."""
_TRIES = 20_000


class Query(NamedTuple):
    """`text` as typed; `truth`: ids of the documents that hold it; `whole`: of those whose title or number it is."""

    kind: str
    text: str
    truth: frozenset[str]
    whole: frozenset[str]


class Texts:
    """The documents in normal form, searched character by character."""

    def __init__(self, documents: Sequence[Document]) -> None:
        self.documents = documents
        self.wholes = [whole(document) for document in documents]
        self.names: dict[str, set[str]] = {}
        for document, text in zip(documents, self.wholes, strict=True):
            for name in text.split("\n", 2)[:2]:
                self.names.setdefault(name, set()).add(document.id)

    def holding(self, text: str) -> frozenset[str]:
        """Ids of the documents of which one field holds `text`."""
        part = normal(text)
        found = (d.id for d, field in zip(self.documents, self.wholes, strict=True) if part in field)
        return frozenset(found if part else ())

    def being(self, text: str) -> frozenset[str]:
        """Ids of the documents of which `text` is the whole title or number."""
        return frozenset(self.names.get(normal(text), ()))


def queries(
    documents: Sequence[Document], seed: int, cut: Callable[[str], Sequence[str]], most: int = 100
) -> list[Query]:
    """The query set: at most `most` strings a class. `cut` parts a text into words. The same seed, the same set."""
    chance = random.Random(seed)
    texts = Texts(documents)
    sizes = {kind: min(most, size) for kind, size in (CLASSES | EXTRA).items()}
    words = _words(documents, cut)
    two, more = (_thirds(words, lengths, chance) for lengths in ({2}, {3, 4}))
    phrases = _distinct(_phrases(documents, cut, chance), sizes["5-10 characters"])
    absent = (text for text in _joined(two + more, chance) if not texts.holding(text))
    drawn = {
        "2 characters": two[: sizes["2 characters"]],
        "3-4 characters": more[: sizes["3-4 characters"]],
        "5-10 characters": phrases,
        "title, number": _named(texts, sizes["title, number"], chance),
        "Latin, digits": _latin(documents, sizes["Latin, digits"], chance),
        "no hit": _distinct(absent, sizes["no hit"]),
        "one character off": _distinct(_altered(phrases + more + two, chance), sizes["one character off"]),
    }
    return [Query(kind, text, texts.holding(text), texts.being(text)) for kind, all_ in drawn.items() for text in all_]


def _words(documents: Sequence[Document], cut: Callable[[str], Sequence[str]]) -> list[str]:
    """Chinese words of two to four characters, those of the most documents first."""
    counts: Counter[str] = Counter()
    for document in documents:
        counts.update({w for w in cut(document.body) if 2 <= len(w) <= 4 and _CHINESE.fullmatch(w)})
    return sorted(counts, key=lambda word: (-counts[word], word))


def _thirds(words: Sequence[str], lengths: set[int], chance: random.Random) -> list[str]:
    """A hundred words of these lengths, in turn a frequent, a middling and a rare one."""
    words = [word for word in words if len(word) in lengths]
    borders = [0, max(40, int(len(words) * _FREQUENT)), max(80, int(len(words) * _MIDDLING)), len(words)]
    parts = [words[start:end] for start, end in itertools.pairwise(borders)]
    drawn = [chance.sample(part, min(34, len(part))) for part in parts]
    return [word for row in itertools.zip_longest(*drawn) for word in row if word][:100]


def _phrases(
    documents: Sequence[Document], cut: Callable[[str], Sequence[str]], chance: random.Random
) -> Iterator[str]:
    """5 to 10 characters cut anywhere out of a block, a border of words inside; one in six has punctuation."""
    lines = [line for document in documents for line in document.body.split("\n") if len(line) >= 12]
    for number in range(_TRIES if lines else 0):
        line, length = chance.choice(lines), chance.randint(5, 10)
        punctuated = number % (60 // _PUNCTUATED) == 0
        for _ in range(50):
            start = chance.randrange(len(line) - length + 1)
            text = line[start : start + length]
            if _UNASKED.search(text) or bool(_MARK.search(text[1:-1])) != punctuated:
                continue
            borders = set(itertools.accumulate(map(len, cut(line))))
            if not _CHINESE.fullmatch(_MARK.sub("", text)) or not borders & set(range(start + 1, start + length)):
                continue
            yield text
            break


def _named(texts: Texts, size: int, chance: random.Random) -> list[str]:
    """Titles and numbers in full; of the titles those first that most other documents name."""
    numbers = sorted({d.number for d in texts.documents if d.number and not _UNASKED.search(d.number)})
    numbers = chance.sample(numbers, min(_NUMBERS, len(numbers), size * _NUMBERS // CLASSES["title, number"]))
    titles = sorted({d.title for d in texts.documents if len(d.title) > 4 and not re.search('["＂]', d.title)})
    titles = chance.sample(titles, min(_CANDIDATES, len(titles)))
    titles.sort(key=lambda title: -len(texts.holding(title)))
    return [*titles[: size - len(numbers)], *numbers]


def _latin(documents: Sequence[Document], size: int, chance: random.Random) -> list[str]:
    """Strings of Latin letters and digits, as they stand in bodies and numbers."""
    found = {text for d in documents for text in _LATIN.findall(d.body) + _LATIN.findall(d.number)}
    return chance.sample(sorted(found), min(size, len(found)))


def _joined(words: Sequence[str], chance: random.Random) -> Iterator[str]:
    """Two words as one, which hardly any text holds."""
    for _ in range(_TRIES if words else 0):
        yield chance.choice(words) + chance.choice(words)


def _altered(drawn: Sequence[str], chance: random.Random) -> Iterator[str]:
    """Drawn strings with one character changed into another of them."""
    characters = sorted({c for text in drawn for c in text if _CHINESE.match(c)})
    for _ in range(_TRIES if characters else 0):
        text = chance.choice(drawn)
        at = chance.randrange(len(text))
        if (other := chance.choice(characters)) != text[at]:
            yield text[:at] + other + text[at + 1 :]


def _distinct(texts: Iterator[str], size: int) -> list[str]:
    """The first `size` different ones."""
    seen: dict[str, None] = {}
    for text in texts:
        if len(seen) == size:
            break
        seen[text] = None
    return list(seen)
