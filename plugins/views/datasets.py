"""Data packages: the list, a page for each, its descriptor, tables and checksums (pure)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any

from plugins.models.package import WITHHELD, Package, Table
from plugins.views.addresses import readable_bytes
from plugins.views.frame import SiteFrame
from plugins.views.jobs import Job, written
from plugins.views.site import Site

_SHOWN_ROWS = 20
_KEYS = {
    "version": "版本",
    "created": "发布日期",
    "cn:openType": "开放类型",
    "cn:openCondition": "开放条件",
    "cn:updateCycle": "更新周期",
    "cn:priorityArea": "重点领域",
    "cn:theme": "主题",
    "cn:resourceCode": "资源代码",
}
_RULES = {
    "required": "必填",
    "unique": "不重复",
    "minimum": "最小 {}",
    "maximum": "最大 {}",
    "minLength": "至少 {} 个字符",
    "maxLength": "至多 {} 个字符",
    "pattern": "格式 {}",
    "enum": "取值 {}",
}


def open_packages(site: Site) -> list[Package]:
    """The data packages of which more is known than their row in the catalogue."""
    return [p for p in site.packages if p.open_type != WITHHELD]


def dataset_jobs(frame: SiteFrame) -> Iterator[Job]:
    """/datasets/ and everything below it; 不予开放 has its catalogue row and nothing else."""
    items = [_item(frame, p) for p in frame.site.packages]
    total = len(items)
    yield frame.page("datasets/", "datasets", "数据开放", section="datasets/", feed="", items=items, total=total)
    yield Job("datasets/index.json", "json", {"data": {"total": total, "items": items}})
    for package in frame.site.packages:
        if package.open_type != WITHHELD:
            yield from _package(frame, package)


def _item(frame: SiteFrame, package: Package) -> dict[str, Any]:
    opened = package.open_type != WITHHELD
    return {
        "title": package.title,
        "url": frame.url(f"datasets/{package.name}/") if opened else "",
        "description": str(package.descriptor.get("description", "")) if opened else "",
        "publisher": frame.name_of(package.publisher),
        "open_type": package.open_type,
        "cycle": str(package.descriptor.get("cn:updateCycle", "")),
        "rows": sum(t.rows for t in package.tables) if opened else 0,
    }


def _package(frame: SiteFrame, package: Package) -> Iterator[Job]:
    folder = f"datasets/{package.name}/"
    descriptor = dict(package.descriptor)
    yield frame.page(
        folder,
        "dataset",
        package.title,
        section="datasets/",
        crumbs=(("数据开放", "datasets/"),),
        description=str(descriptor.get("description", package.title)),
        fields=_fields(frame, package),
        open=True,
        tables=[_table(frame, folder, t) for t in package.tables],
        downloads=[
            {"title": "datapackage.json", "url": frame.url(f"{folder}datapackage.json"), "note": "数据包描述文件"},
            {"title": "SHA256SUMS", "url": frame.url(f"{folder}SHA256SUMS"), "note": "全部文件的校验值"},
        ],
        licence=_licence(descriptor),
    )
    published = canonical_descriptor(descriptor)
    yield Job(f"{folder}datapackage.json", "plain", {"text": published})
    data = {"descriptor": descriptor, "versions": [], "tables": [_forms(t) for t in package.tables]}
    yield Job(f"{folder}index.json", "json", {"data": data})
    sums = {t.path: t.sha256 for t in package.tables} | {"datapackage.json": _sha256(published)}
    text = "".join(f"{digest}  {path}\n" for path, digest in sorted(sums.items()))
    yield Job(f"{folder}SHA256SUMS", "plain", {"text": text})
    for table in package.tables:
        yield Job(folder + table.path, "file", {"file": f"{folder}{table.path}", "sha256": table.sha256})


def canonical_descriptor(descriptor: Mapping[str, Any]) -> str:
    """The descriptor as published: sorted keys, one fixed form."""
    return written(descriptor).decode() + "\n"


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _forms(table: Table) -> dict[str, Any]:
    form = {"path": table.path, "bytes": table.bytes, "sha256": table.sha256, "rows": table.rows}
    return {"name": table.name, "title": table.title, "forms": {"original": form}}


def _fields(frame: SiteFrame, package: Package) -> list[dict[str, str]]:
    publisher = package.publisher
    known = publisher in frame.organisations
    url = frame.url(f"organisations/{publisher}/") if known else ""
    shown = [{"label": "提供单位", "value": frame.name_of(publisher), "url": url}]
    for key, label in _KEYS.items():
        if value := package.descriptor.get(key):
            shown.append({"label": label, "value": str(value)[:10] if key == "created" else str(value), "url": ""})
    if keywords := package.descriptor.get("keywords"):
        shown.append({"label": "关键词", "value": "、".join(str(k) for k in keywords), "url": ""})
    return shown


def _licence(descriptor: Mapping[str, Any]) -> dict[str, str]:
    first = descriptor["licenses"][0]
    path = str(first.get("path", ""))
    url = path if path.startswith(("http://", "https://")) else ""
    return {"title": str(first.get("title") or first.get("name") or path), "url": url}


def _table(frame: SiteFrame, folder: str, table: Table) -> dict[str, Any]:
    shown = table.head[:_SHOWN_ROWS]
    return {
        "title": table.title,
        "name": table.name,
        "rows": table.rows,
        "bytes_text": readable_bytes(table.bytes),
        "sha256": table.sha256,
        "url": frame.url(folder + table.path),
        "encoding": table.encoding,
        "columns": [_column(f) for f in table.fields],
        "header": [str(f.get("title") or f["name"]) for f in table.fields],
        "head": [list(row) for row in shown],
        "head_note": f"前 {len(shown)} 行，共 {table.rows} 行",
    }


def _column(field: Mapping[str, Any]) -> dict[str, str]:
    rules = [
        _RULES[k].format("、".join(map(str, v)) if isinstance(v, list) else v)
        for k, v in field.get("constraints", {}).items()
        if k in _RULES and v is not False
    ]
    summary = field.get("summary", {})
    words = {"missing": "缺 {} 个", "distinct": "{} 种取值", "min": "最小 {}", "max": "最大 {}", "mean": "平均 {}"}
    return {
        "name": str(field["name"]),
        "title": str(field.get("title", "")),
        "type": str(field.get("type", "")),
        "description": str(field.get("description", "")),
        "rules": "；".join(rules),
        "summary": "；".join(w.format(summary[k]) for k, w in words.items() if summary.get(k) not in (None, "")),
    }
