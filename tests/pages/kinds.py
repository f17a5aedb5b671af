"""One page of every type: the template that draws it, the site it lies on, and its address there."""

from __future__ import annotations

from typing import NamedTuple


class Kind(NamedTuple):
    """A type of page, by an example."""

    template: str
    path: str
    site: str = "built"
    ready: str = ""
    """A selector that is there once the page's script is done."""


KINDS = {
    "home": Kind("home", "/"),
    "column": Kind("list", "/policies/"),
    "list of services": Kind("items", "/services/"),
    "list of consultations": Kind("list", "/consultations/"),
    "policy": Kind("document", "/policies/2022/rcyj-2022/"),
    "policy repealed": Kind("document", "/policies/2020/ljfl-bf/"),
    "plan whose table is wide": Kind("document", "/plans/2026/sjb-sthj/"),
    "interpretation": Kind("document", "/interpretations/2024/jd-yljz-2024/"),
    "annual report": Kind("document", "/reports/2026/gknb-2025/"),
    "answer to a request": Kind("document", "/answers/2023/zx-jyjx/"),
    "fixed page": Kind("document", "/pages/about/"),
    "tombstone": Kind("tombstone", "/policies/2023/kpjd-md/"),
    "version": Kind("version", "/policies/2022/rcyj-2022/2022-06-14/"),
    "comparison": Kind("compare", "/policies/2022/rcyj-2022/2022-06-14/compare/"),
    "issue": Kind("issue", "/gazette/2026-01/"),
    "issue with a cover": Kind("issue", "/gazette/2025-01/"),
    "consultation": Kind("consultation", "/consultations/2026/yljg-pj/"),
    "consultation closed": Kind("consultation", "/consultations/2023/yjya-zqyj/"),
    "hearing": Kind("document", "/hearings/2026/yljg-pj-tz/"),
    "interview": Kind("document", "/interviews/2026/xwtg/"),
    "meeting": Kind("document", "/meetings/2026/cwh-ljfl/"),
    "data catalogue": Kind("datasets", "/datasets/"),
    "data set with a chart": Kind("dataset", "/datasets/air-quality-monthly/"),
    "data set with a table": Kind("dataset", "/datasets/power-items/", ready=".grid tbody td"),
    "catalogue of information": Kind("catalogue", "/datasets/catalogue/"),
    "events of a data set": Kind("data-events", "/datasets/powers/changes/", "changed"),
    "changes of rows": Kind("row-changes", "/datasets/powers/changes/2026-05-01/", "changed"),
    "power": Kind("item", "/powers/slx-gf-mzj-003/"),
    "service": Kind("item", "/services/slx-fw-003/"),
    "search": Kind("search", "/search/"),
    "search with results": Kind("search", "/search/?q=办法", ready="#search-results li"),
    "search without results": Kind("search", "/search/?q=qqqqzzzz"),
    "verify": Kind("verify", "/verify/"),
    "request": Kind("request", "/request/?organ=mzj", ready="#request:not([hidden])"),
    "interaction": Kind("interaction", "/interaction/"),
    "organisations": Kind("organisations", "/organisations/"),
    "organisation": Kind("organisation", "/organisations/mzj/"),
    "accounts": Kind("media", "/media/"),
    "places": Kind("places", "/places/"),
    "topics": Kind("topics", "/topics/"),
    "topic": Kind("list", "/topics/zhzw/"),
    "log": Kind("log", "/log/"),
    "rules": Kind("rules", "/rules/"),
    "citations": Kind("citations", "/citations/"),
    "map of the site": Kind("sitemap", "/sitemap/"),
    "components": Kind("gallery", "/components/", "gallery"),
    "nothing there": Kind("404", "/no/such/page/"),
}
