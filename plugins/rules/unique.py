"""What may stand only once: numbers, index numbers, review ids, short names (pure)."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from plugins.models.faults import Fault
from plugins.models.numbers import show_number
from plugins.models.record import Record
from plugins.rules.register import Register


def _review(record: Record) -> str:
    return str((record.fields.get("secrecy_review") or {}).get("id", ""))


_ONCE: tuple[tuple[str, str, Callable[[Record], str]], ...] = (
    ("D113", "number", lambda r: show_number(r.number)),
    ("D114", "index", lambda r: r.text("index")),
    ("D115", "secrecy_review", _review),
    ("D116", "", lambda r: f"{r.kind}/{r.slug}"),
)


def unique(register: Register) -> Iterator[Fault]:
    """One fault at every later use of a value that an earlier record (by id) has."""
    for code, name, value_of in _ONCE:
        first: dict[str, Record] = {}
        for record in register.records:
            value = value_of(record)
            if not value or (name and not record.final):
                continue
            if value in first:
                shown = record.slug if code == "D116" else value
                yield record.fault(code, name, value=shown, other=first[value].path)
            else:
                first[value] = record
