"""What must hold for one final document and its neighbours (pure)."""

from __future__ import annotations

from collections.abc import Iterator

from plugins.models.faults import Fault
from plugins.models.numbers import is_number, parse_number
from plugins.models.record import Record
from plugins.models.types import RELATIONS, relations_of
from plugins.rules.register import Register

_ELSEWHERE = RELATIONS["policies"].keys()
"""Relations to documents that the site need not hold: a number is enough."""


def dates_in_order(record: Record) -> Iterator[Fault]:
    """成文 ≤ 发布, 成文 ≤ 施行 ≤ 失效, and the folder is the year of 成文."""
    signed, effective, expires = record.text("signed"), record.text("effective"), record.text("expires")
    if signed and record.kind == "policies" and not record.version and record.id.split("/")[1] != signed[:4]:
        yield record.fault("D101", "signed", folder=record.id.split("/")[1], year=signed[:4])
    if signed and record.published[:10] < signed:
        yield record.fault("D102", "published")
    if signed and effective and effective < signed:
        yield record.fault("D204", "effective")
    if expires and expires < (effective or signed):
        yield record.fault("D104", "expires")


def names_are_known(record: Record, register: Register) -> Iterator[Fault]:
    """Organisations and topics stand in their lists."""
    issuer = record.text("issuer")
    if issuer and issuer not in register.organisations and "organisations.yml" not in register.unread:
        yield record.fault("D110", "issuer", value=issuer)
    topic = record.text("topic")
    if topic and topic not in register.topics and "topics.yml" not in register.unread:
        yield record.fault("D111", "topic", value=topic)


def references_resolve(record: Record, register: Register) -> Iterator[Fault]:
    """A relation names a document that is held, or has the form of a number (then it is shown as not held)."""
    for name in relations_of(record.kind, record.fields):
        for reference in record.items(name):
            found = register.find(reference)
            if found is record:
                yield record.fault("D121", name)
            elif (
                found is None and not register.lost(reference) and (name not in _ELSEWHERE or not is_number(reference))
            ):
                yield record.fault("D112", name, value=reference)


def number_is_known_form(record: Record, register: Register) -> Iterator[Fault]:
    """发文字号 in a form that some rule knows, with the issuer's own 机关代字; others are kept as written."""
    number = record.number
    if not number:
        return
    parsed = parse_number(number)
    if parsed is None:
        if not is_number(number):
            yield record.fault("D119", "number", value=number)
        return
    issuer = register.organisations.get(record.text("issuer"))
    if issuer and issuer.number_prefixes and parsed.issuer not in issuer.number_prefixes:
        yield record.fault("D129", "number", value=parsed.issuer, issuer=issuer.name)


def attachments_exist(record: Record, register: Register) -> Iterator[Fault]:
    """Every attachment is a file in the folder of the document's name."""
    for attachment in record.fields.get("attachments", ()):
        if f"{record.id}/{attachment['file']}" not in register.assets:
            yield record.fault("D118", "attachments", value=attachment["file"])
