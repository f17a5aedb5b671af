"""The page of one data set (pure)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from plugins.models.distribution import FORMATS, Distribution
from plugins.models.licences import licence
from plugins.models.numbers import show_number
from plugins.models.package import Package, Table
from plugins.models.version import LEDGER
from plugins.rules.updating import Updating
from plugins.views.addresses import readable_bytes
from plugins.views.catalogues import schema_org
from plugins.views.catalogues.entries import entry
from plugins.views.charts import pictures
from plugins.views.contacts import letter, telephone
from plugins.views.data_versions import version_rows
from plugins.views.dataset_table import table_view
from plugins.views.frame import SiteFrame
from plugins.views.jobs import Job
from plugins.views.snippets import snippets

MOST_PAGES = 20
"""Pages of 1,000 rows that a browser may load all of; of longer tables it reads the parts that it needs."""
_OFFERED = ("original", "excel-csv", "xlsx", "parquet")
"""Forms with a button of their own."""
_KEYS = {
    "version": "版本",
    "created": "形成日期",
    "cn:openType": "开放类型",
    "cn:openCondition": "开放条件",
    "cn:updateCycle": "更新周期",
    "cn:priorityArea": "重点领域",
    "cn:theme": "主题",
    "cn:resourceCode": "资源代码",
}
_REQUEST = """数据集：{title}
网页：{url}

我需要的数据（内容、范围、时间、格式）：

用途：

联系方式："""
_FEEDBACK = """数据集：{title}
网页：{url}

发现的问题（表、行、列，现在的值，正确的值及依据）："""


def page_job(frame: SiteFrame, package: Package, files: Sequence[Distribution], data: str, *, sql: bool = False) -> Job:
    """index.html; `files` are all forms, none of what is given on application; `data` is the digest of what the charts
    show, "" for none.
    """
    folder = f"datasets/{package.name}/"
    descriptor = package.descriptor
    tables = [
        _table(frame, package, n, t, [f for f in files if f.table == t.name]) for n, t in enumerate(package.tables, 1)
    ]
    if sql:
        tables = [t | {"grid": t["grid"] | _sql(frame)} for t in tables]
    job = frame.page(
        folder,
        "dataset",
        package.title,
        section="datasets/",
        crumbs=(("数据开放", "datasets/"),),
        description=str(descriptor.get("description", package.title)),
        meta=frame.article(package.title, frame.issued(package), package.publisher),
        feed="log/feed.atom" if package.name == LEDGER else f"{folder}feed.atom",
        fields=_fields(frame, package),
        open=bool(files),
        condition=str(descriptor.get("cn:openCondition", "")),
        updating=_updating(frame.site.updates[package.name]),
        charts=pictures(frame, package) if data else [],
        tables=tables,
        files=[_file(frame, folder, package, one) for one in files],
        downloads=[
            {"title": "datapackage.json", "url": frame.url(f"{folder}datapackage.json"), "note": "数据包描述文件"},
            {"title": "SHA256SUMS", "url": frame.url(f"{folder}SHA256SUMS"), "note": "全部文件的校验值"},
        ]
        if files
        else [],
        licence=_licence(descriptor),
        reuses=_reuses(descriptor),
        contacts=_contacts(frame, package, folder),
        script=frame.url("static/table.js"),
        structured=schema_org.dataset(frame, entry(frame, package, files)),
        **version_rows(frame, package),
    )
    return replace(job, view={**job.view, "data": data}) if data else job


def _fields(frame: SiteFrame, package: Package) -> list[dict[str, str]]:
    publisher = package.publisher
    known = publisher in frame.organisations
    url = frame.url(f"organisations/{publisher}/") if known else ""
    shown = [{"label": "提供单位", "value": frame.name_of(publisher), "url": url}]
    for key, label in _KEYS.items():
        if value := package.descriptor.get(key):
            shown.append({"label": label, "value": str(value)[:10] if key == "created" else str(value), "url": ""})
    for written in package.basis:
        found = frame.site.find(written)
        url = frame.url(f"{found.id}/") if found else ""
        shown.append({"label": "依据", "value": found.title if found else show_number(written), "url": url})
    if changed := frame.site.updates[package.name].changed:
        shown.append({"label": "最近更新", "value": changed, "url": ""})
    if keywords := package.descriptor.get("keywords"):
        shown.append({"label": "关键词", "value": "、".join(str(k) for k in keywords), "url": ""})
    return shown


def _updating(found: Updating) -> dict[str, str]:
    """The banner: whether the data set is in time."""
    label = ("已逾期" if found.overdue else "按期更新") if found.due else ""
    return {"label": label, "sentence": found.sentence, "level": "warn" if found.overdue else "ok"}


def _licence(descriptor: Mapping[str, Any]) -> dict[str, str]:
    first = (descriptor.get("licenses") or [{}])[0]
    name, path = str(first.get("name", "")), str(first.get("path", ""))
    known = licence(name)
    return {
        "title": str(first.get("title") or (known.title if known else "") or name or path),
        "url": path if path.startswith(("http://", "https://")) else "",
        "sentence": known.sentence if known else "",
    }


def _reuses(descriptor: Mapping[str, Any]) -> list[dict[str, str]]:
    found = descriptor.get("cn:reuses") or ()
    return [{key: str(one.get(key, "")) for key in ("title", "url", "description")} for one in found]


def _contacts(frame: SiteFrame, package: Package, folder: str) -> list[dict[str, str]]:
    """Where data are asked for and mistakes told: the site's own form, else a letter that is begun already."""
    told = {"title": package.title, "url": frame.addresses.absolute(folder)}
    email, phone = frame.reach(package.publisher)
    found = []
    if form := frame.identity.data_requests:
        address = form.format_map({key: quote(value, safe="") for key, value in told.items()})
        found.append({"title": "申请数据或反馈问题", "url": address, "note": "在线提交"})
    if email:
        for title, text in (("申请数据", _REQUEST), ("反馈数据问题", _FEEDBACK)):
            url = letter(email, f"{title}：{package.title}", text.format_map(told))
            found.append({"title": title, "url": url, "note": email})
    if phone:
        found.append({"title": "电话咨询", "url": telephone(phone), "note": phone})
    return found


def _table(
    frame: SiteFrame, package: Package, number: int, table: Table, own: Sequence[Distribution]
) -> dict[str, Any]:
    """One table; `own` are its forms."""
    folder = f"datasets/{package.name}/"
    resources = package.descriptor.get("resources") or ()
    schema = next((r.get("schema") for r in resources if r.get("name") == table.name), None) or {}
    addressed = [(one, frame.addresses.absolute(folder + one.path)) for one in own]
    return table_view(table, schema, number) | {
        "downloads": [
            {
                "title": f"下载 {'CSV' if one.format == 'original' else FORMATS[one.format].label}",
                "url": frame.url(folder + one.path),
                "note": readable_bytes(one.bytes),
            }
            for one in own
            if one.format in _OFFERED and one.pages == 1
        ],
        "code": snippets(table, addressed, frame.addresses.absolute(f"{folder}SHA256SUMS")) if own else [],
        "grid": _grid(frame, folder, table, own),
    }


def _grid(frame: SiteFrame, folder: str, table: Table, own: Sequence[Distribution]) -> dict[str, str]:
    """Where the script finds the rows: attributes of the table's region. Words, because they become attributes."""
    by_format = {one.format: one for one in own}
    pages, parquet, csv = (by_format.get(name) for name in ("json", "parquet", "csv"))
    long = parquet is not None and parquet.pages == 1 and table.rows > MOST_PAGES * 1000
    return {
        "rows": str(table.rows),
        "name": table.name,
        "key": table.primary_key[0] if table.primary_key else "",
        "pages": frame.url(folder + pages.path.rsplit("/", 1)[0] + "/") if pages else "",
        "parquet": frame.url(folder + parquet.path) if parquet and long else "",
        "bytes": str(parquet.bytes) if parquet and long else "",
        "csv": frame.url(folder + csv.path) if csv else "",
        "reader": frame.url("static/vendor/hyparquet/"),
    }


def _sql(frame: SiteFrame) -> dict[str, str]:
    """Where the program lies that answers SQL."""
    names = {"sql": "duckdb-browser-eh.worker.js", "wasm": "duckdb-eh.wasm"}
    return {key: frame.url(f"static/vendor/duckdb/{name}") for key, name in names.items()}


def _file(frame: SiteFrame, folder: str, package: Package, one: Distribution) -> dict[str, str]:
    title = next((t.title for t in package.tables if t.name == one.table), "全部表")
    size = readable_bytes(one.bytes)
    return {
        "table": title,
        "title": FORMATS[one.format].label + (f"，编码 {_encoding(package, one)}" if one.format == "original" else ""),
        "path": one.path,
        "url": frame.url(folder + one.path),
        "bytes": size if one.pages == 1 else f"第 1 页 {size}，共 {one.pages} 页",
        "rows": str(one.rows),
        "sha256": one.sha256,
    }


def _encoding(package: Package, one: Distribution) -> str:
    return next((t.encoding for t in package.tables if t.name == one.table), "")
