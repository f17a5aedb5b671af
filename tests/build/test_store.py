"""The index of the store: whatever happens to its file, the next build gives what a clean one gives."""

from __future__ import annotations

import random
import shutil
import sqlite3
from pathlib import Path

import pytest

from plugins.build.database import Database, sealed, unsealed
from tests.drill import often
from tests.small import Small
from tests.tables import write_powers

TABLE = "CREATE TABLE IF NOT EXISTS notes (name TEXT PRIMARY KEY, value TEXT);"
PAGE = 4096


def flipped(data: bytearray, chance: random.Random, count: int) -> bytes:
    for _ in range(count):
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    return bytes(data)


def emptied(data: bytearray, chance: random.Random) -> bytes:
    """A page that was never written."""
    at = chance.randrange(0, len(data), PAGE)
    data[at : at + PAGE] = bytes(PAGE)
    return bytes(data)


HARM = {
    "twenty bits": lambda data, chance: flipped(data, chance, 20),
    "two bits": lambda data, chance: flipped(data, chance, 2),
    "a page": emptied,
    "the end": lambda data, chance: bytes(data[: chance.randrange(len(data))]),
}


@pytest.mark.drill
@pytest.mark.parametrize("harm", HARM)
def test_a_damaged_index_costs_work_and_nothing_else(small: Small, tmp_path: Path, harm: str) -> None:
    write_powers(small.folder / "datasets")
    for number in range(8):
        small.policy(f"p{number}", f"第一条 第{number}件。", title=f"试验办法第{number}号")
    assert small.build() == 0
    cache, kept = small.settings().cache, tmp_path / "kept"
    shutil.copytree(cache, kept)
    small.policy("p3", "第一条 改过。", title="改过的办法")
    fresh = Small(tmp_path / "fresh").holding(small.folder)
    assert fresh.build() == 0
    wanted = (fresh.output / "MANIFEST").read_bytes()
    for seed in range(often(3, 250)):
        shutil.rmtree(cache)
        shutil.copytree(kept, cache)
        index = cache / "index.sqlite"
        index.write_bytes(HARM[harm](bytearray(index.read_bytes()), random.Random(f"{harm} {seed}")))
        assert small.build() == 0, seed
        assert (small.output / "MANIFEST").read_bytes() == wanted, seed
        assert small.build() == 0, seed


def noted(path: Path) -> Database:
    database = Database(str(path), TABLE)
    database.write(("INSERT OR REPLACE INTO notes VALUES (?,?)", [("a", "1")]))
    return database


def test_a_database_with_other_tables_is_a_new_one(tmp_path: Path) -> None:
    """As another version of the product left it."""
    path = tmp_path / "index.sqlite"
    with sqlite3.connect(path) as old:
        old.execute("CREATE TABLE notes (name TEXT)")
    assert noted(path).read("SELECT * FROM notes") == [("a", "1")]


def test_what_another_process_writes_to_a_lost_database_does_not_reach_the_next(tmp_path: Path) -> None:
    path = tmp_path / "index.sqlite"
    other = noted(path)
    other.read("PRAGMA wal_checkpoint(TRUNCATE)")
    other.write(("INSERT INTO notes VALUES (?,?)", [("b", "2")]))
    path.write_bytes(b"no database" * 1000)
    opened = Database(str(path), TABLE)
    other.write(("INSERT INTO notes VALUES (?,?)", [("c", "3")]))
    assert opened.read("SELECT * FROM notes") == []
    assert noted(path).read("SELECT * FROM notes") == [("a", "1")]
    assert opened.read("PRAGMA integrity_check") == [("ok",)]


def test_text_that_is_none_is_damage(tmp_path: Path) -> None:
    database = noted(tmp_path / "index.sqlite")
    database.write(("INSERT INTO notes VALUES (?, CAST(? AS TEXT))", [("b", b"\xff")]))
    assert database.read("SELECT * FROM notes") == []


def test_a_database_that_is_in_use_is_not_taken_for_damaged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("plugins.build.database._PATIENCE", 0.1)
    path = tmp_path / "index.sqlite"
    noted(path).close()
    with sqlite3.connect(path) as other:
        other.execute("BEGIN EXCLUSIVE")
        database = Database(str(path), "")
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            database.write(("DELETE FROM notes", [()]))
    assert database.read("SELECT * FROM notes") == [("a", "1")]


@pytest.mark.parametrize("text", ["", "公报", "12345678"])
def test_what_was_sealed_is_opened_and_nothing_else_is(text: str) -> None:
    seal = sealed(text)
    assert unsealed(seal) == text
    assert [unsealed(other) for other in (None, 1, "", text, seal + " ", "x" + seal[1:], seal.encode())] == [None] * 7
