"""What stands around a text on its page: data sets both ways, interpretations first, feeds, a letter, addresses."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from lxml import html

from tests.small import ORGANISATIONS, SITE, Small
from tests.tables import write_powers

HOSTILE = '试验"><script>alert(1)</script>&body=x%0d%0aBcc: a@b 办法'


def page(root: Path, address: str) -> Any:
    """A built page as a tree."""
    return html.parse(str(root / address / "index.html")).getroot()


def links(tree: Any, label: str) -> list[str]:
    """Where the links of a part lead."""
    found: list[str] = tree.xpath(f"//main//section[h2='{label}']//a/@href")
    return found


def resting(small: Small, basis: object) -> int:
    """Builds with a data set whose descriptor names this basis; the exit code."""
    file = write_powers(small.folder / "datasets") / "datapackage.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | {"cn:basis": basis}))
    return small.build(datasets=str(small.folder / "datasets"))


def related(small: Small) -> dict[str, list[str]]:
    """What the document's JSON says is related to it."""
    found: dict[str, list[str]] = json.loads((small.output / "policies/2026/a/index.json").read_text())["relations"]
    return found


def test_a_document_and_the_data_that_rest_on_it_lead_to_each_other(small: Small) -> None:
    assert resting(small, ["policies/2026/a", "/policies/2026/a.md", 7, None, "试政发〔1999〕9号"]) == 0
    assert links(page(small.output, "policies/2026/a"), "以本文件为依据的数据集") == ["/datasets/powers/"]
    assert related(small) == {"basis_inverse": ["datasets/powers"]}
    rows = page(small.output, "datasets/powers").xpath("//table[@class='fields']//tr[th='依据']")
    assert [(row.xpath("string(td)"), row.xpath("string(td/a/@href)")) for row in rows] == [
        ("试验办法", "/policies/2026/a/"),
        ("试验办法", "/policies/2026/a/"),
        ("试政发〔1999〕9号", ""),
    ]


def test_on_what_a_withheld_data_set_rests_nobody_learns(small: Small) -> None:
    """It has its row in the catalogue, and no page to which a link could lead."""
    folder = write_powers(small.folder / "datasets")
    (folder / "powers.csv").unlink()
    kept = {"cn:basis": ["policies/2026/a"], "cn:openType": "不予开放", "resources": []}
    written = json.loads((folder / "datapackage.json").read_text())
    del written["cn:pages"]
    (folder / "datapackage.json").write_text(json.dumps(written | kept))
    assert small.build(datasets=str(small.folder / "datasets")) == 0
    assert page(small.output, "datasets").xpath("//main//*[contains(text(), '数据包 powers')]")
    made = page(small.output, "policies/2026/a")
    assert links(made, "以本文件为依据的数据集") == []
    assert related(small) == {}
    assert "数据包 powers" not in made.text_content()


def test_a_data_set_that_no_longer_rests_on_a_document_leaves_its_page(small: Small) -> None:
    for basis, wanted in ((["policies/2026/a"], 1), ([], 0), ("policies/2026/a", 1)):
        assert resting(small, basis) == 0
        assert len(links(page(small.output, "policies/2026/a"), "以本文件为依据的数据集")) == wanted


def test_a_letter_holds_a_title_that_would_be_a_header_or_markup_as_text(small: Small) -> None:
    small.write("site.yml", SITE + "contact: {email: a@example.gov.cn}\n")
    small.policy("b", title=f"'{HOSTILE}'")
    assert small.build() == 0
    (letter,) = [one for one in links(page(small.output, "policies/2026/b"), "订阅与纠错") if one.startswith("mailto:")]
    parts = urlsplit(letter)
    asked = parse_qs(parts.query, strict_parsing=True)
    assert (parts.path, sorted(asked)) == ("a@example.gov.cn", ["body", "subject"])
    assert asked["subject"] == [f"指出错误：{HOSTILE}"]
    assert "\r\n网址：http://127.0.0.1:8000/policies/2026/b/\r\n" in asked["body"][0]
    assert not any(c in letter for c in "<>\"' \r\n")


@pytest.mark.parametrize("whose", ["issuer", "site", "nobody"])
def test_a_letter_goes_to_the_issuer_else_to_the_site_else_there_is_none(small: Small, whose: str) -> None:
    if whose == "issuer":
        small.write(
            "organisations.yml", ORGANISATIONS.replace("政府办公室}", "政府办公室, email: xzfb@example.gov.cn}")
        )
    if whose != "nobody":
        small.write("site.yml", SITE + "contact: {email: a@example.gov.cn}\n")
    assert small.build() == 0
    found = [one.split("?")[0] for one in links(page(small.output, "policies/2026/a"), "订阅与纠错") if "@" in one]
    wanted = {"issuer": ["mailto:xzfb@example.gov.cn"], "site": ["mailto:a@example.gov.cn"], "nobody": []}
    assert found == wanted[whose]


def test_feeds_of_topic_and_issuer_are_there(small: Small) -> None:
    small.policy("a", topic="zhzw")
    assert small.build() == 0
    feeds = [one for one in links(page(small.output, "policies/2026/a"), "订阅与纠错") if one.endswith(".atom")]
    assert feeds == ["/topics/zhzw/feed.atom", "/organisations/xzfb/feed.atom"]
    assert all((small.output / one.lstrip("/")).is_file() for one in feeds)


def test_an_interpretation_stands_before_the_text_of_its_policy_and_the_other_way_round(built: Path) -> None:
    policy, interpretation = "policies/2024/yljz-2024", "interpretations/2024/jd-yljz-2024"
    for here, there in ((policy, interpretation), (interpretation, policy)):
        beside = page(built, here).xpath("//div[@class='about'][following-sibling::div[@class='text']]//a/@href")
        assert beside == [f"/{there}/"]


def test_the_drawing_leads_only_where_the_lists_lead_and_says_nothing_to_who_hears_the_page(built: Path) -> None:
    drawn = 0
    for file in built.glob("policies/*/*/index.html"):
        tree = html.parse(str(file)).getroot()
        for svg in tree.xpath("//figure[@class='graph']//*[local-name()='svg']"):
            drawn += 1
            leads = svg.xpath(".//*[local-name()='a']/@href")
            assert len(leads) >= 2
            assert set(leads) <= set(tree.xpath("//main//section//a/@href"))
            assert svg.get("aria-hidden") == "true"
            assert set(svg.xpath(".//*[local-name()='a']/@tabindex")) == {"-1"}
    assert drawn > 5


def test_no_link_to_its_own_places_goes_into_the_markdown_of_a_text(small: Small) -> None:
    """Raw HTML makes the sanitised page the source of index.md."""
    small.policy("a", "# 第一章 总则\n\n第一条 为了<b>试验</b>，制定本办法。\n\n[第二条](#art-1)规定的事项。")
    assert small.build() == 0
    text = (small.output / "policies/2026/a/index.md").read_text()
    assert "第一条 为了<b>试验</b>" in text
    assert "anchor" not in text
    assert 'href="#art-1"' in text
    assert page(small.output, "policies/2026/a").xpath("//a[@class='anchor']/text()") == ["第一章 总则", "第一条"]
