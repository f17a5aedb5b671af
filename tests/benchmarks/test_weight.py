"""The benchmark of weights counts what a browser waits for, and says what is too heavy."""

from __future__ import annotations

import gzip
from pathlib import Path

from benchmarks.weight import CHARACTERS, REQUESTS, SCRIPTS, STYLE, TYPES, Weight, missed, text, weigh

PAGE = """<!doctype html><html><head>
<link rel="stylesheet" href="/a.css"><link rel="modulepreload" href="/c.js">
<script src="../waited.js"></script><script type="module" src="/b.js"></script></head>
<body><img src="x.png"><img src="x.png"><img src="y.png" loading="lazy"></body></html>"""
GOOD = Weight("policies/2026/weighed", 30_000, 12_000, 6_000, 0, 0, 3)


def test_what_a_browser_waits_for_is_counted_once_and_what_comes_later_apart(tmp_path: Path) -> None:
    (tmp_path / "p").mkdir()
    page = tmp_path / "p/index.html"
    page.write_text(PAGE)
    sizes = {}
    for name in ("a.css", "b.js", "c.js", "waited.js"):
        data = name.encode() * 300
        (tmp_path / name).write_bytes(data)
        sizes[name] = len(gzip.compress(data, 6, mtime=0))
    found = weigh(tmp_path, page)
    assert found.text == len(gzip.compress(PAGE.encode(), 6, mtime=0))
    assert (found.style, found.blocking) == (sizes["a.css"], sizes["waited.js"])
    assert found.later == sizes["b.js"] + sizes["c.js"]
    assert found.requests == 4  # the page, its style, the script, one picture
    assert found.critical == found.text + found.style + found.blocking


def test_every_target_can_be_missed() -> None:
    name = next(iter(TYPES))
    assert missed({name: GOOD}) == []
    heavy = (
        GOOD._replace(text=25_000),
        GOOD._replace(requests=REQUESTS + 1),
        GOOD._replace(later=SCRIPTS + 1),
        GOOD._replace(text=1_000, style=STYLE + 1),
    )
    assert [len(missed({name: one})) for one in heavy] == [1, 1, 1, 1]
    assert missed({name: GOOD, "home": GOOD._replace(blocking=1)}) == ["a page waits for a script"]


def test_the_weighed_policy_is_as_long_as_it_says() -> None:
    assert abs(len("".join(text().split())) - CHARACTERS) <= CHARACTERS // 100
