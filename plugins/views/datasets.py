"""Data packages: the list, a page for each, its descriptor, tables and checksums (pure)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from plugins.models.distribution import Distribution
from plugins.models.package import WITHHELD, Package
from plugins.views.charts import chart_data, svg_jobs
from plugins.views.data_versions import version_data, version_jobs, withdrawn_jobs
from plugins.views.dataset_page import page_job
from plugins.views.distributions import Files, distributions
from plugins.views.forms import published
from plugins.views.frame import SiteFrame
from plugins.views.jobs import Job, written


def drawing_jobs(frame: SiteFrame) -> Iterator[tuple[str, Job]]:
    """Named jobs whose JSON holds what the charts show: it stands in the pages, and the drawings are made from it."""
    return ((f"charts:{name}", job) for name, job in chart_data(published(frame.site)))


def dataset_jobs(frame: SiteFrame, between: Mapping[str, str], files: Files, *, sql: bool = False) -> Iterator[Job]:
    """/datasets/ and everything below it but the tables in all forms, which are `files`.

    不予开放 has its catalogue row and nothing else; 有条件开放 has its page with dictionary and condition, and no file.
    `between` are the digests of what `drawing_jobs` made; `sql` says whether pages can offer SQL.
    """
    found = distributions(frame.site, files)
    items = [_item(frame, p) for p in frame.site.packages]
    total = len(items)
    catalogue = frame.url("datasets/catalogue/")
    parts: dict[str, Any] = {"items": items, "total": total, "catalogue": catalogue, "meta": frame.column("datasets")}
    yield frame.page("datasets/", "datasets", "数据开放", section="datasets/", feed="", **parts)
    yield Job("datasets/index.json", "json", {"data": {"total": total, "items": items}})
    for package in frame.site.open_packages():
        data = between.get(f"charts:{package.name}", "")
        yield page_job(frame, package, found[package.name], data, sql=sql)
        yield from svg_jobs(package, data) if data else ()
        yield _index(frame, package, found[package.name])
        yield from version_jobs(frame, package)
    yield from withdrawn_jobs(frame)
    for package in published(frame.site):
        yield from _described(package, files)


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
        "overdue": opened and frame.site.updates[package.name].overdue,
    }


def _index(frame: SiteFrame, package: Package, found: Sequence[Distribution]) -> Job:
    """index.json: the descriptor, and each form of each table, and of the whole package."""
    tables = [_forms(t.name, t.title, t.rows, found) for t in package.tables]
    whole = _forms("", package.title, sum(t.rows for t in package.tables), found)
    data = {
        "descriptor": dict(package.descriptor),
        "versions": version_data(frame, package),
        "tables": tables,
        "forms": whole["forms"],
    }
    return Job(f"datasets/{package.name}/index.json", "json", {"data": data})


def _described(package: Package, files: Files) -> Iterator[Job]:
    """The descriptor, and the checksums of all files."""
    folder = f"datasets/{package.name}/"
    text = canonical_descriptor(package.descriptor)
    yield Job(f"{folder}datapackage.json", "plain", {"text": text})
    sums = {path.removeprefix(folder): digest for path, (digest, _) in files.items() if path.startswith(folder)}
    sums["datapackage.json"] = _sha256(text)
    lines = "".join(f"{digest}  {path}\n" for path, digest in sorted(sums.items()))
    yield Job(f"{folder}SHA256SUMS", "plain", {"text": lines})


def canonical_descriptor(descriptor: Mapping[str, Any]) -> str:
    """The descriptor as published: sorted keys, one fixed form."""
    return written(descriptor).decode() + "\n"


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _forms(name: str, title: str, rows: int, found: Sequence[Distribution]) -> dict[str, Any]:
    """A table, or the whole package (""), with its forms by id; `pages` where a form has several files."""
    forms: dict[str, Any] = {}
    for one in found:
        if one.table == name:
            forms[one.format] = {"path": one.path, "bytes": one.bytes, "sha256": one.sha256, "rows": one.rows}
            if one.pages > 1:
                forms[one.format]["pages"] = one.pages
    return {"name": name, "title": title, "rows": rows, "forms": forms}
