"""Return slips: the text goes back to the person who must act, and no option overrides that."""

from __future__ import annotations

import json

import pytest

from plugins.build import report, verbs
from plugins.build.builder import checked
from plugins.rules.slips import CASES, Slip, slips
from tests.small import Small

NORMATIVE = {"normative": "是", "drafted_by": "fgj"}
DAMAGES: dict[str, dict[str, str | None]] = {
    "R1": {"disclosure": None},
    "R2": {"interpretation_exempt": None},
    "R3": {"secrecy_review": None},
    "R4": NORMATIVE,
}


def of(small: Small) -> list[Slip]:
    faults, context = checked(small.settings())
    return slips(context, faults)


@pytest.mark.parametrize("case", CASES)
def test_each_case_returns_the_text_with_one_slip(case: str, small: Small) -> None:
    small.policy("b", title="乙办法", **DAMAGES[case])
    (slip,) = of(small)
    assert (slip.case, slip.path) == (case, "content/policies/2026/b.md")
    text = slip.text()
    assert f"退文通知（{case}）" in text
    assert "《乙办法》" in text
    assert slip.actor in text
    assert "请" in slip.what[0]
    assert "2026年3月3日 9:00" in text
    assert small.build() == 1


def test_the_drafting_department_is_told(small: Small) -> None:
    small.policy("b", **NORMATIVE)
    assert of(small)[0].organisation == "县发展改革局"


def test_the_interpretation_is_due_three_working_days_after_publication(small: Small) -> None:
    """Over the National Day of 2018: the 28th of September and three working days are the 8th of October."""
    dates = {"signed": "2018-09-28", "published": "2018-09-28 09:00"}
    parts = {
        "secrecy_review": "{id: BM-x, by: 岗, date: 2018-09-28, result: 通过}",
        "sign_off": "{by: 岗, date: 2018-09-28}",
    }
    small.policy("b", year="2018", interpretation_exempt=None, **dates, **parts)
    assert "最迟在2018年10月8日发布" in of(small)[0].by


def test_a_text_under_review_is_returned_but_stops_nobody(small: Small) -> None:
    small.policy("b", status="送审", interpretation_exempt=None, secrecy_review=None, sign_off=None)
    assert [slip.case for slip in of(small)] == ["R2"]
    assert small.build() == 0


def test_a_draft_is_not_returned(small: Small) -> None:
    small.policy("b", status="草稿", disclosure=None, interpretation_exempt=None)
    assert of(small) == []


def test_slips_as_json_name_what_to_do(small: Small, capsys: pytest.CaptureFixture[str]) -> None:
    small.policy("b", **DAMAGES["R3"])
    assert verbs.check(str(small.content), format="slips-json") == 1
    (slip,) = json.loads(capsys.readouterr().out)
    assert slip["case"] == "R3"
    assert slip["article"] == 5
    assert all("secrecy_review" in step or "补写" in step for step in slip["what"])


def test_annotations_of_ci_name_the_case(small: Small) -> None:
    small.policy("b", **DAMAGES["R1"])
    faults, _ = checked(small.settings())
    assert "title=退文 R1 G101::" in report.FORMATS["github"](faults)


@pytest.mark.parametrize("option", [{"clean": True}, {"jobs": 2}, {"as_of": "2031-01-01 00:00"}])
def test_no_option_overrides_a_return(option: dict[str, object], small: Small) -> None:
    small.policy("b", **DAMAGES["R3"])
    assert small.build(**option) == 1
    assert not small.output.exists()
