"""What documents do to each other: circles, overlaps, gaps, and what was valid on any date."""

from __future__ import annotations

from datetime import date, timedelta
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plugins.models.record import Record
from plugins.rules.effects import effects_are_sound
from plugins.rules.register import Register
from plugins.rules.validity import day_after, effects, start_of, timeline, turning_days, validity

RELATIONS = ("based_on", "implements", "amends", "repeals", "replaces")
PROPERTY = settings(max_examples=200, deadline=None)
Acting = list[tuple[str, str, str]]


def policy(slug: str, **fields: Any) -> Record:
    """policies/2026/<slug>, signed on 2026-03-02 and published the day after."""
    fields = {"title": slug, "signed": "2026-03-02", "published": "2026-03-03 09:00"} | fields
    return Record(f"policies/2026/{slug}", "policies", fields, {}, "hash", ())


def name(slug: str) -> str:
    return f"policies/2026/{slug}"


def found(*records: Record) -> list[tuple[str, str]]:
    """(code, slug) of each fault."""
    register = Register(None, {}, {}, sorted(records, key=lambda r: r.id))
    return sorted((f.code, f.path.split("/")[-1].removesuffix(".md")) for f in effects_are_sound(register))


# --- circles --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("back", RELATIONS)
@pytest.mark.parametrize("there", RELATIONS)
def test_two_documents_that_act_on_each_other_are_a_circle(there: str, back: str) -> None:
    circle = [policy("a", **{there: [name("b")]}), policy("b", **{back: [name("a")]})]
    assert found(*circle) == [("D125", "a"), ("D125", "b")]


def test_three_documents_in_a_circle_get_a_fault_each() -> None:
    """a by b's number, b by c's address, c by a's file."""
    a = policy("a", based_on=["试政办发[2026]2号"])
    b = policy("b", number="试政办发〔2026〕2号", implements=["/policies/2026/c/"])
    c = policy("c", amends=["policies/2026/a.md"])
    assert found(a, b, c) == [("D125", "a"), ("D125", "b"), ("D125", "c")]


def test_two_ways_to_one_document_are_no_circle() -> None:
    """a names b and c, which both name d."""
    a, d = policy("a", based_on=[name("b"), name("c")]), policy("d")
    assert found(a, policy("b", amends=[name("d")]), policy("c", implements=[name("d")]), d) == []


def test_what_leads_into_a_circle_is_not_blamed() -> None:
    """a names b; b and c name each other."""
    a, b, c = policy("a", based_on=[name("b")]), policy("b", amends=[name("c")]), policy("c", amends=[name("b")])
    assert found(a, b, c) == [("D125", "b"), ("D125", "c")]


@pytest.mark.parametrize("relation", ["forwards", "corrects"])
def test_to_forward_and_to_correct_may_go_both_ways(relation: str) -> None:
    assert found(policy("a", **{relation: [name("b")]}), policy("b", amends=[name("a")])) == []


def test_a_draft_closes_no_circle() -> None:
    assert found(policy("a", repeals=[name("b")]), policy("b", repeals=[name("a")], status="草稿")) == []


EDGES = st.sets(st.tuples(st.integers(0, 6), st.integers(0, 6)), max_size=14)


@PROPERTY
@given(EDGES, st.randoms(use_true_random=False))
def test_circles_are_found_where_a_topological_sort_finds_one(edges: set[tuple[int, int]], random: Any) -> None:
    """Random graphs of seven documents, and graphlib's opinion; a document that names itself is another fault."""
    edges = {(a, b) for a, b in edges if a != b}
    named: dict[int, dict[str, list[str]]] = {n: {} for n in range(7)}
    for a, b in sorted(edges):
        named[a].setdefault(random.choice(RELATIONS[:3]), []).append(name(str(b)))
    circle = any(code == "D125" for code, _ in found(*(policy(str(n), **named[n]) for n in named)))
    sorter = TopologicalSorter({n: [b for a, b in edges if a == n] for n in range(7)})
    try:
        sorter.prepare()
    except CycleError:
        assert circle
    else:
        assert not circle


# --- overlap, gap, acting too early ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "second"), [("repeals", "repeals"), ("repeals", "replaces"), ("replaces", "repeals")]
)
def test_what_has_ended_cannot_be_ended_again(first: str, second: str) -> None:
    b, c = policy("b", **{first: [name("a")]}), policy("c", **{second: [name("a")]})
    assert found(policy("a"), b, c) == [("D126", "c")]


def test_one_document_may_name_twice_what_it_ends() -> None:
    """Once by number, once by id."""
    b = policy("b", repeals=["试政办发〔2026〕1号", name("a")])
    assert found(policy("a", number="试政办发〔2026〕1号"), b) == []


def test_many_may_amend_one() -> None:
    assert found(policy("a"), policy("b", amends=[name("a")]), policy("c", amends=[name("a")])) == []


@pytest.mark.parametrize("change", [{"status": "草稿"}, {"status": "送审"}, {"withdrawn": {"reason": "x"}}])
def test_what_is_not_final_or_was_withdrawn_ends_nothing(change: dict[str, Any]) -> None:
    b, c = policy("b", repeals=[name("a")], **change), policy("c", repeals=[name("a")])
    assert found(policy("a"), b, c) == []


@pytest.mark.parametrize(
    ("relation", "starts", "codes"),
    [
        ("replaces", "2026-06-01", []),
        ("replaces", "2026-06-02", [("D127", "b")]),
        ("replaces", "2026-05-01", []),
        ("repeals", "2026-06-02", []),
    ],
    ids=["the day after", "a day without a text", "overlapping", "a repeal fills no gap"],
)
def test_between_a_document_and_what_replaces_it_no_day_is_without_one(
    relation: str, starts: str, codes: list[tuple[str, str]]
) -> None:
    """The old text's last day is 2026-05-31."""
    old, new = policy("a", expires="2026-05-31"), policy("b", effective=starts, **{relation: [name("a")]})
    assert found(old, new) == codes


def test_a_text_that_ends_with_time_itself_leaves_no_gap() -> None:
    new = policy("b", effective="9999-12-31", replaces=[name("a")])
    assert found(policy("a", expires="9999-12-31"), new) == []


@pytest.mark.parametrize("relation", ["amends", "repeals", "replaces"])
def test_nothing_acts_before_what_it_acts_upon(relation: str) -> None:
    """The target begins on 2026-05-01: a day earlier is a fault, that day is none."""
    target = policy("a", effective="2026-05-01")
    assert found(target, policy("b", effective="2026-04-30", **{relation: [name("a")]})) == [("D128", "b")]
    assert found(target, policy("b", effective="2026-05-01", **{relation: [name("a")]})) == []


def test_a_basis_may_be_younger() -> None:
    assert found(policy("a", effective="2026-05-01"), policy("b", based_on=[name("a")])) == []


# --- what was valid when ----------------------------------------------------------------------------------------------

ORIGIN = date(2026, 1, 1)
SPAN = 60
DAY = st.integers(0, SPAN).map(lambda n: (ORIGIN + timedelta(n)).isoformat())
WHENEVER = [(ORIGIN + timedelta(n)).isoformat() for n in range(-3, SPAN + 4)]


@st.composite
def histories(draw: st.DrawFn) -> tuple[Record, Acting]:
    """A policy with any dates, in any order, and up to four texts that act upon it."""
    fields = {key: draw(DAY) for key in ("signed", "effective", "expires") if draw(st.booleans())}
    fields["published"] = draw(DAY) + " 09:00"
    kinds = st.sampled_from(["amends", "repeals", "replaces"])
    acting = draw(st.lists(st.tuples(kinds, DAY, st.sampled_from("bcde")), max_size=4))
    record = Record(name("a"), "policies", {"title": "a", **fields}, {}, "hash", ())
    return record, sorted(acting, key=lambda e: (e[1], e[2]))


@PROPERTY
@given(histories())
def test_a_timeline_tells_what_was_valid_on_any_date(history: tuple[Record, Acting]) -> None:
    """Read off day by day, it says what `validity` says; before its first day it says nothing."""
    record, acting = history
    spans = timeline(record, acting)
    for day in WHENEVER:
        labels = [label for start, label in spans if start <= day]
        if day >= min(record.published[:10], start_of(record)):
            assert labels[-1] == validity(record, acting, day).label
        else:
            assert not labels


@PROPERTY
@given(histories())
def test_a_timeline_is_in_order_and_every_entry_changes_something(history: tuple[Record, Acting]) -> None:
    spans = timeline(*history)
    assert [day for day, _ in spans] == sorted({day for day, _ in spans})
    assert all(one[1] != other[1] for one, other in pairwise(spans))


@PROPERTY
@given(histories())
def test_validity_turns_on_turning_days_only(history: tuple[Record, Acting]) -> None:
    """Its own and those of what acts upon it: between them a build may stand. An expiry turns when its day ends."""
    record, acting = history
    turns = {day_after(day[:-1]) if day.endswith("~") else day for day in turning_days(record)}
    turns |= {day for _, day, _ in acting}
    for before, day in pairwise(WHENEVER):
        if validity(record, acting, before) != validity(record, acting, day):
            assert day in turns


def test_the_life_of_a_policy_from_signature_to_repeal() -> None:
    """Published 03-03, in force from 04-01, amended 05-01, repealed 06-01; that it would expire matters no more."""
    record = policy("a", effective="2026-04-01", expires="2026-12-31")
    acting = [("amends", "2026-05-01", "b"), ("repeals", "2026-06-01", "c")]
    assert timeline(record, acting) == [
        ("2026-03-03", "尚未施行"),
        ("2026-04-01", "现行有效"),
        ("2026-05-01", "已修改"),
        ("2026-06-01", "已废止"),
    ]


def test_the_last_day_of_a_term_is_still_in_force() -> None:
    record = policy("a", expires="2026-12-31")
    assert timeline(record, []) == [("2026-03-02", "现行有效"), ("2027-01-01", "已失效")]
    assert [validity(record, [], day).label for day in ("2026-12-31", "2027-01-01")] == ["现行有效", "已失效"]


def test_what_will_repeal_says_so_only_on_its_day() -> None:
    """A repeal that is already published, in force from 2026-07-01."""
    repeal = policy("b", effective="2026-07-01", repeals=["试政办发〔2026〕1号"])
    acting = effects([repeal], {"试政办发〔2026〕1号": name("a")})[name("a")]
    answers = [validity(policy("a"), acting, day) for day in ("2026-06-30", "2026-07-01")]
    assert [answer.label for answer in answers] == ["现行有效", "已废止"]
    assert answers[1].by == (name("b"),)
    assert "2026年7月1日" in answers[1].sentence


def test_other_types_have_no_validity() -> None:
    record = Record("notices/n", "notices", {"title": "n", "published": "2026-03-03 09:00"}, {}, "hash", ())
    assert timeline(record, []) == []
    assert validity(record, [], "2026-03-03").label == ""
