"""The content-addressed store: fingerprint -> digest -> bytes. A cache: whatever is wrong in it is made anew."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, NamedTuple

import orjson

from plugins.build.database import Database, sealed, unsealed
from plugins.build.scratch import sweep
from plugins.release.stage import Torn

_TABLES = """
CREATE TABLE IF NOT EXISTS made (fingerprint TEXT PRIMARY KEY, digest TEXT, size INTEGER, mtime INTEGER) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS sources (path TEXT PRIMARY KEY, signature TEXT, payload TEXT) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS plans (id TEXT, phase TEXT, key TEXT, prints TEXT, PRIMARY KEY (id, phase)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS notes (name TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
"""


def dumped(value: object) -> str:
    """Plain JSON values as text for the index; `orjson.loads` gives them back."""
    try:
        return orjson.dumps(value).decode()
    except TypeError:  # a whole number of more than 64 bits
        return json.dumps(value, ensure_ascii=False)


class Made(NamedTuple):
    """One object: its sha256, size in bytes and modification time in ns, by which a change is noticed."""

    digest: str
    size: int
    mtime: int


class Objects:
    """What was made, by its digest, from the folder `objects` of a store; the last one is kept, because many files are
    cut out of it."""

    def __init__(self, objects: str) -> None:
        self.objects = objects
        self.last_made: tuple[str, bytes] = ("", b"")

    def made(self, digest: str) -> bytes:
        """The bytes of an object."""
        if self.last_made[0] != digest:
            self.last_made = (digest, read_object(self.objects, digest))
        return self.last_made[1]


class Store:
    """Objects below `folder`/objects and an index in SQLite. Where the index turns out to be damaged, it is a new one.

    The objects lie in one folder: spread over 256, creating one costs ext4 ten times as much.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.objects = str(folder / "objects")
        folder.mkdir(parents=True, exist_ok=True)
        sweep(folder / "scratch")
        self.index = Database(str(folder / "index.sqlite"), _TABLES)

    def close(self) -> None:
        """Closes the index."""
        self.index.close()

    def made(self) -> dict[str, Made]:
        """Every known fingerprint."""
        rows = self.index.read("SELECT * FROM made WHERE length(digest) = 64 AND digest NOT GLOB '*[^0-9a-f]*'")
        return {fingerprint: Made(*rest) for fingerprint, *rest in rows}

    def remember(self, made: Iterable[tuple[str, Made]]) -> None:
        """Adds fingerprints."""
        self.index.write(("INSERT OR REPLACE INTO made VALUES (?,?,?,?)", ((f, *m) for f, m in made)))

    def keep_only(self, fingerprints: set[str], known: dict[str, Made]) -> None:
        """Forgets fingerprints and objects that no release needs any more, once they are most of the store."""
        gone = [f for f in known if f not in fingerprints]
        if len(gone) <= max(1000, 2 * len(fingerprints)):
            return
        needed = {known[f].digest for f in fingerprints if f in known}
        self.index.write(("DELETE FROM made WHERE fingerprint = ?", ((f,) for f in gone)))
        for digest in {known[f].digest for f in gone} - needed:
            Path(self.path(digest)).unlink(missing_ok=True)

    def sources(self, reading: str) -> dict[str, tuple[str, str]]:
        """path -> (signature, payload) of what was read by the same code; nothing when the code changed."""
        if self.note("reading") != reading:
            self.index.write(("DELETE FROM sources", [()]))
            self.set_note("reading", reading)
        rows = self.index.read("SELECT * FROM sources")
        return {path: (signature, text) for path, signature, data in rows if (text := unsealed(data)) is not None}

    def remember_sources(self, rows: Iterable[tuple[str, str, str]], gone: Iterable[str]) -> None:
        """Adds (path, signature, payload) rows and forgets the paths `gone`."""
        texts = ((path, signature, sealed(payload)) for path, signature, payload in rows)
        self.index.write(
            ("DELETE FROM sources WHERE path = ?", ((path,) for path in gone)),
            ("INSERT OR REPLACE INTO sources VALUES (?,?,?)", texts),
        )

    def plans(self, scope: str) -> dict[tuple[str, str], tuple[str, str]]:
        """(id, phase) -> (key, fingerprints by name as JSON) of the plans of one product and directory."""
        if self.note("scope") != scope:
            self.index.write(("DELETE FROM plans", [()]))
            self.set_note("scope", scope)
        rows = self.index.read("SELECT * FROM plans")
        return {(i, phase): (key, text) for i, phase, key, data in rows if (text := unsealed(data)) is not None}

    def remember_plans(self, rows: Iterable[tuple[str, str, str, str]], gone: Iterable[tuple[str, str]]) -> None:
        """Adds (id, phase, key, prints) rows and forgets the (id, phase) pairs `gone`."""
        texts = ((i, phase, key, sealed(prints)) for i, phase, key, prints in rows)
        self.index.write(
            ("DELETE FROM plans WHERE id = ? AND phase = ?", gone),
            ("INSERT OR REPLACE INTO plans VALUES (?,?,?,?)", texts),
        )

    def note(self, name: str) -> str:
        """A remembered value, "" where there is none."""
        rows = self.index.read("SELECT value FROM notes WHERE name = ?", name)
        return (unsealed(rows[0][0]) or "") if rows else ""

    def set_note(self, name: str, value: str) -> None:
        """Remembers a value."""
        self.index.write(("INSERT OR REPLACE INTO notes VALUES (?,?)", [(name, sealed(value))]))

    def path(self, digest: str) -> str:
        """Where the object lies."""
        return f"{self.objects}/{digest}"


@contextmanager
def intact(digest: str) -> Iterator[None]:
    """Raises Torn where the object cannot be read."""
    try:
        yield
    except OSError as error:
        raise Torn(digest) from error


def read_object(objects: str, digest: str) -> bytes:
    """The object's bytes. Raises Torn where it cannot be read, or its bytes are not its digest's."""
    with intact(digest), open(f"{objects}/{digest}", "rb") as stream:
        data = stream.read()
    if hashlib.sha256(data).hexdigest() != digest:
        raise Torn(digest)
    return data


def open_object(objects: str, digest: str) -> IO[bytes]:
    """The object as a stream, read through once before: raises as `read_object` does. Memory stays small."""
    with intact(digest):
        stream = open(f"{objects}/{digest}", "rb")  # noqa: SIM115 - the caller closes it
        found = hashlib.file_digest(stream, "sha256").hexdigest()
    if found != digest:
        stream.close()
        raise Torn(digest)
    stream.seek(0)
    return stream


def write_object(objects: str, data: bytes) -> Made:
    """Puts `data` into the store; an object that is there and whole stays.

    A new object is written in place: one that a kill tore is in no index, and the next writer finds it and replaces it.
    """
    digest = hashlib.sha256(data).hexdigest()
    path = f"{objects}/{digest}"
    try:
        handle = _create(path)
    except FileExistsError:
        return _existing(objects, path, digest, data)
    with os.fdopen(handle, "wb", buffering=0) as stream:
        stream.write(data)
        info = os.fstat(handle)
    return Made(digest, info.st_size, info.st_mtime_ns)


def _create(path: str) -> int:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
    try:
        return os.open(path, flags, 0o444)
    except FileNotFoundError:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        return os.open(path, flags, 0o444)


def _existing(objects: str, path: str, digest: str, data: bytes) -> Made:
    try:
        read_object(objects, digest)
    except Torn:
        handle, temporary = tempfile.mkstemp(dir=os.path.dirname(path), prefix=".")
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
        os.chmod(temporary, 0o444)
        os.replace(temporary, path)
    info = os.stat(path)
    return Made(digest, info.st_size, info.st_mtime_ns)
