"""All rules over a register, in one order (pure)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from plugins.models.faults import Fault, fault
from plugins.models.record import Record
from plugins.models.types import TYPES
from plugins.rules import (
    asking,
    attributes,
    decisions,
    documents,
    effects,
    gate,
    gazette,
    interpreting,
    links,
    places,
    responding,
)
from plugins.rules import unique as once
from plugins.rules.context import Check, Context
from plugins.rules.table import RULES, binding_from

CHECKS: tuple[Check, ...] = (*attributes.CHECKS, *decisions.CHECKS, *interpreting.CHECKS, *responding.CHECKS)
_BY_KIND = {kind: [(name, work) for name, kinds, work in CHECKS if kind in kinds or "" in kinds] for kind in TYPES}
_OF_FORM = frozenset({"GN-04.2", "GN-04.3", "GN-04.4", "GN-05.3", "GN-05.4", "GN-07.5"})
"""Rules that judge a text whatever its attribute; the others judge what is to be published."""


def check(context: Context, fixed: frozenset[str]) -> list[Fault]:
    """Every fault between records, unsorted; `fixed` are the site's own addresses that bodies may link to."""
    register = context.register
    faults = [*once.unique(register), *gazette.issues_count_up(register), *effects.effects_are_sound(register)]
    faults += gazette.frozen_issues_stand(register, context.now)
    faults += gazette.given_away(register, context.now)
    faults += places.map_is_sound(register)
    faults += asking.mailboxes_take_letters(register)
    faults += _unused(context)
    faults += _versions(context)
    starts = {name: binding_from(rule, register.identity) for name, rule in RULES.items()}
    for record in register.records:
        of_record = _record(record, context, fixed, starts)
        faults += of_record if record.final else (_for_draft(found) for found in of_record)
    return faults


def _for_draft(found: Fault) -> Fault:
    """A draft stops nobody, unless it holds a text that may not be published at all."""
    return found if found.code == "G105" else found.softened()


def _record(record: Record, context: Context, fixed: frozenset[str], starts: Mapping[str, str]) -> Iterable[Fault]:
    register = context.register
    yield from documents.dates_in_order(record)
    yield from documents.names_are_known(record, register)
    yield from documents.references_resolve(record, register)
    yield from documents.number_is_known_form(record, register)
    yield from gate.body_only_where_public(record)
    if not record.drafted:
        yield from gate.attributes_complete(record)
        yield from gate.reviewed_before_published(record)
    if record.active and not record.withdrawn:
        yield from documents.attachments_exist(record, register)
        yield from links.links_lead_somewhere(record, register, fixed)
        if record.kind == "gazette":
            yield from gazette.entries_are_fit(record, register)
    if not record.drafted:
        yield from _rules(record, context, starts)


def _rules(record: Record, context: Context, starts: Mapping[str, str]) -> Iterator[Fault]:
    """The county's rules, each from the day on which it binds (`starts`)."""
    judged = record.active and not record.withdrawn
    day = record.published[:10]
    for name, work in _BY_KIND[record.kind]:
        if (judged or name in _OF_FORM) and day >= starts[name]:
            yield from work(record, context)


def _versions(context: Context) -> Iterator[Fault]:
    """An earlier text stands beside a present one that was not withdrawn, and has its index number."""
    register = context.register
    for identifier, versions in register.versions.items():
        current = register.by_id.get(identifier)
        for version in versions:
            if current is None and not register.lost(identifier):
                yield version.fault("D130", current=f"content/{identifier}.md")
            elif current is None:
                continue
            elif current.withdrawn:
                yield current.fault("L107", "withdrawn", value=version.path)
            elif current.final and version.text("index") and version.text("index") != current.text("index"):
                yield current.fault("D131", "index", value=version.text("index"))


def _unused(context: Context) -> Iterator[Fault]:
    register = context.register
    every = (*register.records, *(v for versions in register.versions.values() for v in versions))
    used = {asset for record in every for asset in links.referenced_assets(record)}
    issues = {issue.id for issue in register.of_kind("gazette")}
    for asset in sorted(register.assets - used):
        if asset.rpartition("/")[0] not in issues:
            yield fault("F108", f"content/{asset}")
