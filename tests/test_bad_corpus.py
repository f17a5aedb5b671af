"""Bad input: a folder each in `tests/corpus/bad/<code>-<name>/`, with the exact codes, paths and lines to find."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from plugins.models.codes import CODES
from tests.small import Small

BAD = Path(__file__).parent / "corpus" / "bad"
CASES = sorted(p.name for p in BAD.iterdir())
MADE_IN_TESTS = {"F104", "F105", "F109", "D120"}
"""Codes of links, special files, large files, races and time: cases that cannot lie in a repository."""


@pytest.mark.parametrize("case", CASES)
def test_bad_input_gives_exactly_its_faults(case: str, tmp_path: Path) -> None:
    shutil.copytree(BAD / case, tmp_path / case)
    small = Small(tmp_path / case)
    if not small.content.exists():
        small.least()
    found = [{"code": f.code, "path": f.path, "line": f.line} for f in small.faults()]
    assert found == json.loads((BAD / case / "expected.json").read_text())
    if any(CODES[f["code"]].severity == "error" for f in found):
        assert small.build() == 1
        assert not small.output.exists()


def test_every_code_of_documents_has_a_case() -> None:
    covered = {case.split("-")[0] for case in CASES}
    documents = {code for code in CODES if not code.startswith("P")}
    assert documents - covered - MADE_IN_TESTS == set()


def test_a_link_a_pipe_and_a_large_file_are_refused(small: Small, tmp_path: Path) -> None:
    (small.content / "policies/2026/l.md").symlink_to(tmp_path / "elsewhere.md")
    small.write("policies/2026/big.md", b"x" * (50 * 1024 * 1024))
    found = {(f.code, f.path) for f in small.faults()}
    assert ("F104", "content/policies/2026/l.md") in found
    assert ("F105", "content/policies/2026/big.md") in found
    assert small.build() == 1
