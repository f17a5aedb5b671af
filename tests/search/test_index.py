"""The parts of the static index: codes of numbers, packs, segments and how entries are cut into them, all its files."""

from __future__ import annotations

import json
import random
import re
import subprocess
import sys
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plugins.build.searching import render_pack
from plugins.search import partition, segment
from plugins.search.bits import Code, bit_length, density, gamma, golomb, octets, put, rice, room
from plugins.search.fold import fold, loose, units
from plugins.search.levels import DEEPEST, least, limit
from plugins.search.packs import LONGEST, MOST, block, block_count, joined
from plugins.search.partition import segments
from plugins.search.ranking import weights
from plugins.search.segment import buckets
from tests.conftest import ROOT
from tests.search.laid import DATASET, STATIC, Kept, document, files, index_of, node, unpacked

numbers = st.integers(0, 2**31 - 1)
parameters = st.integers(0, 20)


class Reader:
    """Codes read a bit at a time, as their names say."""

    def __init__(self, bits: Sequence[int]) -> None:
        self.bits = iter(bits)

    def number(self, width: int) -> int:
        return sum(next(self.bits) << (width - 1 - n) for n in range(width))

    def zeros(self) -> int:
        count = 0
        while not next(self.bits):
            count += 1
        return count

    def gamma(self) -> int:
        width = self.zeros()
        return (1 << width) + self.number(width)

    def rice(self, parameter: int) -> int:
        return (self.zeros() << parameter) + self.number(parameter)

    def golomb(self, parameter: int) -> int:
        return ((self.gamma() - 1) << parameter) + self.number(parameter)


def written(code: Code) -> list[int]:
    """The words one after the other."""
    ends = np.cumsum(code.size)
    words = room(int(ends[-1]))
    put(words, ends - code.size, code)
    bits = np.unpackbits(np.frombuffer(octets(words, int(ends[-1])), np.uint8))
    assert not bits[ends[-1] :].any()
    return bits[: ends[-1]].tolist()


def ints(values: Sequence[int]) -> Any:
    return np.array(values, np.int64)


@given(st.lists(st.integers(1, 2**32 - 1), min_size=1))
def test_gamma_is_read_back(values: list[int]) -> None:
    reader = Reader(written(gamma(ints(values))))
    assert [reader.gamma() for _ in values] == values
    assert list(reader.bits) == []


@given(st.lists(st.tuples(st.integers(0, 3000), parameters), min_size=1))
def test_rice_is_read_back(pairs: list[tuple[int, int]]) -> None:
    values, widths = ([one[n] for one in pairs] for n in (0, 1))
    reader = Reader(written(rice(ints(values), ints(widths))))
    assert [reader.rice(width) for width in widths] == values
    assert list(reader.bits) == []


@given(st.lists(st.tuples(numbers, parameters), min_size=1))
def test_exponential_golomb_is_read_back(pairs: list[tuple[int, int]]) -> None:
    values, widths = ([one[n] for one in pairs] for n in (0, 1))
    reader = Reader(written(golomb(ints(values), ints(widths))))
    assert [reader.golomb(width) for width in widths] == values
    assert list(reader.bits) == []


@given(st.lists(st.integers(0, 2**53 - 1), min_size=1))
def test_bit_lengths_are_those_of_python(values: list[int]) -> None:
    assert bit_length(ints(values)).tolist() == [value.bit_length() for value in values]


@given(st.integers(1, 2**20), st.integers(1, 2**20))
def test_the_density_of_few_among_many_is_near_the_logarithm_of_their_gap(whole: int, part: int) -> None:
    found = int(density(ints([whole]), ints([min(part, whole)]))[0])
    gap = max(1.0, (whole - min(part, whole)) / min(part, whole) * 2 / 3)
    assert 2**found <= gap < 2 ** (found + 1)


# ---- Segments of entries

_months = st.lists(st.integers(0, 30), min_size=0, max_size=400).map(
    lambda months: [f"20{20 + month // 12}-{month % 12 + 1:02d}" for month in sorted(months)]
)


@pytest.fixture(scope="module", autouse=True)
def _small_segments() -> Any:
    """Segments are full with 60 entries here, so that a few hundred make several."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(partition, "FULL", 60)
        yield


@given(_months, st.integers(0, 100_000))
def test_segments_hold_every_entry_once_in_order(months: list[str], size: int) -> None:
    found = segments(months, [size] * len(months))
    assert [n for one in found for n in range(one.first, one.first + one.documents)] == list(range(len(months)))
    assert all(one.documents > 0 and 0 <= one.bits <= 20 for one in found)


@given(_months)
def test_a_full_segment_ends_with_its_month_and_holds_no_more_than_it_must(months: list[str]) -> None:
    """All but two: what is left, and the newest."""
    for one in segments(months, [3] * len(months))[:-2]:
        end = one.first + one.documents
        assert one.documents >= partition.FULL
        assert months[end] != months[end - 1]
        assert months[end - 1] == months[one.first + partition.FULL - 1]


@given(st.integers(0, 5000))
def test_the_newest_are_fewer_than_one_in_sixty_four_and_the_rest_one_segment(count: int) -> None:
    found = segments(["2024-05"] * count, [3] * count)
    assert len(found) <= 2
    if len(found) == 2:
        assert found[1].documents * 64 <= count
    assert bool(found) is bool(count)


@settings(deadline=None)
@given(_months, st.booleans())
def test_a_new_document_changes_the_last_segment_alone_or_joins_it(months: list[str], same: bool) -> None:
    """In the month of the last entry, or in a later one; of what is full nothing changes ever."""
    later = months[-1] if same and months else "2031-01"
    before, after = (segments(some, [900] * len(some)) for some in (months, [*months, later]))
    kept = [one for one in before if one in after]
    assert before[: len(kept)] == kept
    assert len(before) - len(kept) <= 2
    assert len(after) - len(kept) <= 2


def test_documents_that_come_one_by_one_rewrite_seldom_what_is_old(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the first 3,000: at most one in eight times is any segment but the last touched."""
    monkeypatch.setattr(partition, "FULL", 2048)
    months = [f"{2000 + n // 400}-{n % 400 // 40 + 1:02d}" for n in range(3000)]
    joins = 0
    for count in range(1024, 3000):
        before, after = (segments(months[:size], [900] * size) for size in (count, count + 1))
        joins += len([one for one in before if one not in after]) > 1
    assert 0 < joins < 1976 / 8


@given(_months, st.data())
def test_an_old_document_changes_no_segment_before_its_own(months: list[str], data: st.DataObject) -> None:
    """One more entry in any month: segments that were full before that month stay."""
    if months:
        month = data.draw(st.sampled_from(months))
        before, after = (segments(sorted(some), [900] * len(some)) for some in (months, [*months, month]))
        full = [one for one in before[:-2] if months[one.first + one.documents - 1] < month]
        assert after[: len(full)] == full


def test_a_bucket_stands_for_one_to_two_times_so_many_characters_of_the_newest_for_fewer() -> None:
    for size in (4_000, 50_000, 3_000_000):
        (one,) = segments(["2024-05"], [size])
        old, new = segments(["2024-05"] * 255, [size] * 255)
        assert 1_400 < size / 2**one.bits < 3_200
        assert 1_400 < old.documents * size / 2**old.bits < 3_200
        assert 480 < new.documents * size / 2**new.bits < 1_100


# ---- Packs

_lines = st.lists(
    st.one_of(
        st.builds("第{}条 {}".format, st.sampled_from("一二三四五六七八九"), st.text("公积金𠮷，。", max_size=30)),
        st.text("公积金管理办法。，𠮷Ａé\u0301\u200b ", max_size=40).map(str.strip),
        st.sampled_from(["第一章 总则", "附件1", "一、背景", "（一）内容。"]),
    ),
    min_size=1,
    max_size=30,
)


def packed(title: str, number: str, text: str, blocks: int) -> bytes:
    """The pack of a document."""
    kept = Kept()
    record = {"url": "/x/", "title": title, "number": number, "published": "2024-05-01 09:00"}
    made = kept.keep(f"{title}\n\n{text}\n".encode())
    return render_pack({"record": record, "blocks": blocks, "weights": weights(), "made": made}, kept)


def shown(pack: bytes, count: int) -> list[dict[str, Any]]:
    """Every block as it is published."""
    return [unpacked(block(pack, number)) for number in range(count)]


@settings(deadline=None)
@given(_lines, st.integers(1, 9))
def test_the_blocks_of_a_text_are_the_text_and_carry_what_is_shown(lines: list[str], count: int) -> None:
    text = "\n".join(lines).rstrip("\n")
    blocks = shown(packed("办法", "试〔1〕号", text, count), count)
    assert "".join(one["text"] for one in blocks) == text
    assert {(one["url"], one["title"], one["number"]) for one in blocks} == {("/x/", "办法", "试〔1〕号")}


@settings(deadline=None)
@given(_lines, st.integers(1, 9))
def test_heads_point_at_their_labels_and_the_one_before_a_block_comes_first(lines: list[str], count: int) -> None:
    """Places are counted in UTF-16 units; every head that a whole text has is shown in one of its blocks."""
    text = "\n".join(lines).rstrip("\n")
    (whole,), blocks = shown(packed("办法", "", text, 1), 1), shown(packed("办法", "", text, count), count)
    wanted = [(at, label, anchor) for at, label, anchor in whole["heads"]]
    for at, label, _ in wanted:
        assert loose(fold(after(text, at))).startswith(loose(fold(label)))
    start = 0
    for one in blocks:
        end = start + len(units(one["text"]))
        before = [head for head in wanted if head[0] <= start][-1:]
        within = [head for head in wanted if start < head[0] < end]
        expected = [[0, *head[1:]] for head in before] + [[head[0] - start, *head[1:]] for head in within]
        assert one["heads"] == expected
        start = end


def after(text: str, place: int) -> str:
    return text.encode("utf-16-le")[2 * place :].decode("utf-16-le")


@settings(deadline=None)
@given(_lines, st.text("公Ａ〔①\u200b", min_size=1, max_size=9), st.text("试〔1〕号 ", max_size=9), st.integers(1, 9))
def test_a_pack_holds_the_folded_fields_and_says_whose_they_are(
    lines: list[str], title: str, number: str, count: int
) -> None:
    text = "\n".join(lines).rstrip("\n")
    pack = packed(title, number, text, count)
    whole, names = joined([pack, pack])
    fields = "".join(fold(field) + "\0" for field in (title, number, text))
    assert whole.units.tolist() == units(fields * 2).tolist()
    assert whole.document.tolist() == [0] * len(units(fields)) + [1] * len(units(fields))
    assert (whole.documents, whole.blocks.tolist()) == (2, [count, count])
    blocks = (whole.fact & 0xFF).tolist()[len(units(fold(title) + fold(number))) + 2 : len(units(fields)) - 1]
    assert blocks == sorted(blocks)
    spoken = [name for name in (loose(fold(title)), loose(fold(number))) if name]
    assert {one.hash for one in names} == {fnv(name) for name in spoken}
    assert {one.document for one in names} == ({0, 1} if spoken else set())


def fnv(text: str) -> int:
    """FNV-1a of 32 bits over UTF-16 units, both halves of it as one."""
    value = 2166136261
    for unit in units(text).tolist():
        value = ((value ^ unit) * 16777619) % 2**32
    return value % 2**16 ^ value // 2**16


def test_a_block_is_about_twenty_four_hundred_characters_and_texts_have_at_most_255() -> None:
    assert [block_count(size) for size in (0, 1, 10_799, 10_800, 72_000, 10**9)] == [1, 1, 1, 2, 10, MOST]


def test_a_block_ends_with_a_line_or_a_sentence_where_one_ends_near() -> None:
    text = "没有别的内容。" * 3000
    for before, _ in pairwise(shown(packed("办法", "", text, 10), 10)):
        assert before["text"].endswith("。")


@settings(deadline=None)
@given(_lines, st.sampled_from(["", "\u200b" * 5_000, "甲" * 900]), st.integers(1, 9))
def test_a_block_that_another_with_text_follows_folds_to_as_much_as_a_phrase_may_have(
    lines: list[str], between: str, count: int
) -> None:
    blocks = [fold(one["text"]) for one in shown(packed("办法", "", between.join(lines), count), count)]
    assert all(len(one) >= LONGEST for one, behind in pairwise(blocks) if behind)


def test_the_reader_takes_as_much_of_a_query_as_a_block_folds_to() -> None:
    assert f"\nconst LONGEST = {LONGEST};\n" in (STATIC / "search.js").read_text()


def test_a_block_ends_before_no_combining_mark() -> None:
    blocks = shown(packed("办法", "", "e\u0301\u0323" * 4000, 7), 7)
    assert not any(one["text"].startswith(("\u0301", "\u0323")) for one in blocks)


# ---- Segments


def texts(chance: random.Random, count: int) -> list[dict[str, str]]:
    """Documents of shared sentences."""
    sentences = ["".join(chance.choices("公积金管理办法一二三。가Ａ", k=chance.randrange(2, 20))) for _ in range(9)]
    return [
        document(f"d{n}", chance.choice(sentences), "".join(chance.choices(sentences, k=chance.randrange(9))))
        for n in range(count)
    ]


@pytest.mark.parametrize("bits", [0, 1, 4, 7])
def test_the_bytes_of_a_segment_do_not_depend_on_the_parts_it_was_made_in(
    bits: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = Kept()
    index, made = index_of(texts(random.Random(20180727), 150), kept)
    whole, names = joined([kept.objects[digest] for digest in kept.named(index.packs(made, weights())).values()])
    found = []
    for part in (10**9, 2_000, 100, 1):
        monkeypatch.setattr(segment, "_PART", part)
        found.append(buckets(whole, names, bits))
    assert found[1:] == found[:1] * 3
    assert len(found[0].whole) == 2**bits
    assert sum(map(len, found[0].whole)) > 1000


def test_a_segment_without_a_single_character_is_one() -> None:
    """A title of what is removed, and no text."""
    found = files([document("a", "\u200b", "")])
    assert found["search/grams/0/0.bin"] == b"\xe0"
    assert "search/text/0-0.bin" in found


# ---- All files


def test_index_and_reader_leave_as_many_documents_to_be_looked_into() -> None:
    """The largest number whose cube is at most 12 for each document, 28 for a word, none for a word of fewer than 64;
    search.js says the same of all."""
    source = (STATIC / "search.js").read_text()
    functions = re.findall(r"^function (?:limit|least)\(.*?^}$", source, re.MULTILINE | re.DOTALL)
    constants = re.findall(r"^const (?:LEFT|WORDS|WORD|RARE|SMALL) = \d+;$", source, re.MULTILINE)
    assert (len(functions), len(constants)) == (2, 5)
    lengths = range(3, DEEPEST + 1)
    counts = f"(_, n) => {list(lengths)}.map((length) => [limit(n, length), least(n, length)])"
    made = f"console.log(JSON.stringify(Array.from({{length: 9001}}, {counts})))"
    found = node("\n".join((*constants, *functions, made)))
    assert found == [[[limit(n, length), least(n, length)] for length in lengths] for n in range(9001)]
    for left, length in ((28, 3), (28, 4), (12, 5), (12, DEEPEST)):
        small = 64 if length <= 4 else 0
        assert all(row[length - 3] == [0, 0] for row in found[:small])
        assert all(
            most**3 <= left * n < (most + 1) ** 3
            for n, (most, _) in enumerate((row[length - 3] for row in found[small:]), small)
        )


def test_an_index_is_the_same_bytes_whatever_the_order_of_its_documents() -> None:
    chance = random.Random(20180727)
    documents = texts(chance, 150)
    for number, one in enumerate(documents):
        one["published"] = f"2024-{number % 9 + 1:02d}-01 09:00"
    whole = files(documents)
    chance.shuffle(documents)
    assert files(documents) == whole


def test_an_index_is_the_same_bytes_in_another_process() -> None:
    code = (
        "import sys, random, hashlib; sys.path.insert(0, '.'); from tests.search.laid import files;"
        "from tests.search.test_index import texts; found = files(texts(random.Random(7), 60));"
        "print(hashlib.sha256(repr(sorted(found.items())).encode()).hexdigest())"
    )
    told = {
        subprocess.run(
            [sys.executable, "-c", code],
            cwd=ROOT,
            env={"PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(told) == 1


def differing(before: dict[str, bytes], after: dict[str, bytes]) -> set[str]:
    """Files that only one side has or that differ."""
    return {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)}


@pytest.fixture(scope="module")
def years() -> list[dict[str, str]]:
    """300 documents, 20 of each month, in five segments: four of 60, what is left, the newest."""
    documents = texts(random.Random(20180727), 301)
    for number, one in enumerate(documents):
        month = number // 20
        one["published"] = f"{2023 + month // 12}-{month % 12 + 1:02d}-{number % 20 + 1:02d} 09:00"
        one["text"] += f"第{number}件。"
    return documents


def test_a_changed_text_changes_its_block_and_some_buckets_of_its_segment(years: list[dict[str, str]]) -> None:
    changed = [one | {"text": one["text"] + "另有内容。"} if n == 70 else one for n, one in enumerate(years)]
    found = differing(files(years), files(changed))
    own = {"search/text/70-0.bin", "search/index.json"}
    assert own < found
    assert all(path.startswith("search/grams/1/") for path in found - own)


def test_a_changed_title_changes_its_records_too(years: list[dict[str, str]]) -> None:
    changed = [one | {"title": "另一个标题"} if n == 70 else one for n, one in enumerate(years)]
    found = differing(files(years), files(changed))
    own = {"search/text/70-0.bin", "search/records/1.bin", "search/index.json"}
    assert own < found
    assert all(path.startswith("search/grams/1/") for path in found - own)


def test_a_state_that_changes_reaches_the_columns_and_the_stamp_alone(years: list[dict[str, str]]) -> None:
    changed = [one | {"validity": "已废止"} if n == 70 else one for n, one in enumerate(years)]
    before, after = files(years), files(changed)
    assert differing(before, after) == {"search/columns.bin", "search/index.json"}
    assert head(before) | {"stamp": head(after)["stamp"]} == head(after)


def test_every_stamp_stands_for_what_its_files_say(years: list[dict[str, str]]) -> None:
    """A changed text changes those of its segment and of the index; the same documents have the same."""
    changed = [one | {"text": one["text"] + "另有内容。"} if n == 70 else one for n, one in enumerate(years)]
    before, again, after = (head(files(some)) for some in (years, years, changed))
    assert before == again
    stamps = [[one["stamp"] for one in found["segments"]] for found in (before, after)]
    assert [n for n, (old, new) in enumerate(zip(*stamps, strict=True)) if old != new] == [1]
    assert before["stamp"] != after["stamp"]
    assert len(set(stamps[0])) == len(stamps[0])


def head(found: dict[str, bytes]) -> dict[str, Any]:
    made: dict[str, Any] = json.loads(found["search/index.json"])
    return made


def test_a_new_document_adds_its_block_and_changes_the_last_segment_head_and_columns(
    years: list[dict[str, str]],
) -> None:
    before = files(years)
    last = json.loads(before["search/index.json"])["segments"][-1]["name"]
    new = document("new", "新的办法", "第一条 新的内容。", published="2024-12-31 09:00")
    found = differing(before, files([*years, new]))
    own = {"search/text/301-0.bin", "search/records/4.bin", "search/index.json", "search/columns.bin"}
    assert own < found
    touched = {path.split("/")[2] for path in found - own}
    assert touched <= {last, str(int(last) + 1)}


def test_the_text_of_a_data_set_is_indexed_as_that_of_a_document() -> None:
    one, other = (files([document("a", "题", "第一条 公积金。", kind=kind)]) for kind in (DATASET, "政策文件"))
    assert differing(one, other) == {"search/columns.bin", "search/index.json"}
    assert head(one)["segments"] == head(other)["segments"]
