"""The files of one document: page, JSON, Markdown, canonical text, attachments (pure)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from plugins.models.columns import columns
from plugins.models.document import Document
from plugins.models.numbers import show_number
from plugins.models.record import Record
from plugins.models.types import TYPES
from plugins.rules.links import target_of
from plugins.rules.validity import NONE
from plugins.views.addresses import FIXED
from plugins.views.fields import provenance, shown_fields
from plugins.views.frame import Frame
from plugins.views.jobs import Job

FORWARD = {
    "based_on": "依据",
    "implements": "贯彻落实",
    "forwards": "转发",
    "amends": "修改",
    "repeals": "废止",
    "replaces": "代替",
    "interprets": "解读的文件",
}
INVERSE = {
    "based_on": "以本文件为依据",
    "implements": "落实本文件",
    "forwards": "转发本文件",
    "amends": "被下列文件修改",
    "repeals": "被下列文件废止",
    "replaces": "被下列文件代替",
    "interprets": "政策解读",
}


def body_reference(record: Record) -> dict[str, str] | None:
    """What a loader needs to find the body again."""
    return {"id": record.id, "sha256": record.body} if record.body else None


def first_jobs(frame: Frame, record: Record) -> Iterator[tuple[str, Job]]:
    """Phase one: what depends on the document alone, under "text" and "fragment"."""
    body = body_reference(record)
    yield "text", Job(f"{record.id}/index.txt", "text", {"title": record.title, "body": body})
    if body:
        yield "fragment", Job("", "fragment", {"body": body, "links": link_targets(frame, record)})


def link_targets(frame: Frame, record: Record) -> dict[str, str]:
    """Each inner link as written, to its address; "" where the target is not public."""
    targets: dict[str, str] = {}
    for link, _ in record.links:
        try:
            target = target_of(link, record)
        except ValueError:
            targets[link] = ""
            continue
        if target is None:
            continue
        anchor = "#" + link.split("#", 1)[1] if "#" in link else ""
        if target in frame.site.assets:
            targets[link] = frame.url(target)
        elif target in frame.site.documents or target in FIXED:
            targets[link] = frame.url(f"{target}/" if target else "") + anchor
        else:
            targets[link] = ""
    return targets


def document_jobs(frame: Frame, record: Record, made: Mapping[str, str], **own: Any) -> Iterator[Job]:
    """Phase two: the files whose views hold the digests `made` of phase one; `own` goes to the page of the type."""
    folder, model = f"{record.id}/", TYPES[record.kind]
    fields = public_fields(record, model)
    validity = frame.site.validity.get(record.id, NONE)
    page = {
        "kind": model.label,
        "validity": {
            "label": validity.label,
            "sentence": validity.sentence,
            "level": validity.level,
            "successors": [_link(frame, i) for i in validity.by],
        },
        "fields": shown_fields(frame, record, model),
        "relations": relations(frame, record),
        "downloads": _downloads(frame, folder),
        "attachments": [
            {"title": a["title"], "url": frame.url(f"{folder}{a['file']}"), "bytes": ""}
            for a in record.fields.get("attachments", ())
        ],
        "provenance": provenance(record),
        "sha256": made["text"],
        "draft": record.id in frame.site.drafts,
        "empty_body": "" if record.body or not model.body_expected else "本文件没有正文。",
        **own,
    }
    yield frame.page(
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
    yield Job(f"{folder}index.json", "json", {"data": as_data(frame, record, fields, made["text"])})
    yield Job(
        f"{folder}index.md",
        "markdown",
        {"fields": fields, "body": body_reference(record), "fragment": made.get("fragment", "")},
    )


def public_fields(record: Record, model: type[Document]) -> dict[str, Any]:
    """Every public header field under its English name, in the order of declaration."""
    shown = columns(model)
    return {n: _public(record.fields[n], n) for n, c in shown.items() if c.public and n in record.fields}


def _public(value: Any, name: str) -> Any:
    """The value without the parts' own private fields."""
    if isinstance(value, dict) and name in {"secrecy_review", "sign_off"}:
        return {k: v for k, v in value.items() if k != "id"}
    return value


def as_data(frame: Frame, record: Record, fields: Mapping[str, Any], digest: str) -> dict[str, Any]:
    """The document's index.json (contract, interfaces)."""
    site = frame.site
    return {
        "id": record.id,
        "type": record.kind,
        "url": frame.addresses.absolute(f"{record.id}/"),
        **fields,
        "validity": site.validity[record.id].label or None,
        "relations": {
            **_ids(site.relations.get(record.id, ()), {}),
            **_ids(site.inverse.get(record.id, ()), {n: f"{n}_inverse" for n in INVERSE}),
        },
        "sha256": digest,
        "history": [{"event": "published", "moment": record.published, "sha256": digest}],
    }


def _ids(related: Any, names: Mapping[str, str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for relation, reference, target in related:
        found.setdefault(names.get(relation, relation), []).append(target or reference)
    return found


def relations(frame: Frame, record: Record) -> list[dict[str, Any]]:
    """Relations and their inverses by label, as links; what the site does not hold shows as its number."""
    groups: dict[str, list[dict[str, str]]] = {}
    for relation, reference, target in frame.site.relations.get(record.id, ()):
        item = (
            _link(frame, target)
            if target
            else {"title": show_number(reference), "url": "", "number": "", "note": "本站未收录"}
        )
        groups.setdefault(FORWARD[relation], []).append(item)
    for relation, _, source in frame.site.inverse.get(record.id, ()):
        groups.setdefault(INVERSE[relation], []).append(_link(frame, source))
    return [{"label": label, "items": items} for label, items in groups.items()]


def _link(frame: Frame, identifier: str) -> dict[str, str]:
    record = frame.site.documents[identifier]
    return {
        "title": record.title,
        "url": frame.url(f"{identifier}/"),
        "number": show_number(record.number),
        "note": "",
    }


def _downloads(frame: Frame, folder: str) -> list[dict[str, str]]:
    names = (
        ("index.txt", "纯文本", "规范文本，可核对校验值"),
        ("index.md", "Markdown", "可再编辑"),
        ("index.json", "JSON", "供程序读取"),
    )
    return [{"title": title, "url": frame.url(folder + name), "note": note} for name, title, note in names]


def _labels(frame: Frame, record: Record) -> tuple[tuple[str, str], ...]:
    """Labels of a content page (国办发〔2017〕47号附件)."""
    source = frame.name_of(record.text("issuer")) or frame.site.identity.government
    return (
        ("ColumnName", TYPES[record.kind].label),
        ("ArticleTitle", record.title),
        ("PubDate", record.published),
        ("ContentSource", source),
    )


def asset_jobs(frame: Frame, used: Iterator[str]) -> Iterator[Job]:
    """The files that a document lists or shows, byte for byte."""
    for asset in dict.fromkeys(used):
        if asset in frame.site.assets:
            yield Job(asset, "file", {"file": f"content/{asset}", "sha256": frame.site.assets[asset]})
