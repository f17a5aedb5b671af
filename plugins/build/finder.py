"""Searching from the shell: the Site's index brought up to date, then asked. Touches the disk."""

from __future__ import annotations

from pathlib import Path

from plugins.build.builder import hash_text, site_of
from plugins.build.clock import moment
from plugins.build.content import read_content
from plugins.build.searching import heads
from plugins.build.settings import Settings
from plugins.build.sources import Sources
from plugins.build.store import Store
from plugins.formats import markdown, text
from plugins.models.record import Record
from plugins.models.types import TYPES, searched_fields
from plugins.readers.document import read_body
from plugins.readers.tree import MAX_BYTES, read_bytes
from plugins.release.lock import exclusive
from plugins.search.index import Entry, Hit, search, update
from plugins.views.addresses import Addresses
from plugins.views.jobs import canonical
from plugins.views.site import Site

_PATIENCE = 10
"""Seconds to wait for another process that brings the same index up to date."""


def find(settings: Settings, query: str, limit: int) -> tuple[int, list[Hit]]:
    """How many public documents hold `query`, and the best `limit`. Raises OSError, ValueError without a site.yml.

    One process at a time: another is waited for, then TimeoutError is raised.
    """
    store = Store(settings.cache)
    try:
        sources = Sources(settings, store, moment(settings.as_of))
        site = site_of(read_content(settings, sources))
        sources.remember(site)
    finally:
        store.close()
    addresses = Addresses(site.identity.address)
    entries = {r.id: _entry(settings.content, site, r, addresses.absolute(f"{r.id}/")) for r in site.documents.values()}
    folder = settings.cache / "whoosh"
    try:
        with exclusive(folder.with_suffix(".lock"), _PATIENCE):
            update(folder, entries)
            return search(folder, query, limit)
    except TimeoutError as error:
        raise TimeoutError(0, "另一个进程正在更新检索索引，请稍后再试", str(folder)) from error


def _entry(content: Path, site: Site, record: Record, url: str) -> Entry:
    shown = {name: _text(site, record, name) for name in searched_fields() if name in record.fields}
    validity = site.validity.get(record.id)
    label = validity.label if validity else ""
    stamp = hash_text(canonical([shown, url, record.published, label, record.body]).decode())
    return Entry(record.id, url, record.published, label, stamp, shown, lambda: _texts(content, record))


def _text(site: Site, record: Record, name: str) -> str:
    value = record.fields[name]
    parts = value if isinstance(value, list | tuple) else [value]
    return " ".join(_names(site, str(part)) for part in parts)


def _names(site: Site, value: str) -> str:
    """Every name of an organisation, now and before, where `value` is one."""
    one = site.organisations.get(value)
    return " ".join((one.name, one.short or "", *one.former)) if one else value


def _texts(content: Path, record: Record) -> dict[str, str]:
    """The canonical text of the body, and the titles in it."""
    if not record.body:
        return {"body": TYPES[record.kind].label}
    source = read_body(read_bytes(content / f"{record.id}.md", MAX_BYTES))
    body = "\n".join(text.lines(markdown.tree(source)))
    return {"body": body, "heading": "\n".join(body[head.start : head.end] for head in heads(body))}
