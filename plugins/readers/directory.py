"""site.yml and the lists beside it become models and faults (pure)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from plugins.models.directory import Organisation, SiteIdentity, Topic
from plugins.models.faults import Fault, fault
from plugins.models.media import Account
from plugins.readers.header import Header, parse_yaml
from plugins.readers.media import answered_for
from plugins.readers.private import check_text, mobiles
from plugins.readers.synonyms import read_synonyms
from plugins.readers.text import decode
from plugins.readers.validation import Places, validate

Row = TypeVar("Row", Organisation, Topic, Account)


@dataclass(slots=True)
class Directory:
    """Who publishes: the site, its organisations, topics and accounts by id, in the order of their files; groups of
    synonyms.
    """

    identity: SiteIdentity | None = None
    organisations: dict[str, Organisation] = field(default_factory=dict)
    topics: dict[str, Topic] = field(default_factory=dict)
    accounts: dict[str, Account] = field(default_factory=dict)
    synonyms: list[tuple[str, ...]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    places: Places = field(default_factory=dict)
    """Where the keys of site.yml stand."""


def read_directory(files: Mapping[str, bytes]) -> Directory:
    """The directory from the bytes of its files by name; a missing site.yml or organisations.yml is a fault."""
    directory = Directory()
    for name in ("site.yml", "organisations.yml"):
        if name not in files:
            directory.faults.append(fault("S301", f"content/{name}", file=name))
    if "site.yml" in files:
        header = _header(files["site.yml"], "content/site.yml", directory.faults)
        identity, directory.places, found = validate(SiteIdentity, header, "content/site.yml")
        directory.identity = identity
        directory.faults += [] if header.faults else found
    organisations = _rows(Organisation, files, "organisations.yml", directory.faults)
    accounts = _rows(Account, files, "media.yml", directory.faults)
    directory.organisations = {name: row for name, (row, _) in organisations.items()}
    directory.topics = {name: row for name, (row, _) in _rows(Topic, files, "topics.yml", directory.faults).items()}
    directory.accounts = {name: row for name, (row, _) in accounts.items()}
    directory.faults += answered_for(accounts, organisations)
    if "synonyms.yml" in files:
        header = _header(files["synonyms.yml"], "content/synonyms.yml", directory.faults)
        directory.synonyms, found = read_synonyms(header, "content/synonyms.yml")
        directory.faults += [] if header.faults else found
    phones = mobiles(text for one in directory.organisations.values() for text in one.telephones())
    for name, data in files.items():
        directory.faults += check_text(data.decode(errors="replace"), f"content/{name}", 1, phones)
    for row, places in organisations.values():
        if row.parent and row.parent not in organisations:
            directory.faults.append(fault("D110", "content/organisations.yml", *places["parent"], value=row.parent))
    return directory


def _header(data: bytes, path: str, faults: list[Fault]) -> Header:
    text, found = decode(data, path)
    faults += found
    header = parse_yaml(text, path) if text is not None else Header(faults=[fault("F101", path)])
    faults += header.faults if text is not None else []
    return header


def _rows(
    model: type[Row], files: Mapping[str, bytes], name: str, faults: list[Fault]
) -> dict[str, tuple[Row, Places]]:
    """The rows of one list by id, each with where its keys stand; the first of two rows with one id is kept."""
    path = f"content/{name}"
    if name not in files:
        return {}
    header = _header(files[name], path, faults)
    if not isinstance(header.value, list):
        faults += [] if header.faults else [fault("S304", path, 1)]
        return {}
    rows: dict[str, tuple[Row, Places]] = {}
    for n in range(len(header.value)):
        row, places, found = validate(model, header, path, root=str(n))
        faults += found
        if row is not None and row.id in rows:
            line, key = places["id"]
            faults.append(fault("S303", path, line, key, value=row.id))
        elif row is not None:
            rows[row.id] = row, places
    return rows
