"""What scripts add to a text, and what stays without them: contents that follow, addresses of articles, reading aloud.

The browser's speech is the world's: a stand-in with the same interface notes what it is asked, in place of a voice.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from urllib.parse import unquote

import pytest

from benchmarks.search_browser import Browser, Page
from tests.served import Served

pytestmark = pytest.mark.slow
POLICY = "/policies/2018/zwgk-ssxz/"
STAND_IN = """(() => {
  const heard = window.heard = {said: [], cancelled: 0, now: null};
  const speech = {
    getVoices: () => %s, addEventListener() {},
    speak(one) { heard.said.push([one.voice.name, one.text]); heard.now = one; },
    cancel() { heard.cancelled += 1; const one = heard.now; heard.now = null; one?.onerror?.({error: "canceled"}); },
  };
  heard.finish = () => { const one = heard.now; heard.now = null; one.onend(); };
  Object.defineProperty(window, "speechSynthesis", {value: speech});
  window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
})()"""
VOICES = [
    {"name": "far", "lang": "zh-CN", "localService": False},
    {"name": "english", "lang": "en-GB", "localService": True},
    {"name": "island", "lang": "zh-TW", "localService": True},
    {"name": "near", "lang": "zh_CN", "localService": True},
]
BUTTONS = """[...document.querySelectorAll('.aloud button')].filter((one) => one.checkVisibility())
  .map((one) => one.textContent)"""


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """An empty window that has the keys."""
    made = Page(browser, "about:blank", ("Page",))
    made.call("Emulation.setFocusEmulationEnabled", enabled=True)
    made.call("Emulation.setDeviceMetricsOverride", width=1280, height=900, deviceScaleFactor=1, mobile=False)
    yield made
    made.close()


def settled(page: Page) -> None:
    """Waits for the observer, which is told of a place after it is drawn."""
    page.ask("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 50))))")


def test_the_contents_follow_the_reading_both_ways(page: Page, hosts: dict[str, Served]) -> None:
    page.go(hosts["built"].address + POLICY)
    current = "[...document.querySelectorAll('.outline [aria-current]')].map((one) => one.textContent)"
    settled(page)
    assert page.ask("document.querySelector('.outline').open") is True
    for place, title in ((3, "第四章 平台与公报"), (5, "第六章 附则"), (1, "第二章 公文公开属性")):
        page.ask(f"document.querySelectorAll('.body h2')[{place}].scrollIntoView()")
        settled(page)
        assert page.ask(current) == [title]
        assert page.ask("document.querySelector('.outline').getBoundingClientRect().top") >= 0
    page.ask("scrollTo(0, 0)")
    settled(page)
    assert page.ask(current) in ([], ["第一章 总则"])


def test_on_a_phone_the_contents_stay_folded(page: Page, hosts: dict[str, Served]) -> None:
    page.call("Emulation.setDeviceMetricsOverride", width=360, height=800, deviceScaleFactor=1, mobile=False)
    page.go(hosts["built"].address + POLICY)
    assert page.ask("document.querySelector('.outline').open") is False


def test_an_article_leads_to_itself_without_script(page: Page, hosts: dict[str, Served]) -> None:
    page.call("Emulation.setScriptExecutionDisabled", value=True)
    page.go(hosts["built"].address + POLICY)
    found = page.ask("[...document.querySelectorAll('.anchor')].map((one) => [one.textContent, one.hash])")
    assert found[:3] == [["第一章 总则", "#chap-1"], ["第一条", "#art-1"], ["第二条", "#art-2"]]
    assert page.ask("document.querySelectorAll('.anchor:not([href])').length") == 0
    at_home = "(one) => document.getElementById(one.hash.slice(1)).contains(one)"
    assert page.ask(f"[...document.querySelectorAll('.anchor')].every({at_home})") is True


def test_a_click_on_its_number_copies_the_address_of_an_article_and_says_so(
    browser: Browser, page: Page, hosts: dict[str, Served]
) -> None:
    rights = ["clipboardReadWrite", "clipboardSanitizedWrite"]
    browser.call("Browser.grantPermissions", permissions=rights, browserContextId=page.context)
    address = hosts["built"].address + POLICY
    page.go(address + "?from=search")
    page.ask("document.querySelector('.anchor[href=\"#art-7\"]').focus()")
    page.ask("""window.told = new Promise((done) => {
      const status = document.querySelector('main [role=status]');
      new MutationObserver(() => done(status.textContent)).observe(status, {childList: true});
    }); 0""")
    page.press("Enter")
    assert page.ask("told") == "已复制“第七条”的链接"
    assert page.ask("navigator.clipboard.readText()") == f"{address}#art-7"
    assert page.ask("location.hash") == "#art-7"


def test_a_letter_about_a_mistake_names_the_article(page: Page, hosts: dict[str, Served]) -> None:
    page.go(hosts["built"].address + POLICY)
    letter = "document.querySelector('.follow a[href^=mailto]')"
    begun = unquote(page.ask(f"{letter}.href"))
    assert begun.startswith("mailto:")
    assert "指出错误：示例县政务公开工作实施细则" in begun
    page.ask(f"location.hash = '#art-7'; {letter}.addEventListener('click', (event) => event.preventDefault())")
    page.ask(f"{letter}.click(); {letter}.click()")
    assert f"{POLICY}#art-7（第七条）\r\n" in unquote(page.ask(f"{letter}.href"))
    assert unquote(page.ask(f"{letter}.href")).count("#art-7") == 1


def listening(page: Page, address: str, voices: list[dict[str, object]] = VOICES) -> None:
    """Opens a page in a browser that has these voices."""
    page.call("Page.addScriptToEvaluateOnNewDocument", source=STAND_IN % json.dumps(voices))
    page.go(address)


def test_the_whole_text_is_read_once_in_its_order_by_a_voice_of_this_machine(
    page: Page, hosts: dict[str, Served]
) -> None:
    listening(page, hosts["built"].address + POLICY)
    assert page.ask(BUTTONS) == ["朗读本文"]
    page.ask("document.querySelector('.aloud button').click()")
    assert page.ask("document.querySelector('.spoken').localName") == "h1"
    said = page.ask("(() => { while (heard.now) heard.finish(); return heard.said; })()")
    assert {voice for voice, _ in said} == {"near"}
    assert max(len(text) for _, text in said) <= 121
    text = page.ask("document.querySelector('h1').textContent + document.querySelector('.body').textContent")
    assert "".join("".join(piece for _, piece in said).split()) == "".join(text.split())
    assert page.ask(BUTTONS) == ["朗读本文"]
    assert page.ask("document.querySelector('.spoken')") is None


def test_tables_are_read_by_rows_and_lists_by_items(page: Page, hosts: dict[str, Served]) -> None:
    listening(page, hosts["built"].address + "/policies/2022/rcyj-2022/")
    page.ask("document.querySelector('.aloud button').click()")
    said = page.ask("(() => { while (heard.now) heard.finish(); return heard.said.map(([, text]) => text); })()")
    assert "情形，补贴标准，申请时间" in said
    assert said.count("十六至二十四周岁的失业青年。") == 1


def test_reading_pauses_goes_on_where_it_was_and_stops(page: Page, hosts: dict[str, Served]) -> None:
    listening(page, hosts["built"].address + POLICY)
    page.ask("document.querySelector('.aloud button').focus()")
    page.press("Enter")
    page.ask("heard.finish(); heard.finish()")
    assert page.ask(BUTTONS) == ["暂停朗读", "停止"]
    page.press("Enter")
    assert page.ask("[heard.now, heard.said.length]") == [None, 3]
    assert page.ask(BUTTONS) == ["继续朗读", "停止"]
    page.press("Enter")
    assert page.ask("heard.said[3][1] === heard.said[2][1]") is True
    page.press("Escape")
    assert page.ask("heard.now") is None
    assert page.ask(BUTTONS) == ["朗读本文"]


def test_reading_stops_when_the_page_is_left(page: Page, hosts: dict[str, Served]) -> None:
    listening(page, hosts["built"].address + POLICY)
    page.ask("document.querySelector('.aloud button').click()")
    page.ask("dispatchEvent(new PageTransitionEvent('pagehide'))")
    assert page.ask("heard.now") is None


def test_an_issue_is_read_by_its_titles(page: Page, hosts: dict[str, Served]) -> None:
    listening(page, hosts["built"].address + "/gazette/2025-01/")
    page.ask("document.querySelector('.aloud button').click()")
    said = page.ask("(() => { while (heard.now) heard.finish(); return heard.said.map(([, text]) => text); })()")
    titles = page.ask("[...document.querySelectorAll('.contents .card-title')].map((one) => one.textContent)")
    assert titles
    assert [text for text in said if text in titles] == titles


@pytest.mark.parametrize("voices", [[], VOICES[:2]], ids=["none", "none of this machine that speaks Chinese"])
def test_where_no_voice_would_serve_there_is_no_button(
    page: Page, hosts: dict[str, Served], voices: list[dict[str, object]]
) -> None:
    listening(page, hosts["built"].address + POLICY, voices)
    assert page.ask("document.querySelector('.aloud')") is None
