"""Versions of data sets: what must be made to know what changed, then their files, pages and feeds (pure)."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

from plugins.models.package import WITHHELD, Package
from plugins.models.version import DESCRIPTOR, LEDGER, DataVersion, as_text, data_id, listing, record, words_id
from plugins.views.addresses import readable_bytes
from plugins.views.change_pages import change_page, events_page
from plugins.views.frame import SiteFrame
from plugins.views.jobs import Job
from plugins.views.site import Site

_SAFE = re.compile(r"\w[\w.-]{0,79}")
_LISTED, _FEED = 20, 50


def original_jobs(site: Site) -> Iterator[tuple[str, Job]]:
    """The originals of every version, as objects to be read later."""
    for versions in site.data_versions.values():
        for version in versions:
            for path in _tables(version):
                yield f"{version.folder}{path}", _original("", version, path)


def made_jobs(site: Site) -> Iterator[tuple[str, Job]]:
    """What each version changed, and its tables as CSV. Views name bytes by their hash: each pair is compared once."""
    for package, versions in site.data_versions.items():
        for earlier, later in pairwise((None, *versions)):
            if later is not None:
                view = {"first": earlier is None, "tables": _pairs(earlier, later)}
                yield f"{package}/{later.name}/changes", Job("", "row-changes", view)
                for path, table in _csv(later).items():
                    yield f"{package}/{later.name}/{path}", Job("", "version-csv", table)


def with_made(site: Site, made: Mapping[str, tuple[str, int]], read: Callable[[str], bytes]) -> Site:
    """The site whose versions know what changed; `made` are digest and size of what `made_jobs` named."""
    found: dict[str, tuple[DataVersion, ...]] = {}
    for package, versions in site.data_versions.items():
        known = []
        for earlier, version in pairwise((None, *versions)):
            if version is not None:
                place = f"{package}/{version.name}"
                changes = json.loads(read(made[f"{place}/changes"][0]))
                licence = earlier is not None and earlier.descriptor.get("licenses") != version.descriptor.get(
                    "licenses"
                )
                csv = {path: made[f"{place}/{path}"] for path in _csv(version)}
                known.append(replace(version, changes={**changes, "licence": licence}, csv=csv))
        found[package] = tuple(known)
    return replace(site, data_versions=found)


def _tables(version: DataVersion) -> list[str]:
    return [path for path in version.files if path != DESCRIPTOR]


def _original(path: str, version: DataVersion, table: str) -> Job:
    return Job(path, "file", {"file": f"datasets/{version.folder}{table}", "sha256": version.files[table][0]})


def _named(version: DataVersion | None) -> dict[str, dict[str, Any]]:
    """The tables of a version by name, as renderers take them."""
    if version is None:
        return {}
    resources = version.descriptor["resources"]
    return {r["name"]: {"sha256": version.files[r["path"]][0], "resource": r} for r in resources}


def _pairs(earlier: DataVersion | None, later: DataVersion) -> list[dict[str, Any]]:
    old, new = _named(earlier), _named(later)
    return [{"earlier": old.get(name), "later": new.get(name)} for name in dict.fromkeys((*new, *old))]


def _csv(version: DataVersion) -> dict[str, dict[str, Any]]:
    """Path -> table of every CSV; a name that is no safe name of a file gives way to a number."""
    tables = enumerate(_named(version).items(), 1)
    return {f"files/{name if _SAFE.fullmatch(name) else f'table-{n}'}.csv": table for n, (name, table) in tables}


def version_jobs(frame: SiteFrame, package: Package) -> Iterator[Job]:
    """Everything of a data set that is of its versions, and its feed; the ledger's own page has none of it."""
    if package.name == LEDGER:
        return
    folder = f"datasets/{package.name}/"
    versions = frame.site.data_versions.get(package.name, ())
    for earlier, version in pairwise((None, *versions)):
        if version is not None:
            yield from _files(folder, version)
            yield from change_page(frame, package, earlier, version, _links(frame, folder, version))
    if events := _events(frame, package):
        rows = [_row(frame, folder, version) for version in reversed(versions)]
        yield from events_page(frame, package, rows, events)
        yield Job(f"{folder}changes/record.json", "plain", {"text": as_text(record(package.descriptor))})
    yield _feed(frame, package, versions)


def _files(folder: str, version: DataVersion) -> Iterator[Job]:
    """`v/<version>/`: nothing here depends on anything that comes later."""
    place = f"{folder}v/{version.name}/"
    for path in _tables(version):
        yield _original(place + path, version, path)
    for path, table in _csv(version).items():
        yield Job(place + path, "version-csv", table)
    yield Job(f"{place}{DESCRIPTOR}", "plain", {"text": as_text(version.descriptor)})
    yield Job(f"{place}SHA256SUMS", "plain", {"text": listing({**version.files, **version.csv})})


def version_rows(frame: SiteFrame, package: Package) -> dict[str, Any]:
    """What the page of a data set shows of its versions, newest first: `versions` and `versions_url`."""
    folder = f"datasets/{package.name}/"
    versions = frame.site.data_versions.get(package.name, ())
    rows = [_row(frame, folder, version) for version in reversed(versions[-_LISTED:])]
    return {"versions": rows, "versions_url": frame.url(f"{folder}changes/") if rows else ""}


def version_data(frame: SiteFrame, package: Package) -> list[dict[str, Any]]:
    """The versions for programs, newest first; paths are relative to the page of the data set."""
    folder = f"datasets/{package.name}/"
    return [
        {
            "version": version.name,
            "published": version.moment,
            "event": version.event,
            "note": version.note,
            "sha256": version.sha256,
            **_counts(version),
            "url": frame.addresses.absolute(f"{folder}changes/{version.name}/"),
            "files": [
                {"path": f"v/{version.name}/{path}", "bytes": size, "sha256": digest}
                for path, (digest, size) in sorted({**version.files, **version.csv}.items())
            ],
        }
        for version in reversed(frame.site.data_versions.get(package.name, ()))
    ]


def _counts(version: DataVersion) -> dict[str, int]:
    return {name: version.changes[name] for name in ("rows", "added", "removed", "changed")}


def _row(frame: SiteFrame, folder: str, version: DataVersion) -> dict[str, Any]:
    return {
        "name": version.name,
        "moment": version.moment,
        "note": version.note,
        "first": _is_first(version),
        **_counts(version),
        "url": frame.url(f"{folder}changes/{version.name}/"),
        "files": _links(frame, folder, version),
    }


def _links(frame: SiteFrame, folder: str, version: DataVersion) -> list[dict[str, str]]:
    place = f"{folder}v/{version.name}/"
    originals = {path: version.files[path] for path in _tables(version)}
    found = [
        {"title": path, "url": frame.url(place + path), "note": f"{what}，{readable_bytes(size)}"}
        for what, files in (("原始文件", originals), ("CSV（UTF-8）", version.csv))
        for path, (_, size) in files.items()
    ]
    sums = {"title": "SHA256SUMS", "url": frame.url(f"{place}SHA256SUMS"), "note": "校验值"}
    return [*found, {"title": DESCRIPTOR, "url": frame.url(place + DESCRIPTOR), "note": "读取这一版的说明"}, sums]


def _events(frame: SiteFrame, package: Package) -> list[dict[str, str]]:
    """What the ledger tells of a data set and of the words about it, newest first."""
    data = [{**event, "of": "数据"} for event in frame.site.history.get(data_id(package.name), ())]
    words = frame.site.history.get(words_id(package.name), ())
    every = [*data, *({**event, "of": "目录信息"} for event in words if event["event"] != "published")]
    return sorted(every, key=lambda event: event["moment"], reverse=True)


def withdrawn_jobs(frame: SiteFrame) -> Iterator[Job]:
    """The addresses of a data set that was published and is 不予开放 now: when it was withdrawn and why."""
    for package in frame.site.packages:
        events = _events(frame, package) if package.open_type == WITHHELD else []
        if events:
            yield from events_page(frame, package, [], events, folder=f"datasets/{package.name}/")
            yield from events_page(frame, package, [], events)


def _entry(frame: SiteFrame, package: Package, version: DataVersion) -> dict[str, str]:
    return {
        "title": f"{package.title}（{version.name} 版）",
        "url": frame.addresses.absolute(f"datasets/{package.name}/changes/{version.name}/"),
        "published": version.moment,
        "updated": version.moment,
        "summary": _summary(version),
        "author": frame.name_of(package.publisher),
    }


def _summary(version: DataVersion) -> str:
    """The note of the ledger, and the counts where it does not tell them."""
    counts = _counts(version)
    said = "新增 {added} 行，删除 {removed} 行，修改 {changed} 行".format_map(counts)
    said = "首次发布" if _is_first(version) else said
    parts = [version.note, "" if said in version.note else said, f"共 {counts['rows']} 行"]
    return "；".join(part for part in parts if part)


def _is_first(version: DataVersion) -> bool:
    return all(table["state"] == "first" for table in version.changes["tables"])


def _feed(frame: SiteFrame, package: Package, versions: Sequence[DataVersion]) -> Job:
    folder = f"datasets/{package.name}/"
    entries = [_entry(frame, package, version) for version in reversed(versions[-_FEED:])]
    view = {
        "title": f"{package.title} - {frame.identity.name}",
        "url": frame.addresses.absolute(f"{folder}feed.atom"),
        "page": frame.addresses.absolute(folder),
        "author": frame.name_of(package.publisher),
        "updated": versions[-1].moment if versions else "1970-01-01 00:00",
        "entries": entries,
    }
    return Job(f"{folder}feed.atom", "atom", view)


def newest_entries(frame: SiteFrame, count: int) -> list[dict[str, str]]:
    """The last version of each data set for the feed of the site, the newest `count`."""
    found = [
        _entry(frame, package, versions[-1])
        for package in frame.site.packages
        if (versions := frame.site.data_versions.get(package.name, ()))
    ]
    return sorted(found, key=lambda entry: entry["published"], reverse=True)[:count]
