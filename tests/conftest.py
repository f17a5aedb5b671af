"""What all tests share: the project's root, the real collections beside it, and a small content tree."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from hypothesis import settings

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"
sys.path.insert(0, str(ROOT))

from tests.small import Small  # noqa: E402

# The suite draws the same examples wherever it runs, so that what passes here passes elsewhere. New ones are looked for
# with `--hypothesis-profile=default --hypothesis-seed=N`.
settings.register_profile("suite", derandomize=True, database=None)
settings.load_profile("suite")


@pytest.fixture
def small(tmp_path: Path) -> Small:
    """A content tree with the least site that is accepted, and one public policy."""
    return Small(tmp_path / "site").least()


@pytest.fixture(scope="session")
def shared() -> Path:
    """The real collections; tests that need them say so when the folder is absent."""
    if not SHARED.is_dir():
        pytest.skip("../shared is absent: the tests on real collections are skipped")
    return SHARED
