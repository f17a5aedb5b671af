"""`publish`: plan events, append the ledger, build with it, promote; a failure restores all. Touches the disk."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from plugins.build import data_versions
from plugins.build.builder import Result, build, prepared, site_of
from plugins.build.clock import moment
from plugins.build.content import Content
from plugins.build.ledger import PATH, Ledger
from plugins.build.settings import Settings
from plugins.models.directory import SiteIdentity
from plugins.models.faults import Fault, fault, has_errors
from plugins.models.version import NOTE, data_name
from plugins.release import keys, ledger, ledger_file
from plugins.release.chain import sealed
from plugins.release.kept import Files
from plugins.release.lock import exclusive
from plugins.release.promote import Releases
from plugins.views.site import Site

_LICENCE = {"name": "CC0-1.0", "title": "CC0 1.0", "path": "https://creativecommons.org/publicdomain/zero/1.0/"}


def publish(settings: Settings) -> Result:
    """Publishes what is due at one moment. On faults, or when it is killed, ledger and site stay as they were.

    Raises OSError and `Occupied` as `build` does, `UnsignableError` where the release could not be signed; TimeoutError
    never: it waits for another publication to end.
    """
    signing = keys.load(settings.keys or Path())
    settings = replace(settings, datasets=settings.datasets or settings.content.parent / "datasets")
    settings = replace(settings, as_of=moment(settings.as_of))
    folder = _ledger_folder(settings)
    releases = Releases(settings.output)
    releases.refuse_foreign()
    settings.cache.mkdir(parents=True, exist_ok=True)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with ledger_file.transaction(folder, settings.cache / "ledger.lock", partial(_is_live, releases)):
        if not ledger.extends(_live_ledger(releases), ledger_file.read(folder)):
            return Result([fault("L106", PATH, 0, what="比已发布网站上的台账短，或与它不衔接；请先取回最新的台账")])
        entries, keep, identity, faults = _planned(settings, releases)
        if identity is None or has_errors(faults):
            return Result(faults)
        ledger_file.append(folder, entries, _descriptor(identity), keep)

        def seal(listing: bytes) -> Mapping[str, bytes]:
            return sealed(listing, signing, str(settings.as_of), settings.valid_days, releases.head())

        return build(settings, seal)


def rollback(settings: Settings, steps: int = 1) -> Path | None:
    """Shows the release that was published `steps` before the live one; None where it is not kept. Raises OSError.

    What a killed publication left of its rows in the ledger is settled first, while what they tell of is still live.
    """
    folder, releases = _ledger_folder(settings), Releases(settings.output)
    if releases.live() is None:
        return None
    settled = ledger_file.transaction(folder, settings.cache / "ledger.lock", partial(_is_live, releases))
    with settled, exclusive(releases.lock_path):
        return releases.back(steps)


def _ledger_folder(settings: Settings) -> Path:
    return (settings.datasets or settings.content.parent / "datasets") / "ledger"


def _planned(
    settings: Settings, releases: Releases
) -> tuple[list[ledger.Entry], dict[str, Files], SiteIdentity | None, list[Fault]]:
    """What publishing now would add to the ledger and keep beside it, and the faults that stand against it."""
    with prepared(settings) as (content, maker):
        book = content.book
        if has_errors(content.faults):
            return [], {}, None, content.faults
        site = site_of(content)
        texts = maker.texts(site)
        if faults := maker.faults or content.against_ledger(site, texts):
            return [], {}, site.identity, sorted(faults)
        entries = book.plan(site, texts, str(settings.as_of))
        new = data_versions.planned(book, content.packages, entries)
        known = data_versions.versions_of(book, content.packages, content.stored)
        both = {name: (*known.get(name, ()), version) for name, version in new.items()}
        compared = maker.compared(replace(site, data_versions=both))
        if maker.faults:
            return [], {}, site.identity, sorted(maker.faults)
        entries = data_versions.told(entries, book, compared, _live_words(releases, site))
        keep = data_versions.to_keep(new, book.folder.parent if book.folder else Path())
        return entries, keep, site.identity, sorted(_unfit(entries, book, content))


def _live_words(releases: Releases, site: Site) -> dict[str, Any]:
    """What the live release says of each data set in its catalogue: only to tell in a note what of it changes."""
    found: dict[str, Any] = {}
    if (live := releases.live()) is None:
        return found
    for name in (package.name for package in site.packages):
        with suppress(OSError, ValueError):
            found[name] = json.loads((live / "datasets" / name / "changes" / "record.json").read_bytes())
    return found


def _live_ledger(releases: Releases) -> bytes:
    """The ledger with which the live release was built: it publishes it byte for byte. Nothing where there is none."""
    live = releases.live()
    try:
        return (live / "datasets" / "ledger" / ledger_file.FILE).read_bytes() if live else b""
    except FileNotFoundError:
        return b""


def _is_live(releases: Releases, data: bytes) -> bool:
    """Whether the live release was built with exactly this ledger."""
    return _live_ledger(releases) == data


def _unfit(entries: list[ledger.Entry], book: Ledger, content: Content) -> list[Fault]:
    """Entries that the ledger could not take: a note with strange characters, a moment before the last."""
    problems = ledger.check(entries, book.before)
    if any(p.what == "order" for p in problems):
        return [fault("L106", PATH, 0, what="发布时间早于台账的最后一次发布")]
    by_id = content.context.register.by_id
    found = []
    for entry, value in ((entries[p.line - 2], p.value) for p in problems):
        if name := data_name(entry.id):
            found.append(fault("L108", f"datasets/{name}/datapackage.json", 0, NOTE, value=value))
        else:
            found.append(by_id[entry.id].fault("L108", "change_note", value=value))
    return found


def _descriptor(identity: SiteIdentity) -> bytes:
    return ledger_file.describe(identity.government, identity.owner or identity.government, _LICENCE)
