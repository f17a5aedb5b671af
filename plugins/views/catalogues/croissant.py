"""Croissant 1.0: what programs that learn from data read of a data set (pure; MLCommons Croissant Format 1.0)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from plugins.models.iri import iri
from plugins.models.package import Table
from plugins.views.catalogues.entries import Entry, File, table_file

_TERMS = (
    "citeAs column conformsTo extract field fileProperty fileObject fileSet format includes isLiveDataset jsonPath key"
    " md5 parentField path recordSet references regex repeated replace samplingRate separator source subField transform"
    " equivalentProperty"
)
_CONTEXT: Mapping[str, Any] = {
    "@language": "zh",
    "@vocab": "https://schema.org/",
    **{term: f"cr:{term}" for term in _TERMS.split()},
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "rai": "http://mlcommons.org/croissant/RAI/",
    "sc": "https://schema.org/",
}
_TYPES = {
    "integer": "sc:Integer",
    "number": "sc:Float",
    "boolean": "sc:Boolean",
    "date": "sc:Date",
    "datetime": "sc:DateTime",
    "time": "sc:Time",
}
_VERSION = re.compile(r"\d+\.\d+\.\d+")


def croissant(entry: Entry) -> dict[str, Any]:
    """The data set with a record set for each table that programs can read as it lies there."""
    sets = [(t, f) for t in entry.package.tables if (f := table_file(entry, t.name))]
    numbers = {file.made.path: n for n, file in enumerate(entry.files, 1)}
    found = {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "@id": entry.iri,
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "name": entry.package.title,
        "description": entry.description,
        "url": iri(entry.page),
        "license": entry.licence.address if entry.licence else "",
        "creator": {"@type": "sc:Organization", "@id": entry.publisher.iri, "name": entry.publisher.name},
        "keywords": list(entry.keywords),
        "datePublished": entry.issued,
        "dateModified": entry.updating.changed,
        "version": entry.version if _VERSION.fullmatch(entry.version) else "",
        "citeAs": f"{entry.publisher.name}：{entry.package.title}。{entry.page}",
        "inLanguage": "zh-CN",
        "distribution": [_file(file, n) for n, file in enumerate(entry.files, 1)],
        "recordSet": [_records(t, f"file-{numbers[f.made.path]}", n) for n, (t, f) in enumerate(sets, 1)],
    }
    return {key: value for key, value in found.items() if value not in ("", [])}


def _file(file: File, number: int) -> dict[str, Any]:
    return {
        "@type": "cr:FileObject",
        "@id": f"file-{number}",
        "name": file.made.path,
        "description": file.title,
        "contentUrl": iri(file.url),
        "contentSize": f"{file.made.bytes} B",
        "encodingFormat": file.media_type or "application/octet-stream",
        "sha256": file.made.sha256,
    }


def _records(table: Table, file: str, number: int) -> dict[str, Any]:
    ids = {str(field["name"]): f"table-{number}/field-{n}" for n, field in enumerate(table.fields, 1)}
    found: dict[str, Any] = {
        "@type": "cr:RecordSet",
        "@id": f"table-{number}",
        "name": table.name,
        "description": table.title,
        "field": list(_fields(table, file, ids)),
    }
    if table.primary_key:
        found["key"] = [{"@id": ids[name]} for name in table.primary_key]
    return found


def _fields(table: Table, file: str, ids: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    for field in table.fields:
        name = str(field["name"])
        yield {
            "@type": "cr:Field",
            "@id": ids[name],
            "name": name,
            "description": str(field.get("description") or field.get("title") or name),
            "dataType": _TYPES.get(str(field.get("type")), "sc:Text") if _usual(field) else "sc:Text",
            "source": {"fileObject": {"@id": file}, "extract": {"column": name}},
        }


def _usual(field: Mapping[str, Any]) -> bool:
    """Whether cells are written as any reader of the type expects them."""
    special = {"format", "decimalChar", "groupChar", "bareNumber", "trueValues", "falseValues"} & field.keys()
    return special <= {"format"} and field.get("format", "default") == "default"
