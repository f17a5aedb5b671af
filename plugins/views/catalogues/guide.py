"""Resource catalogue and open catalogue of the 2017 guide, complete and on time (pure; 发改高技〔2017〕1272号).

Every data set has a row in the resource catalogue; the open catalogue holds those rows of it that are not 不予开放.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from plugins.models.package import OPEN_TYPES
from plugins.views.catalogues.entries import Entry
from plugins.views.frame import SiteFrame
from plugins.views.jobs import Job

FOLDER = "datasets/catalogue/"
COLUMNS: Mapping[str, str] = {
    "category": "信息资源分类",
    "name": "信息资源名称",
    "code": "信息资源代码",
    "provider": "信息资源提供方",
    "provider_code": "提供方代码",
    "summary": "信息资源摘要",
    "formats": "信息资源格式",
    "items": "信息项",
    "share_type": "共享类型",
    "share_condition": "共享条件",
    "share_method": "共享方式",
    "open": "是否向社会开放",
    "open_type": "开放类型",
    "open_condition": "开放条件",
    "cycle": "更新周期",
    "published": "发布日期",
    "changed": "最近更新",
    "due": "应更新日期",
    "timeliness": "更新情况",
    "related": "关联资源代码",
    "address": "网址",
}
"""The guide's core metadata, then what this site adds to them."""
_CORE = ("category", "name", "code", "provider", "provider_code", "share_type", "open_type", "cycle")
_OF_OPEN = ("summary", "formats", "items", "published")
"""Core metadata that a row of 不予开放 may not tell."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def guide_jobs(frame: SiteFrame, entries: Sequence[Entry]) -> Iterator[Job]:
    """/datasets/catalogue/ and both catalogues as CSV and JSON."""
    rows = [_row(frame, entry) for entry in entries]
    pairs = list(zip(rows, entries, strict=True))
    opened = [row for row, entry in pairs if not entry.withheld]
    rates = {"completeness": _completeness(rows), "timeliness": _timely(entries)}
    for name, chosen in (("resource-catalogue", rows), ("open-catalogue", opened)):
        yield Job(f"{FOLDER}{name}.csv", "plain", {"text": _csv(chosen)})
        yield Job(f"{FOLDER}{name}.json", "json", {"data": {"columns": dict(COLUMNS), "rows": chosen}})
    yield Job(f"{FOLDER}index.json", "json", {"data": {"total": len(rows), "open": len(opened), **rates}})
    yield frame.page(
        FOLDER,
        "catalogue",
        "政务信息资源目录",
        section="datasets/",
        crumbs=(("数据开放", "datasets/"),),
        description="本站全部数据资源的目录：哪些开放、在什么条件下开放，元数据是否完整，更新是否及时。",
        meta=frame.column("datasets/catalogue"),
        rows=[_shown(frame, row, entry) for row, entry in pairs],
        facts=_facts(rows, opened, rates),
        downloads=_downloads(frame, filed=any(entry.files for entry in entries)),
    )


def _row(frame: SiteFrame, entry: Entry) -> dict[str, str]:
    package, who, update = entry.package, entry.publisher, entry.updating
    known = frame.organisations.get(who.id)
    hidden = entry.withheld
    items = (f"{f.get('title') or f['name']}（{f.get('type', '')}）" for t in package.tables for f in t.fields)
    formats = dict.fromkeys(file.file_type for file in entry.files)
    return {
        "category": entry.key("cn:theme"),
        "name": package.title,
        "code": entry.key("cn:resourceCode"),
        "provider": frame.name_of(entry.key("cn:provider")) or who.name,
        "provider_code": entry.key("cn:providerCode") or ((known.code or "") if known else ""),
        "summary": "" if hidden else entry.key("description"),
        "formats": "" if hidden else "、".join(formats),
        "items": "" if hidden else "、".join(items),
        "share_type": entry.key("cn:shareType"),
        "share_condition": entry.key("cn:shareCondition"),
        "share_method": entry.key("cn:shareMethod"),
        "open": "否" if hidden else "是",
        "open_type": package.open_type,
        "open_condition": entry.key("cn:openCondition"),
        "cycle": entry.key("cn:updateCycle"),
        "published": entry.issued,
        "changed": entry.updating.changed,
        "due": update.due,
        "timeliness": _badge(entry),
        "related": entry.key("cn:relatedCodes"),
        "address": "" if hidden else entry.page,
    }


def _badge(entry: Entry) -> str:
    """Whether it is late; nothing where no day is set."""
    return ("更新逾期" if entry.updating.overdue else "更新及时") if entry.updating.due else ""


def asked(row: Mapping[str, str]) -> tuple[str, ...]:
    """The core metadata that a row owes: conditions only where there are some, nothing that 不予开放 may not tell."""
    found = _CORE + (_OF_OPEN if row["open"] == "是" else ())
    found += ("share_condition",) if row["share_type"] == "有条件共享" else ()
    return found + (("open_condition",) if row["open_type"] == OPEN_TYPES[1] else ())


def missing(row: Mapping[str, str]) -> list[str]:
    """The names of what a row owes and does not give; files of what is 有条件开放 are handed out on request."""
    handed = {"formats"} if row["open_type"] == OPEN_TYPES[1] else set()
    return [COLUMNS[name] for name in asked(row) if not row[name] and name not in handed]


def _completeness(rows: Sequence[Mapping[str, str]]) -> dict[str, Any]:
    wanted = sum(len(asked(row)) for row in rows)
    return _rate(wanted - sum(len(missing(row)) for row in rows), wanted)


def _timely(entries: Sequence[Entry]) -> dict[str, Any]:
    counted = [e.updating for e in entries if e.updating.due]
    return _rate(sum(not u.overdue for u in counted), len(counted))


def _rate(part: int, whole: int) -> dict[str, Any]:
    """A share as text with one decimal, rounded down so that 100 % is all of them; "" of nothing."""
    tenths = part * 1000 // whole if whole else 0
    return {"part": part, "whole": whole, "percent": f"{tenths // 10}.{tenths % 10}%" if whole else ""}


def _shown(frame: SiteFrame, row: Mapping[str, str], entry: Entry) -> dict[str, Any]:
    gone = missing(row)
    return {
        "title": row["name"],
        "url": "" if entry.withheld else frame.url(f"datasets/{entry.package.name}/"),
        "complete": f"缺{'、'.join(gone)}" if gone else "完整",
        **{k: row[k] for k in ("code", "provider", "category", "open_type", "cycle", "changed", "due", "timeliness")},
    }


def _facts(rows: Sequence[Any], opened: Sequence[Any], rates: Mapping[str, Any]) -> list[dict[str, str]]:
    complete, timely = rates["completeness"], rates["timeliness"]
    facts = {
        "目录条数": f"{len(rows)} 条",
        "其中开放": f"{len(opened)} 条",
        "元数据完整率": f"{complete['percent']}（{complete['part']} / {complete['whole']} 项）" if rows else "",
        "及时更新率": f"{timely['percent']}（{timely['part']} / {timely['whole']} 个）" if timely["whole"] else "",
    }
    return [{"label": label, "value": value, "url": ""} for label, value in facts.items() if value]


def _downloads(frame: SiteFrame, *, filed: bool) -> list[dict[str, str]]:
    """The catalogue's files; `filed` says whether any data set has files, of which alone a Data Package can tell."""
    packages = {"datasets/datapackage.json": "Data Package 目录"} if filed else {}
    files = {
        f"{FOLDER}resource-catalogue.csv": "资源目录，CSV",
        f"{FOLDER}resource-catalogue.json": "资源目录，JSON",
        f"{FOLDER}open-catalogue.csv": "开放目录，CSV",
        f"{FOLDER}open-catalogue.json": "开放目录，JSON",
        **packages,
        "catalog.ttl": "DCAT-AP，Turtle",
        "catalog.jsonld": "DCAT-AP 和 schema.org，JSON-LD",
        "data.json": "DCAT-US",
        "api/3/action/package_search": "CKAN 接口",
        "openapi.json": "接口说明，OpenAPI",
    }
    return [{"title": path.rsplit("/", 1)[-1], "url": frame.url(path), "note": note} for path, note in files.items()]


def _csv(rows: Sequence[Mapping[str, str]]) -> str:
    """UTF-8 CSV with the Chinese names of the columns; a cell that Excel would take for a formula begins with `'`."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS.values())
    writer.writerows(["'" + v if (v := row[k]).startswith(_FORMULA) else v for k in COLUMNS] for row in rows)
    return text.getvalue()
