"""What the tests of the catalogues share: sites built once, and the validators in their own environment."""

from __future__ import annotations

import functools
import http.server
import json
import os
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from plugins.build.demo import demo
from tests.conftest import ROOT, once
from tests.small import Small

Ask = Callable[..., Any]
PYTHON = ROOT / ".venv-validators" / "bin" / "python"
OUTSIDE = Path(__file__).with_name("outside.py")


@pytest.fixture(scope="session")
def ask() -> Ask:
    """Asks a validator of outside.py and gives its answer; its CPU seconds are printed."""
    if not PYTHON.exists():
        if os.environ.get("CI") == "true":
            pytest.fail("the validators' environment is absent: python3 tasks.py test makes it")
        pytest.skip("the validators' environment is absent: their tests are skipped")

    def run(what: str, *arguments: Path | str) -> Any:
        command = [str(PYTHON), str(OUTSIDE), what, *map(str, arguments)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr[-3000:]
        value = json.loads(done.stdout)
        print(f"{what}: {value['cpu_seconds']} CPU s")
        return value["answer"]

    return run


@pytest.fixture(scope="session")
def shapes(shared: Path) -> Path:
    """The published shapes and profiles."""
    folder = shared / "standards"
    if not folder.is_dir():
        pytest.skip("../shared/standards is absent: the tests against published shapes are skipped")
    return folder


@pytest.fixture(scope="session")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The output of a site with 100 generated packages; only to be read."""

    def make(folder: Path) -> None:
        demo(5, 100, folder / "made")
        assert Small(folder).holding(folder / "made").build(jobs=2) == 0

    return Small(once(tmp_path_factory, "many", make)).output.resolve()


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address of a plain host with the files of `folder`: no rewriting, no query strings."""
    handler = functools.partial(_Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Requests are not worth a line each."""
