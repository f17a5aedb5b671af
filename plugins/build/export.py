"""The released Site as files for an engine on another machine: bulk lines and the mapping. Touches the disk."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from plugins.build.builder import prepared, site_of
from plugins.build.settings import Settings
from plugins.build.workers import DiskLoader
from plugins.formats import text
from plugins.formats.views import Loader
from plugins.models.faults import Fault, has_errors
from plugins.models.record import Record
from plugins.release.disk import flush
from plugins.release.lock import exclusive
from plugins.release.promote import Occupied
from plugins.release.stage import Torn
from plugins.search.engine import MADE_BY, document, mapping
from plugins.views.fields import public_fields
from plugins.views.frame import SiteFrame
from plugins.views.jobs import written
from plugins.views.searching import entries
from plugins.views.versions import body_reference

LIMIT = 50_000_000
"""Bytes of one bulk file: an engine takes 100 MiB in one request unless it is told otherwise."""
_OURS = re.compile(r"mapping\.json|bulk(-\d{3,})?\.ndjson")
Numbered = tuple[str, Mapping[str, Any]]
"""A document with its id."""


@dataclass(slots=True)
class Exported:
    """What an export did; with errors among `faults` it did nothing."""

    faults: list[Fault] = field(default_factory=list)
    documents: int = 0
    files: int = 0


def export(settings: Settings, target: Path) -> Exported:
    """Writes what a build of `settings` would release into the folder `target`, which is replaced whole.

    The gate is the build's: where an error is open nothing is written. Raises OSError for what is wrong outside the
    content, `Occupied` where something of somebody else's is in the way.
    """
    refuse_foreign(target)
    with prepared(settings) as (content, maker):
        if has_errors(content.faults):
            return Exported(content.faults)
        site = site_of(content)
        texts = maker.texts(site)
        faults = maker.faults or content.book.faults(content.context.register, site, texts)
        if has_errors(faults):
            return Exported(sorted([*content.faults, *faults]))
        with exclusive(settings.cache / "export.lock"):
            documents, files = write(target, documents_of(SiteFrame(site), texts, DiskLoader(maker.folders)))
    return Exported(content.faults, documents, files)


def documents_of(frame: SiteFrame, texts: Mapping[str, str], load: Loader) -> Iterator[Numbered]:
    """Every document and data package that the static search holds, by id; texts are read one at a time."""
    for entry in sorted(entries(frame), key=lambda one: one.id):
        shown = {**entry.record, **entry.facets, "text": entry.text}
        if record := frame.site.documents.get(entry.id):
            shown["text"] = text.without_title(_canonical(record, texts[entry.id], load))
        yield entry.id, document(shown, public_fields(record) if record else {})


def _canonical(record: Record, digest: str, load: Loader) -> bytes:
    """The canonical text from the store; one that is torn or gone there is made again."""
    try:
        return load.made(digest)
    except Torn:
        return text.render({"title": record.title, "body": body_reference(record)}, load)


def refuse_foreign(target: Path) -> None:
    """Raises Occupied for a link, a file, or a folder that holds anything but an earlier export."""
    if target.is_symlink() or (target.exists() and not target.is_dir()):
        raise Occupied(str(target))
    held = os.listdir(target) if target.exists() else []
    if held and not (all(_OURS.fullmatch(name) for name in held) and _made_here(target / "mapping.json")):
        raise Occupied(str(target))


def _made_here(file: Path) -> bool:
    try:
        return bool(json.loads(file.read_bytes())["mappings"]["_meta"]["made_by"] == MADE_BY)
    except (FileNotFoundError, ValueError, LookupError, TypeError):
        return False


def write(target: Path, documents: Iterable[Numbered], limit: int = LIMIT) -> tuple[int, int]:
    """Writes a folder beside `target` and puts it in its place: how many documents, in how many bulk files.

    A killed export leaves the folder of the last one, or, between two renames, none; never half of one.
    """
    refuse_foreign(target)
    fresh, gone = (target.with_name(f".{target.name}.{word}") for word in ("export-new", "export-old"))
    for folder in (fresh, gone):
        shutil.rmtree(folder, ignore_errors=True)
    fresh.mkdir(parents=True)
    count, files = _chunks(fresh, documents, limit)
    if files == 1:
        os.rename(fresh / "bulk-001.ndjson", fresh / "bulk.ndjson")
    (fresh / "mapping.json").write_text(json.dumps(mapping(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    flush(os.fspath(fresh))
    if target.exists():
        os.rename(target, gone)
    os.rename(fresh, target)
    shutil.rmtree(gone, ignore_errors=True)
    return count, files


def _chunks(folder: Path, documents: Iterable[Numbered], limit: int) -> tuple[int, int]:
    """bulk-001.ndjson and so on, at least one, each of at most `limit` bytes unless one document is larger."""
    count, files, size = 0, 1, 0
    stream: BinaryIO = (folder / "bulk-001.ndjson").open("wb")
    try:
        for identifier, one in documents:
            lines = written({"index": {"_id": identifier}}) + b"\n" + written(one) + b"\n"
            if size and size + len(lines) > limit:
                stream.close()
                files, size = files + 1, 0
                stream = (folder / f"bulk-{files:03}.ndjson").open("wb")
            stream.write(lines)
            count, size = count + 1, size + len(lines)
    finally:
        stream.close()
    return count, files
