"""What must hold for gazette issues (pure; county rules, article 14)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from plugins.models.directory import GiftKind, Kind
from plugins.models.edition import ATTACHABLE, Frozen, own_names
from plugins.models.faults import Fault, fault
from plugins.models.record import Record
from plugins.rules.gate import is_public, may_become_public
from plugins.rules.links import referenced_assets
from plugins.rules.register import Register


def issues_count_up(register: Register) -> Iterator[Fault]:
    """总期号 grows by one from issue to issue in the order of year and number, 期号 within its year."""
    before: Mapping[str, Any] = {}
    for issue in register.of_kind("gazette"):
        now = issue.fields
        if issue.slug != (name := f"{now['year']}-{now['number']:02d}"):
            yield issue.fault("D301", "number", expected=name)
        if before and now["running"] != (expected := before["running"] + 1):
            yield issue.fault("D302", "running", what="总期号", expected=expected, value=now["running"])
        following = before["number"] + 1 if before and before["year"] == now["year"] else 1
        if before and now["number"] != following:
            yield issue.fault("D302", "number", what="期号", expected=following, value=now["number"])
        before = now
        if (now.get("imprint") or {}).get("price"):
            yield issue.fault("D307", "imprint")


def given_away(register: Register, now: str) -> Iterator[Fault]:
    """Who publishes a gazette gives it away at library, archive and service hall, or says from when."""
    identity = register.identity
    if identity and any(is_public(issue, now) for issue in register.of_kind("gazette")):
        held = {point.kind for point in identity.gift_points}
        if lacking := [kind.value for kind in GiftKind if kind not in held]:
            yield fault("D318", "content/site.yml", 0, "gift_points", kinds="、".join(lacking))


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
            if _was_printed(issue, entry, register):
                continue
            yield from _entry(issue, entry, section.get("others") is True, register)
    yield from _errata(issue, register)


def frozen_issues_stand(register: Register, now: str) -> Iterator[Fault]:
    """What lies beside an issue belongs there; a frozen one has the entries it was frozen with."""
    beside: dict[str, set[str]] = {}
    for asset in register.assets:
        folder, _, name = asset.rpartition("/")
        beside.setdefault(folder, set()).add(name)
    for issue in register.of_kind("gazette"):
        names = beside.get(issue.id, set())
        yield from _strangers(issue, names)
        if frozen := register.frozen.get(issue.id):
            yield from _same_entries(issue, frozen, register)
        elif is_public(issue, now) and not names & own_names(issue.slug):
            yield issue.fault("D317", "published", value=issue.id)


def printed_texts_stand(
    issue: Record, frozen: Frozen, documents: Mapping[str, Record], texts: Mapping[str, Collection[str]]
) -> Iterator[Fault]:
    """What an issue printed is still shown: as the document's present text, or as one kept beside it.

    `documents` are those that are public, `texts` the sha256 of all their texts, by id.
    """
    for identifier, digest in frozen.texts.items():
        if identifier in documents and digest not in texts[identifier]:
            yield documents[identifier].fault("D313", "title", value=issue.title)


def entries(issue: Record) -> list[str]:
    """The references of all sections, in their order."""
    return [reference for section in issue.fields["sections"] for reference in section["entries"]]


def printed(register: Register, public: Collection[str]) -> dict[str, list[str]]:
    """The issues that carry each document, oldest first, by its id; `public` are the ids that may be shown."""
    found: dict[str, list[str]] = {}
    for issue in register.of_kind("gazette"):
        for reference in entries(issue) if issue.id in public else ():
            if (entry := register.find(reference)) is not None:
                found.setdefault(entry.id, []).append(issue.id)
    return found


def errata(register: Register, public: Collection[str]) -> dict[str, list[tuple[str, str]]]:
    """What issues correct in each document, oldest first, by its id: (issue, text)."""
    found: dict[str, list[tuple[str, str]]] = {}
    for issue in register.of_kind("gazette"):
        for erratum in issue.fields.get("errata", ()) if issue.id in public else ():
            if (corrected := register.find(erratum["document"])) is not None:
                found.setdefault(corrected.id, []).append((issue.id, erratum["text"]))
    return found


def _strangers(issue: Record, names: set[str]) -> Iterator[Fault]:
    own = own_names(issue.slug) | {asset.rpartition("/")[2] for asset in referenced_assets(issue)}
    for name in sorted(names - own):
        if not name.lower().endswith(ATTACHABLE):
            yield fault("D315", f"content/{issue.id}/{name}", name=name, known="、".join(ATTACHABLE))


def _same_entries(issue: Record, frozen: Frozen, register: Register) -> Iterator[Fault]:
    named = {found.id for reference in entries(issue) if (found := register.find(reference))}
    for identifier in sorted(named ^ frozen.texts.keys()):
        if not register.lost(identifier):
            what = "是新加的" if identifier in named else "不见了"
            yield issue.fault("D314", "sections", value=identifier, what=what)


def _errata(issue: Record, register: Register) -> Iterator[Fault]:
    """An erratum corrects what an earlier issue carried."""
    for erratum in issue.fields.get("errata", ()):
        reference = erratum["document"]
        if (document := register.find(reference)) is None:
            yield issue.fault("D112", "errata", value=reference)
        elif not any(_carries(earlier, document, register) for earlier in _before(issue, register)):
            yield issue.fault("D309", "errata", value=reference)
        elif not _was_printed(issue, document, register):
            yield from _public(issue, document, "errata")


def _was_printed(issue: Record, document: Record, register: Register) -> bool:
    """Whether a frozen issue names what was withdrawn since: it stays printed, its address shows the tombstone."""
    return document.withdrawn and issue.id in register.frozen


def _before(issue: Record, register: Register) -> Iterator[Record]:
    return (other for other in register.of_kind("gazette") if other.id < issue.id)


def _carries(issue: Record, document: Record, register: Register) -> bool:
    return any(register.find(reference) is document for reference in entries(issue))


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
