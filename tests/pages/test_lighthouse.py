"""Lighthouse in the machine's own Chromium: 99 of 100 in all four categories, on the pages that most people see."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.scores import LEAST, scores
from tests.judging import judge
from tests.pages.kinds import KINDS
from tests.served import Served

pytestmark = [pytest.mark.slow, pytest.mark.alone]
ASKED = ("home", "policy", "column", "data set with a chart")
FAULTY = """<!doctype html><html><head><meta charset="utf-8">
<script>for (const start = Date.now(); Date.now() - start < 500;);
undefined.a</script></head>
<body><img src="/a.png"><p style="color:#ccc">看不清楚的文字</p><a href="/">点击这里</a></body></html>"""


@pytest.fixture(autouse=True)
def _lighthouse(browser: object) -> None:
    """Skips visibly where Lighthouse or the browser is absent."""
    judge("lighthouse", "package.json")


@pytest.mark.parametrize("name", ASKED)
def test_the_page_is_fast_accessible_sound_and_found(hosts: dict[str, Served], name: str) -> None:
    kind = KINDS[name]
    found = scores(hosts[kind.site].address + kind.path)
    assert found.lowest >= LEAST, found


def test_lighthouse_finds_what_is_wrong(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No title, no language, no description, an error, pale letters, a picture without text, half a second's work."""
    (tmp_path / "index.html").write_text(FAULTY)
    (tmp_path / "_headers").write_text("")
    monkeypatch.setattr("benchmarks.scores.TRIES", 1)
    with Served(tmp_path) as host:
        found = scores(host.address + "/")
    assert max(found[:4]) < LEAST
    assert {"accessibility: color-contrast", "best-practices: errors-in-console", "seo: meta-description"} <= {
        *found.lost
    }
