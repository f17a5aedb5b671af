"""What must hold for one final document and its neighbours (pure)."""

from __future__ import annotations

from collections.abc import Iterator

from plugins.models.document import Verdict
from plugins.models.faults import Fault
from plugins.models.numbers import is_number
from plugins.models.record import Record
from plugins.rules.register import Register

RELATIONS = ("based_on", "implements", "forwards", "amends", "repeals", "replaces", "interprets")
_HELD_ONLY = ("interprets",)


def dates_in_order(record: Record) -> Iterator[Fault]:
    """成文 ≤ 发布, 成文 ≤ 施行 ≤ 失效, and the folder is the year of 成文."""
    signed, effective, expires = record.text("signed"), record.text("effective"), record.text("expires")
    if signed and record.kind == "policies" and record.id.split("/")[1] != signed[:4]:
        yield record.fault("D101", "signed", folder=record.id.split("/")[1], year=signed[:4])
    if signed and record.published[:10] < signed:
        yield record.fault("D102", "published")
    if signed and effective and effective < signed:
        yield record.fault("D204", "effective")
    if expires and expires < (effective or signed):
        yield record.fault("D104", "expires")


def names_are_known(record: Record, register: Register) -> Iterator[Fault]:
    """Organisations and topics stand in their lists."""
    if (issuer := record.text("issuer")) and issuer not in register.organisations:
        yield record.fault("D110", "issuer", value=issuer)
    if (topic := record.text("topic")) and topic not in register.topics:
        yield record.fault("D111", "topic", value=topic)


def references_resolve(record: Record, register: Register) -> Iterator[Fault]:
    """A relation names a document that is held, or has the form of a number (then it is shown as not held)."""
    for name in RELATIONS:
        for reference in record.items(name):
            found = register.find(reference)
            if found is record:
                yield record.fault("D121", name)
            elif found is None and (name in _HELD_ONLY or not is_number(reference)):
                yield record.fault("D112", name, value=reference)


def number_is_known_form(record: Record) -> Iterator[Fault]:
    """发文字号 in a form that some rule knows; others are kept as written."""
    if (number := record.number) and not is_number(number):
        yield record.fault("D119", "number", value=number)


def legality_reviewed(record: Record) -> Iterator[Fault]:
    """A normative document passed the legality review before it was signed (county rules, article 7)."""
    if record.fields.get("normative") is not True:
        return
    review = record.fields.get("legality_review")
    if not review:
        yield record.fault("G109", "normative")
    elif review["result"] != Verdict.PASSED or review["date"] > record.text("signed"):
        yield record.fault("G110", "legality_review")


def interpreted(record: Record, interpreted_ids: frozenset[str]) -> Iterator[Fault]:
    """A policy comes with its interpretation, or says why it needs none (county rules, article 7)."""
    if record.kind == "policies" and not record.text("interpretation_exempt") and record.id not in interpreted_ids:
        yield record.fault("G108")


def attachments_exist(record: Record, register: Register) -> Iterator[Fault]:
    """Every attachment is a file in the folder of the document's name."""
    for attachment in record.fields.get("attachments", ()):
        if f"{record.id}/{attachment['file']}" not in register.assets:
            yield record.fault("D118", "attachments", value=attachment["file"])
