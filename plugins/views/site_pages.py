"""Pages of the site as a whole: home, map of the site, 404, what crawlers and hosts expect (pure)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import urlsplit

from plugins.views.data_versions import newest_entries
from plugins.views.datasets import open_packages
from plugins.views.feeds import NEWEST, feed_job
from plugins.views.frame import SiteFrame
from plugins.views.jobs import Job
from plugins.views.lists import sections

_SITEMAP_LIMIT = 50_000
_POLICY = ("default-src 'self'", "object-src 'none'", "base-uri 'none'", "form-action 'self'", "frame-ancestors 'none'")
_HEADERS = """/*
  Content-Security-Policy: {}
  X-Content-Type-Options: nosniff
  Referrer-Policy: no-referrer
/api/*
  Content-Type: application/json; charset=utf-8
  Access-Control-Allow-Origin: *
/catalog.ttl
  Content-Type: text/turtle; charset=utf-8
  Access-Control-Allow-Origin: *
"""


_WORKER = """/{}
  ! Content-Security-Policy
  Content-Security-Policy: default-src 'self' 'wasm-unsafe-eval'; object-src 'none'; base-uri 'none'
"""
"""A worker keeps the policy that came with its own file, so no page need allow what only the program for SQL does."""


def home_jobs(frame: SiteFrame) -> Iterator[Job]:
    """/, its JSON and the feed of everything new."""
    site = frame.site
    documents = [r for r in site.documents.values() if r.kind != "pages"]
    issues, interpretations = site.of_kind("gazette"), site.of_kind("interpretations")
    opened = open_packages(site)
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
    yield feed_job(frame, "", name, documents, newest_entries(frame, NEWEST // 2))


def _dataset(frame: SiteFrame, name: str, title: str, description: str) -> dict[str, str]:
    return {"title": title, "url": frame.url(f"datasets/{name}/"), "description": description}


def _policy(frame: SiteFrame) -> list[str]:
    """The Content-Security-Policy; a search engine on another host may be asked, and no other host."""
    engine = urlsplit(frame.identity.search_engine or "")
    return [*_POLICY, *([f"connect-src 'self' https://{engine.netloc}"] if engine.netloc else [])]


def map_jobs(frame: SiteFrame, pages: list[tuple[str, str]], workers: Sequence[str] = ()) -> Iterator[Job]:
    """Map of the site, sitemap.xml, robots.txt, 404 and headers; `pages` are (folder, day or ""), `workers` the scripts
    that compile a program.
    """
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
    headers = _HEADERS.format("; ".join(_policy(frame))) + "".join(_WORKER.format(path) for path in workers)
    yield Job("_headers", "plain", {"text": headers})
    missing = frame.page("404/", "404", "没有找到这个网页", section="", json=False)
    nowhere = {**missing.view, "page": {**missing.view["page"], "url": ""}}
    yield Job("404.html", "page", nowhere, missing.shared)
