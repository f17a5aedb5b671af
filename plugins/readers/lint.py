"""What a schema says in vain, or against itself, where the judge is silent or breaks without naming a line (pure)."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from plugins.readers import vocabulary as words

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from plugins.readers.fields import Check
    from plugins.readers.strictjson import Place

_BOUNDS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")
_ORDERED = ("integer", "number", "date", "datetime", "time", "year", "yearmonth", "duration")
ANY = ("required", "unique", "enum")
_LENGTHS = ("minLength", "maxLength")
ALLOWED: Mapping[str, Sequence[str]] = {
    **dict.fromkeys(_ORDERED, (*ANY, *_BOUNDS)),
    "duration": ANY,
    "string": (*ANY, *_LENGTHS, "pattern"),
    "object": (*ANY, *_LENGTHS),
    "array": (*ANY, *_LENGTHS),
    "list": ("required", "unique", *_LENGTHS),
}
"""Type -> the constraints that the judge checks for it; for every other type those of any."""
STRINGS = ("default", "email", "uri", "binary", "uuid", "wkt")
_USED: Mapping[str, Sequence[str]] = {
    "decimalChar": ("number",),
    "groupChar": ("number",),
    "bareNumber": ("number", "integer"),
    "trueValues": ("boolean",),
    "falseValues": ("boolean",),
    "itemType": ("list",),
    "delimiter": ("list",),
    "format": ("string", "date", "datetime", "time", "array", "object", "geopoint", "geojson", "list", "any"),
}
"""Key of a field -> the types for which it does anything."""
_TIMES = ("date", "datetime", "time")
_BARE_MD5 = re.compile(r"[0-9a-fA-F]{32}")


def check_field(check: Check, field: Mapping[str, Any], place: Place) -> None:
    """One field whose keys and type are known."""
    kind = field.get("type", "string")
    if not isinstance(kind, str) or kind not in words.TYPES:
        return
    for key, kinds in _USED.items():
        if key in field and kind not in kinds and field[key] != "default":
            check.add("P141", (*place, key), type=words.plain(kind))
    _format(check, field, kind, place)
    if "categories" in field and kind not in ("string", "integer"):
        check.add("P153", (*place, "categories"))
    _values(check, field, kind, place)
    rules = field.get("constraints")
    if isinstance(rules, dict):
        _rules(check, rules, kind, (*place, "constraints"))
    if "missingValues" in field:
        missing(check, field["missingValues"], (*place, "missingValues"))


def _format(check: Check, field: Mapping[str, Any], kind: str, place: Place) -> None:
    form = field.get("format", "default")
    if not isinstance(form, str):
        return
    if kind == "string" and form not in STRINGS:
        check.add("P142", (*place, "format"), value=form)
    elif kind in _TIMES and form == "any":
        check.add("P149", (*place, "format"))
    elif kind in _TIMES and form != "default" and "%" not in form:
        check.add("P148", (*place, "format"), value=form)


def _values(check: Check, field: Mapping[str, Any], kind: str, place: Place) -> None:
    """Marks that mean two things at once; lists that say nothing; categories of another type."""
    true, false = field.get("trueValues"), field.get("falseValues")
    if kind == "boolean" and isinstance(true, list) and isinstance(false, list):
        for value in (v for v in true if v in false):
            check.add("P151", (*place, "trueValues"), value=value)
    decimal, group = field.get("decimalChar", "."), field.get("groupChar", "")
    if kind == "number" and decimal == group:
        check.add("P152", (*place, "groupChar"), value=group)
    for key in ("categories", "trueValues", "falseValues"):
        if field.get(key) == []:
            check.add("P155", (*place, key))
    listed = field.get("categories")
    for number, item in enumerate(listed if isinstance(listed, list) and kind in ("string", "integer") else ()):
        value = item.get("value") if isinstance(item, dict) else item
        wanted = str if kind == "string" else int
        if not isinstance(value, wanted) or isinstance(value, bool):
            check.add("P154", (*place, "categories", number), "categories", value=value)


def _rules(check: Check, rules: Mapping[str, Any], kind: str, place: Place) -> None:
    allowed = ALLOWED.get(kind, ANY)
    for key in rules:
        if key in words.CONSTRAINTS and key not in allowed and key != "jsonSchema":
            shown = "、".join(words.RULES[rule] for rule in allowed)
            check.add("P143", (*place, key), type=words.plain(kind), words=shown)
    if rules.get("enum") == []:
        check.add("P155", (*place, "enum"))
    for low, high in (("minimum", "maximum"), ("minLength", "maxLength"), ("exclusiveMinimum", "exclusiveMaximum")):
        if low in rules and high in rules and _more(rules[low], rules[high]):
            check.add("P146", (*place, low), low=low, high=high)


def _more(low: Any, high: Any) -> bool:
    """Whether `low` is certainly more: numbers as numbers, days and times as text."""
    try:
        return Decimal(str(low)) > Decimal(str(high))
    except InvalidOperation:
        return (
            isinstance(low, str)
            and isinstance(high, str)
            and len(low) == len(high)
            and low[:1].isdigit()
            and low > high
        )


def missing(check: Check, values: Any, place: Place) -> None:
    """That an empty cell is a value is seldom meant."""
    if isinstance(values, list) and values and "" not in values:
        check.add("P145", place)


def check_hash(check: Check, resource: Mapping[str, Any], place: Place) -> None:
    """A bare hash is md5 to version 1."""
    if isinstance(found := resource.get("hash"), str) and _BARE_MD5.fullmatch(found):
        check.add("P147", (*place, "hash"))


def check_version(check: Check, resources: Sequence[Any], v2: bool) -> None:
    """What version 1 does not have."""
    for place, rules in _constraints(resources) if not v2 else ():
        for key in ("exclusiveMinimum", "exclusiveMaximum"):
            if key in rules:
                check.add("P144", (*place, key), schema=words.SCHEMAS[4])


def _constraints(resources: Sequence[Any]) -> Iterator[tuple[Place, Mapping[str, Any]]]:
    for number, resource in enumerate(resources):
        schema = resource.get("schema") if isinstance(resource, dict) else None
        fields = schema.get("fields") if isinstance(schema, dict) else None
        for column, field in enumerate(fields if isinstance(fields, list) else ()):
            rules = field.get("constraints") if isinstance(field, dict) else None
            if isinstance(rules, dict):
                yield ("resources", number, "schema", "fields", column, "constraints"), rules


def kinds(schema: Any) -> dict[str, str]:
    """The types of a schema's fields by their names, as far as it has any."""
    fields = schema.get("fields") if isinstance(schema, dict) else None
    found = [f for f in fields if isinstance(f, dict)] if isinstance(fields, list) else []
    return {str(f.get("name")): str(f.get("type", "string")) for f in found}


def check_kinds(check: Check, place: Place, here: Sequence[str], there: Sequence[str]) -> None:
    """A foreign key between columns of different types never holds."""
    for left, right in zip(here, there, strict=False):
        if left != right and "any" not in (left, right) and {left, right} != {"integer", "number"}:
            check.add("P150", place, left=words.plain(left), right=words.plain(right))
