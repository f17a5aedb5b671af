"""An ordinary copy of a release, for hosts that want one. Touches the disk."""

from __future__ import annotations

import filecmp
import os
import shutil
from pathlib import Path

from plugins.release.promote import Occupied


def copy_plain(release: Path, target: Path) -> None:
    """Makes `target` hold what `release` holds: files replaced whole, MANIFEST last, files no longer in it gone.

    Raises Occupied for a non-empty folder that holds no MANIFEST: it is not ours to change.
    """
    if target.is_symlink() or (target.exists() and any(target.iterdir()) and not (target / "MANIFEST").is_file()):
        raise Occupied(str(target))
    wanted = sorted(p.relative_to(release) for p in release.rglob("*") if p.is_file())
    for path in sorted(wanted, key=lambda p: str(p) == "MANIFEST"):
        source, place = release / path, target / path
        if place.is_file() and filecmp.cmp(source, place, shallow=False):
            continue
        place.parent.mkdir(parents=True, exist_ok=True)
        temporary = place.with_name(f".{place.name}.part")
        shutil.copyfile(source, temporary)
        os.replace(temporary, place)
    kept = set(wanted)
    for path in sorted(target.rglob("*"), reverse=True):
        if path.is_file() and path.relative_to(target) not in kept:
            path.unlink()
        elif path.is_dir() and not any(path.iterdir()):
            path.rmdir()
