"""Links in bodies: where each one leads, and the ones that lead nowhere (pure)."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from urllib.parse import unquote, urlsplit

from plugins.models.faults import Fault, fault
from plugins.models.record import Record
from plugins.rules.gate import may_become_public
from plugins.rules.register import Register

_OUTSIDE = {"http", "https", "mailto", "tel"}
_SCHEME = re.compile(r"\s*[a-zA-Z][a-zA-Z0-9+.-]*:")


def target_of(link: str, record: Record) -> str | None:
    """The path below content/ (no `.md`, no slashes at the ends) that an inner link means; None for an outside one.

    Raises ValueError for a link that is neither.
    """
    if link.startswith("//") or _SCHEME.match(link):
        if urlsplit(link).scheme.lower() not in _OUTSIDE:
            raise ValueError(link)
        return None
    path = unquote(link.split("#", 1)[0].split("?", 1)[0])
    if not path:
        return record.current
    base = "/" if path.startswith("/") else "/" + posixpath.dirname(record.current)
    return posixpath.normpath(posixpath.join(base, path)).strip("/").removesuffix(".md")


def links_lead_somewhere(record: Record, register: Register, fixed: frozenset[str]) -> Iterator[Fault]:
    """Every inner link means a document, an attachment of this document, or a fixed page of the site."""
    for link, line in record.links:
        try:
            target = target_of(link, record)
        except ValueError:
            yield fault("D122", record.path, line, value=link)
            continue
        if target is None or target in fixed:
            continue
        found = register.by_id.get(target)
        if found is not None and found is not record and not found.withdrawn and not may_become_public(found):
            yield fault("D120", record.path, line, value=link)
        held = target in register.assets and target.startswith(record.id + "/")
        if target not in register.by_id and not held and not register.lost(target):
            yield fault("D117", record.path, line, value=link)


def referenced_assets(record: Record) -> Iterator[str]:
    """The assets that the document lists or shows."""
    for attachment in record.fields.get("attachments", ()):
        yield f"{record.current}/{attachment['file']}"
    for link, _ in record.links:
        try:
            target = target_of(link, record)
        except ValueError:
            continue
        if target and target.startswith(record.current + "/"):
            yield target
