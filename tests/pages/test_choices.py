"""Letters and colours that the reader chooses: without script on the page, with it on the next page too."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from benchmarks.search_browser import Browser, Page
from tests.served import Served

pytestmark = pytest.mark.slow
SEEN = """(() => {
  const body = getComputedStyle(document.body), root = getComputedStyle(document.documentElement);
  return [parseFloat(root.fontSize), body.backgroundColor, root.colorScheme];
})()"""
FIRST = """new MutationObserver((changes, observer) => {
  if (!document.querySelector("header.top nav")) return;
  observer.disconnect();
  window.dark = document.getElementById("colours-dark").checked;
}).observe(document, {childList: true, subtree: true})"""
"""What was chosen when the first of the contents came."""
WHITE, BLACK, NIGHT = "rgb(255, 255, 255)", "rgb(0, 0, 0)", "rgb(21, 24, 27)"


@pytest.fixture
def page(browser: Browser, hosts: dict[str, Served]) -> Iterator[Page]:
    """The home page in a window of its own."""
    made = Page(browser, hosts["built"].address + "/", ("Page",))
    made.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": "light"}])
    made.call("Emulation.setFocusEmulationEnabled", enabled=True)
    yield made
    made.close()


def chosen(page: Page, *identifiers: str) -> Any:
    """Chooses, and says what is then seen."""
    for one in identifiers:
        page.ask(f"document.getElementById('{one}').click()")
    return page.ask(SEEN)


def test_inputs_alone_change_letters_and_colours(page: Page, hosts: dict[str, Served]) -> None:
    page.call("Emulation.setScriptExecutionDisabled", value=True)
    page.go(hosts["built"].address + "/policies/")
    usual, *_ = page.ask(SEEN)
    assert chosen(page, "letters-large", "colours-dark") == [pytest.approx(usual * 130 / 106.25), NIGHT, "dark"]
    assert chosen(page, "letters-huge", "colours-high") == [pytest.approx(usual * 160 / 106.25), BLACK, "dark"]
    assert chosen(page, "letters-usual", "colours-light") == [usual, WHITE, "light"]


def test_a_choice_goes_along_to_the_next_page_and_is_nowhere_kept(page: Page, hosts: dict[str, Served]) -> None:
    wanted = chosen(page, "letters-large", "colours-high")
    page.go(hosts["built"].address + "/policies/")
    assert page.ask(SEEN) == wanted
    kept = page.ask("[localStorage.length, sessionStorage.length, document.cookie, location.search, location.hash]")
    assert kept == [0, 0, "", "", ""]
    chosen(page, "letters-usual", "colours-system")
    page.go(hosts["built"].address + "/")
    assert page.ask(SEEN)[1:] == [WHITE, "light dark"]


def test_a_choice_holds_before_the_contents_are_there(page: Page, hosts: dict[str, Served]) -> None:
    """Who chose dark is never shown the light page."""
    chosen(page, "colours-dark")
    page.call("Page.addScriptToEvaluateOnNewDocument", source=FIRST)
    page.go(hosts["built"].address + "/policies/")
    assert page.ask("window.dark") is True


def test_a_name_that_somebody_gave_to_the_window_is_kept(page: Page, hosts: dict[str, Served]) -> None:
    page.ask("window.name = 'of another'")
    chosen(page, "colours-dark")
    assert page.ask("window.name") == "of another"
    page.ask("window.name = 'look <b>x colours-dark'")
    page.go(hosts["built"].address + "/policies/")
    assert page.ask("document.querySelector('.look b')") is None
    assert page.ask(SEEN)[1] == NIGHT


def test_keys_open_choose_and_close(page: Page) -> None:
    page.ask("document.querySelector('.look summary').focus()")
    page.press("Enter", "Tab", "ArrowRight", "Tab", "ArrowRight")
    assert page.ask("[...document.querySelectorAll('.look :checked')].map((one) => one.id)") == [
        "letters-large",
        "colours-light",
    ]
    page.press("Escape")
    assert page.ask("[document.querySelector('.look').open, document.activeElement.tagName]") == [False, "SUMMARY"]


def test_it_closes_behind_the_keyboard_that_goes_on(page: Page) -> None:
    """What comes next lies below it (WCAG 2.2, 2.4.11)."""
    page.ask("document.querySelector('.look summary').focus()")
    page.press("Enter", "Tab", "Tab")
    assert page.ask("document.querySelector('.look').open") is True
    page.press("Tab")
    assert page.ask("document.querySelector('.look').open") is False
    assert page.ask("document.activeElement.closest('.top nav') !== null") is True


@pytest.mark.parametrize("width", [320, 360, 768, 1440])
def test_the_choices_move_nothing_and_lie_in_the_window(page: Page, width: int) -> None:
    page.call("Emulation.setDeviceMetricsOverride", width=width, height=800, deviceScaleFactor=1, mobile=False)
    place = "document.querySelector('main').getBoundingClientRect().top"
    before = page.ask(place)
    page.ask("document.querySelector('.look').open = true")
    assert page.ask(place) == before
    left, right = page.ask(
        "(() => { const box = document.querySelector('.look > div').getBoundingClientRect();"
        " return [box.left, box.right]; })()"
    )
    assert 0 <= left < right <= width
