"""Pages of what changed in a data set: from one version to the next, and all events (pure)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from plugins.models.package import WITHHELD, Package, Table
from plugins.models.version import DataVersion
from plugins.rules.validity import show_day
from plugins.views.frame import SiteFrame
from plugins.views.jobs import Job
from plugins.views.versions import EVENTS

_SAID = {
    "type": "类型",
    "format": "格式",
    "constraints": "要求",
    "missingValues": "缺失值",
    "trueValues": "真值",
    "falseValues": "假值",
}


def change_page(
    frame: SiteFrame,
    package: Package,
    earlier: DataVersion | None,
    version: DataVersion,
    files: Sequence[Mapping[str, str]],
) -> Iterator[Job]:
    """`changes/<version>/`: counts by table, columns, examples of rows; and the same as JSON."""
    folder, changes = f"datasets/{package.name}/changes/{version.name}/", version.changes
    titles = {table.name: table for table in package.tables}
    before = earlier.name if earlier else ""
    facts = (("发布时间", version.moment), ("说明", version.note), ("版本校验值（SHA-256）", version.sha256))
    yield frame.page(
        folder,
        "row-changes",
        f"{package.title}：{version.name} 版的变化" if before else f"{package.title}：{version.name} 版",
        section="datasets/",
        crumbs=(("数据开放", "datasets/"), (package.title, f"datasets/{package.name}/")),
        meta=frame.article(f"{package.title}：{version.name} 版", version.moment, package.publisher),
        earlier=before,
        earlier_url=frame.url(f"datasets/{package.name}/changes/{before}/") if before else "",
        facts=[{"label": label, "value": value} for label, value in facts if value],
        licence=changes["licence"],
        counts={name: changes[name] for name in ("rows", "earlier_rows", "added", "removed", "changed")},
        tables=[_table(one, titles.get(one["name"])) for one in changes["tables"]],
        files=files,
    )
    data = {"dataset": package.name, "version": version.name, "previous": before, "published": version.moment}
    data |= {"event": version.event, "note": version.note, "sha256": version.sha256, **changes}
    yield Job(f"{folder}index.json", "json", {"data": data})


def _table(one: Mapping[str, Any], table: Table | None) -> dict[str, Any]:
    """A table's part of the page; columns are called by their present titles where they have one."""
    titles = {str(f["name"]): str(f.get("title") or f["name"]) for f in table.fields} if table else {}

    def named(name: str) -> str:
        return titles.get(name, name)

    columns, examples = one["columns"], one["examples"]
    return {
        "title": table.title if table else one["name"],
        **{k: one[k] for k in ("state", "rows", "earlier_rows", "added", "removed", "changed")},
        "by": "、".join(named(name) for name in one["by"]),
        "header": [named(name) for name in one["header"]],
        "columns": {
            "added": [{"name": c["name"], "title": named(c["name"])} for c in columns.get("added", ())],
            "removed": [{"name": c["name"], "title": named(c["name"])} for c in columns.get("removed", ())],
            "changed": [
                {"name": c["name"], "title": named(c["name"]), "what": _what(c)} for c in columns.get("changed", ())
            ],
        },
        "examples": {
            "added": examples["added"],
            "removed": examples["removed"],
            "changed": [
                {"key": "，".join(row["key"]), "cells": [{**c, "column": named(c["column"])} for c in row["cells"]]}
                for row in examples["changed"]
            ],
        },
    }


def _what(column: Mapping[str, Any]) -> str:
    """How a column's declaration changed, in words."""
    keys = sorted({*column["earlier"], *column["later"]}, key=lambda k: (k != "type", k))
    if "type" in keys:
        return f"类型由 {column['earlier'].get('type', 'string')} 改为 {column['later'].get('type', 'string')}"
    return "、".join(_SAID.get(key, "读法") for key in keys) + "有更改"


def events_page(
    frame: SiteFrame,
    package: Package,
    rows: Sequence[Mapping[str, Any]],
    events: Sequence[Mapping[str, str]],
    folder: str = "",
) -> Iterator[Job]:
    """`changes/`, or the page itself of what was withdrawn: versions and all events, newest first; and as JSON."""
    home, withdrawn = f"datasets/{package.name}/", package.open_type == WITHHELD
    folder = folder or f"{home}changes/"
    crumbs = [("数据开放", "datasets/")] if folder == home else [("数据开放", "datasets/"), (package.title, home)]
    shown = [
        {
            "title": event["of"],
            "url": "",
            "label": EVENTS[event["event"]],
            "moment": event["moment"],
            "note": event["note"],
        }
        for event in events
    ]
    last = next((event for event in events if event["event"] == "withdrawn"), None)
    yield frame.page(
        folder,
        "data-events",
        package.title if folder == home else f"{package.title}：历次版本和更改",
        section="datasets/",
        crumbs=crumbs,
        meta=frame.article(package.title, events[-1]["moment"] if events else "", package.publisher),
        feed="" if withdrawn else f"{home}feed.atom",
        withdrawn=show_day(last["moment"][:10]) if withdrawn and last else "",
        reason=last["note"] if withdrawn and last else "",
        versions=rows,
        events=shown,
    )
    data = {"dataset": package.name, "withdrawn": withdrawn, "events": list(events)}
    yield Job(f"{folder}index.json", "json", {"data": data})
