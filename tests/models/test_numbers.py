"""Document numbers: any bracket form is read, one is shown."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.models.numbers import DocumentNumber, is_number, parse_number, show_number


@pytest.mark.parametrize(
    "text",
    ["国办发〔2016〕80号", "国办发[2016]80号", "国办发(2016)80号", "国办发（２０１６）８０号", "国办发【2016】第80号"],
)
def test_every_bracket_form_is_the_same_number(text: str) -> None:
    assert show_number(text) == "国办发〔2016〕80号"


def test_a_form_that_no_rule_knows_is_kept_as_written() -> None:
    assert show_number("第3号公告") == "第3号公告"
    assert not is_number("第3号公告")
    assert is_number("国务院令第711号")


@given(st.from_regex(r"[一-龥]{2,6}", fullmatch=True), st.integers(1950, 2099), st.integers(1, 99999))
def test_a_number_reads_back_what_it_shows(issuer: str, year: int, serial: int) -> None:
    number = DocumentNumber(issuer, year, serial)
    assert parse_number(str(number)) == number
