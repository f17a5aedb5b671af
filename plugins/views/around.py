"""What surrounds one document: everything outside its record that its own files show (pure)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from plugins.models.numbers import show_number
from plugins.models.record import Record
from plugins.rules.links import referenced_assets, target_of
from plugins.rules.validity import NONE
from plugins.views.addresses import FIXED
from plugins.views.frame import SiteFrame
from plugins.views.jobs import canonical
from plugins.views.site import Related

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


@dataclass(frozen=True, slots=True)
class Around:
    """One document with its surroundings, all plain values.

    `links` leads from each inner link as written to its address ("" where the target is not public). `relations` are
    groups `{label, items: [{title, url, number, note}]}` for the page, `related` ids by relation for the JSON. `assets`
    are the paths below content/ of the files that it lists or shows, with their sha256.
    """

    record: Record
    links: Mapping[str, str]
    validity: Mapping[str, Any]
    relations: Sequence[Mapping[str, Any]]
    related: Mapping[str, Sequence[str]]
    assets: Sequence[tuple[str, str]]
    draft: bool

    def key(self) -> str:
        """The hash of all of it: what a document's files are made from, besides the directory and the product."""
        record = self.record
        own = [record.id, record.fields, record.body]
        parts = [own, self.links, self.validity, self.relations, self.related, self.assets, self.draft]
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
        relations=_relations(frame, forward, inverse) if forward or inverse else (),
        related=_ids(forward, inverse),
        assets=[(a, site.assets[a]) for a in dict.fromkeys(referenced_assets(record)) if a in site.assets],
        draft=record.id in site.drafts,
    )


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


def _relations(frame: SiteFrame, forward: Sequence[Related], inverse: Sequence[Related]) -> list[dict[str, Any]]:
    """Relations and their inverses by label, as links; what the site does not hold shows as its number."""
    groups: dict[str, list[dict[str, str]]] = {}
    for relation, reference, target in forward:
        item = (
            _link(frame, target)
            if target
            else {"title": show_number(reference), "url": "", "number": "", "note": "本站未收录"}
        )
        groups.setdefault(FORWARD[relation], []).append(item)
    for relation, _, source in inverse:
        groups.setdefault(INVERSE[relation], []).append(_link(frame, source))
    return [{"label": label, "items": items} for label, items in groups.items()]


def _ids(forward: Sequence[Related], inverse: Sequence[Related]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for relation, reference, target in forward:
        found.setdefault(relation, []).append(target or reference)
    for relation, _, source in inverse:
        found.setdefault(f"{relation}_inverse", []).append(source)
    return found


def _link(frame: SiteFrame, identifier: str) -> dict[str, str]:
    record = frame.site.documents[identifier]
    return {
        "title": record.title,
        "url": frame.url(f"{identifier}/"),
        "number": show_number(record.number),
        "note": "",
    }
