"""What people type: search-hints.js in Node on a built site, against golden answers (needs of the search, part 6)."""

from __future__ import annotations

import json
import random
import unicodedata
from pathlib import Path
from typing import Any

import pytest

from plugins.models.numbers import parse_number, show_number
from plugins.search import hints
from plugins.search.readings import Pinyin, pinyin_table
from tests.search.hinted import TITLES, Hinted, lay
from tests.small import Small


@pytest.fixture(scope="module")
def hinted(tmp_path_factory: pytest.TempPathFactory) -> Hinted:
    small = lay(Small(tmp_path_factory.mktemp("hinted")).least())
    assert small.build() == 0
    return Hinted(small.output.resolve())


NUMBERS = {
    "国办发〔2016〕80号": None,
    "国办发[2016]80号": "国办发〔2016〕80号",
    "国办发（2016）80号": "国办发〔2016〕80号",
    "国办发【2016】80号": "国办发〔2016〕80号",
    "国办发〔２０１６〕８０号": None,
    "国办发﹝2016﹞80号": None,
    "国办发(2016)80": "国办发〔2016〕80号",
    "国办发 2016 80号": "国办发〔2016〕80号",
    "国办发2016年80号": "国办发〔2016〕80号",
    "国办发[2016]第080号": "国办发〔2016〕80号",
    "2016年第80号": "〔2016〕80号",
    "2016 80号": "〔2016〕80号",
    "2016-80": "〔2016〕80号",
    "[2016]80": "〔2016〕80号",
    "（2016）80号": "〔2016〕80号",
    "关于(2016)80号的解读": "关于〔2016〕80号的解读",
    "二〇一六年第八十号": "〔2016〕80号",
    "国办发80号": "国办发 80号",
    "国务院令711号": "国务院令第711号",
    "国务院令第七十三号": "国务院令第73号",
    "第一百二十号": "第120号",
    "第一百〇五号": "第105号",
    "第二百一十号": "第210号",
    "第十号": "第10号",
    "80号": None,
    "第80号": None,
    "2016-08": None,
    "2016-11-24": None,
    "2016年": None,
    "一号文件": "1号文件",
    "第三十二条": None,
}
"""What was typed -> the site's form, or None where there is nothing to change: the search itself folds width."""


def test_numbers_in_any_form_lead_to_the_form_of_the_site(hinted: Hinted) -> None:
    found = hinted.queries("expand", *NUMBERS)
    assert dict(zip(NUMBERS, found, strict=True)) == {typed: [n] if n else [] for typed, n in NUMBERS.items()}


def test_what_headers_are_read_as_queries_are_read_as_too(hinted: Hinted) -> None:
    """400 numbers in any brackets, with spaces, 第 and zeros: the form of the browser is that of the readers."""
    chance = random.Random(20240912)
    brackets = "〔〕 [] () {} 【】 〖〗 ［］ ﹝﹞ 〈〉 《》 <> （）".split()
    typed = []
    for _ in range(400):
        issuer = "".join(chance.choices("国办发示政函规字", k=chance.randrange(1, 6)))
        opening, closing = chance.choice(brackets)
        space, serial = chance.choice(["", "", " "]), chance.randrange(1, 2_000)
        year, head = chance.randrange(1990, 2030), chance.choice(["", "", "第", "0"])
        typed.append(f"{issuer}{space}{opening}{year}{closing}{space}{head}{serial}号")
    right = [show_number(text) for text in typed]
    assert all(parse_number(text) for text in typed)
    found = hinted.queries("expand", *typed)
    pairs = zip(typed, right, found, strict=True)
    assert [t for t, n, f in pairs if f != ([] if unicodedata.normalize("NFKC", t) == n else [n])] == []


def test_traditional_characters_are_folded_where_they_show_that_the_query_is_traditional(hinted: Hinted) -> None:
    """後 and 於 are common characters too, 乾隆 is written so in simplified texts."""
    found = hinted.queries("expand", "政務公開", "關於政務", "乾隆", "住房公積金", "以後")
    assert found == [["政务公开"], ["关于政务"], [], ["住房公积金"], []]


def test_width_makes_no_difference(hinted: Hinted) -> None:
    full, half = hinted.queries("complete", "ＺＷＧＫ", "zwgk")
    assert full == half != []
    assert hinted.queries("expand", "工商局　－低保") == [["市场监督管理局 -低保", "市监局 -低保"]]


def test_synonyms_lead_to_each_other_with_a_reason(hinted: Hinted) -> None:
    (found,) = hinted.ask(["expand", "工商局登记"])
    assert found == [
        {"query": "市场监督管理局登记", "reason": "“市场监督管理局”是“工商局”的同义词"},
        {"query": "市监局登记", "reason": "“市监局”是“工商局”的同义词"},
    ]
    assert hinted.queries("expand", "申请最低生活保障") == [["申请低保"]]


def test_short_and_former_names_of_organisations_lead_to_the_present_one(hinted: Hinted) -> None:
    price, reform, short, office = hinted.ask(
        ["expand", "试验县物价局"], ["expand", "发展和改革局"], ["expand", "县发改局文件"], ["expand", "县政府办"]
    )
    assert price[0] == {"query": "试验县发展和改革局", "reason": "“物价局”是“发展和改革局”的曾用名"}
    assert [one["query"] for one in reform] == ["发改局", "发展和改革委员会", "物价局"]
    assert short[0] == {"query": "县发展和改革局文件", "reason": "“发改局”是“发展和改革局”的简称"}
    assert [one["query"] for one in office] == ["试验县人民政府办公室"]


def test_a_former_name_of_two_organisations_leads_to_neither(hinted: Hinted) -> None:
    assert hinted.queries("expand", "经济贸易局") == [[]]


def test_what_is_quoted_or_excluded_is_left_as_it_is(hinted: Hinted) -> None:
    found = hinted.queries("expand", '"工商局"', "“工商局”", "公积金 -工商局", "-工商局 低保")
    assert found == [[], [], [], ["-工商局 最低生活保障"]]


def test_pinyin_initials_and_first_characters_are_completed(hinted: Hinted) -> None:
    typed = "zwgk zhengwu zhengwugongkai zhufang zfgjj gjj 住房 政务 fgj szf szbf gsxzglj".split()
    found = dict(zip(typed, hinted.queries("complete", *typed), strict=True))
    assert found["zwgk"][0] == found["zhengwugongkai"][0] == "政务公开"
    assert {"政务公开", "政务服务大厅管理办法"} <= {*found["zhengwu"], *found["政务"]}
    assert "住房公积金管理办法" in found["zfgjj"]
    assert "住房公积金管理办法" in found["zhufang"]
    assert "住房公积金管理办法" in found["住房"]
    assert found["gjj"][0] == "公积金"
    assert "发改局" in found["fgj"]
    assert "试政发" in found["szf"]
    assert "工商行政管理局" in found["gsxzglj"]


def test_every_title_is_found_by_its_first_characters_its_pinyin_and_its_initials(hinted: Hinted) -> None:
    names = [*TITLES.values(), "带文号的办法"]
    read = hints.reading(Pinyin(pinyin_table()), {name: hints.words_of(name) for name in names})
    keys = {name: [key for key, _ in hints.completing(name, read)] for name in names}
    asked = [(name, key) for name, each in keys.items() for key in each]
    found = hinted.queries("complete", *(key for _, key in asked))
    missed = [key for (name, key), answers in zip(asked, found, strict=True) if name not in answers and key != name]
    assert missed == []


def test_heteronyms_are_read_as_their_phrases_are(hinted: Hinted) -> None:
    """重庆 chong qing, 银行 yin hang, 行政 xing zheng."""
    chongqing, yinhang, xingzheng, wrong = hinted.queries(
        "complete", "chongqing", "yinhangxindai", "xingzhengxuke", "yinxing"
    )
    assert any("重庆" in term for term in chongqing)
    assert any("银行信贷" in term for term in yinhang)
    assert xingzheng == ["行政许可事项清单"]
    assert wrong == []


def test_spaces_and_apostrophes_in_pinyin_make_no_difference(hinted: Hinted) -> None:
    plain, spaced, marked = hinted.queries("complete", "zhengwu", "zheng wu", "zheng'wu")
    assert plain == spaced == marked != []


TYPOS = {
    "公机金": "公积金",
    "工积今": "公积金",
    "住房公机金管里办法": "住房公积金管理办法",
    "虫庆市对口合作工作方案": "重庆市对口合作工作方案",
    "公积全": "公积金",
    "公金积": "公积金",
    "公金": "公积金",
    "积金": "公积金",
    "公租金": "公积金",
    "攻积金": "公积金",
    "政务公升": "政务公开",
    "政公开": "政务公开",
    "政务务公开": "政务公开",
    "政公务开": "政务公开",
    "zhegnwugongkai": "政务公开",
    "zhengwugonkai": "政务公开",
    "zhengwugongkao": "政务公开",
    "hzengwugongkai": "政务公开",
    "贷款 公机金": "贷款 公积金",
}


def test_a_typo_leads_to_the_nearest_term(hinted: Hinted) -> None:
    """Homophones, one or several; one character wrong, missing, superfluous, swapped; a letter of the pinyin."""
    found = dict(zip(TYPOS, hinted.queries("nearest", *TYPOS), strict=True))
    assert {typed: better for typed, better in TYPOS.items() if better not in found[typed]} == {}


def test_what_was_found_or_is_far_from_every_term_has_no_nearest_term(hinted: Hinted) -> None:
    found = hinted.ask(["nearest", "公机金", 3], ["nearest", "完全无关词语", 0], ["nearest", "qwrtyp", 0])
    assert found == [[], [], []]
    assert hinted.queries("nearest", '"公机金"', "-公机金") == [[], []]


def test_a_query_loads_what_it_needs_and_no_more(hinted: Hinted) -> None:
    hinted.ask(["complete", "zwgk"])
    assert sorted(name.split("-")[0] for name in hinted.loaded) == ["complete", "words.json"]
    hinted.ask(["expand", "公积金"], ["expand", "工商局"])
    assert hinted.loaded == ["words.json"]
    hinted.ask(["expand", "[2016]80"], ["complete", ""], ["nearest", "公机金", 5], ["expand", '"工商局"'])
    assert [name for name in hinted.loaded if name != "words.json"] == []
    hinted.ask(["expand", "政務"])
    assert set(hinted.loaded) == {"traditional.json", "words.json"}
    assert "readings.json" not in hinted.loaded


HOSTILE: list[Any] = [
    "",
    " ",
    "公" * 10_000,
    "a" * 10_000,
    "\ud800",
    "公\udc00积金",
    "\x00\x07\x1b[2J",
    "\u202e\u2066公",
    "__proto__",
    "constructor",
    "<img src=x onerror=alert(1)>",
    "()[]{}^$.*+?\\",
    "$1$&",
    "-",
    "- -",
    None,
    7,
    {},
    [],
    "𠮷祥街道",
    "〔〕号",
    "百号",
    "第十百十号",
]


def test_hostile_queries_are_answered(hinted: Hinted) -> None:
    asked = [[what, query, 0] for query in HOSTILE for what in ("expand", "complete", "nearest")]
    found = hinted.ask(*asked)
    assert all(len(answers) <= 6 for answers in found)
    assert all(one["query"] and one["reason"] for answers in found for one in answers)
    assert found[:3] == [[], [], []]
    long = hinted.ask(["expand", "工商局" * 4_000], ["nearest", "公机金" * 4_000, 0], ["complete", "政务" * 4_000])
    assert long == [[], [], []]


def test_control_characters_and_lone_surrogates_are_as_if_they_were_not_there(hinted: Hinted) -> None:
    found = hinted.queries("complete", "zw\x00g\u200bk", "政\ud800务", "zwgk", "政务")
    assert found[0] == found[2] != []
    assert found[1] == found[3] != []


def test_random_beginnings_are_completed_as_an_oracle_does(hinted: Hinted) -> None:
    """The best entries of the table, looked up here by scanning every term's keys."""
    chance = random.Random(20181127)
    tables: dict[str, Any] = {}
    for path in sorted((hinted.site / "search/hints").glob("complete-*.json")):
        tables |= json.loads(path.read_text())
    entries = {e for node in tables.values() for e in node["terms"]}
    keyed = [(e.split("\t")[0], e.split("\t")[-1]) if "\t" in e else (hints.folded(e)[: hints.CUT], e) for e in entries]
    chosen = [chance.choice(keyed)[0] for _ in range(150)]
    typed = [key[: chance.randrange(2, len(key) + 1)] for key in chosen] + ["qx", "zzzz", "政府府"]
    found = hinted.queries("complete", *typed)
    for begun, answers in zip(typed, found, strict=True):
        right = {term for key, term in keyed if key.startswith(begun) and term != begun}
        assert len(answers) == min(6, len(right)), begun
        assert set(answers) <= right, begun


def test_a_site_without_synonyms_and_other_names_has_hints_too(small: Small) -> None:
    assert small.build() == 0
    hinted = Hinted(small.output.resolve())
    assert hinted.ask(["expand", "工商局"], ["complete", "syb"])[0] == []
    assert hinted.queries("complete", "syb") == [["试验办法"]]
    assert hinted.queries("nearest", "试验方法", "实验办法")[0] == ["试验办法"]


def test_files_that_are_gone_reject_and_are_asked_for_again(hinted: Hinted, tmp_path: Path) -> None:
    """The page leaves its box empty then; search-suggest.js is tested in the browser."""
    with pytest.raises(AssertionError, match="404 words"):
        Hinted(_without_hints(hinted.site, tmp_path)).ask(["complete", "zwgk"])


def _without_hints(site: Path, folder: Path) -> Path:
    (folder / "static").mkdir()
    for path in (site / "static").glob("*.js"):
        (folder / "static" / path.name).write_bytes(path.read_bytes())
    return folder


SECRET = {"title": "天王盖地虎办法", "keywords": "[宝塔镇河妖]", "number": "密政字〔2026〕7号"}
TRACES = ("天王", "宝塔", "密政字", "tianwang", "baota", "mizhengzi", "twgdh", "btzhy", "妖河")


@pytest.mark.parametrize(
    "kept_back",
    [
        {"status": "草稿"},
        {"published": "2030-01-01 09:00"},
        {"status": "送审"},
        {"disclosure": "不予公开", "disclosure_reason": "国家秘密", "disclosure_basis": "条例第十四条"},
    ],
    ids=["draft", "embargo", "under-review", "withheld"],
)
def test_nothing_unpublished_ever_enters_a_hint(small: Small, kept_back: dict[str, str]) -> None:
    """The gate alone keeps it back: without what keeps it back the same text is in every kind of file."""
    body = "" if "disclosure" in kept_back else "第一条 为了试验，制定本办法。"
    review = {"disclosure_review": "{by: 政务公开岗, date: 2026-03-02}"} if "disclosure" in kept_back else {}
    small.policy("s", body, **SECRET, **kept_back, **review)
    assert small.build() == 0
    text = Hinted(small.output.resolve()).text()
    assert [trace for trace in TRACES if trace in text] == []
    small.policy("s", **SECRET)
    assert small.build() == 0
    assert [trace for trace in TRACES if trace not in Hinted(small.output.resolve()).text()] == []


def test_an_edit_of_the_table_of_synonyms_is_in_the_next_build(small: Small) -> None:
    """A dollar sign has no meaning in what is put in its place."""
    lay(small)
    assert small.build() == 0
    small.write("synonyms.yml", "- [工商局, $&局]\n")
    assert small.build() == 0
    hinted = Hinted(small.output.resolve())
    assert hinted.queries("expand", "工商局登记", "最低生活保障") == [["$&局登记"], []]


def test_a_new_title_changes_few_files_and_a_new_text_none(small: Small) -> None:
    lay(small)
    assert small.build() == 0
    folder = small.output.resolve() / "search/hints"
    before = {p.name: p.read_bytes() for p in folder.iterdir()}
    small.policy("gjj", "第一条 另一段正文。", title="住房公积金管理办法")
    assert small.build() == 0
    assert {p.name: p.read_bytes() for p in (small.output.resolve() / "search/hints").iterdir()} == before
    small.policy("new", title="湿地保护条例")
    assert small.build() == 0
    after = {p.name: p.read_bytes() for p in (small.output.resolve() / "search/hints").iterdir()}
    assert after.keys() == before.keys()
    assert 0 < sum(before[name] != data for name, data in after.items()) <= len(before) // 2
