"""What a gazette issue shows besides a document's parts: sections, errata, imprint (pure)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from plugins.models.record import Record
from plugins.views.frame import SiteFrame


def issue_parts(frame: SiteFrame, issue: Record, digests: Mapping[str, str]) -> dict[str, Any]:
    """The issue's own values of the page; `digests` are the canonical hashes by id."""
    imprint = issue.fields.get("imprint") or {}
    points = "、".join(p.name for p in frame.identity.gift_points)
    return {
        "sections": [
            {"title": s["title"], "entries": [e for r in s["entries"] if (e := _entry(frame, r, digests))]}
            for s in issue.fields["sections"]
        ],
        "errata": [e for erratum in issue.fields.get("errata", ()) if (e := _erratum(frame, erratum))],
        "imprint": [
            {"label": label, "value": value}
            for label, value in (
                ("编辑", frame.name_of(imprint.get("editor", ""))),
                (
                    "期号",
                    f"{issue.fields['year']} 年第 {issue.fields['number']} 期（总第 {issue.fields['running']} 期）",
                ),
                ("定价", "免费赠阅"),
                ("赠阅点", points),
            )
            if value
        ],
    }


def _entry(frame: SiteFrame, reference: str, digests: Mapping[str, str]) -> dict[str, str] | None:
    record = frame.site.find(reference)
    return {**frame.card(record), "sha256": digests[record.id]} if record else None


def _erratum(frame: SiteFrame, erratum: Mapping[str, str]) -> dict[str, str] | None:
    record = frame.site.find(erratum["document"])
    return {"title": record.title, "url": frame.url(f"{record.id}/"), "text": erratum["text"]} if record else None
