"""`publish`: plan events, append the ledger, build with it, promote; a failure restores all. Touches the disk."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from plugins.build.builder import Result, build, prepared, site_of
from plugins.build.clock import moment
from plugins.build.content import Content
from plugins.build.ledger import Ledger
from plugins.build.settings import Settings
from plugins.models.directory import SiteIdentity
from plugins.models.faults import Fault, fault, has_errors
from plugins.release import ledger, ledger_file
from plugins.release.promote import Releases

_LICENCE = {"name": "CC0-1.0", "title": "CC0 1.0", "path": "https://creativecommons.org/publicdomain/zero/1.0/"}


def publish(settings: Settings) -> Result:
    """Publishes what is due at one moment. On faults, or when it is killed, ledger and site stay as they were.

    Raises OSError and `Occupied` as `build` does, TimeoutError never: it waits for another publication to end.
    """
    settings = replace(settings, datasets=settings.datasets or settings.content.parent / "datasets")
    settings = replace(settings, as_of=moment(settings.as_of))
    folder = (settings.datasets or settings.content) / "ledger"
    releases = Releases(settings.output)
    releases.refuse_foreign()
    settings.cache.mkdir(parents=True, exist_ok=True)
    with ledger_file.transaction(folder, settings.cache / "ledger.lock", partial(_is_live, releases)):
        entries, identity, faults = _planned(settings)
        if identity is None or has_errors(faults):
            return Result(faults)
        ledger_file.append(folder, entries, _descriptor(identity))
        return build(settings)


def _planned(settings: Settings) -> tuple[list[ledger.Entry], SiteIdentity | None, list[Fault]]:
    """What publishing now would add to the ledger, and the faults that stand against it."""
    with prepared(settings) as (content, maker):
        book = content.book
        if has_errors(content.faults):
            return [], None, content.faults
        site = site_of(content)
        texts = maker.texts(site)
        faults = maker.faults or book.faults(content.context.register, site, texts)
        entries = [] if faults else book.plan(site, texts, str(settings.as_of))
        return entries, site.identity, sorted(faults or _unfit(entries, book, content))


def _is_live(releases: Releases, data: bytes) -> bool:
    """Whether the live release was built with exactly this ledger, which it publishes byte for byte."""
    live = releases.live()
    try:
        return live is not None and (live / "datasets" / "ledger" / ledger_file.FILE).read_bytes() == data
    except FileNotFoundError:
        return False


def _unfit(entries: list[ledger.Entry], book: Ledger, content: Content) -> list[Fault]:
    """Entries that the ledger could not take: a note with strange characters, a moment before the last."""
    problems = ledger.check(entries, book.before)
    if any(p.what == "order" for p in problems):
        return [fault("L106", "datasets/ledger/ledger.csv", 0, what="发布时间早于台账的最后一次发布")]
    by_id = content.context.register.by_id
    return [by_id[entries[p.line - 2].id].fault("L108", "change_note", value=p.value) for p in problems]


def _descriptor(identity: SiteIdentity) -> bytes:
    return ledger_file.describe(identity.government, identity.owner or identity.government, _LICENCE)
