"""Pages of the site as a whole: home, search, map of the site, 404, what crawlers and hosts expect (pure)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from plugins.models.package import Package
from plugins.models.record import Record
from plugins.models.types import asked_fields
from plugins.views.datasets import WITHHELD
from plugins.views.feeds import feed_job
from plugins.views.frame import SiteFrame
from plugins.views.jobs import Job
from plugins.views.lists import sections, year_of

_SITEMAP_LIMIT = 50_000
_SHARD_SIZE = 200
_POLICY = ("default-src 'self'", "object-src 'none'", "base-uri 'none'", "form-action 'self'", "frame-ancestors 'none'")
_HEADERS = """/*
  Content-Security-Policy: {}
  X-Content-Type-Options: nosniff
  Referrer-Policy: no-referrer
"""


def home_jobs(frame: SiteFrame) -> Iterator[Job]:
    """/, its JSON and the feed of everything new."""
    site = frame.site
    documents = [r for r in site.documents.values() if r.kind != "pages"]
    issues, interpretations = site.of_kind("gazette"), site.of_kind("interpretations")
    opened = open_packages(frame)
    counts = [
        {"title": model.label, "url": frame.url(f"{kind}/"), "count": len(site.of_kind(kind))}
        for kind, model in sections(site)
    ]
    own: dict[str, Any] = {
        "consultations": [
            frame.card(r) for r in site.of_kind("consultations") if site.validity[r.id].label == "正在征求意见"
        ],
        "responses": [frame.card(r) for r in site.of_kind("responses")[:3]],
        "latest": [frame.card(r) for r in documents if r.kind == "policies"][:8],
        "interpretations": [frame.card(r) for r in interpretations[:5]],
        "issue": frame.card(issues[0]) if issues else None,
        "datasets": [_dataset(frame, p.name, p.title, str(p.descriptor.get("description", ""))) for p in opened[:6]],
        "counts": [*counts, {"title": "数据集", "url": frame.url("datasets/"), "count": len(opened)}],
    }
    name = site.identity.name
    yield frame.page(
        "", "home", name, section="", feed="feed.atom", description=site.identity.description or name, **own
    )
    yield Job("index.json", "json", {"data": {"name": name, "government": site.identity.government, **own}})
    yield feed_job(frame, "", name, documents)


def _dataset(frame: SiteFrame, name: str, title: str, description: str) -> dict[str, str]:
    return {"title": title, "url": frame.url(f"datasets/{name}/"), "description": description}


def search_jobs(frame: SiteFrame, digests: Mapping[str, str]) -> Iterator[Job]:
    """The search page and its shards: by year, in buckets by hash, so that they depend on the content alone."""
    lists = [{"title": m.label, "url": frame.url(f"{k}/")} for k, m in sections(frame.site)]
    lists += [
        {"title": "数据开放", "url": frame.url("datasets/")},
        {"title": "机构职能", "url": frame.url("organisations/")},
    ]
    yield search_page(frame, lists)
    shards = _shards(frame, digests)
    if engine := frame.identity.search_engine:
        yield Job("search/engine.json", "json", {"data": {"url": engine, "weights": asked_fields()}})
    index = {
        "home": frame.url(),
        "total": sum(map(len, shards.values())),
        "shards": [{"url": f"{name}.json", "count": len(documents)} for name, documents in shards.items()],
    }
    yield Job("search/index.json", "json", {"data": index})
    for name, documents in shards.items():
        yield Job(f"search/{name}.json", "search-shard", {"documents": documents})
    identity = frame.identity
    yield Job(
        "opensearch.xml",
        "opensearch",
        {
            "name": identity.name,
            "description": f"检索{identity.name}",
            "template": frame.addresses.absolute("search/") + "?q={searchTerms}",
        },
    )


def search_page(frame: SiteFrame, lists: list[dict[str, str]], query: str = "", results: Any = None) -> Job:
    """The search page; `query` and `results` are filled by the preview server alone."""
    return frame.page(
        "search/",
        "search",
        "检索",
        section="search/",
        json=False,
        script=frame.url("static/search-page.js"),
        base=frame.url("search/"),
        engine=frame.url("static/search-opensearch.js" if frame.identity.search_engine else "search/search.js"),
        lists=lists,
        query=query,
        results=results,
    )


def _shards(frame: SiteFrame, digests: Mapping[str, str]) -> dict[str, list[dict[str, str]]]:
    """Shard name -> what it holds, newest year first; a year of more than 200 documents is cut by hash of the id."""
    years: dict[str, list[Record]] = {}
    for record in frame.site.documents.values():
        years.setdefault(year_of(record) if record.kind != "pages" else record.published[:4], []).append(record)
    shards: dict[str, list[dict[str, str]]] = {}
    for year in sorted(years, reverse=True):
        buckets = -(-len(years[year]) // _SHARD_SIZE)
        for record in years[year]:
            bucket = int(hashlib.sha256(record.id.encode()).hexdigest()[:8], 16) % buckets
            shards.setdefault(f"{year}-{bucket}", []).append(searched(frame, record, digests[record.id]))
    if packages := open_packages(frame):
        shards["datasets"] = [searched_dataset(frame, p) for p in packages]
    return shards


def open_packages(frame: SiteFrame) -> list[Package]:
    """The data packages of which more is known than their row in the catalogue."""
    return [p for p in frame.site.packages if p.open_type != WITHHELD]


def searched(frame: SiteFrame, record: Record, digest: str) -> dict[str, str]:
    """What search shows of a document; its text is what `digest` names."""
    card = frame.card(record)
    topic = frame.topics.get(record.text("topic"))
    return card | {"topic": topic.name if topic else "", "year": year_of(record), "text": "", "made": digest}


def searched_dataset(frame: SiteFrame, package: Package) -> dict[str, str]:
    """The same of a data package, with its text."""
    words = [str(package.descriptor.get("description", ""))]
    for table in package.tables:
        words += [table.title, *(str(f.get("title") or f["name"]) for f in table.fields)]
    created = str(package.descriptor.get("created", ""))[:10]
    return {
        "title": package.title,
        "url": frame.url(f"datasets/{package.name}/"),
        "number": "",
        "issuer": frame.name_of(package.publisher),
        "published": created,
        "kind": "数据集",
        "validity": "",
        "topic": "",
        "year": created[:4],
        "text": "\n".join(words),
        "made": "",
    }


def _policy(frame: SiteFrame) -> list[str]:
    """The Content-Security-Policy; a search engine on another host may be asked, and no other host."""
    engine = urlsplit(frame.identity.search_engine or "")
    return [*_POLICY, *([f"connect-src 'self' https://{engine.netloc}"] if engine.netloc else [])]


def map_jobs(frame: SiteFrame, pages: list[tuple[str, str]]) -> Iterator[Job]:
    """Map of the site, sitemap.xml, robots.txt, 404 and headers; `pages` are (folder, day or "")."""
    site = frame.site
    groups = [
        {"title": "栏目", "items": [{"title": n["title"], "url": n["url"]} for n in frame.shared("").data["nav"]]},
        {
            "title": "关于本站",
            "items": [{"title": r.title, "url": frame.url(f"{r.id}/")} for r in site.of_kind("pages")],
        },
        {
            "title": "主题",
            "items": [{"title": t.name, "url": frame.url(f"topics/{t.id}/")} for t in site.topics.values()],
        },
    ]
    yield frame.page(
        "sitemap/", "sitemap", "网站地图", section="", json=False, groups=[g for g in groups if g["items"]]
    )
    urls = sorted((frame.addresses.absolute(path), day) for path, day in [*pages, ("sitemap/", "")])
    parts = [urls[i : i + _SITEMAP_LIMIT] for i in range(0, len(urls), _SITEMAP_LIMIT)]
    if len(parts) == 1:
        yield Job("sitemap.xml", "sitemap", {"urls": parts[0]})
    else:
        maps = [f"sitemap-{n}.xml" for n in range(1, len(parts) + 1)]
        yield Job("sitemap.xml", "sitemap", {"maps": [frame.addresses.absolute(m) for m in maps]})
        for name, part in zip(maps, parts, strict=True):
            yield Job(name, "sitemap", {"urls": part})
    robots = f"User-agent: *\nAllow: /\nSitemap: {frame.addresses.absolute('sitemap.xml')}\n"
    yield Job("robots.txt", "plain", {"text": robots})
    yield Job("_headers", "plain", {"text": _HEADERS.format("; ".join(_policy(frame)))})
    missing = frame.page("404/", "404", "没有找到这个网页", section="", json=False)
    nowhere = {**missing.view, "page": {**missing.view["page"], "url": ""}}
    yield Job("404.html", "page", nowhere, missing.shared)
