"""A database that is a cache: where it turns out to be damaged, there is a new one. Touches the disk."""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, TypeVar

_BEGIN = "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;"
"""Quick, and whole when the process is killed; a power cut may tear it."""
_PATIENCE = 60
"""Seconds to wait for another process that writes."""
_DAMAGED = {sqlite3.SQLITE_ERROR, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_SUM = 8
"""Letters of a checksum."""
Result = TypeVar("Result")


class Database:
    """The SQLite database in the file `path`, with the tables that the statements `tables` make where they are not."""

    def __init__(self, path: str, tables: str) -> None:
        self.path, self.tables = path, tables
        self.opened = sqlite3.connect(path, timeout=_PATIENCE)
        self._sound(self._begin)

    def read(self, query: str, *values: str) -> list[tuple[Any, ...]]:
        """All rows. Raises sqlite3.Error as every method does, but for damage."""
        return self._sound(lambda: self.opened.execute(query, values).fetchall())

    def write(self, *changes: tuple[str, Iterable[tuple[Any, ...]]]) -> None:
        """Statements, each with the rows that it is for, as one transaction."""
        lists = [(statement, list(rows)) for statement, rows in changes]

        def work() -> None:
            with self.opened:
                for statement, rows in lists:
                    self.opened.executemany(statement, rows)

        self._sound(work)

    def close(self) -> None:
        """Closes the file."""
        self.opened.close()

    def _begin(self) -> None:
        self.opened.executescript(_BEGIN + self.tables)

    def _sound(self, work: Callable[[], Result]) -> Result:
        """What `work` gives; once more with an empty database where this one is damaged."""
        try:
            return work()
        except sqlite3.DatabaseError as error:
            if not _damaged(error):
                raise
            self.opened.close()
            for ending in ("", "-wal", "-shm"):
                Path(f"{self.path}{ending}").unlink(missing_ok=True)
            self.opened = sqlite3.connect(self.path, timeout=_PATIENCE)
            self._begin()
            return work()


def _damaged(error: sqlite3.DatabaseError) -> bool:
    """Whether the file is no database, a torn one, has other tables, or holds text that is none (without a code)."""
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & 0xFF
    return code in _DAMAGED and not isinstance(error, sqlite3.ProgrammingError)


def sealed(text: str) -> str:
    """`text` behind its checksum: SQLite has none of its own."""
    return f"{zlib.crc32(text.encode()):0{_SUM}x}{text}"


def unsealed(data: object) -> str | None:
    """The text, or None where it is not the one that was sealed."""
    text = data[_SUM:] if isinstance(data, str) else ""
    return text if sealed(text) == data else None
