"""One Markdown file becomes a record and its faults (pure)."""

from __future__ import annotations

import hashlib
import html
import re
from collections.abc import Collection, Iterator
from dataclasses import replace
from typing import NamedTuple

from plugins.models.document import Document
from plugins.models.faults import Fault, fault
from plugins.models.record import Record
from plugins.models.types import TYPES
from plugins.readers.body import check_body, facts, links, strip_comments
from plugins.readers.header import Header, parse_yaml
from plugins.readers.private import check_text
from plugins.readers.text import decode, plain
from plugins.readers.validation import validate

_MARKS = re.compile("<[^<>]*>|[*_`\\\\\u200b-\u200d\u2060\ufeff\u00ad]")
_PARTED = re.compile(f"[0-9０-９](?:{_MARKS.pattern})+[0-9０-９]")
"""Where marks stand between two digits. It begins with one set of characters: alternatives would cost a hundredfold."""


class Parts(NamedTuple):
    """A file cut in two; `body_line` is the body's first line, counted from 1; `commented`: the body had a comment."""

    header: str
    body: str
    body_line: int
    commented: bool = False


def split(text: str) -> Parts | str:
    """Header and body of `text`, or the code of what is wrong with the header's lines."""
    if not text.startswith("---\n"):
        return "H101"
    end = text.find("\n---\n", 3)
    if end < 0:
        if not text.endswith("\n---"):
            return "H102"
        end = len(text) - 4
    header = text[4 : end + 1]
    body = text[end + 5 :]
    return Parts(header, strip_comments(body).strip("\n"), _body_line(text, end + 5), "<!--" in body)


def _body_line(text: str, start: int) -> int:
    while text[start : start + 1] == "\n":
        start += 1
    return text.count("\n", 0, start) + 1


def read_document(data: bytes, source: str, allowed: Collection[str] = ()) -> tuple[Record | None, list[Fault]]:
    """The record of `content/<source>.md`, None where its form is broken, and its faults.

    The first part of `source` is the folder of a known type (KeyError otherwise: the walk has seen to it); an earlier
    version's ends in `.YYYY-MM-DD`. `allowed` are telephone numbers that are no personal data.
    """
    path = f"content/{source}.md"
    model = TYPES[source.split("/", 1)[0]]
    text, faults = decode(data, path)
    if text is None:
        return None, faults
    parts = split(text)
    if isinstance(parts, str):
        return None, [*faults, fault(parts, path, 1)]
    header = parse_yaml(parts.header, path, first_line=2)
    faults += header.faults
    if header.faults and not isinstance(header.value, dict):
        return None, faults
    document, places, found = validate(model, header, path)
    faults += found
    faults += check_body(parts.body, path, parts.body_line)
    typed = list(check_text(parts.header, path, 2, allowed))
    faults += dict.fromkeys([*typed, *_resolved(header, parts.header, path, allowed)])
    faults += _private(parts.body, path, parts.body_line, allowed)
    if document is None:
        return None, _softened(header.value, faults)
    record = _record(document, source, places, parts)
    return record, faults if record.final else [f.softened() for f in faults]


def _record(document: Document, source: str, places: dict[str, tuple[int, str]], parts: Parts) -> Record:
    fields = document.model_dump(mode="json", exclude_unset=True)
    current, _, version = source.partition(".")
    return Record(
        id=f"{current}/{version}" if version else current,
        kind=document.folder,
        fields=fields,
        lines={name: place for name, place in places.items() if name and "." not in name},
        body=hashlib.sha256(parts.body.encode()).hexdigest() if parts.body.strip() else "",
        links=links(parts.body, parts.body_line),
        facts=facts(parts.body, parts.body_line, headings=document.headings_read, commented=parts.commented),
        version=version,
    )


def _private(body: str, path: str, line: int, allowed: Collection[str]) -> list[Fault]:
    """Personal data and secrecy marks in the body as typed, and in it as it will be shown; each once."""
    found, shown = list(check_text(body, path, line, allowed)), _shown(body)
    if shown != body:
        found += _no_heads(check_text(shown, path, line, allowed))
    return list(dict.fromkeys(found))


def _resolved(header: Header, typed: str, path: str, allowed: Collection[str]) -> Iterator[Fault]:
    """The same of header values as escapes in them read, each at the line of its key."""
    if "\\" not in typed:
        return
    values = [(text, header.lines[place]) for place, text in _scalars(header.value)]
    for found in _no_heads(check_text("\n".join(text for text, _ in values), path, 0, allowed)):
        yield found if found.code == "V108" else replace(found, line=values[found.line][1])


def _no_heads(faults: Iterator[Fault]) -> Iterator[Fault]:
    """Without what only whole lines as typed can say."""
    return (found for found in faults if found.code != "V107")


def _shown(body: str) -> str:
    """The body without the marks that readers do not see, on the same lines: they may part a number."""
    if not ("&" in body or "★" in body or _PARTED.search(body)):
        return body
    return html.unescape(_MARKS.sub(lambda m: "\n" * m[0].count("\n"), body))


def _scalars(value: object, place: str = "") -> Iterator[tuple[str, str]]:
    """Every text in a header with its place, escapes resolved, each on one line."""
    if isinstance(value, str):
        yield place, value.replace("\n", " ")
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in inner:
        yield from _scalars(part, f"{place}.{key}" if place else str(key))


def _softened(value: object, faults: list[Fault]) -> list[Fault]:
    """A draft is checked for form with warnings; it cannot be published whatever they say."""
    status = (value.get("status") or value.get("状态")) if isinstance(value, dict) else None
    return [f.softened() for f in faults] if str(status) in {"草稿", "送审", "draft", "review"} else faults


def read_body(data: bytes) -> str:
    """The body of a source that `read_document` accepted, comments stripped.

    Raises ValueError (UnicodeDecodeError is one) for bytes that it would not accept.
    """
    parts = split(plain(data.decode()))
    if not isinstance(parts, Parts):
        raise ValueError(parts)  # noqa: TRY004 - the value is wrong, its type says so
    return parts.body
