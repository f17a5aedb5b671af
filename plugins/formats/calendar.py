"""Calendars that people put beside their own: iCalendar (pure; RFC 5545, RFC 7986)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

from plugins.formats.views import Loader, View

_OCTETS = 75
"""The longest line, without its end (RFC 5545, 3.1)."""
_ESCAPED = {"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"}
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_OFFSET = "+08:00"


def render(view: View, load: Loader) -> bytes:  # noqa: ARG001
    """`{"name", "producer", "events": [EVENT]}`; there is at least one event, because a calendar has a component.

    EVENT is `{"uid", "stamp", "start", "end", "title", "place", "text", "url", "label"}`; moments are
    `YYYY-MM-DD HH:MM` at +08:00 from 1970 on. `stamp` is when the event was last published: no clock is asked. An event
    without `end` is a moment; one with an end leaves the time free, because nobody is busy for a month.
    """
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:-//{_text(view['producer'])}//gazette//ZH",
        "CALSCALE:GREGORIAN",
        f"NAME:{_text(view['name'])}",
        f"X-WR-CALNAME:{_text(view['name'])}",
    ]
    for event in view["events"]:
        lines += _event(event)
    lines.append("END:VCALENDAR")
    return b"".join(piece + b"\r\n" for line in lines for piece in _folded(line))


def _event(event: Mapping[str, str]) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{_text(event['uid'])}"
    yield f"DTSTAMP:{_utc(event['stamp'])}"
    yield f"DTSTART:{_utc(event['start'])}"
    if event["end"]:
        yield f"DTEND:{_utc(event['end'])}"
        yield "TRANSP:TRANSPARENT"
    yield f"SUMMARY:{_text(event['title'])}"
    yield f"CATEGORIES:{_text(event['label'])}"
    if event["place"]:
        yield f"LOCATION:{_text(event['place'])}"
    if event["text"]:
        yield f"DESCRIPTION:{_text(event['text'])}"
    yield f"URL:{event['url']}"
    yield "END:VEVENT"


def _utc(moment: str) -> str:
    return (
        datetime.fromisoformat(f"{moment[:10]}T{moment[11:16] or '00:00'}{_OFFSET}")
        .astimezone(UTC)
        .strftime("%Y%m%dT%H%M%SZ")
    )


def _text(value: str) -> str:
    """A value of type TEXT: line ends of any kind are one kind, control characters have no place in it."""
    lines = _CONTROL.sub("", value.replace("\r\n", "\n").replace("\r", "\n"))
    return "".join(_ESCAPED.get(sign, sign) for sign in lines)


def _folded(line: str) -> Iterator[bytes]:
    """The line in pieces of at most 75 octets, no character cut in two; each but the first begins with a space."""
    piece = b""
    for sign in line:
        data = sign.encode()
        if len(piece) + len(data) > _OCTETS:
            yield piece
            piece = b" "
        piece += data
    yield piece
