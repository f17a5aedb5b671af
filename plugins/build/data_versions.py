"""Versions of data sets, as the ledger tells and the folders keep them. Touches the disk through what it is given."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from plugins.models import version
from plugins.models.faults import Fault, fault
from plugins.models.package import FREE, Package
from plugins.models.version import DataVersion
from plugins.readers.kept import FOLDER, Kept
from plugins.release.kept import Files
from plugins.release.ledger import Current, Entry
from plugins.views.site import Site

if TYPE_CHECKING:
    from plugins.build.ledger import Ledger

Stored = Mapping[str, Mapping[str, Kept]]
"""What lies in `v/`, by data set and version."""
LEDGER_FILE = f"datasets/{version.LEDGER}/ledger.csv"


def current(site: Site, before: Mapping[str, Entry]) -> dict[str, Current]:
    """What the site would show of data sets, as the ledger sees it: data and words apart.

    What is no longer for everyone, also what is given on application now, is withdrawn, in its words too.
    """
    found: dict[str, Current] = {}
    for package in _versioned(site.packages):
        identifier, of_words = version.data_id(package.name), version.words_id(package.name)
        note = str(package.descriptor.get(version.NOTE) or "")
        if package.open_type != FREE:
            found[identifier] = Current(f"{identifier}/", "", note, withdrawn=True)
            continue
        digest = version.digest_of(version.listing(files_of(package)))
        found[identifier] = Current(f"{identifier}/", digest, note)
        words = version.digest_of(version.as_text(version.record(package.descriptor)))
        found[of_words] = Current(f"{of_words}/", words)
    return {i: now for i, now in found.items() if not now.withdrawn or i in before}


def files_of(package: Package) -> dict[str, tuple[str, int]]:
    """The files of the version that the package is now."""
    tables = {table.path: (table.sha256, table.bytes) for table in package.tables}
    return version.with_descriptor(tables, package.descriptor)


def versions_of(book: Ledger, packages: Sequence[Package], stored: Stored) -> dict[str, tuple[DataVersion, ...]]:
    """The versions of each open data set, oldest first, as far as they are kept whole: `faults` tells of the others."""
    return {
        package.name: tuple(
            _version(package.name, name, entry, kept)
            for name, entry in _standing(book, package.name)
            if (kept := stored.get(package.name, {}).get(name)) and not kept.faults and kept.sha256 == entry.sha256
        )
        for package in _versioned(packages)
        if package.open_type == FREE
    }


def _version(package: str, name: str, entry: Entry, kept: Kept) -> DataVersion:
    return DataVersion(
        name=name,
        moment=entry.moment,
        event=entry.event,
        note=entry.note,
        sha256=entry.sha256,
        folder=f"{package}/{FOLDER}/{name}/",
        files=kept.files,
        descriptor=json.loads(kept.descriptor),
    )


def planned(book: Ledger, packages: Sequence[Package], entries: Sequence[Entry]) -> dict[str, DataVersion]:
    """The versions that `entries` would begin, by the data set's name; their files are the package's own."""
    found = {}
    for entry in entries:
        package = next((p for p in packages if version.data_id(p.name) == entry.id), None)
        if package is not None and entry.event != "withdrawn":
            moments = [e.moment for _, e in _begun(book, package.name)]
            found[package.name] = DataVersion(
                name=version.names([*moments, entry.moment])[-1],
                moment=entry.moment,
                event=entry.event,
                note=entry.note,
                sha256=entry.sha256,
                folder=f"{package.name}/",
                files=files_of(package),
                descriptor=version.reading(package.descriptor),
            )
    return found


def to_keep(planned_: Mapping[str, DataVersion], datasets: Path) -> dict[str, Files]:
    """What is kept beside the ledger of these versions; copied from the packages, if they are still what was read."""
    found: dict[str, Files] = {}
    for name, one in planned_.items():
        files: dict[str, tuple[Path | bytes, str]] = {
            path: (datasets / one.folder / path, digest) for path, (digest, _) in one.files.items()
        }
        for path, text in (
            (version.DESCRIPTOR, version.as_text(one.descriptor)),
            (version.SUMS, version.listing(one.files)),
        ):
            files[path] = (text.encode(), version.digest_of(text))
        found[f"{name}/{FOLDER}/{one.name}"] = files
    return found


def told(entries: Sequence[Entry], book: Ledger, site: Site, earlier: Mapping[str, Any]) -> list[Entry]:
    """The entries, those of data sets with a note: the editor's where it is a new one, else what the data say.

    `earlier` are the words that the live release publishes of each data set, to tell which of them change.
    """
    said = {entry.note for entry in book.entries if entry.note}
    return [e._replace(note=_note(e, site, earlier, said)) if version.data_name(e.id) else e for e in entries]


def _note(entry: Entry, site: Site, earlier: Mapping[str, Any], said: Collection[str]) -> str:
    if entry.note and entry.note not in said:
        return entry.note
    name = version.data_name(entry.id)
    if version.is_words(entry.id):
        package = next(p for p in site.packages if p.name == name)
        return "" if entry.event == "published" else _words_changed(package, earlier.get(name))
    if entry.event == "withdrawn":
        return "改为不予开放"
    if entry.event == "restored":
        return "恢复开放"
    versions = site.data_versions.get(name, ())
    return summary(versions[-1].changes) if entry.event == "amended" and versions else ""


def summary(changes: Mapping[str, Any]) -> str:
    """What changed, in one line."""
    counts = [("新增", changes["added"]), ("删除", changes["removed"]), ("修改", changes["changed"])]
    said = (
        ["数据更新：" + "，".join(f"{word} {count} 行" for word, count in counts)] if any(c for _, c in counts) else []
    )
    columns = [t["columns"] for t in changes["tables"] if t["columns"]]
    for word, key in (("新增字段", "added"), ("删除字段", "removed"), ("更改字段定义", "changed")):
        if names := [c["name"] for one in columns for c in one[key]]:
            said.append(f"{word} {'、'.join(names[:10])}{'等' if len(names) > 10 else ''}")
    if changes["licence"]:
        said.append("更改许可")
    return "；".join(said)[:900] or "文件更新，数据没有变化"


_WORDS = {
    "title": "名称",
    "description": "说明",
    "keywords": "关键词",
    "contributors": "提供单位",
    "resources": "表和字段的说明",
    "cn:openType": "开放类型",
    "cn:openCondition": "开放条件",
    "cn:updateCycle": "更新周期",
}


def _words_changed(package: Package, earlier: Any) -> str:
    now = version.record(package.descriptor)
    if not isinstance(earlier, Mapping):
        return "更改目录信息"
    keys = [k for k in sorted({*now, *earlier}) if now.get(k) != earlier.get(k)]
    named = list(dict.fromkeys(_WORDS.get(k, "其他项目") for k in keys))
    return f"更改目录信息：{'、'.join(named)}" if named else "更改目录信息"


def faults(book: Ledger, packages: Sequence[Package], stored: Stored, unread: Collection[str]) -> list[Fault]:
    """What was published of data sets and is no longer there, or is another; `unread` are names of broken packages."""
    found = [f for package in _versioned(packages) for f in _kept_faults(book, package, stored.get(package.name, {}))]
    held = {package.name for package in packages} | {*unread}
    lines = {entry.id: number for number, entry in enumerate(book.entries, 2)}
    for identifier, entry in book.before.items():
        name = version.data_name(identifier)
        if name and not version.is_words(identifier) and name not in held:
            found.append(fault("L103", LEDGER_FILE, lines[identifier], "address", value=entry.address))
    return sorted(found)


def _kept_faults(book: Ledger, package: Package, kept: Mapping[str, Kept]) -> Iterator[Fault]:
    if package.open_type != FREE:
        return
    folder = f"{version.data_id(package.name)}/{FOLDER}"
    for name, entry in _standing(book, package.name):
        if (one := kept.get(name)) is None:
            yield fault("P401", f"{folder}/{name}")
        elif one.faults:
            yield from one.faults
        elif one.sha256 != entry.sha256:
            yield fault("P402", f"{folder}/{name}/{version.SUMS}")
    for name in sorted(kept.keys() - {name for name, _ in _begun(book, package.name)}):
        yield fault("P403", f"{folder}/{name}")


def _begun(book: Ledger, name: str) -> list[tuple[str, Entry]]:
    """Every version that ever began, with its name."""
    entries = [e for e in book.events.get(version.data_id(name), ()) if e.event != "withdrawn"]
    return list(zip(version.names(e.moment for e in entries), entries, strict=True))


def _standing(book: Ledger, name: str) -> list[tuple[str, Entry]]:
    """Those that began after the last withdrawal: what came before was taken back, and is not shown again."""
    events = book.events.get(version.data_id(name), ())
    after = max((n for n, e in enumerate(events, 1) if e.event == "withdrawn"), default=0)
    later = {id(entry) for entry in events[after:]}
    return [(version_, entry) for version_, entry in _begun(book, name) if id(entry) in later]


def _versioned(packages: Sequence[Package]) -> list[Package]:
    return [package for package in packages if package.name != version.LEDGER]
