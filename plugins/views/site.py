"""The frozen Site: what passed the gate, and the links between it (pure)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from plugins.models.directory import Organisation, SiteIdentity, Topic
from plugins.models.document import Status
from plugins.models.numbers import show_number
from plugins.models.package import Package
from plugins.models.record import Record
from plugins.rules import gate
from plugins.rules.documents import RELATIONS
from plugins.rules.register import Register
from plugins.rules.validity import Validity, effects, turning_days, validity

Related = tuple[str, str, str]
"""(relation, reference as written, id or "" where the site does not hold it)."""


@dataclass(frozen=True, slots=True)
class Site:
    """Everything that pages may show. No unpublished byte is in it, so nothing after it can leak one.

    `documents` are sorted newest first (by publication, then id); `named` leads from document numbers to ids. `window`
    is the span of moments in which this Site is the same: from the last turning moment to the next.
    """

    identity: SiteIdentity
    organisations: Mapping[str, Organisation]
    topics: Mapping[str, Topic]
    documents: Mapping[str, Record]
    named: Mapping[str, str]
    listed: Sequence[Record]
    withheld: int
    packages: Sequence[Package]
    validity: Mapping[str, Validity]
    relations: Mapping[str, Sequence[Related]]
    inverse: Mapping[str, Sequence[Related]]
    assets: Mapping[str, str]
    window: tuple[str, str]
    drafts: Collection[str] = frozenset()

    def find(self, reference: str) -> Record | None:
        """The public document that an id, an address or a document number names."""
        identifier = self.named.get(show_number(reference), reference.strip("/").removesuffix(".md"))
        return self.documents.get(identifier)

    def of_kind(self, kind: str) -> list[Record]:
        """The documents of one type, newest first."""
        return [r for r in self.documents.values() if r.kind == kind]


def make_site(
    register: Register,
    packages: Sequence[Package],
    now: str,
    open_faults: Collection[str],
    assets: Mapping[str, str],
    drafts: bool = False,
) -> Site:
    """The Site at `now`; `assets` maps asset paths to their sha256. `drafts` is for the preview alone.

    Raises ValueError where the register has no site identity: a fault stopped the build before.
    """
    if register.identity is None:
        raise ValueError("no site.yml")
    if drafts:
        chosen = [r for r in register.records if not r.final or gate.may_become_public(r)]
    else:
        chosen = [r for r in register.records if gate.publishable(r, open_faults, now)]
    chosen.sort(key=lambda r: r.id)
    chosen.sort(key=lambda r: r.published, reverse=True)
    documents = {r.id: r for r in chosen}
    listed = [r for r in register.records if gate.is_listed(r, now)]
    relations, inverse = _relations(documents, register)
    find = {ref: target for found in relations.values() for _, ref, target in found if target}
    acting = effects(documents.values(), find)
    return Site(
        identity=register.identity,
        organisations=register.organisations,
        topics=register.topics,
        documents=documents,
        named={n: r.id for n, r in register.by_number.items() if r.id in documents},
        listed=listed,
        withheld=sum(gate.is_withheld(r) for r in register.records),
        packages=packages,
        validity={i: validity(r, acting.get(i, ()), now[:10]) for i, r in documents.items()},
        relations=relations,
        inverse=inverse,
        assets=assets,
        window=_window(register.records, now),
        drafts=frozenset(
            r.id for r in chosen if r.fields.get("status", Status.FINAL) != Status.FINAL or r.published > now
        ),
    )


def _relations(
    documents: Mapping[str, Record], register: Register
) -> tuple[dict[str, list[Related]], dict[str, list[Related]]]:
    """Relations of each document and their inverses; a document that is not public shows as a number at most."""
    forward: dict[str, list[Related]] = {}
    inverse: dict[str, list[Related]] = {}
    for record in documents.values():
        for relation in RELATIONS:
            for reference in record.items(relation):
                found = register.find(reference)
                target = found.id if found and found.id in documents else ""
                if found is not None and not target:
                    continue
                forward.setdefault(record.id, []).append((relation, reference, target))
                if target:
                    inverse.setdefault(target, []).append((relation, show_number(reference), record.id))
    return forward, inverse


def _window(records: Sequence[Record], now: str) -> tuple[str, str]:
    """The turning moments around `now`: between them no gate and no validity changes."""
    last, following = "", "9999"
    for record in records:
        for moment in (record.published, *turning_days(record)):
            turn = moment.replace("~", " 24:00") if moment.endswith("~") else moment
            if turn <= now:
                last = max(last, turn)
            else:
                following = min(following, turn)
    return last, following
