"""What search.js finds of a quoted phrase is what brute force finds: no document more, none less."""

from __future__ import annotations

import json
import random
import shutil
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from plugins.search import apart, partition
from plugins.search.fold import fold
from plugins.search.grams import Grams
from plugins.search.levels import DEEPEST, LIST, MARK, ROOT, SAME
from plugins.search.packs import joined
from plugins.search.ranking import weights
from tests.conftest import SHARED
from tests.search.laid import Document, Kept, ask, ask_all, document, index_of, lay
from tests.small import Small

ALPHABET = "公积金管理办法第一二条，。〔〕（）ＡaΣς①㎡ß가툀\n\u3000\u200b𠮷"
ALL = {"limit": 1000, "snippets": False}
PHRASES = 1000


def _normal(text: str) -> str:
    """The contract's normal form, written apart from the product's."""
    folded = unicodedata.normalize("NFKC", text)
    return "".join(c for c in folded if not c.isspace() and c not in "\u200b\u200c\u200d\u2060\ufeff").casefold()


def hostile(chance: random.Random) -> list[dict[str, str]]:
    """320 documents of 14 months: sentences that hundreds share, some with a slip, and four texts of many blocks."""
    sentences = ["".join(chance.choices(ALPHABET, k=chance.randrange(3, 26))) for _ in range(14)]

    def sentence() -> str:
        text = chance.choice(sentences)
        at = chance.randrange(len(text))
        return text[:at] + chance.choice(ALPHABET) + text[at + 1 :] if chance.random() < 0.06 else text

    found = []
    for number in range(320):
        count = chance.choice((700, 1500, 3000, 400)) if number % 80 == 9 else chance.randrange(1, 12)
        text = "".join(sentence() for _ in range(count))
        day = f"20{20 + number // 240:02d}-{number * 14 // 320 % 12 + 1:02d}-{number % 28 + 1:02d} 09:00"
        found.append(
            document(f"d{number}", sentence() + str(number % 7), text, number=f"试〔{number}〕号", published=day)
        )
    return found


def phrases(chance: random.Random, documents: Sequence[Document], count: int) -> list[str]:
    """Cut anywhere out of titles, numbers and texts; every second with another character in it."""
    fields = [one[name] for one in documents for name in ("title", "number", "text") if one[name]]
    letters = "".join(fields[:: max(1, len(fields) // 50)])
    found: list[str] = []
    while len(found) < count:
        field = chance.choice(fields)
        start = chance.randrange(len(field))
        phrase = field[start : start + chance.randrange(1, 15)]
        if len(found) % 2:
            at = chance.randrange(len(phrase))
            phrase = phrase[:at] + chance.choice(letters) + phrase[at + 1 :]
        if _normal(phrase) and not set(phrase) & set('"＂'):
            found.append(phrase)
    return found


def wanted(documents: Sequence[Document], asked: Sequence[str]) -> list[list[str]]:
    """The addresses of the documents that hold each phrase."""
    held = [(one["url"], [fold(one[name]) for name in ("title", "number", "text")]) for one in documents]
    return [sorted(url for url, fields in held if any(p in f for f in fields)) for p in map(fold, asked)]


def told(found: Sequence[dict[str, Any]]) -> list[list[str]]:
    """The addresses found for each phrase; every answer is whole and counts what it gives."""
    assert all(one["exact"] and not one["partial"] and one["missing"] == [] for one in found)
    assert [one["total"] for one in found] == [len(one["hits"]) for one in found]
    return [sorted(hit["url"] for hit in one["hits"]) for one in found]


def quoted(asked: Sequence[str]) -> list[tuple[str, Any]]:
    return [(f'"{phrase}"', ALL) for phrase in asked]


def differences(asked: Sequence[str], found: Sequence[Any], right: Sequence[Any]) -> list[tuple[str, Any, Any]]:
    """The first few phrases whose answers differ."""
    return [one for one in zip(asked, found, right, strict=True) if one[1] != one[2]][:5]


def test_the_folded_form_of_the_hostile_collection_is_the_contracts() -> None:
    for one in hostile(random.Random(20180727)):
        assert fold(one["text"]) == _normal(one["text"])


@pytest.mark.parametrize("longer", [16, 1024, 10**9])
def test_a_thousand_phrases_of_a_hostile_collection_are_found_where_they_stand(
    longer: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At least three segments with grams of every kind and length; shared sentences stand in more than 40 documents.
    Longer grams in many files of their own, in some, in none."""
    monkeypatch.setattr(partition, "FULL", 100)
    monkeypatch.setattr(apart, "APART", longer)
    chance = random.Random(20180727)
    documents = hostile(chance)
    kept = Kept()
    index, texts = index_of(documents, kept)
    assert len(index.segments) >= 3
    assert max(index.blocks) > 8
    first = index.segments[0]
    packs = [kept.objects[digest] for digest in kept.named(index.packs(texts, weights())).values()]
    (part,) = Grams(joined(packs[: first.documents])[0], 1).parts
    levels = part.levels
    assert {int(kind) for level in levels for kind in level.kind} == {ROOT, SAME, MARK, LIST}
    assert len(levels) == DEEPEST - 1
    asked = phrases(chance, documents, PHRASES)
    found = told(ask(lay(tmp_path, documents), *quoted(asked)))
    assert differences(asked, found, wanted(documents, asked)) == []
    counts = [len(urls) for urls in found]
    assert min(counts) == 0
    assert max(counts) > 250


def test_a_thousand_phrases_of_three_hundred_laws_are_found_where_they_stand(tmp_path: Path) -> None:
    """../shared/corpus/laws as the product builds it; the oracle reads index.txt and index.json of every page."""
    if not SHARED.is_dir():
        pytest.skip("../shared is absent: the tests on real collections are skipped")
    small = Small(tmp_path)
    shutil.copytree(SHARED / "corpus/laws", small.content, copy_function=shutil.copyfile)
    assert small.build() == 0
    output = small.output.resolve()
    documents = [published(page) for page in sorted(output.glob("policies/*/law-*/"))]
    assert len(documents) == 300
    chance = random.Random(20180727)
    asked = phrases(chance, documents, PHRASES)
    found = told(ask(output, *quoted(asked)))
    assert differences(asked, found, wanted(documents, asked)) == []


def published(page: Path) -> dict[str, str]:
    """A document as its page gives it to machines."""
    facts = json.loads((page / "index.json").read_text())
    text = (page / "index.txt").read_text().split("\n\n", 1)[1]
    url = f"/{page.relative_to(page.parents[2])}/"
    return document("", facts["title"], text, number=facts.get("number") or "") | {"url": url}


_LETTERS = "公金管aΣß。\n가稀툀𠮷"
_words = st.text(st.sampled_from(_LETTERS), max_size=25)
_any = st.text(st.characters(exclude_categories=("Cs", "Cn"), exclude_characters='"＂'), max_size=12)
_text = st.one_of(_words, _words, _any)
_one = st.tuples(_text, _text, _text, st.sampled_from([1, 1, 2, 3, 45]), st.sampled_from(["01", "03", "09"]))
_cut = st.tuples(st.integers(0, 99), st.integers(0, 30), st.integers(1, 14))
_collection = st.tuples(
    st.lists(_one, min_size=1, max_size=4),
    st.lists(_cut, min_size=24, max_size=24),
    st.lists(_text, min_size=6, max_size=6),
)


def drawn(collection: Any) -> tuple[list[dict[str, str]], list[str]]:
    """Documents, each some times over so that lists grow long, and phrases cut out of them or made up."""
    documents = []
    for number, (title, name, text, copies, month) in enumerate(collection[0]):
        changes = {"number": name.replace("\n", ""), "published": f"2024-{month}-01 09:00"}
        heading = title.replace("\n", "")
        documents += [document(f"{number}-{copy}", heading, text, **changes) for copy in range(copies)]
    fields = [one[name] for one in documents for name in ("title", "number", "text") if one[name]] or ["公"]
    cuts = [fields[which % len(fields)] for which, _, _ in collection[1]]
    asked = [f[start % len(f) :][:size] for f, (_, start, size) in zip(cuts, collection[1], strict=True)]
    return documents, [phrase for phrase in asked + collection[2] if fold(phrase)]


@settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate])
@given(
    st.lists(_collection, min_size=25, max_size=25),
    st.sampled_from([1, 20, 2048]),
    st.sampled_from([1, 8, 512]),
    st.sampled_from([1, 8, 1024]),
)
def test_whatever_the_documents_and_the_phrase_the_same_documents_are_found(
    collections: list[Any], full: int, bucket: int, longer: int
) -> None:
    """25 collections of at most 180 documents, 30 phrases each; segments and buckets of few documents too, and longer
    grams apart however few they are."""
    with TemporaryDirectory() as name, pytest.MonkeyPatch.context() as patch:
        patch.setattr(partition, "FULL", full)
        patch.setattr(partition, "_BUCKET", bucket)
        patch.setattr(partition, "_SMALL", bucket)
        patch.setattr(apart, "APART", longer)
        laid = {str(number): drawn(collection) for number, collection in enumerate(collections)}
        for number, (documents, _) in laid.items():
            lay(Path(name) / number, documents)
        found = told(ask_all(Path(name), {number: quoted(asked) for number, (_, asked) in laid.items()}))
    asked = [phrase for _, mine in laid.values() for phrase in mine]
    right = [one for documents, mine in laid.values() for one in wanted(documents, mine)]
    assert differences(asked, found, right) == []
