"""What helps people who type something else than stands in the texts: the files below search/hints/ (pure).

They are made from the Site alone, so nothing that is not public is in them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from plugins.models.directory import Kind, Organisation
from plugins.models.numbers import parse_number
from plugins.views.frame import SiteFrame
from plugins.views.jobs import Job
from plugins.views.site import Site

_A_FILE = 20
"""How many texts a file is for: it stays near 3 KB gzipped, however many the site has."""
_FEWEST = 8
_NEAR = 2
"""One file of near misses for so many of completions."""
_SHORTEST = 3
_AREA = re.compile("[省市区县州旗](?!委|政府)")
"""How a short name begins: 县发改局, but 县委宣传部 is not of 县."""


def hint_words(frame: SiteFrame) -> dict[str, Any]:
    """What a search may be completed to, as plain values; "files" are how many each part of the tables has."""
    site = frame.site
    titles = {r.title for r in site.documents.values()} | {p.title for p in site.open_packages()}
    keywords = Counter(word for r in site.documents.values() for word in r.items("keywords"))
    return {
        "names": sorted(_names(site)),
        "keywords": [list(pair) for pair in sorted(keywords.items())],
        "titles": sorted(titles),
        "places": sorted(
            {site.identity.place, site.identity.government, *(o.name for o in site.organisations.values())}
        ),
        "files": _counts(site),
    }


def word_jobs(frame: SiteFrame) -> Iterator[Job]:
    """Words that mean the same, and traditional characters: what is not made of terms."""
    site = frame.site
    synonyms = [[[word, "同义词" if n else ""] for n, word in enumerate(group)] for group in site.synonyms]
    groups = [*_organisations(site), *synonyms]
    yield Job("search/hints/words.json", "json", {"data": {"files": _counts(site), "groups": groups}})
    yield Job("search/hints/traditional.json", "traditional", {})


def _names(site: Site) -> set[str]:
    """Names of organisations and topics, words that editors keep, and the 机关代字 of document numbers."""
    found = {name for group in site.synonyms for name in group}
    for organisation in site.organisations.values():
        names = [name for name, _ in _named(organisation)]
        found |= {*names, *(_bare(name, organisation, site) for name in names), *organisation.number_prefixes}
    for topic in site.topics.values():
        found |= {topic.name, *re.split("[、，]", topic.name)}
    numbers = (parse_number(record.number) for record in site.documents.values())
    return found | {number.issuer for number in numbers if number}


def _counts(site: Site) -> dict[str, int]:
    """How many files each part has: a power of two, so that a new document hardly ever changes it."""
    texts = len(site.documents) + len(site.organisations) + sum(map(len, site.synonyms))
    files = max(_FEWEST, 1 << (texts // _A_FILE).bit_length())
    return {"complete": files, "near": files // _NEAR}


def _organisations(site: Site) -> list[list[list[str]]]:
    """Organisations that have other names: each name with what it is, "" for the present one, which comes first.

    They stand without the place that begins them, so that a name is found in every wording of it: 物价局 in 县物价局
    and in 示例县物价局. A name that two organisations share tells of neither.
    """
    each = {o.id: {_bare(n, o, site): what for n, what in reversed(_named(o))} for o in site.organisations.values()}
    shared = Counter(name for names in each.values() for name in names)
    found = []
    for names in each.values():
        kept = [[name, what] for name, what in reversed(names.items()) if shared[name] == 1]
        kept.sort(key=lambda pair: bool(pair[1]))
        if len(kept) > 1 and not kept[0][1]:
            found.append(kept)
    return found


def _named(organisation: Organisation) -> list[tuple[str, str]]:
    """Every name, with what it is."""
    short = [(organisation.short, "简称")] if organisation.short else []
    return [(organisation.name, ""), *short, *((name, "曾用名") for name in organisation.former)]


def _bare(name: str, organisation: Organisation, site: Site) -> str:
    """A name without the place; those of a government and its office mean nothing without it."""
    if organisation.kind in {Kind.GOVERNMENT, Kind.OFFICE}:
        return name
    rest = name.removeprefix(site.identity.place) if site.identity.place else name
    if rest == name and _AREA.match(name):
        rest = name[1:]
    return rest if len(rest) >= _SHORTEST else name
