"""The judge: frictionless says whether a table keeps its schema, where the fast accept does not know it already."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from plugins.models.faults import Fault, fault, has_errors
from plugins.models.package import READING, Layout
from plugins.readers import vocabulary as words
from plugins.readers.accept import accept
from plugins.readers.constraints import BOUNDS, PATTERN_SECONDS
from plugins.readers.fields import names
from plugins.readers.private import redacted
from plugins.readers.private_cells import check_declarations

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from plugins.models.package import Table
    from plugins.readers.datafile import Examined
    from plugins.readers.resources import Source

LIMIT = 100
_FIELD = frozenset({"name", "type", "constraints", *READING})
_EMPTY = "the source is empty"
_SAME = re.compile(r"the same as in the row at position (\d+)")
_RULE = re.compile(r'constraint "(\w+)" is "(.*)"', re.DOTALL)
_RULES = {**BOUNDS, "unique": "不得重复", "enum": "只能是 {} 之一"}
_CODES = {
    "type-error": "P310",
    "constraint-error": "P311",
    "extra-cell": "P312",
    "missing-cell": "P313",
    "unique-error": "P314",
    "incorrect-label": "P315",
    "extra-label": "P316",
    "missing-label": "P317",
    "blank-label": "P318",
    "duplicate-label": "P319",
    "blank-row": "P320",
    "primary-key": "P321",
    "foreign-key": "P322",
    "hash-count": "P323",
    "byte-count": "P324",
    "encoding-error": "P325",
    "source-error": "P326",
    "schema-error": "P327",
    "field-error": "P327",
    "resource-error": "P327",
    "dialect-error": "P327",
}
"""frictionless' error type -> our code; any other is P301 and quotes its note."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """One table as described, and its file as found."""

    source: Source
    file: Examined

    def layout(self, plain: bool = False) -> Layout:
        """How to read the file again."""
        s = self.source
        return Layout(s.encoding, s.delimiter, s.quote, s.header, s.skip_space, self.file.marked, plain)


def judge(
    folder: Path, name: str, evidence: Sequence[Evidence], note: Callable[[str], object]
) -> tuple[tuple[Table, ...], list[Fault]]:
    """The tables and every fault, at most 100 for each; the line of a fault is its row, the header being row 1."""
    from plugins.readers.summary import table

    verdicts = accept(folder, evidence)
    try:
        package = judges_package(folder, evidence) if any(v.reason for v in verdicts) else None
    except ValueError as error:
        return (), [fault("P327", f"datasets/{name}/datapackage.json", note=error)]
    tables: list[Table] = []
    faults: list[Fault] = []
    titles = {f"t{n}": e.source.title for n, e in enumerate(evidence)}
    for number, (item, verdict) in enumerate(zip(evidence, verdicts, strict=True)):
        path = f"datasets/{name}/{item.source.path}"
        note(path)
        faults += check_declarations(item.source.schema or {}, f"datasets/{name}/datapackage.json", item.source.line)
        rows, found = verdict.rows, list[Fault]()
        if verdict.endless:
            found.append(fault("P351", path, 0, verdict.endless, field=verdict.endless, limit=f"{PATTERN_SECONDS:g}"))
        elif verdict.reason:
            rows, found = report(package, number, path, item.source, titles)
        if not has_errors(found):
            try:
                judged, more = table(folder, path, item, rows, plain=not verdict.reason)
            except ValueError:  # pandas reads what frictionless took for a row, or for none, in another way
                found.append(fault("P326", path, note="第二种方法读不出来，多半是引号没有配对，或者开头有空行"))
            else:
                tables.append(judged)
                found += more
        faults += found
    return tuple(tables), faults


def judges_package(folder: Path, evidence: Sequence[Evidence]) -> Any:
    """The package as frictionless has it. Raises ValueError with what it says of the descriptor."""
    import frictionless

    try:
        return frictionless.Package.from_descriptor(_descriptor(evidence), basepath=str(folder))
    except frictionless.FrictionlessException as error:
        raise ValueError("；".join(e.note for e in (error.reasons or [error.error]))) from error


def report(package: Any, number: int, path: str, source: Source, titles: Mapping[str, str]) -> tuple[int, list[Fault]]:
    """How many rows frictionless read of one table, and its errors, at most 100."""
    try:
        told = package.get_resource(f"t{number}").validate(limit_errors=LIMIT)
    except TypeError as error:  # frictionless compares cells with a bound of another type
        return 0, [fault("P327", path, note=error)]
    errors = [*told.errors, *(e for task in told.tasks for e in task.errors)]
    found = _without_echoes([_fault(path, e, source, titles) for e in errors])
    if len(errors) >= LIMIT:
        found.append(fault("P304", path, limit=LIMIT))
    rows = told.tasks[0].stats.get("rows", 0) if told.tasks else 0
    if not found and not rows:
        found.append(fault("P303", path))
    return rows, found


def _without_echoes(found: Sequence[Fault]) -> list[Fault]:
    """That a blank row has no primary key need not be said."""
    blank = {f.line for f in found if f.code == "P320"}
    return [f for f in dict.fromkeys(found) if f.code != "P321" or f.line not in blank]


def _descriptor(evidence: Sequence[Evidence]) -> dict[str, Any]:
    """A descriptor in which nothing is left to guess: names of our own, no dialect to sniff, no path to follow."""
    known = {e.source.name: f"t{n}" for n, e in enumerate(evidence)}
    package: dict[str, Any] = {"resources": [_resource(f"t{n}", e, known) for n, e in enumerate(evidence)]}
    return {"$schema": words.SCHEMAS[4], **package} if any(e.source.v2 for e in evidence) else package


def _resource(name: str, item: Evidence, known: Mapping[str, str]) -> dict[str, Any]:
    source = item.source
    csv = {"delimiter": source.delimiter, "quoteChar": source.quote, "lineTerminator": "\r\n"}
    return {
        "name": name,
        "type": "table",
        "path": source.path,
        "scheme": "file",
        "format": "csv",
        "encoding": "utf-8-sig" if item.file.marked else source.encoding,
        "dialect": {"header": source.header, "csv": {**csv, "skipInitialSpace": source.skip_space}},
        "schema": _schema(source.schema or {}, known),
        **source.sums,
    }


def _schema(schema: Mapping[str, Any], known: Mapping[str, str]) -> dict[str, Any]:
    fields = [{k: v for k, v in f.items() if k in _FIELD} for f in schema["fields"]]
    clean: dict[str, Any] = {"fields": fields}
    if "missingValues" in schema:
        clean["missingValues"] = schema["missingValues"]
    if primary := names(schema.get("primaryKey")):
        clean["primaryKey"] = primary
    if keys := schema.get("foreignKeys"):
        clean["foreignKeys"] = [
            {
                "fields": names(key["fields"]),
                "reference": {
                    "resource": known.get(key["reference"].get("resource") or "", ""),
                    "fields": names(key["reference"]["fields"]),
                },
            }
            for key in keys
        ]
    return clean


def _fault(path: str, error: Any, source: Source, titles: Mapping[str, str]) -> Fault:
    """One of frictionless' errors in our words."""
    code = "P303" if error.note == _EMPTY else _CODES.get(error.type, "P301")
    header = error.type.endswith("-label") or error.type.endswith("-header")
    field = str(getattr(error, "field_name", ""))
    kinds = {f["name"]: words.TYPES.get(str(f.get("type", "string")), "") for f in (source.schema or {})["fields"]}
    referring = code == "P322"
    return fault(
        code,
        path,
        getattr(error, "row_number", 1 if header else 0),
        "、".join(error.field_names) if referring else field,
        field=field,
        type=kinds.get(field, "") or "规定的类型",
        cell=redacted("、".join(error.field_cells) if referring else str(getattr(error, "cell", ""))),
        label=redacted(str(getattr(error, "label", ""))),
        number=getattr(error, "field_number", 0),
        table=titles.get(getattr(error, "reference_name", ""), source.title) if referring else "",
        rule=_rule(error.note),
        note=_note(error.note) if code == "P321" else redacted(error.note),
    )


def _note(note: str) -> str:
    match = _SAME.search(note)
    return f"与第 {match[1]} 行重复" if match else "是空的"


def _rule(note: str) -> str:
    match = _RULE.search(note)
    if match is None:
        return note
    value = match[2].strip("[]").replace("'", "") if match[1] == "enum" else match[2]
    return _RULES.get(match[1], match[1] + " {}").format(value)
