"""Promotion: a staged tree becomes the live release by one rename. Touches the disk.

OUT is a symbolic link to `.<name>.releases/<id>` beside it; `<id>` is the head of its MANIFEST's sha256, so that equal
content is the same release. Whatever fails or is killed, OUT is a whole old or a whole new release.
"""

from __future__ import annotations

import hashlib
import itertools
import os
import re
import secrets
import shutil
import time
from contextlib import suppress
from pathlib import Path

from plugins.release.disk import files, flush, fsync, put, readable, same
from plugins.release.verify import EXCLUDED, fields, parse

_STAGE, _LINK = ".stage-", ".link-"
_NEXT = ".next"
"""The tree made ahead for the next stage."""
KEPT = 5
"""Releases to which one may go back, the live one with them; fewer where a tree was taken for the next stage."""
RESTED = 600
"""Seconds after which no slow reader of a superseded release is left."""
_ID = re.compile(r"[0-9a-f]{16}(-[0-9]+)?")


class Occupied(Exception):  # noqa: N818 - a state of the output, named as one
    """A file or a folder that is not ours stands where the link belongs; the argument is its path."""


class Releases:
    """The releases of one output, in `folder` beside it. Every method may raise OSError, with the path."""

    def __init__(self, output: Path) -> None:
        self.output = output
        self.folder = output.parent / f".{output.name}.releases"

    @property
    def lock_path(self) -> Path:
        """The lock that `new_stage`, `sweep`, `promote` and `prune` are called under."""
        return self.folder / ".lock"

    def live(self) -> Path | None:
        """The release that OUT shows, None where there is none."""
        target = self._target()
        return target if target and target.is_dir() else None

    def _target(self) -> Path | None:
        """Where OUT leads, None where it is no link to a release of ours."""
        if not self.output.is_symlink():
            return None
        target = self.output.parent / os.readlink(self.output)
        return target if target.parent == self.folder else None

    def refuse_foreign(self) -> None:
        """Raises Occupied where OUT is a file, a non-empty folder, or a link that leads elsewhere."""
        empty = self.output.is_dir() and not self.output.is_symlink() and not os.listdir(self.output)
        if os.path.lexists(self.output) and not empty and self._target() is None:
            raise Occupied(str(self.output))

    def new_stage(self, keep: int = 2) -> Path:
        """A folder to stage in: empty, the tree made ahead, or that of a release that falls out of the newest `keep`.

        The last is taken only when nobody reads it any more: when it was superseded `RESTED` seconds ago. Such a tree
        differs from the next release in a few files; making ten thousand folders anew takes longer than everything
        else that an edit asks for.
        """
        stage = self._unused(_STAGE)
        ahead = self.folder / _NEXT
        ready = [ahead] if ahead.is_dir() and not ahead.is_symlink() else self._outdated(keep - 1, RESTED)[-1:]
        if ready:
            os.rename(ready[0], stage)
            return stage
        with readable():
            stage.mkdir(parents=True)
        return stage

    def ahead(self) -> Path:
        """An empty folder, for a tree that the next `new_stage` takes; what is unfinished in it does no harm."""
        folder = self.folder / _NEXT
        with readable():
            folder.mkdir()
        return folder

    def sweep(self) -> None:
        """Removes what killed promotions left: stages, links and half-removed releases."""
        with os.scandir(self.folder) as items:
            left = list(items)
        for item in left:
            if item.name.startswith(_STAGE):
                shutil.rmtree(item.path)
            elif item.name.startswith(_LINK):
                os.unlink(item.path)

    def promote(self, stage: Path) -> Path:
        """Makes the staged tree, which holds its MANIFEST, the live release; returns its folder.

        Raises Occupied as `refuse_foreign` does, ValueError where the tree is not what its MANIFEST says.
        """
        self.refuse_foreign()
        listing = (stage / "MANIFEST").read_bytes()
        if not _holds(stage, listing):
            raise ValueError(f"{stage} is not what its MANIFEST says")
        for name in EXCLUDED:
            with suppress(FileNotFoundError):
                os.chmod(stage / name, 0o644)
        flush(os.fspath(stage))
        release = self._settle(stage, hashlib.sha256(listing).hexdigest()[:16])
        fsync(os.fspath(self.folder))
        self._show(release)
        return release

    def _settle(self, stage: Path, name: str) -> Path:
        """Renames the stage to its id. An equal release stays instead; one that differs is damaged, and is left."""
        for number in itertools.count(1):
            release = self.folder / (name if number == 1 else f"{name}-{number}")
            if not os.path.lexists(release):
                os.rename(stage, release)
                break
            if _equal(os.fspath(stage), os.fspath(release)):
                os.utime(release)
                shutil.rmtree(stage)
                break
        return release

    def _show(self, release: Path) -> None:
        """Points OUT at `release`, by one rename."""
        link = self._unused(_LINK)
        os.symlink(os.path.join(self.folder.name, release.name), link)
        if self.output.is_dir() and not self.output.is_symlink():
            self.output.rmdir()
        os.replace(link, self.output)
        fsync(os.fspath(self.output.parent))

    def head(self) -> bytes:
        """The `latest.json` of the highest sequence among the releases, the live one or not; empty where none is."""
        return _head(max(self._kept(), key=_sequence, default=self.folder))

    def _kept(self) -> list[Path]:
        """All releases in the order in which they were published or renewed."""
        if not self.folder.is_dir():
            return []
        with os.scandir(self.folder) as items:
            found = [item for item in items if _ID.fullmatch(item.name) and item.is_dir(follow_symlinks=False)]
        found.sort(key=lambda item: item.stat().st_mtime_ns)
        return [Path(item.path) for item in found]

    def renew(self, head: bytes) -> None:
        """Gives the live release another `latest.json`, by one rename: it is whole with the old or with the new one."""
        part, live = self._unused(_LINK), os.path.realpath(self.output)
        put(os.fspath(part), head)
        os.chmod(part, 0o644)
        fsync(os.fspath(part))
        os.replace(part, f"{live}/latest.json")
        fsync(live)

    def back(self, steps: int = 1) -> Path | None:
        """Shows the release that was published `steps` before the live one; None where it is not kept, or not whole."""
        kept, live = self._kept(), self.live()
        place = kept.index(live) - steps if live in kept else -1
        if place < 0 or not self.whole(kept[place], _bytes(kept[place] / "MANIFEST")):
            return None
        self._show(kept[place])
        return kept[place]

    def prune(self, keep: int = KEPT) -> None:
        """Removes all but the newest `keep` releases, to which one may go back, and the live one."""
        for path in self._outdated(keep, 0):
            trash = self._unused(_STAGE)
            os.rename(path, trash)
            shutil.rmtree(trash)

    def _outdated(self, keep: int, rested: float) -> list[str]:
        """All but the newest `keep` releases, the live one and the chain's head, superseded `rested` seconds ago.

        The oldest is the last. What holds the head may be older than the live one's successors: after a `back`.
        """
        found = self._kept()[::-1]
        spared = {self.live(), max(found, key=_sequence, default=None)}
        superseded = [0.0, *(path.stat().st_mtime for path in found)]  # by the next newer one
        old = [path for n, path in enumerate(found) if n >= keep and superseded[n] <= time.time() - rested]
        return [os.fspath(path) for path in old if path not in spared]

    def whole(self, release: Path, listing: bytes) -> bool:
        """Whether `release` holds exactly the files that `listing` names, and that listing; contents are not hashed."""
        try:
            return (release / "MANIFEST").read_bytes() == listing and _holds(release, listing)
        except (OSError, ValueError):
            return False

    def _unused(self, kind: str) -> Path:
        return self.folder / f"{kind}{secrets.token_hex(6)}"


def _head(release: Path) -> bytes:
    return _bytes(release / "latest.json")


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return b""


def _sequence(release: Path) -> int:
    """The release's place in the chain; 0 where it is not signed."""
    return int(fields(_head(release)).get("sequence", 0))


def _holds(folder: Path, listing: bytes) -> bool:
    found = files(os.fspath(folder))
    return found is not None and found.keys() - EXCLUDED == parse(listing).keys()


def _equal(stage: str, release: str) -> bool:
    """Whether both hold the same files. Quick for links to the same objects; bytes are compared for others."""
    try:
        found, other = files(stage), files(release)
        return found is not None and other is not None and found.keys() == other.keys() and same(stage, release, found)
    except OSError:
        return False
