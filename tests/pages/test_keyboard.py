"""From the home page to a file with keys alone: each step is where it is looked for, and is seen."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from benchmarks.search_browser import Browser, Page
from tests.served import Served

pytestmark = pytest.mark.slow
FOCUSED = """(() => {
  const at = document.activeElement, box = at.getBoundingClientRect(), style = getComputedStyle(at);
  const inside = box.width > 0 && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
  const middle = [Math.max(0, box.left) + Math.min(box.width, 8) / 2, box.top + Math.min(box.height, 8) / 2];
  const top = document.elementFromPoint(...middle);
  return {
    tag: at.tagName, id: at.id, text: (at.textContent || "").trim(), href: at.getAttribute("href"),
    ringed: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
    inside, covered: Boolean(top) && !at.contains(top) && !top.contains(at), x: box.left, y: box.top + scrollY,
    main: Boolean(at.closest("main")),
  };
})()"""


class Walk:
    """One page in one window, driven by keys; every step must be seen."""

    def __init__(self, browser: Browser, address: str) -> None:
        self.page = Page(browser, address, ("Page", "Network"))
        self.page.call("Emulation.setDeviceMetricsOverride", width=1280, height=900, deviceScaleFactor=1, mobile=False)
        self.page.call("Emulation.setFocusEmulationEnabled", enabled=True)
        # What scripts do about the new width is done before the next picture: the contents beside a text are unfolded.
        self.page.ask("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")

    def tab(self, back: bool = False) -> dict[str, Any]:
        """The next stop, which has a ring, lies in the window and is not covered (WCAG 2.2: 2.4.7, 2.4.11)."""
        self.page.press("Tab", back=back)
        stop: dict[str, Any] = self.page.ask(FOCUSED)
        assert stop["tag"] == "BODY" or (stop["ringed"] and stop["inside"] and not stop["covered"]), stop
        return stop

    def stop(self) -> int:
        """The next stop, as its place in the page's text; -1 outside."""
        self.tab()
        place: int = self.page.ask("order.indexOf(document.activeElement)")
        return place

    def to(self, **wanted: str) -> list[dict[str, Any]]:
        """Tabs to the first stop that has these values; all stops up to it, each below or right of the one before."""
        stops: list[dict[str, Any]] = []
        while not stops or not wanted.items() <= stops[-1].items():
            assert len(stops) < 80, f"{wanted} is not reached: {[s['text'][:12] for s in stops]}"
            stops.append(self.tab())
        return stops

    def enter(self, until: str) -> None:
        """Presses Enter and waits until an expression holds."""
        self.page.press("Enter")
        self.page.wait(until)

    def write(self, text: str) -> None:
        """Types a text where the focus is."""
        self.page.call("Input.insertText", text=text)


@pytest.fixture
def walk(browser: Browser, hosts: dict[str, Served]) -> Iterator[Walk]:
    made = Walk(browser, hosts["built"].address + "/")
    yield made
    made.page.close()


def test_from_home_over_search_and_a_document_to_its_file(walk: Walk) -> None:
    first = walk.tab()
    assert (first["text"], first["href"]) == ("跳到正文", "#main")
    walk.to(id="home-q")
    walk.write("养老")
    walk.enter("location.pathname === '/search/' && document.querySelector('#search-results li a')")
    first_result = "document.querySelector('#search-results li a')"
    title, href = walk.page.ask(f"[{first_result}.textContent, {first_result}.getAttribute('href')]")
    assert "养老" in title
    walk.to(href=href)
    walk.enter(f"location.pathname === {json.dumps(href)}")
    walk.page.press("Tab")
    walk.enter("location.hash === '#main' && document.activeElement.id === 'main'")
    stops = walk.to(text="Markdown")
    assert all(stop["main"] for stop in stops)
    walk.enter("location.pathname.endsWith('/index.md')")
    assert "养老" in walk.page.ask("fetch(location.href).then((file) => file.text())")


@pytest.mark.parametrize("path", ["/", "/policies/", "/policies/2022/rcyj-2022/", "/verify/", "/search/", "/datasets/"])
def test_keys_go_through_a_page_in_the_order_of_its_text_and_out_again(
    browser: Browser, hosts: dict[str, Served], path: str
) -> None:
    """No stop is skipped, none comes again later, nothing holds the focus; a date has a stop for each of its parts."""
    walk = Walk(browser, hosts["built"].address + path)
    count = walk.page.ask("""(() => {
      const all = [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex='0']")];
      window.order = all.filter((one) => one.checkVisibility() && !one.matches(":disabled, [tabindex='-1']"));
      return order.length;
    })()""")
    stops = [0]
    walk.tab()
    while (stop := walk.stop()) >= stops[-1]:
        stops += [stop] if stop != stops[-1] else []
    assert stops == list(range(count))
    assert stop in {-1, 0}
    walk.page.close()
