"""search.js in Node on a small index, against golden answers; inflate.js against zlib; the page in a browser."""

from __future__ import annotations

import base64
import json
import os
import random
import shutil
import subprocess
import zlib
from pathlib import Path
from typing import Any

import pytest
from markupsafe import Markup

from benchmarks.search_browser import browsing, opened
from benchmarks.statics import serve
from plugins.formats.page import environment, hashes
from plugins.search.fold import fold
from tests.search.laid import (
    FILES,
    OLD,
    SCRIPT,
    STATIC,
    ask,
    ask_all,
    document,
    files,
    lay,
    node,
    served,
    slugs,
    unpacked,
)
from tests.theme.views import full

SPARE = """第一条 为加强住房公积
金管理，制定本办法。
第二条 依据试政发〔2020〕1号文件，开展“互联网+政务服务”工作。
第三条 𠮷祥街道办事处负责ＡＢＣ-12系统和零\u200b宽\u3000字符。
第三条的规定不适用于公积金贷款。"""
OLDER, NEWER = {"published": "2023-05-01 09:00", "year": "2023"}, {"published": "2024-06-01 09:00"}
DOCUMENTS = [
    document("a", "住房公积金管理办法", SPARE, number="试政发〔2024〕9号", topic="城乡建设"),
    document("b", "山水管理办法", "第一条 提到公积金、公积金和公积金，也提到山水。"),
    document("c", "旧的办法", "第一条 只提到一次公积金。", validity="已废止", **NEWER),
    document("d", "另一个办法", "第一条 只提到一次公积金。", **OLDER),
    document("e", "《住房公积金管理办法》解读", "一、背景。", kind="政策解读", validity=""),
    document("g", "对试政发〔2024〕9号文件的说明", "正文。"),
    document("f", "关于开展“互联网+政务服务”工作的通知", "正文。", number="试政发〔2023〕2号"),
]
ALL = {"limit": 1000, "snippets": False}
UNSEEN = "\u200b" * 9
LONG = "".join(f"第{n}条 这是第{n}条的内容，没有别的。\n" for n in range(1, 400))
"""Some blocks of text."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return lay(tmp_path, DOCUMENTS)


def test_ranking_is_full_title_or_number_then_force_then_worth_then_date(folder: Path) -> None:
    """b has the word three times in its text and d once, c is the newest and repealed."""
    title, number, part, text, newest = ask(
        folder, "住房公积金管理办法", "试政发〔2024〕9号", "管理办法", "公积金", ("公积金", {"sort": "date"})
    )
    assert slugs(title) == "ae"
    assert slugs(number) == "ag"
    assert slugs(part) == "abe"
    assert slugs(text) == "aebdc"
    assert slugs(newest) == "cabed"
    assert slugs(ask(folder, "试政发")[0]) == "afg"


def test_a_title_typed_in_full_stands_first_though_repealed_and_whatever_its_brackets_and_spaces(
    tmp_path: Path,
) -> None:
    """Both x and y say it more often than z, whose title it is."""
    laid = [
        document("x", "试行办法（二）的说明试行办法（二）", "试行办法（二）" * 9, **NEWER),
        document("y", "试行办法（二）的通知", "试行办法（二）" * 9),
        document("z", "试行办法（二）", "正文。", validity="已失效", **OLDER),
    ]
    queries = ["试行办法（二）", "试行办法(二)", "试行 办法 〔二〕", '"试行办法（二）"', "试行\u200b办法［二］"]
    assert [slugs(found)[0] for found in ask(lay(tmp_path, laid), *queries)] == ["z"] * 5


def test_documents_in_force_stand_before_all_that_have_ended_whatever_they_are_worth(tmp_path: Path) -> None:
    ended = ["已废止", "已被代替", "已失效"]
    laid = [document(str(n), "公积金公积金", "公积金" * 50, validity=state, **NEWER) for n, state in enumerate(ended)]
    laid += [document("9", "题", "只提到一次公积金。" + "别的内容。" * 900, **OLDER)]
    laid += [document("8", "题", "只提到一次公积金。", validity="部分失效", **OLDER)]
    assert slugs(ask(lay(tmp_path, laid), "公积金")[0])[:2] in {"98", "89"}


def test_a_rarer_word_is_worth_more(tmp_path: Path) -> None:
    """All hold both words; x names the one that stands in 20 more in its title, y the other; x is newer."""
    laid = [document(f"n{n}", "题", "甲乙丙。") for n in range(20)]
    laid += [document("x", "甲乙丙", "子丑寅。", **NEWER), document("y", "子丑寅", "甲乙丙。", **OLDER)]
    assert slugs(ask(lay(tmp_path, laid), "甲乙 丑寅")[0]) == "yx"


def test_of_what_is_worth_the_same_the_newer_stands_first(tmp_path: Path) -> None:
    days = ["2024-03-01 09:00", "2024-01-01 09:00", "2024-03-01 10:00", "2023-12-31 09:00"]
    laid = [document(name, "题", "公积金。", published=day) for name, day in zip("abcd", days, strict=True)]
    assert slugs(ask(lay(tmp_path, laid), "公积金")[0]) == "cabd"


def test_a_phrase_crosses_borders_of_blocks_but_not_of_fields(folder: Path) -> None:
    crossing, fields = ask(folder, '"住房公积金管理，制定本办法。第二条"', '"管理办法第一条"')
    assert slugs(crossing) == "a"
    assert fields["total"] == 0


def test_a_phrase_is_found_however_little_of_a_block_is_compared(tmp_path: Path) -> None:
    """A title that is longer than its text, which is cut by the size of both; a text of characters that nobody sees."""
    laid = [document("title", "办法" * 9_000, "公积金"), document("unseen", "办法", "公" + UNSEEN * 900 + "积金")]
    assert [slugs(one) for one in ask(lay(tmp_path, laid), '"公积金"', "公积金 -修缮")] == ["titleunseen"] * 2


def test_a_phrase_that_folding_made_longer_than_a_block_is_found(tmp_path: Path) -> None:
    """㍿ folds to four characters: 1,000 typed ones lie in up to five blocks, wherever they begin."""
    phrase = f"头{'㍿' * 600}尾"
    texts = ["前" * before + phrase.replace("㍿", f"㍿{UNSEEN}") + "后" * 3_000 for before in range(0, 1_500, 50)]
    laid = [document(f"d{n}", "办法", text) for n, text in enumerate(texts)]
    (found,) = ask(lay(tmp_path, laid), (f'"{phrase}"', ALL))
    assert (found["total"], found["exact"]) == (len(laid), True)


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


def test_brackets_alone_and_between_words_are_one_unless_quoted(folder: Path) -> None:
    """Pieces between brackets may stand in one document and not in this order."""
    any_shape, quoted, empty, order, inside = ask(folder, "〔", '"【"', "()", "2024)试政发(9号", "政发(2024)9号文")
    assert slugs(any_shape) == "afg"
    assert quoted["total"] == empty["total"] == order["total"] == 0
    assert slugs(inside) == "g"


def test_what_is_excluded_is_looked_into_where_a_list_is_not_sure(tmp_path: Path) -> None:
    """Fifty hold both halves of the excluded phrase, apart or in other brackets; half of them hold it itself."""
    apart, whole = "子丑寅卯辰巳午未申酉、丑寅卯辰巳午未申酉戌亥。", "子丑寅卯辰巳午未申酉戌亥。"
    laid = [document(f"{'w' if n % 2 else 'a'}{n}", "题", "公积金。" + (whole if n % 2 else apart)) for n in range(50)]
    laid += [
        document("h", "题", "公积金가나。"),
        document("i", "题", "公积金【2024】。"),
        document("j", "题", "公积金2024。"),
    ]
    phrase, quoted, hangul, bracket, exact = ask(
        lay(tmp_path, laid),
        *(
            (f"公积金 -{w}", ALL)
            for w in ("子丑寅卯辰巳午未申酉戌亥", '"子丑寅卯辰巳午未申酉戌亥"', "가나", "〔2024〕", '"〔2024〕"')
        ),
    )
    assert slugs(phrase) == slugs(quoted)
    assert phrase["total"] == 28
    assert not any(hit["url"].startswith("/policies/2024/w") for hit in phrase["hits"])
    assert "h" not in slugs(hangul)
    assert hangul["total"] == bracket["total"] == 52
    assert "i" not in slugs(bracket)
    assert exact["total"] == 53


def test_snippets_show_their_marks_and_name_article_and_anchor(folder: Path) -> None:
    """The hits stand across a line border, in a second article, and after 第三条的, which begins none."""
    crossing, second, late = ask(folder, "住房公积金管理，", '"互联网+"', '"公积金贷款"')
    hit = crossing["hits"][0]
    (start, end), *_ = hit["marks"]
    assert hit["snippet"][start:end] == "住房公积 金管理，"
    assert (hit["article"], hit["anchor"]) == ("第一条", "art-1")
    one = next(h for h in second["hits"] if slugs({"hits": [h]}) == "a")
    assert (one["article"], one["anchor"]) == ("第二条", "art-2")
    assert (late["hits"][0]["article"], late["hits"][0]["anchor"]) == ("第三条", "art-3")


def test_a_hit_in_a_later_block_names_the_article_that_began_before_it(tmp_path: Path) -> None:
    """Both parts of a phrase stand in an earlier block than the phrase."""
    text = LONG + "第五百条 开头。\n" + "没有别的内容。\n" * 1200 + "最后提到公积金。"
    folder = lay(tmp_path, [document("x", "题", text)])
    assert len(list((folder / "search/text").iterdir())) >= 3
    hit = ask(folder, "公积金")[0]["hits"][0]
    assert (hit["article"], hit["anchor"]) == ("第五百条", "art-500")
    assert hit["snippet"].endswith("最后提到公积金。")
    early, number = ask(folder, "第37条的内容", "第399条的内容")
    assert "第37条的内容" in early["hits"][0]["snippet"]
    assert "第399条的内容" in number["hits"][0]["snippet"]


def test_a_snippet_is_forty_characters_either_way_and_whole(tmp_path: Path) -> None:
    laid = [document("x", "长文", "𠮷" * 100 + "甲乙丙" + "𠮷" * 100)]
    hit = ask(lay(tmp_path, laid), "甲乙丙")[0]["hits"][0]
    assert hit["snippet"] == "𠮷" * 20 + "甲乙丙" + "𠮷" * 20
    assert hit["marks"] == [[40, 43]]


def test_a_document_found_by_its_title_shows_its_beginning(folder: Path) -> None:
    hit = ask(folder, "山水管理办法")[0]["hits"][0]
    assert hit["snippet"].startswith("第一条 提到公积金")
    assert (hit["marks"], hit["article"], hit["anchor"]) == ([], "", "")
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


def test_hundreds_of_values_of_a_facet_are_told_apart(tmp_path: Path) -> None:
    """In a column they are characters from # on: a backslash and what GBK lacks are among these."""
    issuers = [f"第{n:03}局" for n in range(400)]
    documents = [document(f"d{n}", "公积金", issuer=issuer) for n, issuer in enumerate(issuers)]
    [found] = ask(lay(tmp_path, documents), ("公积金", {"limit": 400}))
    assert found["facets"]["issuer"] == dict.fromkeys(issuers, 1)
    assert {hit["url"]: hit["issuer"] for hit in found["hits"]} == {one["url"]: one["issuer"] for one in documents}


def test_a_range_of_days_holds_its_ends_and_narrows_facets(folder: Path) -> None:
    ranges: list[tuple[dict[str, Any], str]] = [
        ({"since": "2024-05-01"}, "aebc"),
        ({"since": "2024-05-02"}, "c"),
        ({"until": "2024-05-01"}, "aebd"),
        ({"until": "2024-04-30"}, "d"),
        ({"since": "2023-05-01", "until": "2023-05-01"}, "d"),
        ({"since": "2024-05-01", "until": "2024-05-31", "kind": "政策文件"}, "ab"),
        ({"since": "2025-01-01"}, ""),
        ({"since": "2024-05-02", "until": "2024-05-01"}, ""),
    ]
    found = ask(folder, *(("公积金", {"filters": chosen}) for chosen, _ in ranges))
    assert [slugs(one) for one in found] == [wanted for _, wanted in ranges]
    assert found[0]["facets"]["year"] == {"2024": 4}
    assert found[3]["facets"]["kind"] == {"政策文件": 1}


def test_pages_of_results_neither_overlap_nor_miss(folder: Path) -> None:
    pages = ask(folder, *(("公积金", {"limit": 2, "offset": n}) for n in (0, 2, 4, 6)))
    assert "".join(map(slugs, pages)) == "aebdc"
    assert {page["total"] for page in pages} == {5}


def test_a_query_that_hits_every_document_counts_and_lists_them_all(tmp_path: Path) -> None:
    kinds = ["政策文件", "政策解读", "constructor"]
    laid = [document(f"n{n}", "办法", f"第一条 第{n}件。", kind=kinds[n % 3]) for n in range(300)]
    first, whole, unquoted = ask(lay(tmp_path, laid), "第一条", ('"第一条"', ALL), ("办", {"limit": 1000}))
    assert (first["total"], len(first["hits"])) == (300, 10)
    assert first["facets"]["kind"] == dict.fromkeys(kinds, 100)
    for found in (whole, unquoted):
        assert {hit["url"] for hit in found["hits"]} == {one["url"] for one in laid}
        assert found["exact"] is True


def test_results_of_a_sure_word_without_snippets_need_no_text(folder: Path) -> None:
    shutil.rmtree(folder / "search/text")
    (found,) = ask(folder, ("公积", ALL))
    assert slugs(found) == "aebdc"
    assert (found["exact"], found["missing"]) == (True, [])
    first = found["hits"][0]
    assert (first["title"], first["number"], first["published"]) == (
        "住房公积金管理办法",
        "试政发〔2024〕9号",
        "2024-05-01 09:00",
    )
    assert (first["issuer"], first["kind"], first["validity"]) == ("试验县人民政府", "政策文件", "现行有效")


def test_a_word_in_most_documents_that_hold_its_parts_needs_no_text(tmp_path: Path) -> None:
    """Each word stands in 5 of 64 documents, of which 12 would be looked into; the parts of the third in one more.

    Those of the last stand in three more: too many.
    """
    whole = [document(f"w{n}", "办法", f"修缮资金库。甲乙丙{n}丁戊己") for n in range(5)]
    parts = [document(f"p{n}", "办法", "丁戊，戊己。" + "甲乙，乙丙。" * (not n)) for n in range(3)]
    rest = [document(f"r{n}", "办法", f"这是第{n}份，没有别的。") for n in range(56)]
    folder = lay(tmp_path, [*whole, *parts, *rest])
    asked = [(f'"{word}"', ALL) for word in ("修缮资", "缮资金库", "甲乙丙", "丁戊己")]
    found = ask(folder, *asked)
    assert [(one["total"], one["exact"]) for one in found] == [(5, True)] * 4
    shutil.rmtree(folder / "search/text")
    *sure, last = ask(folder, *asked)
    assert sure == found[:3]
    assert (last["total"], last["exact"]) == (8, False)


EVERY = "".join(map(chr, [*range(0x20, 0xD800), *range(0xE000, 0x10000)])) + "𠮷😀"
"""Every character of the first plane, and two beyond."""
TITLES = """(async () => {
  const {open} = await import(new URL("search/search.js", location.origin).href);
  return (await (await open("/search/")).search("公积金", {snippets: false})).hits.map((hit) => hit.title);
})()"""


def test_what_gbk_lacks_is_shown_as_it_was_written(tmp_path: Path) -> None:
    (found,) = ask(lay(tmp_path, [document("x", EVERY, "公积金")]), ("公积金", ALL))
    assert [hit["title"] for hit in found["hits"]] == [EVERY]


@pytest.mark.slow
def test_a_browser_reads_gbk_as_the_index_writes_it(tmp_path: Path) -> None:
    folder = lay(tmp_path / "site", [document("x", EVERY, "公积金")])
    show(folder, "")
    with served(folder) as address, browsing(tmp_path) as browser, opened(browser, f"{address}/search/") as page:
        assert page.ask(TITLES) == [EVERY]


EARLY = """
let told = [];
const read = globalThis.fetch;
globalThis.fetch = (address) => told.length || !address.href.includes("/text/") ? read(address) : new Promise(() => {});
const {open} = await import(process.argv[1]);
const out = [];
for (const [base, asked] of JSON.parse(await new Response(process.stdin).text())) {
  for (const [query, options] of asked) {
    told = [];
    const {hits, ...rest} = await (await open(base)).search(query, {...options, told: (answer) => told.push(answer)});
    out.push({hits, rest, told});
  }
}
console.log(JSON.stringify(out));
"""
"""What asks for a text before the answer was told waits for ever."""


def test_the_answer_is_told_once_and_before_any_text_has_come(folder: Path) -> None:
    """Words whose lists are sure, with a filter, and one that stands nowhere: hits come only after the answer."""
    asked = [("公积", {}), ("公积", {"filters": {"validity": "现行有效"}, "limit": 2}), ("龘龘", {})]
    first, filtered, nothing = ask(folder, *asked, script=EARLY)
    for found, total, hits in ((first, 5, 5), (filtered, 3, 2), (nothing, 0, 0)):
        (told,) = found["told"]
        assert told == found["rest"]
        assert (told["total"], len(found["hits"])) == (total, hits)
    assert filtered["rest"]["facets"]["validity"] == {"现行有效": 3, "已废止": 1}


def test_what_fails_after_the_answer_was_told_is_in_the_last_word(folder: Path) -> None:
    harmed(folder / "search/text/0-0.bin", None)
    (found,) = ask(folder, "公积", script=EARLY)
    (told,) = found["told"]
    assert (told["exact"], told["missing"]) == (True, [])
    assert is_named(found["rest"], "text/0-0.bin")


def is_named(found: dict[str, Any], *paths: str) -> bool:
    """Whether the answer is partial and names each of these files below search/, and nothing else."""
    left = [text for text in found["missing"] if not text.endswith(paths)]
    told = all(any(text.endswith(path) for text in found["missing"]) for path in paths)
    return told and not left and found["partial"] is True and found["exact"] is False


@pytest.fixture
def many(tmp_path: Path) -> Path:
    """Sixty documents in a segment of some buckets, four newest in one of their own."""
    laid = [document(f"n{n}", f"第{n}号办法", f"公积金{'甲乙' * (n % 2)}。" + "别的内容。" * 60) for n in range(64)]
    for number, one in enumerate(laid):
        one["published"] = f"2024-05-01 {number // 60:02d}:{number % 60:02d}"
        one["text"] += "".join(chr(0x4E00 + 97 * number + 5 * n) for n in range(200))
    folder = lay(tmp_path, laid)
    assert len(list((folder / "search/grams/0").iterdir())) >= 4
    return folder


def harmed(file: Path, share: float | None) -> None:
    """Takes a file away, or all but a share of it; other names of it keep what they have."""
    data = file.read_bytes()
    file.unlink()
    if share is not None:
        file.write_bytes(data[: int(len(data) * share)])


broken = pytest.mark.parametrize("share", [None, 0, 0.34], ids=["missing", "empty", "torn"])


@broken
def test_a_bucket_that_fails_is_named_and_what_it_leaves_is_a_part(share: float | None, many: Path) -> None:
    """Each bucket in turn: an answer is the whole one, or says that it is not and names the bucket."""
    queries = ["公积金", '"公积金甲乙"', "第7号办法", "别的", '"不存在的文字"', "公积金 -甲乙"]
    asked = [(query, ALL) for query in queries]
    whole = ask(many, *asked)
    assert [found["total"] for found in whole] == [64, 32, 1, 64, 0, 32]
    buckets = sorted(str(path.relative_to(many / "search")) for path in (many / "search/grams").rglob("*.bin"))
    for number, bucket in enumerate(buckets):
        shutil.copytree(many / "search", many / f"{number}/search", copy_function=os.link)
        harmed(many / f"{number}/search" / bucket, share)
    answers = ask_all(many, {str(number): asked for number in range(len(buckets))})
    partial = 0
    for number, found in enumerate(answers):
        right = whole[number % len(queries)]
        lost = is_named(found, buckets[number // len(queries)])
        same = (slugs(found), found["total"], found["facets"]) == (slugs(right), right["total"], right["facets"])
        assert lost or (same and found["exact"] and not found["partial"] and found["missing"] == [])
        partial += lost
    assert partial >= 6


@broken
def test_a_text_block_that_fails_is_named_and_its_document_still_shown(share: float | None, folder: Path) -> None:
    """The block of b, third of seven by age and address; its facts stand in the records too."""
    hit = next(path for path in (folder / "search/text").iterdir() if b"/b/" in zlib.decompress(path.read_bytes(), -15))
    harmed(hit, share)
    (found,) = ask(folder, "公积金")
    assert is_named(found, f"text/{hit.name}")
    assert slugs(found) == "aebdc"
    assert (found["hits"][2]["title"], found["hits"][2]["snippet"]) == ("山水管理办法", "")


@broken
def test_records_that_fail_are_named_and_what_is_lost_is_counted(share: float | None, folder: Path) -> None:
    harmed(folder / "search/records/0.bin", share)
    shown, bare = ask(folder, "公积", ("公积", ALL))
    assert (slugs(shown), shown["exact"]) == ("aebdc", True)
    assert is_named(bare, "records/0.bin")
    assert bare["total"] == 5


@broken
@pytest.mark.parametrize("name", ["index.json", "columns.bin"])
def test_an_index_without_head_or_columns_is_refused(share: float | None, name: str, folder: Path) -> None:
    harmed(folder / "search" / name, share)
    script = SCRIPT.replace("await open(base)", "await open(base).catch(() => ({search: () => 'refused'}))")
    assert ask(folder, "公积金", script=script) == ["refused"]


def test_a_file_that_failed_is_read_again_by_the_next_search(folder: Path) -> None:
    bucket = folder / "search/grams/0/0.bin"
    shutil.move(bucket, folder / "spare")
    script = SCRIPT.replace(
        "for (const [query, options] of asked)",
        f"""const {{rename}} = await import("node:fs/promises");
  out.push(await site.search("公积"));
  await rename({str(folder / "spare")!r}, {str(bucket)!r});
  for (const [query, options] of asked)""",
    )
    first, second = ask(folder, "公积", script=script)
    assert is_named(first, "grams/0/0.bin")
    assert (slugs(second), second["exact"], second["missing"]) == ("aebdc", True, [])


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
        "。，；：、",
    ]
    queries += [
        "！？…—·《》“”",
        "-()",
        "-。",
        "公" * 10_000,
        "(" * 10_000,
        "- " * 5_000,
        "<b>",
        "__proto__",
        "𠮷",
        "\ufeff",
    ]
    wild: list[Any] = [*queries, None, 7, {}, [], True]
    options = [None, {}, {"filters": None}, {"limit": -1, "offset": "x"}, {"filters": {"__proto__": 1, "kind": 3}}]
    options += [{"filters": {"since": "never", "until": 7}}, {"sort": "x", "limit": 1e9, "snippets": None}]
    found = ask(folder, *((q, o) for q in wild for o in options), *(("公积金", o) for o in options))
    assert all(isinstance(f["total"], int) and len(f["hits"]) <= f["total"] for f in found)
    assert all(f["exact"] and f["missing"] == [] for f in found)
    assert [f["total"] for f in ask(folder, "", "-", '""', None, {}, "\x00\x07\x1b", "\ufeff")] == [0] * 7


def test_punctuation_and_control_characters_alone_find_what_holds_them_or_nothing(folder: Path) -> None:
    comma, both, pair, half, control = ask(folder, "，", "，。", "》解", "\ud842", "\x07公\x00积\x1b金\x7f")
    assert slugs(comma) == "ab"
    assert both["total"] == 0
    assert slugs(pair) == "e"
    assert half["total"] in {0, 1}
    assert slugs(control) == "aebdc"


def test_a_bracket_alone_is_any_of_its_shapes_and_needs_no_text(tmp_path: Path) -> None:
    """Eight brackets in fifty documents each, more than are looked into; the texts are not there."""
    shapes = "(〔[【)〕]】"
    laid = [document(f"{n}-{copy}", "题", f"甲{one}乙") for n, one in enumerate(shapes) for copy in range(50)]
    shutil.rmtree(lay(tmp_path, laid) / "search/text")
    found = ask(tmp_path, *((one, ALL) for one in "([【（）〕"), ('"〔"', ALL))
    assert [one["total"] for one in found] == [200] * 6 + [50]
    opening = {hit["url"] for hit in found[0]["hits"]}
    assert opening == {one["url"] for one in laid if any(c in one["text"] for c in "(〔[【")}
    assert all(one["exact"] and one["missing"] == [] for one in found)


def test_a_phrase_with_brackets_needs_no_text_unless_quoted(tmp_path: Path) -> None:
    """Four shapes in fifty documents each, more than are looked into; the texts are not there."""
    laid = [document(f"{n}-{copy}", "题", f"依{one}号") for n, one in enumerate(NUMBERS) for copy in range(50)]
    shutil.rmtree(lay(tmp_path, laid) / "search/text")
    found = ask(tmp_path, *((one, ALL) for one in NUMBERS), ("依(2024)号", ALL))
    assert [(one["total"], one["exact"], one["missing"]) for one in found] == [(200, True, [])] * 5
    (quoted,) = ask(tmp_path, (f'"{NUMBERS[0]}"', ALL))
    assert (quoted["total"], quoted["exact"], len(quoted["missing"])) == (200, False, 200)


NUMBERS = ("〔2024〕", "[2024]", "【2024】", "（2024）")
CROWD = """
const {open} = await import(process.argv[1]);
const [[base, [[query, options]]]] = JSON.parse(await new Response(process.stdin).text());
const read = fetch;
let now = 0, most = 0;
globalThis.fetch = async (address) => {
  most = Math.max(most, ++now);
  try { return await read(address); } finally { now--; }
};
const {total, exact} = await (await open(base)).search(query, options);
console.log(JSON.stringify([{total, exact, most}]));
"""


def test_no_search_asks_for_more_files_at_once_than_a_host_takes(tmp_path: Path) -> None:
    laid = [document(f"n{n}", "题", f"依{NUMBERS[n % 4]}号") for n in range(400)]
    (found,) = ask(lay(tmp_path, laid), ('"[2024]号"', {"limit": 0}), script=CROWD)
    assert (found["total"], found["exact"]) == (100, True)
    assert 8 < found["most"] <= 64


WHOLE = """
const {open} = await import(process.argv[1]);
const [base, queries] = JSON.parse(await new Response(process.stdin).text());
const asked = [], read = fetch;
globalThis.fetch = (address) => { asked.push(new URL(address).pathname); return read(address); };
const found = [];
for (const query of queries) {
  const site = await open(base);
  asked.length = 0;
  const {total, exact} = await site.search(query, {snippets: false});
  found.push({total, exact, texts: asked.filter((path) => !/grams|records|index.json/.test(path)).sort()});
}
console.log(JSON.stringify(found));
"""


def test_many_later_blocks_are_looked_into_at_the_address_of_the_document(tmp_path: Path) -> None:
    """The first block holds both halves, the last one the phrase; the title is no part of the text."""
    first, last = "子丑寅卯〔一二。丑寅卯辰甲。", "子丑寅卯辰。"
    text = first + "别的内容。\n" * 2_000 + last
    folder = lay(
        tmp_path, [document("x", "办法（", "一二" + text), document("y", "题", "一二" + text.removesuffix(last))]
    )
    for slug, found in (("x", text), ("y", text.removesuffix(last))):
        place = folder / f"policies/2024/{slug}"
        place.mkdir(parents=True)
        title = "办法（" if slug == "x" else "题"
        (place / "index.txt").write_text(f"{title}\n\n一二{found}\n", encoding="utf-8")
    assert len(list((folder / "search/text").iterdir())) >= 8
    with served(folder) as address:
        given = [f"{address}/search/", ["子丑寅卯辰", '"（一二"']]
        phrase, quoted = node(WHOLE, given=given)
    assert (phrase["total"], phrase["exact"]) == (1, True)
    own = [f"/policies/2024/{slug}/index.txt" for slug in "xy"]
    assert phrase["texts"] == [*own, "/search/text/0-0.bin", "/search/text/1-0.bin"]
    assert (quoted["total"], quoted["exact"]) == (0, True)


PUBLISHED = """
const {open} = await import(process.argv[1]);
const {rename} = await import("node:fs/promises");
const [base, next, query] = JSON.parse(await new Response(process.stdin).text());
const site = await open(base);
const before = await site.search(query, {limit: 1});
await rename(new URL(base), new URL("gone", base.replace(/search.$/, "")));
await rename(new URL(next), new URL(base));
const told = [];
const after = await site.search(query, {told: ({total}) => told.push(total)});
console.log(JSON.stringify({before, after, told, again: await site.search(query), documents: site.index.documents}));
"""


def test_a_page_that_was_opened_before_a_publication_answers_of_the_new_index(tmp_path: Path) -> None:
    """Entries have other numbers by then, and the segment of the newest is another."""
    old = [document(f"n{n:02}", "旧办法", f"公积金{n}。", published=f"2024-05-{n + 1:02} 09:00") for n in range(20)]
    new = [document("first", "新办法", "公积金。", published="2023-01-01 09:00"), *old[5:]]
    lay(tmp_path / "old", old)
    lay(tmp_path / "new", new)
    base, then = ((tmp_path / name / "search").as_uri() + "/" for name in ("old", "new"))
    found = node(FILES + PUBLISHED, given=[base, then, "公积金"])
    assert found["before"]["total"] == 20
    assert (found["after"]["total"], found["told"][-1], found["documents"]) == (16, 16, 16)
    assert {hit["title"] for hit in found["after"]["hits"]} == {"旧办法"}
    assert not found["after"]["partial"]
    assert found["again"] == found["after"]


def test_an_index_of_another_format_is_refused(folder: Path) -> None:
    head = folder / "search/index.json"
    head.write_text(json.dumps(json.loads(head.read_text()) | {"format": 1}))
    script = SCRIPT.replace("await open(base)", "await open(base).catch((error) => ({search: () => error.message}))")
    assert ask(folder, "公积金", script=script) == ["index.json"]


ADDRESSES = """
const {open} = await import(process.argv[1]);
const [[base, [[query]]]] = JSON.parse(await new Response(process.stdin).text());
const read = fetch, asked = [];
globalThis.fetch = (address, {cache = ""} = {}) => {
  asked.push([address.pathname.split("/search/")[1], address.search, cache]);
  return read(address);
};
await (await open(base)).search(query);
console.log(JSON.stringify(asked));
"""


def test_what_a_browser_may_keep_has_a_stamp_in_its_address(folder: Path) -> None:
    head = json.loads((folder / "search/index.json").read_text())
    (segment,) = head["segments"]
    asked = ask(folder, "公积金", script=ADDRESSES)
    assert [one for one in asked if one[0] == "index.json"] == [["index.json", "", "no-cache"]] * 2
    kept = [one for one in asked if one[0] != "index.json"]
    assert {path.split("/")[0] for path, _, _ in kept} >= {"grams", "text", "columns.bin"}
    stamps = {"grams": segment["stamp"]}
    assert kept == [[path, f"?{stamps.get(path.split('/')[0], head['stamp'])}", ""] for path, _, _ in kept]


IDLE = """
let rounds = 0;
globalThis.requestIdleCallback = (act) => {
  const left = [50];
  rounds++;
  act({timeRemaining: () => left.pop() ?? 0});
};
const {open} = await import(process.argv[1]);
const [[base, asked]] = JSON.parse(await new Response(process.stdin).text());
const site = await open(base);
const found = [];
for (const [query, options] of asked) found.push(await site.search(query, options));
console.log(JSON.stringify([{rounds, found}]));
"""


def test_noise_that_is_read_while_nothing_is_asked_ends_and_changes_no_answer(folder: Path) -> None:
    for _ in range(5):
        (warmed,) = ask(folder, "公积金", '"管理办法"', script=IDLE)
        assert warmed == {"rounds": 8, "found": ask(folder, "公积金", '"管理办法"')}


def test_a_query_is_cut_at_a_thousand_characters(tmp_path: Path) -> None:
    folder = lay(tmp_path, [document("x", "长", "公" * 1000)])
    long, short = ask(folder, "公" * 10_000, "公" * 999 + "金")
    assert (long["total"], short["total"]) == (1, 0)


def test_markup_in_a_title_is_text_that_is_found_and_given_back(tmp_path: Path) -> None:
    """Values that are named as parts of every object too."""
    title = "<script>alert('x')</script> & </title> \"引用\""
    laid = [document("x", title, "constructor", kind="__proto__", issuer="toString")]
    markup, value = ask(lay(tmp_path, laid), "<script>alert('x')</script>", "constructor")
    assert markup["hits"][0]["title"] == title
    assert value["facets"]["issuer"] == {"toString": 1}
    assert value["hits"][0]["kind"] == "__proto__"


def test_long_phrases_that_many_hold_in_pieces_are_found_where_they_stand_whole(tmp_path: Path) -> None:
    """Of 150 documents all hold both ends of every phrase, in two pieces that overlap by 9 or 11; 50 hold it whole."""
    phrase = "为加强住房公积金管理维护所有者的合法权益促进城镇建设"
    laid = []
    for number in range(150):
        cut = 14 + number % 2
        pieces = [phrase] if number % 3 == 0 else [phrase[:cut] + "甲", "乙" + phrase[cut - 11 + 2 * (number % 2) :]]
        laid.append(document(f"d{number:03d}", "题", "，".join(pieces)))
    spans = [(s, s + n) for n in (11, 12, 13, 14, 20, 26) for s in range(0, len(phrase) - n + 1, 2)]
    asked = [phrase[start:end] for start, end in spans]
    found = ask(lay(tmp_path, laid), *((f'"{one}"', ALL) for one in asked))
    right = [{one["url"] for one in laid if text in one["text"]} for text in asked]
    assert [{hit["url"] for hit in one["hits"]} for one in found] == right
    assert [one["total"] for one in found] == [len(urls) for urls in right]
    assert all(one["exact"] for one in found)
    assert {50, 150} < {len(urls) for urls in right} | {0}


def test_characters_beyond_the_table_are_found_alone_and_in_words(tmp_path: Path) -> None:
    """Hangul, CJK extensions A and B, Yi, private use; with each the Chinese character of the same last 15 bits.

    The last 15 bits of 툀 are the number that stands for the end of a text.
    """
    rare = ["가", "힣", "툀", "㐀", "䶵", "𠀀", "𪛖", "ꀀ", "\ue000", "⺀", "ⵀ", "\uffee", "😀"]
    partners = [chr(0x4E00 + (ord(one[:1]) & 0x7FFF) % 0x5200) for one in rare]
    laid = [document(f"r{n}", f"说明{one}", f"甲{one}乙。{one}{one}") for n, one in enumerate(rare) for _ in "x"]
    laid += [document(f"p{n}", f"说明{one}", f"甲{one}乙。{one}{one}") for n, one in enumerate(partners)]
    laid += [document(f"m{n}", "题", "甲乙。" + "".join(rare[:n])) for n in range(60)]
    asked = [
        text.format(one)
        for one in rare + partners
        for text in ("{}", "甲{}", "{}乙", "甲{}乙", "明{}", "{0}{0}", "乙。{}")
    ]
    found = ask(lay(tmp_path, laid), *((f'"{text}"', ALL) for text in asked))
    right = [
        {one["url"] for one in laid if any(fold(text) in fold(one[f]) for f in ("title", "text"))} for text in asked
    ]
    told = [{hit["url"] for hit in one["hits"]} for one in found]
    assert [(text, got ^ due) for text, got, due in zip(asked, told, right, strict=True) if got != due] == []
    assert all(one["exact"] and one["missing"] == [] for one in found)


def test_without_a_decompression_stream_the_answers_are_the_same(folder: Path, many: Path) -> None:
    queries = ["公积金", '"公积金贷款"', "试政发(2024)9号", ("公积", ALL), "第7号办法", "𠮷祥"]
    for one in (folder, many):
        assert ask(one, *queries, script=OLD + SCRIPT) == ask(one, *queries)


INFLATE = """
const {inflate} = await import(new URL("./inflate.js", process.argv[1]));
const out = [];
for (const text of JSON.parse(await new Response(process.stdin).text())) {
  try { out.push(Buffer.from(inflate(Buffer.from(text, "base64"))).toString("base64")); }
  catch (error) { out.push(error.name); }
}
console.log(JSON.stringify(out));
"""


def inflated(packed: list[bytes]) -> list[bytes | str]:
    """What inflate.js makes of each; the name of the error where it makes nothing."""
    answers = node(INFLATE, given=[base64.b64encode(one).decode() for one in packed])
    return [one if one.endswith("Error") else base64.b64decode(one) for one in answers]


def deflated(data: bytes, level: int, strategy: int = zlib.Z_DEFAULT_STRATEGY) -> bytes:
    packer = zlib.compressobj(level, zlib.DEFLATED, -15, 9, strategy)
    return packer.compress(data) + packer.flush()


def test_inflate_gives_back_what_zlib_packed_at_any_level() -> None:
    """Nothing, one byte, runs, Chinese, all bytes, noise, matches of all lengths and distances; fixed codes too."""
    chance = random.Random(20180727)
    noise = chance.randbytes(70_000)
    whole = [b"", b"a", b"a" * 100_000, LONG.encode(), bytes(range(256)) * 3, noise]
    whole += [b"".join(noise[n : n + 2 + n % 300] for n in range(0, 40_000, 37)), noise[:32_768] * 2, noise[:258] * 9]
    packed = [deflated(one, level) for one in whole for level in (0, 1, 9)]
    packed += [
        deflated(one, 9, strategy) for one in whole for strategy in (zlib.Z_FIXED, zlib.Z_HUFFMAN_ONLY, zlib.Z_RLE)
    ]
    assert inflated(packed) == [one for one in whole for _ in range(3)] * 2


def test_inflate_refuses_torn_data_wherever_it_is_cut() -> None:
    for packed in (deflated(LONG[:900].encode(), 9), deflated(b"abc" * 9, 9, zlib.Z_FIXED), deflated(b"abcdef", 0)):
        assert inflated([packed[:size] for size in range(len(packed))]) == ["RangeError"] * len(packed)


def test_inflate_ends_whatever_the_bytes() -> None:
    """A kind of block that is none, a distance before the beginning, noise."""
    chance = random.Random(20180727)
    odd = [b"\x07", b"\x03\x02\x00", *(chance.randbytes(40) for _ in range(300))]
    answers = inflated(odd)
    assert answers[:2] == ["RangeError"] * 2
    for data, answer in zip(odd, answers, strict=True):
        try:
            right: bytes | None = zlib.decompressobj(-15).decompress(data)
        except zlib.error:
            right = None
        assert isinstance(answer, bytes) or answer == "RangeError"
        if isinstance(answer, bytes):
            assert answer == right


def test_every_file_of_the_index_is_inflated_as_zlib_inflates_it(many: Path) -> None:
    packed = [data for path, data in files(DOCUMENTS).items() if path.endswith(".bin") and "/grams/" not in path]
    assert inflated(packed) == [zlib.decompress(data, -15) for data in packed]


def show(folder: Path, query: str) -> str:
    """The search page after its script ran, under the site's Content-Security-Policy."""
    browser = shutil.which("chromium") or shutil.which("chromium-browser")
    if not browser:
        assert os.environ.get("CI") != "true", "a browser is required here"
        pytest.skip("chromium is absent: browser tests are skipped")
    (folder / "static").mkdir(exist_ok=True)
    for name in ("search-page.js", "choices.js", "style.css"):
        serve(STATIC / name, folder / "static" / name)
    for name in ("search.js", "inflate.js"):
        serve(STATIC / name, folder / "search" / name)
    page = full("search") | {"query": "", "results": None, "path_url": "/search/"}
    page |= hashes(STATIC.parent, page["css"], page["choices"]["url"], page["script"])
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
    laid = [document("x", attack, attack, issuer=attack)]
    shown = show(lay(tmp_path, laid), "q=%E5%85%AC%E7%A7%AF%E9%87%91")
    assert "找到 1 条" in shown
    assert "<mark>公积金</mark>" in shown
    assert "<img" not in shown
    assert "taken</title>" not in shown


@pytest.mark.slow
def test_the_page_says_in_words_that_a_part_is_missing(folder: Path) -> None:
    (folder / "search/text/0-0.bin").unlink()
    shown = show(folder, "q=%E5%85%AC%E7%A7%AF%E9%87%91")
    assert "找到 5 条。索引中有 1 个部分没有载入" in shown


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


def test_a_phrase_across_two_blocks_is_marked_and_has_its_article(tmp_path: Path) -> None:
    """A text of three blocks, without the end of any sentence; the phrase lies over the first border."""
    text = "第一条 " + "".join(chr(0x4E00 + 7 * n % 20_000) for n in range(6_000))
    (packed,) = lay(tmp_path / "try", [document("x", "长文", text)]).glob("search/text/0-1.bin")
    start = text.index(unpacked(packed.read_bytes())["text"][:20])
    phrase = text[start - 5 : start + 5]
    hit = ask(tmp_path / "try", f'"{phrase}"')[0]["hits"][0]
    ((first, end),) = hit["marks"]
    assert hit["snippet"][first:end] == phrase
    assert hit["article"] == "第一条"


WATCH = """new Promise((done) => {
  const [status, results, facets] = ["search-status", "search-results", "search-facets"].map(
    (id) => document.getElementById(id));
  const seen = [];
  new MutationObserver((records) => {
    seen.push({
      said: status.textContent,
      times: records.filter((one) => one.target === status).length,
      facets: facets.querySelectorAll("fieldset").length,
      drawn: results.querySelectorAll("ol > li").length,
    });
    if (seen.at(-1).drawn) done(seen);
  }).observe(document.body, {childList: true, characterData: true, subtree: true});
  document.getElementById("q").value = "公积金";
  document.getElementById("search-form").requestSubmit();
})"""


@pytest.mark.slow
def test_the_page_says_the_count_once_with_facets_and_before_the_results(folder: Path, tmp_path: Path) -> None:
    """Every change of the page from the submitted form until results stand in it."""
    show(folder, "")
    with served(folder) as address, browsing(tmp_path) as browser, opened(browser, f"{address}/search/") as page:
        first, *_, last = page.ask(WATCH)
    assert (first["said"], first["times"], first["drawn"]) == ("找到 5 条。", 1, 0)
    assert (last["said"], last["times"], last["drawn"]) == ("找到 5 条。", 0, 5)
    assert first["facets"] == last["facets"] > 0


@pytest.mark.slow
def test_the_engine_is_loaded_as_soon_as_somebody_is_about_to_type(folder: Path, tmp_path: Path) -> None:
    loaded = "performance.getEntriesByType('resource').filter((one) => one.name.includes('/search/')).length"
    show(folder, "")
    with served(folder) as address, browsing(tmp_path) as browser, opened(browser, f"{address}/search/") as page:
        assert page.ask(loaded) == 0
        page.ask("document.getElementById('q').focus()")
        page.wait("performance.getEntriesByType('resource').some((one) => one.name.includes('/search/columns.bin'))")
        assert page.ask("document.getElementById('search-status').textContent") == ""
