"""The folded form: golden vectors that Python and search.js read alike, every character of Unicode 13, any text."""

from __future__ import annotations

import json
import unicodedata
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plugins.search.fold import fold, folded_units, loose, units
from tests.search.laid import node

VECTORS: list[dict[str, str]] = json.loads(Path(__file__).with_name("golden_fold.json").read_text())
"""Each `text` with its `fold`, and `loose` where brackets make another of it; `why` says what it is."""
MAXIMUM = "13.0"
SCRIPT = """
const {fold} = await import(process.argv[1]);
console.log(JSON.stringify(JSON.parse(await new Response(process.stdin).text()).map((text) => fold(text))));
"""
LOOSE = """
const {parse} = await import(process.argv[1]);
const asked = JSON.parse(await new Response(process.stdin).text());
console.log(JSON.stringify(asked.map((text) => parse(text).map((term) => [term.text, term.exact, term.without]))));
"""
golden = pytest.mark.parametrize("vector", VECTORS, ids=[one["why"] for one in VECTORS])


def code_units(text: str) -> list[int]:
    return units(text).tolist()


@golden
def test_python_folds_as_the_golden_vectors_say(vector: dict[str, str]) -> None:
    folded = fold(vector["text"])
    assert folded == vector["fold"]
    assert loose(folded) == vector.get("loose", vector["fold"])
    moved, _ = folded_units(vector["text"], [])
    assert moved.tolist() == code_units(vector["fold"])


def test_search_js_folds_as_the_golden_vectors_say() -> None:
    assert node(SCRIPT, given=[one["text"] for one in VECTORS]) == [one["fold"] for one in VECTORS]


def test_search_js_makes_brackets_one_unless_quoted() -> None:
    """Words of one piece only, so that the query is one term."""
    asked = [one for one in VECTORS if one["fold"] and not set(one["text"]) & set(' \u3000\t\n"“-－')]
    asked = [one for one in asked if fold(one["text"]) and len(one["text"].split()) == 1]
    assert sum("loose" in one for one in asked) >= 2
    plain = node(LOOSE, given=[one["text"] for one in asked])
    assert plain == [[[one.get("loose", one["fold"]), False, False]] for one in asked]
    quoted = node(LOOSE, given=[f'-"{one["text"]}"' for one in asked])
    assert quoted == [[[one["fold"], True, True]] for one in asked]


@pytest.fixture(scope="module")
def characters() -> list[str]:
    """All that Unicode 13 assigns and this Python knows, surrogates alone too."""
    assert tuple(map(int, unicodedata.unidata_version.split("."))) >= (13, 0, 0)
    return [chr(code) for code in range(0x110000) if unicodedata.category(chr(code)) not in {"Cn", "Co"}]


def test_every_assigned_character_folds_alike_on_both_sides(characters: list[str]) -> None:
    """Alone, and between a letter and a mark, where it may be composed with either."""
    for around in ("{}", "e{}\u0301"):
        asked = [around.format(one) for one in characters]
        found = node(SCRIPT, given=asked)
        different = [(one, fold(one), got) for one, got in zip(asked, found, strict=True) if fold(one) != got]
        assert [(ascii(one), ascii(mine), ascii(theirs)) for one, mine, theirs in different] == []


def test_the_table_folds_every_character_as_fold_does(characters: list[str]) -> None:
    """Places stand between the characters, each of which is alone in its line."""
    lines = [f"{one}\n" for one in characters if not unicodedata.combining(one)]
    for start in range(0, len(lines), 5000):
        part = lines[start : start + 5000]
        places = [0]
        for line in part:
            places.append(places[-1] + len(line))
        moved, at = folded_units("".join(part), places)
        pieces = [moved[a:b].tolist() for a, b in pairwise(at)]
        assert pieces == [code_units(fold(line)) for line in part]


def test_what_joins_the_character_before_it_does_so_in_the_table_too(characters: list[str]) -> None:
    """Every second part of a composition, in each of its forms (half-width, of compatibility), after its first part."""
    firsts: dict[str, list[str]] = {vowel: ["\u1112"] for vowel in map(chr, range(0x1161, 0x1176))}
    firsts |= {end: ["하", "\u1112\u1161"] for end in map(chr, range(0x11A8, 0x11C3))}
    for one in characters:
        parts = unicodedata.decomposition(one).split()
        if len(parts) == 2 and not parts[0].startswith("<"):
            firsts.setdefault(chr(int(parts[1], 16)), []).append(chr(int(parts[0], 16)))
    texts = []
    for one in characters:
        form = unicodedata.normalize("NFKC", one)
        texts += [first + one for first in firsts.get(form[:1], [])[:20]]
    assert len(texts) > 500
    assert [ascii(text) for text in texts if folded_units(text, [])[0].tolist() != code_units(fold(text))] == []


_odd = "eE\u0301\u0308ﬁßΣςσİıǅ\u1100\u1161\u11a8가ﾾￂﾤﾊﾟㅎㅏ"
_odd += "\u0929\u0928\u093c〔【（]\u200b\u00ad\ufeff\x00 \u3000\n公积金。𠮷\ud842\udfb7豈"
_text = st.one_of(
    st.text(st.sampled_from(_odd), max_size=30),
    st.text(st.characters(exclude_categories=()), max_size=30),
    st.text("公积金管理办法。\n", max_size=30),
)


@settings(max_examples=300, deadline=None)
@given(_text, st.lists(st.integers(0, 30), max_size=5))
def test_folded_units_are_those_of_the_folded_text_and_places_end_its_folded_beginnings(
    text: str, drawn: list[int]
) -> None:
    """Places stand anywhere but before what joins the character before it: marks, and vowels and ends of Hangul."""
    places = sorted({n for n in drawn if n <= len(text) and separate(text, n)})
    moved, at = folded_units(text, places)
    assert moved.tolist() == code_units(fold(text))
    assert at == [len(units(fold(text[:n]))) for n in places]


_JOINING = {*map(chr, range(0x1161, 0x11C3)), "\u3099", "\u309a"}


def separate(text: str, place: int) -> bool:
    """Whether what stands on either side of a place has nothing to do with the other."""
    if place in {0, len(text)}:
        return True
    following = text[place]
    pair = "\ud800" <= text[place - 1] <= "\udbff" and "\udc00" <= following <= "\udfff"
    return (
        not pair
        and not unicodedata.combining(following)
        and unicodedata.normalize("NFKC", following)[0] not in _JOINING
    )


@settings(max_examples=5, deadline=None)
@given(st.lists(_text, min_size=150, max_size=150))
def test_any_text_folds_alike_on_both_sides(texts: list[str]) -> None:
    known = [text for text in texts if all(unicodedata.category(one) != "Cn" for one in text)]
    paired: list[Any] = [text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace") for text in known]
    whole = [text for text, one in zip(known, paired, strict=True) if text == one]
    assert node(SCRIPT, given=whole) == [fold(text) for text in whole]


@settings(max_examples=300, deadline=None)
@given(_text)
def test_folding_again_changes_nothing_that_the_index_holds(text: str) -> None:
    """A folded text has no white space, no control character and no capital letter of Chinese documents."""
    folded = fold(text)
    assert not any(one.isspace() or unicodedata.category(one) == "Cc" for one in folded)
    assert not set(folded) & set("ABCDEFGHIJKLMNOPQRSTUVWXYZßς\u200b\u00ad\ufeffＡ１（")
