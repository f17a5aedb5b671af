"""The search benchmark's own parts: documents, queries and their truth, counting, figures and tables."""

from __future__ import annotations

import gzip
import json
import re
import shutil
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from benchmarks.processes import Cost
from benchmarks.search_browser import BrowserError, browsing, opened
from benchmarks.search_documents import Document, normal, read_documents, whole
from benchmarks.search_drive import MODES, Asked, Found
from benchmarks.search_queries import CLASSES, EXTRA, Query, Texts, queries
from benchmarks.search_server import Sent, Server, serving
from benchmarks.search_sites import Costs, Sizes, kind_of
from benchmarks.search_table import ALL, Row, lines, percentile, scores, tables

LINES = [
    "第一条 为了加强住房公积金管理，维护所有者的合法权益，制定本办法。",
    "第二条 本办法所称住房公积金，是指国家机关和单位缴存的长期住房储金。",
    "第三条 县人民政府（以下简称县政府）每年3月公布ISO9001标准的执行情况。",
    "第四条 单位应当于2024年12月31日前办理缴存登记；逾期不办理的，依法处理。",
]
DOCUMENTS = [
    Document(f"policies/2024/d{n}", f"住房公积金管理办法之{n}", f"试政发〔2024〕{n}号", "\n".join(LINES[n % 3 :]))
    for n in range(12)
]


def pairs(text: str) -> list[str]:
    """Words of two characters: a stand-in for a dictionary."""
    return [text[n : n + 2] for n in range(0, len(text), 2)]


def test_the_normal_form_leaves_what_is_seen() -> None:
    assert normal("ＡＢＣ－12\u3000系\u200b统\x00\nß") == "abc-12系统ss"


def test_borders_of_blocks_match_and_those_of_fields_do_not() -> None:
    texts = Texts([Document("a", "公积金", "试1号", "第一条。\n第二条。")])
    assert texts.holding("条。第二")
    assert texts.holding("第一条。\n第二条。")
    assert not texts.holding("公积金试")
    assert not texts.holding("号第一")
    assert not texts.holding(" \n")
    assert "\n" not in normal("a\nb")
    assert whole(texts.documents[0]).count("\n") == 2


def test_a_title_or_number_is_whole_or_not() -> None:
    texts = Texts(DOCUMENTS)
    assert texts.being("住房公积金管理办法之３") == {"policies/2024/d3"}
    assert texts.being("试政发〔2024〕3号") == {"policies/2024/d3"}
    assert not texts.being("公积金")


def test_documents_are_read_with_the_path_of_the_site(tmp_path: Path) -> None:
    folder = tmp_path / "policies/2024/a"
    (folder / "2023-01-01").mkdir(parents=True)
    (folder / "index.txt").write_text("题\n\n一\n二\n")
    (folder / "index.json").write_text(json.dumps({"url": "http://h/gov/policies/2024/a/", "number": "1号"}))
    (folder / "2023-01-01/index.txt").write_text("题\n\n旧\n")
    assert read_documents(tmp_path) == ([Document("policies/2024/a", "题", "1号", "一\n二")], "/gov/")
    (folder / "index.txt").unlink()
    with pytest.raises(ValueError, match="no documents"):
        read_documents(tmp_path)


def test_a_seed_gives_one_query_set_with_the_truth_of_an_oracle() -> None:
    drawn = queries(DOCUMENTS, 7, pairs)
    assert drawn == queries(DOCUMENTS, 7, pairs)
    assert drawn != queries(DOCUMENTS, 8, pairs)
    assert {query.kind for query in drawn} <= {*CLASSES, *EXTRA}
    for query in drawn:
        fields = {d.id: [normal(d.title), normal(d.number), normal(d.body)] for d in DOCUMENTS}
        assert query.truth == {id_ for id_, all_ in fields.items() if any(normal(query.text) in one for one in all_)}


def test_each_class_is_what_its_name_says() -> None:
    by_kind: dict[str, list[Query]] = {}
    for query in queries(DOCUMENTS, 7, pairs):
        by_kind.setdefault(query.kind, []).append(query)
    assert all(len(query.text) == 2 and query.truth for query in by_kind["2 characters"])
    assert all(5 <= len(query.text) <= 10 and query.truth for query in by_kind["5-10 characters"])
    assert any(re.search("[，。；（]", query.text[1:-1]) for query in by_kind["5-10 characters"])
    assert all(query.whole for query in by_kind["title, number"])
    assert {"2024", "ISO9001"} <= {query.text for query in by_kind["Latin, digits"]}
    assert not any(query.truth for query in by_kind["no hit"])
    texts = [query.text for kind in CLASSES for query in by_kind.get(kind, ())]
    for query in by_kind["one character off"]:
        assert any(
            sum(a != b for a, b in zip(query.text, t, strict=True)) == 1 for t in texts if len(t) == len(query.text)
        )
    assert not any('"' in query.text for all_ in by_kind.values() for query in all_)


def test_at_most_so_many_queries_a_class() -> None:
    drawn = queries(DOCUMENTS, 7, pairs, 3)
    assert max(sum(query.kind == kind for query in drawn) for kind in (*CLASSES, *EXTRA)) == 3


def test_percentiles_are_values_that_were_measured() -> None:
    assert percentile([3.0, 1.0, 2.0, 4.0], 0.5) == 2.0
    assert percentile([float(n) for n in range(1, 101)], 0.95) == 95.0
    assert (percentile([5.0], 0.95), percentile([], 0.5)) == (5.0, 0.0)


@pytest.mark.parametrize(
    ("truth", "found", "expected"),
    [
        ("ab", "ab", (1.0, 1.0, 1.0)),
        ("ab", "a", (0.5, 1.0, 0.0)),
        ("a", "ab", (1.0, 0.5, 0.0)),
        ("a", "", (0.0, 0.0, 0.0)),
        ("", "", (1.0, 1.0, 1.0)),
        ("", "a", (1.0, 0.0, 0.0)),
    ],
)
def test_recall_precision_and_exact_sets(truth: str, found: str, expected: tuple[float, ...]) -> None:
    query = Query("no hit", "x", frozenset(truth), frozenset())
    assert scores(query, Found(frozenset(found), "")) == expected


def test_a_row_compares_with_the_better_figure_and_says_what_it_missed() -> None:
    bytes_ = Row("query p50", "bytes", 10, (100, 50), "ratio", 0.2)
    recall = Row("recall", "share", 0.9995, (0.5, 0.7), "least", 1.0)
    assert (bytes_.ratio, bytes_.met, recall.better, recall.met) == (0.2, True, 0.7, False)
    assert Row("x", "bytes", 1, (0,), "ratio", 0.2).met is False
    assert Row("files", "%", 0.03, (1.0,), "most", 0.03).met is True
    assert Row("files", "%", 0.03, (1.0,)).met is None
    _, first, second = lines("all", [bytes_, recall])
    assert first.endswith("≤ 0.2x met")
    assert second.endswith("≥ 1.000 MISSED")


def test_tables_have_a_class_each_and_one_over_all_with_hits() -> None:
    drawn = [
        Query("2 characters", "甲乙", frozenset("a"), frozenset()),
        Query("title, number", "题", frozenset("a"), frozenset("a")),
        Query("no hit", "丙", frozenset(), frozenset()),
    ]
    nothing, right = Found(frozenset(), ""), Found(frozenset("a"), "a")
    sets = {mode: [right, right if mode == "ours" else nothing, nothing] for mode in MODES}
    asked = [{mode: Asked(5, n, 1, 3, 1, 4, 1, 1, 1.0, 2.0) for mode in MODES} for n in (10, 20, 999)]
    cost = Costs(Cost(1, 1, 1, 1, 1), [Cost(1, 1, 1, 1, 1)], Sizes(1, 1, 1, 1), 0.0, 1.0, 0.0)
    made = tables(drawn, sets, [asked], (cost, cost))
    assert list(made) == ["2 characters", "title, number", "no hit", ALL, "indexes"]
    rows = {row.name: row for row in made[ALL]}
    assert (rows["recall"].ours, rows["recall"].theirs) == (1.0, (0.5, 0.5))
    assert rows["success@1"].theirs == (0.0, 0.0)
    assert (rows["query p95"].ours, rows["first query with ten results p50"].ours) == (1, 16)
    assert [row.ours for row in made[ALL] if row.name == "query p95"] == [20, 1]
    assert not any(row.kind for row in made["2 characters"] if row.unit == "bytes")


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("search/index.html", "page"),
        ("static/style.css", "page"),
        ("static/search-page.js", "code"),
        ("static/search-suggest.js", "hints"),
        ("search/search.js", "code"),
        ("search/index.json", "postings"),
        ("search/grams/0/ab.bin", "postings"),
        ("search/text/0-1.bin", "text"),
        ("search/hints/near-1.json", "hints"),
        ("policies/2024/a/index.txt", "text"),
        ("pagefind/wasm.unknown.pagefind", "code"),
        ("pagefind/index/a.pf_index", "postings"),
        ("pagefind/fragment/a.pf_fragment", "text"),
    ],
)
def test_files_are_told_apart_by_their_paths(path: str, kind: str) -> None:
    assert kind_of(path) == kind


def test_the_server_counts_bodies_as_a_host_that_compresses(tmp_path: Path) -> None:
    (tmp_path / "search").mkdir()
    (tmp_path / "search/index.html").write_text("公" * 1000)
    (tmp_path / "a.bin").write_bytes(gzip.compress(bytes(range(256))))
    (tmp_path / "p.js").write_text("const PAGE = 20;")
    with serving(Server(tmp_path, "/gov/")) as server:

        def get(path: str, **headers: str) -> bytes:
            request = urllib.request.Request(server.address + path, headers=headers)
            with urllib.request.urlopen(request) as answer:
                return answer.read()

        assert get("search/?q=1").decode() == "公" * 1000
        assert get("p.js") == b"const PAGE = 20;"
        assert get("a.bin", Range="bytes=2-5") == (tmp_path / "a.bin").read_bytes()[2:6]
        get("a.bin")
        for outside in ("../secret", "none.html", "%2e%2e/x"):
            with pytest.raises(urllib.error.HTTPError):
                get(outside)
        page, script, part, binary = server.take()
        assert server.take() == []
    assert page == Sent("search/index.html", len(gzip.compress(("公" * 1000).encode(), 9)))
    assert (script.size, part.size, binary.size) == (16, 4, (tmp_path / "a.bin").stat().st_size)


@pytest.mark.slow
def test_the_browser_answers_waits_and_forgets(tmp_path: Path) -> None:
    if not shutil.which("chromium") and not shutil.which("chromium-browser"):
        pytest.skip("chromium is absent")
    site = tmp_path / "site"
    site.mkdir()
    (site / "index.html").write_text("<title>t</title><script src='a.js'></script>")
    (site / "a.js").write_text("window.loaded = 1;")
    with serving(Server(site)) as server, browsing(tmp_path) as browser:
        for _ in range(2):
            with opened(browser, server.address) as page:
                assert page.ask("document.title + loaded") == "t1"
                assert page.ask("new Promise((done) => setTimeout(() => done({a: ['公']}), 20))") == {"a": ["公"]}
                with pytest.raises(BrowserError, match="no such"):
                    page.ask("Promise.reject(new Error('no such'))")
            assert [sent.path for sent in server.take() if sent.path != "favicon.ico"] == ["index.html", "a.js"]
