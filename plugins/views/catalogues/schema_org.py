"""schema.org: the data block of a data set's page, and the catalogue's part of the JSON-LD (pure)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from plugins.models.iri import iri
from plugins.views.catalogues.entries import Entry, File
from plugins.views.frame import SiteFrame

SHORTEST, LONGEST = 50, 5_000
"""How long search engines want a description, in characters."""


def dataset(frame: SiteFrame, entry: Entry) -> dict[str, Any]:
    """A data set that may be known."""
    return {"@context": "https://schema.org/"} | _dataset(frame, entry)


def catalogue(frame: SiteFrame, entries: Sequence[Entry]) -> dict[str, Any]:
    """The whole catalogue; its terms are told in place, so that whoever reads it needs no other file."""
    return {
        "@context": {"@vocab": "https://schema.org/"},
        **_catalogue(frame),
        "dataset": [_dataset(frame, entry) for entry in entries if not entry.withheld],
    }


def _catalogue(frame: SiteFrame) -> dict[str, Any]:
    home = frame.addresses.absolute("datasets/")
    title = f"{frame.identity.name}数据目录"
    return {"@type": "DataCatalog", "@id": f"{home}#catalogue", "name": title, "url": home}


def _dataset(frame: SiteFrame, entry: Entry) -> dict[str, Any]:
    who = entry.publisher
    publisher = {"@type": "GovernmentOrganization", "@id": who.iri, "name": who.name, "url": who.page}
    found = {
        "@type": "Dataset",
        "@id": entry.iri,
        "name": entry.package.title,
        "description": described(entry),
        "url": entry.page,
        "identifier": entry.key("cn:resourceCode") or entry.iri,
        "license": entry.licence.address if entry.licence else "",
        "creator": {k: v for k, v in publisher.items() if v},
        "publisher": {"@id": who.iri},
        "keywords": list(entry.keywords),
        "datePublished": entry.issued,
        "dateModified": entry.updating.changed,
        "version": entry.version,
        "inLanguage": "zh-CN",
        "isAccessibleForFree": True,
        "conditionsOfAccess": entry.key("cn:openCondition"),
        "includedInDataCatalog": _catalogue(frame),
        "variableMeasured": _columns(entry),
        "distribution": [_download(file) for file in entry.files],
    }
    return {key: value for key, value in found.items() if value not in ("", [])}


def described(entry: Entry) -> str:
    """The description, within the lengths that search engines take: a short one goes on with what the tables hold."""
    text = entry.description
    if len(text) < SHORTEST:
        tables = (
            f"数据表“{t.title}”有 {t.rows} 行，各列为{'、'.join(str(f.get('title') or f['name']) for f in t.fields)}。"
            for t in entry.package.tables
        )
        text = f"{text.rstrip('。')}。由{entry.publisher.name}在{entry.page}提供，可免费获取。{''.join(tables)}"
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def _columns(entry: Entry) -> list[dict[str, str]]:
    columns = {
        str(f["name"]): (str(f.get("title") or f["name"]), str(f.get("description", "")))
        for table in entry.package.tables
        for f in table.fields
    }
    return [
        {"@type": "PropertyValue", "name": title, "alternateName": name} | ({"description": text} if text else {})
        for name, (title, text) in columns.items()
    ]


def _download(file: File) -> dict[str, str]:
    made = file.made
    return {
        "@type": "DataDownload",
        "@id": file.iri,
        "name": file.title,
        "contentUrl": iri(file.url),
        "encodingFormat": file.media_type or file.file_type,
        "contentSize": f"{made.bytes} B",
        "sha256": made.sha256,
    }
