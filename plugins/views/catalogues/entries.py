"""What every catalogue says of one data set, gathered once so that no two of them differ (pure; DCAT 3)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from plugins.models.authority import ACCESS, AUTHORITY, FREQUENCIES, theme_code
from plugins.models.distribution import FORMATS, Distribution
from plugins.models.iri import iri
from plugins.models.licences import licence
from plugins.models.package import WITHHELD, Package
from plugins.rules.updating import Updating
from plugins.views.frame import SiteFrame

_WEB = re.compile(r"https?://", re.IGNORECASE)
_WITHHELD_WORDS = "不予开放的数据集，只公布目录。"


@dataclass(frozen=True, slots=True)
class Agent:
    """Who publishes: `iri` names it, `page` is its page on this site ("" where it has none)."""

    iri: str
    id: str
    name: str
    page: str
    email: str
    phone: str


@dataclass(frozen=True, slots=True)
class Licence:
    """`iri` as the EU lists it where it does, `address` where its text is (or the same), `name` as written."""

    iri: str
    address: str
    name: str
    title: str


@dataclass(frozen=True, slots=True)
class File:
    """A published file with what the table of forms says of it; `media_type` is "" where IANA has none."""

    made: Distribution
    iri: str
    url: str
    title: str
    label: str
    media_type: str
    file_type: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One data set. `page` and `iri` are absolute; the codes of theme, frequency and access are those of the EU."""

    package: Package
    iri: str
    page: str
    description: str
    publisher: Agent
    licence: Licence | None
    keywords: Sequence[str]
    theme: str
    frequency: str
    access: str
    issued: str
    updating: Updating
    version: str
    files: Sequence[File]

    @property
    def withheld(self) -> bool:
        """Whether its row in the catalogue is all that may be known."""
        return self.package.open_type == WITHHELD

    def key(self, name: str) -> str:
        """A key of the descriptor as text, "" where it is not given."""
        value = self.package.descriptor.get(name, "")
        return "、".join(map(str, value)) if isinstance(value, list) else str(value)


def entries(frame: SiteFrame, files: Mapping[str, Sequence[Distribution]]) -> list[Entry]:
    """Every data set of the site in its order, what is 不予开放 too."""
    return [entry(frame, package, files.get(package.name, ())) for package in frame.site.packages]


def entry(frame: SiteFrame, package: Package, files: Sequence[Distribution]) -> Entry:
    """One data set with its files."""
    descriptor = package.descriptor
    folder = f"datasets/{package.name}/"
    absolute = frame.addresses.absolute
    withheld = package.open_type == WITHHELD
    page = absolute("datasets/" if withheld else folder)
    return Entry(
        package=package,
        iri=absolute("datasets/") + f"#{package.name}" if withheld else f"{page}#dataset",
        page=page,
        description=_WITHHELD_WORDS if withheld else str(descriptor.get("description") or package.title),
        publisher=agent(frame, package.publisher),
        licence=_licence(descriptor, page),
        keywords=sorted({str(k) for k in descriptor.get("keywords", ()) if str(k).strip()}),
        theme=theme_code(str(descriptor.get("cn:theme", ""))),
        frequency=_frequency(str(descriptor.get("cn:updateCycle", ""))),
        access=ACCESS[package.open_type],
        issued=frame.issued(package)[:10],
        updating=frame.site.updates[package.name],
        version=str(descriptor.get("version", "")),
        files=() if withheld else tuple(_files(package, page, files)),
    )


def agent(frame: SiteFrame, publisher: str) -> Agent:
    """The organisation of that id, or of a name that the directory does not hold; ways to reach it as far as known."""
    found = frame.organisations.get(publisher)
    email, phone = frame.reach(publisher)
    page = frame.addresses.absolute(f"organisations/{publisher}/") if found else ""
    return Agent(
        iri=f"{page}#agent" if page else frame.addresses.absolute("datasets/") + f"#agent-{quote(publisher, safe='')}",
        id=publisher if found else "",
        name=frame.name_of(publisher),
        page=page,
        email=email,
        phone=phone,
    )


def _licence(descriptor: Mapping[str, Any], page: str) -> Licence | None:
    first = next(iter(descriptor.get("licenses", ())), None)
    if first is None:
        return None
    name, path = str(first.get("name", "")), str(first.get("path", ""))
    held = licence(name)
    address = iri(path) if _WEB.match(path) else ""
    authority = f"{AUTHORITY}licence/{held.code}" if held and held.code else ""
    known = authority or address or f"{page}#licence"
    return Licence(known, address or known, name, str(first.get("title") or name or path))


def _frequency(cycle: str) -> str:
    return FREQUENCIES.get(cycle.strip(), "OTHER") if cycle else ""


def _files(package: Package, page: str, files: Sequence[Distribution]) -> Iterator[File]:
    titles = {table.name: table.title for table in package.tables}
    for made in files:
        form = FORMATS[made.format]
        media_type, file_type = form.media_type, form.file_type
        if made.format == "original" and made.path.lower().endswith(".tsv"):
            media_type, file_type = "text/tab-separated-values", "TSV"
        path = quote(made.path)
        yield File(
            made=made,
            iri=f"{page}#file-{quote(made.path, safe='')}",
            url=page + path,
            title=f"{titles.get(made.table, package.title)}（{form.label}）",
            label=form.label,
            media_type="" if "/x-" in media_type else media_type,
            file_type=file_type,
        )


def table_file(entry: Entry, table: str) -> File | None:
    """The file of a table that programs read as UTF-8 CSV with a header of field names; None where there is none.

    The form "csv" is made so; an original counts where its descriptor says nothing else.
    """
    own = [f for f in entry.files if f.made.table == table]
    if made := next((f for f in own if f.made.format == "csv"), None):
        return made
    resource: Mapping[str, Any] = next((r for r in entry.package.descriptor["resources"] if r.get("name") == table), {})
    plain = str(resource.get("encoding", "utf-8")).lower().replace("_", "-") in {"utf-8", "utf8"}
    usual = {"delimiter": ",", "quoteChar": '"', "header": True, "skipInitialSpace": False, "doubleQuote": True}
    plain = plain and all(value == usual.get(k, value) for k, value in resource.get("dialect", {}).items())
    return next((f for f in own if f.made.format == "original" and f.file_type == "CSV"), None) if plain else None
