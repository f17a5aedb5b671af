"""Subscriptions without accounts: Atom of the newest twenty (pure)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from plugins.models.record import Record
from plugins.views.frame import SiteFrame
from plugins.views.jobs import Job

NEWEST = 20


def feed_job(
    frame: SiteFrame, folder: str, title: str, records: Sequence[Record], others: Sequence[Mapping[str, str]] = ()
) -> Job:
    """`folder`feed.atom with the newest of `records` and of `others`, which are entries already.

    Its moment is that of its newest entry, never the build's.
    """
    entries: list[Mapping[str, str]] = [
        {
            "title": r.title,
            "url": frame.addresses.absolute(f"{r.id}/"),
            "published": r.published,
            "updated": frame.updated(r),
            "summary": r.text("summary"),
            "author": frame.name_of(r.text("issuer")),
        }
        for r in records[:NEWEST]
    ]
    if others:
        entries = sorted([*entries, *others], key=lambda entry: entry["published"], reverse=True)[:NEWEST]
    identity = frame.identity
    view = {
        "title": f"{title} - {identity.name}" if folder else identity.name,
        "url": frame.addresses.absolute(f"{folder}feed.atom"),
        "page": frame.addresses.absolute(folder),
        "author": identity.government,
        "updated": max((entry["updated"] for entry in entries), default="1970-01-01 00:00"),
        "entries": entries,
    }
    return Job(f"{folder}feed.atom", "atom", view)
