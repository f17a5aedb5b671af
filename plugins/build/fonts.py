"""The fonts that PDF is set in: those that set-up brought, those that site.yml names. Touches the disk."""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from plugins.build.scratch import hash_file
from plugins.build.settings import STAMP
from plugins.formats.faces import DEFAULTS, NoFontError, face
from plugins.models.faults import Fault, fault
from plugins.readers.directory import Directory

LARGEST = 256 * 1024 * 1024
"""Bytes of a font file."""


def require_fonts(theme: Path, fonts: Path) -> None:
    """Raises FileNotFoundError where a default font is absent, or is not the one that the theme's lock names."""
    lock = theme / "package-lock.json"
    rows = json.loads(lock.read_bytes())["packages"] if lock.is_file() else {}
    named = {row["integrity"] for row in rows.values() if "integrity" in row}
    for file in map(fonts.joinpath, DEFAULTS.values()):
        stamp = file.with_name(STAMP)
        if not file.is_file() or (named and (not stamp.is_file() or stamp.read_text() not in named)):
            wanted = "排版公报要用的字体不在或已过时，请运行 python3 tasks.py --list 补齐"
            raise FileNotFoundError(errno.ENOENT, wanted, str(file))


def font_path(project: Path, file: str) -> Path:
    """Where a font lies that site.yml names: below the project, which is the folder above the content, or anywhere."""
    return Path(os.path.abspath(project / file))


def check_fonts(directory: Directory, project: Path) -> Iterator[Fault]:
    """What is wrong with the fonts that site.yml names."""
    roles = set()
    for place, one in enumerate(directory.identity.fonts if directory.identity else ()):
        path = font_path(project, one.file)
        reason = f"“{one.role}”写了两次" if one.role in roles else _reason(path, one.sha256)
        roles.add(one.role)
        if reason:
            line, key = directory.places[f"fonts.{place}.file"]
            yield fault("S310", "content/site.yml", line, key, file=one.file, reason=reason)


def _reason(path: Path, sha256: str) -> str:
    """Why the file cannot be used, "" where it can."""
    try:
        if not path.is_file():
            return "没有这个文件"
        info = path.stat()
        if info.st_size > LARGEST:
            return f"超过 {LARGEST // 1024 // 1024} MiB"
        if _hash(path, info.st_ino, info.st_size, info.st_mtime_ns) != sha256:
            return "内容与 sha256 不符"
        face(path)
    except OSError:
        return "读不了"
    except NoFontError:
        return "不是 TrueType 或 OpenType 字体"
    return ""


@cache
def _hash(path: Path, *state: int) -> str:  # noqa: ARG001 - the state is what makes a hash good for one file only
    return hash_file(path)
