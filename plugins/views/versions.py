"""Earlier texts of a document, what changed between them, and its history (pure)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from plugins.models.numbers import show_number
from plugins.models.record import Record
from plugins.models.types import TYPES
from plugins.rules.validity import show_day
from plugins.views.around import Around
from plugins.views.fields import proof, public_fields
from plugins.views.frame import Frame
from plugins.views.jobs import Job
from plugins.views.site import Event

EVENTS = {"published": "发布", "amended": "修改", "withdrawn": "撤下", "restored": "恢复"}


_DRAFT_AND_FINAL = ("征求意见稿", "正式文本")


def body_reference(record: Record) -> dict[str, str] | None:
    """What a loader needs to find the body again."""
    return {"id": record.source.removesuffix(".md"), "sha256": record.body} if record.body else None


def version_firsts(around: Around) -> Iterator[tuple[str, Job]]:
    """Phase one: text and fragment of each version, and its comparison with the text that followed."""
    texts = (*around.versions, around.record)
    for version, following in pairwise(texts):
        body = body_reference(version)
        yield f"text/{version.version}", Job(f"{version.id}/index.txt", "text", {"title": version.title, "body": body})
        yield f"fragment/{version.version}", Job("", "fragment", {"body": body, "links": around.links})
        labels = (_name(version), _name(following))
        yield f"compare/{version.version}", Job("", "compare", _pair(version, following, labels))
    if around.final:
        yield "compare", Job("", "compare", _pair(around.record, around.final, _DRAFT_AND_FINAL))


def _name(record: Record) -> str:
    if not record.version:
        return "现行文本"
    again = record.version[11:]
    return f"{show_day(record.version[:10])}的文本" + (f"（当日第 {again} 份）" if again else "")


def _pair(earlier: Record, later: Record, labels: Sequence[str]) -> dict[str, Any]:
    texts = [{"title": r.title, "body": body_reference(r)} for r in (earlier, later)]
    return {"earlier": texts[0], "later": texts[1], "labels": list(labels)}


def version_jobs(frame: Frame, around: Around, made: Mapping[str, str]) -> Iterator[Job]:
    """Phase two: the page of each version and of each comparison, with their JSON."""
    for version in around.versions:
        yield from _version(frame, around, version, made)
    if around.final:
        yield _comparison(frame, around, around.record, made["compare"], f"{around.final.id}/")


def _version(frame: Frame, around: Around, version: Record, made: Mapping[str, str]) -> Iterator[Job]:
    current, folder, day = around.record, f"{version.id}/", version.version
    texts = (*around.versions, current)
    following = texts[texts.index(version) + 1]
    yield frame.page(
        folder,
        "version",
        version.title,
        section=f"{version.kind}/",
        crumbs=_crumbs(current),
        description=f"{version.title}：{_name(version)}",
        meta=frame.article(version.title, version.published, version.text("issuer")),
        fragment=made[f"fragment/{day}"],
        name=_name(version),
        until=show_day(following.version[:10]) if following.version else "",
        current_url=frame.url(f"{current.id}/"),
        compare_url=frame.url(f"{folder}compare/"),
        text_url=frame.url(f"{folder}index.txt"),
        script=frame.url("static/reading.js"),
        sha256=made[f"text/{day}"],
        number=show_number(version.number),
        **proof(frame, version.id, made[f"text/{day}"]),
    )
    data = {"id": current.id, "version": day, "url": frame.addresses.absolute(folder), "sha256": made[f"text/{day}"]}
    yield Job(f"{folder}index.json", "json", {"data": {**data, **public_fields(version)}})
    yield _comparison(frame, around, version, made[f"compare/{day}"], f"{following.id}/")


def _comparison(frame: Frame, around: Around, earlier: Record, data: str, later: str) -> Job:
    """The page that shows two texts side by side; `later` is the folder of the second one."""
    folder = f"{earlier.id}/compare/"
    job = frame.page(
        folder,
        "compare",
        f"对照：{around.record.title}",
        section=f"{around.record.kind}/",
        crumbs=_crumbs(around.record),
        meta=frame.article(f"对照：{around.record.title}", around.record.published, around.record.text("issuer")),
        json=False,
        urls=[frame.url(f"{earlier.id}/"), frame.url(later)],
    )
    return Job(job.path, job.renderer, {**job.view, "data": data}, job.shared)


def _crumbs(record: Record) -> tuple[tuple[str, str], ...]:
    return ((TYPES[record.kind].label, f"{record.kind}/"), (record.title, f"{record.id}/"))


def history_rows(
    frame: Frame, around: Around, events: Sequence[Event], made: Mapping[str, str]
) -> list[dict[str, str]]:
    """What happened to the text, newest first, each with the way to the text of then.

    Without a ledger, what the earlier texts and the change note tell.
    """
    texts = {made[f"text/{version.version}"]: version for version in around.versions}
    rows = []
    for event in reversed(events or _told(around, made)):
        version = texts.get(event["sha256"])
        rows.append(
            {
                "id": f"{event['event']}-{event['moment'][:10]}",
                "label": EVENTS[event["event"]],
                "moment": event["moment"],
                "note": event["note"],
                "sha256": event["sha256"],
                "url": frame.url(f"{version.id}/") if version else "",
                "compare_url": frame.url(f"{version.id}/compare/") if version else "",
            }
        )
    return rows


def _told(around: Around, made: Mapping[str, str]) -> list[Event]:
    if not around.versions:
        return []
    first, *amended = (
        {"moment": v.version[:10], "note": v.text("change_note"), "sha256": made[f"text/{v.version}"]}
        for v in around.versions
    )
    present = {"moment": "", "note": around.record.text("change_note"), "sha256": ""}
    return [{"event": "published", **first}, *({"event": "amended", **e} for e in (*amended, present))]
