"""Declarations that nobody should write: each is a fault or can be followed, never an exception."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from plugins.build.settings import SHIPPED_CALENDAR
from plugins.models.registers import Pages, Reference
from plugins.readers.calendar import read_calendar
from plugins.readers.descriptor import parse_descriptor
from plugins.rules.keys import Known, Referring
from plugins.rules.rows import Columns, RowRules
from plugins.rules.tally import Tally
from plugins.rules.workdays import Calendar

CALENDAR = Calendar.of(read_calendar([SHIPPED_CALENDAR])[0])
FIELDS = {"code": "string", "days": "integer", "sum": "number", "on": "date", "year": "year", "at": "datetime"}
RULES: list[dict[str, Any]] = [
    {"title": "甲", "left": "days", "op": "<=", "right": "sum", "when": {"column": "code", "in": ["a"]}},
    {"title": "乙", "left": "sum", "op": "=", "right": ["days", "year"], "level": "warning"},
    {"title": "丙", "left": "code", "op": "!=", "right": "code", "rule": "GN-01.1"},
    {"title": "丁", "from": "on", "to": "on", "within": "days", "unit": "工作日"},
    {"title": "戊", "from": "on", "to": "on", "within": "days", "unit": "code"},
    {"title": "己", "required": ["sum", "at"]},
    {"title": "庚", "anyOf": ["sum", "at"]},
    {"title": "辛", "complete": ["code", "year"]},
    {"title": "壬", "share": {"column": "code", "in": ["a"]}, "op": ">=", "right": 0.8},
]
REFERENCES: list[dict[str, Any]] = [
    {"fields": "code", "reference": {"package": "b", "resource": "b", "fields": "code"}, "show": ["days", "sum"]},
    {"fields": ["code", "on"], "reference": {"package": "b", "fields": ["code", "on"]}},
    {"fields": "code", "on": "on", "reference": {"package": "b", "fields": "code", "from": "on", "to": "on"}},
    {"fields": "code", "covers": {"column": "code", "in": ["a"]}, "reference": {"package": "b", "fields": "code"}},
    {"fields": "code", "reference": {"content": "documents"}},
]
PAGES = {"resource": "a", "folder": "items", "label": "事项", "key": "code", "title": "code", "groups": ["year"]}
scalars = st.sampled_from(
    [*FIELDS, "none", "", None, True, 0, 0.5, 2, -1, "https://example.org/", "../x", "<=", "自然日"]
)
strange = scalars | st.lists(scalars, max_size=3) | st.dictionaries(st.sampled_from(["column", "in", "x"]), scalars)


def places(value: Any, place: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Every place in a JSON value below its root."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [found for key, item in inner for found in [(*place, key), *places(item, (*place, key))]]


@st.composite
def declared(draw: st.DrawFn) -> dict[str, Any]:
    """Some of the good declarations, most of them with a place or two that holds something else, or nothing."""
    value: dict[str, Any] = {
        "rules": draw(st.lists(st.sampled_from(RULES), max_size=2)),
        "references": draw(st.lists(st.sampled_from(REFERENCES), max_size=2)),
        "pages": draw(st.sampled_from([None, PAGES])),
    }
    value = json.loads(json.dumps(value))
    for _ in range(draw(st.sampled_from([0, 1, 1, 1, 2]))):
        found = [place for place in places(value) if len(place) > 1]
        if found:
            *way, last = draw(st.sampled_from(found))
            at: Any = value
            for step in way:
                at = at[step]
            if draw(st.booleans()):
                at[last] = draw(strange)
            else:
                del at[last]
    return value


CELLS = [["a", "1", "0.5", "2026-03-02", "2026", "2026-03-02T09:00:00"], ["", "", "", "", "", ""], ["b"] * 6]


def descriptor(schema: dict[str, Any], pages: object) -> bytes:
    value = {
        "name": "a",
        "title": "甲",
        "licenses": [{"name": "CC0-1.0"}],
        "contributors": [{"title": "乙", "role": "publisher"}],
        "resources": [{"name": "a", "path": "a.csv", "schema": schema}],
    }
    return json.dumps(value | ({"cn:pages": pages} if pages is not None else {})).encode()


@settings(max_examples=3000, deadline=None, suppress_health_check=list(HealthCheck))
@given(declared())
def test_whatever_is_accepted_can_be_followed(value: dict[str, Any]) -> None:
    """Every form of rule and of reference over six columns; the other package's table is the same as this one."""
    fields = [{"name": n, "type": t} for n, t in FIELDS.items()]
    schema = {"fields": fields, "primaryKey": "code", "cn:rules": value["rules"], "cn:references": value["references"]}
    accepted, _ = parse_descriptor(descriptor(schema, value["pages"]), "a")
    if accepted is None:
        return
    Pages.of(accepted.value.get("cn:pages"))
    checks: list[Any] = [*RowRules.of(schema, "", CALENDAR)]
    for reference in map(Reference.of, value["references"]):
        if not reference.content and all(name in FIELDS for name in reference.wanted):
            checks.append(Referring(reference, Columns(schema), "", Known(reference, schema, enumerate(CELLS))))
            Tally(reference, schema).add(CELLS[0])
    for check in checks:
        for line, row in enumerate(CELLS):
            list(check.row(line, row))
        list(check.end())
