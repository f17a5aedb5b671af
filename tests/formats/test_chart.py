"""Charts: what they show, read from the original, and the drawing."""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import re
import sys
from concurrent.futures import ProcessPoolExecutor
from itertools import pairwise
from typing import Any

import pytest
from lxml import etree

from plugins.formats.chart import render, render_data
from plugins.formats.views import View

CSV = '\ufeff年,镇,数\n2024,甲,1\n2024,乙,3\n2023,甲,5\n2023,乙,-\n2022,"丙",0.5\n'


class Load:
    """A loader of one file and of what was made from it."""

    def __init__(self, data: bytes) -> None:
        self.data = data

    def file(self, reference: View) -> bytes:
        assert reference == {"file": "datasets/a/a.csv", "sha256": "0"}
        return self.data

    def made(self, digest: str) -> bytes:
        assert digest == hashlib.sha256(self.data).hexdigest()
        return self.data

    def body(self, reference: View) -> str:
        raise AssertionError(reference)


def data(text: str = CSV, **chart: Any) -> dict[str, Any]:
    """What one chart of `text` shows."""
    table = {"file": "datasets/a/a.csv", "sha256": "0", "encoding": "utf-8", "delimiter": ",", "quote": '"'}
    table |= {"header": True, "skip": False, "missing": ["-"]}
    whole = {"table": 0, "mark": "line", "x": 0, "ys": [2], "series": None, "aggregate": "sum", "order": "text"}
    view = {"tables": [table], "charts": [{**whole, "labels": ["年", "数"], **chart}]}
    (found,) = json.loads(render_data(view, Load(text.encode())))
    answer: dict[str, Any] = found
    return answer


@pytest.mark.parametrize(("aggregate", "of_2024"), [("sum", 4), ("mean", 2), ("min", 1), ("max", 3), ("", 2)], ids=str)
def test_rows_that_share_a_place_are_merged_and_missing_values_left_out(aggregate: str, of_2024: float) -> None:
    found = data(aggregate=aggregate)
    assert found["header"] == ["年", "数"]
    assert found["rows"] == [["2022", 0.5], ["2023", 5], ["2024", of_2024]]


def test_rows_are_counted_whatever_they_hold() -> None:
    assert data(aggregate="count", ys=[])["rows"] == [["2022", 1], ["2023", 2], ["2024", 2]]


def test_a_series_has_a_column_and_a_gap_where_it_has_no_value() -> None:
    found = data(series=1)
    assert found["header"] == ["年", "甲", "乙", "丙"]
    assert found["rows"] == [["2022", None, None, 0.5], ["2023", 5, None, None], ["2024", 1, 3, None]]


def test_places_stand_as_in_the_file_or_by_number() -> None:
    text = "年,镇,数\n10,甲,1\n9,甲,1\n"
    assert [row[0] for row in data(text, order="file")["rows"]] == ["10", "9"]
    assert [row[0] for row in data(text, order="number")["rows"]] == ["9", "10"]


def test_what_nobody_could_read_is_not_shown() -> None:
    """41 bars; nine series."""
    bars = "年,镇,数\n" + "".join(f"{n},甲,1\n" for n in range(41))
    assert data(bars, mark="bar")["rows"] == []
    assert len(data(bars)["rows"]) == 41
    series = "年,镇,数\n" + "".join(f"1,{n},1\n" for n in range(9))
    assert data(series, series=1)["rows"] == []


def draw(found: dict[str, Any], mark: str = "line", title: str = "各年的数", unit: str = "") -> str:
    """The drawing of what `data` found."""
    load = Load(json.dumps([found]).encode())
    digest = hashlib.sha256(load.data).hexdigest()
    return render(
        {"number": 0, "data": digest, "mark": mark, "title": title, "text": "折线图。", "unit": unit}, load
    ).decode()


@pytest.mark.parametrize("mark", ["line", "bar", "area", "point"])
def test_a_drawing_is_xml_with_title_and_text_and_fetches_nothing(mark: str) -> None:
    text = draw(data(series=1), mark, "<script>alert(1)</script>")
    root = etree.fromstring(text.encode())
    name = "{http://www.w3.org/2000/svg}"
    assert root.findtext(f"{name}title") == "<script>alert(1)</script>"
    assert root.findtext(f"{name}desc").startswith("折线图。甲：2 个值，最大 5（2023），最小 1（2024）。")
    assert {e.text for e in root.iter(f"{name}text")} >= {"2022", "2024", "甲", "乙"}
    assert not list(root.iter(f"{name}script", f"{name}image", f"{name}a", f"{name}foreignObject"))
    assert "http" not in re.sub(r'xmlns(:xlink)?="[^"]*"', "", text)


def test_a_drawing_is_the_same_twice_and_does_not_measure_its_text() -> None:
    """Other words in the same font leave every place as it is: what fonts a machine has makes no difference."""
    assert draw(data(series=1)) == draw(data(series=1))
    wide = draw(data(CSV.replace("甲", "特别长的名称甲乙丙丁"), series=1)).replace("特别长的名称甲乙丙丁", "甲")
    assert wide == draw(data(series=1))


@pytest.mark.parametrize("mark", ["line", "bar", "area", "point"])
def test_a_drawing_does_not_tell_how_many_were_drawn_before(mark: str) -> None:
    """One process draws the charts of a site, and in no fixed order."""
    drawings = {draw(data(series=1), mark) for _ in range(3)}
    assert len(drawings) == 1
    text = drawings.pop()
    assert {*re.findall(r"url\(#(\w+)\)", text)} <= {*re.findall(r' id="(\w+)"', text)}


def test_every_colour_of_the_drawing_has_one_for_the_dark() -> None:
    text = draw(data(series=1), "bar")
    style = text[text.index("<style>") : text.index("</style>")]
    drawn = set(re.findall(r'(?:fill|stroke)="(#[0-9a-f]+)"', text.replace(style, "")))
    assert drawn
    assert all(f'[fill="{colour}"]' in style for colour in drawn)


def _drawn_in_a_worker(_: object) -> str:
    return draw(data(series=1))


@pytest.mark.skipif(sys.platform != "linux", reason="workers are forked on Linux alone")
def test_a_worker_that_is_forked_after_a_drawing_draws_too() -> None:
    """The threads of the drawing program do not come along with a fork."""
    mine = draw(data(series=1))
    assert "vl_convert" not in sys.modules
    context = multiprocessing.get_context("fork")
    with ProcessPoolExecutor(1, mp_context=context) as pool:
        assert pool.submit(_drawn_in_a_worker, None).result(timeout=60) == mine


def test_words_tell_the_greatest_and_the_least_with_their_places() -> None:
    assert data()["words"] == ["数：3 个值，最大 5（2023），最小 0.5（2022）"]
    assert data("年,镇,数\n2024,甲,7\n2025,乙,7\n")["words"] == ["数：2 个值都是 7"]
    assert data("年,镇,数\n2024,甲,-\n")["words"] == ["数：没有数"]


def test_the_axis_says_the_unit() -> None:
    assert "数（万元）" in draw(data(), unit="万元")
    assert ">万元<" in draw(data(series=1), unit="万元")


def test_days_below_a_line_do_not_run_into_one_another() -> None:
    """Forty days: between the middles of two labels there is room for one and a gap, at 12 pixels a letter of 0.6."""
    days = "年,镇,数\n" + "".join(f"2026-{1 + n // 28:02}-{1 + n % 28:02},甲,{n}\n" for n in range(40))
    found = re.findall(r"<text [^>]*translate\(([\d.]+),[^>]*>2026-", draw(data(days)))
    places = [float(x) for x in found]
    assert len(places) >= 3
    assert min(b - a for a, b in pairwise(places)) >= 10 * 0.6 * 12
