"""A published site with a current, an amended and a withdrawn text and a data set, on a host; and a browser."""

from __future__ import annotations

import functools
import http.server
import os
import re
import shutil
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.search_browser import Browser
from plugins.build.changes import amend, withdraw
from plugins.build.publish import publish
from tests.small import Small
from tests.tables import POWER_ROWS, write_powers

FIRST, SECOND, THIRD = "2026-03-03 10:00", "2026-05-01 09:00", "2026-06-01 09:00"
ARTICLES = "\n\n".join(f"第{n}条 这是第{n}条的内容，与别的条款不同。" for n in "一二三四五六七八九")
TITLE = "<b>甲</b>“乙”试验办法"
WITHDRAWN = "第一条 这份文件后来撤下。"


class Host(http.server.SimpleHTTPRequestHandler):
    """Serves with the policy that the site asks of its host, and writes no log."""

    policy = ""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", self.policy)
        super().end_headers()


class Served:
    """A folder on a host of this machine."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (policy,) = re.findall(r"/\*\n  Content-Security-Policy: (.*)", (folder / "_headers").read_text())
        kind = functools.partial(type("Host", (Host,), {"policy": policy}), directory=str(folder))
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), kind)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.address = f"http://127.0.0.1:{self.server.server_port}"

    def close(self) -> None:
        """The host is gone."""
        self.server.shutdown()
        self.server.server_close()


def published(small: Small, moment: str) -> None:
    """Publishes at `moment`."""
    result = publish(small.settings(as_of=moment, datasets=str(small.folder / "datasets")))
    assert [str(f) for f in result.faults if f.severity == "error"] == []


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The release: `a` as it was published first, `b` amended, `c` withdrawn, `powers` a data set."""
    small = Small(tmp_path_factory.mktemp("verify") / "site").least()
    write_powers(small.folder / "datasets", POWER_ROWS)
    small.policy("a", ARTICLES, title=TITLE, number="试政发〔2026〕3号")
    small.policy("b", "第一条 为了试验，制定本办法。", title="后来修改的办法")
    small.policy("c", WITHDRAWN, title="撤下的办法", number="试政发〔2026〕4号")
    published(small, FIRST)
    assert amend(small.settings(as_of=SECOND), "policies/2026/b") == 0
    path = small.content / "policies/2026/b.md"
    text = path.read_text().replace("为了试验", "为了实验").replace("change_note:\n", "change_note: 改正错字\n")
    path.write_text(text)
    published(small, SECOND)
    assert withdraw(small.settings(as_of=THIRD), "policies/2026/c", "依据已经失效") == 0
    published(small, THIRD)
    return small.output.resolve()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One browser for all."""
    if not (shutil.which("chromium") or shutil.which("chromium-browser")):
        assert os.environ.get("CI") != "true", "a browser is required here"
        pytest.skip("chromium is absent: browser tests are skipped")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        made = Browser(Path(folder))
        yield made
        made.close()


@pytest.fixture(scope="session")
def host(site: Path) -> Iterator[Served]:
    """The site on its host."""
    made = Served(site)
    yield made
    made.close()
