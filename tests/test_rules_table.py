"""The table of the county's rules against what holds them: generators, codes, a bad and a good example for each."""

from __future__ import annotations

import filecmp
import inspect
import re
import shutil
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from plugins.build.builder import check_all
from plugins.build.content import read_content
from plugins.build.sources import Sources
from plugins.build.store import Store
from plugins.models import document
from plugins.models.codes import CODES
from plugins.models.faults import Fault
from plugins.readers import judge, media, resources
from plugins.rules import documents, gate, gazette, keys, rows
from plugins.rules.check import CHECKS, check
from plugins.rules.context import Context
from plugins.rules.responding import reply_term
from plugins.rules.table import ISSUED, RULES, Rule
from tests.small import NOW, Small

CORPUS = Path(__file__).parent / "corpus"
BAD = sorted((CORPUS / "bad").iterdir())
GOOD = CORPUS / "good-rules"
HELD = {
    "GN-00.1": (document.Document, "H201"),
    "GN-00.2": (documents.references_resolve, "D112"),
    "GN-00.3": (rows.Required, "P331"),
    "GN-00.4": (judge, "P311"),
    "GN-01.1": (rows.Compared, "P330"),
    "GN-01.2": (rows.Compared, "P330"),
    "GN-01.3": (keys.Referring, "P336"),
    "GN-01.4": (keys.Referring, "P338"),
    "GN-01.5": (rows.Required, "P331"),
    "GN-02.1": (judge, "P311"),
    "GN-02.5": (keys.Referring, "P338"),
    "GN-03.3": (rows.Complete, "P334"),
    "GN-03.4": (rows.AnyOf, "P332"),
    "GN-03.5": (rows.Share, "P335"),
    "GN-04.1": (gate.attributes_complete, "G101"),
    "GN-04.5": (gate.attributes_complete, "G101"),
    "GN-12.1": (rows.Share, "P335"),
    "GN-12.2": (rows.Share, "P335"),
    "GN-13.1": (media.answered_for, "S320"),
    "GN-14.1": (gazette.entries_are_fit, "D303"),
    "GN-14.2": (gazette.issues_count_up, "D302"),
    "GN-14.3": (gazette.issues_count_up, "D307"),
    "GN-14.6": (gazette.given_away, "D318"),
    "GN-16.1": (document.Document, "H209"),
    "GN-16.3": (documents.references_resolve, "D112"),
    "GN-18.1": (rows.Required, "P331"),
    "GN-19.1": (resources, "P212"),
}
"""Rules without a row in CHECKS: what holds them instead, and by which code; a model holds those of H."""
LONG_AFTER = date(2030, 1, 1)
GATE = ("disclosure", "sign_off", "secrecy_review")


def faults(folder: Path, into: Path) -> list[Fault]:
    """What check finds in a copy of `folder`."""
    shutil.copytree(folder, into)
    small = Small(into)
    return check_all(replace(small.settings(), cache=into / "cache"))


@cache
def context(case: Path) -> Context:
    """What was read of a case, at the tests' moment."""
    with TemporaryDirectory() as folder:
        settings = replace(Small(case).settings(), cache=Path(folder))
        store = Store(settings.cache)
        try:
            return read_content(settings, Sources(settings, store, NOW)).context
        finally:
            store.close()


def judged(case: Path, duties_from: date | dict[str, date] | None = None) -> list[Fault]:
    """What the rules find in a case, with that date in site.yml."""
    register = context(case).register
    assert register.identity is not None
    identity = register.identity.model_copy(update={"duties_from": duties_from})
    dated = replace(register, identity=identity)
    return check(replace(context(case), register=dated), frozenset())


def codes(found: list[Fault]) -> set[str]:
    return {f.code for f in found}


def bad(*wanted: str) -> list[Path]:
    """The bad cases of some codes."""
    return [case for case in BAD if case.name.split("-")[0] in wanted]


def yields(generator: object) -> set[str]:
    """The codes that stand in the source of a generator, and of what it calls in its own module."""
    source = inspect.getsource(generator)
    module = inspect.getmodule(generator)
    helpers = [getattr(module, name) for name in re.findall(r"yield from \b(_\w+)\(", source) if hasattr(module, name)]
    return set(re.findall(r'"([A-Z]\d{3})"', source)).union(*(yields(helper) for helper in helpers))


# --- the table ------------------------------------------------------------------------------------------------------


def test_every_rule_has_its_generator_or_is_held_elsewhere() -> None:
    assert {name for name, _, _ in CHECKS}.isdisjoint(HELD)
    assert {name for name, _, _ in CHECKS} | set(HELD) == set(RULES)


@pytest.mark.parametrize("rule", HELD)
def test_what_is_said_to_hold_a_rule_gives_its_code(rule: str) -> None:
    holder, code = HELD[rule]
    assert code in RULES[rule].codes
    assert code.startswith("H") or code in yields(holder)


def test_a_generator_gives_codes_of_its_own_article_only() -> None:
    article = {number: {c for r in RULES.values() if r.article == number for c in r.codes} for number in range(26)}
    strays = {(name, code) for name, _, work in CHECKS for code in yields(work) - article[RULES[name].article]}
    assert strays == set()


def test_every_code_that_a_rule_names_exists() -> None:
    assert {code for rule in RULES.values() for code in rule.codes} <= set(CODES)
    assert all(rule.codes for rule in RULES.values())


def test_every_rule_says_in_chinese_what_it_asks_of_which_article() -> None:
    assert all(1 <= rule.article <= 25 or rule.id.startswith("GN-00.") for rule in RULES.values())
    assert all(re.search("[一-鿿]{4}", rule.sentence) for rule in RULES.values())


# --- examples -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_has_a_bad_example(rule: str) -> None:
    assert bad(*RULES[rule].codes)


def test_every_rule_has_one_good_example() -> None:
    assert {folder.name for folder in GOOD.iterdir()} == set(RULES)


@pytest.mark.parametrize("rule", RULES)
def test_the_good_example_breaks_neither_its_rule_nor_another(rule: str, tmp_path: Path) -> None:
    assert faults(GOOD / rule, tmp_path / "c") == []


@pytest.mark.parametrize("rule", RULES)
def test_the_good_example_is_a_bad_one_with_one_file_put_right(rule: str) -> None:
    """Beside the content, its data packages; a bad case says besides what is expected of it."""
    told = {"expected.json"}
    assert 1 in {len(differences(GOOD / rule, case) - told) for case in bad(*RULES[rule].codes)}


def differences(left: Path, right: Path) -> set[str]:
    """The files that are not the same in both folders, or in one only."""
    names = {str(p.relative_to(folder)) for folder in (left, right) for p in folder.rglob("*") if p.is_file()}
    return {name for name in names if not _same(left / name, right / name)}


def _same(left: Path, right: Path) -> bool:
    return left.is_file() and right.is_file() and filecmp.cmp(left, right, shallow=False)


# --- parameters with a date -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("received", "extended", "days"),
    [
        ("2018-07-27", False, 15),
        ("2018-09-01", True, 15),
        ("2019-05-14", False, 15),
        ("2019-05-15", False, 20),
        ("2020-03-02", False, 20),
        ("2020-03-02", True, 40),
    ],
)
def test_the_term_for_a_reply_is_that_of_the_day_of_the_request(received: str, extended: bool, days: int) -> None:
    """政府信息公开条例: 15 working days until its revision of 2019-05-15, since then 20, and 20 more."""
    assert reply_term(received, extended) == days


@pytest.mark.parametrize(
    ("received", "extended", "last", "late"),
    [
        ("2018-09-01", None, "2018-09-21", "2018-09-25"),
        ("2018-09-01", "2018-09-20", "2018-09-21", "2018-09-25"),
        ("2020-03-02", None, "2020-03-30", "2020-03-31"),
        ("2020-03-02", "2020-03-20", "2020-04-27", "2020-04-28"),
    ],
    ids=["of 2018", "of 2018, longer for no reason", "of 2020", "of 2020, made longer"],
)
def test_a_request_is_judged_by_the_law_of_its_day(
    received: str, extended: str | None, last: str, late: str, small: Small
) -> None:
    """The last working day of the term and the next one, counted by hand over Mid-Autumn, Qingming and Labour Day."""
    for name, day in (("last", last), ("late", late)):
        fields = {"title": "答复", "issuer": "fgj", "published": f"{day} 09:00", "disclosure": "主动公开"}
        fields |= {"secrecy_review": f"{{id: BM-{name}, by: 岗, date: {day}, result: 通过}}"}
        fields |= {"sign_off": f"{{by: 岗, date: {day}}}", "channel": "依申请公开", "question": "申请公开某文件"}
        fields |= {"received": received} | ({"extended": extended} if extended else {})
        header = "".join(f"{key}: {value}\n" for key, value in fields.items())
        small.write(f"answers/{name}.md", f"---\n{header}---\n答复如下。\n")
    assert [(f.code, f.path) for f in small.faults()] == [("D901", "content/answers/late.md")]


DAYS = st.dates().map(lambda day: day.isoformat())


@examples(max_examples=200, deadline=None)
@given(st.dictionaries(DAYS, st.integers(), min_size=1, max_size=5), DAYS)
def test_a_parameter_has_the_value_of_the_last_change_up_to_the_day(changes: dict[str, int], day: str) -> None:
    rule = Rule("GN-99.1", 99, "", parameters={start: {"x": value} for start, value in changes.items()})
    begun = [start for start in changes if start <= day]
    assert rule.parameter("x", day) == changes[max(begun) if begun else min(changes)]
    with pytest.raises(KeyError):
        rule.parameter("y", day)


# --- from when a rule binds -----------------------------------------------------------------------------------------

NEVER_OLD = {*(f"G10{n}" for n in range(1, 8)), *(f"G11{n}" for n in range(1, 8)), "D115"}
"""Attribute, sign-off, review and what belongs to them: asked of old texts too."""
LATER = {name for name, _, _ in CHECKS if not RULES[name].always}
SPARED = bad(*{code for name in LATER for code in RULES[name].codes} - NEVER_OLD)


def test_the_rules_of_the_gate_are_those_that_always_bind() -> None:
    assert {code for rule in RULES.values() if rule.always for code in rule.codes} | {"G115"} == NEVER_OLD


@pytest.mark.parametrize("case", bad(*NEVER_OLD), ids=lambda p: p.name)
def test_no_date_opens_the_gate(case: Path) -> None:
    """With duties from 2030, every bad case of the gate has the faults it has without."""
    assert case.name[:4] in codes(judged(case))
    assert judged(case, LONG_AFTER) == judged(case)


@pytest.mark.parametrize("name", GATE)
def test_an_old_text_without_one_of_the_three_is_refused(name: str, small: Small) -> None:
    """Published in 2001, with duties from 2030."""
    old = {"signed": "2001-03-02", "published": "2001-03-03", "interpretation_exempt": None}
    old |= {
        "secrecy_review": "{id: BM-1, by: 岗, date: 2001-03-02, result: 通过}",
        "sign_off": "{by: 岗, date: 2001-03-02}",
    }
    small.write("site.yml", (small.content / "site.yml").read_text() + "duties_from: 2030-01-01\n")
    small.policy("old", year="2001", **old)
    assert small.codes() == []
    small.policy("old", year="2001", **old | {name: None})
    assert small.codes() == [{"disclosure": "G101", "sign_off": "G102", "secrecy_review": "G103"}[name]]
    assert small.build() == 1


@pytest.mark.parametrize("case", SPARED, ids=lambda p: p.name)
def test_one_date_moves_what_is_older_out_of_reach(case: Path) -> None:
    """The other rules judge what was published from duties_from on."""
    assert case.name[:4] in codes(judged(case))
    assert judged(case, LONG_AFTER) == []


@pytest.mark.parametrize("case", SPARED, ids=lambda p: p.name)
def test_a_date_for_one_article_moves_that_article_alone(case: Path) -> None:
    article = next(RULES[name].article for name in LATER if case.name[:4] in RULES[name].codes)
    assert judged(case, {str(article): LONG_AFTER}) == []
    others = {str(number): LONG_AFTER for number in range(1, 26) if number != article}
    assert judged(case, others) == judged(case)


def test_without_a_date_the_rules_bind_from_the_day_of_their_issue(small: Small) -> None:
    """A text of the day before needs no interpretation, one of the day itself does."""
    for slug, day in (("before", "2018-07-26"), ("from", ISSUED)):
        review = f"{{id: BM-{slug}, by: 岗, date: {day}, result: 通过}}"
        dates = {"signed": day, "published": f"{day} 09:00", "sign_off": f"{{by: 岗, date: {day}}}"}
        small.policy(slug, year="2018", **dates, secrecy_review=review, interpretation_exempt=None)
    assert [(f.code, f.path) for f in small.faults()] == [("G108", "content/policies/2018/from.md")]
