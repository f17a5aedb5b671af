"""MANIFEST: sorted `sha256  path` lines, readable by `sha256sum -c` (pure)."""

from __future__ import annotations

import re
from collections.abc import Mapping

EXCLUDED = frozenset({"MANIFEST", "MANIFEST.sig", "MANIFEST.minisig", "latest.json"})
"""Files of a release that its MANIFEST does not list."""

# Control characters and the backslash are what `sha256sum` escapes. Other characters are not judged here: what counts
# as printable differs between versions of Unicode, and a MANIFEST must be read the same by all.
_SEGMENT = r"(?!\.\.?(?:/|\Z))[^/\\\x00-\x1f\x7f]+"
_ENTRY = re.compile(rf"([0-9a-f]{{64}})  ((?!-\Z){_SEGMENT}(?:/{_SEGMENT})*)")
"""A path of one hyphen is what `sha256sum` takes for its standard input."""


def manifest(entries: Mapping[str, str]) -> bytes:
    """The MANIFEST of path -> sha256 (64 lower-case hex digits), sorted by the paths' bytes.

    Raises ValueError, with the entry, for a path that is not a plain relative one or is of EXCLUDED, and for a digest
    that is none.
    """
    lines = []
    for path, digest in entries.items():
        if path in EXCLUDED or not _ENTRY.fullmatch(f"{digest}  {path}"):
            raise ValueError(f"{digest}  {path}")
        lines.append((path.encode(), digest.encode()))
    return b"".join(b"%b  %b\n" % (digest, path) for path, digest in sorted(lines))


def parse(data: bytes) -> dict[str, str]:
    """path -> sha256. Raises ValueError, with the line's number, for anything that `manifest` would not write."""
    *lines, rest = data.split(b"\n")
    entries: dict[str, str] = {}
    last = b""
    for number, line in enumerate(lines, 1):
        try:
            match = _ENTRY.fullmatch(line.decode())
        except UnicodeDecodeError as error:
            raise ValueError(f"line {number}: not UTF-8") from error
        if match is None or match[2] in EXCLUDED:
            raise ValueError(f"line {number}: not a plain `sha256  path`")
        if line[66:] <= last:
            raise ValueError(f"line {number}: out of order, or twice")
        last = line[66:]
        entries[match[2]] = match[1]
    if rest:
        raise ValueError(f"line {len(lines) + 1}: cut off")
    return entries
