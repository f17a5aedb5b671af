"""Small releases for these tests: what they hold, how they are promoted, what a visitor sees."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Mapping
from pathlib import Path

from plugins.release.chain import Keys, sealed
from plugins.release.disk import put
from plugins.release.lock import exclusive
from plugins.release.manifest import manifest
from plugins.release.promote import Releases
from plugins.release.stage import stage
from plugins.release.verify import EXCLUDED

Tree = Mapping[str, str]


def tree(text: str) -> Tree:
    """A release in which every file says `text`; three folders deep."""
    return {path: f"{path} {text}\n" for path in ("index.html", "policies/2026/a/index.html", "policies/b.txt")}


def listing(files: Tree) -> bytes:
    return manifest({path: hashlib.sha256(text.encode()).hexdigest() for path, text in files.items()})


def identity(files: Tree) -> str:
    return hashlib.sha256(listing(files)).hexdigest()[:16]


def store(folder: Path, files: Tree) -> list[tuple[str, Path, int, int]]:
    """Puts the files where objects lie; returns the rows that `stage` takes."""
    rows = []
    folder.mkdir(parents=True, exist_ok=True)
    for path, text in files.items():
        place = folder / hashlib.sha256(text.encode()).hexdigest()
        if not place.exists():
            part = folder / f"{place.name}.{os.getpid()}"
            part.write_text(text)
            part.replace(place)
        info = place.stat()
        rows.append((path, place, info.st_size, info.st_mtime_ns))
    return rows


def publish(
    output: Path, files: Tree, keep: int = 5, keys: Keys | None = None, moment: str = "2026-03-03 09:00"
) -> Path:
    """What `plugins/build` does; signed with `keys`."""
    rows = store(output.parent / "objects", files)
    releases = Releases(output)
    releases.refuse_foreign()
    with exclusive(releases.lock_path, 30):
        releases.sweep()
        signatures = sealed(listing(files), keys, moment, 30, releases.head()) if keys else {}
        folder = releases.new_stage(keep)
        stage(rows, folder)
        for name, data in {"MANIFEST": listing(files), **signatures}.items():
            put(f"{folder}/{name}", data)
        release = releases.promote(folder)
        releases.prune(keep)
    return release


def shown(folder: Path) -> dict[str, str]:
    """Every file below `folder`, but for the MANIFEST and what signs it."""
    found = (p for p in folder.rglob("*") if p.is_file() and p.name not in EXCLUDED)
    return {p.relative_to(folder).as_posix(): p.read_text() for p in found}


def is_whole(folder: Path, files: Tree) -> bool:
    return shown(folder) == files and (folder / "MANIFEST").read_bytes() == listing(files)


def leftovers(output: Path) -> set[str]:
    """What a killed promotion leaves: names with a dot, but for the lock."""
    return {p.name for p in Releases(output).folder.iterdir() if p.name.startswith(".")} - {".lock"}


def in_child(work: Callable[[], None]) -> int:
    """Runs `work` in a fork: 0, 1 for an OSError, 2 for another exception, minus the signal that killed it."""
    child = os.fork()
    if child == 0:
        code = 2
        try:
            work()
            code = 0
        except OSError:
            code = 1
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
