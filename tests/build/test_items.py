"""Rows with pages over whole builds: what the pages show, where they are listed, what is made anew."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from lxml import html

from tests.links import broken_links
from tests.small import Small
from tests.tables import DECISION_ROWS, write_decisions, write_powers


@pytest.fixture
def datasets(small: Small) -> Path:
    """A list of two powers and two decisions, without a fault."""
    folder = small.folder / "datasets"
    write_powers(folder)
    write_decisions(folder)
    return folder


def found(small: Small) -> list[str]:
    return [f.code for f in small.faults()]


def page(small: Small, address: str) -> html.HtmlElement:
    return html.parse(str(small.output / address / "index.html")).getroot()


def data(small: Small, address: str) -> Any:
    return json.loads((small.output / address / "index.json").read_text())


def test_a_row_has_a_page_with_what_names_it(small: Small, datasets: Path) -> None:
    write_decisions(datasets, [(f"试许{n}", "XK-1", f"2026-{n % 12 + 1:02}-02") for n in range(24)])
    assert small.build() == 0
    shown = page(small, "powers/xk-1")
    rows = {r.xpath("th")[0].text_content(): r.xpath("td")[0] for r in shown.xpath("//table[@class='fields']//tr")}
    assert rows["unit"].xpath("a/@href") == ["/organisations/xzfb/"]
    assert rows["unit"].text_content() == "县政府办公室"
    assert "until" not in rows, "a cell that is empty has no row"
    assert [r.xpath("td[last()]")[0].text for r in shown.xpath("//table[@class='stack']/tbody/tr")][:3] == [
        "2026-12-02",
        "2026-12-02",
        "2026-11-02",
    ]
    assert "共 24 条，列出最近 10 条" in shown.text_content()
    assert data(small, "powers/xk-1") == {
        "url": "http://127.0.0.1:8000/powers/xk-1/",
        "fields": {"code": "XK-1", "name": "食品经营许可", "unit": "xzfb", "since": "2018-12-28", "until": ""},
        "mentions": {"decisions/decisions.csv": 24},
    }
    assert broken_links(small.output.resolve()) == []


def test_rows_are_listed_whole_and_by_organisation(small: Small, datasets: Path) -> None:
    assert small.build() == 0
    assert [i["url"] for i in data(small, "powers")["items"]] == ["/powers/xk-1/", "/powers/xk-2/"]
    assert [i["url"] for i in data(small, "powers/by/unit/fgj")["items"]] == ["/powers/xk-2/"]
    links = page(small, "powers/by/unit/fgj").xpath("//nav[@aria-label='按unit']//a")
    assert [(a.text, a.get("aria-current")) for a in links] == [("县政府办公室", None), ("县发展改革局", "page")]


def test_long_lists_have_pages(small: Small, datasets: Path) -> None:
    write_powers(datasets, [(f"XK-{n}", f"事项 {n}", "fgj", "2018-12-28", "") for n in range(120)])
    write_decisions(datasets, DECISION_ROWS[:1])
    assert small.build() == 0
    assert [len(data(small, f"powers{part}")["items"]) for part in ("", "/page/2", "/page/3")] == [50, 50, 20]
    assert broken_links(small.output.resolve()) == []


def test_the_navigation_of_every_page_leads_to_the_list(small: Small, datasets: Path) -> None:
    """Texts too, which are planned from their surroundings alone: a list that comes later reaches them."""
    shutil.move(datasets, small.folder / "aside")
    assert small.build() == 0
    assert page(small, "policies/2026/a").xpath("//nav//a[@href='/powers/']") == []
    shutil.move(small.folder / "aside", datasets)
    assert small.build() == 0
    assert page(small, "policies/2026/a").xpath("//nav//a[@href='/powers/']/text()") == ["权力事项"]


def test_a_text_may_link_to_a_row_and_not_to_one_that_is_not_there(small: Small, datasets: Path) -> None:
    small.policy("b", body="见[食品经营许可](/powers/xk-1/)和[全部](/powers/)。")
    assert found(small) == []
    small.policy("c", body="见[没有的许可](/powers/xk-9/)。")
    assert found(small) == ["D117"]


def test_a_decision_more_makes_the_page_of_its_power_anew_and_no_other(small: Small, datasets: Path) -> None:
    write_powers(datasets, [(f"XK-{n}", f"事项 {n}", "fgj", "2018-12-28", "") for n in range(1, 40)])
    assert small.build() == 0
    before = below(small.output / "powers")
    write_decisions(datasets, [*DECISION_ROWS, ("试许3", "XK-7", "2026-03-05")])
    assert small.build() == 0
    after = below(small.output / "powers")
    assert before.keys() == after.keys()
    assert {name for name in after if after[name] != before[name]} == {"xk-7/index.html", "xk-7/index.json"}


def below(folder: Path) -> dict[str, bytes]:
    """The files below a folder by their path."""
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_two_builds_from_nothing_are_equal(small: Small, datasets: Path) -> None:
    write_decisions(datasets, [(f"试许{n}", f"XK-{n % 2 + 1}", "2021-03-02") for n in range(50)])
    assert small.build() == 0
    first = (small.output / "MANIFEST").read_bytes()
    assert small.build(clean=True) == 0
    assert (small.output / "MANIFEST").read_bytes() == first


def test_what_is_not_open_has_no_pages_and_says_nothing_of_its_columns(small: Small, datasets: Path) -> None:
    shutil.rmtree(datasets / "decisions")
    file = datasets / "powers" / "datapackage.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | {"cn:openType": "不予开放"}))
    assert small.build() == 0
    assert not (small.output / "powers").exists()
    assert "施工许可".encode() not in small.output_bytes()
    assert b"cn:pages" not in small.output_bytes()
