"""The static search, in Node and in the real page; the Whoosh index behind the shell."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from plugins.build import finder
from plugins.search import index
from tests.search.laid import node, served
from tests.small import NOW, Small

SCRIPT = """
const {open} = await import(process.argv[2]);
const site = await open(process.argv[3]);
const out = [];
for (const [query, options] of JSON.parse(await new Response(process.stdin).text())) {
  out.push(await site.search(query, options));
}
console.log(JSON.stringify(out));
"""


@pytest.fixture
def site(small: Small) -> Small:
    small.policy(
        "b",
        "第一条 甲乙丙。\n\n第二条 为加强住房公积\n金管理，制定本办法。",
        title="住房公积金管理办法",
        number="试政发〔2024〕9号",
    )
    small.policy("c", "第一条 提到住房公积金和山水林田湖草。", title="另一个办法", topic="zhzw")
    small.policy("d", "第一条 旧文。", title="旧办法")
    small.policy("e", "第一条 旧文的后继。", title="新办法", repeals="[policies/2026/d]")
    assert small.build() == 0
    return small


@pytest.fixture
def address(site: Small) -> Iterator[str]:
    with served(site.output.resolve()) as address:
        yield address


def ask(site: Small, address: str, *queries: str, **options: object) -> list[dict[str, object]]:
    """What the published search.js answers in Node, over HTTP."""
    module = (site.output.resolve() / "search/search.js").as_uri()
    return node(SCRIPT, module, f"{address}/search/", given=[(query, options) for query in queries])


def titles(found: dict[str, object]) -> list[str]:
    return [hit["title"] for hit in found["hits"]]


def test_a_phrase_is_found_across_word_and_line_borders(site: Small, address: str) -> None:
    phrase, quoted, absent = ask(site, address, "房公积金管", '"住房公积金管理"', '"住房公积金管制"')
    assert titles(phrase) == ["住房公积金管理办法"]
    assert titles(quoted) == ["住房公积金管理办法"]
    assert absent["total"] == 0


def test_numbers_titles_exclusion_and_both(site: Small, address: str) -> None:
    number, title, both, without = ask(
        site, address, "试政发(2024)9号", "住房公积金管理办法", "公积金 山水", "公积金 -山水"
    )
    assert titles(number)[0] == titles(title)[0] == "住房公积金管理办法"
    assert titles(both) == ["另一个办法"]
    assert titles(without) == ["住房公积金管理办法"]


def test_a_repealed_document_stands_below_and_is_marked(site: Small, address: str) -> None:
    (found,) = ask(site, address, "旧文")
    assert titles(found) == ["新办法", "旧办法"]
    assert found["hits"][1]["validity"] == "已废止"


def test_hits_name_their_article_and_facets_are_counted(site: Small, address: str) -> None:
    (found,) = ask(site, address, "住房公积金")
    first = next(hit for hit in found["hits"] if hit["title"] == "住房公积金管理办法")
    assert (first["article"], first["anchor"]) == ("第二条", "art-2")
    page = site.output.resolve() / first["url"].strip("/") / "index.html"
    assert f'id="{first["anchor"]}"' in page.read_text()
    assert found["facets"]["topic"] == {"综合政务": 1}
    (one,) = ask(site, address, "住房公积金", filters={"topic": "综合政务"})
    assert titles(one) == ["另一个办法"]


def test_odd_queries_answer_and_never_throw(site: Small, address: str) -> None:
    odd = ["", " ", "。，", "\x00\x07", "公" * 10_000, "-", '"', "()[]{}^$.*+?\\", "<b>"]
    assert all(isinstance(found["total"], int) for found in ask(site, address, *odd))


def test_a_missing_bucket_is_said_and_nothing_is_silently_missing(site: Small, address: str) -> None:
    """All buckets of the index, one after the other; the word stands in two documents."""
    said = 0
    for bucket in sorted((site.output.resolve() / "search/grams").rglob("*.bin")):
        data = bucket.read_bytes()
        bucket.unlink()
        (found,) = ask(site, address, "公积金")
        missing = [text for text in found["missing"] if text.endswith(f"{bucket.parent.name}/{bucket.name}")]
        assert found["partial"] is bool(found["missing"])
        assert missing == found["missing"]
        assert missing or (found["total"], found["exact"]) == (2, True)
        said += bool(missing)
        bucket.write_bytes(data)
    assert said


def test_the_page_searches_as_its_address_asks(site: Small, address: str, tmp_path: Path) -> None:
    browser = shutil.which("chromium") or shutil.which("chromium-browser")
    if not browser:
        assert os.environ.get("CI") != "true", "browser tests are required here"
        pytest.skip("chromium is absent: browser tests are skipped")
    command = [browser, "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    command += ["--no-first-run", "--disable-sync", "--disable-component-update", f"--user-data-dir={tmp_path}"]
    command += ["--virtual-time-budget=5000", "--dump-dom", f"{address}/search/?q=%E5%85%AC%E7%A7%AF%E9%87%91"]
    shown = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120).stdout
    assert "找到 2 条" in shown
    assert "<mark>公积金</mark>" in shown


def test_whoosh_indexes_changed_documents_only(site: Small, monkeypatch: pytest.MonkeyPatch) -> None:
    counts: list[int] = []
    update = index.update
    monkeypatch.setattr(finder, "update", lambda *given: counts.append(update(*given)))
    settings = site.settings(as_of=NOW)
    assert finder.find(settings, "公积金", 10)[0] == 2
    site.policy("c", "第一条 不再提它。", title="另一个办法")
    assert finder.find(settings, "公积金", 10)[0] == 1
    (site.content / "policies/2026/b.md").unlink()
    assert finder.find(settings, "公积金", 10)[0] == 0
    assert counts == [5, 1, 1]


def test_a_draft_never_reaches_the_search_index(site: Small) -> None:
    site.policy("f", "第一条 天王盖地虎。", status="草稿")
    site.policy("g", "第一条 天王盖地虎。", published="2030-01-01 09:00")
    assert finder.find(site.settings(as_of=NOW), "天王盖地虎", 10)[0] == 0
