"""DCAT-US 3.0 (`/data.json`): nested, with the short names that its readers know and their meaning told inside (pure).

The names are those of the norm and of its forerunner's `data.json`; the context stands in the file, so that a reader of
JSON-LD gets the same graph without fetching anything.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from plugins.models.authority import AUTHORITY
from plugins.models.iri import iri
from plugins.views.catalogues.dcat import PREFIXES
from plugins.views.catalogues.entries import Agent, Entry, File, agent
from plugins.views.frame import SiteFrame


def _at(term: str, kind: str = "") -> str | dict[str, str]:
    return {"@id": term, "@type": kind} if kind else term


_CONTEXT: Mapping[str, Any] = {
    **PREFIXES,
    "title": _at("dct:title"),
    "description": _at("dct:description"),
    "identifier": _at("dct:identifier"),
    "issued": _at("dct:issued", "xsd:date"),
    "modified": _at("dct:modified", "xsd:date"),
    "keyword": _at("dcat:keyword"),
    "version": _at("dcat:version"),
    "homepage": _at("foaf:homepage", "@id"),
    "language": _at("dct:language", "@id"),
    "publisher": _at("dct:publisher"),
    "name": _at("foaf:name"),
    "prefLabel": _at("skos:prefLabel"),
    "contactPoint": _at("dcat:contactPoint"),
    "fn": _at("vcard:fn"),
    "hasEmail": _at("vcard:hasEmail", "@id"),
    "landingPage": _at("dcat:landingPage", "@id"),
    "accessRights": _at("dct:accessRights", "@id"),
    "accrualPeriodicity": _at("dct:accrualPeriodicity", "@id"),
    "theme": _at("dcat:theme", "@id"),
    "license": _at("dct:license", "@id"),
    "dataset": _at("dcat:dataset"),
    "distribution": _at("dcat:distribution"),
    "accessURL": _at("dcat:accessURL", "@id"),
    "downloadURL": _at("dcat:downloadURL", "@id"),
    "mediaType": _at("dcat:mediaType", "@id"),
    "format": _at("dct:format", "@id"),
    "byteSize": _at("dcat:byteSize", "xsd:nonNegativeInteger"),
    "checksum": _at("spdx:checksum"),
    "algorithm": _at("spdx:algorithm", "@id"),
    "checksumValue": _at("spdx:checksumValue", "xsd:hexBinary"),
}
_IANA = "https://www.iana.org/assignments/media-types/"
_SHA256 = "http://spdx.org/rdf/terms#checksumAlgorithm_sha256"


def catalogue(frame: SiteFrame, entries: Sequence[Entry]) -> dict[str, Any]:
    """The catalogue with all data sets, of what is 不予开放 the row alone."""
    identity = frame.identity
    home = frame.addresses.absolute("datasets/")
    title = f"{identity.name}数据目录"
    owner = agent(frame, identity.owner or identity.government)
    return _given(
        {
            "@context": _CONTEXT,
            "@id": f"{home}#catalogue",
            "@type": "dcat:Catalog",
            "title": title,
            "description": identity.description or title,
            "publisher": _organisation(owner),
            "contactPoint": _contact(owner),
            "homepage": home,
            "language": f"{AUTHORITY}language/ZHO",
            "modified": max((e.updating.changed for e in entries), default=""),
            "dataset": [_dataset(entry) for entry in entries],
        }
    )


def _dataset(entry: Entry) -> dict[str, Any]:
    return _given(
        {
            "@id": entry.iri,
            "@type": "dcat:Dataset",
            "identifier": entry.iri,
            "title": entry.package.title,
            "description": entry.description,
            "keyword": list(entry.keywords),
            "publisher": _organisation(entry.publisher),
            "contactPoint": _contact(entry.publisher),
            "landingPage": iri(entry.page),
            "accessRights": f"{AUTHORITY}access-right/{entry.access}",
            "accrualPeriodicity": f"{AUTHORITY}frequency/{entry.frequency}" if entry.frequency else "",
            "theme": f"{AUTHORITY}data-theme/{entry.theme}" if entry.theme else "",
            "language": f"{AUTHORITY}language/ZHO",
            "issued": entry.issued,
            "modified": entry.updating.changed,
            "version": entry.version,
            "distribution": [_file(entry, file) for file in entry.files],
        }
    )


def _file(entry: Entry, file: File) -> dict[str, Any]:
    made = file.made
    return _given(
        {
            "@id": file.iri,
            "@type": "dcat:Distribution",
            "title": file.title,
            "accessURL": iri(file.url),
            "downloadURL": iri(file.url),
            "mediaType": _IANA + file.media_type if file.media_type else "",
            "format": f"{AUTHORITY}file-type/{file.file_type}",
            "byteSize": str(made.bytes),
            "license": entry.licence.iri if entry.licence else "",
            "modified": entry.updating.changed,
            "checksum": {
                "@id": f"{file.iri}-sha256",
                "@type": "spdx:Checksum",
                "algorithm": _SHA256,
                "checksumValue": made.sha256,
            },
        }
    )


def _organisation(who: Agent) -> dict[str, str]:
    return {"@id": who.iri, "@type": "org:Organization", "name": who.name, "prefLabel": who.name}


def _contact(who: Agent) -> dict[str, str] | str:
    if not who.email:
        return ""
    kind = {"@id": f"{who.iri}-contact", "@type": "vcard:Kind"}
    return kind | {"fn": who.name, "hasEmail": iri(f"mailto:{who.email}")}


def _given(node: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in node.items() if value not in ("", [])}
