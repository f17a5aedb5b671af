"""Everything that was read, with what rules look up in it (pure)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from plugins.models.directory import Organisation, SiteIdentity, Topic
from plugins.models.numbers import show_number
from plugins.models.record import Record


@dataclass(frozen=True, slots=True)
class Register:
    """All records, public or not, sorted by id; assets by path below content/."""

    identity: SiteIdentity | None
    organisations: Mapping[str, Organisation]
    topics: Mapping[str, Topic]
    records: Sequence[Record]
    assets: frozenset[str] = frozenset()
    by_id: dict[str, Record] = field(default_factory=dict)
    by_number: dict[str, Record] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for record in self.records:
            self.by_id[record.id] = record
            if number := record.number:
                self.by_number.setdefault(show_number(number), record)

    def find(self, reference: str) -> Record | None:
        """The record that an id, an address or a document number names."""
        return self.by_id.get(reference.strip("/").removesuffix(".md")) or self.by_number.get(show_number(reference))
