"""What the theme serves. Touches the disk."""

from __future__ import annotations

from pathlib import Path

from plugins.build.settings import STAMP, require_vendored
from plugins.build.sources import hash_files
from plugins.readers.tree import MAX_BYTES


def static_files(theme: Path) -> list[tuple[str, str]]:
    """The files that the theme serves, below it, with their sha256, sorted: its own, and those that set-up brought.

    Raises FileNotFoundError where set-up did not bring what the pages need, or another than the lock names.
    """
    require_vendored(theme)
    parts = [p for part in ("static", "vendor") for p in (theme / part).rglob("*")]
    found = sorted(p for p in parts if p.is_file() and p.name != STAMP)
    hashes = hash_files((str(p.relative_to(theme)), p, 64 * MAX_BYTES) for p in found)
    return list(hashes.items())
