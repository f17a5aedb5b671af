"""Promotion: a staged tree becomes the live release by one rename. Touches the disk.

OUT is a symbolic link to `.<name>.releases/<id>` beside it; `<id>` is the head of its MANIFEST's sha256, so that equal
content is the same release. Whatever fails or is killed, OUT is a whole old or a whole new release.
"""

from __future__ import annotations

import ctypes
import hashlib
import os
import secrets
import shutil
import sys
from pathlib import Path

from plugins.release.manifest import EXCLUDED, parse

_STAGE, _LINK = ".stage-", ".link-"


class Occupied(Exception):  # noqa: N818 - a state of the output, named as one
    """A file or a folder that is not ours stands where the link belongs; the argument is its path."""


class Releases:
    """The releases of one output."""

    def __init__(self, output: Path) -> None:
        self.output = output
        self.folder = output.parent / f".{output.name}.releases"

    @property
    def lock_path(self) -> Path:
        """The lock that promotions hold."""
        return self.folder / ".lock"

    def live(self) -> Path | None:
        """The folder that OUT shows, None where there is none."""
        if not self.output.is_symlink():
            return None
        target = self.output.parent / os.readlink(self.output)
        return target if target.parent == self.folder and target.is_dir() else None

    def refuse_foreign(self) -> None:
        """Raises Occupied where OUT is a file, a non-empty folder, or a link that leads elsewhere."""
        if self.output.is_symlink():
            if Path(os.readlink(self.output)).parent.name != self.folder.name:
                raise Occupied(str(self.output))
        elif self.output.exists() and (not self.output.is_dir() or any(os.scandir(self.output))):
            raise Occupied(str(self.output))

    def new_stage(self) -> Path:
        """An empty folder to stage in. Call it under the lock."""
        stage = self.folder / f"{_STAGE}{secrets.token_hex(6)}"
        stage.mkdir(parents=True)
        return stage

    def sweep(self) -> None:
        """Removes what killed promotions left. Call it under the lock: then no stage is in use."""
        for item in os.scandir(self.folder):
            if item.name.startswith(_STAGE):
                shutil.rmtree(item.path)
            elif item.name.startswith(_LINK):
                os.unlink(item.path)

    def promote(self, stage: Path) -> Path:
        """Makes the staged tree, which holds its MANIFEST, the live release; returns its folder."""
        listing = (stage / "MANIFEST").read_bytes()
        os.chmod(stage, 0o755)  # noqa: S103 - what is published is readable
        flush(stage)
        release = self._settle(stage, hashlib.sha256(listing).hexdigest()[:16], listing)
        _fsync(self.folder)
        link = self.folder / f"{_LINK}{secrets.token_hex(6)}"
        os.symlink(Path(self.folder.name) / release.name, link)
        if self.output.is_dir() and not self.output.is_symlink():
            self.output.rmdir()
        os.replace(link, self.output)
        _fsync(self.output.parent)
        return release

    def _settle(self, stage: Path, name: str, listing: bytes) -> Path:
        """Renames the stage to its id; a whole release of that id stays, a damaged one keeps its name and is left."""
        for attempt in range(1, 100):
            release = self.folder / (name if attempt == 1 else f"{name}-{attempt}")
            if not release.exists():
                os.rename(stage, release)
                return release
            if self.whole(release, listing):
                shutil.rmtree(stage)
                os.utime(release)
                return release
        raise Occupied(str(self.folder / name))

    def prune(self, keep: int = 5) -> None:
        """Removes all but the newest `keep` releases and the live one."""
        live = self.live()
        found = [Path(item.path) for item in os.scandir(self.folder) if item.is_dir() and item.name[0] != "."]
        found.sort(key=lambda p: p.stat().st_mtime_ns, reverse=True)
        for release in found[keep:]:
            if release != live:
                trash = self.folder / f"{_STAGE}{secrets.token_hex(6)}"
                os.rename(release, trash)
                shutil.rmtree(trash)

    def whole(self, release: Path, listing: bytes) -> bool:
        """Whether `release` holds exactly the files that `listing` names, and that listing; contents are not hashed."""
        try:
            if (release / "MANIFEST").read_bytes() != listing:
                return False
            return _files(os.fspath(release)) - EXCLUDED == set(parse(listing))
        except (OSError, ValueError):
            return False


def _files(root: str) -> set[str]:
    """The paths of all files below `root`, relative to it."""
    found: set[str] = set()
    waiting = [""]
    while waiting:
        folder = waiting.pop()
        with os.scandir(f"{root}/{folder}") as items:
            for item in items:
                if item.is_dir(follow_symlinks=False):
                    waiting.append(f"{folder}{item.name}/")
                else:
                    found.add(folder + item.name)
    return found


def flush(folder: Path) -> None:
    """Puts everything written so far on the disk: one call for the file system, since 50,000 fsyncs take minutes."""
    if sys.platform == "linux":
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            if ctypes.CDLL(None, use_errno=True).syncfs(descriptor) != 0:
                raise OSError(ctypes.get_errno(), "syncfs", str(folder))
        finally:
            os.close(descriptor)
    else:
        os.sync()


def _fsync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
