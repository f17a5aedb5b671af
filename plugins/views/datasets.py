"""Data packages: the list, a page for each, its descriptor, tables and checksums (pure)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any

from plugins.models.package import WITHHELD, Package, Table
from plugins.rules.updating import Updating
from plugins.views.charts import chart_data, svg_jobs
from plugins.views.data_versions import version_data, version_jobs, withdrawn_jobs
from plugins.views.dataset_page import page_job
from plugins.views.distributions import distributions
from plugins.views.frame import SiteFrame
from plugins.views.jobs import Job, written
from plugins.views.site import Site


def open_packages(site: Site) -> list[Package]:
    """The data packages of which more is known than their row in the catalogue."""
    return [p for p in site.packages if p.open_type != WITHHELD]


def drawing_jobs(frame: SiteFrame) -> Iterator[tuple[str, Job]]:
    """Named jobs whose JSON holds what the charts show: it stands in the pages, and the drawings are made from it."""
    return ((f"charts:{name}", job) for name, job in chart_data(open_packages(frame.site)))


def dataset_jobs(frame: SiteFrame, between: Mapping[str, str], *, sql: bool = False) -> Iterator[Job]:
    """/datasets/ and everything below it; 不予开放 has its catalogue row and nothing else.

    `between` are the digests of what `drawing_jobs` made; `sql` says whether pages can offer SQL.
    """
    files = distributions(frame.site)
    items = [_item(frame, p) for p in frame.site.packages]
    total = len(items)
    catalogue = frame.url("datasets/catalogue/")
    parts: dict[str, Any] = {"items": items, "total": total, "catalogue": catalogue}
    yield frame.page("datasets/", "datasets", "数据开放", section="datasets/", feed="", **parts)
    yield Job("datasets/index.json", "json", {"data": {"total": total, "items": items}})
    for package in frame.site.packages:
        if package.open_type != WITHHELD:
            data = between.get(f"charts:{package.name}", "")
            yield page_job(frame, package, files[package.name], data, sql=sql)
            yield from svg_jobs(package, data) if data else ()
            yield from _package(frame, package)
            yield from version_jobs(frame, package)
    yield from withdrawn_jobs(frame)


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
        "overdue": opened and frame.site.updates.get(package.name, Updating()).overdue,
    }


def _package(frame: SiteFrame, package: Package) -> Iterator[Job]:
    folder = f"datasets/{package.name}/"
    descriptor = dict(package.descriptor)
    published = canonical_descriptor(descriptor)
    yield Job(f"{folder}datapackage.json", "plain", {"text": published})
    told = {
        "descriptor": descriptor,
        "versions": version_data(frame, package),
        "tables": [_forms(t) for t in package.tables],
    }
    yield Job(f"{folder}index.json", "json", {"data": told})
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
