"""The ledger held against the content: no text changes silently, no address disappears. Touches the disk."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from plugins.build import data_versions, editions
from plugins.models.faults import Fault, fault
from plugins.models.record import Record
from plugins.models.version import data_name
from plugins.release import ledger, ledger_file
from plugins.release.ledger import Current, Entry
from plugins.rules.gate import may_become_public, may_become_tombstone
from plugins.rules.register import Register
from plugins.views.site import Event, Site

PATH = data_versions.LEDGER_FILE
_WHAT = {
    "encoding": "不是 UTF-8 编码",
    "line-end": "换行被改过",
    "header": "表头被改过",
    "cut-off": "末尾不完整",
    "columns": "这一行不是六列",
    "quoting": "引号不合规范",
    "order": "时间倒退",
    "sequence": "事件的先后不对",
    "text": "事件与文本哈希不符",
    "silent": "没有说明原因",
}


class Ledger:
    """What has been published, as the folder tells; empty where there is none. Raises OSError."""

    def __init__(self, datasets: Path | None) -> None:
        self.folder = datasets / "ledger" if datasets else None
        self.data = ledger_file.read(self.folder) if self.folder else b""
        self.entries, self.problems = ledger.parse(self.data) if self.data else ([], [])
        self.before = ledger.last(self.entries)
        self.events = ledger.history(self.entries)
        self.first = {entry.id: entry.moment for entry in reversed(self.entries)}

    def history(self) -> dict[str, list[Event]]:
        """The events of each id, oldest first."""
        return {i: [_event(e) for e in found] for i, found in self.events.items()}

    def plan(self, site: Site, texts: Mapping[str, str], moment: str) -> list[Entry]:
        """The entries that publishing `site` now would add."""
        now = current(site, texts) | data_versions.current(site, self.before)
        return ledger.plan(self.before, now, moment)

    def broken(self) -> list[Fault]:
        """What is wrong with the file itself."""
        return [fault("L106", PATH, p.line, p.what, what=_WHAT.get(p.what, f"{p.what} 不对")) for p in self.problems]

    def faults(self, register: Register, site: Site, texts: Mapping[str, str]) -> list[Fault]:
        """What was changed against the ledger; `texts` are the hashes of all canonical texts, versions too."""
        now = current(site, texts)
        found = [*self._changed(site, now, texts), *self._gone(register), *self._versions(site, texts)]
        return sorted(found)

    def _changed(self, site: Site, now: Mapping[str, Current], texts: Mapping[str, str]) -> Iterator[Fault]:
        """A text that differs from its last entry says why, and the earlier text is kept beside it."""
        silent = set(ledger.silent(self.before, now))
        records = {**site.documents, **{r.id: r for r in site.tombstones}}
        for identifier, entry in self.before.items():
            held = now.get(identifier)
            if held is None or (held.withdrawn and entry.event == "withdrawn"):
                continue
            if identifier in silent:
                yield records[identifier].fault("L101", "change_note")
            elif not held.withdrawn and held.sha256 != entry.sha256:
                kept = {texts[v.id] for v in site.versions.get(identifier, ())}
                if entry.sha256 not in kept:
                    yield records[identifier].fault("L102", "change_note")

    def _gone(self, register: Register) -> Iterator[Fault]:
        """An address that was published stays, as the document or as its tombstone, whatever the clock says."""
        lines = {entry.id: number for number, entry in enumerate(self.entries, 2)}
        for identifier, entry in self.before.items():
            record = register.by_id.get(identifier)
            if data_name(identifier):
                continue
            if record is None:
                if not register.lost(identifier):
                    yield fault("L103", PATH, lines[identifier], "address", value=entry.address)
                continue
            shown = may_become_public(record) or may_become_tombstone(record)
            if not shown or record.published > self.first[identifier]:
                yield record.fault("L104", "published" if shown else "status")

    def _versions(self, site: Site, texts: Mapping[str, str]) -> Iterator[Fault]:
        """An earlier text is one that was published, and what was published and not withdrawn is kept.

        What was replaced before the ledger knew the document is taken over as it is: no entry can tell of it.
        """
        events = self.events
        for identifier in site.documents.keys() & events.keys():
            kept = {texts[v.id] for v in site.versions.get(identifier, ())} | {texts[identifier]}
            for entry in events[identifier][:-1]:
                if entry.sha256 not in kept and entry.event != "withdrawn" and not _was_withdrawn(events[identifier]):
                    yield site.documents[identifier].fault("L109", "change_note", value=entry.moment)
        known = {i: {e.sha256 for e in found} for i, found in events.items()}
        for identifier, versions in site.versions.items():
            for version in versions:
                taken_over = version.version < self.first.get(identifier, "~")[:10]
                if not taken_over and texts[version.id] not in known[identifier]:
                    yield version.fault("L105")


def _was_withdrawn(events: list[Entry]) -> bool:
    """What was withdrawn at some time has lost its earlier texts lawfully."""
    return any(entry.event == "withdrawn" for entry in events)


def current(site: Site, texts: Mapping[str, str]) -> dict[str, Current]:
    """What the site would show, as the ledger sees it."""
    shown = {
        i: Current(f"{i}/", texts[i], editions.note(site, i, r.text("change_note"))) for i, r in site.documents.items()
    }
    return shown | {r.id: Current(f"{r.id}/", "", _reason(r), withdrawn=True) for r in site.tombstones}


def _reason(record: Record) -> str:
    return str(record.fields["withdrawn"]["reason"])


def _event(entry: Entry) -> Event:
    return {"event": entry.event, "moment": entry.moment, "sha256": entry.sha256, "note": entry.note}
