"""The files of one document: page, JSON, Markdown, canonical text, attachments (pure).

Everything here is made from one `Around` and the directory: equal surroundings give equal files, so that a build can
leave out the views of every document whose surroundings are what they were.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from plugins.models.numbers import show_number
from plugins.models.record import Record
from plugins.models.types import RELATIONS, TYPES
from plugins.rules.validity import show_day, timeline
from plugins.views.answering import answering, is_ahead
from plugins.views.around import Around
from plugins.views.contacts import letter
from plugins.views.editions import annotation_of, printed
from plugins.views.events import document_calendar, is_event
from plugins.views.fields import proof, provenance, public_fields, shown_fields, shown_tables
from plugins.views.frame import Frame
from plugins.views.issues import as_data as edition_data
from plugins.views.jobs import Job
from plugins.views.site import Event
from plugins.views.timelines import line
from plugins.views.versions import body_reference, history_rows, version_firsts, version_jobs

_EXPLAINS = RELATIONS["interpretations"]["interprets"].verb
"""Policy and interpretation stand beside each other's text."""
_MISTAKE = """文件：{title}
网址：{url}
有误的地方（第几条、哪一句）：
应当是：
"""


def first_jobs(around: Around) -> Iterator[tuple[str, Job]]:
    """Phase one: what depends on bodies alone: "text" and "fragment", the same of versions, and comparisons."""
    record = around.record
    body = body_reference(record)
    yield "text", Job(f"{record.id}/index.txt", "text", {"title": record.title, "body": body})
    if body:
        yield "fragment", Job("", "fragment", {"body": body, "links": around.links})
    yield from version_firsts(around)


def of_texts(first: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """What stands for the canonical text of each document and each earlier text, by id.

    `first` are names of `first_jobs` to fingerprints or digests, by the document's id.
    """
    return {
        f"{identifier}{what.removeprefix('text')}": value
        for identifier, found in first.items()
        for what, value in found.items()
        if what.startswith("text")
    }


def document_jobs(frame: Frame, around: Around, made: Mapping[str, str], own: Mapping[str, Any]) -> Iterator[Job]:
    """Phase two: the files whose views hold the digests `made` of phase one; `own` goes to the page of the type."""
    record, folder = around.record, f"{around.record.id}/"
    yield _page(frame, around, made, own)
    data = as_data(frame, around, made["text"], own.get("history", ()))
    issue = {"edition": edition_data(own["edition"])} if "edition" in own else {}
    yield Job(f"{folder}index.json", "json", {"data": data | issue})
    source = {"fields": public_fields(record), "body": body_reference(record), "fragment": made.get("fragment", "")}
    yield Job(f"{folder}index.md", "markdown", {**source, "open": "" not in around.links.values()})
    if _has_pdf(frame, record):
        yield Job(f"{folder}index.pdf", "document-pdf", printed(frame, around, made["text"]))
    for asset, digest in around.assets:
        yield Job(asset, "attachment", {"file": f"content/{asset}", "sha256": digest})
    yield from document_calendar(frame, record, own.get("history", ()))
    yield from version_jobs(frame, around, made)


def _page(frame: Frame, around: Around, made: Mapping[str, str], own: Mapping[str, Any]) -> Job:
    record, folder, model = around.record, f"{around.record.id}/", TYPES[around.record.kind]
    tables = shown_tables(frame, record, model)
    page = {
        "kind": model.label,
        "validity": around.validity,
        "annotation": annotation_of(record),
        "fields": shown_fields(frame, record, model)
        + [{"label": n, "value": v, "url": ""} for n, v in (*around.timing, *_before_the_rules(frame, record))],
        "tables": tables,
        "history": history_rows(frame, around, own.get("history", ()), made),
        "timeline": line(frame, around, own.get("history", ())),
        "compare_url": frame.url(f"{folder}compare/") if around.final else "",
        "relations": [{**group, "beside": group["verb"] == _EXPLAINS} for group in around.relations] + _printed(around),
        "corrections": around.errata,
        "downloads": _downloads(frame, record),
        "attachments": [
            {"title": a["title"], "url": frame.url(f"{folder}{a['file']}"), "bytes": ""}
            for a in record.fields.get("attachments", ())
        ],
        "provenance": provenance(record),
        "sha256": made["text"],
        "number": show_number(record.number),
        **proof(frame, record.id, made["text"]),
        "follow": _follow(frame, record),
        "script": frame.url("static/reading.js"),
        "draft": around.draft,
        "calendar": frame.url(f"{folder}index.ics") if is_ahead(around) and is_event(record) else "",
        "dated": f"{folder}index.ics" if is_event(record) else "",
        **(answering(frame, around, tables) if record.kind == "consultations" else {}),
        "empty_body": "" if record.body or not model.body_expected else "本文件没有正文。",
        **{name: value for name, value in own.items() if name != "history"},
    }
    return frame.page(
        folder,
        model.template,
        record.title,
        section=f"{record.kind}/",
        crumbs=((model.label, f"{record.kind}/"),),
        description=record.text("summary") or record.title,
        keywords="，".join(record.items("keywords")),
        meta=_labels(frame, record),
        fragment=made.get("fragment", ""),
        **page,
    )


def _printed(around: Around) -> list[dict[str, Any]]:
    shown = {"label": "刊登于", "verb": "", "inward": True, "beside": False, "items": around.printed}
    return [shown] if around.printed else []


def _before_the_rules(frame: Frame, record: Record) -> tuple[tuple[str, str], ...]:
    """What was published before the county's duties bound it is shown as that, never as a breach."""
    start = frame.identity.duties_from
    if not isinstance(start, date) or record.published[:10] >= start.isoformat():
        return ()
    return (("适用规则", f"发布于本县公开规则施行（{show_day(start.isoformat())}）之前"),)


def as_data(frame: Frame, around: Around, digest: str, events: Sequence[Event] = ()) -> dict[str, Any]:
    """The document's index.json (contract, interfaces); `events` are the ledger's."""
    record = around.record
    published = {"event": "published", "moment": record.published, "sha256": digest, "note": ""}
    return {
        "id": record.id,
        "type": record.kind,
        "url": frame.addresses.absolute(f"{record.id}/"),
        **public_fields(record),
        "validity": (around.validity["label"] or None) if record.kind == "policies" else None,
        "state": around.validity["label"] if record.kind != "policies" else "",
        "timeline": [{"from": day, "validity": label} for day, label in timeline(record, around.acting)],
        "relations": around.related,
        "sha256": digest,
        "history": [dict(event) for event in events] or [published],
        "versions": [{"date": v.version, "url": frame.addresses.absolute(f"{v.id}/")} for v in around.versions],
    }


def _downloads(frame: Frame, record: Record) -> list[dict[str, str]]:
    names = (
        *((("index.pdf", "PDF", "按公文格式排版，供打印"),) if _has_pdf(frame, record) else ()),
        ("index.txt", "纯文本", "规范文本，可核对校验值"),
        ("index.md", "Markdown", "可再编辑"),
        ("index.json", "JSON", "供程序读取"),
    )
    return [{"title": title, "url": frame.url(f"{record.id}/{name}"), "note": note} for name, title, note in names]


def _follow(frame: Frame, record: Record) -> list[dict[str, str]]:
    """Feeds in which the next such document comes, and a letter about a mistake, begun already."""
    topic, issuer = frame.topics.get(record.text("topic")), frame.organisations.get(record.text("issuer"))
    feeds = [(f"topics/{topic.id}/", topic.name)] if topic else []
    feeds += [(f"organisations/{issuer.id}/", issuer.name)] if issuer else []
    found = [
        {"title": f"订阅“{name}”的新文件", "url": frame.url(f"{folder}feed.atom"), "note": "Atom，不需要注册"}
        for folder, name in feeds
    ]
    if email := frame.reach(record.text("issuer"))[0]:
        mistake = _MISTAKE.format(title=record.title, url=frame.addresses.absolute(f"{record.id}/"))
        url = letter(email, f"指出错误：{record.title}", mistake)
        found.append({"title": "指出本文的错误", "url": url, "note": f"写邮件给 {email}"})
    return found


def _has_pdf(frame: Frame, record: Record) -> bool:
    """A site may have each document typeset: that costs more than all its other files."""
    return frame.identity.document_pdf and bool(record.body)


def _labels(frame: Frame, record: Record) -> tuple[tuple[str, str], ...]:
    name = TYPES[record.kind].label
    return (
        ("ColumnName", name),
        *frame.article(record.title, record.published, record.text("source") or record.text("issuer")),
    )
