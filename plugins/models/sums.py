"""Lists of `sha256  path` lines, as `sha256sum -c` reads them (pure)."""

from __future__ import annotations

import re
from collections.abc import Mapping

_LINE = re.compile(r"([0-9a-f]{64})  ([^\n]+)")


def sums(digests: Mapping[str, str]) -> str:
    """The list of path -> sha256, sorted by path."""
    return "".join(f"{digest}  {path}\n" for path, digest in sorted(digests.items()))


def read_sums(text: str) -> dict[str, str] | None:
    """path -> sha256 of a list exactly as `sums` writes it, None for any other text."""
    found = {m[2]: m[1] for line in text.split("\n")[:-1] if (m := _LINE.fullmatch(line))}
    return found if found and sums(found) == text else None


def grouped(digest: str) -> str:
    """A digest in groups of four, as people compare it with what is printed."""
    return " ".join(digest[at : at + 4] for at in range(0, len(digest), 4))
