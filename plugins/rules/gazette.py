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
    issues = sorted((r for r in register.records if r.kind == "gazette"), key=lambda r: r.id)
    expected = None
    for issue in issues:
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
                yield issue.fault("D112", "sections", value=reference)
                continue
            if entry.id in seen:
                yield issue.fault("D306", "sections", value=reference)
            seen.add(entry.id)
            yield from _entry(issue, entry, section.get("others") is True, register)
    for erratum in issue.fields.get("errata", ()):
        if register.find(erratum["document"]) is None:
            yield issue.fault("D112", "errata", value=erratum["document"])


def _entry(issue: Record, entry: Record, others: bool, register: Register) -> Iterator[Fault]:
    if not may_become_public(entry):
        yield issue.fault("D303", "sections", value=entry.id)
    elif entry.published > issue.published:
        yield issue.fault("D304", "sections", value=entry.id)
    owner = register.organisations.get(entry.text("issuer"))
    if not others and owner is not None and owner.kind not in {Kind.GOVERNMENT, Kind.OFFICE}:
        yield issue.fault("D305", "sections", value=entry.id)
