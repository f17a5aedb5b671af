"""What surrounds one document: everything outside its record that its own files show (pure)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from plugins.models.numbers import show_number
from plugins.models.package import Package
from plugins.models.record import Record
from plugins.models.types import RELATIONS
from plugins.rules.links import referenced_assets, target_of
from plugins.rules.validity import NONE
from plugins.views.addresses import FIXED
from plugins.views.frame import SiteFrame
from plugins.views.jobs import canonical
from plugins.views.site import Related, Site
from plugins.views.timelines import Plain, steps


@dataclass(frozen=True, slots=True)
class Around:
    """One document with its surroundings, all plain values.

    `links` leads from each inner link as written to its address ("" where the target is not public). `relations` are
    groups `{label, verb, inward, items: [{title, url, number, note}]}` for the page, the data sets that rest on it too;
    `related` are ids by relation for the JSON. `assets` are the paths below content/ of the files that it lists or
    shows, with their sha256. `acting` are the effects of other documents (`rules.validity.effects`), `timing` labels
    and values such as how soon a policy was interpreted, `versions` its earlier texts, `final` the policy that a
    consultation led to. `printed` are the gazette issues that carry it, `errata` what later ones correct: links, the
    latter with `text`. `steps` are those of `timelines`.
    """

    record: Record
    links: Mapping[str, str]
    validity: Mapping[str, Any]
    relations: Sequence[Mapping[str, Any]]
    related: Mapping[str, Sequence[str]]
    assets: Sequence[tuple[str, str]]
    draft: bool
    acting: Sequence[tuple[str, str, str]]
    timing: Sequence[tuple[str, str]]
    versions: Sequence[Record]
    final: Record | None
    printed: Sequence[Mapping[str, str]]
    errata: Sequence[Mapping[str, str]]
    steps: Sequence[Plain]

    def key(self) -> str:
        """The hash of all of it: what a document's files are made from, besides the directory and the product."""
        texts = [r.stamp or [r.id, r.fields, r.body, r.facts] for r in (self.record, *self.versions)]
        final = [self.final.id, self.final.title, self.final.body] if self.final else None
        parts = [self.links, self.validity, self.relations, self.related, self.assets, self.draft]
        parts += [texts, final, self.acting, self.timing, self.printed, self.errata, self.steps]
        return hashlib.sha256(canonical(parts)).hexdigest()


def around(frame: SiteFrame, record: Record) -> Around:
    """The surroundings of a document of the frame's Site."""
    site = frame.site
    validity = site.validity.get(record.id, NONE)
    forward, inverse = site.relations.get(record.id, ()), site.inverse.get(record.id, ())
    return Around(
        record=record,
        links=link_targets(frame, record) if record.links else {},
        validity={
            "label": validity.label,
            "sentence": validity.sentence,
            "level": validity.level,
            "successors": [_link(frame, i) for i in validity.by],
        },
        relations=[*_relations(frame, record, forward, inverse), *_resting(frame, record)],
        related=_ids(forward, inverse, frame.resting.get(record.id, ())),
        assets=[(a, site.assets[a]) for a in dict.fromkeys(referenced_assets(record)) if a in site.assets],
        draft=record.id in site.drafts,
        acting=site.acting.get(record.id, ()),
        timing=timing(site, record),
        versions=site.versions.get(record.id, ()),
        final=_final(site, record),
        printed=[_link(frame, issue) for issue in site.printed.get(record.id, ())],
        errata=[{**_link(frame, issue), "text": text} for issue, text in site.errata.get(record.id, ())],
        steps=steps(site, record, forward, inverse),
    )


def _final(site: Site, record: Record) -> Record | None:
    """The first policy that a consultation led to, which may be compared with its draft."""
    found = (site.find(reference) for reference in record.items("leads_to"))
    return next((policy for policy in found if policy and policy.body and record.body), None)


def timing(site: Site, record: Record) -> list[tuple[str, str]]:
    """How soon an interpretation, a repost or an answer came, in working days (county rules, articles 7, 10, 11)."""
    start, label = "", ""
    if record.kind == "interpretations":
        policies = [found for reference in record.items("interprets") if (found := site.find(reference))]
        start, label = min((p.published for p in policies), default=""), "解读时效"
    elif record.kind == "reposts":
        start, label = record.text("source_published"), "转载时效"
    elif record.kind == "answers":
        start, label = record.text("received"), "答复用时"
    if not start:
        return []
    span = site.calendar.span(start[:10], record.published[:10])
    words = (
        f"{span.days} 个工作日" if span.days else "当日" if start[:10] == record.published[:10] else "不到 1 个工作日"
    )
    return [(label, words + ("（暂定）" if span.provisional else ""))]


def link_targets(frame: SiteFrame, record: Record) -> dict[str, str]:
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


def _relations(
    frame: SiteFrame, record: Record, forward: Sequence[Related], inverse: Sequence[Related]
) -> list[dict[str, Any]]:
    """Relations and their inverses by label, as links; what the site does not hold shows as its number."""
    groups: dict[str, dict[str, Any]] = {}
    for relation, reference, target in forward:
        column = RELATIONS[record.kind][relation]
        item = _link(frame, target) if target else _absent(frame, reference)
        groups.setdefault(column.label, _group(column.label, column.verb, False))["items"].append(item)
    for relation, _, source in inverse:
        column = RELATIONS[frame.site.documents[source].kind][relation]
        groups.setdefault(column.inverse, _group(column.inverse, column.verb, True))["items"].append(
            _link(frame, source)
        )
    return list(groups.values())


def _group(label: str, verb: str, inward: bool) -> dict[str, Any]:
    return {"label": label, "verb": verb, "inward": inward, "items": []}


def _absent(frame: SiteFrame, reference: str) -> dict[str, str]:
    url = f"{frame.url('citations/')}#{anchor_of(reference)}"
    return {"title": show_number(reference), "url": url, "number": "", "note": "本站未收录"}


def _resting(frame: SiteFrame, record: Record) -> list[dict[str, Any]]:
    """The data sets whose descriptors name the document as their basis."""
    found = frame.resting.get(record.id, ())
    items = [{"title": p.title, "url": frame.url(f"datasets/{p.name}/"), "number": "", "note": ""} for p in found]
    return [_group("以本文件为依据的数据集", "依据", True) | {"items": items}] if items else []


def anchor_of(reference: str) -> str:
    """The anchor in the list of documents that the site names but does not hold."""
    return "n-" + hashlib.sha256(show_number(reference).encode()).hexdigest()[:12]


def _ids(forward: Sequence[Related], inverse: Sequence[Related], resting: Sequence[Package]) -> dict[str, list[str]]:
    """Documents by relation, its own and those of others, and the data sets that rest on it."""
    found: dict[str, list[str]] = {}
    for relation, reference, target in forward:
        found.setdefault(relation, []).append(target or reference)
    for relation, _, source in inverse:
        found.setdefault(f"{relation}_inverse", []).append(source)
    return found | ({"basis_inverse": [f"datasets/{package.name}" for package in resting]} if resting else {})


def _link(frame: SiteFrame, identifier: str) -> dict[str, str]:
    record = frame.site.documents[identifier]
    return {
        "title": record.title,
        "url": frame.url(f"{identifier}/"),
        "number": show_number(record.number),
        "note": "",
    }
