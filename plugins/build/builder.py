"""The way from folders to a release: read, check, gate, make, stage, promote. Touches the disk."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from plugins.build import data_versions
from plugins.build.clock import moment
from plugins.build.content import Content, read_content
from plugins.build.fonts import require_fonts
from plugins.build.ledger import Ledger
from plugins.build.maker import Maker
from plugins.build.pool import Pool
from plugins.build.settings import Settings, toolchain, whole
from plugins.build.sources import Sources
from plugins.build.store import Made, Store
from plugins.models.faults import Fault, has_errors
from plugins.release.lock import exclusive
from plugins.release.manifest import manifest
from plugins.release.plain import copy_plain, refuse_foreign
from plugins.release.promote import Releases
from plugins.release.stage import Torn, stage
from plugins.rules.context import Context
from plugins.views.site import Site, make_site


@dataclass(slots=True)
class Result:
    """What a build did. `release` is the folder that is live; `files` and `pages` count it, `written` what was made."""

    faults: list[Fault] = field(default_factory=list)
    release: Path | None = None
    pages: int = 0
    written: int = 0


def build(settings: Settings) -> Result:
    """Builds and promotes a release; on faults the output stays as it was.

    Raises OSError for what is wrong outside the content, `Occupied` where a folder stands in the output's place.
    """
    now = moment(settings.as_of)
    releases = Releases(settings.output)
    releases.refuse_foreign()
    if settings.plain:
        refuse_foreign(settings.plain)
    store = Store(settings.cache)
    try:
        with Pool(settings.jobs) as pool:
            result = _build(settings, releases, Sources(settings, store, now, pool))
    finally:
        store.close()
    if settings.plain and result.release:
        copy_plain(result.release, settings.plain)
    return result


@contextmanager
def prepared(settings: Settings) -> Iterator[tuple[Content, Maker]]:
    """The content read and checked, and a maker for its texts; for what does not promote (check, publish's plan)."""
    store = Store(settings.cache)
    try:
        with Pool(settings.jobs) as pool:
            sources = Sources(settings, store, moment(settings.as_of), pool)
            content = read_content(settings, sources)
            yield content, Maker(settings, store, pool)
    finally:
        store.close()


def check_all(settings: Settings) -> list[Fault]:
    """Every fault, those against the ledger too. Raises OSError."""
    return checked(settings)[0]


def checked(settings: Settings) -> tuple[list[Fault], Context]:
    """Every fault, sorted, and the context in which they were found. Raises OSError."""
    with prepared(settings) as (content, maker):
        faults, book = content.faults, content.book
        if (book.entries or any(content.stored.values())) and content.context.register.identity:
            site = site_of(content)
            texts = maker.texts(site)
            faults = sorted({*faults, *maker.faults, *content.against_ledger(site, texts)})
        return faults, content.context


def _build(settings: Settings, releases: Releases, sources: Sources) -> Result:
    store, now = sources.store, sources.now
    content = read_content(settings, sources)
    if has_errors(content.faults):
        return Result(content.faults)
    book = content.book
    versions = data_versions.versions_of(book, content.packages, content.stored)
    site = replace(site_of(content), data_versions=versions)
    state = _state(settings, content, site, book)
    if not settings.clean and (release := _standing(releases, store, state, now)):
        return Result(content.faults, release, pages=int(store.note("pages") or 0))
    require_fonts(settings.theme, settings.fonts)
    maker = Maker(settings, store, sources.pool)
    texts = maker.texts(site)
    faults = maker.faults or content.against_ledger(site, texts)
    files = {} if has_errors(faults) else maker.files(site, texts)
    if faults := faults or maker.faults:
        return Result(sorted([*content.faults, *faults]))
    sources.remember(site)
    maker.remember()
    listing = manifest({path: made.digest for path, made in files.items()})
    release = _promote(releases, store, files, listing, maker)
    pages = sum(path.endswith(".html") for path in files)
    store.set_note("state", json.dumps([state, site.window, listing.decode(), release.name]))
    store.set_note("pages", str(pages))
    store.keep_only(maker.used, maker.known)
    return Result(content.faults, release, pages, maker.written)


def _open(faults: Iterable[Fault]) -> frozenset[str]:
    return frozenset(f.path for f in faults if f.severity == "error")


def _state(settings: Settings, content: Content, site: Site, book: Ledger) -> str:
    """What decides the output, besides time: equal states within one window give equal sites."""
    tree = content.tree
    signatures = [entry.signature for entry in (*tree.sources, *tree.assets.values(), *tree.lists.values())]
    names = [entry.id for entry in (*tree.sources, *tree.assets.values(), *tree.lists.values())]
    packages = [package.sha256 for package in content.packages]
    parts = [whole(), toolchain(settings.theme), names, signatures, packages, list(site.validity)]
    parts.append([f"{name} {kept.sha256}" for found in content.stored.values() for name, kept in found.items()])
    parts.append(hashlib.sha256(book.data).hexdigest())
    return hash_text(json.dumps(parts))


def hash_text(text: str) -> str:
    """The sha256 of `text`."""
    return hashlib.sha256(text.encode()).hexdigest()


def _standing(releases: Releases, store: Store, state: str, now: str) -> Path | None:
    """The live release, where nothing could differ and it is whole."""
    if not (note := store.note("state")) or (live := releases.live()) is None:
        return None
    before, (start, end), listing, name = json.loads(note)
    same = before == state and start <= now < end and live.name == name
    return live if same and releases.whole(live, listing.encode()) else None


def _promote(releases: Releases, store: Store, files: dict[str, Made], listing: bytes, maker: Maker) -> Path:
    """Stages and promotes under the lock; an object that was changed in the store is made anew, once.

    The first release makes the tree of the second ahead, when it is live: an edit then links only what differs.
    """
    with exclusive(releases.lock_path, None):
        releases.sweep()
        first = releases.live() is None
        for attempt in (1, 2):
            folder = releases.new_stage()
            tree = [(path, store.path(m.digest), m.size, m.mtime) for path, m in files.items()]
            try:
                stage(tree, folder)
            except Torn:
                if attempt == 2:
                    raise
                files = maker.again()
                releases.sweep()
                continue
            break
        (folder / "MANIFEST").write_bytes(listing)
        release = releases.promote(folder)
        releases.prune()
        if first:
            with suppress(OSError, Torn):  # the site is live: what is made ahead may fail
                stage(tree, releases.ahead())
    return release


def site_of(content: Content) -> Site:
    """The Site of the content, as far as no error is open."""
    site = make_site(
        content.context, content.packages, _open(content.faults), content.assets, history=content.book.history()
    )
    return replace(site, registers=content.registers)
