"""search.js in Node on a small index, against golden answers and against an oracle; the page in a browser."""

from __future__ import annotations

import contextlib
import functools
import http.server
import json
import os
import random
import shutil
import subprocess
import threading
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from markupsafe import Markup

from plugins.formats.page import environment
from tests.conftest import ROOT
from tests.theme.views import full

STATIC = ROOT / "theme/static"
SCRIPT = """
const {open} = await import(process.argv[1]);
const asked = JSON.parse(await new Response(process.stdin).text());
const site = await open(process.argv[2]);
const out = [];
for (const [query, options] of asked) out.push(await site.search(query, options));
console.log(JSON.stringify(out));
"""
SPARE = """第一条 为加强住房公积
金管理，制定本办法。
第二条 依据试政发〔2020〕1号文件，开展“互联网+政务服务”工作。
第三条 𠮷祥街道办事处负责ＡＢＣ-12系统和零\u200b宽\u3000字符。
第三条的规定不适用于公积金贷款。"""


def document(slug: str, title: str, text: str, **changes: str) -> dict[str, str]:
    """A document of a shard; what is not said is the same for all."""
    common = {"number": "", "kind": "政策文件", "issuer": "试验县人民政府", "published": "2024-05-01 09:00"}
    rest = {"topic": "", "year": "2024", "validity": "现行有效"}
    return {"url": f"/policies/2024/{slug}/", "title": title, "text": text} | common | rest | changes


SHARDS = {
    "2024-0": [
        document("a", "住房公积金管理办法", SPARE, number="试政发〔2024〕9号", topic="城乡建设"),
        document("b", "山水管理办法", "第一条 提到公积金、公积金和公积金，也提到山水。"),
        document("c", "旧的办法", "第一条 只提到一次公积金。", validity="已废止", published="2024-06-01 09:00"),
    ],
    "2023-0": [
        document("d", "另一个办法", "第一条 只提到一次公积金。", year="2023", published="2023-05-01 09:00"),
        document("e", "《住房公积金管理办法》解读", "一、背景。", kind="政策解读", validity=""),
        document("g", "对试政发〔2024〕9号文件的说明", "正文。"),
        document("f", "关于开展“互联网+政务服务”工作的通知", "正文。", number="试政发〔2023〕2号"),
    ],
}


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Files with the site's own policy, without a line for each request."""

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", "default-src 'self'; object-src 'none'; base-uri 'none'")
        super().end_headers()

    def log_message(self, *_: object) -> None:
        """Requests are not worth a line each."""


@contextlib.contextmanager
def served(folder: Path) -> Iterator[str]:
    handler = functools.partial(Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def lay(folder: Path, shards: dict[str, list[dict[str, str]]]) -> Path:
    """An index in `folder`/search, as the build lays it."""
    (folder / "search").mkdir(parents=True, exist_ok=True)
    listed = [{"url": f"{name}.json", "count": len(documents)} for name, documents in shards.items()]
    index = {"shards": listed, "total": sum(map(len, shards.values())), "home": "/"}
    for name, data in {"index": index, **{n: {"documents": d} for n, d in shards.items()}}.items():
        (folder / f"search/{name}.json").write_text(json.dumps(data, ensure_ascii=False))
    return folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return lay(tmp_path, SHARDS)


def ask(folder: Path, *asked: Any) -> list[dict[str, Any]]:
    """What search.js answers in Node; each question is a query or (query, options)."""
    if not shutil.which("node"):
        assert os.environ.get("CI") != "true", "node is required here"
        pytest.skip("node is absent: search.js is not tested")
    pairs = [q if isinstance(q, tuple) else (q, {}) for q in asked]
    module = folder / "search.mjs"
    shutil.copyfile(STATIC / "search.js", module)
    with served(folder) as address:
        command = ["node", "--input-type=module", "-e", SCRIPT, str(module), f"{address}/search/"]
        done = subprocess.run(command, input=json.dumps(pairs), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def slugs(found: dict[str, Any]) -> str:
    """The last part of each address found, in order."""
    return "".join(hit["url"].split("/")[-2] for hit in found["hits"])


def test_ranking_is_title_then_number_then_text_then_force_then_date(folder: Path) -> None:
    title, number, part, text, newest = ask(
        folder, "住房公积金管理办法", "试政发〔2024〕9号", "管理办法", "公积金", ("公积金", {"sort": "date"})
    )
    assert slugs(title) == "ae"
    assert slugs(number) == "ag"
    assert slugs(part) == "abe"
    assert slugs(text) == "aebdc"
    assert slugs(newest) == "cabed"
    assert slugs(ask(folder, "试政发")[0]) == "gaf"


def test_a_phrase_crosses_borders_of_blocks_but_not_of_fields(folder: Path) -> None:
    crossing, fields = ask(folder, '"住房公积金管理，制定本办法。第二条"', '"管理办法第一条"')
    assert slugs(crossing) == "a"
    assert fields["total"] == 0


def test_brackets_are_one_unless_quoted(folder: Path) -> None:
    found = ask(
        folder, "试政发(2024)9号", "试政发[2024]9号", "试政发【2024】9号", "试政发（2024）9号", '"试政发〔2024〕9号"'
    )
    assert [slugs(f) for f in found] == ["ag"] * 5
    assert ask(folder, '"试政发(2024)9号"')[0]["total"] == 0


def test_words_must_all_stand_and_excluded_ones_must_not(folder: Path) -> None:
    both, without, quoted, only, full_width = ask(
        folder, "公积金 山水", "公积金 -山水 -住房", '公积金 -"只提到一次"', "-山水", "公积金　－山水"
    )
    assert slugs(both) == "b"
    assert slugs(without) == "dc"
    assert slugs(quoted) == "aeb"
    assert only["total"] == 0
    assert slugs(full_width) == "aedc"


def test_width_case_and_zero_width_make_no_difference(folder: Path) -> None:
    found = ask(folder, "abc-12", "ＡＢＣ－12", "零宽字符", "零 宽", '"零宽 字符"', "公\x00积\u200b金贷款")
    assert [slugs(f) for f in found] == ["a"] * 6


def test_curly_quotes_inside_a_title_are_text(folder: Path) -> None:
    pasted, exact, quote = ask(
        folder,
        "关于开展“互联网+政务服务”工作的通知",
        '"关于开展“互联网+政务服务”工作"',
        "“互联网+政务服务”",
    )
    assert slugs(pasted) == "f"
    assert slugs(exact) == "f"
    assert slugs(quote) == "fa"


def test_snippets_show_their_marks_and_name_their_article(folder: Path) -> None:
    """The hits stand across a line border, in a second article, and after 第三条的, which begins none."""
    crossing, second, late = ask(folder, "住房公积金管理，", '"互联网+"', '"公积金贷款"')
    hit = crossing["hits"][0]
    (start, end), *_ = hit["marks"]
    assert hit["snippet"][start:end] == "住房公积 金管理，"
    assert hit["article"] == "第一条"
    assert next(h for h in second["hits"] if slugs({"hits": [h]}) == "a")["article"] == "第二条"
    assert late["hits"][0]["article"] == "第三条"


def test_a_snippet_is_forty_characters_either_way_and_whole(tmp_path: Path) -> None:
    shards = {"x": [document("x", "长文", "𠮷" * 100 + "甲乙丙" + "𠮷" * 100)]}
    hit = ask(lay(tmp_path, shards), "甲乙丙")[0]["hits"][0]
    assert hit["snippet"] == "𠮷" * 20 + "甲乙丙" + "𠮷" * 20
    assert hit["marks"] == [[40, 43]]


def test_a_document_found_by_its_title_shows_its_beginning(folder: Path) -> None:
    hit = ask(folder, "山水管理办法")[0]["hits"][0]
    assert hit["snippet"].startswith("第一条 提到公积金")
    assert (hit["marks"], hit["article"]) == ([], "")
    bare = ask(folder, ("公积金", {"snippets": False}))[0]["hits"][0]
    assert (bare["snippet"], bare["marks"]) == ("", [])


def test_facets_count_what_the_other_filters_leave(folder: Path) -> None:
    plain, one, two = ask(
        folder,
        "公积金",
        ("公积金", {"filters": {"kind": "政策解读"}}),
        ("公积金", {"filters": {"year": "2024", "validity": "已废止"}}),
    )
    assert plain["facets"]["kind"] == {"政策文件": 4, "政策解读": 1}
    assert plain["facets"]["topic"] == {"城乡建设": 1}
    assert slugs(one) == "e"
    assert one["facets"]["kind"] == plain["facets"]["kind"]
    assert one["facets"]["year"] == {"2024": 1}
    assert slugs(two) == "c"


def test_pages_of_results_neither_overlap_nor_miss(folder: Path) -> None:
    pages = ask(folder, *(("公积金", {"limit": 2, "offset": n}) for n in (0, 2, 4, 6)))
    assert "".join(map(slugs, pages)) == "aebdc"
    assert {page["total"] for page in pages} == {5}


def test_a_shard_that_fails_is_named_and_the_rest_answers(folder: Path) -> None:
    """One shard is absent, one is no JSON."""
    (folder / "search/2023-0.json").unlink()
    whole, half = ask(folder, "公积金", '"不存在的文字"')
    assert (slugs(whole), whole["partial"], whole["exact"]) == ("abc", True, False)
    assert whole["missing"] == half["missing"] == ["2023-0.json"]
    (folder / "search/2024-0.json").write_text("{")
    assert ask(folder, "公积金")[0]["missing"] == ["2024-0.json", "2023-0.json"]


def test_a_whole_index_is_neither_partial_nor_inexact(folder: Path) -> None:
    (found,) = ask(folder, '"公积金"')
    assert (found["total"], found["partial"], found["exact"], found["missing"]) == (5, False, True, [])


def test_odd_questions_are_answered(folder: Path) -> None:
    queries = [
        "",
        " ",
        "-",
        "--",
        '"',
        '""',
        "“",
        "\ud800",
        "公\udc00积",
        "\x00\x07\x1b",
        "()[]{}^$.*+?\\",
        None,
        7,
        {},
    ]
    options = [None, {}, {"filters": None}, {"limit": -1, "offset": "x"}, {"filters": {"__proto__": 1, "kind": 3}}]
    found = ask(folder, *((q, o) for q in queries for o in options), *(("公积金", o) for o in options))
    assert all(isinstance(f["total"], int) and len(f["hits"]) <= f["total"] for f in found)
    assert [f["total"] for f in ask(folder, "", "-", '""', None, {})] == [0] * 5


def test_a_query_is_cut_at_a_thousand_characters(tmp_path: Path) -> None:
    folder = lay(tmp_path, {"x": [document("x", "长", "公" * 1000)]})
    long, short = ask(folder, "公" * 10_000, "公" * 999 + "金")
    assert (long["total"], short["total"]) == (1, 0)


def test_an_odd_document_is_searched_as_far_as_it_goes(tmp_path: Path) -> None:
    """Values that are missing or no strings, a field named as a part of every object."""
    odd = {"url": "/o/", "title": 5, "text": "公积金", "kind": "__proto__"}
    (found,) = ask(lay(tmp_path, {"x": [odd]}), "公积金")
    assert found["total"] == 1
    assert found["hits"][0]["number"] == ""


def _normal(text: str) -> str:
    """The contract's normal form, written apart from search.js."""
    folded = unicodedata.normalize("NFKC", text)
    return "".join(c for c in folded if not c.isspace() and c not in "\u200b\u200c\u200d\u2060\ufeff").casefold()


def test_totals_of_quoted_phrases_are_those_of_an_oracle(tmp_path: Path) -> None:
    """400 phrases cut anywhere out of 40 texts of a small alphabet, half of them altered."""
    chance = random.Random(20180727)
    alphabet = "公积金管理办法第一二三条，。〔〕（）ＡaΣς①㎡\n\u3000\u200b𠮷"
    texts = ["".join(chance.choices(alphabet, k=60)) for _ in range(40)]
    documents = [document(f"d{n}", f"题{n}", text) for n, text in enumerate(texts)]
    phrases = []
    for number in range(400):
        start, length = chance.randrange(50), chance.randrange(1, 7)
        phrase = chance.choice(texts)[start : start + length]
        phrases.append(phrase if number % 2 else phrase[::-1] + chance.choice(alphabet))
    phrases = [phrase for phrase in phrases if _normal(phrase)]
    found = ask(lay(tmp_path, {"x": documents[:20], "y": documents[20:]}), *(f'"{p}"' for p in phrases))
    wanted = [sum(any(_normal(p) in _normal(d[f]) for f in ("title", "text")) for d in documents) for p in phrases]
    assert [f["total"] for f in found] == wanted


def show(folder: Path, query: str) -> str:
    """The search page after its script ran, under the site's Content-Security-Policy."""
    browser = shutil.which("chromium") or shutil.which("chromium-browser")
    if not browser:
        assert os.environ.get("CI") != "true", "a browser is required here"
        pytest.skip("chromium is absent: browser tests are skipped")
    (folder / "static").mkdir(exist_ok=True)
    for name in ("search-page.js", "style.css"):
        shutil.copyfile(STATIC / name, folder / "static" / name)
    shutil.copyfile(STATIC / "search.js", folder / "search/search.js")
    page = full("search") | {"query": "", "results": None, "path_url": "/search/"}
    text = environment(STATIC.parent).get_template("search.html").render(page=page, body=Markup(""))
    (folder / "search/index.html").write_text(text)
    command = [browser, "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    command += ["--no-first-run", "--disable-sync", "--disable-component-update", f"--user-data-dir={folder / 'user'}"]
    with served(folder) as address:
        command += ["--virtual-time-budget=5000", "--dump-dom", f"{address}/search/?{query}"]
        return subprocess.run(command, capture_output=True, text=True, check=True, timeout=120).stdout


@pytest.mark.slow
def test_a_hostile_document_stays_text_in_the_page(tmp_path: Path) -> None:
    attack = "<img src=x onerror=\"document.title='taken'\">公积金"
    shown = show(lay(tmp_path, {"x": [document("x", attack, attack, issuer=attack)]}), "q=%E5%85%AC%E7%A7%AF%E9%87%91")
    assert "找到 1 条" in shown
    assert "<mark>公积金</mark>" in shown
    assert "<img" not in shown
    assert "taken</title>" not in shown


@pytest.mark.slow
def test_the_page_says_in_words_that_a_part_is_missing(folder: Path) -> None:
    (folder / "search/2023-0.json").unlink()
    shown = show(folder, "q=%E5%85%AC%E7%A7%AF%E9%87%91")
    assert "找到 3 条。索引中有 1 个部分没有载入" in shown


@pytest.mark.slow
def test_a_filter_of_the_address_is_pressed_and_can_be_taken_back(folder: Path) -> None:
    shown = show(folder, "q=%E5%85%AC%E7%A7%AF%E9%87%91&validity=%E5%B7%B2%E5%BA%9F%E6%AD%A2&year=1999")
    assert "没有找到“公积金”。" in shown
    assert 'aria-pressed="true" data-facet="validity=已废止"' in shown
    assert 'aria-pressed="true" data-facet="year=1999"' in shown


@pytest.mark.slow
def test_the_page_without_an_index_says_so(folder: Path) -> None:
    (folder / "search/index.json").unlink()
    assert "检索暂时不能使用" in show(folder, "q=%E5%85%AC%E7%A7%AF%E9%87%91")
