"""Searching from the shell: the Site's index brought up to date, then asked. Touches the disk."""

from __future__ import annotations

from pathlib import Path

from plugins.build.builder import hash_text, site_of
from plugins.build.clock import moment
from plugins.build.content import read_content
from plugins.build.settings import Settings
from plugins.build.sources import Sources
from plugins.build.store import Store
from plugins.formats import markdown, text
from plugins.models.record import Record
from plugins.models.types import TYPES, searched_fields
from plugins.readers.document import read_body
from plugins.readers.tree import MAX_BYTES, read_bytes
from plugins.search.index import Entry, Hit, search, update
from plugins.views.addresses import Addresses
from plugins.views.jobs import canonical


def find(settings: Settings, query: str, limit: int) -> tuple[int, list[Hit]]:
    """How many public documents hold `query`, and the best `limit`. Raises OSError, ValueError without a site.yml."""
    store = Store(settings.cache)
    try:
        sources = Sources(settings, store, moment(settings.as_of))
        site = site_of(read_content(settings, sources))
        sources.remember(site)
    finally:
        store.close()
    addresses = Addresses(site.identity.address)
    names = {i: " ".join((o.name, o.short or "", *o.former)) for i, o in site.organisations.items()}
    entries = {
        r.id: _entry(settings.content, r, addresses.absolute(f"{r.id}/"), names) for r in site.documents.values()
    }
    update(settings.cache / "whoosh", entries)
    return search(settings.cache / "whoosh", query, limit)


def _entry(content: Path, record: Record, url: str, names: dict[str, str]) -> Entry:
    shown = {name: _text(record, name, names) for name in searched_fields() if name in record.fields}
    stamp = hash_text(canonical([shown, record.body]).decode())
    return Entry(record.id, url, stamp, shown, lambda: _body(content, record))


def _text(record: Record, name: str, names: dict[str, str]) -> str:
    value = record.fields[name]
    parts = value if isinstance(value, list | tuple) else [value]
    return " ".join(names.get(str(part), str(part)) for part in parts)


def _body(content: Path, record: Record) -> str:
    """The canonical text of the body."""
    if not record.body:
        return TYPES[record.kind].label
    source = read_body(read_bytes(content / f"{record.id}.md", MAX_BYTES))
    return "\n".join(text.lines(markdown.tree(source)))
