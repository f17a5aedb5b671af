"""Lists: paged, by type, year, topic, organisation; each with JSON beside every page and a feed (pure)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from plugins.models.document import Document
from plugins.models.numbers import show_number
from plugins.models.record import Record
from plugins.models.sections import SECTIONS
from plugins.models.types import TYPES
from plugins.views.addresses import PAGE_SIZE, page_path
from plugins.views.events import DATED, calendar_of
from plugins.views.feeds import feed_job
from plugins.views.frame import NAVIGATED, SiteFrame
from plugins.views.jobs import Job
from plugins.views.site import Site

YEARLY = frozenset({"policies", "interpretations", "gazette"})


def kind_jobs(frame: SiteFrame) -> Iterator[Job]:
    """The lists of every document type, whole and by year."""
    for kind, model in (*sections(frame.site), *_pages(frame.site)):
        records = frame.site.of_kind(kind)
        years: dict[str, list[Record]] = {}
        for record in records:
            years.setdefault(year_of(record), []).append(record)
        facets = _facets(frame, kind, records, years)
        intro = withheld_note(frame) if kind == "policies" else ""
        yield from list_jobs(frame, f"{kind}/", model.label, records, kind=kind, facets=facets, intro=intro)
        for year, of_year in sorted(years.items()) if kind in YEARLY else ():
            title = f"{year} 年{model.label}"
            yield from list_jobs(
                frame, f"{kind}/{year}/", title, of_year, kind=kind, facets=facets, crumbs=((model.label, f"{kind}/"),)
            )


def sections(site: Site) -> list[tuple[str, type[Document]]]:
    """The types that have a list: those of the navigation, and those with a document."""
    held = {record.kind for record in site.documents.values()}
    return [(kind, model) for kind, model in TYPES.items() if kind in NAVIGATED or (kind in held and kind != "pages")]


def _pages(site: Site) -> list[tuple[str, type[Document]]]:
    return [("pages", TYPES["pages"])] if site.of_kind("pages") else []


def year_of(record: Record) -> str:
    """The year under which the lists show the record: that of its folder where it has one."""
    parts = record.id.split("/")
    return parts[1] if record.kind == "policies" else record.published[:4]


def withheld_note(frame: SiteFrame) -> str:
    """What is not published is counted, never named."""
    count = frame.site.withheld
    return f"另有 {count} 件依法不予公开。" if count else ""


def on_request(frame: SiteFrame) -> list[dict[str, str]]:
    """What is open on request and listed: title and number, nothing else."""
    return [{"title": r.title, "number": show_number(r.number)} for r in frame.site.listed]


def _facets(
    frame: SiteFrame, kind: str, records: Sequence[Record], years: dict[str, list[Record]]
) -> list[dict[str, Any]]:
    facets = []
    if kind in YEARLY and len(years) > 1:
        items = [_facet(frame, f"{y} 年", f"{kind}/{y}/", len(years[y])) for y in sorted(years, reverse=True)]
        facets.append({"title": "按年份", "items": items})
    counts: dict[str, int] = {}
    for record in records:
        counts[record.text("topic")] = counts.get(record.text("topic"), 0) + 1
    topics = frame.topics.values()
    items = [_facet(frame, t.name, f"topics/{t.id}/", counts[t.id]) for t in topics if counts.get(t.id)]
    if len(items) > 1:
        facets.append({"title": "按主题", "items": items})
    return facets


def _facet(frame: SiteFrame, title: str, path: str, count: int) -> dict[str, Any]:
    return {"title": title, "url": frame.url(path), "count": count, "current": False}


def list_jobs(  # noqa: PLR0913 - the parts of a list
    frame: SiteFrame,
    folder: str,
    title: str,
    records: Sequence[Record],
    *,
    kind: str = "",
    facets: Sequence[dict[str, Any]] = (),
    crumbs: Sequence[tuple[str, str]] = (),
    intro: str = "",
) -> Iterator[Job]:
    """Every page of one list, JSON beside each, and the list's feed."""
    count = max(1, -(-len(records) // PAGE_SIZE))
    column = folder.split("/", 1)[0]
    marked = [{**f, "items": [{**i, "current": i["url"] == frame.url(folder)} for i in f["items"]]} for f in facets]
    for number in range(1, count + 1):
        path = page_path(folder, number)
        items = [frame.card(r) for r in records[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]]
        yield frame.page(
            path,
            "list",
            title if number == 1 else f"{title}（第 {number} 页）",
            section=f"{kind or column}/",
            crumbs=crumbs,
            feed=f"{folder}feed.atom",
            dated=calendar_of(records) if column in DATED else "",
            meta=frame.column(column, "" if title == SECTIONS[column].name else title),
            why=why_blank(frame, title),
            intro=intro,
            items=items,
            listed=on_request(frame) if folder == "policies/" and number == 1 else [],
            total=len(records),
            facets=marked,
            pager=pager(frame, folder, number, count),
        )
        data = {"title": title, "total": len(records), "page": number, "pages": count, "items": items}
        yield Job(f"{path}index.json", "json", {"data": data})
    yield feed_job(frame, folder, title, records)


def why_blank(frame: SiteFrame, title: str) -> str:
    """Why a column shows nothing: none may stand blank without saying so."""
    return f"{frame.identity.government}还没有在“{title}”中发布过内容。发布后会列在这里，可以先订阅，也可以检索全站。"


def pager(frame: SiteFrame, folder: str, number: int, count: int) -> dict[str, Any]:
    """Where a page of a list stands, and the way to the others: first, last and the neighbours."""
    near = sorted({1, count, *range(max(1, number - 2), min(count, number + 2) + 1)})
    return {
        "number": number,
        "count": count,
        "previous": frame.url(page_path(folder, number - 1)) if number > 1 else "",
        "next": frame.url(page_path(folder, number + 1)) if number < count else "",
        "pages": [{"number": n, "url": frame.url(page_path(folder, n)), "current": n == number} for n in near],
    }
