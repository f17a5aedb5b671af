"""The safe walk over `content/`: no links, no special files, no odd names. Touches the disk."""

from __future__ import annotations

import os
import re
import stat
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from plugins.models.faults import Fault, fault
from plugins.models.place import OUTLINE
from plugins.models.scalars import SLUG
from plugins.models.types import TYPES

MAX_BYTES = 1_048_576
LISTS = ("site.yml", "organisations.yml", "topics.yml", "media.yml", "synonyms.yml", OUTLINE)
_YEARLY = {"policies": re.compile(r"\d{4}")}
_VERSION = re.compile(r"([a-z0-9-]{1,80})\.(\d{4}-\d{2}-\d{2}(?:-[2-9])?)")
"""An earlier text beside the present one: `<slug>.<day>.md`; the second text of one day is `<slug>.<day>-2.md`."""
_ISSUE = re.compile(r"\d{4}-\d{2}")
_ASSET = re.compile(r"[^/\\\x00-\x1f.][^/\\\x00-\x1f]{0,120}")


class Entry(NamedTuple):
    """A regular file: `id` is its path below content/ without `.md`; `signature` changes when the file does."""

    id: str
    file: str
    signature: str


@dataclass(slots=True)
class Tree:
    """What a content folder holds, sorted by path."""

    sources: list[Entry] = field(default_factory=list)
    assets: dict[str, Entry] = field(default_factory=dict)
    lists: dict[str, Entry] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)


def walk(content: Path) -> Tree:
    """Every file under `content`, sorted. Raises OSError where the folder itself cannot be read."""
    tree = Tree()
    for item in sorted(os.scandir(content), key=lambda e: e.name):
        if item.name in LISTS:
            if entry := _regular(item, f"content/{item.name}", tree.faults):
                tree.lists[item.name] = entry._replace(id=item.name)
        elif item.name.startswith("."):
            continue
        elif item.is_symlink() or not item.is_dir(follow_symlinks=False):
            _misplaced(item, tree.faults)
        elif item.name in TYPES:
            _folder(item.path, item.name, tree)
        else:
            tree.faults.append(fault("F107", f"content/{item.name}", folder=item.name, known="、".join(TYPES)))
    tree.sources.sort()
    return tree


def _misplaced(item: os.DirEntry[str], faults: list[Fault]) -> None:
    path = f"content/{item.name}"
    if item.is_symlink():
        faults.append(fault("F104", path, what="符号链接"))
    else:
        faults.append(fault("F107", path, folder=item.name, known="、".join(TYPES)))


def _folder(path: str, identifier: str, tree: Tree) -> None:
    try:
        items = sorted(os.scandir(path), key=lambda e: e.name)
    except OSError as error:
        tree.faults.append(fault("F109", f"content/{identifier}", reason=error.strerror or "无法打开"))
        return
    documents = {i.name[:-3] for i in items if i.name.endswith(".md")}
    for item in items:
        inner = f"{identifier}/{item.name}"
        if item.is_symlink():
            tree.faults.append(fault("F104", f"content/{inner}", what="符号链接"))
        elif item.is_dir(follow_symlinks=False):
            if item.name in documents or ("/" in identifier and not SLUG.fullmatch(item.name)):
                _assets(item.path, inner, tree)
            elif _named(item.name, f"content/{inner}", tree.faults):
                _folder(item.path, inner, tree)
        elif item.name.endswith(".md"):
            _source(item, inner[:-3], tree)
        else:
            _asset(item, inner, tree)


def _source(item: os.DirEntry[str], identifier: str, tree: Tree) -> None:
    path = f"content/{identifier}.md"
    if entry := _regular(item, path, tree.faults):
        kind, *between, slug = identifier.split("/")
        if version := _VERSION.fullmatch(slug):
            slug = version[1]
        years = _YEARLY.get(kind)
        if not _named(slug, path, tree.faults):
            return
        if years and (len(between) != 1 or not years.fullmatch(between[0])):
            tree.faults.append(fault("F107", path, folder="/".join(between), known=f"{kind}/<年份>/"))
        elif kind == "gazette" and not _ISSUE.fullmatch(slug):
            tree.faults.append(fault("F106", path, name=slug))
        else:
            tree.sources.append(entry._replace(id=identifier))


def _assets(path: str, identifier: str, tree: Tree) -> None:
    for item in sorted(os.scandir(path), key=lambda e: e.name):
        _asset(item, f"{identifier}/{item.name}", tree)


def _asset(item: os.DirEntry[str], identifier: str, tree: Tree) -> None:
    path = f"content/{identifier}"
    if item.name.startswith("."):
        return
    if not _ASSET.fullmatch(item.name):
        tree.faults.append(fault("F106", path, name=item.name))
    elif entry := _regular(item, path, tree.faults, limit=50 * MAX_BYTES):
        tree.assets[identifier] = entry._replace(id=identifier)


def _named(name: str, path: str, faults: list[Fault]) -> bool:
    if SLUG.fullmatch(name):
        return True
    faults.append(fault("F106", path, name=name))
    return False


def _regular(item: os.DirEntry[str], path: str, faults: list[Fault], limit: int = MAX_BYTES) -> Entry | None:
    """The entry, or a fault: links, folders and special files are refused, and what is too large."""
    info = item.stat(follow_symlinks=False)
    if stat.S_ISLNK(info.st_mode):
        faults.append(fault("F104", path, what="符号链接"))
    elif not stat.S_ISREG(info.st_mode):
        faults.append(fault("F104", path, what="特殊文件或文件夹"))
    elif info.st_size > limit:
        faults.append(fault("F105", path, size=info.st_size, limit=limit))
    else:
        return Entry("", item.path, f"{info.st_size}-{info.st_mtime_ns}-{info.st_ctime_ns}-{info.st_ino}")
    return None


def read_bytes(file: str | Path, limit: int) -> bytes:
    """The file's bytes, without following a link. Raises OSError, also for a file that has grown over `limit`."""
    descriptor = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK)
    with os.fdopen(descriptor, "rb") as stream:
        info = os.fstat(descriptor)
        if not stat.S_ISREG(info.st_mode):
            raise OSError(f"{file}: not a regular file")
        data = stream.read(min(info.st_size, limit) + 1)  # for `limit` bytes the kernel would clear a buffer each time
        if len(data) > info.st_size:
            data += stream.read(limit + 1 - len(data))
    if len(data) > limit:
        raise OSError(f"{file}: grew over {limit} bytes")
    return data
