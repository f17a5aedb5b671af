"""Files become records and faults; nothing an editor writes raises."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from plugins.models.faults import Fault
from plugins.models.record import Record
from plugins.readers.body import check_body
from plugins.readers.document import read_document
from plugins.readers.header import parse_yaml
from tests.small import Small, header

KEYS = [
    "title",
    "标题",
    "issuer",
    "signed",
    "published",
    "status",
    "secrecy_review",
    "sections",
    "interprets",
    "x",
    "on",
]
VALUES = st.recursive(
    st.text(max_size=20)
    | st.sampled_from(["2018-02-30", "主动公开", "草稿", "8:30", "010", "!!python/object:os.system", "&a b", "*a"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=3),
    max_leaves=6,
)


def read(text: str, identifier: str = "policies/2026/a") -> tuple[Record | None, list[Fault]]:
    return read_document(text.encode(), identifier)


def codes(text: str) -> list[tuple[str, int, str]]:
    return [(f.code, f.line, f.key) for f in read(text)[1]]


def test_all_faults_of_a_file_come_at_once_with_their_lines() -> None:
    text = "---\ntitle: 甲\nsigned: 2018-02-30\npublished: x\nissuer: XZ\nzzz: 1\n---\n文\n"
    assert codes(text) == [("H208", 5, "issuer"), ("H203", 3, "signed"), ("H204", 4, "published"), ("H205", 6, "zzz")]


def test_a_fault_quotes_the_key_as_the_editor_wrote_it() -> None:
    assert ("H203", 3, "成文日期") in codes("---\n标题: 甲\n成文日期: 昨天\n---\n文\n")


def test_scalars_are_what_they_look_like() -> None:
    found = parse_yaml("a: 8:30\nb: 010\nc: on\nd: 2018-02-30\ne: ~\nf: 1.0\n", "x").value
    assert found == {"a": "8:30", "b": "010", "c": "on", "d": "2018-02-30", "e": "~", "f": "1.0"}


def test_english_and_chinese_name_of_one_field_clash() -> None:
    assert ("H211", 3, "标题") in codes("---\ntitle: 甲\n标题: 乙\n---\n文\n")


def test_a_misspelt_key_is_answered_with_a_guess() -> None:
    _, faults = read(f"---\n{header()}publishd: 2026-01-01\n---\n文\n")
    assert [f.code for f in faults] == ["H205"]
    assert "published" in faults[0].remedy


def test_comments_of_editors_are_not_part_of_the_body() -> None:
    with_comment, _ = read(f"---\n{header()}---\n文<!-- 密\n密 -->本\n")
    assert with_comment is not None
    _, faults = read(f"---\n{header()}---\n文\n<!-- 密\n")
    assert [f.code for f in faults] == ["B103"]


@settings(max_examples=300, deadline=None)
@given(st.dictionaries(st.sampled_from(KEYS) | st.text(max_size=8), VALUES, max_size=8), st.text(max_size=50))
def test_any_header_gives_a_record_or_faults(fields: dict[str, object], body: str) -> None:
    text = f"---\n{yaml.safe_dump(fields, allow_unicode=True)}---\n{body}"
    record, faults = read_document(text.encode("utf-8", "surrogatepass"), "policies/2026/a")
    assert record is not None or faults


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_give_a_record_or_faults(data: bytes) -> None:
    record, faults = read_document(data, "pages/a")
    assert record is not None or faults


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="{}[]:,-&*!|>'\"%@`#? \n\tab一", max_size=60))
def test_any_yaml_text_gives_values_or_faults(text: str) -> None:
    header = parse_yaml(text, "x")
    assert header.faults or isinstance(header.value, str | list | dict)
    assert all(1 <= line <= text.count("\n") + 1 for line in header.lines.values())


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("浓度 a<b 且 c>d 时停产。", "B109"),
        ("在<script>栏填写。", "B105"),
        ("<div>\n\n甲。", "B107"),
        ("| 甲 | 乙 |\n| --- | --- |\n| 1 | 2 | 3 |", "B108"),
        ("007. 甲", "B106"),
    ],
)
def test_what_markup_would_swallow_is_told(body: str, code: str) -> None:
    assert code in {f.code for f in check_body(body, "x", 1)}


@pytest.mark.parametrize(
    "body", ["写成`<b`或`a|b`。", "见<https://a.example/x>。", "<p>甲</p>", "1. 甲\n2. 乙", "甲<br>乙"]
)
def test_what_is_shown_as_it_was_typed_is_no_fault(body: str) -> None:
    assert list(check_body(body, "x", 1)) == []


@pytest.mark.parametrize(
    "body",
    [
        "320724198**001011239**",
        "138<b>1234</b>5678",
        "1381234<wbr>5678",
        "&#49;3812345678",
        "机密\\★10年",
        "**机密**★10年",
    ],
)
def test_marks_between_the_digits_hide_nothing(body: str, small: Small) -> None:
    small.policy("b", body)
    assert {c for c in small.codes() if c.startswith("V")}


def test_a_mark_that_only_warns_covers_no_parted_number(small: Small) -> None:
    """A head mark is a warning; the number behind it, parted by markup, is an error all the same."""
    small.policy("b", "内部资料\n\n电话138<b>1234</b>5678。")
    assert {"V103", "V107"} <= {f.code for f in small.faults()}
