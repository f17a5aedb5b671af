"""What people type and what they may mean: completions by first characters and pinyin, near misses (pure).

A table leads from the beginnings of keys to the best terms with such a key: from its first two characters, and where
more than `MOST` terms share them, from their best `MOST` to the beginnings one character longer, and so on. Beginnings
are spread over a fixed number of small files, which a reader finds by `place`. So a reader needs one small file for
each beginning that it looks up, and a new title changes few files.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Protocol

from plugins.search.readings import reading_table, simplified, syllables
from plugins.search.terms import Words, folded, terms

MOST = 16
CUT = 28
"""Keys are cut to so many characters."""
_SHORTEST = 2
_NEAR_FROM, _NEAR_TO = 3, 20
_SPELT_TO = 8
_PRIME = 65_521

Keyed = Iterable[tuple[str, str]]
"""(key, entry), best first."""
Table = dict[str, dict[str, Any]]
"""Beginning -> {"terms": entries, "next": where there are more, the length of the next beginnings}."""


class Made(Protocol):
    """Finds what an earlier job made."""

    def made(self, digest: str) -> bytes:
        """The bytes of that sha256."""


def render_terms(view: Mapping[str, Any], load: object) -> bytes:  # noqa: ARG001 - every renderer has one shape
    """`{"names", "keywords": [[word, count]], "titles", "places", "files": {part: how many}}` as all files of the site.

    JSON by name of the file: made once, so that one new title costs the pinyin of a site once and not for each file.
    """
    keywords = [(word, count) for word, count in view["keywords"]]
    found = terms(Words(view["names"], keywords, view["titles"], view["places"]))
    files: dict[str, Any] = {"readings": reading_table({word for term in found for word in _words(term)})}
    for part, keyed in (("complete", completing(found)), ("near", nearing(found))):
        tables = spread(beginnings(keyed), view["files"][part])
        files |= {f"{part}-{number}": table for number, table in enumerate(tables)}
    return _written(files)


def render_part(view: Mapping[str, Any], load: Made) -> bytes:
    """`{"from": digest of what `render_terms` made, "name"}`: one of its files."""
    return _written(_files(load, view["from"])[view["name"]])


def render_traditional(view: Mapping[str, Any], load: object) -> bytes:  # noqa: ARG001
    """Traditional characters, and in the same order the simplified one of each."""
    pairs = sorted(simplified().items())
    return _written({"traditional": "".join(a for a, _ in pairs), "simplified": "".join(b for _, b in pairs)})


RENDERERS: dict[str, Callable[[Mapping[str, Any], Any], bytes]] = {
    "search-terms": render_terms,
    "search-hints": render_part,
    "traditional": render_traditional,
}
_read: dict[str, Any] = {}


def _files(load: Made, digest: str) -> dict[str, Any]:
    """All files of one site; a worker makes many of them one after the other, and parses them once."""
    if digest not in _read:
        _read.clear()
        _read[digest] = json.loads(load.made(digest))
    files: dict[str, Any] = _read[digest]
    return files


def _written(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode() + b"\n"


def completing(found: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Keys of each term: itself, its pinyin, the initials of its pinyin. An entry is the term, after its key and TAB
    where the key is not the term itself."""
    for term in found:
        key = folded(term)[:CUT]
        yield key, term if key == term else f"{key}\t{term}"
        read = spelt(term)
        for pinyin in ("".join(read)[:CUT], "".join(one[0] for one in read)[:CUT]):
            if pinyin != key:
                yield pinyin, f"{pinyin}\t{term}"


def nearing(found: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Keys for what was typed wrong near the beginning of a term, where `completing` cannot lead to it.

    One wrong, missing or superfluous character leaves the first or the last two of four as they are: terms by their
    last characters, backwards. Of three the middle one may be wrong, and of four the two middle ones change places:
    first and last with * between. Short terms also by their pinyin backwards, then the entry is pinyin, TAB, term.
    """
    for term in found:
        key = folded(term)
        if not _NEAR_FROM - 1 <= len(key) <= _NEAR_TO:
            continue
        if len(key) >= _NEAR_FROM:
            yield key[::-1], term
        if _NEAR_FROM <= len(key) <= _NEAR_FROM + 1:
            yield f"{key[0]}*{key[-1]}", term
        if len(key) <= _SPELT_TO and (pinyin := "".join(spelt(term))) != key:
            yield pinyin[::-1][:CUT], f"{pinyin[:CUT]}\t{term}"


def spelt(term: str) -> list[str]:
    """The syllables of a term, by its words; what is neither character, letter nor digit is not typed."""
    return [one for word in _words(term) for one in syllables(word) if one.isalnum()]


def _words(term: str) -> list[str]:
    import rjieba

    return list(rjieba.cut(folded(term)))


def beginnings(keyed: Keyed) -> Table:
    """Beginning of keys -> the best `MOST` entries, those first whose whole key it is.

    Where there are more, the next beginnings are longer by one, or by all that the keys share.
    """
    found: Table = {}
    waiting = [(_SHORTEST, list(keyed))]
    while waiting:
        length, rest = waiting.pop()
        groups: dict[str, list[tuple[str, str]]] = {}
        for key, entry in rest:
            if len(key) >= length:
                groups.setdefault(key[:length], []).append((key, entry))
        for beginning, group in groups.items():
            group.sort(key=lambda pair: len(pair[0]) != length)
            found[beginning] = {"terms": [entry for _, entry in group[:MOST]]}
            if len(group) > MOST:
                following = max(length + 1, _shared(group))
                found[beginning]["next"] = following
                waiting.append((following, group))
    return found


def _shared(group: Iterable[tuple[str, str]]) -> int:
    """How many characters all keys begin with."""
    keys = [key for key, _ in group]
    first, last = min(keys), max(keys)
    return next((n for n, sign in enumerate(first) if last[n] != sign), len(first))


def spread(found: Table, files: int) -> list[Table]:
    """The beginnings by the file that holds them."""
    made: list[Table] = [{} for _ in range(files)]
    for beginning, entries in found.items():
        made[place(beginning, files)][beginning] = entries
    return made


def place(beginning: str, files: int) -> int:
    """The number of the file that holds a beginning; search-hints.js reckons the same."""
    number = 0
    for sign in beginning:
        number = (number * 31 + ord(sign)) % _PRIME
    return number % files
