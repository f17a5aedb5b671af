"""The directory: organisations with their posts and documents; topics (pure)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from plugins.models.columns import columns
from plugins.models.directory import Kind, Organisation, Request
from plugins.models.record import Record
from plugins.views.feeds import feed_job
from plugins.views.frame import SiteFrame
from plugins.views.jobs import Job
from plugins.views.lists import list_jobs
from plugins.views.request import asking_url

_SHOWN = ("kind", "short", "former", "code", "duties", "address", "postcode", "hours", "phone", "fax", "email", "roles")
_FIRST = 20


def organisation_jobs(frame: SiteFrame) -> Iterator[Job]:
    """/organisations/, one page for each, and the list of its documents."""
    by_issuer = _grouped(frame, "issuer")
    groups = []
    for kind in Kind:
        members = [o for o in frame.organisations.values() if o.kind == kind]
        items = [_item(frame, o, len(by_issuer.get(o.id, ()))) for o in members]
        if items:
            groups.append({"title": str(kind), "items": items})
    yield frame.page(
        "organisations/",
        "organisations",
        "机构职能",
        section="organisations/",
        groups=groups,
        meta=frame.column("organisations"),
    )
    everyone = [o.model_dump(mode="json", exclude_defaults=True) for o in frame.organisations.values()]
    yield Job("organisations/index.json", "json", {"data": {"organisations": everyone}})
    for organisation in frame.organisations.values():
        yield from _organisation(frame, organisation, by_issuer.get(organisation.id, []))


def _organisation(frame: SiteFrame, organisation: Organisation, records: list[Record]) -> Iterator[Job]:
    folder = f"organisations/{organisation.id}/"
    crumbs = (("机构职能", "organisations/"),)
    more = frame.url(f"{folder}documents/") if len(records) > _FIRST else ""
    yield frame.page(
        folder,
        "organisation",
        organisation.name,
        section="organisations/",
        crumbs=crumbs,
        feed=f"{folder}feed.atom",
        description=organisation.duties or organisation.name,
        meta=frame.column("organisations", organisation.name),
        fields=_fields(organisation),
        posts=[
            {"title": p.title or str(p.post), "name": p.name or str(p.post), "phone": p.phone or ""}
            for p in organisation.posts
        ],
        request=_request(organisation.request),
        asking_url=asking_url(frame, organisation),
        items=[frame.card(r) for r in records[:_FIRST]],
        more_url=more,
        total=len(records),
    )
    data = organisation.model_dump(mode="json", exclude_defaults=True)
    yield Job(f"{folder}index.json", "json", {"data": {**data, "documents": [r.id for r in records]}})
    yield feed_job(frame, folder, organisation.name, records)
    if more:
        title = f"{organisation.name}发布的文件"
        up = (*crumbs, (organisation.name, folder))
        yield from list_jobs(frame, f"{folder}documents/", title, records, kind="organisations", crumbs=up)


def topic_jobs(frame: SiteFrame) -> Iterator[Job]:
    """/topics/ and the list of each topic."""
    by_topic = _grouped(frame, "topic")
    items = [
        {"title": t.name, "url": frame.url(f"topics/{t.id}/"), "count": len(by_topic.get(t.id, ()))}
        for t in frame.topics.values()
    ]
    yield frame.page("topics/", "topics", "主题分类", section="policies/", items=items, meta=frame.column("topics"))
    yield Job("topics/index.json", "json", {"data": {"topics": items}})
    for topic in frame.topics.values():
        records = by_topic.get(topic.id, [])
        crumbs = (("主题分类", "topics/"),)
        yield from list_jobs(frame, f"topics/{topic.id}/", topic.name, records, kind="policies", crumbs=crumbs)


def _grouped(frame: SiteFrame, name: str) -> dict[str, list[Record]]:
    groups: dict[str, list[Record]] = {}
    for record in frame.site.documents.values():
        if value := record.text(name):
            groups.setdefault(value, []).append(record)
    return groups


def _item(frame: SiteFrame, organisation: Organisation, count: int) -> dict[str, Any]:
    url = frame.url(f"organisations/{organisation.id}/")
    return {"title": organisation.name, "url": url, "short": organisation.short or "", "count": count}


def _fields(organisation: Organisation) -> list[dict[str, str]]:
    labels, shown = columns(Organisation), []
    for name in _SHOWN:
        value = getattr(organisation, name)
        text = "、".join(value) if isinstance(value, tuple) else str(value or "")
        if text:
            shown.append({"label": labels[name].label, "value": text, "url": ""})
    return shown


def _request(request: Request | None) -> list[dict[str, str]]:
    if request is None:
        return []
    labels = columns(Request)
    values = {"channels": "、".join(request.channels), "office": request.office}
    values |= {"phone": request.phone, "email": request.email, "process": request.process}
    return [{"label": labels[name].label, "value": value} for name, value in values.items() if value]
