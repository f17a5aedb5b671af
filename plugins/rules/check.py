"""All rules over a register, in one order (pure)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from plugins.models.faults import Fault, fault
from plugins.models.record import Record
from plugins.rules import documents, gate, gazette, links, unique
from plugins.rules.register import Register


def check(register: Register, fixed: frozenset[str]) -> list[Fault]:
    """Every fault between records, unsorted; `fixed` are the site's own addresses that bodies may link to."""
    interpreted = frozenset(
        found.id
        for record in register.records
        if record.kind == "interpretations" and record.final
        for reference in record.items("interprets")
        if (found := register.find(reference))
    )
    faults = [*unique.unique(register), *gazette.issues_count_up(register), *_unused(register)]
    for record in register.records:
        of_record = _record(record, register, interpreted, fixed)
        faults += of_record if record.final else (_as_warning(f) for f in of_record)
    return faults


def _record(record: Record, register: Register, interpreted: frozenset[str], fixed: frozenset[str]) -> Iterable[Fault]:
    yield from documents.dates_in_order(record)
    yield from documents.names_are_known(record, register)
    yield from documents.references_resolve(record, register)
    yield from documents.number_is_known_form(record)
    if record.final:
        yield from gate.attributes_complete(record)
        yield from gate.reviewed_before_published(record)
    if not record.active:
        return
    yield from documents.attachments_exist(record, register)
    yield from links.links_lead_somewhere(record, register, fixed)
    if record.kind == "gazette":
        yield from gazette.entries_are_fit(record, register)
    if record.final and binding(record, register):
        yield from documents.legality_reviewed(record)
        yield from documents.interpreted(record, interpreted)


def binding(record: Record, register: Register) -> bool:
    """Whether the county's duties bind the record: what was published before `duties_from` is never a breach."""
    start = register.identity.duties_from if register.identity else None
    return not isinstance(start, date) or record.published[:10] >= start.isoformat()


def _unused(register: Register) -> Iterator[Fault]:
    used = {asset for record in register.records for asset in links.referenced_assets(record)}
    for asset in sorted(register.assets - used):
        yield fault("F108", f"content/{asset}")


def _as_warning(found: Fault) -> Fault:
    return Fault(found.path, found.line, found.code, found.key, "warning", found.message, found.remedy)
