"""The search page asks an OpenSearch: what it is told is what the static engine would tell of the same site."""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import subprocess
import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import opensearchpy
import pytest

from plugins.build.export import export
from plugins.models.types import searched_fields
from plugins.search.fold import fold
from tests import opensearch
from tests.conftest import ROOT
from tests.small import SITE, Small
from tests.test_bad_corpus import _package

SCRIPT = """
const {open} = await import(process.argv[1]);
const asked = JSON.parse(await new Response(process.stdin).text());
const site = await open(process.argv[2]);
const out = [];
for (const [query, options] of asked) out.push(await site.search(query, options).catch((e) => ({rejected: String(e)})));
console.log(JSON.stringify(out));
"""
WORDS = "公积金管理办法第一二三条，。〔〕（）ＡaΣ①㎡ 𠮷"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Small:
    """A site that names an engine on its own host, with a data package and documents of a small alphabet.

    Such a site has no static index: that of the same site without the engine is laid beside it, to be compared.
    """
    small = Small(tmp_path_factory.mktemp("engine") / "site").least()
    _package(small)
    accumulated = "第一条 甲乙丙。\n\n第二条 为加强住房公积\n金管理（试行），制定本办法。公积金。"
    small.policy("b", accumulated, title="住房公积金管理办法", number="试政发〔2024〕9号", topic="zhzw")
    small.policy(
        "c", "第一条 提到住房公积金和山水林田湖草。\n\n第二条 公积金、公积金和【公积金】。", title="另一个办法"
    )
    small.policy("d", "第一条 旧文。提到公积金。", title="旧办法")
    small.policy("e", "第一条 旧文的后继。提到公积金。", title="新办法", repeals="[policies/2026/d]", issuer="fgj")
    small.policy("g", "第一条 依据试政发〔2024〕9号。ＡＢＣ-12和 a1。", title="关于“互联网+政务服务”的通知(试行)")
    small.policy("h", "第一条 正文。", title="对试政发〔2024〕9号文件的说明")
    small.policy("k", "第一条 " + "水库移民后期扶持。" * 300, title="某办法")
    small.policy("l", "第一条 正文。", title="水库移民后期扶持办法")
    chance = random.Random(20261124)
    for number in range(12):
        small.policy(f"r{number}", "正文" + "".join(chance.choices(WORDS, k=50)), title=f"题{number}")
    plain, static = small.folder / "plain", small.folder / "static"
    assert small.build(plain=str(static)) == 0
    small.write("site.yml", SITE + "search_engine: /api/search\n")
    assert small.build(plain=str(plain)) == 0
    assert not (plain / "search/index.json").exists()
    for part in ("index.json", "columns.bin"):
        shutil.copyfile(static / "search" / part, plain / "search" / part)
    for part in ("grams", "text", "records"):
        shutil.copytree(static / "search" / part, plain / "search" / part)
    return small


@pytest.fixture(scope="module")
def exported(site: Small) -> Path:
    target = site.folder / "export"
    assert export(site.settings(), target).faults == []
    return target


@pytest.fixture
def engine(exported: Path) -> opensearch.Engine:
    """The mapping and the bulk file as the engine takes them."""
    engine = opensearch.Engine(json.loads((exported / "mapping.json").read_text()))
    assert not engine.bulk((exported / "bulk.ndjson").read_bytes())["errors"]
    return engine


@pytest.fixture
def address(engine: opensearch.Engine, site: Small) -> Iterator[str]:
    with opensearch.served(engine, site.folder / "plain") as found:
        yield found


def ask(module: str, address: str, site: Small, asked: list[Any]) -> list[dict[str, Any]]:
    """What one of the two modules answers in Node; each question is a query or (query, options)."""
    if not shutil.which("node"):
        assert os.environ.get("CI") != "true", "node is required here"
        pytest.skip("node is absent: the search modules are not tested")
    copy = site.folder / f"{Path(module).stem}.mjs"
    shutil.copyfile(ROOT / "theme/static" / module, copy)
    pairs = json.dumps([q if isinstance(q, tuple) else (q, {}) for q in asked])
    command = ["node", "--input-type=module", "-e", SCRIPT, str(copy), f"{address}/search/"]
    done = subprocess.run(command, input=pairs, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


def both(address: str, site: Small, asked: list[Any]) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """The answers of the static engine, and those of this one."""
    answers = (ask(module, address, site, asked) for module in ("search.js", "search-opensearch.js"))
    return list(zip(*answers, strict=True))


def marked(hit: dict[str, Any]) -> set[str]:
    """The words that stand in marks, on one line."""
    text = hit["snippet"].encode("utf-16-le")
    return {text[2 * a : 2 * b].decode("utf-16-le") for a, b in hit["marks"]}


CHOSEN: list[Any] = [
    "公积金",
    '"住房公积金管理"',
    "房公积金管",
    '"住房公积金管制"',
    "住房公积金管理办法",
    "试政发(2024)9号",
    "试政发〔2024〕9号",
    '"试政发〔2024〕9号"',
    '"试政发(2024)9号"',
    "试政发［2024］",
    "公积金 山水",
    "公积金 -山水",
    "公积金 -水",
    "水",
    "【",
    '"【"',
    "［公积金］",
    '"〔公积金〕"',
    "abc-12",
    "Ａ1",
    "𠮷",
    "管理(试行)",
    "关于“互联网+政务服务”的通知（试行）",
    "“互联网+政务服务”",
    "第二条 公积金",
    "甲镇",
    "代码",
    "旧文",
    "水库移民后期扶持",
    "",
    "-",
    "-公积金",
    "不存在的文字",
    ("公积金", {"sort": "date"}),
    ("公积金", {"filters": {"since": "2026-03-03"}}),
    ("公积金", {"filters": {"until": "2026-03-03", "kind": "政策文件"}}),
    ("公积金", {"filters": {"since": "2026-03-04", "until": "2026-03-03"}}),
    ("公积金", {"limit": 2, "offset": 1}),
    ("公积金", {"limit": 0}),
    ("公积金", {"limit": -1, "offset": "x"}),
    ("公积金", {"filters": {"validity": "已废止"}}),
    ("公积金", {"filters": {"issuer": "县发展改革局", "year": "2026"}}),
    ("公积金", {"filters": {"topic": "综合政务", "validity": "已废止"}}),
    ("公积金", {"filters": {"year": "1999"}}),
    ("代码", {"filters": {"kind": "数据集"}}),
]


def test_answers_are_those_of_the_static_engine(address: str, site: Small) -> None:
    """Totals, every field shown, facets, the words in marks, the order by date, titles and numbers in full first."""
    for asked, (static, found) in zip(CHOSEN, both(address, site, CHOSEN), strict=True):
        for name in ("total", "exact", "partial", "missing", "facets"):
            assert found[name] == static[name], (asked, name)
        assert len(found["hits"]) == len(static["hits"]), asked
        first = {"住房公积金管理办法": 1, "试政发〔2024〕9号": 1, str(("公积金", {"sort": "date"})): 10}.get(
            str(asked), 0
        )
        assert [h["url"] for h in found["hits"]][:first] == [h["url"] for h in static["hits"]][:first], asked
        if len(found["hits"]) < found["total"]:
            continue
        by_address = [sorted(one["hits"], key=lambda hit: hit["url"]) for one in (found, static)]
        for hit, wanted in zip(*by_address, strict=True):
            assert hit.keys() == wanted.keys()
            rest = hit.keys() - {"snippet", "marks", "article", "anchor"}
            assert {n: hit[n] for n in rest} == {n: wanted[n] for n in rest}, asked
            assert bool(hit["marks"]) == bool(wanted["marks"]), asked
            assert marked(hit) <= marked(wanted) or not hit["marks"], asked


def test_phrases_cut_out_anywhere_have_the_totals_of_the_static_engine(address: str, site: Small) -> None:
    """300 phrases of the random texts, quoted and not, a third of them altered."""
    chance = random.Random(20180727)
    texts = [path.read_text().split("---\n")[-1] for path in sorted(site.content.glob("policies/2026/r*.md"))]
    phrases = []
    for number in range(300):
        start, length = chance.randrange(45), chance.randrange(1, 7)
        phrase = chance.choice(texts)[start : start + length].strip()
        phrase = phrase[::-1] + chance.choice(WORDS) if number % 3 == 0 else phrase
        phrases.append(f'"{phrase}"' if number % 2 else phrase)
    answers = both(address, site, [(phrase, {"limit": 50}) for phrase in phrases])
    assert sum(static["total"] > 0 for static, _ in answers) > 100
    for phrase, (static, found) in zip(phrases, answers, strict=True):
        assert found["total"] == static["total"], phrase
        assert {h["url"] for h in found["hits"]} == {h["url"] for h in static["hits"]}, phrase


def test_a_snippet_is_the_stored_text_with_its_marks_and_its_article(address: str, site: Small) -> None:
    """The hit stands in a second article, across a line of the source, and in full-width brackets."""
    (found,) = ask("search-opensearch.js", address, site, ["公积金管理(试行)"])
    (hit,) = found["hits"]
    assert "第二条 为加强住房公积金管理（试行），制定本办法。" in hit["snippet"]
    assert marked(hit) == {"公积金管理（试行）"}
    assert hit["article"] == "第二条"
    (bare,) = ask("search-opensearch.js", address, site, [("公积金管理(试行)", {"snippets": False})])
    assert (bare["hits"][0]["snippet"], bare["hits"][0]["marks"]) == ("", [])


def test_one_request_asks_with_the_weights_of_the_models(address: str, engine: opensearch.Engine, site: Small) -> None:
    ask("search-opensearch.js", address, site, ["公积金"])
    (body,) = engine.asked
    weights = searched_fields()
    (term,) = body["query"]["bool"]["must"]
    boosts = [q["constant_score"]["boost"] for q in term["dis_max"]["queries"]]
    assert boosts == [weights["title"], weights["number"], weights["body"]]
    assert weights["number"] > weights["title"] > weights["body"]
    assert "text" not in body["_source"]


def test_folding_is_the_same_in_python_and_in_the_page() -> None:
    """Every character that this Python knows, each beside a letter, and a Greek word."""
    if not shutil.which("node"):
        pytest.skip("node is absent: the search modules are not tested")
    known = [c for c in map(chr, range(sys.maxunicode + 1)) if unicodedata.category(c) not in {"Cn", "Cs", "Co"}]
    pieces = [f"a{c}b" for c in known] + ["ΣΟΦΟΣ ΣΑΣ", "ｶﾞ", "a\u0301", "가"]
    module = (ROOT / "theme/static/search-opensearch.js").as_uri()
    script = f"""
    import {{readFileSync}} from "node:fs";
    const text = readFileSync(0, "utf8");
    const source = readFileSync(new URL("{module}"), "utf8");
    const {{fold}} = await import("data:text/javascript," + encodeURIComponent(source));
    console.log(JSON.stringify(JSON.parse(text).map(fold)));
    """
    command = ["node", "--input-type=module", "-e", script]
    done = subprocess.run(command, input=json.dumps(pieces), capture_output=True, text=True, check=True)
    assert [p for p, f in zip(pieces, json.loads(done.stdout), strict=True) if fold(p) != f] == []


BROKEN = {
    "an-error": (503, b"{}"),
    "no-json": (200, b"<html>"),
    "another-answer": (200, b'{"took": 1}'),
}


@pytest.mark.parametrize("kind", BROKEN)
def test_an_engine_that_does_not_answer_is_an_error(
    kind: str, address: str, engine: opensearch.Engine, site: Small
) -> None:
    engine.broken = BROKEN[kind]
    (found,) = ask("search-opensearch.js", address, site, ["公积金"])
    assert "rejected" in found


def test_shards_that_failed_are_told(address: str, engine: opensearch.Engine, site: Small) -> None:
    body = {"from": 0, "size": 0, "track_total_hits": True, "query": {"bool": {}}, "sort": [], "aggs": {}}
    names = ("kind", "issuer", "topic", "year", "validity")
    answer = engine.index.search(body | {"post_filter": {"bool": {}}})
    answer["aggregations"] = {name: {"values": {"buckets": []}} for name in names}
    answer["_shards"] |= {"failed": 2, "failures": [{"index": "gazette"}]}
    engine.broken = (200, json.dumps(answer).encode())
    (found,) = ask("search-opensearch.js", address, site, ["公积金"])
    assert (found["partial"], found["exact"], len(found["missing"])) == (True, False, 2)


@pytest.mark.parametrize("url", ["javascript:alert(1)", "//elsewhere.example/", "https://elsewhere.example/", "/\\e"])
def test_an_answer_cannot_lead_away_from_the_site(
    url: str, address: str, engine: opensearch.Engine, site: Small
) -> None:
    for source in engine.index.sources.values():
        source["url"] = url
    (found,) = ask("search-opensearch.js", address, site, ["公积金"])
    assert "not an address of this site" in found["rejected"]


def show(address: str, folder: Path) -> str:
    """The search page after its script ran, under the policy that the site itself sends."""
    browser = shutil.which("chromium") or shutil.which("chromium-browser")
    if not browser:
        assert os.environ.get("CI") != "true", "browser tests are required here"
        pytest.skip("chromium is absent: browser tests are skipped")
    command = [browser, "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    command += ["--no-first-run", "--disable-sync", "--disable-component-update", f"--user-data-dir={folder}"]
    command += ["--virtual-time-budget=5000", "--dump-dom", f"{address}/search/?q=%E5%85%AC%E7%A7%AF%E9%87%91"]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=120).stdout


def test_the_page_asks_the_engine_and_says_so_when_it_fails(
    address: str, engine: opensearch.Engine, tmp_path: Path
) -> None:
    shown = show(address, tmp_path / "a")
    assert re.search(r"找到 \d+ 条", shown)
    assert "<mark>公积金</mark>" in shown
    assert len(engine.asked) == 1
    engine.broken = (503, b"{}")
    assert "检索暂时不能使用，请从下面的栏目查找。" in show(address, tmp_path / "b")


def policy(small: Small) -> str:
    return next(line for line in (small.output / "_headers").read_text().splitlines() if "Content-Security" in line)


def test_only_the_host_that_is_named_may_be_asked(small: Small) -> None:
    """None, a path, another host, another host with a port."""
    assert small.build() == 0
    without = policy(small)
    assert "connect-src" not in without
    page = (small.output / "search/index.html").read_text()
    assert 'data-engine="/search/search.js"' in page
    assert not (small.output / "search/engine.json").exists()
    for setting, sources in (
        ("/api/search", ""),
        ("https://search.example.gov.cn/gazette", "; connect-src 'self' https://search.example.gov.cn"),
        ("https://search.example.gov.cn:9200/a/b", "; connect-src 'self' https://search.example.gov.cn:9200"),
    ):
        small.write("site.yml", f"{SITE}search_engine: {setting}\n")
        assert small.build() == 0
        assert policy(small) == without + sources
        page = (small.output / "search/index.html").read_text()
        assert 'data-engine="/static/search-opensearch.js"' in page
        assert json.loads((small.output / "search/engine.json").read_text())["url"] == setting


def test_the_real_client_creates_and_searches(address: str, engine: opensearch.Engine) -> None:
    """The request of the page, sent by the client, comes back through the client's own parser."""
    client = opensearchpy.OpenSearch(address)
    body = {"from": 0, "size": 5, "track_total_hits": True, "_source": ["title"], "aggs": {}, "sort": [{"url": "asc"}]}
    query = {"match_phrase": {"folded.title": "公积金管理"}}
    found = client.search(index="gazette", body=body | {"query": query, "post_filter": {"bool": {}}})
    assert [hit["_source"]["title"] for hit in found["hits"]["hits"]] == ["住房公积金管理办法"]
