"""CKAN's read actions as far as plain files can answer them truly (pure; CKAN API 3).

A plain file answers whatever the query string says. So only the actions are here whose whole answer is true for every
query of a harvester, which takes what it is given; `package_show?id=` would answer with the wrong data set, and stands
at one address per data set instead.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from plugins.models.iri import iri
from plugins.views.catalogues.entries import Entry, File
from plugins.views.frame import SiteFrame
from plugins.views.jobs import Job

ROOTS = ("api/3/action/", "api/action/")
"""The second is where ckanapi asks."""


def ckan_jobs(frame: SiteFrame, entries: Sequence[Entry]) -> Iterator[Job]:
    """The answers below both roots."""
    packages = [package(entry) for entry in entries if not entry.withheld]
    names = [p["name"] for p in packages]
    found = {"count": len(packages), "sort": "name asc", "facets": {}, "search_facets": {}, "results": packages}
    answers: dict[str, Any] = {
        "package_list": names,
        "package_search": found,
        "current_package_list_with_resources": packages,
    } | {f"package_show/{p['name']}": p for p in packages}
    for root in ROOTS:
        for path, result in answers.items():
            help_text = frame.addresses.absolute("openapi.json")
            yield Job(root + path, "json", {"data": {"help": help_text, "success": True, "result": result}})


def package(entry: Entry) -> dict[str, Any]:
    """A data set as CKAN has it; ids are made of addresses, so that they stay."""
    who, licence = entry.publisher, entry.licence
    organisation = {"id": _id(who.iri), "name": who.id or _id(who.iri), "title": who.name, "type": "organization"}
    extras = {
        "uri": entry.iri,
        "frequency": entry.frequency,
        "access_rights": entry.access,
        "theme": entry.theme,
        "cn:openType": entry.package.open_type,
        **{key: entry.key(key) for key in ("cn:resourceCode", "cn:updateCycle", "cn:theme", "cn:openCondition")},
    }
    return {
        "id": _id(entry.iri),
        "name": entry.package.name,
        "title": entry.package.title,
        "notes": entry.description,
        "url": iri(entry.page),
        "type": "dataset",
        "state": "active",
        "private": False,
        "author": who.name,
        "maintainer": who.name,
        "maintainer_email": who.email or None,
        "version": entry.version or None,
        "license_id": licence.name if licence else "",
        "license_title": licence.title if licence else "",
        "license_url": licence.address if licence else "",
        "metadata_created": f"{entry.issued}T00:00:00" if entry.issued else None,
        "metadata_modified": f"{entry.updating.changed}T00:00:00" if entry.updating.changed else None,
        "owner_org": organisation["id"],
        "organization": {**organisation, "state": "active", "is_organization": True, "approval_status": "approved"},
        "groups": [],
        "tags": [{"name": k, "display_name": k, "state": "active"} for k in entry.keywords],
        "num_tags": len(entry.keywords),
        "num_resources": len(entry.files),
        "extras": [{"key": key, "value": value} for key, value in extras.items() if value],
        "resources": [_resource(entry, file, n) for n, file in enumerate(entry.files)],
    }


def _resource(entry: Entry, file: File, position: int) -> dict[str, Any]:
    made = file.made
    return {
        "id": _id(file.iri),
        "package_id": _id(entry.iri),
        "position": position,
        "name": file.title,
        "description": f"{made.rows} 行",
        "url": iri(file.url),
        "format": file.file_type,
        "mimetype": file.media_type or None,
        "size": made.bytes,
        "hash": made.sha256,
        "last_modified": f"{entry.updating.changed}T00:00:00" if entry.updating.changed else None,
        "state": "active",
        "url_type": None,
        "resource_type": "file",
    }


def _id(address: str) -> str:
    return str(uuid5(NAMESPACE_URL, address))
