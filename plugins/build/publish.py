"""`publish`: plan events, append the ledger, build with it, promote; a failure restores all. Touches the disk."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from plugins.build.builder import Result, build, prepared, site_of
from plugins.build.clock import moment
from plugins.build.content import Content
from plugins.build.ledger import PATH, Ledger
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
    folder.parent.mkdir(parents=True, exist_ok=True)
    with ledger_file.transaction(folder, settings.cache / "ledger.lock", partial(_is_live, releases)):
        if not ledger.extends(_live_ledger(releases), ledger_file.read(folder)):
            return Result([fault("L106", PATH, 0, what="比已发布网站上的台账短，或与它不衔接；请先取回最新的台账")])
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
    return [by_id[entries[p.line - 2].id].fault("L108", "change_note", value=p.value) for p in problems]


def _descriptor(identity: SiteIdentity) -> bytes:
    return ledger_file.describe(identity.government, identity.owner or identity.government, _LICENCE)
