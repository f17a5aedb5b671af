"""CSVW metadata beside a table: `<file>-metadata.json`, where its readers look (pure; W3C Tabular Data on the Web).

A column has a type where the cells are known to be written as CSVW wants them, else it is text: a file must not fail
its own metadata.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from plugins.models.package import Table
from plugins.views.catalogues.entries import Entry, File

SUFFIX = "-metadata.json"
_SHAPES = {
    "integer": ("integer", re.compile(r"[+-]?[0-9]+")),
    "number": ("decimal", re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)")),
    "boolean": ("boolean", re.compile(r"true|false|0|1")),
    "date": ("date", re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")),
    "datetime": ("datetime", re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z?")),
    "time": ("time", re.compile(r"[0-9]{2}:[0-9]{2}:[0-9]{2}")),
    "year": ("gYear", re.compile(r"[0-9]{4}")),
    "yearmonth": ("gYearMonth", re.compile(r"[0-9]{4}-[0-9]{2}")),
}
_LIMITED = frozenset({"integer", "decimal"})


def metadata(entry: Entry, table: Table, file: File) -> dict[str, Any]:
    """The table as CSVW describes it; `file` is its original."""
    resource = next(r for r in entry.package.descriptor["resources"] if r.get("name") == table.name)
    schema = resource["schema"]
    declared = {str(f["name"]): f for f in schema.get("fields", ()) if isinstance(f, dict) and "name" in f}
    missing = [str(m.get("value", "")) if isinstance(m, dict) else str(m) for m in schema.get("missingValues", [""])]
    columns = [_column(table, n, declared.get(str(f["name"]), f), missing) for n, f in enumerate(table.fields)]
    found: dict[str, Any] = {
        "@context": "http://www.w3.org/ns/csvw",
        "url": quote(file.made.path.rsplit("/", 1)[-1]),
        "dc:title": table.title,
        "dc:publisher": entry.publisher.name,
        "dialect": _dialect(table, resource, file),
        "tableSchema": {"columns": columns},
    }
    if entry.licence:
        found["dc:license"] = {"@id": entry.licence.address}
    if entry.updating.changed:
        found["dc:modified"] = {"@value": entry.updating.changed, "@type": "xsd:date"}
    if table.primary_key:
        found["tableSchema"]["primaryKey"] = [_variable(name) for name in table.primary_key]
    return found


def _dialect(table: Table, resource: Mapping[str, Any], file: File) -> dict[str, Any]:
    told = resource.get("dialect", {})
    default = "\t" if file.made.path.lower().endswith(".tsv") else ","
    return {
        "encoding": table.encoding,
        "delimiter": told.get("delimiter", default),
        "quoteChar": told.get("quoteChar", '"'),
        "header": told.get("header", True),
        "skipInitialSpace": told.get("skipInitialSpace", False),
    }


def _column(table: Table, position: int, field: Mapping[str, Any], missing: list[str]) -> dict[str, Any]:
    name = str(field["name"])
    own = field.get("missingValues", missing)
    found: dict[str, Any] = {"name": _variable(name), "titles": name, "null": own}
    if field.get("title") and field["title"] != name:
        found["rdfs:label"] = str(field["title"])
    if field.get("description"):
        found["dc:description"] = str(field["description"])
    constraints = field.get("constraints", {})
    if constraints.get("required") is True:
        found["required"] = True
    return found | {"datatype": _datatype(table, position, field, own)}


def _variable(name: str) -> str:
    """A field's name as a variable of URI templates, percent-encoded (RFC 6570)."""
    found = quote(name, safe="").replace("-", "%2D").replace("~", "%7E")
    return "%5F" + found[1:] if found.startswith("_") else found


def _datatype(table: Table, position: int, field: Mapping[str, Any], missing: list[str]) -> Any:
    if str(field.get("type")) not in _SHAPES or not _plain(field):
        return "string"
    base, shape = _SHAPES[str(field["type"])]
    seen = {row[position] for row in table.head if position < len(row)} - set(missing)
    certain = len(table.head) == table.rows or base != "boolean" or len(seen) >= 2
    if not certain or not all(shape.fullmatch(cell) for cell in seen):
        return "string"
    limits = field.get("constraints", {}) if base in _LIMITED else {}
    bounds = {k: limits[k] for k in ("minimum", "maximum") if _number(limits.get(k))}
    return {"base": base, **bounds} if bounds else base


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _plain(field: Mapping[str, Any]) -> bool:
    """Whether nothing but the type says how cells are written."""
    special = {"decimalChar", "groupChar", "bareNumber", "trueValues", "falseValues"} & field.keys()
    return not special and field.get("format", "default") == "default"
