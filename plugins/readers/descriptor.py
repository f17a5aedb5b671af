"""datapackage.json, checked without trust before any library sees it: strict JSON, closed keys, local files (pure)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from plugins.models.faults import Fault, fault, has_errors
from plugins.models.package import OPEN_TYPES, WITHHELD, OpenType
from plugins.readers import vocabulary as words
from plugins.readers.charts import charts
from plugins.readers.declarations import check_declarations
from plugins.readers.fields import Check, check_references, check_schema
from plugins.readers.lint import check_version
from plugins.readers.resources import Source, check_resource
from plugins.readers.strictjson import Document, JsonError, Place
from plugins.readers.text import decode

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

FILE = "datapackage.json"
MAX_BYTES = 1_048_576
_ESCAPE = re.compile(r"\\u[0-9a-fA-F]{4}")
_ADDRESS = re.compile(r"https?://[^\s<>\"]+")
_SCHEME = re.compile(r"\s*[A-Za-z][A-Za-z0-9+.-]*:")
_EXAMPLES = {
    "name": '"name": "文件夹的名称"',
    "title": '"title": "数据集的名称"',
    "licenses": '"licenses": [{"name": "CC-BY-4.0"}]',
    "resources": '"resources": [{"name": "…", "path": "…", "schema": {…}}]',
}


@dataclass(frozen=True, slots=True)
class Descriptor:
    """A descriptor that may be used: `value` as published; the tables' `sources` in order."""

    value: Mapping[str, Any]
    title: str
    publisher: str
    open_type: OpenType
    sources: tuple[Source, ...]


def parse_descriptor(data: bytes, name: str) -> tuple[Descriptor | None, list[Fault]]:
    """The descriptor of the package in folder `name`, None where a fault is an error; and all faults."""
    path = f"datasets/{name}/{FILE}"
    if len(data) > MAX_BYTES:
        return None, [fault("P103", path, size=len(data), limit=MAX_BYTES)]
    text, faults = decode(data, path)
    if text is None:
        return None, faults
    try:
        document = Document(text)
    except JsonError as error:
        return None, [*faults, fault("P104", path, error.line, reason=error)]
    if not isinstance(document.value, dict):
        return None, [*faults, fault("P106", path, 1)]
    check = Check(path, document)
    for place, line in document.doubles:
        check.faults.append(fault("P105", path, line, str(place[-1]), first=document.line(place)))
    if _ESCAPE.search(text):
        _escapes(check, document.value, ())
    descriptor = _package(check, document.value, name)
    faults += check.faults
    return (None if has_errors(faults) else descriptor), faults


def _escapes(check: Check, value: Any, place: tuple[str | int, ...]) -> None:
    """An escape must not bring in what the text itself may not hold."""
    if isinstance(value, str):
        if has_errors(decode(value.encode("utf-8", "surrogatepass"), "")[1]):
            check.add("P107", place)
    elif isinstance(value, list):
        for number, item in enumerate(value):
            _escapes(check, item, (*place, number))
    elif isinstance(value, dict):
        for key, item in value.items():
            _escapes(check, key, (*place, key))
            _escapes(check, item, (*place, key))


def _package(check: Check, value: dict[str, Any], name: str) -> Descriptor:
    check.shape(value, (), words.PACKAGE)
    open_type = value.get("cn:openType", OPEN_TYPES[0])
    withheld = open_type == WITHHELD
    for key in ("name", "title", "licenses", "resources"):
        if not value.get(key) and not (withheld and key in {"licenses", "resources"}):
            check.missing((key,) if key in value else (), "数据包", key, _EXAMPLES[key])
    if value.get("name") and value["name"] != name:
        check.add("P111", ("name",), name=value["name"], folder=name)
    if open_type not in OPEN_TYPES:
        check.add("P115", ("cn:openType",), value=open_type, words="、".join(OPEN_TYPES))
    _profiles(check, value)
    _people(check, value)
    _shown(check, value)
    publisher = next(_publishers(value), "")
    if not publisher:
        check.add("P116", ("contributors",))
    sources = () if withheld else tuple(_sources(check, value))
    return Descriptor(value, str(value.get("title")), publisher, cast("OpenType", open_type), sources)


def _profiles(check: Check, value: Mapping[str, Any]) -> None:
    for key, allowed in (("$schema", words.SCHEMAS), ("profile", words.PROFILES)):
        if key in value and value[key] not in allowed:
            check.add("P126", (key,), value=value[key], words="、".join(allowed[:2]))


def _people(check: Check, value: Mapping[str, Any]) -> None:
    """Licences, sources and contributors: shapes, and no address but a web address."""
    for key, keys in (("licenses", words.LICENSE), ("sources", words.SOURCE), ("contributors", words.CONTRIBUTOR)):
        for place, item in check.items(value.get(key), (key,), keys):
            if key == "licenses" and not (item.get("name") or item.get("path")):
                check.missing(place, "许可", "name", '"name": "CC-BY-4.0"')
            _address(check, item, place, "path")
    _address(check, value, (), "homepage")


def _shown(check: Check, value: Mapping[str, Any]) -> None:
    """What others made of the data, and the charts: a chart that cannot be drawn stands in nobody's way."""
    for place, item in check.items(value.get("cn:reuses"), ("cn:reuses",), words.REUSE):
        for key, example in (("title", '"title": "作品的名称"'), ("url", '"url": "https://…"')):
            if not item.get(key):
                check.missing(place, "作品", key, example)
        if isinstance(url := item.get("url"), str) and url and not _ADDRESS.fullmatch(url):
            check.add("P118", (*place, "url"), value=url)
    for _ in check.items(value.get("views"), ("views",), words.VIEW):
        pass
    for number, found in charts(value):
        if isinstance(found, str):
            check.add("P136", ("views", number), reason=found)


def _address(check: Check, item: Mapping[str, Any], place: tuple[str | int, ...], key: str) -> None:
    address = item.get(key)
    if isinstance(address, str) and _SCHEME.match(address) and not _ADDRESS.fullmatch(address):
        check.add("P118", (*place, key), value=address)


def _publishers(value: Mapping[str, Any]) -> Iterator[str]:
    people = value.get("contributors")
    for person in people if isinstance(people, list) else ():
        roles = [person.get("role"), *_list(person.get("roles"))] if isinstance(person, dict) else []
        if "publisher" in roles:
            name = person.get("organization") or person.get("title")
            if isinstance(name, str) and name.strip():
                yield name.strip()


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _sources(check: Check, value: Mapping[str, Any]) -> Iterator[Source]:
    resources = _list(value.get("resources"))
    seen: dict[tuple[str, str], Place] = {}
    for place, resource in check.items(resources, ("resources",), words.RESOURCE):
        for key in ("name", "path"):
            if isinstance(found := resource.get(key), str):
                first = seen.setdefault((key, found.casefold()), (*place, key))
                if first != (*place, key):
                    check.add("P117", (*place, key), value=found, first=check.document.line(first))
        if "schema" in resource:
            check_schema(check, resource["schema"], (*place, "schema"))
        if source := check_resource(check, resource, place, v2="2.0" in str(value.get("$schema"))):
            yield source
    check_references(check, resources)
    check_version(
        check, resources, v2=any("2.0" in str(v.get("$schema")) for v in (value, *resources) if isinstance(v, dict))
    )
    check_declarations(check, value)
