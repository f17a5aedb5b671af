"""MANIFEST: sorted `sha256  path` lines, readable by `sha256sum -c` (pure)."""

from __future__ import annotations

import re
from collections.abc import Mapping

EXCLUDED = frozenset({"MANIFEST", "MANIFEST.sig", "MANIFEST.minisig", "latest.json"})
"""Files of a release that its MANIFEST does not list."""
_LINE = re.compile(r"([0-9a-f]{64})  ([^\n\\]+)")


def manifest(entries: Mapping[str, str]) -> bytes:
    """The MANIFEST of path -> sha256, sorted by the paths' bytes. Raises ValueError for a path that is not plain."""
    for path in entries:
        _check(path)
    lines = sorted((path.encode(), digest) for path, digest in entries.items())
    return b"".join(digest.encode() + b"  " + path + b"\n" for path, digest in lines)


def parse(data: bytes) -> dict[str, str]:
    """path -> sha256. Raises ValueError, with the line's number, for anything that `manifest` would not write."""
    if data and not data.endswith(b"\n"):
        raise ValueError("the last line is cut off")
    entries: dict[str, str] = {}
    last = b""
    for number, line in enumerate(data.decode().splitlines(), 1):
        match = _LINE.fullmatch(line)
        if match is None or match[2].encode() <= last:
            raise ValueError(f"line {number}")
        _check(match[2])
        last = match[2].encode()
        entries[match[2]] = match[1]
    return entries


def _check(path: str) -> None:
    segments = path.split("/")
    if any(s in {"", ".", ".."} for s in segments) or "\\" in path or not path.isprintable():
        raise ValueError(path)
