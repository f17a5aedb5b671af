"""Personal data and secrecy marks in texts: vectors, false friends, attacks, second opinions, and 300 real laws."""

from __future__ import annotations

import time
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plugins.models.codes import CODES
from plugins.readers.private import check_text, find, luhn, mobiles, mod_11_2, mod_11_10, redacted

MOBILE = "13812345678"
CARD = "6222021234567890128"
OLD = "320724800101125"
DIGITS = st.text("0123456789", min_size=1, max_size=30)
DAYS = st.dates(date(1900, 1, 1), date(2100, 12, 31))


def resident(area: str = "320724", day: str = "19800101", serial: str = "123") -> str:
    return area + day + serial + mod_11_2(area + day + serial)


ID = resident()


def codes(text: str) -> list[str]:
    return [found.code for found in find(text)]


@pytest.mark.parametrize("year", range(1960, 1996))
def test_people_of_the_county_born_before_its_code_are_recognised(year: int) -> None:
    """Area code 320724, which the county has had since 1996 only."""
    assert codes(f"身份证号{resident(day=f'{year}0229' if year % 4 == 0 else f'{year}0228')}。") == ["V101"]


@pytest.mark.parametrize(
    "text",
    [
        "11010519491231002X",
        "11010519491231002x",
        "１１０１０５１９４９１２３１００２Ｘ",
        "110105 19491231 002X",
        "110105-19491231-002X",
        "110105 1949 1231 002X",
        "持证人(ID11010519491231002X)",
        "身份证11010519491231002X，13号",
    ],
)
def test_an_id_is_recognised_in_every_form_that_people_type(text: str) -> None:
    """The example of GB 11643."""
    assert codes(text) == ["V101"]


@pytest.mark.parametrize(
    "number",
    [
        "110105194912310021",
        resident(day="19800230"),
        resident(day="18991231"),
        resident(day="21010101"),
        ID + "0",
        "0" + ID,
        ID[:17],
    ],
    ids=["checksum", "30 February", "1899", "2101", "digit after", "digit before", "17"],
)
def test_what_is_no_id_is_left_alone(number: str) -> None:
    assert codes(f"编号{number}。") == []


@pytest.mark.parametrize(
    "text",
    [
        f"手机{MOBILE}。",
        f"{MOBILE}",
        f"**{MOBILE}**",
        f"Tel.{MOBILE}",
        f"{MOBILE}@163.com",
        f"①{MOBILE}",
        f"{MOBILE}²",
        "１３８１２３４５６７８",
        "+8613812345678",
        "+86 13812345678",
        "＋86-138-1234-5678",
        "0086 138 1234 5678",
        "86-13812345678",
        "138 1234 5678",
        "138-1234-5678",
        "138　1234　5678",
        f"{MOBILE}-8001",
        f"0518-83221234 {MOBILE}",
        f"2018-07-27 {MOBILE}",
        f"1234 5678 {MOBILE}",
    ],
)
def test_a_mobile_is_recognised_in_every_form_that_people_type(text: str) -> None:
    assert codes(text) == ["V103"]


@pytest.mark.parametrize("text", [CARD, "6222 0212 3456 7890 128", "4111111111111111", "5555-5555-5555-4444"])
def test_a_bank_card_is_recognised(text: str) -> None:
    """UnionPay, Visa, MasterCard."""
    assert codes(f"卡号：{text}") == ["V104"]


@pytest.mark.parametrize(
    "text",
    [
        "灌政办发〔2018〕97号",
        "国办发〔2016〕80号、苏政办发〔2017〕151号",
        "2018-07-27 09:00:00",
        "20180727090000123",
        "2018年7月27日至2020年12月31日",
        "91320724MA1WXY2K3P",
        "123207240141234567",
        "统一社会信用代码52320724509876543J",
        "0518-83221234-8001",
        "0518-83221234 83225678",
        "400-828-12345",
        "12345678901",
        "3.13812345678",
        "13812345678.5",
        "1.38e10",
        "119.320724198001011234",
        "ISBN 978-7-5036-1234-5",
        "9787503612345",
        "320724001001GB00001W00000000",
        "32072420240001234567890123",
        "32072410820180727000112345",
        "共 135 1200 1300 1400 1500 人",
        "4000 5000 6000 7000 8000",
        "6222021234567890123",
        "7222021234567890128",
        "1e13812345678a",
        "12012345678",
        "320724000012345",
    ],
)
def test_false_friends_raise_no_alarm(text: str) -> None:
    """Document numbers, times, credit codes, landlines with extensions, decimals, ISBN, parcel and case serials."""
    assert codes(text) == []


@given(st.text("0123456789ABCDEFGHJKLMNPQRTUWXY", min_size=9, max_size=9), st.sampled_from(["91", "92", "12", "51"]))
@settings(max_examples=200, deadline=None)
def test_a_credit_code_is_not_personal(body: str, kind: str) -> None:
    """Codes of this county, with the check character of GB 32100 as python-stdnum has it."""
    uscc = pytest.importorskip("stdnum.cn.uscc")
    code = kind + "320724" + body
    assert codes(f"代码{code}{uscc.calc_check_digit(code)}。") == []


@given(
    st.text("0123456789", min_size=6, max_size=6),
    DAYS,
    st.text("0123456789", min_size=3, max_size=3),
    st.text("第一条，和"),
)
@settings(max_examples=200, deadline=None)
def test_any_valid_id_is_found_where_it_stands(area: str, day: date, serial: str, before: str) -> None:
    """Any area, any real day, any serial, in Chinese text."""
    number = resident(area, f"{day:%Y%m%d}", serial)
    assert [(f.code, f.start, f.end) for f in find(f"{before}{number}。")] == [("V101", len(before), len(before) + 18)]


@given(st.text("0123456789", min_size=6, max_size=6), DAYS, DIGITS, st.booleans())
@settings(max_examples=200, deadline=None)
def test_digits_glued_to_an_id_make_it_another_number(area: str, day: date, glue: str, after: bool) -> None:
    number = resident(area, f"{day:%Y%m%d}")
    text = number + glue if after else glue + number
    assert "V101" not in codes(text)


@given(st.sampled_from([ID, MOBILE, CARD, OLD]), st.text(max_size=30), st.text(max_size=30))
@settings(max_examples=200, deadline=None)
def test_no_fault_repeats_the_number_it_complains_of(number: str, before: str, after: str) -> None:
    """Any text around it."""
    for fault in check_text(f"{before}{number}{after}", "content/x.md", 1):
        assert number not in str(fault)


def test_what_is_shown_is_masked() -> None:
    shown = [found.shown for found in find(f"{ID}、{MOBILE}、{CARD}、{OLD}")]
    assert shown == ["3207**********" + ID[-4:], "138****5678", "6222***********0128", "3207*******1125"]
    assert redacted(f"“{ID}”不是整数；１３８１２３４５６７８") == f"“3207**********{ID[-4:]}”不是整数；138****5678"


@given(DIGITS)
@settings(max_examples=200, deadline=None)
def test_check_digits_are_those_of_another_library(digits: str) -> None:
    """python-stdnum: Luhn, ISO 7064 MOD 11-2 and MOD 11,10."""
    pytest.importorskip("stdnum")
    import stdnum.iso7064.mod_11_2 as iso_11_2
    import stdnum.iso7064.mod_11_10 as iso_11_10
    import stdnum.luhn

    assert luhn(digits) == stdnum.luhn.is_valid(digits)
    assert mod_11_10(digits) == iso_11_10.is_valid(digits)
    assert mod_11_2(digits.zfill(17)[:17]) == iso_11_2.calc_check_digit(digits.zfill(17)[:17])


def test_an_old_id_is_a_warning_unless_something_else_explains_it() -> None:
    """A likely one; an impossible month; a province that is none; an IMEI; a business registration number."""
    assert codes(OLD) == ["V102"]
    assert CODES["V102"].severity == "warning"
    assert codes("320724801301125、990724800101125、356938035643809") == []
    registered = next(n for k in range(10) if mod_11_10(n := f"32072480010111{k}"))
    assert codes(registered) == []


def test_mobiles_of_the_directory_may_stand() -> None:
    """A duty phone in the directory, written in another form in the text; and one that is not there."""
    allowed = mobiles(["0518-83221234", "值班 138-1234-5678", ""])
    assert allowed == {MOBILE}
    assert [f.shown for f in find(f"{MOBILE}、+86 138 1234 5678、13912345678", allowed)] == ["139****5678"]


@pytest.mark.parametrize("mark", ["机密★", "绝密★30年", "秘密★6个月", "机　密★２０年", "机密 ★ 长期", "秘密★启用前"])
def test_a_secrecy_mark_is_an_error_wherever_it_stands(mark: str) -> None:
    (found,) = find(f"第一条 按照{mark}文件要求。")
    assert (found.code, found.shown, CODES["V106"].severity) == ("V106", mark, "error")


@pytest.mark.parametrize("text", ["属于国家秘密的", "绝密级、机密级、秘密级", "评分★★★★★", "保守秘密。★重点", "机密"])
def test_the_bare_words_of_secrecy_mean_nothing(text: str) -> None:
    assert codes(text) == []


@pytest.mark.parametrize("line", ["内部资料", "**内部资料　注意保存**", "公开属性：不予公开", "# 内部文件，请勿外传"])
def test_a_line_that_marks_a_paper_as_internal_is_a_warning(line: str) -> None:
    assert codes(f"标题\n\n{line}\n\n正文。") == ["V107"]


@pytest.mark.parametrize(
    "text", ["内部管理制度", "可以不予公开。", "建立内部资料管理制度", "此件公开发布", "不予公开的，应当说明理由"]
)
def test_the_same_words_in_a_sentence_mean_nothing(text: str) -> None:
    assert codes(f"标题\n\n{text}\n\n正文。") == []


def test_a_fault_has_the_line_of_its_finding() -> None:
    """Lines 10 and 12 of a file whose body begins at line 9."""
    faults = list(check_text(f"一\n{ID}\n\n{MOBILE}", "content/x.md", 9))
    assert [(f.code, f.path, f.line) for f in faults] == [("V101", "content/x.md", 10), ("V103", "content/x.md", 12)]


def test_a_heap_of_warnings_does_not_hide_an_error() -> None:
    """A hundred old ids, then a mobile: 20 faults, the mobile among them, and a line about the other 81."""
    faults = list(check_text(f"{OLD}\n" * 100 + MOBILE, "content/x.md", 1))
    assert len(faults) == 21
    assert (faults[0].code, faults[0].line) == ("V103", 101)
    assert faults[-1].code == "V108"
    assert "81" in faults[-1].message


@pytest.mark.parametrize("unit", ["1 ", "9", "1234 ", "138-", "内部", "机密 ", "1" * 19 + "X", "１"])
def test_hostile_repetition_takes_linear_time(unit: str) -> None:
    """A megabyte of one unit."""
    began = time.process_time()
    assert codes(unit * (1_000_000 // len(unit))) == []
    assert time.process_time() - began < 3


def test_three_hundred_laws_raise_no_alarm_and_cost_little(shared: Path) -> None:
    """../shared/corpus/laws: 0 findings; a third of a millisecond for 4,400 characters is ten times what it takes."""
    texts = [path.read_text() for path in sorted((shared / "corpus/laws/policies").glob("*/*.md"))]
    texts.append((shared / "corpus/county-rules-2018.txt").read_text())
    assert len(texts) == 301
    began = time.process_time()
    assert [str(f) for text in texts for f in check_text(text, "content/x.md", 1)] == []
    assert (time.process_time() - began) / sum(map(len, texts)) * 4400 < 500e-6
