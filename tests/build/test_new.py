"""`new` writes a header with every field explained, today's date and the next number."""

from __future__ import annotations

from pathlib import Path

import pytest

from plugins.build.builder import check_all
from plugins.build.scaffold import write_new
from plugins.models.columns import columns
from plugins.models.types import TYPES
from tests.small import Small

AS_OF = "2026-11-25 09:00"


def made(small: Small, type_name: str) -> Path:
    before = set(small.content.rglob("*.md"))
    assert write_new(small.settings(as_of=AS_OF), type_name, '新的"文件"') == 0
    (path,) = set(small.content.rglob("*.md")) - before
    return path


@pytest.mark.parametrize("model", TYPES.values(), ids=lambda m: m.folder)
def test_every_type_gets_a_header_that_names_every_field(model: type, small: Small) -> None:
    path = made(small, model.__name__)
    text = path.read_text()
    for name, column in columns(model).items():
        assert f"{name}: " in text or f"{name}:  #" in text
        assert f"# {column.label}" in text
    assert path.is_relative_to(small.content / model.folder)


@pytest.mark.parametrize("model", TYPES.values(), ids=lambda m: m.folder)
def test_what_new_writes_is_a_draft_that_stops_no_build(model: type, small: Small) -> None:
    made(small, model.__name__)
    assert [f for f in check_all(small.settings()) if f.severity == "error"] == []


def test_the_chinese_name_of_a_type_does_too(small: Small) -> None:
    assert made(small, "征求意见").parent.name == "2026"


def test_an_unknown_type_is_told_the_known_ones(small: Small, capsys: pytest.CaptureFixture[str]) -> None:
    assert write_new(small.settings(), "letter", "信") == 2
    assert "policy（政策文件）" in capsys.readouterr().err


def test_the_next_numbers_follow_the_highest(small: Small) -> None:
    office = "- {id: xzfb, name: 县政府办, kind: 政府办公室, number_prefixes: [试政办发]}\n"
    small.write("organisations.yml", "- {id: xzf, name: 县政府, kind: 政府}\n" + office)
    small.policy("b", number="试政办发〔2026〕7号", index="329999-2026-00041")
    text = made(small, "policy").read_text()
    assert "number: 试政办发〔2026〕8号" in text
    assert "index: 329999-2026-00042" in text


def test_an_issue_is_the_next_one(small: Small) -> None:
    assert made(small, "issue").name == "2026-01.md"


def test_two_drafts_of_a_day_have_two_names(small: Small) -> None:
    assert made(small, "news").name != made(small, "news").name
