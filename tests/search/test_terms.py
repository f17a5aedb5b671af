"""What a search may be completed to, how it is read, and the tables of beginnings."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.search import hints
from plugins.search.readings import COMMON, Pinyin, pinyin_table, simplified
from plugins.search.terms import phrases, rank, shared, subject, title_terms, weights
from tests.conftest import ROOT
from tests.small import Small

READ = {
    "重庆": "chong qing",
    "重点": "zhong dian",
    "银行": "yin hang",
    "行政许可": "xing zheng xu ke",
    "工商行政管理局": "gong shang xing zheng guan li ju",
    "还款": "huan kuan",
    "长期增长": "chang qi zeng zhang",
    "乐清市": "yue qing shi",
    "会计": "kuai ji",
    "绿化": "lv hua",
    "妇女": "fu nv",
    "战略": "zhan lue",
    "ABC-1": "a b c - 1",
}


PINYIN = Pinyin(pinyin_table())


@pytest.mark.parametrize("word", READ)
def test_words_are_read_as_their_phrases_are(word: str) -> None:
    assert " ".join(PINYIN.syllables(word)) == READ[word]


def test_the_table_reads_as_pypinyin_does() -> None:
    """In a process of its own, which teaches pypinyin our phrases: all phrases, and 20,000 texts of pieces of them."""
    code = """
import random
from pypinyin import lazy_pinyin, load_phrases_dict
from pypinyin.constants import PHRASES_DICT
from plugins.search.readings import PHRASES, Pinyin, pinyin_table
load_phrases_dict({phrase: [[one] for one in read.split()] for phrase, read in PHRASES.items()})
pinyin, chance, known = Pinyin(pinyin_table()), random.Random(1), sorted(PHRASES_DICT)
for n in range(len(known) + 20_000):
    pieces = [chance.choice(known)[chance.randrange(3) :] for _ in range(3)]
    text = known[n] if n < len(known) else chance.choice(["", "A", "1", "ü", "〇", "𠮷"]).join(pieces)
    read = tuple(one.lower().replace("ve", "ue") for one in lazy_pinyin(text, errors=list))
    assert pinyin.syllables(text) == read, (text, read)
"""
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)


def test_every_syllable_can_be_typed() -> None:
    assert len(COMMON) == len(set(COMMON)) == 6763
    runs = PINYIN.usual().split(" ")
    assert sum(int("".join(c for c in run if c.isdigit())) for run in runs) == len(COMMON)
    assert all(run.isascii() and run.isalnum() for run in runs)
    assert PINYIN.others(["重庆", "重点"]) == ["重chong"]


def test_traditional_characters_lead_to_one_common_character_each() -> None:
    pairs = simplified()
    assert [pairs[c] for c in "關於後務國"] == list("关于后务国")
    assert all(len(one) == 1 and one in COMMON and sign != one for sign, one in pairs.items())
    assert len(pairs) > 2_500
    assert not set(pairs) & set("政开公市")


SUBJECTS = {
    "关于印发《示例县居家养老服务办法》的通知": "居家养老服务办法",
    "示例县居家养老服务办法（试行）": "居家养老服务办法（试行）",
    "示例县人民政府关于做好防汛工作的通知": "防汛工作",
    "《示例县居家养老服务办法》解读": "居家养老服务办法",
    "行政许可事项清单": "行政许可事项清单",
    "示例县公告": "示例县公告",
    "关于": "关于",
}


@pytest.mark.parametrize("title", SUBJECTS)
def test_a_title_is_about_what_stands_behind_its_opening(title: str) -> None:
    assert subject(title, "示例县人民政府|示例县") == SUBJECTS[title]


def test_phrases_are_shared_by_titles_and_end_in_no_weak_word() -> None:
    """政务 alone begins nothing else, 公共数据开放 is longer than what begins it, 示例县 is a border."""
    titles = ["示例县政务公开办法", "政务服务办法", "公共数据开放的规定", "公共数据开放的方案", "停车规定"]
    found = shared(Counter(phrase for title in titles for phrase in phrases(title, "示例县")))
    assert found == {"政务": 2, "办法": 2, "公共数据开放": 2, "开放": 2, "规定": 2}


def terms(names: list[str], keywords: list[tuple[str, int]], titles: list[str], places: list[str]) -> list[str]:
    """Every term, best first."""
    found = weights([title_terms(titles, places)], names, keywords)
    return sorted(found, key=lambda term: rank(term, found[term]) + term)


def test_terms_stand_once_and_what_more_documents_share_stands_first() -> None:
    names, keywords, titles = ["发改局", "政务公开"], [("养老", 3)], ["政务公开办法", "政务公开方案", "养老办法"]
    found = terms(names, keywords, titles, [])
    assert len(found) == len(set(found))
    assert set(titles) <= set(found)
    assert found[:3] == ["政务公开", "养老", "发改局"]
    assert terms([], [], [], []) == []
    assert terms(names, keywords, titles, [""]) == found


TITLES = st.lists(st.text("养老办法通知的《》", min_size=2, max_size=9), max_size=12, unique=True)


@given(TITLES, st.integers(1, 5))
def test_terms_do_not_depend_on_how_titles_are_parted(titles: list[str], parts: int) -> None:
    parted = weights([title_terms(titles[n::parts], ["养老"]) for n in range(parts)], [], [])
    assert parted == weights([title_terms(titles, ["养老"])], [], [])


KEYED = st.lists(st.tuples(st.text("ab政", min_size=1, max_size=6), st.integers(0, 10**6).map(str)), max_size=120)


@given(KEYED, st.text("ab政", min_size=2, max_size=6))
def test_the_way_along_a_beginning_leads_to_the_best_entries_with_it(keyed: list[tuple[str, str]], begun: str) -> None:
    """The oracle scans all keys: as many of them as can be shown, and those whose whole key was typed before all."""
    table = hints.beginnings(keyed)
    by_entry: dict[str, list[str]] = {}
    for key, entry in keyed:
        by_entry.setdefault(entry, []).append(key)
    found = [e for e in walk(table, begun) if any(key.startswith(begun) for key in by_entry[e])]
    right = [entry for key, entry in keyed if key.startswith(begun)]
    whole = [entry for key, entry in keyed if key == begun]
    assert len(set(found)) >= min(hints.MOST, len(set(right)))
    assert set(whole[: hints.MOST]) <= set(found)
    assert all(len(node["terms"]) <= hints.MOST for node in table.values())


def walk(table: dict[str, dict[str, Any]], begun: str) -> list[str]:
    """As search-hints.js goes."""
    found: list[str] = []
    end = 2
    while end <= len(begun) and (node := table.get(begun[:end])):
        found = [*node["terms"], *found]
        end = node.get("next", len(begun) + 1)
    return found


@given(KEYED, st.sampled_from([1, 2, 8]), st.sampled_from([1, 2, 8, 64]))
def test_every_beginning_is_in_the_file_of_its_place(keyed: list[tuple[str, str]], parts: int, files: int) -> None:
    """Parted by their first two characters, keys lead to the same beginnings."""
    rows: list[str] = [""] * parts
    for key, entry in keyed:
        rows[hints.place(key[:2], parts)] += f"{rank(entry, 1)}\t{entry}\t0\t\t{key}\n"
    lines = [line for one in rows for line in hints.render_nodes({"keys": [one], "files": files}, None).split(b"\n")]
    members = [line.decode().split("\t", 1) for line in lines if line]
    nodes = {int(number): json.loads("{" + member + "}") for number, member in members}
    assert all(hints.place(begun, files) == number for number, node in nodes.items() for begun in node)
    found = dict(node for _, member in members for node in json.loads("{" + member + "}").items())
    assert len(found) == len(members)
    assert found == hints.beginnings(sorted(keyed, key=lambda pair: (rank(pair[1], 1) + pair[1], pair[0])))


@given(st.text(max_size=40))
def test_any_text_has_keys_that_can_be_compared(text: str) -> None:
    """Titles are hostile too: no key is longer than CUT, none has white space or signs that are not seen."""
    found = terms([text], [], [text], [])
    read = hints.reading(PINYIN, {term: hints.words_of(term) for term in found})
    for key, entry in [pair for term in found for keys in hints.KEYS.values() for pair in keys(term, read)]:
        assert len(key) <= hints.CUT
        assert key.isprintable()
        assert not any(sign.isspace() for sign in key)
        assert entry.split("\t")[-1] in found  # the title, or a phrase of it


def test_an_edit_of_a_text_alone_reads_no_title_again(small: Small) -> None:
    """The build of an edited body, in a process of its own, imports neither pypinyin nor opencc."""
    assert small.build() == 0
    small.policy("a", "第一条 另一段正文。")
    code = (
        "import sys; sys.path.insert(0, '.'); from tests.small import Small; from pathlib import Path;"
        "assert Small(Path(sys.argv[1])).build() == 0;"
        "print([m for m in ('pypinyin', 'opencc', 'rjieba') if m in sys.modules])"
    )
    command = [sys.executable, "-c", code, str(small.folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_two_builds_give_the_same_hints(tmp_path: Path) -> None:
    """Each in its own folder, one with two workers."""
    texts = []
    for number in (1, 2):
        small = Small(tmp_path / str(number)).least()
        small.policy("b", title="住房公积金管理办法", keywords="[公积金]")
        assert small.build(jobs=number) == 0
        texts.append({p.name: p.read_bytes() for p in (small.output.resolve() / "search/hints").iterdir()})
    assert texts[0] == texts[1]


def test_a_changed_title_gives_the_hints_of_a_clean_build(small: Small, tmp_path: Path) -> None:
    """A title more, one changed, one gone; most titles stay as they are."""
    for number in range(12):
        small.policy(f"p{number}", title=f"公共数据第{number}号办法")
    assert small.build() == 0
    small.policy("p3", title="公共停车办法")
    small.policy("new", title="行政许可事项清单")
    (small.content / "policies/2026/p5.md").unlink()
    assert small.build() == 0
    found = {p.name: p.read_bytes() for p in (small.output.resolve() / "search/hints").iterdir()}
    assert small.build(clean=True) == 0
    assert found == {p.name: p.read_bytes() for p in (small.output.resolve() / "search/hints").iterdir()}
