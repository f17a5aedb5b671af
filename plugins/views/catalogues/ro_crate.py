"""RO-Crate 1.1: a data set's folder as archives and research tools take it in (pure)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from plugins.models.iri import iri
from plugins.views.catalogues.entries import Entry, File

FILE = "ro-crate-metadata.json"


def crate(entry: Entry) -> dict[str, Any] | None:
    """The crate; None where no date is known or no licence given: the norm asks for both, and neither is made up."""
    if not entry.issued or entry.licence is None:
        return None
    return {"@context": "https://w3id.org/ro/crate/1.1/context", "@graph": list(_graph(entry))}


def _graph(entry: Entry) -> Iterator[dict[str, Any]]:
    licence, who = entry.licence, entry.publisher
    about = {"@id": FILE, "@type": "CreativeWork", "conformsTo": {"@id": "https://w3id.org/ro/crate/1.1"}}
    yield about | {"about": {"@id": "./"}}
    descriptor = {"@id": "datapackage.json", "@type": "File", "name": "数据包描述文件"}
    descriptor |= {"encodingFormat": "application/json", "description": "Data Package"}
    files = [descriptor] if entry.files else []
    files += [_file(file) for file in entry.files]
    root: dict[str, Any] = {
        "@id": "./",
        "@type": "Dataset",
        "name": entry.package.title,
        "description": entry.description,
        "url": iri(entry.page),
        "identifier": entry.iri,
        "datePublished": entry.issued,
        "dateModified": entry.updating.changed,
        "license": {"@id": licence.address} if licence else None,
        "publisher": {"@id": who.iri},
        "keywords": list(entry.keywords),
        "version": entry.version,
        "hasPart": [{"@id": part["@id"]} for part in files],
    }
    yield {key: value for key, value in root.items() if value not in ("", [])}
    yield from files
    if licence:
        named = {"name": licence.title, "description": f"许可：{licence.title}"}
        yield {"@id": licence.address, "@type": "CreativeWork", **named}
    page = {"url": who.page} if who.page else {}
    yield {"@id": who.iri, "@type": "Organization", "name": who.name, **page}


def _file(file: File) -> dict[str, str]:
    return {
        "@id": quote(file.made.path),
        "@type": "File",
        "name": file.title,
        "encodingFormat": file.media_type or file.label,
        "contentSize": str(file.made.bytes),
        "sha256": file.made.sha256,
    }
