"""The demonstration on its host, and a small site whose data set changed: together they show a page of every type."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from plugins.build.publish import publish
from tests.conftest import ROOT
from tests.gallery import written
from tests.served import Served
from tests.small import Small
from tests.tables import POWER_ROWS, write_powers


@pytest.fixture(scope="session")
def changed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Published twice: one row of its data set was changed, one added."""
    small = Small(tmp_path_factory.mktemp("changed") / "site").least()
    (code, _, *rest), *others = POWER_ROWS
    for moment, rows in (
        ("2026-03-03 10:00", POWER_ROWS),
        (
            "2026-05-01 09:00",
            [(code, "食品生产经营许可", *rest), *others, ("XK-3", "取水许可", "fgj", "2026-04-01", "")],
        ),
    ):
        write_powers(small.folder / "datasets", rows)
        result = publish(small.settings(as_of=moment, datasets=str(small.folder / "datasets")))
        assert [str(f) for f in result.faults if f.severity == "error"] == []
    return small.output.resolve()


@pytest.fixture(scope="session")
def gallery(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The gallery of components, which is no part of a site."""
    return written(ROOT / "theme", built / "_headers", tmp_path_factory.mktemp("gallery"))


@pytest.fixture(scope="session")
def hosts(built: Path, changed: Path, gallery: Path) -> Iterator[dict[str, Served]]:
    """All three, each on its host."""
    with Served(built) as first, Served(changed) as second, Served(gallery) as third:
        yield {"built": first, "changed": second, "gallery": third}
