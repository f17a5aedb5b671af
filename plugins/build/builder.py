"""The way from folders to a release: read, check, gate, make, stage, promote. Touches the disk."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
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
from plugins.release.disk import put
from plugins.release.lock import exclusive
from plugins.release.manifest import manifest
from plugins.release.plain import copy_plain, refuse_foreign
from plugins.release.promote import Releases
from plugins.release.stage import Torn, stage
from plugins.rules.context import Context
from plugins.views.site import Site, make_site

Seal = Callable[[bytes], Mapping[str, bytes]]
"""MANIFEST -> the files that sign it, by name; asked under the lock of the releases."""


@dataclass(slots=True)
class Result:
    """What a build did. `release` is the folder that is live; `files` and `pages` count it, `written` what was made."""

    faults: list[Fault] = field(default_factory=list)
    release: Path | None = None
    pages: int = 0
    written: int = 0


def build(settings: Settings, seal: Seal | None = None) -> Result:
    """Builds and promotes a release, signed with `seal`; on faults the output stays as it was.

    Raises what `seal` does, OSError for what is wrong outside the content, `Occupied` where a folder stands in the
    output's place.
    """
    now = moment(settings.as_of)
    releases = Releases(settings.output)
    releases.refuse_foreign()
    if settings.plain:
        refuse_foreign(settings.plain)
    store = Store(settings.cache)
    try:
        with Pool(settings.jobs) as pool:
            result = _build(settings, releases, Sources(settings, store, now, pool), seal)
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
        faults, register = content.faults, content.context.register
        if (content.book.entries or any(content.stored.values()) or register.frozen) and register.identity:
            site = site_of(content)
            texts = maker.texts(site)
            faults = sorted({*faults, *maker.faults, *content.against_ledger(site, texts)})
        return faults, content.context


def _build(settings: Settings, releases: Releases, sources: Sources, seal: Seal | None) -> Result:
    store, now = sources.store, sources.now
    content = read_content(settings, sources)
    if has_errors(content.faults):
        return Result(content.faults)
    book = content.book
    versions = data_versions.versions_of(book, content.packages, content.stored)
    site = replace(site_of(content), data_versions=versions)
    state = _state(settings, content, site, book)
    if not settings.clean and (release := _standing(releases, store, state, now, seal)):
        return Result(content.faults, release, pages=int(store.note("pages") or 0))
    require_fonts(settings.theme, settings.fonts)
    maker = Maker(settings, store, sources.pool)

    def live() -> Result:
        texts = maker.texts(site)
        faults = maker.faults or content.against_ledger(site, texts)
        files = {} if has_errors(faults) else maker.files(site, texts)
        if faults := faults or maker.faults:
            return Result(sorted([*content.faults, *faults]))
        sources.remember(site)
        maker.remember()
        listing = manifest({path: made.digest for path, made in files.items()})
        release = _promote(releases, store, files, listing, seal)
        pages = sum(path.endswith(".html") for path in files)
        store.set_note("state", json.dumps([state, site.window, listing.decode(), release.name]))
        store.set_note("pages", str(pages))
        store.keep_only(maker.used, maker.known)
        return Result(content.faults, release, pages, maker.written)

    return maker.sound(live)


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


def _standing(releases: Releases, store: Store, state: str, now: str, seal: Seal | None) -> Path | None:
    """The live release, where nothing could differ and it is whole, and signed where it shall be."""
    if not (note := store.note("state")) or (live := releases.live()) is None:
        return None
    before, (start, end), listing, name = json.loads(note)
    same = before == state and start <= now < end and live.name == name
    if not same or not releases.whole(live, listing.encode()):
        return None
    if seal:
        with exclusive(releases.lock_path, None):
            releases.sweep()
            return live if _renewed(releases, listing.encode(), seal(listing.encode())) else None
    return live


def _renewed(releases: Releases, listing: bytes, signatures: Mapping[str, bytes]) -> bool:
    """Whether the live release is of that MANIFEST and so signed; only its head of the chain is then another now."""
    live = releases.live()
    if live is None or not signatures or not releases.whole(live, listing):
        return False
    places = [(live / name, data) for name, data in signatures.items() if name != "latest.json"]
    if not all(path.is_file() and path.read_bytes() == data for path, data in places):
        return False
    releases.renew(signatures["latest.json"])
    return True


def _promote(releases: Releases, store: Store, files: dict[str, Made], listing: bytes, seal: Seal | None) -> Path:
    """Stages and promotes under the lock. Raises Torn where an object was changed in the store.

    The first release makes the tree of the second ahead, when it is live: an edit then links only what differs.
    """
    with exclusive(releases.lock_path, None):
        releases.sweep()
        signatures = seal(listing) if seal else {}
        if (live := releases.live()) and _renewed(releases, listing, signatures):
            return live
        folder = releases.new_stage()
        tree = [(path, store.path(m.digest), m.size, m.mtime) for path, m in files.items()]
        stage(tree, folder)
        for name, data in {"MANIFEST": listing, **signatures}.items():
            put(f"{folder}/{name}", data)
        release = releases.promote(folder)
        releases.prune()
        if live is None:
            with suppress(OSError, Torn):  # the site is live: what is made ahead may fail
                stage(tree, releases.ahead())
    return release


def site_of(content: Content) -> Site:
    """The Site of the content, as far as no error is open."""
    site = make_site(
        content.context, content.packages, _open(content.faults), content.assets, history=content.book.history()
    )
    return replace(site, registers=content.registers)
