"""The gate: this module alone says "public or not" (pure; 政府信息公开条例, articles 13 to 17)."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from plugins.models.columns import columns
from plugins.models.document import Disclosure, Verdict
from plugins.models.faults import Fault
from plugins.models.record import Record
from plugins.models.types import TYPES

_STAGED = frozenset({"consultations", "responses", "hearings"})


def is_public(record: Record, now: str) -> bool:
    """Whether the whole text may be published at `now` (`YYYY-MM-DD HH:MM`), given that no fault is open."""
    return may_become_public(record) and record.published <= now


def may_become_public(record: Record) -> bool:
    """Whether only time stands between the record and its publication."""
    review = record.fields.get("secrecy_review")
    return (
        record.final
        and record.active
        and not record.withdrawn
        and bool(record.fields.get("sign_off"))
        and bool(review and review["result"] == Verdict.PASSED)
        and bool(record.body or not TYPES[record.kind].body_expected)
    )


def may_be_previewed(record: Record) -> bool:
    """Whether the preview on the editor's own machine shows the record; what is not 主动公开 is shown nowhere."""
    return may_become_public(record) or (not record.final and (record.active or not record.fields.get("disclosure")))


def due(record: Record, now: str) -> Record:
    """The record without the parts whose own moment is still to come: outcome, updates, the record of a hearing."""
    if record.kind not in _STAGED:
        return record
    fields = dict(record.fields)
    if record.kind == "consultations" and fields.get("outcome", {}).get("published", "") > now:
        del fields["outcome"]
    elif record.kind == "responses" and "updates" in fields:
        fields["updates"] = [update for update in fields["updates"] if update["at"] <= now]
    elif record.kind == "hearings" and record.text("held") > now:
        fields.pop("record", None)
    return record if fields == record.fields else record.with_fields(fields)


def may_become_tombstone(record: Record) -> bool:
    """Whether only time, or a text that has to go, stands between the record and its tombstone."""
    return record.final and record.active and record.withdrawn


def is_tombstone(record: Record, now: str) -> bool:
    """Whether the record's address shows that the text was withdrawn: when, why, and its hash."""
    return may_become_tombstone(record) and not record.body and record.published <= now


def is_listed(record: Record, now: str) -> bool:
    """Whether title and number of an item that is open on request may stand in the catalogue."""
    return (
        record.final
        and record.text("disclosure") == Disclosure.ON_REQUEST
        and record.fields.get("listed") is True
        and not record.body
        and record.published <= now
    )


def is_withheld(record: Record) -> bool:
    """Whether the record enters the Site as a count only."""
    return record.final and record.text("disclosure") == Disclosure.WITHHELD


def publishable(record: Record, open_faults: Collection[str], now: str) -> bool:
    """Whether the record enters the Site: public, and no error is open on its path."""
    return record.path not in open_faults and is_public(record, now)


def attributes_complete(record: Record) -> Iterator[Fault]:
    """A final text has its attribute, sign-off and secrecy review (county rules, articles 4 and 5).

    A text under review is not signed yet: it needs its attribute, and the reason where that is not 主动公开.
    """
    if not record.fields.get("disclosure"):
        yield record.fault("G101")
    elif not record.active:
        yield from _not_active(record)
    review = record.fields.get("secrecy_review")
    if record.final and not record.fields.get("sign_off"):
        yield record.fault("G102")
    if record.final and not review:
        yield record.fault("G103")
    elif record.active and review and review["result"] != Verdict.PASSED:
        yield record.fault("G104", "secrecy_review")
    if record.active and not record.body and not record.withdrawn and TYPES[record.kind].body_expected:
        yield record.fault("B104")


def body_only_where_public(record: Record) -> Iterator[Fault]:
    """What is not 主动公开 has no body, in whatever state it is; a comment that nobody sees is one too."""
    held = record.body or record.fields.get("attachments") or record.facts.get("commented")
    if record.fields.get("disclosure") and not record.active and held:
        yield record.fault("G105", "disclosure")


def _not_active(record: Record) -> Iterator[Fault]:
    """What is not 主动公开 says why by which law and who reviewed it (article 4)."""
    if record.fields.get("disclosure"):
        labels = columns(TYPES[record.kind])
        for name in ("disclosure_reason", "disclosure_basis", "disclosure_review"):
            if not record.fields.get(name):
                yield record.fault("G106", "disclosure", field=name, label=labels[name].label)


def reviewed_before_published(record: Record) -> Iterator[Fault]:
    """Review first, publish after (county rules, article 5)."""
    if record.published[:10] < record.text("signed"):
        return  # D102 says so
    for name, what in (("secrecy_review", "保密审查"), ("sign_off", "签发")):
        part = record.fields.get(name)
        if part and part["date"] > record.published[:10]:
            yield record.fault("G107", name, what=what)
