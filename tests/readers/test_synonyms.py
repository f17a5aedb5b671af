"""synonyms.yml: what an editor wrote becomes groups of words, or faults at their lines."""

from __future__ import annotations

import unicodedata

import yaml
from hypothesis import given
from hypothesis import strategies as st

from plugins.readers.directory import Directory, read_directory
from tests.small import ORGANISATIONS, SITE, TOPICS, Small

LISTS = {"site.yml": SITE.encode(), "organisations.yml": ORGANISATIONS.encode(), "topics.yml": TOPICS.encode()}


def read(text: str) -> Directory:
    return read_directory(LISTS | {"synonyms.yml": text.encode()})


def test_groups_are_read_in_their_order_whatever_form_the_list_has() -> None:
    """One line or several, with notes, quotes and spaces at the ends."""
    found = read("# 说明\n- [工商局, 市场监督管理局]\n-\n  - ' 低保 '  # 口语\n  - 最低生活保障\n")
    assert found.synonyms == [("工商局", "市场监督管理局"), ("低保", "最低生活保障")]
    assert found.faults == []


def test_a_site_without_the_file_has_no_synonyms_and_no_fault(small: Small) -> None:
    assert read_directory(LISTS).synonyms == []
    assert small.faults() == []


def test_every_fault_is_told_at_once_and_sound_groups_are_kept() -> None:
    """Line 1 has one word, line 2 is sound, line 3 repeats a word, line 4 has a word that is too short."""
    found = read("- [工商局]\n- [环保局, 生态环境局]\n- [环保局, 环境局]\n- [局, 部门]\n")
    assert [(f.code, f.line) for f in found.faults] == [("S305", 1), ("S306", 3), ("S307", 4)]
    assert found.synonyms == [("环保局", "生态环境局")]


def test_a_file_that_is_no_yaml_has_that_one_fault() -> None:
    assert [(f.code, f.line) for f in read("- [工商局\n- 市").faults] == [("H103", 2)]


WORDS = st.text(st.sampled_from("工商局环保ＡA a-－“、\t\n\x00\u202e𠮷ß"), max_size=22)
VALUES = st.recursive(WORDS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORDS, inner, max_size=2))


@given(VALUES)
def test_whatever_is_written_gives_groups_or_faults(value: object) -> None:
    found = read(yaml.safe_dump(value, allow_unicode=True))
    folded = [unicodedata.normalize("NFKC", term).casefold() for group in found.synonyms for term in group]
    assert len(folded) == len(set(folded))
    assert all(len(group) >= 2 and all(2 <= len(term) <= 20 for term in group) for group in found.synonyms)
    sound = isinstance(value, list) and len(found.synonyms) == len(value)
    assert found.faults or sound
