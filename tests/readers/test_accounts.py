"""media.yml on its way to /media/: who answers for an account, and what a reader is told of it."""

from __future__ import annotations

import json

from lxml import html

from plugins.build.builder import build
from plugins.readers.directory import read_directory
from tests.small import ORGANISATIONS, SITE, Small


def codes(text: str) -> list[str]:
    """The codes of all that is wrong with these accounts."""
    files = {"site.yml": SITE.encode(), "organisations.yml": ORGANISATIONS.encode(), "media.yml": text.encode()}
    return [fault.code for fault in read_directory(files).faults]


def test_a_list_without_accounts_needs_no_main_one() -> None:
    assert codes("[]") == []


def test_keys_and_words_may_be_chinese() -> None:
    assert codes("- {编号: wx, 平台: 微信公众号, 账号名称: 发布, 主办单位: xzfb, 主账号: 是}") == []


def test_an_account_that_its_owner_runs_needs_no_reviewer() -> None:
    assert codes("- {id: wx, platform: 微信, name: 发布, owner: xzfb, operator: xzfb, main: 是}") == []


def test_what_is_no_list_and_what_hides_a_script_are_faults() -> None:
    assert codes("main: 是") == ["S304"]
    assert codes("- {id: wx, platform: 微信, name: 发布, owner: xzfb, main: 是, url: 'javascript:x'}") == ["H212"]


def test_the_page_shows_every_account_the_main_one_first(small: Small) -> None:
    (small.content / "media.yml").write_text(
        "- {id: wb, platform: 微博, name: '<b>示例</b>', owner: xzfb, operator: xzf, reviewer: 审核岗}\n"
        "- {id: wx, platform: 微信公众号, name: 试验县发布, owner: xzfb, main: 是, url: 'https://social.example/wx'}\n"
    )
    assert [f for f in build(small.settings()).faults if f.severity == "error"] == []
    page = html.parse(str(small.output / "media/index.html"))
    assert page.xpath("//main//h2/descendant-or-self::*/text()") == ["试验县发布", "<b>示例</b>"]
    assert page.xpath("//main//h2/a/@rel") == ["external noopener"]
    assert json.loads((small.output / "media/index.json").read_text())["accounts"][0]["main"] is True


def test_without_accounts_the_page_says_so(small: Small) -> None:
    assert build(small.settings()).release
    page = html.parse(str(small.output / "media/index.html"))
    assert page.xpath("//p[@class='why']/text()")[0].startswith("本县政府及其部门没有登记政务新媒体账号")
    assert json.loads((small.output / "media/index.json").read_text())["accounts"] == []
