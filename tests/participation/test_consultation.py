"""A consultation's page: how to answer while it is open, what came of it after, in words that stay true."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from lxml import html

from benchmarks.search_browser import Browser, Page
from plugins.views.contacts import letter, telephone
from tests.participation.conftest import document, taking_part
from tests.served import Served
from tests.small import Small

PAGE = "consultations/2026/a"


def page(folder: Path, path: str = PAGE) -> Any:
    return html.parse(str(folder / path / "index.html")).getroot()


def test_an_open_one_says_every_way_to_answer(part: Path) -> None:
    (box,) = page(part).xpath("//section[@id='answer']")
    links = box.xpath(".//a/@href")
    assert links[0] == "https://yj.example.gov.cn/1"
    assert box.xpath(".//a/@rel")[0] == "external noopener"
    assert links[2] == "tel:000088001160"
    asked = parse_qs(urlsplit(links[1]).query)
    assert urlsplit(links[1]).path == "yj@example.gov.cn"
    assert asked["subject"] == ["意见：关于《试验办法》征求意见的公告"]
    assert "http://127.0.0.1:8000/consultations/2026/a/" in asked["body"][0]
    for words in ("新城路20号", "各镇意见箱", "2026-12-20 17:30"):
        assert words in box.text_content()


def test_what_it_says_stays_true_on_a_page_that_nobody_makes_anew(part: Path) -> None:
    (banner,) = page(part).xpath("//div[contains(@class, 'banner')]")
    assert "征求意见至2026年12月20日 17:30，从2026年11月24日算起还有 26 天。" in banner.text_content()


def test_a_closed_one_asks_for_nothing_more(small: Small) -> None:
    taking_part(small)
    assert small.build(as_of="2026-12-21 12:00") == 0
    closed = page(small.output)
    assert not closed.xpath("//section[@id='answer'] | //script[contains(@src, 'deadline')]")
    assert closed.xpath("//script[contains(@src, 'reading.js')]"), "it is read as any document is"


def test_one_whose_outcome_is_published_leads_to_what_came_of_it(small: Small) -> None:
    taking_part(small)
    outcome = (
        "{published: 2027-01-05 09:00, summary: 共收到意见 3 条。, received: 3,"
        " opinions: [{opinion: 建议提前, count: 3, adopted: 采纳}]}"
    )
    terms = {"opens": "2026-11-03 09:00", "closes": "2026-12-20 17:30"}
    document(small, PAGE, title="征求意见", leads_to="[policies/2026/a]", outcome=outcome, **terms)
    assert small.build(as_of="2027-01-04 12:00") == 0
    assert not page(small.output).xpath("//section[@id='outcome']")
    assert small.build(as_of="2027-01-06 12:00") == 0
    (box,) = page(small.output).xpath("//section[@id='outcome']")
    assert "共收到意见 3 条。" in box.text_content()
    assert "/policies/2026/a/" in box.xpath(".//a/@href")
    assert box.xpath(".//table//td[@data-label='采纳情况']/text()") == ["采纳"]
    assert len(page(small.output).xpath("//table//th[text()='建议提前']")) == 1


@pytest.mark.slow
@pytest.mark.parametrize(
    ("now", "said"),
    [
        ("2026-12-18T17:30:00+08:00", "现在离截止还有 2 天。"),
        ("2026-12-18T15:00:00+08:00", "现在离截止还有 2 天 2 小时。"),
        ("2026-12-20T15:00:00+08:00", "现在离截止还有 2 小时。"),
        ("2026-12-20T17:29:59+08:00", "现在离截止还有 1 分钟。"),
        ("2026-12-20T17:30:00+08:00", "征求意见已经截止。采纳情况将在这里公布。"),
    ],
)
def test_the_readers_clock_says_how_long_it_is_still_open(browser: Browser, host: Served, now: str, said: str) -> None:
    at = Page(browser, f"{host.address}/{PAGE}/")
    at.stop_clock(now)
    at.go(f"{host.address}/{PAGE}/")
    at.wait("document.getElementById('deadline').textContent")
    assert at.ask("document.getElementById('deadline').textContent") == said
    at.close()


@pytest.mark.parametrize(
    ("number", "url"),
    [
        ("0000-88001160", "tel:000088001160"),
        ("+86 10 1234", "tel:+86101234"),
        ("12345", "tel:12345"),
        ("（0518）8800 1160", "tel:051888001160"),
        ("0518-88001160-801", ""),
        ("88001160 88001161", ""),
        ("12345(24)", ""),
        ("0000-1、0000-2", ""),
        ("总机转 3", ""),
        ("１２３４５", ""),
        ("", ""),
    ],
)
def test_only_one_number_can_be_dialled(number: str, url: str) -> None:
    assert telephone(number) == url


def test_a_subject_cannot_add_recipients_to_a_letter() -> None:
    url = letter("a@example.gov.cn", "甲&bcc=evil@example.org\r\n", "一\n二")
    asked = parse_qs(urlsplit(url).query)
    assert set(asked) == {"subject", "body"}
    assert asked["body"] == ["一\r\n二"]
