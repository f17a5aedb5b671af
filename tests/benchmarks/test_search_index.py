"""The indexer that is measured alone makes the index of the site, and what it made before it does not make again."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.search_pass import make
from plugins.search import packs
from tests.small import Small


@pytest.fixture
def built(small: Small) -> Path:
    for name in "bcdefgh":
        small.policy(
            name,
            f"第一条 为了{name}，制定本办法。\n\n第二条 本办法自公布之日起施行。",
            number=f"试政发〔2026〕{ord(name)}号",
        )
    assert small.build() == 0
    return small.output.resolve()


def made(folder: Path) -> dict[str, bytes]:
    """Files of an index that its documents alone decide, by path."""
    files = (file for part in ("grams", "text", "records") for file in (folder / "search" / part).rglob("*.bin"))
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in files}


def test_it_makes_the_bytes_of_the_site(built: Path, tmp_path: Path) -> None:
    make(str(built), str(tmp_path))
    assert made(tmp_path) == made(built)


def test_one_more_makes_what_is_new_alone(built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(str(built), str(tmp_path))
    before, packed = made(tmp_path), []
    pack = packs.pack
    monkeypatch.setattr(packs, "pack", lambda record, *rest: packed.append(record["url"]) or pack(record, *rest))
    said = make(str(built), str(tmp_path), "publish")
    after = made(tmp_path)
    assert len(packed) == 1
    assert said.startswith("9 documents")
    assert {path for path in after if path.startswith("search/text/")} == {
        *(path for path in before if path.startswith("search/text/")),
        "search/text/8-0.bin",
    }
    assert all(after[path] == data for path, data in before.items() if path.startswith("search/text/"))
