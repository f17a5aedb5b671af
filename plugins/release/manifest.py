"""MANIFEST: sorted `sha256  path` lines, readable by `sha256sum -c` (pure)."""

from __future__ import annotations

from collections.abc import Mapping

from plugins.release.verify import ENTRY, EXCLUDED


def manifest(entries: Mapping[str, str]) -> bytes:
    """The MANIFEST of path -> sha256 (64 lower-case hex digits), sorted by the paths' bytes.

    Raises ValueError, with the entry, for a path that is not a plain relative one or is of EXCLUDED, and for a digest
    that is none.
    """
    lines = []
    for path, digest in entries.items():
        if path in EXCLUDED or not ENTRY.fullmatch(f"{digest}  {path}"):
            raise ValueError(f"{digest}  {path}")
        lines.append((path.encode(), digest.encode()))
    return b"".join(b"%b  %b\n" % (digest, path) for path, digest in sorted(lines))
