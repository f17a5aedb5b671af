"""Twenty thousand documents and lists that nobody should write: each gives a record or faults, never an exception."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from plugins.build.settings import SHIPPED_CALENDAR
from plugins.models.columns import Column, columns, part, types
from plugins.models.directory import Organisation, SiteIdentity, Topic
from plugins.models.faults import Fault, has_errors
from plugins.models.record import Record
from plugins.models.scalars import Word
from plugins.models.types import TYPES
from plugins.readers.calendar import read_calendar
from plugins.readers.directory import Directory, read_directory
from plugins.readers.document import read_body, read_document
from plugins.readers.text import plain
from plugins.rules.check import check
from plugins.rules.context import Context
from plugins.rules.gate import is_listed, is_public, is_tombstone, is_withheld
from plugins.rules.register import Register
from plugins.rules.validity import effects, state, timeline, turning_days, validity
from plugins.rules.workdays import Calendar
from plugins.views.addresses import FIXED
from tests.conftest import ROOT
from tests.drill import often
from tests.small import NOW, ORGANISATIONS, SITE, TOPICS

CALENDAR = Calendar.of(read_calendar([SHIPPED_CALENDAR])[0])
LISTS = {"site.yml": SITE.encode(), "organisations.yml": ORGANISATIONS.encode(), "topics.yml": TOPICS.encode()}
DIRECTORY = read_directory(LISTS)
MODELS: tuple[type[BaseModel], ...] = (*TYPES.values(), SiteIdentity, Organisation, Topic)
SLUGS = dict.fromkeys(TYPES, ("2026/a", "2026/b", "2026/a.2026-03-01")) | {"gazette": ("2026-01", "2026-02")}
NUMBERS = ["试政办发〔2026〕3号", "试政办发[2026]3号", "国办发〔2016〕80号", "试政办发3号"]
NAMES = ["policies/2026/a", "policies/2026/b", *(f"{kind}/{slugs[0]}" for kind, slugs in SLUGS.items()), *NUMBERS]
NAMES += ["/policies/2026/a/", "policies/2026/none"]
REAL = [(str(p.relative_to(ROOT / "content"))[:-3], p.read_bytes()) for p in sorted(ROOT.glob("content/**/*.md"))]

DAYS = "2026-03-02 2026-03-20 2018-07-27 0001-01-01 0999-12-31 9999-12-31 2024-02-29 ２０２６-０３-０２".split()
WRONG_DAYS = "2018-02-30 2026-3-2 0000-01-01 1900-00-00 昨天".split()
MOMENTS = [*DAYS, *(f"{day} {clock}" for day in DAYS for clock in ("00:00", "23:59")), "2026-03-02 24:00"]
WORDS = "是 否 true on 0 7 010 999999 1000000 -1 １２ ٣ 1.0 xzfb fgj nobody zhzw A_B . / ..".split()
SIMPLE = {datetime: MOMENTS, date: DAYS, bool: ["是", "否"], int: ["0", "1", "2026", "999999"]}
NESTED = [
    "[]",
    "{}",
    "[[]]",
    "[{}]",
    "[甲, 乙]",
    "{by: 岗, date: 2026-03-02}",
    "{by: {by: [岗]}}",
    "{7: 2018-07-27, GN-06.1: 9999-12-31}",
    "[{title: 表, file: 表.pdf}, {title: 表}]",
    "{id: BM-1, by: 岗, date: 2026-03-02, result: 通过, more: 1}",
    "[" * 12 + "]" * 12,
    "{a: " * 9 + "1" + "}" * 9,
    "\n  - a: 1\n  - b",
    "\n  a:\n    b: 2026-03-02",
    "|\n  一\n  二",
    ">-\n  折\n  行",
]
ODD = [
    "",
    "''",
    "' '",
    "~",
    "null",
    "甲" * 3_000,
    "[" + "甲, " * 500 + "]",
    "{" + ", ".join(f"k{n}: {n}" for n in range(200)) + "}",
    "😀👩‍👩‍👧",
    "'\x00'",
    "\x1b[0m",
    "\u202e倒",
    "a\x85b",
    "\u2028",
    "'一\u2029二'",
    "\ufeff",
    "\U000e0041",
    "\ue000",
    "\t",
    "\r",
    "&a x",
    "*a",
    "!!python/object:os.system {}",
    "!x y",
    "'不封口",
    '"\\ud800"',
    '"\\0\\a"',
    "{a: b",
    "[甲",
    "? 问",
    "- 项",
    "% @ `",
    "a: b: c",
    "# 注",
    "---",
    "...",
    "{day} {key} {0} %s",
    "32072419800101123X",
    "13812345678",
    "机密★一年",
]
BLOCKS = [
    "第一条 正文。",
    "## 一、背景",
    "（一）目标任务",
    "(此件公开发布)",
    "（此件依申请公开）",
    "[甲](../../pages/2026/a.md)",
    "[乙](javascript:x)",
    "[丙](http://[::1)",
    "[丁](//[)",
    "[戊](%00%ff%zz#?)",
    "![](甲.png)",
    "[己]: <../../../../etc/passwd>",
    "<a href='data:,x'>",
    "<!-- 注",
    "-->",
    "* " * 30 + "深",
    ">" * 30 + "深",
    "[" * 500,
    "| 一 | 二 |\n|---|---|\n| 1 | 2 |",
    "```\n未封口",
    "联系电话13812345678，身份证号11010519491231002X",
    "机密★一年",
    "\x00\x0b\u202e",
    "\x85\u2028\x0c",
    "---",
]
BODIES = st.lists(st.sampled_from(BLOCKS) | st.text(max_size=20), max_size=3).map("\n\n".join)


def written(model: type[BaseModel], name: str, column: Column) -> str:
    """A right value of the field as an editor writes it: the column's example, or one made of the parts' own."""
    kinds = set(types(model.model_fields[name].annotation))
    if inner := part(model, name):
        return "{" + ", ".join(f"{n}: {written(inner, n, c)}" for n, c in columns(inner).items()) + "}"
    if column.inverse:
        return "[policies/2026/a]"
    if words := [member for kind in kinds if issubclass(kind, Word) for member in kind]:
        return column.example or str(words[0])
    return column.example or ("2026-03-20" if date in kinds else "示例")


def pool(model: type[BaseModel], name: str) -> list[str]:
    """Values that have the right form for the field, the odd ones among them."""
    kinds = set(types(model.model_fields[name].annotation))
    column = columns(model)[name]
    if inner := part(model, name):
        right = {n: written(inner, n, c) for n, c in columns(inner).items()}
        parts = [right | {n: value} for n in right for value in pool(inner, n)]
        parts += [{n: v for n, v in right.items() if n != left_out} for left_out in right]
        return ["{" + ", ".join(f"{n}: {v}" for n, v in one.items()) + "}" for one in parts]
    if column.inverse:
        return [*(f"[{name}]" for name in NAMES), f"[{', '.join(NAMES)}]"]
    if name in {"issuer", "topic", "parent", "owner", "body", "lead", "drafted_by"}:
        return ["xzf", "xzfb", "fgj", "nobody", "zhzw"]
    if words := [member for kind in kinds if issubclass(kind, Word) for member in kind]:
        return [form for member in words for form in (str(member), member.name.lower())]
    return next((values for kind, values in SIMPLE.items() if kind in kinds), [*NAMES, *WORDS, "示例"])


def acts(model: type[BaseModel], name: str) -> bool:
    """Whether the field is a date, a relation, a part or yes-or-no, or says who or what kind."""
    kinds = set(types(model.model_fields[name].annotation))
    compared = {date, datetime, bool, int} & kinds or any(issubclass(k, Word) for k in kinds)
    named = columns(model)[name].inverse or part(model, name) or name in {"issuer", "number"}
    return name not in RARE and bool(compared or named)


KINDS = {kind: {n: written(model, n, c) for n, c in columns(model).items()} for kind, model in TYPES.items()}
"""Type -> a right header with every field of it."""
POOLS = {model: {name: pool(model, name) for name in columns(model)} for model in MODELS}
PROOF = ("disclosure", "secrecy_review", "sign_off")
RARE = frozenset(
    "status withdrawn negotiation listed disclosure_reason disclosure_basis disclosure_review disclosure_note".split()
)
"""What makes a text one that is not published stands in a header by a change only."""
ROWS = {
    "site.yml": (SiteIdentity, {"address": "http://127.0.0.1:8000"}),
    "organisations.yml": (Organisation, {"id": "xzfb"}),
    "topics.yml": (Topic, {"id": "zhzw"}),
}
ANY = [*DAYS, *WRONG_DAYS, *MOMENTS, *NAMES, *WORDS, *NESTED, *ODD]
CHANGES = st.lists(st.tuples(st.integers(0, 100), st.booleans(), st.integers(0, 9_999)), max_size=8)
Changes = list[tuple[int, bool, int]]
"""(place of the field, whether by its Chinese label, which value: none, any text, or one of its pool)"""
ACTING = {
    kind: [n for n, name in enumerate(columns(model)) if name in model.model_fields and acts(model, name)]
    for kind, model in TYPES.items()
    if kind
    in {"policies", "interpretations", "consultations", "meetings", "hearings", "gazette", "evaluations", "plans"}
}
"""Type -> places of the fields that rules compare between documents."""
KEPT = st.integers(0, 2**40)
Source = tuple[str, bytes]
"""Path below content/ without `.md`, and bytes."""
STRANGE = ["x", "标题 ", "model_config", "发文字号.x", "0", "''", "? 甲", "*a", "<<", "😀", "甲\x00乙"]


def header(model: type[BaseModel], right: Mapping[str, str], kept: int, changes: Changes) -> str:
    """Lines of a header: needed fields, the proof, and those whose bit is in `kept`; then the `changes` to it."""
    shown = columns(model)
    lines = {
        name: f"{name}: {right[name]}"
        for n, (name, field) in enumerate(model.model_fields.items())
        if field.is_required() or name in PROOF or (kept >> n & 1 and name not in RARE)
    }
    known = list(shown)
    for place, chinese, which in changes:
        name = STRANGE[place % len(STRANGE)] if place > 99 else known[place % len(known)]
        key = shown[name].label if chinese and name in shown else name
        if which < 200:
            lines.pop(name, None)
        else:
            values = ANY if which < 1_200 else POOLS[model].get(name, WORDS)
            lines[f"{name}{key}" if which < 240 else name] = f"{key}: {values[which % len(values)]}"
    return "".join(f"{line}\n" for line in lines.values())


def document(kind: str, slug: str, kept: int, changes: Changes, body: str) -> Source:
    text = header(TYPES[kind], KINDS[kind], kept, changes)
    return f"{kind}/{slug}", f"---\n{text}---\n{body}\n".encode()


@st.composite
def near_valid(draw: st.DrawFn) -> Source:
    """A document of any type, its header nearly right."""
    kind = draw(st.sampled_from(list(TYPES)))
    return document(kind, draw(st.sampled_from(SLUGS[kind])), draw(KEPT), draw(CHANGES), draw(BODIES))


@st.composite
def related(draw: st.DrawFn) -> Source:
    """A document whose header is right in form; dates, relations and parts of it are whatever they may be."""
    kind = draw(st.sampled_from(sorted(ACTING)))
    change = st.tuples(st.sampled_from(ACTING[kind]), st.just(False), st.integers(1_200, 9_999))
    changes = draw(st.lists(change, max_size=6))
    return document(kind, draw(st.sampled_from(SLUGS[kind])), draw(KEPT), changes, draw(st.sampled_from(BLOCKS[:5])))


@st.composite
def mutated(draw: st.DrawFn) -> Source:
    """A document of the demonstration site with up to three pieces lost, doubled, moved or put in."""
    name, data = draw(st.sampled_from(REAL))
    for _ in range(draw(st.integers(1, 3))):
        start, length = draw(st.integers(0, min(len(data), 1_200))), draw(st.integers(0, 40))
        piece = data[start : start + length]
        new = draw(
            st.sampled_from([b"", piece * 2, piece[::-1], b"\n", b"---\n", b": ", b"[", b"\xff", b"\0", b"\xc2\x85"])
        )
        data = data[:start] + new + data[start + length :]
    return name, data


def fuzz(examples: int) -> Any:
    """So many examples, in a drill fifty times as many: a million in all."""
    count, slow = often(examples, 50 * examples), [HealthCheck.too_slow]
    tried = settings(max_examples=count, deadline=None, database=None, suppress_health_check=slow)
    return lambda test: pytest.mark.drill(tried(test))


def within(faults: Iterable[Fault], files: Mapping[str, bytes]) -> None:
    """Every fault stands in one of the files, at a line that it has (0: the file as a whole)."""
    for found in faults:
        text = plain(files[found.path.removeprefix("content/")].decode(errors="replace"))
        assert 0 <= found.line <= text.count("\n") + 1, found
        assert "\n" not in str(found)


def read(several: Iterable[Source]) -> tuple[list[Record], dict[str, bytes]]:
    """The records, after what always holds of a document, its record and its faults; and the files by name."""
    records, files = [], {f"{name}.md": data for name, data in several}
    for name, data in files.items():
        record, faults = read_document(data, name.removesuffix(".md"))
        within(faults, {name: data})
        if record is None:
            assert has_errors(faults) or (faults and (b"status" in data or "状态".encode() in data))
            continue
        records.append(record)
        if record.body:
            assert hashlib.sha256(read_body(data).encode()).hexdigest() == record.body
    return records, files


def judge(records: Sequence[Record], files: Mapping[str, bytes], directory: Directory = DIRECTORY) -> None:
    """The whole rules floor over the records."""
    versions: dict[str, list[Record]] = {}
    for record in records:
        if record.version:
            versions.setdefault(record.current, []).append(record)
    present = sorted((r for r in records if not r.version), key=lambda r: r.id)
    register = Register(directory.identity, directory.organisations, directory.topics, present, frozenset(), versions)
    within(check(Context.of(register, CALENDAR, NOW), FIXED), {**LISTS, **files})
    acting = effects(present, {reference: r.id for r in present for reference in (r.id, r.number)})
    for record in present:
        validity(record, acting.get(record.id, ()), NOW[:10])
        timeline(record, acting.get(record.id, ()))
        state(record, NOW, CALENDAR)
        assert all(turning_days(record))
        assert sum((is_public(record, NOW), is_tombstone(record, NOW), is_listed(record, NOW), is_withheld(record))) < 2


SOUND = read([document(kind, SLUGS[kind][0], 0, [], "第一条 正文。") for kind in TYPES])


@fuzz(8_000)
@given(near_valid())
def test_a_near_valid_document_gives_a_record_or_faults(source: Source) -> None:
    judge(*read([source]))


@fuzz(2_500)
@given(st.lists(related(), min_size=2, max_size=4))
def test_documents_that_name_each_other_are_judged(several: list[Source]) -> None:
    judge(*read(several))


@fuzz(3_500)
@given(mutated())
def test_a_damaged_real_document_gives_a_record_or_faults(source: Source) -> None:
    judge(*read([source]))


@fuzz(3_000)
@given(
    st.sampled_from(["policies/2026/a", "gazette/2026-01", "pages/a"]),
    st.binary(max_size=120),
    st.sampled_from([b"", b"---\n", b"\xef\xbb\xbf---\r\n"]),
    st.binary(max_size=120),
)
def test_raw_bytes_give_a_record_or_faults(name: str, first: bytes, start: bytes, second: bytes) -> None:
    judge(*read([(name, start + first + b"\n---\n" + second)]))


@fuzz(3_000)
@given(st.sampled_from(sorted(ROWS)), st.lists(st.tuples(KEPT, CHANGES), min_size=1, max_size=3))
def test_near_valid_lists_give_a_directory_or_faults(name: str, rows: list[tuple[int, Changes]]) -> None:
    model, own = ROWS[name]
    right = {n: written(model, n, c) for n, c in columns(model).items()} | own
    parts = [header(model, right, kept, changes).rstrip("\n").split("\n") for kept, changes in rows]
    lines = parts[0] if name == "site.yml" else ["- " + "\n  ".join(part) for part in parts]
    files = LISTS | {name: "\n".join(lines).encode()}
    directory = read_directory(files)
    within(directory.faults, files)
    assert directory.identity is not None or has_errors(directory.faults)
    judge(*SOUND, directory)


@pytest.mark.parametrize("ending", ["\x85", "\u2028", "\u2029"], ids=["NEL", "LS", "PS"])
def test_what_ends_a_line_for_yaml_alone_moves_no_fault(ending: str) -> None:
    _, faults = read_document(f"---\ntitle: '甲{ending}乙'\nsigned: 昨天\n---\n文\n".encode(), "pages/a")
    assert [f.line for f in faults if f.code == "H203"] == [3]


def test_an_unclosed_part_at_the_end_of_a_list_is_found_at_its_last_line() -> None:
    files = LISTS | {"topics.yml": b"- id: zhzw\n  name: {a: b"}
    assert [(f.code, f.line) for f in read_directory(files).faults] == [("H103", 2)]


@pytest.mark.parametrize("day", ["0001-01-01", "0999-12-31", "9999-12-31"])
def test_the_first_and_the_last_year_are_judged(day: str) -> None:
    """Moments keep four digits of the year; an open consultation counts no day beyond the last."""
    texts = [document(kind, SLUGS[kind][0], 0, [], "文") for kind in TYPES]
    moments = re.compile(rb"^(published|source_published|opens|closes|held): .*", re.MULTILINE)
    records, files = read([(name, moments.sub(rb"\1: " + day.encode(), data)) for name, data in texts])
    assert len(records) == len(TYPES)
    judge(records, files)


@pytest.mark.parametrize("character", ["\0", "\x1b", "\u202e", "\u200f", "\U000e0041"], ids=lambda c: f"{ord(c):04X}")
def test_an_escape_smuggles_no_refused_character(character: str) -> None:
    """YAML's escapes in a title, references of HTML in a body."""
    code = ord(character)
    title = f'---\n状态: 定稿\ntitle: "甲\\U{code:08X}乙"\npublished: 2026-03-02\n---\n文\n'
    assert [(f.code, f.line) for f in read_document(title.encode(), "pages/a")[1]] == [("F102", 3)]
    for reference in (f"&#{code};", f"&#x{code:x};", f"&#X{code:08X}", f"&#0{code}g"):
        body = f"---\ntitle: 甲\npublished: 2026-03-02\n---\n文\n\n甲{reference}乙\n"
        assert [(f.code, f.line) for f in read_document(body.encode(), "pages/a")[1]] == [("F102", 7)]


def test_a_number_that_an_escape_wrote_is_found_at_the_line_of_its_key() -> None:
    """Values on one line count as one line; a longer number elsewhere that holds the same digits hides nothing."""
    source = (
        "---\ntitle: 甲\npublished: 2026-03-02\n"
        'sign_off: {by: "\\u00313812345678", date: 2026-03-02}\nsummary: 9138123456789\n---\n文\n'
    )
    faults = read_document(source.encode(), "pages/a")[1]
    assert [f.line for f in faults if f.code == "V103"] == [4]
