"""The search page, and what is found: documents and data sets in the order of their publication (pure)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from plugins.models.package import Package
from plugins.models.types import asked_fields
from plugins.views.frame import SiteFrame
from plugins.views.jobs import Job, canonical
from plugins.views.lists import sections, year_of

FACETS = ("kind", "issuer", "topic", "year", "validity")
FORMAT = 5
"""A change of what the files of the index mean is a new number: a page that was opened before refuses them."""
PAGE = 64
"""Entries of one file of `records/`."""
_NEVER = "1970-01-01"
_FIRST = "#"
"""The character for 0 in a column (search.js)."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What can be found: `record` is what a result shows, `facets` a value or "" by facet.

    `text` is that of a data set; a document's is its canonical text.
    """

    id: str
    record: Mapping[str, str]
    facets: Mapping[str, str]
    text: str = ""


def entries(frame: SiteFrame) -> list[Entry]:
    """Everything that is searched, oldest first; of one moment the last address first."""
    found = [_document(frame, r) for r in frame.site.documents.values()]
    found += [_dataset(frame, p) for p in frame.site.open_packages()]
    found.sort(key=lambda one: one.record["url"], reverse=True)
    found.sort(key=lambda one: one.record["published"])
    return found


def _document(frame: SiteFrame, record: Any) -> Entry:
    card = frame.card(record)
    topic = frame.topics.get(record.text("topic"))
    facets = {name: card.get(name, "") for name in FACETS} | {"topic": topic.name if topic else ""}
    return Entry(record.id, _shown(card), facets | {"year": year_of(record)})


def _dataset(frame: SiteFrame, package: Package) -> Entry:
    words = [str(package.descriptor.get("description", ""))]
    for table in package.tables:
        words += [table.title, *(str(f.get("title") or f["name"]) for f in table.fields)]
    issued = frame.issued(package)
    record = {"url": frame.url(f"datasets/{package.name}/"), "title": package.title, "number": "", "published": issued}
    facets = dict.fromkeys(FACETS, "") | {"kind": "数据集", "year": issued[:4]}
    facets["issuer"] = frame.name_of(package.publisher)
    return Entry(f"datasets/{package.name}", record, facets, "\n".join(words))


def _shown(card: Mapping[str, str]) -> dict[str, str]:
    return {name: card[name] for name in ("url", "title", "number", "published")}


def index_jobs(
    home: str,
    found: Sequence[Entry],
    packs: Sequence[str],
    blocks: Sequence[int],
    segments: Sequence[Mapping[str, Any]],
) -> Iterator[Job]:
    """The head of the index, its columns and records; `packs` are digests, `blocks` count those of each entry's text.

    A stamp stands for all that its files say, so that a page never reads those of two publications together; the
    records are in the packs.
    """
    columns = {
        "facets": {name: _column([one.facets[name] for one in found]) for name in FACETS},
        "days": _days([one.record["published"][:10] or _NEVER for one in found]),
        "blocks": _characters(blocks),
    }
    stamp = _stamp([columns, packs, segments])
    head = {"format": FORMAT, "stamp": stamp, "home": home, "documents": len(found), "page": PAGE}
    yield Job("search/index.json", "json", {"data": head | {"segments": segments}})
    yield Job("search/columns.bin", "deflated", {"data": columns})
    for start in range(0, len(found), PAGE):
        records = [one.record for one in found[start : start + PAGE]]
        yield Job(f"search/records/{start // PAGE}.bin", "deflated", {"data": records})


def _stamp(value: object) -> str:
    """A few letters that are others where the value is another."""
    return hashlib.sha256(canonical(value)).hexdigest()[:12]


def _column(values: Sequence[str]) -> dict[str, Any]:
    """Values as places in the sorted list of all."""
    known = sorted(set(values))
    place = {value: n for n, value in enumerate(known)}
    return {"values": known, "of": _characters([place[value] for value in values])}


def _characters(numbers: Sequence[int]) -> str:
    """A character for each number: deflated, a column takes less than with digits and commas."""
    return "".join(chr(ord(_FIRST) + number) for number in numbers)


def _days(dates: Sequence[str]) -> list[int]:
    """Days since 1970 of sorted dates, each but the first as the difference to the one before it."""
    days = [date.fromisoformat(day).toordinal() - date.fromisoformat(_NEVER).toordinal() for day in dates]
    return [day - before for day, before in zip(days, [0, *days], strict=False)]


def search_jobs(frame: SiteFrame) -> Iterator[Job]:
    """The search page, and its description for browsers (OpenSearch 1.1)."""
    lists = [{"title": m.label, "url": frame.url(f"{k}/")} for k, m in sections(frame.site)]
    lists += [
        {"title": "数据开放", "url": frame.url("datasets/")},
        {"title": "机构职能", "url": frame.url("organisations/")},
    ]
    yield search_page(frame, lists)
    identity = frame.identity
    if identity.search_engine:
        yield Job("search/engine.json", "json", {"data": {"url": identity.search_engine, "weights": asked_fields()}})
    described = {
        "name": identity.name,
        "description": f"检索{identity.name}",
        "template": frame.addresses.absolute("search/") + "?q={searchTerms}",
    }
    yield Job("opensearch.xml", "opensearch", described)


def search_page(frame: SiteFrame, lists: list[dict[str, str]], query: str = "", results: Any = None) -> Job:
    """The search page; `query` and `results` are filled by the preview server alone."""
    return frame.page(
        "search/",
        "search",
        "检索",
        section="search/",
        json=False,
        meta=frame.column("search"),
        script=frame.url("static/search-page.js"),
        base=frame.url("search/"),
        engine=frame.url("static/search-opensearch.js" if frame.identity.search_engine else "search/search.js"),
        lists=lists,
        query=query,
        results=results,
    )
