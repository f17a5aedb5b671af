"""Pages of the site as a whole: home, map of the site, 404, what crawlers and hosts expect (pure)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from plugins.models.record import Record
from plugins.models.sections import SECTIONS, Cycle
from plugins.models.types import TYPES
from plugins.rules.validity import OPEN
from plugins.views.data_versions import newest_entries
from plugins.views.feeds import NEWEST, feed_job
from plugins.views.frame import SiteFrame
from plugins.views.headers import answers, as_headers, as_nginx
from plugins.views.interaction import ways_to_ask
from plugins.views.jobs import Job
from plugins.views.lists import sections

_SITEMAP_LIMIT = 50_000
_SERVICES = ("organisations", "verify")
"""Columns among the services of the home page."""


def home_jobs(frame: SiteFrame) -> Iterator[Job]:
    """/, its JSON and the feed of everything new."""
    site = frame.site
    documents = [r for r in site.documents.values() if r.kind != "pages"]
    issues, interpretations = site.of_kind("gazette"), site.of_kind("interpretations")
    opened = site.open_packages()
    counts = [
        {"title": model.label, "url": frame.url(f"{kind}/"), "count": len(site.of_kind(kind))}
        for kind, model in sections(site)
    ]
    own: dict[str, Any] = {
        "consultations": _asked(frame),
        "responses": [frame.card(r) for r in site.of_kind("responses")[:3]],
        "latest": [frame.card(r) for r in documents if r.kind == "policies"][:8],
        "latest_url": frame.url("policies/"),
        "interpretations": [frame.card(r) for r in interpretations[:5]],
        "issue": _front(frame, issues[0]) if issues else None,
        "services": _services(frame),
        "datasets": [_dataset(frame, p.name, p.title, str(p.descriptor.get("description", ""))) for p in opened[:6]],
        "counts": [*counts, {"title": "数据集", "url": frame.url("datasets/"), "count": len(opened)}],
    }
    name = site.identity.name
    yield frame.page(
        "",
        "home",
        name,
        section="",
        feed="feed.atom",
        description=site.identity.description or name,
        meta=frame.column(""),
        **own,
    )
    yield Job("index.json", "json", {"data": {"name": name, "government": site.identity.government, **own}})
    yield feed_job(frame, "", name, documents, newest_entries(frame, NEWEST // 2))


def _asked(frame: SiteFrame) -> list[dict[str, str]]:
    """Consultations that are open, each with its last day and how many are left."""
    states = [(r, frame.site.validity[r.id]) for r in frame.site.of_kind("consultations")]
    return [
        {**frame.card(r), "label": state.label, "sentence": state.sentence}
        for r, state in states
        if state.label == OPEN
    ]


def _front(frame: SiteFrame, issue: Record) -> dict[str, str]:
    """The newest issue with its cover, as its own page shows it."""
    folder = f"{issue.id}/"
    return {
        **frame.card(issue),
        "cover": frame.url(f"{folder}cover.png"),
        "pdf": frame.url(f"{folder}{issue.slug}.pdf"),
    }


def _services(frame: SiteFrame) -> list[dict[str, str]]:
    """What people come to do: the registers whose rows have pages, then columns that answer rather than tell."""
    site = frame.site
    titles = {package.name: package.title for package in site.packages}
    found = [(one.pages.label, f"{one.pages.folder}/", titles[one.package]) for one in site.registers]
    found += [(one.name, f"{folder}/", one.purpose) for folder, one in SECTIONS.items() if folder in _SERVICES]
    found.append(("订阅更新", "feed.atom", "用阅读器订阅，有新文件时自动收到，不用注册。"))
    tiles = [{"title": title, "url": frame.url(path), "description": text} for title, path, text in found]
    return [*ways_to_ask(frame), *tiles]


def _dataset(frame: SiteFrame, name: str, title: str, description: str) -> dict[str, str]:
    return {"title": title, "url": frame.url(f"datasets/{name}/"), "description": description}


def _columns(frame: SiteFrame) -> list[dict[str, str]]:
    """The register of columns: what each is for, who keeps it, how often it is renewed."""
    site, owners = frame.site, {role: o.name for o in frame.organisations.values() for role in o.roles}
    listed = {*(kind for kind, _ in sections(site)), *(["pages"] if site.of_kind("pages") else [])}
    usual = frame.name_of(site.identity.owner or "") or site.identity.government
    rows = [
        {
            "title": one.name or one.type,
            "url": frame.url(f"{folder}/" if folder else ""),
            "purpose": one.purpose,
            "owner": owners.get(one.owner, usual),
            "cycle": str(one.cycle),
        }
        for folder, one in SECTIONS.items()
        if folder not in TYPES or folder in listed
    ]
    for register in site.registers:
        package = next(p for p in site.packages if p.name == register.package)
        rows.append(
            {
                "title": register.pages.label,
                "url": frame.url(f"{register.pages.folder}/"),
                "purpose": str(package.descriptor.get("description", "")) or package.title,
                "owner": frame.name_of(package.publisher),
                "cycle": str(package.descriptor.get("cn:updateCycle", "")) or str(Cycle.ON_CHANGE),
            }
        )
    return rows


def map_jobs(frame: SiteFrame, pages: list[tuple[str, str]], workers: Sequence[str] = ()) -> Iterator[Job]:
    """Map of the site, sitemap.xml, robots.txt, 404 and headers; `pages` are (folder, day or ""), `workers` the scripts
    that compile a program.
    """
    site = frame.site
    groups = [
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
        "sitemap/",
        "sitemap",
        "网站地图",
        section="",
        json=False,
        meta=frame.column("sitemap"),
        columns=_columns(frame),
        groups=[g for g in groups if g["items"]],
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
    identity = site.identity
    found = answers(
        identity.search_engine or "", frame.url().rstrip("/"), workers, requests=identity.request_endpoint or ""
    )
    yield Job("_headers", "plain", {"text": as_headers(found)})
    yield Job("_nginx.conf", "plain", {"text": as_nginx(found)})
    missing = frame.page("404/", "404", "没有找到这个网页", section="", json=False)
    nowhere = {**missing.view, "page": {**missing.view["page"], "url": ""}}
    yield Job("404.html", "page", nowhere, missing.shared)
