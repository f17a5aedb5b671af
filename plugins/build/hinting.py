"""The jobs of the hints, in five steps, each of which reads what the one before made (pure but for what it is given).

Titles, terms, keys and nodes are cut into parts by a hash. A new title changes the views of its own parts alone, and
only these are rendered.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import orjson

from plugins.search.terms import weights
from plugins.views.jobs import Job

Digests = Mapping[str, str]
"""Of what was made, by name."""
_TITLES, _TERMS, _KEYS = 4, 2, 4
"""One part for so many files of the site."""


def hint_jobs(
    words: Mapping[str, Any], make: Callable[[Iterable[tuple[str, Job]]], Digests], made: Callable[[str], bytes]
) -> Iterator[Job]:
    """Every file that is made of terms, which are `words` (`views.hints.hint_words`).

    `make` makes jobs, `made` gives the bytes of a digest.
    """
    files: Mapping[str, int] = words["files"]
    pieces = {part: max(1, count // _KEYS) for part, count in files.items()}
    table = make([("pinyin", Job("", "search-pinyin", {}))])["pinyin"]
    titles = make(_title_jobs(words)).values()
    weight = weights((orjson.loads(made(one)) for one in titles), words["names"], words["keywords"])
    keys = make(_key_jobs(weight, pieces, files, table)).values()
    *columns, also = zip(*(made(one).decode().split("\0") for one in keys), strict=True)
    nodes = make(_node_jobs(pieces, files, columns))
    yield from _file_jobs(files, {name: made(one) for name, one in nodes.items()})
    other = sorted({one for text in also for one in text.split()})
    yield Job("search/hints/readings.json", "search-readings", {"also": other, "pinyin": table})


def _title_jobs(words: Mapping[str, Any]) -> Iterator[tuple[str, Job]]:
    for number, titles in enumerate(_parted(words["titles"], words["files"]["complete"] // _TITLES)):
        yield f"titles-{number}", Job("", "search-titles", {"titles": titles, "places": words["places"]})


def _key_jobs(
    weight: Mapping[str, int], pieces: Mapping[str, int], files: Mapping[str, int], table: str
) -> Iterator[tuple[str, Job]]:
    for number, terms in enumerate(_parted(weight, files["complete"] // _TERMS)):
        found = [[term, weight[term]] for term in sorted(terms)]
        yield f"keys-{number}", Job("", "search-keys", {"terms": found, "pinyin": table, "pieces": pieces})


def _node_jobs(
    pieces: Mapping[str, int], files: Mapping[str, int], columns: Iterable[Iterable[str]]
) -> Iterator[tuple[str, Job]]:
    names = ((part, number) for part, count in pieces.items() for number in range(count))
    for (part, number), keys in zip(names, columns, strict=True):
        view = {"keys": [rows for rows in keys if rows], "files": files[part]}
        yield f"{part}-{number}", Job("", "search-nodes", view)


def _file_jobs(files: Mapping[str, int], nodes: Mapping[str, bytes]) -> Iterator[Job]:
    members: dict[str, list[str]] = {f"{part}-{n}": [] for part, count in files.items() for n in range(count)}
    for name, data in nodes.items():
        part = name.partition("-")[0]
        for line in data.decode().split("\n") if data else ():
            number, _, member = line.partition("\t")
            members[f"{part}-{number}"].append(member)
    for name, found in members.items():
        yield Job(f"search/hints/{name}.json", "search-hints", {"members": sorted(found)})


def _parted(values: Iterable[str], parts: int) -> list[list[str]]:
    """Texts by a hash, in their order."""
    made: list[list[str]] = [[] for _ in range(parts)]
    for value in values:
        made[zlib.crc32(value.encode()) % parts].append(value)
    return made
