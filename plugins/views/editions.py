"""A gazette issue, and one document, as what is typeset: the views of PDF, EPUB, plain text and new media (pure)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from plugins.models.edition import TEXTS
from plugins.models.numbers import show_number
from plugins.models.record import Record
from plugins.models.types import TYPES
from plugins.views.around import Around, around
from plugins.views.frame import Frame, SiteFrame
from plugins.views.issues import fingerprint, imprint
from plugins.views.jobs import Job
from plugins.views.site import Site
from plugins.views.versions import body_reference

ANNOTATION = "此件公开发布"


def annotation_of(record: Record) -> str:
    """What a policy's page adds to its text, where that does not say it itself (county rules, article 4)."""
    return ANNOTATION if record.kind == "policies" and not record.facts.get("annotation") else ""


def fonts(frame: Frame) -> list[dict[str, str]]:
    """The site's own fonts, which are set instead of those that set-up brought."""
    return [font.model_dump(mode="json") for font in frame.identity.fonts]


def entry(frame: Frame, one: Around, digest: str) -> dict[str, Any]:
    """A document to typeset; `digest` is the sha256 of its canonical text.

    `links` lead from each target as written to an absolute address ("" where it is not public), `pictures` to files.
    """
    record, outside = one.record, frame.addresses.outside
    files = {frame.url(path): {"file": f"content/{path}", "sha256": sha256} for path, sha256 in one.assets}
    return {
        "id": record.current,
        "kind": record.kind,
        "label": TYPES[record.kind].label,
        "title": record.title,
        "summary": record.text("summary"),
        "number": show_number(record.number),
        "issuer": frame.name_of(record.text("issuer")),
        "signed": record.text("signed"),
        "recipients": "，".join(map(frame.name_of, record.items("recipients"))),
        "cc": "，".join(map(frame.name_of, record.items("cc"))),
        "annotation": annotation_of(record),
        "attachments": [attachment["title"] for attachment in record.fields.get("attachments", ())],
        "sha256": digest,
        "address": frame.addresses.absolute(f"{record.id}/"),
        "body": body_reference(record),
        "links": {target: outside(url) for target, url in one.links.items()},
        "pictures": {target: files[url] for target, url in one.links.items() if url in files},
    }


def printed(frame: Frame, one: Around, digest: str) -> dict[str, Any]:
    """A document that is typeset by itself; `digest` is the sha256 of its canonical text."""
    return {
        "document": entry(frame, one, digest),
        "government": frame.identity.government,
        "verify": frame.addresses.absolute("verify/"),
        "published": one.record.published[:10],
        "fonts": fonts(frame),
    }


def edition(frame: SiteFrame, issue: Record, texts: Mapping[str, str]) -> dict[str, Any]:
    """A whole issue to typeset, each entry with the text that the issue carries: not what it became later.

    `texts` are the sha256 of canonical texts. What is made of it has a fingerprint, once the plain text has one.
    """
    site, fields = frame.site, issue.fields

    def entries(section: Mapping[str, Any]) -> list[dict[str, Any]]:
        named = [record for reference in section["entries"] if (record := site.find(reference))]
        printed = [_printed_text(site, issue, record, texts) for record in named]
        return [entry(frame, around(frame, record), texts[record.id]) for record in printed]

    return {
        "name": f"{frame.identity.government}公报",
        "government": frame.identity.government,
        "title": issue.title,
        "year": fields["year"],
        "number": fields["number"],
        "running": fields["running"],
        "published": issue.published[:10],
        "notice": frame.identity.notice or "",
        "fonts": fonts(frame),
        "address": frame.addresses.absolute(f"{issue.id}/"),
        "verify": frame.addresses.absolute("verify/"),
        "fingerprint": "",
        "imprint": imprint(frame, issue),
        "sections": [{"title": section["title"], "entries": entries(section)} for section in fields["sections"]],
        "errata": [
            {
                "title": record.title,
                "number": show_number(record.number),
                "address": frame.addresses.absolute(f"{record.id}/"),
                "text": erratum["text"],
            }
            for erratum in fields.get("errata", ())
            if (record := site.find(erratum["document"]))
        ],
    }


def first_edition_jobs(frame: SiteFrame, texts: Mapping[str, str]) -> Iterator[tuple[str, Job]]:
    """What the forms of an issue name: its plain text and cover, and the titles' pictures."""
    for issue in frame.site.of_kind("gazette"):
        view = edition(frame, issue, texts)
        for name, job in first_form_jobs(view):
            yield f"{issue.id}/{name}", job
        for one in _entries(view):
            yield _card(issue, one), Job("", "gazette-card", {**{n: one[n] for n in _ON_CARD}, **_of_issue(view)})


def first_form_jobs(view: Mapping[str, Any]) -> Iterator[tuple[str, Job]]:
    """What the forms of an edition without its fingerprint name: "text", whose sha256 it is, and "cover"."""
    yield "text", _text_job(view)
    yield "cover", Job("", "gazette-cover", view)


def form_jobs(view: Mapping[str, Any], made: Mapping[str, str], stem: str = "") -> Iterator[Job]:
    """The forms that are frozen; `view` is without its fingerprint, `made` are the digests of `first_form_jobs`.

    `stem` is their path without the ending.
    """
    whole = {**view, "fingerprint": made["text"]}
    yield _text_job(view, f"{stem}.txt")
    yield Job(f"{stem}.pdf", "gazette-pdf", whole, weight=_HEAVY)
    yield Job(f"{stem}.epub", "gazette-epub", {**whole, "cover": made["cover"]})


def _text_job(view: Mapping[str, Any], path: str = "") -> Job:
    """The plain text: the canonical texts are objects already, and their hashes what names them."""
    return Job(path, "gazette-text", _with(view, "text", {one["id"]: one["sha256"] for one in _entries(view)}))


_HEAVY = 20
_ON_CARD = ("title", "number", "issuer")


def _of_issue(view: Mapping[str, Any]) -> dict[str, Any]:
    return {name: view[name] for name in ("name", "published", "fonts")}


def _card(issue: Record, one: Mapping[str, Any]) -> str:
    return f"{issue.id}#{one['id']}"


def _entries(view: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for section in view["sections"]:
        yield from section["entries"]


def _with(view: Mapping[str, Any], key: str, values: Mapping[str, str]) -> dict[str, Any]:
    """The edition with one more value in each entry, by its id."""
    sections = [
        {**section, "entries": [{**one, key: values[one["id"]]} for one in section["entries"]]}
        for section in view["sections"]
    ]
    return {**view, "sections": sections}


def edition_jobs(frame: SiteFrame, texts: Mapping[str, str], made: Mapping[str, str]) -> Iterator[Job]:
    """All files of every issue but its page; `made` are the digests of `first_edition_jobs`."""
    for issue in frame.site.of_kind("gazette"):
        stem, view = f"{issue.id}/{issue.slug}", edition(frame, issue, texts)
        if issue.id in frame.site.frozen:
            yield from _frozen(frame, issue, texts)
        else:
            yield from form_jobs(view, {name: made[f"{issue.id}/{name}"] for name in ("text", "cover")}, stem)
        cards = {one["id"]: made[_card(issue, one)] for one in _entries(view)}
        media = {**_with(view, "card", cards), "fingerprint": fingerprint(frame, issue, made)}
        yield Job(f"{stem}-media.zip", "gazette-media", media)
        yield Job(f"{issue.id}/cover.png", "gazette-cover", view)


def _frozen(frame: SiteFrame, issue: Record, texts: Mapping[str, str]) -> Iterator[Job]:
    """The files as they lie beside the header, byte for byte, and the texts that the manifest names."""
    site, frozen = frame.site, frame.site.frozen[issue.id]
    for name, held in frozen.files.items():
        place = f"{issue.id}/{name}"
        yield Job(place, "file", {"file": f"content/{place}", "sha256": held.sha256})
    for identifier in sorted(frozen.texts.keys() & site.documents.keys()):
        record = _printed_text(site, issue, site.documents[identifier], texts)
        view = {"title": record.title, "body": body_reference(record)}
        yield Job(f"{issue.id}/{TEXTS}{identifier}.txt", "text", view)


def _printed_text(site: Site, issue: Record, record: Record, texts: Mapping[str, str]) -> Record:
    """The text that `issue` carries: a frozen one names it, for others the ledger tells what stood on its day."""
    frozen = site.frozen.get(issue.id)
    events = site.history.get(record.id, ())
    told = [e["sha256"] for e in events if e["moment"] <= issue.published] or [e["sha256"] for e in events[:1]]
    digest = frozen.texts[record.id] if frozen else told[-1] if told else texts[record.id]
    return next((one for one in (record, *site.versions.get(record.id, ())) if texts[one.id] == digest), record)
