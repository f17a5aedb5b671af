"""Small packages with something odd about them, the same for a seed; much of it must not be accepted."""

from __future__ import annotations

import hashlib
import json
import random
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from plugins.models.faults import has_errors
from plugins.readers.accept import accept
from plugins.readers.datafile import inventory
from plugins.readers.descriptor import parse_descriptor
from plugins.readers.judge import judges_package, report
from plugins.readers.package import evidence_of

Descriptor = dict[str, Any]
Cells = list[list[str]]
NAME = "mutant"
_V2 = "https://datapackage.org/profiles/2.0/datapackage.json"
_VALID: dict[str, Callable[[random.Random], str]] = {
    "string": lambda r: (
        r.choice(["甲镇", "乙乡", "a b", 'x"y', "一,二", "多\n行", "ＡＢ", "-", "N/A", "É"]) * r.randint(1, 2)
    ),
    "integer": lambda r: str(r.choice([0, 1, 7, -3, 12345, 10**17, r.randint(-99, 999)])),
    "number": lambda r: r.choice(["0", "1.5", "-2.25", "100", "0.1", "1e3", "12345.678901234567", str(r.random())]),
    "boolean": lambda r: r.choice(["true", "false", "1", "0", "TRUE", "False"]),
    "date": lambda r: f"{r.randint(1, 9999):04}-{r.randint(1, 12):02}-{r.randint(1, 28):02}",
    "datetime": lambda r: f"20{r.randint(10, 29)}-0{r.randint(1, 9)}-1{r.randint(0, 9)}T0{r.randint(0, 9)}:30:00",
    "time": lambda r: f"1{r.randint(0, 9)}:{r.randint(10, 59)}:00",
    "year": lambda r: str(r.randint(1000, 2999)),
    "any": lambda r: r.choice(["1", "甲", "x", "true"]),
    "yearmonth": lambda r: f"20{r.randint(10, 29)}-0{r.randint(1, 9)}",
}
_COMMON = [
    "string",
    "string",
    "string",
    "integer",
    "integer",
    "number",
    "boolean",
    "date",
    "datetime",
    "time",
    "year",
    "any",
]
_ODD = [
    *"1 01 1.0 1_0 +1 １２ ٣ NaN inf -inf 1e5 1e400 1e-400 .5 5. -0 -0.0 0.0 0x1F 1,000 1.234,5 1.000000001".split(),
    *"0.999999999 99999999999999999999 0.30000000000000004 0.3 2024-2-9 0000-01-01 2023-02-29 2024-02-29".split(),
    *"20240229 2024/02/29 2024-02-29T00:00:00Z 2024-02-29T24:00:00 2024-02-29T00:00 24:00:00 10:00".split(),
    *"10:00:00+08:00 ２０２４ 99999 -123 true True yes 是 T F - N/A null ''".split(),
    *["", " ", " 1", "1 ", "甲 ", "\t", "\n", "a\nb", "\r\n", "\ufeff", "\u2028", "\x1c", "\x85", "5 USD"],
    "2024-02-29 10:00:00",
]
_BYTES = [
    b"\r",
    b"\n",
    b"\r\n",
    b"\n\n",
    b"\0",
    b'"',
    b'""',
    b",",
    b"\xff",
    b"\xef\xbb\xbf",
    b"\xe7",
    b" ",
    b";",
    b"\x1a",
]
_PATTERNS = ["[A-Z]{2}", ".+", ".*", "[^,]*", r"\d+", "甲|乙", r"[\s\S]*", "a|.*", "(甲镇)+|.*"]


_RULES = [*"required unique enum minimum maximum exclusiveMinimum exclusiveMaximum pattern minLength maxLength".split()]


_REFUSED = -2


class Mutant(NamedTuple):
    """A package of one or two tables: its descriptor, and the bytes of its files."""

    descriptor: Descriptor
    files: dict[str, bytes]


class Outcome(NamedTuple):
    """Tables that came as far as the judge, those of them that it holds valid, those accepted, and those wrongly so."""

    judged: int
    valid: int
    accepted: int
    wrong: int


def mutant(seed: int) -> Mutant:
    """The package of that number."""
    r = random.Random(seed)
    fields, cells = _table(r)
    schema: Descriptor = {"fields": fields}
    resource: Descriptor = {"name": "t", "path": "t.csv", "schema": schema}
    descriptor: Descriptor = {
        "name": NAME,
        "title": "变体",
        "licenses": [{"name": "CC0-1.0"}],
        "contributors": [{"title": "县统计局", "role": "publisher"}],
        "resources": [resource],
    }
    if r.random() < 0.5:
        descriptor["$schema"] = _V2
    files = {}
    if r.random() < 0.15:
        files["u.csv"] = _referenced(r, descriptor, fields, cells)
    for _ in range(r.choice([0, 1, 1, 1, 2, 3])):
        r.choice(_CHANGES)(r, schema, fields, cells)
    data = _written(r, resource, fields, cells)
    for _ in range(r.choice([0, 0, 0, 0, 1, 2])):
        at = r.randint(0, len(data))
        data = data[:at] + r.choice(_BYTES) + data[at + r.choice([0, 0, 1]) :]
    _sums(r, resource, data)
    return Mutant(descriptor, files | {"t.csv": data})


def _table(r: random.Random) -> tuple[list[Descriptor], Cells]:
    kinds = [r.choice(_COMMON) if r.random() < 0.95 else "yearmonth" for _ in range(r.choice([1, 2, 2, 3, 3, 4, 5, 6]))]
    fields: list[Descriptor] = []
    for number, kind in enumerate(kinds):
        fields.append({"name": f"c{number}"} | ({"type": kind} if kind != "string" or r.random() < 0.5 else {}))
    rows = r.choice([1, 2, 3, 5, 8, 13])
    cells = [[_VALID[kind](r) if r.random() < 0.95 else "" for kind in kinds] for _ in range(rows)]
    if r.random() < 0.8:  # a first column that may be a key, as most tables have
        fields[0] = {"name": "c0", "type": r.choice(["integer", "string"])}
        for number, row in enumerate(cells):
            row[0] = str(number + 1)
    return fields, cells


def _change_cell(r: random.Random, _: Descriptor, __: list[Descriptor], cells: Cells) -> None:
    row = r.choice(cells)
    if row:
        row[r.randrange(len(row))] = r.choice(_ODD)


def _copy_cell(r: random.Random, _: Descriptor, fields: list[Descriptor], cells: Cells) -> None:
    column, one, other = r.randrange(len(fields)), r.choice(cells), r.choice(cells)
    if column < min(len(one), len(other)):
        one[column] = other[column]


def _copy_row(r: random.Random, _: Descriptor, __: list[Descriptor], cells: Cells) -> None:
    cells.insert(r.randint(0, len(cells)), list(r.choice(cells)))


def _empty_row(r: random.Random, _: Descriptor, fields: list[Descriptor], cells: Cells) -> None:
    cells.insert(r.randint(0, len(cells)), [""] * r.choice([0, len(fields), len(fields)]))


def _longer_row(r: random.Random, _: Descriptor, __: list[Descriptor], cells: Cells) -> None:
    row = r.choice(cells)
    row.append("x") if r.random() < 0.5 else row and row.pop()


def _constrain(r: random.Random, _: Descriptor, fields: list[Descriptor], cells: Cells) -> None:
    """A constraint, mostly one that fits the type and the cells."""
    column = r.randrange(len(fields))
    field = fields[column]
    present = [row[column] for row in cells if len(row) > column] or [""]
    some = r.choice([*present, *present, *present, r.choice(_ODD)])
    rule = r.choice(_RULES)
    values: dict[str, Any] = {
        "required": r.random() < 0.8,
        "unique": r.random() < 0.8,
        "enum": [*dict.fromkeys(present), some] if r.random() < 0.7 else present[:1],
        "pattern": r.choice(_PATTERNS),
        "minLength": r.choice([0, 1, 1, 2]),
        "maxLength": r.choice([1, 4, 9, 99]),
    }
    value = values.get(rule, r.choice([some, min(present), max(present)]))
    if rule.endswith("imum") and r.random() < 0.5:
        value = r.choice([0, 1, 2000, 1.5, 0.1, -3, 10**17, 0.3])
    if rule == "enum" and field.get("type") in {"integer", "number"} and r.random() < 0.5:
        value = [0, 1, 7, 1.5, 100]
    field.setdefault("constraints", {})[rule] = value


def _describe(r: random.Random, schema: Descriptor, fields: list[Descriptor], _: Cells) -> None:
    """A key that decides how cells are read."""
    field = r.choice(fields)
    key, value = r.choice(
        [
            ("missingValues", r.choice([[], [""], ["", "-"], ["-"], ["0", ""], ["1"], ["N/A", "甲镇"]])),
            ("decimalChar", r.choice([",", ".", "。", ""])),
            ("groupChar", r.choice([",", ".", " ", "", "0"])),
            ("bareNumber", r.random() < 0.5),
            ("trueValues", r.choice([["是"], ["1", "true"], []])),
            ("falseValues", r.choice([["否"], ["0", "1"], ["false"]])),
            ("format", r.choice(["default", "any", "%Y/%m/%d", "%Y-%m-%d", "email", "%d.%m.%Y", "uri"])),
        ]
    )
    target = schema if key == "missingValues" and r.random() < 0.5 else field
    target[key] = value


def _key(r: random.Random, schema: Descriptor, fields: list[Descriptor], _: Cells) -> None:
    names = [f["name"] for f in fields]
    chosen = r.sample(names, min(len(names), r.choice([1, 1, 2])))
    if r.random() < 0.6:
        schema["primaryKey"] = chosen if r.random() < 0.6 else names[0]
    else:
        other = r.sample(names, len(chosen))
        schema["foreignKeys"] = [{"fields": chosen, "reference": {"resource": "", "fields": other}}]


_CHANGES = (
    [_change_cell] * 3
    + [_copy_cell, _copy_row, _empty_row, _longer_row, _key, _key, _describe, _describe]
    + [_constrain] * 4
)


def _referenced(r: random.Random, descriptor: Descriptor, fields: list[Descriptor], cells: Cells) -> bytes:
    """A second table, which the first refers to; mostly by values that are there."""
    kind = fields[0].get("type", "string")
    other = kind if r.random() < 0.9 else r.choice(["string", "integer", "number"])
    keys = list(dict.fromkeys(row[0] for row in cells if row))
    if r.random() < 0.3:
        keys[r.randrange(len(keys))] = r.choice(_ODD)
    schema = {"fields": [{"name": "k", "type": other}, {"name": "v"}]}
    descriptor["resources"].append({"name": "u", "path": "u.csv", "schema": schema})
    reference = {"fields": "c0", "reference": {"resource": "u", "fields": "k"}}
    descriptor["resources"][0]["schema"]["foreignKeys"] = [reference]
    return _csv([["k", "v"], *([key, "x"] for key in keys)], ",", "\n").encode()


def _written(r: random.Random, resource: Descriptor, fields: list[Descriptor], cells: Cells) -> bytes:
    """The bytes of a table in one dialect or other."""
    rows = [[f["name"] for f in fields], *cells]
    delimiter = r.choice([",", ",", ",", ",", ";", "\t", "|"])
    if delimiter != ",":
        resource["dialect"] = {"delimiter": delimiter}
    if r.random() < 0.05:
        resource.setdefault("dialect", {})["header"] = False
        rows = rows[1:]
    if r.random() < 0.05:
        rows[0] = [*rows[0][:-1], r.choice(["c9", "", "c0", " c0"])]
    if r.random() < 0.05:
        resource.setdefault("dialect", {})["skipInitialSpace"] = True
    text = _csv(rows, delimiter, r.choice(["\n", "\n", "\n", "\r\n", "\r"]), always=r.random() < 0.2)
    if r.random() < 0.1:
        text = text.rstrip("\r\n")
    encoding = r.choice(["utf-8"] * 6 + ["gb18030", "gbk"])
    if encoding != "utf-8":
        resource["encoding"] = encoding
    return (b"\xef\xbb\xbf" if r.random() < 0.05 else b"") + text.encode(encoding, "replace")


def _csv(rows: Cells, delimiter: str, end: str, always: bool = False) -> str:
    def cell(text: str) -> str:
        quoted = always or any(mark in text for mark in (delimiter, '"', "\n", "\r"))
        return '"' + text.replace('"', '""') + '"' if quoted else text

    return "".join(delimiter.join(map(cell, row)) + end for row in rows)


def _sums(r: random.Random, resource: Descriptor, data: bytes) -> None:
    if r.random() < 0.1:
        resource["bytes"] = len(data) - (r.random() < 0.3)
    if r.random() < 0.1:
        md5, sha256 = hashlib.md5(data).hexdigest(), hashlib.sha256(data).hexdigest()
        resource["hash"] = r.choice([md5, f"md5:{md5}", f"sha256:{sha256}", f"sha256:{sha256.upper()}", "0" * 32])


def outcome(found: Mutant, folder: Path) -> Outcome:
    """What the judge and the fast accept say of a package, written into `folder`."""
    for path, data in found.files.items():
        (folder / path).write_bytes(data)
    descriptor, faults = parse_descriptor(json.dumps(found.descriptor).encode(), NAME)
    if descriptor is None:
        return Outcome(0, 0, 0, 0)
    evidence = evidence_of(folder, inventory(folder), NAME, descriptor, faults)
    if has_errors(faults):
        return Outcome(0, 0, 0, 0)
    verdicts = accept(folder, evidence)
    accepted, rows = [not v.reason for v in verdicts], [v.rows for v in verdicts]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        held = list(_judged(folder, evidence))
    if held and not all(accepted) and set(held) == {_REFUSED}:
        accepted = [False] * len(held)  # the descriptor is refused as a whole, once the judge is asked at all
    wrong = sum(a and r != h for a, r, h in zip(accepted, rows, held, strict=True))
    return Outcome(len(held), sum(h > 0 for h in held), sum(accepted), wrong)


def _judged(folder: Path, evidence: Any) -> Iterator[int]:
    """The number of rows of each table that frictionless holds valid, -1 for the others and where it breaks."""
    try:
        package = judges_package(folder, evidence)
    except ValueError:
        yield from (_REFUSED for _ in evidence)
        return
    for number, item in enumerate(evidence):
        try:
            rows, errors = report(package, number, "", item.source, {})
        except Exception:  # noqa: BLE001 - whatever escapes frictionless is no acceptance
            yield -1
        else:
            yield -1 if has_errors(errors) else rows
