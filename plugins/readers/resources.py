"""One resource of a descriptor: a local, uncompressed CSV file, or a fault; and what the judge may see of it (pure)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from plugins.readers import vocabulary as words
from plugins.readers.lint import check_hash

if TYPE_CHECKING:
    from collections.abc import Mapping

    from plugins.readers.fields import Check
    from plugins.readers.strictjson import Place

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_PACKED = frozenset({".gz", ".zip", ".bz2", ".xz", ".7z", ".zst", ".tar", ".rar", ".tgz"})
_TEXTUAL = frozenset({".csv", ".tsv", ".txt"})
_HASH = re.compile(r"(md5:)?[0-9a-fA-F]{32}|sha256:[0-9a-fA-F]{64}")
_MARK = re.compile(r"[!-/:-@\[-`{-~\t]")
_PLAIN: Mapping[str, Any] = {"doubleQuote": True, "headerRows": [1], "caseSensitiveHeader": True}
_READ = frozenset({"$schema", "name", "title", "description", "csvddfVersion", "type", "lineTerminator"})
_CHOICES = frozenset({"delimiter", "quoteChar", "header", "skipInitialSpace"})


@dataclass(frozen=True, slots=True)
class Source:
    """One table as the judge gets it: nothing in it can name another file, an address or a codec of its own.

    `line` is that of `path` in the descriptor; a file that is no table has no `schema`.
    """

    name: str
    title: str
    path: str
    line: int
    encoding: str
    delimiter: str
    quote: str
    header: bool
    skip_space: bool
    schema: Mapping[str, Any] | None
    sums: Mapping[str, Any]
    v2: bool


def check_resource(check: Check, resource: Mapping[str, Any], place: Place, v2: bool) -> Source | None:
    """The source that `resource` describes, None where it cannot be read; every fault is noted."""
    name = resource.get("name")
    if not isinstance(name, str) or not name:
        check.missing(place, "这个资源", "name", '"name": "表的名称"')
    _external(check, resource, place)
    path = resource.get("path")
    if not _local(check, path, place, inline="data" in resource) or not isinstance(path, str):
        return None
    encoding = _encoding(check, resource, place)
    _sums(check, resource, place)
    schema = _schema(check, resource, place, PurePosixPath(path).suffix.lower())
    dialect = _dialect(check, resource.get("dialect", {}), (*place, "dialect"))
    return Source(
        name=str(name),
        title=str(resource.get("title") or name),
        path=path,
        line=check.document.line((*place, "path")),
        encoding=encoding,
        delimiter=dialect.get("delimiter", "\t" if path.lower().endswith(".tsv") else ","),
        quote=dialect.get("quoteChar", '"'),
        header=dialect.get("header", True) is True,
        skip_space=dialect.get("skipInitialSpace") is True,
        schema=schema,
        sums={k: resource[k] for k in ("hash", "bytes") if k in resource},
        v2=v2 or "2.0" in str(resource.get("$schema")),
    )


def _external(check: Check, resource: Mapping[str, Any], place: Place) -> None:
    """No profile of one's own, no scheme, no compression, no data in the descriptor."""
    for key, allowed in (("$schema", words.SCHEMAS), ("profile", words.PROFILES)):
        if key in resource and resource[key] not in allowed:
            check.add("P126", (*place, key), value=resource[key], words="、".join(allowed[:2]))
    if resource.get("scheme", "file") != "file":
        check.add("P120", (*place, "scheme"), value=resource["scheme"])
    if resource.get("compression") not in (None, "", "no"):
        check.add("P123", (*place, "compression"), value=resource["compression"])
    if "data" in resource:
        check.add("P124", (*place, "data"))


def _local(check: Check, path: Any, place: Place, inline: bool) -> bool:
    """Whether `path` is a plain relative path inside the package."""
    at = (*place, "path")
    if path is None and inline:
        return False
    if isinstance(path, list):
        check.add("P122", at)
    elif not isinstance(path, str) or not path:
        check.missing(place, "这个资源", "path", '"path": "data/表.csv"')
    elif _SCHEME.match(path) or path.startswith("//"):
        check.add("P120", at, value=path)
    elif "\\" in path or not path.isprintable() or not _inside(path):
        check.add("P121", at, value=path)
    elif PurePosixPath(path).suffix.lower() in _PACKED:
        check.add("P123", at, value=path)
    else:
        return True
    return False


def _inside(path: str) -> bool:
    parts = path.split("/")
    return all(p and not p.startswith((".", "~")) and p == p.strip() for p in parts) and not (
        parts[0] in words.OUR_FOLDERS
        or path.casefold() in words.RESERVED
        or path.casefold().endswith(words.CSVW_SUFFIX)
    )


def _schema(check: Check, resource: Mapping[str, Any], place: Place, suffix: str) -> Mapping[str, Any] | None:
    """The schema of a table; None for a file that is none."""
    schema = resource.get("schema")
    wanted = resource.get("profile") == "tabular-data-resource" or resource.get("type") == "table"
    if schema is None and (wanted or suffix in {".csv", ".tsv"}):
        check.missing(place, "这张表", "schema", '"schema": {"fields": […]}')
    elif schema is not None and (
        suffix not in _TEXTUAL or str(resource.get("format", "csv")).lower() not in {"csv", "tsv"}
    ):
        check.add("P212", (*place, "path"), file=resource.get("path"))
    elif schema is None:
        check.add("P211", (*place, "path"))
    return schema if isinstance(schema, dict) else None


def _encoding(check: Check, resource: Mapping[str, Any], place: Place) -> str:
    encoding = str(resource.get("encoding", "utf-8")).lower().replace("_", "-")
    encoding = "utf-8" if encoding == "utf8" else encoding
    if encoding not in words.ENCODINGS:
        check.add("P133", (*place, "encoding"), value=encoding)
    return encoding


def _sums(check: Check, resource: Mapping[str, Any], place: Place) -> None:
    if isinstance(found := resource.get("hash"), str) and not _HASH.fullmatch(found):
        check.add("P132", (*place, "hash"), value=found)
    check_hash(check, resource, place)


def _dialect(check: Check, dialect: Any, place: Place) -> Mapping[str, Any]:
    """The settings that we read; every other one that changes the reading is refused."""
    if isinstance(dialect, str):
        check.add("P125", place, value=dialect)
        return {}
    if not check.shape(dialect, place, words.DIALECT):
        return {}
    for key in ("delimiter", "quoteChar"):
        if key in dialect and not _MARK.fullmatch(str(dialect[key])):
            check.add("P112", (*place, key), wanted="一个英文标点或制表符")
    if dialect.get("delimiter", ",") == dialect.get("quoteChar", '"'):
        check.add("P112", (*place, "delimiter"), wanted="与引号不同的符号")
    for key, value in dialect.items():
        if key in words.DIALECT and key not in _READ | _CHOICES and (key not in _PLAIN or value != _PLAIN[key]):
            check.add("P127", (*place, key))
    return {k: v for k, v in dialect.items() if k in _CHOICES}
