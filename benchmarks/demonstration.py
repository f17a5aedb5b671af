"""The demonstration site as benchmarks show it: at one moment, from a copy that nothing else uses."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from plugins.build.builder import build
from plugins.build.settings import from_file

ROOT = Path(__file__).resolve().parents[1]
MOMENT = "2026-11-24 12:00"


def demonstration(base: Path, more: Mapping[str, str] | None = None) -> Path:
    """The site, built below `base`, with `more` files (path -> text) beside its own. Raises SystemExit on faults."""
    for part in ("content", "datasets"):
        shutil.copytree(ROOT / part, base / part)
    for path, text in (more or {}).items():
        (base / path).write_text(text)
    settings = from_file(content=str(base / "content"), output=str(base / "site"), as_of=MOMENT)
    result = build(replace(settings, cache=base / ".cache", keys=None))
    if result.release is None:
        raise SystemExit("\n".join(str(fault) for fault in result.faults))
    return result.release
