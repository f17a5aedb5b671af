"""All catalogue files as jobs (pure)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from plugins.models.distribution import Distribution
from plugins.views.catalogues import croissant, csvw, data_package, dcat, dcat_us, openapi, ro_crate, schema_org
from plugins.views.catalogues.ckan import ckan_jobs
from plugins.views.catalogues.entries import Entry, entries
from plugins.views.catalogues.guide import guide_jobs
from plugins.views.frame import SiteFrame
from plugins.views.jobs import Job


def catalogue_jobs(frame: SiteFrame, files: Mapping[str, Sequence[Distribution]]) -> Iterator[Job]:
    """The catalogues of the site and the catalogue files of each data set; `files` are by the name of the package."""
    found = entries(frame, files)
    graph = dcat.graph(frame, found)
    yield Job("catalog.ttl", "turtle", {"prefixes": dict(dcat.PREFIXES), "graph": graph})
    both = [*graph, schema_org.catalogue(frame, found)]
    yield Job("catalog.jsonld", "json", {"data": {"@context": dict(dcat.PREFIXES), "@graph": both}})
    yield Job("data.json", "json", {"data": dcat_us.catalogue(frame, found)})
    yield Job("openapi.json", "json", {"data": openapi.openapi(frame, found)})
    if (packages := data_package.catalogue(frame, found)) is not None:
        yield Job("datasets/datapackage.json", "json", {"data": packages})
    yield from ckan_jobs(frame, found)
    yield from guide_jobs(frame, found)
    for entry in found:
        if not entry.withheld:
            yield from _of_one(frame, entry)


def _of_one(frame: SiteFrame, entry: Entry) -> Iterator[Job]:
    folder = f"datasets/{entry.package.name}/"
    yield Job(f"{folder}dataset.jsonld", "json", {"data": schema_org.dataset(frame, entry)})
    yield Job(f"{folder}croissant.json", "json", {"data": croissant.croissant(entry)})
    if (crate := ro_crate.crate(entry)) is not None:
        yield Job(f"{folder}{ro_crate.FILE}", "json", {"data": crate})
    tables = {table.name: table for table in entry.package.tables}
    for file in entry.files:
        if file.made.format == "original" and file.made.table in tables:
            data = csvw.metadata(entry, tables[file.made.table], file)
            yield Job(f"{folder}{file.made.path}{csvw.SUFFIX}", "json", {"data": data})
