"""A table's schema, checked without trust: keys, types, constraints and references (pure)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from plugins.models.faults import Fault, fault, quoted
from plugins.readers import lint
from plugins.readers import vocabulary as words
from plugins.readers.patterns import catastrophic, complaint

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from plugins.readers.strictjson import Document, Place

MAX_COLUMNS = 1000
_YEAR = re.compile(r"[0-9]{4}")
_NUMBER = re.compile(r"[-+]?[0-9]{1,40}(\.[0-9]{1,40})?([eE][-+]?[0-9]{1,3})?")
_COMMON = "string、number、integer、boolean、date、datetime、year、any 等"
_BOUNDS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")


class Check:
    """The faults of one descriptor, each at the line of its place."""

    def __init__(self, path: str, document: Document) -> None:
        self.path, self.document = path, document
        self.faults: list[Fault] = []

    def add(self, code: str, place: Place, key: str = "", **values: object) -> None:
        key = key or next((p for p in reversed(place) if isinstance(p, str)), "")
        self.faults.append(fault(code, self.path, self.document.line(place), quoted(key), **values))

    def missing(self, place: Place, where: str, key: str, example: str) -> None:
        self.add("P110", place, key, where=where, example=example)

    def shape(self, value: Any, place: Place, keys: Mapping[str, str]) -> bool:
        """Whether `value` is an object; faults for unknown keys and wrong kinds."""
        if not isinstance(value, dict):
            self.add("P112", place, wanted=words.KINDS["object"][0])
            return False
        for key, inner in value.items():
            if kind := keys.get(key):
                if not words.fits(kind, inner):
                    self.add("P112", (*place, key), wanted=words.KINDS[kind][0])
            elif instead := words.instead(keys, key):
                self.add("P140", (*place, key), instead=instead)
            elif near := words.near(key, keys):
                self.add("P113", (*place, key), near=near)
            else:
                self.add("P114", (*place, key))
        return True

    def items(self, value: Any, place: Place, keys: Mapping[str, str]) -> Iterator[tuple[Place, dict[str, Any]]]:
        """The objects in the list `value`, each checked for shape."""
        for number, item in enumerate(value if isinstance(value, list) else ()):
            if self.shape(item, (*place, number), keys):
                yield (*place, number), item


def names(value: Any) -> list[str]:
    """A key written as one name or as a list of names."""
    if isinstance(value, str):
        return [value]
    return [v for v in value if isinstance(v, str)] if isinstance(value, list) else []


def check_schema(check: Check, schema: Any, place: Place) -> bool:
    """Whether the schema can be used at all; every fault of it is noted."""
    if isinstance(schema, str):
        check.add("P125", place, value=schema)
        return False
    if not check.shape(schema, place, words.SCHEMA):
        return False
    fields = schema.get("fields")
    if not isinstance(fields, list) or not fields:
        check.missing(place, "表结构", "fields", '"fields": [{"name": "…", "type": "string"}]')
        return False
    if len(fields) > MAX_COLUMNS:
        check.add("P128", (*place, "fields"), count=len(fields), limit=MAX_COLUMNS)
        return False
    _fields(check, fields, (*place, "fields"))
    _whole(check, schema, place)
    _primary(check, schema, place)
    return True


def _whole(check: Check, schema: dict[str, Any], place: Place) -> None:
    if schema.get("fieldsMatch", "exact") not in ("exact", ["exact"]):
        check.add("P127", (*place, "fieldsMatch"))
    _unique(check, schema, place)
    lint.missing(check, schema.get("missingValues"), (*place, "missingValues"))
    if not words.fits("texts", schema.get("missingValues", [])):
        check.add("P112", (*place, "missingValues"), wanted=words.KINDS["texts"][0])


def _fields(check: Check, fields: list[Any], place: Place) -> None:
    seen: dict[str, int] = {}
    for inner, field in check.items(fields, place, words.FIELD):
        name = field.get("name")
        if not isinstance(name, str) or not name:
            check.missing(inner, "这一列", "name", '"name": "列名"')
        elif name in seen:
            check.add("P117", (*inner, "name"), value=name, first=seen[name])
        else:
            seen[name] = check.document.line((*inner, "name"))
        kind = field.get("type", "string")
        if isinstance(kind, str) and kind not in words.TYPES:
            check.add("P115", (*inner, "type"), value=kind, words=_COMMON)
        lint.check_field(check, field, inner)
        _constraints(check, field, (*inner, "constraints"))


def _constraints(check: Check, field: Mapping[str, Any], place: Place) -> None:
    rules = field.get("constraints")
    if not isinstance(rules, dict):
        return
    check.shape(rules, place, words.CONSTRAINTS)
    if "jsonSchema" in rules:
        check.add("P127", (*place, "jsonSchema"))
    pattern = rules.get("pattern")
    if isinstance(pattern, str):
        if catastrophic(pattern):
            check.add("P129", (*place, "pattern"), value=pattern)
        elif reason := complaint(pattern):
            check.add("P130", (*place, "pattern"), value=pattern, reason=reason)
    _bounds(check, str(field.get("type")), rules, place)


def _bounds(check: Check, kind: str, rules: Mapping[str, Any], place: Place) -> None:
    """A bound of another type than its column, or a year before Christ, is an exception in frictionless."""
    if kind in {"integer", "number"}:
        for key in _BOUNDS:
            if key in rules and not _NUMBER.fullmatch(str(rules[key])):
                check.add("P112", (*place, key), wanted="一个数字")
    if kind == "year":
        for key in (*_BOUNDS, "enum"):
            for value in _several(rules.get(key)):
                if not _YEAR.fullmatch(str(value)):
                    check.add("P131", (*place, key), value=value)


def _several(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _primary(check: Check, schema: Mapping[str, Any], place: Place) -> None:
    known = field_names(schema)
    if not isinstance(schema.get("primaryKey", []), str | list):
        check.add("P112", (*place, "primaryKey"), wanted="列名，或列名的列表")
    for name in names(schema.get("primaryKey")):
        if name not in known:
            check.add("P134", (*place, "primaryKey"), value=name)


def _unique(check: Check, schema: Mapping[str, Any], place: Place) -> None:
    """Each unique key is a list of columns that exist."""
    keys, known = schema.get("uniqueKeys", []), field_names(schema)
    for number, key in enumerate(keys if isinstance(keys, list) else ()):
        at = (*place, "uniqueKeys", number)
        if not key or not words.fits("texts", key):
            check.add("P112", at, "uniqueKeys", wanted='列名的列表，如 [["甲", "乙"]]')
        for name in names(key):
            if name not in known:
                check.add("P134", at, "uniqueKeys", value=name)


def field_names(schema: Any) -> list[str]:
    """The names of a schema's fields, as far as it has any."""
    fields = schema.get("fields") if isinstance(schema, dict) else None
    found = [f.get("name") for f in fields if isinstance(f, dict)] if isinstance(fields, list) else []
    return [name for name in found if isinstance(name, str)]


def check_references(check: Check, resources: Sequence[Any]) -> None:
    """Every foreign key names columns that exist, here and there."""
    columns = {str(r.get("name")): lint.kinds(r.get("schema")) for r in resources if isinstance(r, dict)}
    for number, resource in enumerate(resources):
        schema = resource.get("schema") if isinstance(resource, dict) else None
        if not isinstance(schema, dict):
            continue
        place: Place = ("resources", number, "schema", "foreignKeys")
        for inner, key in check.items(schema.get("foreignKeys"), place, words.FOREIGN):
            reference = key.get("reference")
            if not check.shape(reference, (*inner, "reference"), words.REFERENCE) or not isinstance(reference, dict):
                continue
            here, there = names(key.get("fields")), names(reference.get("fields"))
            table = reference.get("resource") or resource.get("name")
            own = lint.kinds(schema)
            _known(check, (*inner, "fields"), here, own)
            if table in columns:
                other = columns[table]
                _known(check, (*inner, "reference", "fields"), there, other)
                types = [own[n] for n in here if n in own], [other[n] for n in there if n in other]
                lint.check_kinds(check, (*inner, "fields"), *types)
            else:
                check.add("P134", (*inner, "reference", "resource"), value=table)
            if len(here) != len(there) or not here:
                check.add("P112", (*inner, "fields"), wanted="与 reference 中一样多的列名")


def _known(check: Check, place: Place, used: Sequence[str], known: Collection[str]) -> None:
    for name in used:
        if name not in known:
            check.add("P134", place, value=name)
