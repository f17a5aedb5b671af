"""The ledger's folder: rows are appended whole, and taken back unless their release went live. Touches the disk.

With rows that begin a version of a data set, the files of that version are kept beside the ledger, and taken back with
them. An append leaves a journal beside the ledger, until it is known whether the release that shows the new rows is
live. So ledger and site agree again whatever failed, and whoever was killed.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import re
import stat
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from plugins.release import kept
from plugins.release.disk import fsync
from plugins.release.ledger import COLUMNS, FOLLOWS, HEADER, Entry, check, last, parse, serialise
from plugins.release.lock import exclusive

FILE, DESCRIPTOR = "ledger.csv", "datapackage.json"
MAX_BYTES = 200 * 1_048_576
_JOURNAL, _PART = ".ledger.before", ".ledger.part"
_EMPTY = f"{HEADER}\n".encode()
_STATE = re.compile(rf"([0-9]{{1,12}}) ([0-9a-f]{{64}})((?: {kept.NAME})*)\n(.*)".encode(), re.DOTALL)
"""A journal: the ledger's size before and sha256 after, the folders that the append makes beside the ledger's, and the
descriptor before; nothing stands for no file."""

Live = Callable[[bytes], bool]
"""Whether the live release was built with exactly this ledger."""


def read(folder: Path) -> bytes:
    """The ledger's bytes, a header alone where there is none. Raises OSError, for a link and a special file too."""
    data = _bytes(folder / FILE)
    return _EMPTY if data is None else data


@contextmanager
def transaction(folder: Path, lock: Path, live: Live, timeout: float | None = None) -> Iterator[None]:
    """The time from plan to promotion: one process at a time, and at the end `settle`, whatever happens inside.

    `lock` is a file outside the folder, which stays. What a killed process left is settled first. Raises TimeoutError
    as `exclusive` does, and what `settle` does.
    """
    with exclusive(lock, timeout):
        settle(folder, live)
        try:
            yield
        finally:
            settle(folder, live)


def append(
    folder: Path, entries: Sequence[Entry], descriptor: bytes, keep: Mapping[str, kept.Files] | None = None
) -> bytes:
    """Adds `entries` to the ledger, inside a `transaction`; returns its bytes. No entries, no change.

    Makes what is missing of the folder, the descriptor and the file, and first the folders `keep` (by their paths
    beside the ledger's, `<name>/v/<version>`) with their files. Raises ValueError where the ledger or the entries have
    a problem, OSError where the disk refuses, such a folder is there, or an earlier append is not settled: the ledger
    is then whole, as it was or with all entries.
    """
    before = read(folder)
    if not entries:
        return before
    keep = keep or {}
    for path in (folder / _JOURNAL, *(folder.parent / name for name in keep)):
        if path.exists():
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path))
    known, problems = parse(before)
    if problems := problems or check(entries, last(known)):
        raise ValueError(f"{folder / FILE}: {problems[0]}")
    after = before + serialise(entries).removeprefix(_EMPTY)
    size = len(before) if (folder / FILE).exists() else 0
    folder.mkdir(parents=True, exist_ok=True)
    fsync(os.fspath(folder.parent))
    state = " ".join([str(size), hashlib.sha256(after).hexdigest(), *keep])
    _put(folder, _JOURNAL, f"{state}\n".encode() + (_bytes(folder / DESCRIPTOR) or b""))
    for name, files in keep.items():
        kept.write(folder.parent / name, files)
    for name, data in ((DESCRIPTOR, descriptor), (FILE, after)):
        _put(folder, name, data)
    return after


def settle(folder: Path, live: Live) -> None:
    """Ends an append: its rows stay where `live` says so of the ledger, else the folder is what it was.

    A ledger that somebody else changed since (a checkout, a merge) stays as it is. Raises ValueError for a journal that
    is none, OSError where the disk refuses; it may be called again.
    """
    (folder / _PART).unlink(missing_ok=True)
    if (journal := _bytes(folder / _JOURNAL)) is not None:
        if (state := _STATE.fullmatch(journal)) is None:
            raise ValueError(str(folder / _JOURNAL))
        _take_back(folder, state, live)
        _put(folder, _JOURNAL, b"")
    with suppress(OSError):  # the folder was not there before, or it holds something
        folder.rmdir()


def _take_back(folder: Path, state: re.Match[bytes], live: Live) -> None:
    size, data = int(state[1]), _bytes(folder / FILE) or b""
    if hashlib.sha256(data).hexdigest() == state[2].decode() and not live(data):
        data = data[:size]
        _put(folder, FILE, data)
    if len(data) == size:
        _put(folder, DESCRIPTOR, state[4])
        for name in state[3].decode().split():
            kept.remove(folder.parent / name)


def _put(folder: Path, name: str, data: bytes) -> None:
    """Replaces a file whole, or removes it where there is nothing to hold; on the disk when it returns."""
    if data:
        with open(folder / _PART, "xb") as stream:  # never through a link
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(folder / _PART, folder / name)
    else:
        (folder / name).unlink(missing_ok=True)
    fsync(os.fspath(folder))


def _bytes(path: Path) -> bytes | None:
    """A regular file's bytes, None where there is none."""
    try:
        with open(path, "rb", opener=_no_link) as stream:
            info = os.fstat(stream.fileno())
            if not stat.S_ISREG(info.st_mode) or info.st_size > MAX_BYTES:
                raise OSError(errno.EINVAL, os.strerror(errno.EINVAL), str(path))
            return stream.read()
    except FileNotFoundError:
        return None


def _no_link(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_NOFOLLOW | os.O_NONBLOCK)


_FIELDS: Mapping[str, tuple[str, str]] = {
    "id": ("标识", "文件在 content 中的路径，不带 .md"),
    "address": ("网址", "从网站首页起的路径"),
    "sha256": ("文本哈希", "规范文本（index.txt）的 SHA-256"),
    "event": ("事件", "published 发布，amended 修改，withdrawn 撤回，restored 恢复"),
    "moment": ("时间", "北京时间"),
    "note": ("说明", "修改、撤回或恢复的原因"),
}


def _field(name: str) -> dict[str, Any]:
    title, description = _FIELDS[name]
    field: dict[str, Any] = {"name": name, "title": title, "type": "string", "description": description}
    if name == "note":
        return field | {"constraints": {"maxLength": 1000}}
    if name == "moment":
        return field | {"type": "datetime", "format": "%Y-%m-%d %H:%M", "constraints": {"required": True}}
    rule = {"enum": list(FOLLOWS)} if name == "event" else {"pattern": COLUMNS[name]}
    return field | {"constraints": {"required": True, **rule}}


def describe(title: str, organisation: str, licence: Mapping[str, str]) -> bytes:
    """The descriptor (Data Package v2, pure). `organisation` is the id of the publisher, `title` its name."""
    resource = {
        "name": "ledger",
        "title": "公开台账",
        "path": FILE,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": {"lineTerminator": "\n"},
        "schema": {"fields": [_field(name) for name in COLUMNS], "missingValues": [""]},
    }
    package = {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": "ledger",
        "title": "公开台账",
        "description": "本站发布过的全部网址和事件，一行一个事件，只增不改。由程序在发布时写入，请勿手工修改。",
        "keywords": ["政务公开", "台账"],
        "licenses": [dict(licence)],
        "contributors": [{"title": title, "roles": ["publisher"], "organization": organisation}],
        "cn:openType": "无条件开放",
        "cn:updateCycle": "实时",
        "cn:provider": organisation,
        "resources": [resource],
    }
    return json.dumps(package, ensure_ascii=False, indent=2).encode() + b"\n"
