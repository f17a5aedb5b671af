"""Which files a phrase asks for, as search.js reads an index that lies on the disk."""

from __future__ import annotations

import random
from pathlib import Path
from typing import NamedTuple

import pytest

from plugins.search.levels import DEEPEST
from tests.search.laid import ask, document, lay

COUNT, HOLD = 80, 30
"""Documents, and how many of them hold all of the sentence."""
LEFT, RIGHT = "甲乙丙丁戊", "己庚辛壬癸"
"""Words that all documents hold; few hold one right behind the other."""
TEXTS = 7
"""The most texts that a phrase across two of these words may load."""
SCRIPT = """
const {open} = await import(process.argv[1]);
const read = globalThis.fetch;
const out = [];
for (const [base, questions] of JSON.parse(await new Response(process.stdin).text())) {
  for (const [query] of questions) {
    const asked = [];
    globalThis.fetch = (address) => { asked.push(new URL(address).pathname); return read(address); };
    const site = await open(base);
    const opened = asked.length;
    let total, counted;
    const told = (answer) => { total = answer.total; counted = asked.slice(opened); };
    await site.search(`"${query}"`, {told, snippets: false, limit: 0});
    const [lists, texts] = [true, false].map((is) => counted.filter((path) => path.includes("/grams/") === is));
    out.push({total, lists, texts});
  }
}
console.log(JSON.stringify(out));
"""


class Laid(NamedTuple):
    """A folder with an index, and a sentence of 200 characters that `HOLD` documents hold."""

    folder: Path
    sentence: str


@pytest.fixture(scope="module")
def laid(tmp_path_factory: pytest.TempPathFactory) -> Laid:
    chance = random.Random(20261127)

    def characters(count: int) -> str:
        return "".join(chr(chance.randrange(0x4E00, 0x9FA0)) for _ in range(count))

    sentence = characters(200)
    documents = []
    for number in range(COUNT):
        words = LEFT + RIGHT if number < 2 else f"{LEFT}，{RIGHT}"
        text = f"{characters(2_000)}{words}{characters(2_000)}{sentence if number < HOLD else ''}"
        documents.append(document(f"d{number}", f"文件{number}", text))
    return Laid(lay(tmp_path_factory.mktemp("asked"), documents), sentence)


def test_a_phrase_asks_for_its_ends_and_then_for_the_pair_that_no_list_read_so_far_spans(laid: Laid) -> None:
    [answer] = ask(laid.folder, LEFT + RIGHT, script=SCRIPT)
    assert answer["total"] == len(answer["texts"]) == 2
    assert len(answer["lists"]) == len(set(answer["lists"])) <= 4


def test_of_a_long_sentence_no_more_lists_are_read_than_texts_settle_it(laid: Laid) -> None:
    [answer] = ask(laid.folder, laid.sentence, script=SCRIPT)
    assert answer["total"] == len(answer["texts"]) == HOLD
    assert len(answer["lists"]) <= HOLD + DEEPEST


def test_what_no_document_holds_is_known_without_a_text(laid: Laid) -> None:
    absent = laid.sentence[:100] + laid.sentence[102:]
    [answer] = ask(laid.folder, absent, script=SCRIPT)
    assert (answer["total"], answer["texts"]) == (0, [])


def test_no_more_texts_are_read_than_the_index_leaves(laid: Laid) -> None:
    phrases = [laid.sentence[at : at + size] for size in (3, 4, 5, 9) for at in range(0, 190, 9)]
    for phrase, answer in zip(phrases, ask(laid.folder, *phrases, script=SCRIPT), strict=True):
        assert answer["total"] == HOLD, phrase
        assert len(answer["texts"]) == 0, phrase
    mixed = [LEFT[-size:] + RIGHT[:size] for size in (1, 2, 3, 4)]
    for phrase, answer in zip(mixed, ask(laid.folder, *mixed, script=SCRIPT), strict=True):
        assert answer["total"] == 2, phrase
        assert len(answer["texts"]) <= TEXTS, phrase


def test_of_a_word_a_small_segment_is_asked_for_what_it_begins_with_alone(tmp_path: Path) -> None:
    """One bucket, with what of it lies apart, and no text."""
    chance = random.Random(20180727)
    texts = ["".join(chance.choices("公积金管理办法第一二条规定实施", k=200)) for _ in range(63)]
    folder = lay(tmp_path, [document(f"s{n}", "题", text) for n, text in enumerate(texts)])
    places = [(chance.randrange(63), chance.randrange(190), size) for size in (2, 3, 4) for _ in range(20)]
    words = [texts[number][at : at + size] for number, at, size in places]
    words += ["".join(chance.choices("公积金管理办法题", k=4)) for _ in range(20)]
    totals = [sum(word in text for text in texts) for word in words]
    assert 0 in totals
    for word, total, answer in zip(words, totals, ask(folder, *words, script=SCRIPT), strict=True):
        buckets = {Path(path).stem.partition("-")[0] for path in answer["lists"]}
        assert (answer["total"], len(buckets), answer["texts"]) == (total, 1, []), word
