"""A linter of built sites for the norms of government sites (国办发〔2017〕47号 and its annex), on lxml alone.

It knows nothing of how the site was made: it reads pages, and `index.json` only for which document explains which.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import unquote, urljoin, urlsplit

from lxml import html

SITE = ("SiteName", "SiteDomain", "SiteIDCode")
COLUMN = ("ColumnName", "ColumnType", "ColumnDescription", "ColumnKeywords")
ARTICLE = ("ArticleTitle", "PubDate", "ContentSource")
SITE_CODE = re.compile(r"bm\d{8}|\d{10}")
MOMENT = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d")
FOOT_LINKS = {
    "党政机关网站标识": r"https://bszs\.conac\.cn/sitename\?method=show&id=\w+",
    "政府网站找错": r"https://zfwzgl\.www\.gov\.cn/exposure/jiucuo\.html\?site_code=\w+&url=.*",
    "ICP备案": r"https://beian\.miit\.gov\.cn/.*",
    "公安备案": r"https://beian\.mps\.gov\.cn/#/query/webSearch\?code=\d{14}",
    "网站地图": r".*/sitemap/",
}
FOOT_WORDS = ("主办单位：", "网站标识码：", "联系电话：", "地址：")


class Finding(NamedTuple):
    """A breach: the rule's name, the page below the site, what is wrong."""

    rule: str
    page: str
    text: str


class Page:
    """One page with what the rules ask of it."""

    def __init__(self, root: Path, file: Path) -> None:
        self.root, self.file = root, file
        self.path = str(file.relative_to(root)).removesuffix("index.html")
        self.tree: Any = html.parse(str(file)).getroot()
        self.labels: dict[str, list[str]] = {}
        for meta in self.tree.xpath("//head/meta[@name]"):
            self.labels.setdefault(meta.get("name"), []).append((meta.get("content") or "").strip())

    @cached_property
    def is_article(self) -> bool:
        """A content page has at least one label of content; any other page is one of a column."""
        return any(name in self.labels for name in ARTICLE)

    def label(self, name: str) -> str:
        """The label's value, "" where it is absent."""
        return self.labels.get(name, [""])[0]

    def leads(self) -> set[str]:
        """The paths below the site to which links of the middle zone lead."""
        return {
            unquote(urlsplit(urljoin(f"/{self.path}", a)).path).strip("/") for a in self.tree.xpath("//main//a/@href")
        }


def site_labels(page: Page) -> Iterator[str]:
    """Every page says which site it is of."""
    yield from _once(page, SITE)
    if page.label("SiteIDCode") and not SITE_CODE.fullmatch(page.label("SiteIDCode")):
        yield f"SiteIDCode {page.label('SiteIDCode')}"


def page_labels(page: Page) -> Iterator[str]:
    """A content page has the labels of its content, any other page those of its column."""
    yield from _once(page, ARTICLE if page.is_article else COLUMN)
    if not page.is_article and page.label("ColumnDescription") == page.label("ColumnName") != "":
        yield "ColumnDescription only repeats the name"


def _once(page: Page, names: tuple[str, ...]) -> Iterator[str]:
    for name in names:
        found = page.labels.get(name, [])
        if len(found) != 1 or not found[0]:
            yield f"{name}: {found}"


def publication_time(page: Page) -> Iterator[str]:
    """The time is of the form YYYY-MM-DD HH:MM, exists, and is shown as it stands in the label."""
    if not page.is_article:
        return
    moment = page.label("PubDate")
    if not MOMENT.fullmatch(moment) or not _exists(moment):
        yield f"PubDate {moment}"
    shown = ["".join(e.itertext()).strip() for e in page.tree.xpath("//main/p[@class='byline']//time")]
    if shown != [moment]:
        yield f"shown {shown}, labelled {moment}"


def _exists(moment: str) -> bool:
    try:
        datetime.strptime(moment, "%Y-%m-%d %H:%M")  # noqa: DTZ007 - the norm's form has no zone
    except ValueError:
        return False
    return True


def source(page: Page) -> Iterator[str]:
    """Every content page shows its source."""
    if page.is_article and not any(
        "".join(e.itertext()).strip() == f"来源：{page.label('ContentSource')}"
        for e in page.tree.xpath("//main/p[@class='byline']/span")
    ):
        yield "no source is shown"


def foot(page: Page) -> Iterator[str]:
    """The foot has everything that it owes."""
    links = {a.getparent().text_content().strip(): a.get("href") for a in page.tree.xpath("//footer//li/a")}
    for words, pattern in FOOT_LINKS.items():
        if not any(text.startswith(words) and re.fullmatch(pattern, href) for text, href in links.items()):
            yield words
    shown = [li.text_content().strip() for li in page.tree.xpath("//footer//li")]
    for words in FOOT_WORDS:
        if not any(text.startswith(words) and len(text) > len(words) for text in shown):
            yield words
    code = page.label("SiteIDCode")
    if SITE_CODE.fullmatch(code) and f"网站标识码：{code}" not in shown:
        yield "the site's code is another than in the label"


def blank(page: Page) -> Iterator[str]:
    """No column is blank: it shows something, or says why not."""
    held = page.tree.xpath(
        "//main//*[self::li or self::td or self::dd or self::input or self::img]"
        "[not(ancestor::nav)][normalize-space() or self::input or self::img]"
    )
    why = [e for e in page.tree.xpath("//main//*[@class='why']") if len(e.text_content().strip()) > 9]
    if not page.is_article and not held and not why:
        yield "nothing, and no reason"


def outside(page: Page) -> Iterator[str]:
    """Links to other sites say so: to programs in `rel`, to people by the mark that the stylesheet puts there."""
    home = page.label("SiteDomain")
    for a in page.tree.xpath("//a[@href]"):
        parts = urlsplit(a.get("href"))
        if parts.scheme not in {"http", "https"} and not a.get("href").startswith("//"):
            continue
        if parts.netloc != home and not {"external", "noopener"} <= set((a.get("rel") or "").split()):
            yield a.get("href")


RULES: dict[str, Callable[[Page], Iterator[str]]] = {
    "site labels": site_labels,
    "page labels": page_labels,
    "publication time": publication_time,
    "source": source,
    "foot": foot,
    "blank column": blank,
    "external links": outside,
}
"""Rules of one page, by name."""


def both_ways(pages: dict[str, Page]) -> Iterator[Finding]:
    """A policy and its interpretation lead to each other."""
    for path, page in pages.items():
        data = page.file.with_name("index.json")
        if not path.startswith(("policies/", "interpretations/")) or not data.is_file():
            continue
        relations = json.loads(data.read_bytes()).get("relations", {})
        others = [*relations.get("interprets", ()), *relations.get("interprets_inverse", ())]
        for other in (f"{one}/" for one in others):
            if other in pages:
                yield from (
                    Finding("both ways", a, b) for a, b in ((path, other), (other, path)) if not _leads(pages, a, b)
                )


def _leads(pages: dict[str, Page], start: str, end: str) -> bool:
    return end.strip("/") in pages[start].leads()


def registered(pages: dict[str, Page]) -> Iterator[Finding]:
    """Every column, in the navigation or with a page, is one that the map names with its owner and cycle."""
    site_map = pages.get("sitemap/")
    rows = site_map.tree.xpath("//main//table//tr[td]") if site_map else []
    known = {_place(row.xpath("string(./th/a/@href)")) for row in rows}
    for row in rows:
        if len(row.xpath("./td")) < 3 or not all(cell.text_content().strip() for cell in row.xpath("./*")):
            yield Finding("register of columns", "sitemap/", f"a row lacks something: {row.text_content().split()}")
    for path, page in pages.items():
        if not page.is_article and not any(path == k or (k and path.startswith(k)) for k in known):
            yield Finding("register of columns", path, "its column is not registered")
    home = pages[""].tree.xpath("//header//nav//a/@href")
    for place in (_place(href) for href in home):
        if place not in known:
            yield Finding("register of columns", place, "in the navigation, not registered")


def _place(href: str) -> str:
    return unquote(urlsplit(href).path).lstrip("/")


def external_mark(root: Path) -> Iterator[Finding]:
    """The stylesheet shows people that a link leads to another site."""
    style = root / "static/style.css"
    found = re.search(r'a\[rel~=external\]::after\s*\{[^}]*content:\s*"[^"]*\S[^"]*"', style.read_text())
    if not found:
        yield Finding("external links", "static/style.css", "no visible mark")


def findings(root: Path) -> list[Finding]:
    """Every breach on the site built in `root`, whose address has no path; 404.html is no page of its own."""
    files = sorted(p for p in root.rglob("*.html") if p.name == "index.html")
    pages = {page.path: page for page in (Page(root, file) for file in files)}
    found = [Finding(name, p.path, text) for p in pages.values() for name, rule in RULES.items() for text in rule(p)]
    return [*found, *both_ways(pages), *registered(pages), *external_mark(root)]
