"""The search page, and what is found: documents and data sets in the order of their publication (pure)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from plugins.models.package import Package
from plugins.models.types import asked_fields
from plugins.views.frame import SiteFrame
from plugins.views.indexed import FACETS, Entry
from plugins.views.jobs import Job
from plugins.views.lists import sections, year_of


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
