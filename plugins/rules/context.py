"""What a rule may look up besides the record that it judges (pure)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from plugins.models.directory import Kind, Organisation
from plugins.models.faults import Fault
from plugins.models.record import Record
from plugins.models.types import relations_of
from plugins.rules.register import Register
from plugins.rules.workdays import Calendar

Generator = Callable[[Record, "Context"], Iterator[Fault]]
Check = tuple[str, tuple[str, ...], Generator]
"""(rule id, the types it judges, its generator); a type "" means all."""


@dataclass(frozen=True, slots=True)
class Context:
    """The register with the working days, today's moment, and who names whom.

    `naming` leads from a relation and an id to the final records that name it by that relation, `plans` from
    organisation, kind and year to the first final plan.
    """

    register: Register
    calendar: Calendar
    now: str
    naming: Mapping[tuple[str, str], Sequence[Record]] = field(default_factory=dict)
    plans: Mapping[tuple[str, ...], Record] = field(default_factory=dict)

    @classmethod
    def of(cls, register: Register, calendar: Calendar, now: str) -> Context:
        """The context of a register at `now` (`YYYY-MM-DD HH:MM`)."""
        naming: dict[tuple[str, str], list[Record]] = {}
        for record in register.records:
            named = relations_of(record.kind, record.fields)
            for relation in named if record.final and not record.withdrawn else ():
                for reference in record.items(relation):
                    if found := register.find(reference):
                        naming.setdefault((relation, found.id), []).append(record)
        plans: dict[tuple[str, ...], Record] = {}
        for plan in register.of_kind("plans"):
            if plan.final:
                plans.setdefault(plan_key(plan), plan)
        return cls(register, calendar, now, naming, plans)

    @property
    def today(self) -> str:
        """The day of `now`."""
        return self.now[:10]

    def named_by(self, relation: str, record: Record) -> Sequence[Record]:
        """The final records that name `record` by `relation`."""
        return self.naming.get((relation, record.id), ())

    def named(self, relation: str, record: Record) -> list[Record]:
        """The records that `record` names by `relation` and the register holds."""
        return [found for reference in record.items(relation) if (found := self.register.find(reference))]

    def organisation(self, name: str) -> Organisation | None:
        """The organisation of that id."""
        return self.register.organisations.get(name)

    def county_level(self, record: Record) -> bool:
        """Whether the record is issued in the name of the government or its office."""
        issuer = self.organisation(record.text("issuer"))
        return issuer is not None and issuer.kind in {Kind.GOVERNMENT, Kind.OFFICE}

    def working_days(self, start: str, end: str) -> int:
        """Working days after `start` up to and with `end`, 0 where it is before; days or moments."""
        return self.calendar.span(start[:10], end[:10]).days


def plan_key(plan: Record) -> tuple[str, ...]:
    """Whose plan of what kind for which year."""
    return plan.text("issuer"), plan.text("kind"), plan.text("year")
