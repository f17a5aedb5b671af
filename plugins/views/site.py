"""The frozen Site: what passed the gate, and the links between it (pure)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain

from plugins.models.directory import Organisation, SiteIdentity, Topic
from plugins.models.document import Status
from plugins.models.edition import Frozen
from plugins.models.media import Account
from plugins.models.numbers import show_number
from plugins.models.package import WITHHELD, Package
from plugins.models.place import Outline
from plugins.models.record import Record
from plugins.models.registers import Register as ItemRegister
from plugins.models.types import relations_of
from plugins.models.version import LEDGER, DataVersion, data_id
from plugins.rules import gate
from plugins.rules.context import Context
from plugins.rules.gazette import errata, printed
from plugins.rules.register import Register
from plugins.rules.updating import Updating, turning_day, updating
from plugins.rules.validity import NONE, Validity, effects, state, turning_days, validity
from plugins.rules.workdays import Calendar

Event = Mapping[str, str]
"""One event of the ledger: event, moment, sha256, note."""
Related = tuple[str, str, str]
"""(relation, reference as written, id or "" where the site does not hold it)."""


@dataclass(frozen=True, slots=True)
class Site:
    """Everything that pages may show. No unpublished byte is in it, so nothing after it can leak one.

    `documents` are sorted newest first (by publication, then id); `named` leads from document numbers to ids. `window`
    is the span of moments in which this Site is the same: from the last turning moment to the next. `updates` says of
    each package, by name, when it changed and when it is due; `data_versions` are those of each data set that the
    ledger tells of, oldest first.
    """

    identity: SiteIdentity
    organisations: Mapping[str, Organisation]
    topics: Mapping[str, Topic]
    documents: Mapping[str, Record]
    named: Mapping[str, str]
    listed: Sequence[Record]
    withheld: int
    packages: Sequence[Package]
    calendar: Calendar
    validity: Mapping[str, Validity]
    acting: Mapping[str, Sequence[tuple[str, str, str]]]
    relations: Mapping[str, Sequence[Related]]
    inverse: Mapping[str, Sequence[Related]]
    assets: Mapping[str, str]
    versions: Mapping[str, Sequence[Record]]
    tombstones: Sequence[Record]
    window: tuple[str, str]
    drafts: Collection[str] = frozenset()
    history: Mapping[str, Sequence[Event]] = field(default_factory=dict)
    synonyms: Sequence[Sequence[str]] = ()
    accounts: Mapping[str, Account] = field(default_factory=dict)
    updates: Mapping[str, Updating] = field(default_factory=dict)
    data_versions: Mapping[str, Sequence[DataVersion]] = field(default_factory=dict)
    registers: Sequence[ItemRegister] = ()
    frozen: Mapping[str, Frozen] = field(default_factory=dict)
    printed: Mapping[str, Sequence[str]] = field(default_factory=dict)
    errata: Mapping[str, Sequence[tuple[str, str]]] = field(default_factory=dict)
    outline: Outline | None = None

    def find(self, reference: str) -> Record | None:
        """The public document that an id, an address or a document number names."""
        identifier = self.named.get(show_number(reference), reference.strip("/").removesuffix(".md"))
        return self.documents.get(identifier)

    def open_packages(self) -> list[Package]:
        """The data packages of which more may be said than their row in the catalogue."""
        return [package for package in self.packages if package.open_type != WITHHELD]

    def of_kind(self, kind: str) -> list[Record]:
        """The documents of one type, newest first."""
        return [r for r in self.documents.values() if r.kind == kind]


_NOTHING: Mapping[str, Sequence[Event]] = {}


def make_site(
    context: Context,
    packages: Sequence[Package],
    open_faults: Collection[str],
    assets: Mapping[str, str],
    drafts: bool = False,
    history: Mapping[str, Sequence[Event]] = _NOTHING,
) -> Site:
    """The Site at the context's moment. `drafts` is for the preview alone, `history` what the ledger tells, `assets`
    maps asset paths to their sha256. Raises ValueError where the register has no site identity.
    """
    register, now = context.register, context.now
    if register.identity is None:
        raise ValueError("no site.yml")
    chosen = _chosen(register.records, open_faults, now, drafts)
    listed = [r for r in register.records if gate.is_listed(r, now)]
    tombstones = [r for r in register.records if r.path not in open_faults and gate.is_tombstone(r, now)]
    known = {r.id for r in (*chosen, *listed, *tombstones)}
    documents = {r.id: _discreet(r, known, register) for r in chosen}
    relations, inverse = _relations(documents, register)
    acting = effects(documents.values(), _targets(relations))
    updates = {p.name: updating(p, _events(p.name, history), context.today) for p in packages}
    return Site(
        identity=register.identity,
        organisations=register.organisations,
        topics=register.topics,
        documents=documents,
        named={n: r.id for n, r in register.by_number.items() if r.id in documents},
        listed=listed,
        withheld=sum(gate.is_withheld(r) for r in register.records),
        packages=[_discreet_package(p, known, register) for p in packages],
        calendar=context.calendar,
        validity={i: _answer(r, acting.get(i, ()), context) for i, r in documents.items()},
        acting=acting,
        relations=relations,
        inverse=inverse,
        assets=assets,
        versions={i: found for i in documents if (found := _versions(i, known, register, open_faults, now))},
        tombstones=tombstones,
        window=_window(register.records, updates.values(), now),
        history=history,
        updates=updates,
        synonyms=register.synonyms,
        accounts=register.accounts,
        outline=register.outline,
        drafts=_unpublished(chosen, now),
        frozen={i: frozen for i, frozen in register.frozen.items() if i in documents},
        printed=printed(register, documents),
        errata=errata(register, documents),
    )


def _chosen(records: Iterable[Record], open_faults: Collection[str], now: str, drafts: bool) -> list[Record]:
    """What may be shown, newest first."""
    if drafts:
        found = [r for r in records if gate.may_be_previewed(r)]
    else:
        found = [gate.due(r, now) for r in records if gate.publishable(r, open_faults, now)]
    return sorted(sorted(found, key=lambda r: r.id), key=lambda r: r.published, reverse=True)


def _unpublished(chosen: Sequence[Record], now: str) -> frozenset[str]:
    """What only the preview shows."""
    return frozenset(r.id for r in chosen if r.fields.get("status", Status.FINAL) != Status.FINAL or r.published > now)


def _discreet(record: Record, known: Collection[str], register: Register) -> Record:
    """The record without its references to documents that nobody is to know of: neither number nor address shows."""
    kept = {
        name: [r for r in record.items(name) if (found := register.find(r)) is None or found.id in known]
        for name in relations_of(record.kind, record.fields)
    }
    whole = all(len(kept[name]) == len(record.items(name)) for name in kept)
    return record if whole else record.with_fields({**record.fields, **kept})


def _events(name: str, history: Mapping[str, Sequence[Event]]) -> Sequence[Event]:
    """What happened to a data set, oldest first: to the ledger, all that it tells of."""
    if name != LEDGER:
        return history.get(data_id(name), ())
    return sorted(chain.from_iterable(history.values()), key=lambda event: event["moment"])


def _discreet_package(package: Package, known: Collection[str], register: Register) -> Package:
    """The package without the policies in its basis that nobody is to know of."""
    kept = [one for one in package.basis if (found := register.find(one)) is None or found.id in known]
    if len(kept) == len(package.basis):
        return package
    return replace(package, descriptor={**package.descriptor, "cn:basis": kept})


def _answer(record: Record, acting: Sequence[tuple[str, str, str]], context: Context) -> Validity:
    """What stands at the top of the page: validity for policies, the state of what is open or will be held."""
    found = validity(record, acting, context.today)
    return found if found is not NONE else state(record, context.now, context.calendar)


def _versions(
    identifier: str, known: Collection[str], register: Register, open_faults: Collection[str], now: str
) -> list[Record]:
    """Earlier texts of a document, each public by its own header, without what nobody is to know of."""
    held = register.versions.get(identifier, ())
    return [_discreet(v, known, register) for v in held if gate.publishable(v, open_faults, now)]


def _relations(
    documents: Mapping[str, Record], register: Register
) -> tuple[dict[str, list[Related]], dict[str, list[Related]]]:
    """Relations of each document and their inverses; a document that is not public shows as a number at most."""
    forward: dict[str, list[Related]] = {}
    inverse: dict[str, list[Related]] = {}
    for record in documents.values():
        for relation in relations_of(record.kind, record.fields):
            for reference in record.items(relation):
                found = register.find(reference)
                target = found.id if found and found.id in documents else ""
                if found is not None and not target:
                    continue
                forward.setdefault(record.id, []).append((relation, reference, target))
                if target:
                    inverse.setdefault(target, []).append((relation, show_number(reference), record.id))
    return forward, inverse


def _targets(relations: Mapping[str, Sequence[Related]]) -> dict[str, str]:
    """What each reference leads to."""
    return {ref: target for found in relations.values() for _, ref, target in found if target}


def _window(records: Iterable[Record], updates: Iterable[Updating], now: str) -> tuple[str, str]:
    """The turning moments around `now`: between them no gate, no validity and no due day changes."""
    last, following = "", "9999"
    turning = (moment for record in records for moment in (record.published, *turning_days(record)))
    for moment in chain(turning, filter(None, map(turning_day, updates))):
        turn = moment.replace("~", " 24:00") if moment.endswith("~") else moment
        if turn <= now:
            last = max(last, turn)
        else:
            following = min(following, turn)
    return last, following
