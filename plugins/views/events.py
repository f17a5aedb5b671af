"""What people put into their calendars: consultations from opening to close, and everything held at a moment (pure)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from plugins.models.record import Record
from plugins.models.types import TYPES
from plugins.rules.validity import MEETINGS
from plugins.views.frame import Frame, SiteFrame, last_change
from plugins.views.jobs import Job
from plugins.views.site import Event

DATED = frozenset({"consultations", *MEETINGS})
"""The types that a calendar shows."""
CALENDAR = "calendar.ics"
_FIRST = "1970"
"""Programs reckon from here on; what lies before is in nobody's calendar."""


def is_event(record: Record) -> bool:
    """Whether a calendar shows it."""
    return record.kind in DATED and min(begins(record), record.published) >= _FIRST


def begins(record: Record) -> str:
    """The moment at which a consultation opens or something is held."""
    return record.text("opens") or record.text("held")


def calendar_of(records: Iterable[Record]) -> str:
    """The path of the site's calendar where it shows one of these, else ""."""
    return CALENDAR if any(is_event(record) for record in records) else ""


def event_of(frame: Frame, record: Record, updated: str) -> dict[str, str] | None:
    """The record as an event of formats/calendar.py, None for what is none; `updated` is its last publication.

    The identity is the site's code with the document's, which stay when the site's address changes.
    """
    if not is_event(record):
        return None
    start, closes = begins(record), record.text("closes")
    told = [frame.name_of(record.text("issuer")), record.text("summary")]
    return {
        "uid": f"{record.id}@{frame.identity.site_code}",
        "stamp": updated,
        "start": start,
        "end": closes if closes > start else "",
        "title": record.title,
        "place": record.text("place"),
        "text": "\n".join(filter(None, told)),
        "url": frame.addresses.absolute(f"{record.id}/"),
        "label": TYPES[record.kind].label,
    }


def document_calendar(frame: Frame, record: Record, events: Sequence[Event]) -> Iterator[Job]:
    """`index.ics` beside the document; `events` are the ledger's."""
    if event := event_of(frame, record, last_change(record, events)):
        yield Job(f"{record.id}/index.ics", "calendar", _view(frame, record.title, [event]))


def site_calendar(frame: SiteFrame, dated: Sequence[Record]) -> Iterator[Job]:
    """`/calendar.ics`, where there is an event; `dated` are the documents of the types in `DATED`, newest first."""
    found = (event_of(frame, record, frame.updated(record)) for record in dated)
    if events := [event for event in found if event]:
        yield Job(CALENDAR, "calendar", _view(frame, frame.identity.name, events))


def _view(frame: Frame, name: str, events: Sequence[Mapping[str, str]]) -> dict[str, Any]:
    return {"name": name, "producer": frame.identity.government, "events": list(events)}
