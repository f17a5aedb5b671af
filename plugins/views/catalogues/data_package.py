"""The Data Package catalogue: a package whose resources are the descriptors of the data sets (pure)."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

from plugins.views.catalogues.entries import Entry
from plugins.views.datasets import canonical_descriptor
from plugins.views.frame import SiteFrame


def catalogue(frame: SiteFrame, entries: Sequence[Entry]) -> dict[str, Any] | None:
    """The catalogue of those that have files; None where there is none, since a package has one resource at least."""
    resources = [_resource(entry) for entry in entries if entry.files]
    if not resources:
        return None
    return {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "profile": "data-package-catalog",
        "name": "catalogue",
        "title": f"{frame.identity.name}数据目录",
        "homepage": frame.addresses.absolute("datasets/"),
        "resources": resources,
    }


def _resource(entry: Entry) -> dict[str, Any]:
    data = canonical_descriptor(entry.package.descriptor).encode()
    return {
        "profile": "data-package",
        "name": entry.package.name,
        "title": entry.package.title,
        "description": entry.description,
        "path": f"{entry.package.name}/datapackage.json",
        "format": "json",
        "mediatype": "application/json",
        "bytes": len(data),
        "hash": f"sha256:{hashlib.sha256(data).hexdigest()}",
    }
