"""What all tests share: the project's root, the real collections beside it, a small content tree, and a browser."""

from __future__ import annotations

import fcntl
import gc
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Generator, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"
sys.path.insert(0, str(ROOT))

from benchmarks.search_browser import Browser  # noqa: E402
from plugins.release.lock import exclusive  # noqa: E402
from tests.drill import DRILL  # noqa: E402
from tests.judging import judge  # noqa: E402
from tests.small import Small  # noqa: E402

# The suite draws the same examples wherever it runs, so that what passes here passes elsewhere. New ones are looked for
# with `--hypothesis-profile=default --hypothesis-seed=N`, and by a drill.
settings.register_profile("suite", derandomize=True, database=None)
settings.register_profile("drill", database=None, print_blob=True)
settings.load_profile("drill" if DRILL else "suite")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files with slow tests come last, of these the longest first: no process is left alone with it at the end.

    Behind them are files with tests that need the machine for themselves.
    """
    slow: dict[Path, int] = {}
    for item in items:
        for mark in item.iter_markers("slow"):
            slow[item.path] = max(slow.get(item.path, 0), mark.kwargs.get("minutes", 0))
    alone = {item.path for item in items if item.get_closest_marker("alone")}
    items.sort(key=lambda item: (item.path in alone, item.path in slow, -slow.get(item.path, 0)))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """While a test that is marked `alone` runs, the other processes of this machine's suites wait before their next.

    The lock is that of a file that is always there; it is given back even where a process of a test still has it open.
    """
    with (ROOT / "pyproject.toml").open("rb") as file:
        fcntl.flock(file, fcntl.LOCK_EX if item.get_closest_marker("alone") else fcntl.LOCK_SH)
        try:
            return (yield)
        finally:
            fcntl.flock(file, fcntl.LOCK_UN)


@pytest.fixture(autouse=True)
def _collected() -> Iterator[None]:
    """A build switches the collector off for its process, which then ends; the tests' own process goes on."""
    yield
    gc.enable()


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


def once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], None]) -> Path:
    """The folder that `make` filled: by the first process of this run that asks, while the others wait for it."""
    base = factory.getbasetemp()
    base = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    folder = base / name
    with exclusive(base / f"{name}.lock", None):
        if not (done := folder / ".done").exists():
            shutil.rmtree(folder, ignore_errors=True)
            make(folder)
            done.touch()
    return folder


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demonstration site, which has no fault; only to be read."""

    def make(folder: Path) -> None:
        small = Small(folder).holding(ROOT)
        assert [str(f) for f in small.faults()] == []
        assert small.build(jobs=2) == 0

    return Small(once(tmp_path_factory, "demonstration", make)).output.resolve()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One browser for all; pages are opened in contexts of their own."""
    if not (shutil.which("chromium") or shutil.which("chromium-browser")):
        assert os.environ.get("CI") != "true", "a browser is required here"
        pytest.skip("chromium is absent: browser tests are skipped")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        made = Browser(Path(folder))
        yield made
        made.close()


@pytest.fixture(scope="session")
def chinese_font() -> None:
    """Printed pages can be measured: a font of this machine has Chinese characters."""
    command = ["fc-list", ":lang=zh", "family"]
    if not shutil.which("fc-list") or not subprocess.run(command, capture_output=True, check=True).stdout:
        assert os.environ.get("CI") != "true", "a Chinese font is required here"
        pytest.skip("no Chinese font: printed pages are not measured")


@pytest.fixture(scope="session")
def axe() -> str:
    """The script of axe-core."""
    return judge("axe", "axe.min.js").read_text()
