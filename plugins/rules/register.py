"""Everything that was read, with what rules look up in it (pure)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from plugins.models.directory import Organisation, SiteIdentity, Topic
from plugins.models.edition import Frozen
from plugins.models.media import Account
from plugins.models.numbers import show_number
from plugins.models.place import Outline
from plugins.models.record import Record


@dataclass(frozen=True, slots=True)
class Register:
    """All records, public or not, sorted by id; assets by path below content/.

    `unread` are the paths below content/, without `.md`, of what could not be read: it has its own faults, and what
    names it has none.
    `versions` are the earlier texts by the id of the present one, oldest first; they are no records of their own.
    `frozen` are the gazette issues whose files were written once and for all, by id. `outline` is what the map is drawn
    on.
    """

    identity: SiteIdentity | None
    organisations: Mapping[str, Organisation]
    topics: Mapping[str, Topic]
    records: Sequence[Record]
    assets: frozenset[str] = frozenset()
    versions: Mapping[str, Sequence[Record]] = field(default_factory=dict)
    synonyms: Sequence[Sequence[str]] = ()
    accounts: Mapping[str, Account] = field(default_factory=dict)
    unread: frozenset[str] = frozenset()
    frozen: Mapping[str, Frozen] = field(default_factory=dict)
    outline: Outline | None = None
    by_id: dict[str, Record] = field(default_factory=dict, init=False)
    by_number: dict[str, Record] = field(default_factory=dict, init=False)
    by_kind: dict[str, list[Record]] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        for record in self.records:
            self.by_id[record.id] = record
            self.by_kind.setdefault(record.kind, []).append(record)
            if number := record.number:
                self.by_number.setdefault(show_number(number), record)

    def find(self, reference: str) -> Record | None:
        """The record that an id, an address or a document number names."""
        return self.by_id.get(reference.strip("/").removesuffix(".md")) or self.by_number.get(show_number(reference))

    def lost(self, reference: str) -> bool:
        """Whether `reference` is the id of a source that could not be read."""
        return reference.strip("/").removesuffix(".md") in self.unread

    def lacks(self, kind: str) -> bool:
        """Whether a source of this type could not be read, so that what it would say is not known."""
        return any(path.startswith(f"{kind}/") for path in self.unread)

    def of_kind(self, kind: str) -> Sequence[Record]:
        """The records of one type, by id."""
        return self.by_kind.get(kind, ())
