"""A version of a data set: the bytes of its tables, how to read them, and their licence (pure; Data Package v1 and v2).

What a version is, is what somebody who took it holds. Title, description and the like are the catalogue's words about
it: when they change, no version begins, and the ledger tells of it under `datasets/<name>/changes`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from plugins.models.sums import sums

DESCRIPTOR, SUMS = "datapackage.json", "SHA256SUMS"
LEDGER = "ledger"
"""The data set that has no versions: every state of it is the beginning of the next."""
NOTE = "cn:changeNote"
"""What the editor says of an update, in the descriptor; told by the ledger, and nowhere else."""
_DIALECT: Mapping[str, Any] = {"delimiter": ",", "quoteChar": '"', "header": True, "skipInitialSpace": False}
_SCHEMA = ("missingValues", "primaryKey", "uniqueKeys", "foreignKeys")
_FIELD = frozenset(
    "name type format constraints categories missingValues decimalChar groupChar bareNumber trueValues falseValues "
    "itemType delimiter".split()
)
_READING = frozenset({"path", "encoding", "dialect", "schema", "hash", "bytes"})


@dataclass(frozen=True, slots=True)
class DataVersion:
    """One version of a data set.

    `name` is the day of its event, from the second of that day on with its number (`2026-03-02-2`); `moment`, `event`
    and `note` are the ledger's, `sha256` is that of `listing(files)`. `files` are the originals and the descriptor, by
    path: (sha256, bytes). `folder` is where they lie, below `datasets/` and with a slash at the end. `changes` is what
    `formats.versions` made of this version and the one before, `csv` the converted tables by path: (sha256, bytes);
    both are empty until then.
    """

    name: str
    moment: str
    event: str
    note: str
    sha256: str
    folder: str
    files: Mapping[str, tuple[str, int]]
    descriptor: Mapping[str, Any]
    changes: Mapping[str, Any] = field(default_factory=dict)
    csv: Mapping[str, tuple[str, int]] = field(default_factory=dict)


def data_id(name: str) -> str:
    """The ledger's id of a data set's versions."""
    return f"datasets/{name}"


def words_id(name: str) -> str:
    """The ledger's id of the catalogue's words about it."""
    return f"datasets/{name}/changes"


def data_name(identifier: str) -> str:
    """The name of the data set that a ledger's id is of, "" where it is of something else."""
    first, _, rest = identifier.partition("/")
    return rest.partition("/")[0] if first == "datasets" else ""


def is_words(identifier: str) -> bool:
    """Whether a ledger's id is that of the words about a data set; one may be called `changes`."""
    return identifier == words_id(data_name(identifier))


def reading(descriptor: Mapping[str, Any]) -> dict[str, Any]:
    """What is needed to read the tables of `descriptor`, and their licence: the descriptor of the version."""
    found = {key: descriptor[key] for key in ("name", "licenses") if key in descriptor}
    resources = descriptor.get("resources") or []
    return found | {"resources": [_resource(r) for r in resources if isinstance(r.get("schema"), Mapping)]}


def _resource(resource: Mapping[str, Any]) -> dict[str, Any]:
    path, schema = str(resource["path"]), resource["schema"]
    usual = {**_DIALECT, "delimiter": "\t" if path.lower().endswith(".tsv") else ","}
    dialect = {k: v for k, v in (resource.get("dialect") or {}).items() if k in usual and v != usual[k]}
    fields = [{"type": "string", **{k: v for k, v in f.items() if k in _FIELD}} for f in schema["fields"]]
    kept = {"fields": fields, **{key: schema[key] for key in _SCHEMA if key in schema}}
    encoding = str(resource.get("encoding", "utf-8")).lower()
    return {
        "name": resource["name"],
        "path": path,
        "encoding": encoding,
        "dialect": {**usual, **dialect},
        "schema": kept,
    }


def record(descriptor: Mapping[str, Any]) -> dict[str, Any]:
    """The catalogue's words of a descriptor: everything that is not of the version, nor the note."""
    found = {key: value for key, value in descriptor.items() if key not in {NOTE, "licenses", "resources"}}
    resources = descriptor.get("resources") or []
    return found | {"resources": [_words(r) for r in resources]}


def _words(resource: Mapping[str, Any]) -> dict[str, Any]:
    words = {key: value for key, value in resource.items() if key not in _READING}
    schema = resource.get("schema")
    if isinstance(schema, Mapping):
        words |= {key: value for key, value in schema.items() if key not in {*_SCHEMA, "fields"}}
        words["fields"] = [{k: v for k, v in f.items() if k == "name" or k not in _FIELD} for f in schema["fields"]]
    return words


def as_text(value: Mapping[str, Any]) -> str:
    """Plain JSON values in the one form in which they are kept, published and hashed."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, indent=1, allow_nan=False) + "\n"


def listing(files: Mapping[str, tuple[str, int]]) -> str:
    """`sha256  path` lines, sorted by path: `sha256sum -c` reads it, and its own sha256 is that of the version."""
    return sums({path: digest for path, (digest, _) in files.items()})


def digest_of(text: str) -> str:
    """The sha256 of `text`."""
    return hashlib.sha256(text.encode()).hexdigest()


def with_descriptor(tables: Mapping[str, tuple[str, int]], descriptor: Mapping[str, Any]) -> dict[str, tuple[str, int]]:
    """The files of the version that `tables` and `descriptor` are: the originals and its own descriptor."""
    text = as_text(reading(descriptor))
    return {**tables, DESCRIPTOR: (digest_of(text), len(text.encode()))}


def names(moments: Iterable[str]) -> list[str]:
    """The names of versions that began at `moments`, in order: a later event never renames an earlier version."""
    found: list[str] = []
    seen: dict[str, int] = {}
    for moment in moments:
        day = moment[:10]
        seen[day] = seen.get(day, 0) + 1
        found.append(day if seen[day] == 1 else f"{day}-{seen[day]}")
    return found
