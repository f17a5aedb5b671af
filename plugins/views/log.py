"""What the site says of itself: the log of events, withdrawn texts, the rules, documents named but not held (pure)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence

from plugins.models.numbers import show_number
from plugins.models.record import Record
from plugins.models.types import RELATIONS, TYPES
from plugins.models.version import data_id, is_words, words_id
from plugins.rules.table import RULES, Rule
from plugins.rules.validity import show_day
from plugins.views.around import anchor_of
from plugins.views.frame import SiteFrame
from plugins.views.jobs import Job
from plugins.views.site import Event, Site
from plugins.views.versions import EVENTS

_SHOWN = 200
_FEED = 50
_SEVERITY = {"error": "不合则退回", "warning": "提醒", "notice": "告知"}


def log_jobs(frame: SiteFrame) -> Iterator[Job]:
    """/log.jsonl, /log/ and its feed: every event of the ledger, newest first on the page."""
    site = frame.site
    known = _subjects(site)
    every = [(e["moment"], i, e) for i, found in site.history.items() for e in found]
    every.sort(key=lambda item: item[:2])
    lines = (json.dumps({"id": i, "address": f"{i}/", **e}, ensure_ascii=False) for _, i, e in every)
    yield Job("log.jsonl", "plain", {"text": "".join(f"{line}\n" for line in lines)})
    events = [
        event for event in every if event[1] in known and not (is_words(event[1]) and event[2]["event"] == "published")
    ]
    yield frame.page(
        "log/",
        "log",
        "公开台账",
        section="log/",
        json=False,
        feed="log/feed.atom",
        meta=frame.column("log"),
        rows=_rows(frame, events, known),
        total=len(events),
    )
    entries = [
        {
            "title": f"{EVENTS[e['event']]}：{known[i][0]}",
            "url": frame.addresses.absolute(f"{i}/") + f"#{e['event']}-{moment[:10]}",
            "published": moment,
            "updated": moment,
            "summary": e["note"],
            "author": frame.name_of(known[i][1]),
        }
        for moment, i, e in reversed(events[-_FEED:])
    ]
    view = {
        "title": f"公开台账 - {frame.identity.name}",
        "url": frame.addresses.absolute("log/feed.atom"),
        "page": frame.addresses.absolute("log/"),
        "author": frame.identity.government,
        "updated": events[-1][0] if events else "1970-01-01 00:00",
        "entries": entries,
    }
    yield Job("log/feed.atom", "atom", view)


def _rows(
    frame: SiteFrame, events: Sequence[tuple[str, str, Event]], known: Mapping[str, tuple[str, str]]
) -> list[dict[str, str]]:
    """The last events as the page shows them, newest first."""
    return [
        {
            "title": known[i][0],
            "url": frame.url(f"{i}/"),
            "label": EVENTS[e["event"]],
            "moment": moment,
            "note": e["note"],
        }
        for moment, i, e in reversed(events[-_SHOWN:])
    ]


def _subjects(site: Site) -> dict[str, tuple[str, str]]:
    """Title and issuer of everything that the ledger may tell of and the site still knows, by id."""
    found = {r.id: (r.title, r.text("issuer")) for r in (*site.documents.values(), *site.tombstones)}
    for package in site.packages:
        found[data_id(package.name)] = (package.title, package.publisher)
        found[words_id(package.name)] = (f"{package.title}（目录信息）", package.publisher)
    return found


def tombstone_jobs(frame: SiteFrame) -> Iterator[Job]:
    """The address of a withdrawn text: when it was withdrawn, why, and the hash of what stood there."""
    for record in frame.site.tombstones:
        events = frame.site.history.get(record.id, ())
        withdrawn = record.fields["withdrawn"]
        digest = events[-1]["sha256"] if events else ""
        yield frame.page(
            f"{record.id}/",
            "tombstone",
            record.title,
            section=f"{record.kind}/",
            crumbs=((TYPES[record.kind].label, f"{record.kind}/"),),
            meta=frame.article(record.title, events[-1]["moment"] if events else withdrawn["date"], ""),
            number=show_number(record.number),
            day=show_day(withdrawn["date"]),
            reason=withdrawn["reason"],
            sha256=digest,
        )
        data = {"id": record.id, "title": record.title, "withdrawn": withdrawn, "sha256": digest}
        data |= {"url": frame.addresses.absolute(f"{record.id}/"), "history": [dict(e) for e in events]}
        yield Job(f"{record.id}/index.json", "json", {"data": data})


def rules_jobs(frame: SiteFrame) -> Iterator[Job]:
    """/rules/: the rules that every document is checked by."""
    rows = [_rule(rule) for rule in RULES.values()]
    yield frame.page("rules/", "rules", "公开规则", section="rules/", meta=frame.column("rules"), rows=rows)
    yield Job("rules/index.json", "json", {"data": {"rules": rows}})


def _rule(rule: Rule) -> dict[str, str]:
    parameters = [
        f"{show_day(day)}起：" + "，".join(f"{_WORDS.get(name, name)} {value}" for name, value in values.items())
        for day, values in (rule.parameters or {}).items()
    ]
    return {
        "id": rule.id,
        "article": f"第{rule.article}条" if rule.article else "前言",
        "sentence": rule.sentence,
        "severity": _SEVERITY[rule.severity],
        "codes": "、".join(rule.codes),
        "parameters": "；".join(parameters),
    }


_WORDS = {"working_days": "工作日数", "days": "天数", "extension": "可延长工作日数", "due": "期限", "year": "年度"}


def citation_jobs(frame: SiteFrame) -> Iterator[Job]:
    """/citations/: documents that are named here but not held, with who names them; the whole graph as JSON."""
    site = frame.site
    absent: dict[str, list[Record]] = {}
    edges = []
    for identifier, related in site.relations.items():
        for relation, reference, target in related:
            edges.append({"from": identifier, "relation": relation, "to": target or show_number(reference)})
            if not target:
                absent.setdefault(show_number(reference), []).append(site.documents[identifier])
    rows = [
        {"number": number, "anchor": anchor_of(number), "by": [_link(frame, r) for r in records]}
        for number, records in sorted(absent.items())
    ]
    yield frame.page(
        "citations/", "citations", "引用的文件", section="citations/", meta=frame.column("citations"), rows=rows
    )
    labels = {name: column.label for fields in RELATIONS.values() for name, column in fields.items()}
    yield Job("citations/index.json", "json", {"data": {"relations": labels, "edges": edges, "absent": sorted(absent)}})


def _link(frame: SiteFrame, record: Record) -> dict[str, str]:
    return {"title": record.title, "url": frame.url(f"{record.id}/")}
