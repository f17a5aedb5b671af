"""The catalogue as DCAT-AP 3.0.1: one graph, written as Turtle and as JSON-LD (pure).

Every node has an address, most below this site's own, so that the graph has no blank nodes and equal input gives equal
bytes. What the shapes of the profile ask to be typed (concepts, media types, algorithms) is typed here, in the graph.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from plugins.models.authority import AUTHORITY, LABELS
from plugins.models.iri import iri
from plugins.views.catalogues.entries import Agent, Entry, File, Licence, agent
from plugins.views.frame import SiteFrame

Node = dict[str, Any]
PREFIXES: Mapping[str, str] = {
    "adms": "http://www.w3.org/ns/adms#",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcatap": "http://data.europa.eu/r5r/",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "org": "http://www.w3.org/ns/org#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "spdx": "http://spdx.org/rdf/terms#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
_IANA = "https://www.iana.org/assignments/media-types/"
_SHA256 = "http://spdx.org/rdf/terms#checksumAlgorithm_sha256"
_SCHEMES = {
    "access-right": "开放程度",
    "data-theme": "数据主题",
    "file-type": "文件类型",
    "frequency": "更新频率",
    "language": "语言",
}


def words(text: str) -> Node:
    """Text that people read."""
    return {"@value": text, "@language": "zh"}


def plain(text: str) -> Node:
    """Text without a language."""
    return {"@value": text}


def typed(text: str, kind: str) -> Node:
    """A value of an XML Schema type."""
    return {"@value": text, "@type": f"xsd:{kind}"}


def link(address: str) -> Node:
    """Another node, or a page."""
    return {"@id": iri(address)}


class Graph:
    """Nodes by address, each once, in the order in which they were first named."""

    def __init__(self) -> None:
        self.nodes: dict[str, Node] = {}

    def node(self, address: str, types: Sequence[str], **parts: Iterable[Node]) -> Node:
        """A link to the node, which is made where it is new; `dct_title` stands for dct:title, empty parts are left."""
        key = iri(address)
        if key not in self.nodes:
            own = {name.replace("_", ":", 1): list(values) for name, values in parts.items()}
            self.nodes[key] = {"@id": key, "@type": list(types)} | {name: v for name, v in own.items() if v}
        return {"@id": key}

    def concept(self, scheme: str, code: str, *types: str) -> Iterator[Node]:
        """The concept of an EU list, with its label and list; nothing for no code."""
        if code:
            parts = {"skos_prefLabel": [words(LABELS.get(code, code))], "skos_inScheme": [self.scheme(scheme)]}
            yield self.node(f"{AUTHORITY}{scheme}/{code}", ["skos:Concept", *types], **parts)

    def scheme(self, name: str) -> Node:
        """An EU list."""
        return self.node(f"{AUTHORITY}{name}", ["skos:ConceptScheme"], dct_title=[words(_SCHEMES[name])])

    def agent(self, who: Agent) -> Node:
        """A publisher, with its page."""
        page = [self.page(who.page, who.name)] if who.page else []
        named = {"foaf_name": [plain(who.name)], "skos_prefLabel": [words(who.name)], "foaf_homepage": page}
        return self.node(who.iri, ["foaf:Agent", "org:Organization"], **named)

    def contact(self, who: Agent) -> Iterator[Node]:
        """How to reach a publisher; nothing where no address is known."""
        if who.email:
            tel = [link("tel:" + "".join(c for c in who.phone if c in "+-0123456789"))] if who.phone else []
            own = {"vcard_fn": [plain(who.name)], "vcard_hasEmail": [link(f"mailto:{who.email}")]}
            yield self.node(f"{who.iri}-contact", ["vcard:Kind", "vcard:Organization"], **own, vcard_hasTelephone=tel)

    def page(self, address: str, title: str) -> Node:
        """A page of this site."""
        return self.node(address, ["foaf:Document"], dct_title=[words(title)])

    def licence(self, licence: Licence | None) -> Iterator[Node]:
        """The licence as the EU lists it, else where its text is."""
        if licence:
            title = licence.title or licence.name
            name = [plain(licence.name)] if licence.name else []
            yield self.node(licence.iri, ["dct:LicenseDocument"], dct_title=[words(title)], dct_identifier=name)


def graph(frame: SiteFrame, entries: Sequence[Entry]) -> list[Node]:
    """The catalogue, its data sets and files, and whatever they name."""
    found = Graph()
    identity = frame.identity
    home = frame.addresses.absolute("datasets/")
    changed = max((e.updating.changed for e in entries), default="")
    title = f"{identity.name}数据目录"
    catalogue = {
        "dct_title": [words(title)],
        "dct_description": [words(identity.description or title)],
        "dct_publisher": [found.agent(_owner(frame))],
        "foaf_homepage": [found.page(home, title)],
        "dct_language": found.concept("language", "ZHO", "dct:LinguisticSystem"),
        "dct_modified": [typed(changed, "date")] if changed else [],
        "dcat_themeTaxonomy": [found.scheme("data-theme")],
        "dcat_dataset": [link(entry.iri) for entry in entries],
    }
    found.node(f"{home}#catalogue", ["dcat:Catalog"], **catalogue)
    for entry in entries:
        _dataset(frame, found, entry)
    return list(found.nodes.values())


def _owner(frame: SiteFrame) -> Agent:
    """Who keeps the catalogue: the site's owner, else whoever runs the site."""
    return agent(frame, frame.identity.owner or frame.identity.government)


def _dataset(frame: SiteFrame, found: Graph, entry: Entry) -> None:
    package = entry.package
    code = entry.key("cn:resourceCode")
    identifier = {"skos_notation": [plain(code)]}
    home = frame.addresses.absolute("datasets/")
    page = found.page(entry.page, package.title if entry.page != home else home)
    parts = {
        "dct_title": [words(package.title)],
        "dct_description": [words(entry.description)],
        "dct_identifier": [plain(entry.iri)],
        "adms_identifier": [found.node(f"{entry.iri}-code", ["adms:Identifier"], **identifier)] if code else [],
        "dct_publisher": [found.agent(entry.publisher)],
        "dcat_contactPoint": found.contact(entry.publisher),
        "dcat_landingPage": [page],
        "dcat_keyword": [words(k) for k in entry.keywords],
        "dcat_theme": found.concept("data-theme", entry.theme),
        "dct_accessRights": found.concept("access-right", entry.access, "dct:RightsStatement"),
        "dct_accrualPeriodicity": found.concept("frequency", entry.frequency, "dct:Frequency"),
        "dct_language": found.concept("language", "ZHO", "dct:LinguisticSystem"),
        "dct_issued": [typed(entry.issued, "date")] if entry.issued else [],
        "dct_modified": [typed(entry.updating.changed, "date")] if entry.updating.changed else [],
        "dcat_version": [plain(entry.version)] if entry.version else [],
        "dcat_distribution": [_file(found, entry, file) for file in entry.files],
    }
    found.node(entry.iri, ["dcat:Dataset"], **parts)


def _file(found: Graph, entry: Entry, file: File) -> Node:
    """A file: its day and that it is there are the data set's, and not said again for each of its forms."""
    made = file.made
    algorithm = found.node(_SHA256, ["spdx:ChecksumAlgorithm"])
    checksum = {"spdx_algorithm": [algorithm], "spdx_checksumValue": [typed(made.sha256, "hexBinary")]}
    media = [found.node(_IANA + file.media_type, ["dct:MediaType"])] if file.media_type else []
    formats = found.concept("file-type", file.file_type, "dct:MediaTypeOrExtent")
    parts = {
        "dct_title": [words(file.title)],
        "dcat_accessURL": [link(file.url)],
        "dcat_downloadURL": [link(file.url)],
        "dct_format": formats,
        "dcat_mediaType": media,
        "dcat_byteSize": [typed(str(made.bytes), "nonNegativeInteger")],
        "spdx_checksum": [found.node(f"{file.iri}-sha256", ["spdx:Checksum"], **checksum)],
        "dct_license": found.licence(entry.licence),
    }
    return found.node(file.iri, ["dcat:Distribution"], **parts)
