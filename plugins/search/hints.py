"""What people type and what they may mean: completions by first characters and pinyin, near misses (pure).

A table leads from the beginnings of keys to the best terms with such a key: from its first two characters, and where
more than `MOST` terms share them, from their best `MOST` to the beginnings one character longer, and so on. Beginnings
are spread over a fixed number of small files, which a reader finds by `place`. So a reader needs one small file for
each beginning that it looks up, and a new title changes few files.

They are made in steps, each of which is cut into parts by a hash, so that a new title remakes its own part of each:
terms of titles, keys of terms, nodes of keys, files of nodes. `build/hinting.py` leads from one to the next.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Protocol

import orjson

from plugins.search.readings import Pinyin, pinyin_table, simplified
from plugins.search.terms import folded, rank, title_terms

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


Read = Callable[[str], Sequence[str]]
"""The syllables of a term."""
Parts = Mapping[str, int]
"""How many files "complete" and "near" have; or into how many pieces the keys of each are cut."""


class Made(Protocol):
    """Finds what an earlier job made."""

    def made(self, digest: str) -> bytes:
        """The bytes of that sha256."""


def render_pinyin(view: Mapping[str, Any], load: object) -> bytes:  # noqa: ARG001 - every renderer has one shape
    """How everything is read: the same for every site."""
    return pinyin_table()


def render_titles(view: Mapping[str, Any], load: object) -> bytes:  # noqa: ARG001
    """`{"titles", "places"}` as what these titles give."""
    return _written(title_terms(view["titles"], view["places"]))


def render_keys(view: Mapping[str, Any], load: Made) -> bytes:
    """`{"terms": [[term, weight]], "pinyin": digest of the table, "pieces": Parts}` as the rows of tables.

    A row is rank, term, the key's number among those of the term, how the entry spells it, key, with TAB between. Rows
    of one piece stand together; pieces are divided by NUL, and behind them is how else characters are read.
    """
    pinyin = _pinyin(load, view["pinyin"])
    words = {term: words_of(term) for term, _ in view["terms"]}
    made = [_rows(part, count, view["terms"], reading(pinyin, words)) for part, count in view["pieces"].items()]
    also = " ".join(pinyin.others({word for found in words.values() for word in found}))
    return "\0".join([*("".join(rows) for pieces in made for rows in pieces), also]).encode()


def render_nodes(view: Mapping[str, Any], load: object) -> bytes:  # noqa: ARG001
    """`{"keys": rows of `render_keys`, "files"}` as lines `number of the file TAB member of its object`."""
    rows = (row.split("\t") for row in sorted(row for rows in view["keys"] for row in rows.splitlines()))
    found = beginnings((key, f"{spelt}\t{term}" if spelt else term) for _, term, _, spelt, key in rows)
    lines = (f"{place(begun, view['files'])}\t".encode() + _member(begun, found[begun]) for begun in sorted(found))
    return b"\n".join(lines)


def render_file(view: Mapping[str, Any], load: object) -> bytes:  # noqa: ARG001
    """`{"members"}` as one object."""
    return ("{" + ",".join(sorted(view["members"])) + "}\n").encode()


def render_readings(view: Mapping[str, Any], load: Made) -> bytes:
    """`{"also": how else characters are read on the site, "pinyin"}`: how a query sounds."""
    return _written({"usual": _pinyin(load, view["pinyin"]).usual(), "also": " ".join(view["also"])})


def render_traditional(view: Mapping[str, Any], load: object) -> bytes:  # noqa: ARG001
    """Traditional characters, and in the same order the simplified one of each."""
    pairs = sorted(simplified().items())
    return _written({"traditional": "".join(a for a, _ in pairs), "simplified": "".join(b for _, b in pairs)})


RENDERERS: dict[str, Callable[[Mapping[str, Any], Any], bytes]] = {
    "search-pinyin": render_pinyin,
    "search-titles": render_titles,
    "search-keys": render_keys,
    "search-nodes": render_nodes,
    "search-hints": render_file,
    "search-readings": render_readings,
    "traditional": render_traditional,
}
_read: dict[str, Pinyin] = {}


def _pinyin(load: Made, digest: str) -> Pinyin:
    """The table, parsed once in a process."""
    if digest not in _read:
        _read[digest] = Pinyin(load.made(digest))
    return _read[digest]


def _rows(part: str, pieces: int, found: Iterable[tuple[str, int]], read: Read) -> list[list[str]]:
    """The rows of each piece; a piece has all keys that begin with the same two characters."""
    made: list[list[str]] = [[] for _ in range(pieces)]
    for term, weight in found:
        for number, (key, entry) in enumerate(KEYS[part](term, read)):
            if len(key) >= _SHORTEST:
                row = (rank(term, weight), term, str(number), entry.rpartition("\t")[0], key)
                made[place(key[:_SHORTEST], pieces)].append("\t".join(row) + "\n")
    return made


def _member(beginning: str, node: Mapping[str, Any]) -> bytes:
    return orjson.dumps({beginning: node}, option=orjson.OPT_SORT_KEYS)[1:-1]


def _written(value: object) -> bytes:
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE)


def completing(term: str, read: Read) -> Iterator[tuple[str, str]]:
    """Keys of a term: itself, its pinyin, the initials of its pinyin. An entry is the term, after its key and TAB
    where the key is not the term itself."""
    key = folded(term)[:CUT]
    yield key, term if key == term else f"{key}\t{term}"
    syllables = read(term)
    for pinyin in ("".join(syllables)[:CUT], "".join(one[0] for one in syllables)[:CUT]):
        if pinyin != key:
            yield pinyin, f"{pinyin}\t{term}"


def nearing(term: str, read: Read) -> Iterator[tuple[str, str]]:
    """Keys for what was typed wrong near the beginning of a term, where `completing` cannot lead to it.

    One wrong, missing or superfluous character leaves the first or the last two of four as they are: terms by their
    last characters, backwards. Of three the middle one may be wrong, and of four the two middle ones change places:
    first and last with * between. Short terms also by their pinyin backwards, then the entry is pinyin, TAB, term.
    """
    key = folded(term)
    if not _NEAR_FROM - 1 <= len(key) <= _NEAR_TO:
        return
    if len(key) >= _NEAR_FROM:
        yield key[::-1], term
    if _NEAR_FROM <= len(key) <= _NEAR_FROM + 1:
        yield f"{key[0]}*{key[-1]}", term
    if len(key) <= _SPELT_TO and (pinyin := "".join(read(term))) != key:
        yield pinyin[::-1][:CUT], f"{pinyin[:CUT]}\t{term}"


KEYS = {"complete": completing, "near": nearing}


def reading(pinyin: Pinyin, words: Mapping[str, Sequence[str]]) -> Read:
    """The syllables of a term, by its words; what is neither character, letter nor digit is not typed."""
    return lambda term: [one for word in words[term] for one in pinyin.syllables(word) if one.isalnum()]


def words_of(term: str) -> list[str]:
    """The words of a term, in the form of keys."""
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
        whole, longer = defaultdict[str, list[str]](list), defaultdict[str, list[tuple[str, str]]](list)
        for pair in rest:
            if len(pair[0]) > length:
                longer[pair[0][:length]].append(pair)
            elif len(pair[0]) == length:
                whole[pair[0]].append(pair[1])
        for beginning in whole.keys() | longer.keys():
            first, others = whole.get(beginning, []), longer.get(beginning, [])
            found[beginning] = {"terms": [*first[:MOST], *(entry for _, entry in others[:MOST])][:MOST]}
            if len(first) + len(others) > MOST:
                following = length + 1 if first else max(length + 1, _shared(others))
                found[beginning]["next"] = following
                waiting.append((following, others))
    return found


def _shared(group: Iterable[tuple[str, str]]) -> int:
    """How many characters all keys begin with."""
    keys = [key for key, _ in group]
    first, last = min(keys), max(keys)
    return next((n for n, sign in enumerate(first) if last[n] != sign), len(first))


def place(beginning: str, files: int) -> int:
    """The number of the file that holds a beginning; search-hints.js reckons the same."""
    number = 0
    for sign in beginning:
        number = (number * 31 + ord(sign)) % _PRIME
    return number % files
