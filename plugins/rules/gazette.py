"""What must hold for gazette issues (pure; county rules, article 14)."""

from __future__ import annotations

from collections.abc import Iterator

from plugins.models.directory import Kind
from plugins.models.faults import Fault
from plugins.models.record import Record
from plugins.rules.gate import may_become_public
from plugins.rules.register import Register


def issues_count_up(register: Register) -> Iterator[Fault]:
    """总期号 grows by one from issue to issue, in the order of year and number."""
    expected = None
    for issue in register.of_kind("gazette"):
        name = f"{issue.fields['year']}-{issue.fields['number']:02d}"
        if issue.slug != name:
            yield issue.fault("D301", "number", expected=name)
        running = issue.fields["running"]
        if expected is not None and running != expected:
            yield issue.fault("D302", "running", expected=expected, value=running)
        expected = running + 1
        if (issue.fields.get("imprint") or {}).get("price"):
            yield issue.fault("D307", "imprint")


def entries_are_fit(issue: Record, register: Register) -> Iterator[Fault]:
    """Every entry is a public document, not later than the issue, of an issuer that the section admits."""
    seen: set[str] = set()
    for section in issue.fields["sections"]:
        for reference in section["entries"]:
            entry = register.find(reference)
            if entry is None:
                if not register.lost(reference):
                    yield issue.fault("D112", "sections", value=reference)
                continue
            if entry.id in seen:
                yield issue.fault("D306", "sections", value=reference)
            seen.add(entry.id)
            yield from _entry(issue, entry, section.get("others") is True, register)
    yield from _errata(issue, register)


def _errata(issue: Record, register: Register) -> Iterator[Fault]:
    """An erratum corrects what an earlier issue carried."""
    for erratum in issue.fields.get("errata", ()):
        reference = erratum["document"]
        if (document := register.find(reference)) is None:
            yield issue.fault("D112", "errata", value=reference)
        elif not any(_carries(earlier, document, register) for earlier in _before(issue, register)):
            yield issue.fault("D309", "errata", value=reference)
        else:
            yield from _public(issue, document, "errata")


def _before(issue: Record, register: Register) -> Iterator[Record]:
    return (other for other in register.of_kind("gazette") if other.id < issue.id)


def _carries(issue: Record, document: Record, register: Register) -> bool:
    return any(register.find(r) is document for section in issue.fields["sections"] for r in section["entries"])


def _public(issue: Record, document: Record, name: str) -> Iterator[Fault]:
    """What an issue names in field `name` is public when the issue is."""
    if not may_become_public(document):
        yield issue.fault("D303", name, value=document.id)
    elif document.published > issue.published:
        yield issue.fault("D304", name, value=document.id)


def _entry(issue: Record, entry: Record, others: bool, register: Register) -> Iterator[Fault]:
    yield from _public(issue, entry, "sections")
    owner = register.organisations.get(entry.text("issuer"))
    if not others and owner is not None and owner.kind not in {Kind.GOVERNMENT, Kind.OFFICE}:
        yield issue.fault("D305", "sections", value=entry.id)
