"""Settings as a class, made from pelicanconf.py by Pelican and by the verbs alike. Touches the disk."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import platform
import runpy
import sqlite3
import unicodedata
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
"""The project's folder."""
FONTS = ROOT / ".fonts"
"""The default fonts, brought at set-up; not below the theme, because they are embedded in PDF and never served."""
STAMP = "package-lock.sha256"
"""The file in which set-up says what it brought, beside it."""
SHIPPED_CALENDAR = ROOT / "datasets" / "workdays" / "workdays.csv"
"""The working days of the State Council's notices; a site may extend them in its own datasets/workdays/."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Where things are, and how many workers make them. All paths are absolute.

    `keys` and `valid_days`, for how long a signed head holds, are of publishing alone.
    """

    content: Path
    datasets: Path | None
    output: Path
    theme: Path
    cache: Path
    as_of: str | None = None
    jobs: int = 0
    clean: bool = False
    plain: Path | None = None
    fonts: Path = FONTS
    keys: Path | None = None
    valid_days: int = 0

    @classmethod
    def of(cls, given: Mapping[str, Any], **chosen: Any) -> Settings:
        """Settings from upper-case names, `chosen` values first (None: not chosen).

        `datasets` is the folder of that name beside the content unless chosen, or none where there is no such folder.
        """
        chosen = {name: value for name, value in chosen.items() if value is not None}
        content = _absolute(chosen.pop("content", given.get("PATH", "content")))
        beside = content.parent / "datasets"
        datasets = chosen.pop("datasets", beside if beside.is_dir() else None)
        plain = chosen.pop("plain", None)
        return cls(
            content=content,
            datasets=_absolute(datasets) if datasets else None,
            output=_absolute(chosen.pop("output", given.get("OUTPUT_PATH", "output"))),
            theme=_absolute(given.get("THEME", ROOT / "theme")),
            cache=cache_folder(content),
            plain=_absolute(plain) if plain else None,
            keys=_absolute(Path(given["KEYS_PATH"]).expanduser()) if "KEYS_PATH" in given else None,
            valid_days=given.get("VALID_DAYS", 0),
            **chosen,
        )


def _absolute(path: str | Path) -> Path:
    """Absolute without following the links in it: the output is a link."""
    return Path(os.path.abspath(ROOT / path if not Path(path).is_absolute() else path))


def from_file(name: str = "pelicanconf.py", /, **chosen: Any) -> Settings:
    """Settings of the file `name`, with the values that a command chose."""
    for option in ("content", "datasets", "output", "plain"):
        if chosen.get(option):
            chosen[option] = os.path.abspath(chosen[option])
    return Settings.of(runpy.run_path(str(ROOT / name)), **chosen)


def cache_folder(content: Path) -> Path:
    """The store's folder: under `.cache/`, one for each content folder."""
    name = hashlib.sha256(os.path.realpath(content).encode()).hexdigest()[:12]
    return ROOT / ".cache" / f"{Path(content).name}-{name}"


def require_vendored(theme: Path) -> None:
    """Raises FileNotFoundError where the reader of Parquet is absent, or is not the one that the theme's lock names."""
    lock, stamp = theme / "package-lock.json", theme / "vendor" / "hyparquet" / STAMP
    named = json.loads(lock.read_bytes())["packages"]["node_modules/hyparquet"]["integrity"] if lock.is_file() else ""
    if named and (not stamp.is_file() or stamp.read_text() != named):
        wanted = "网页要用的 hyparquet 不在或已过时，请运行 python3 tasks.py --list 补齐"
        raise FileNotFoundError(errno.ENOENT, wanted, str(stamp.parent))


@cache
def toolchain(theme: Path) -> str:
    """The hash of all that turns views into bytes: formats and what they share, theme, lock, versions of what runs."""
    parts = (*(ROOT / "plugins" / name for name in ("formats", "search", "models")), theme)
    versions = (platform.python_version_tuple()[:2], zlib.ZLIB_RUNTIME_VERSION, unicodedata.unidata_version)
    reading = [ROOT / "plugins" / "readers" / name for name in ("arrow.py", "columnar.py")]
    return _hash(parts, [ROOT / "requirements.lock", *reading], repr((*versions, sqlite3.sqlite_version)))


@cache
def reading() -> str:
    """The hash of all that turns files into records."""
    return _hash((ROOT / "plugins" / "models", ROOT / "plugins" / "readers"), [ROOT / "requirements.lock"], "")


@cache
def whole() -> str:
    """The hash of the product: equal input gives an equal site."""
    return _hash((ROOT / "plugins",), [], "")


def _hash(folders: tuple[Path, ...], files: list[Path], extra: str) -> str:
    digest = hashlib.sha256(extra.encode())
    for folder in folders:
        found = sorted(p for p in folder.rglob("*") if p.is_file() and "__pycache__" not in p.parts)
        for path in found:
            digest.update(str(path.relative_to(folder)).encode() + b"\0" + path.read_bytes())
    for path in files:
        digest.update(path.read_bytes() if path.is_file() else b"")
    return digest.hexdigest()
