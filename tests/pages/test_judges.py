"""One page of every type before judges that others wrote: axe-core in Chromium, and the Nu HTML checker."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote

import pytest

from benchmarks.search_browser import Browser, Page
from tests.conftest import ROOT
from tests.judging import MODES, RUN, UNFOLD, WIDER, judge, shown
from tests.pages.kinds import KINDS, Kind
from tests.served import Served

pytestmark = pytest.mark.slow(minutes=4)
TOLD = ("Log", "Runtime", "Network", "Audits")
WAIT = """new Promise((done, fail) => {
  const until = Date.now() + 30000;
  const look = () => document.querySelector(%s) ? done()
    : Date.now() > until ? fail(new Error("never")) : setTimeout(look, 20);
  look();
})"""


def opened(browser: Browser, hosts: dict[str, Served], kind: Kind) -> Page:
    """The page, once its script is done and all that was folded is open."""
    browser.events.clear()
    page = Page(browser, hosts[kind.site].address + quote(kind.path, safe="/?="), TOLD)
    if kind.ready:
        page.ask(WAIT % json.dumps(kind.ready))
    page.ask(UNFOLD)
    return page


def complaints(browser: Browser, kind: Kind) -> list[str]:
    """What the browser reported: errors, breaches of the policy, issues. A page that is not there is one by itself."""
    found = []
    for event in browser.events:
        told = event.get("params", {})
        match event.get("method"):
            case "Log.entryAdded":
                found.append(f"{told['entry']['level']}: {told['entry']['text']} {told['entry'].get('url')}")
            case "Runtime.exceptionThrown":
                found.append(json.dumps(told["exceptionDetails"]))
            case "Runtime.consoleAPICalled":
                found.append(json.dumps(told["args"]))
            case "Audits.issueAdded":
                found.append(json.dumps(told["issue"]))
    return [one for one in found if not (kind.template == "404" and one.rstrip().endswith(kind.path))]


def asked(browser: Browser) -> list[str]:
    """The addresses of all requests."""
    sent = [e for e in browser.events if e.get("method") == "Network.requestWillBeSent"]
    return [url for e in sent if not (url := e["params"]["request"]["url"]).startswith("data:")]  # browser's own icons


def test_a_page_of_every_template_is_judged() -> None:
    """What is drawn into the frame of the site is a page."""
    pages = {p.stem for p in (ROOT / "theme/templates").glob("*.html") if "{% extends" in p.read_text()}
    assert {kind.template for kind in KINDS.values()} == pages


@pytest.mark.parametrize("name", KINDS)
def test_everyone_can_use_the_page_and_it_asks_nobody_else(
    browser: Browser, hosts: dict[str, Served], axe: str, name: str
) -> None:
    kind = KINDS[name]
    page = opened(browser, hosts, kind)
    assert complaints(browser, kind) == []
    assert [url for url in asked(browser) if not url.startswith(hosts[kind.site].address + "/")] == []
    page.ask(axe + ";0")
    found = {}
    for mode, reader in MODES.items():
        shown(page, **reader)
        found[mode] = page.ask(RUN) + ([["wider", WIDER]] if page.ask(WIDER) > 0 else [])
    assert found == {mode: [] for mode in MODES}
    page.close()


FAULTY = """document.querySelector("main").insertAdjacentHTML("beforeend",
  '<img src="/verify/qr.svg"><p id="pale">看不清楚的文字</p><input><p id="wide">宽</p>');
  document.getElementById("pale").style.color = "#ddd"; document.getElementById("wide").style.width = "4000px";"""


def test_the_judge_in_the_browser_finds_what_is_wrong(browser: Browser, hosts: dict[str, Served], axe: str) -> None:
    page = opened(browser, hosts, KINDS["rules"])
    page.ask(FAULTY + axe + ";0")
    shown(page)
    assert {"image-alt", "label", "color-contrast"} <= {rule for rule, *_ in page.ask(RUN)}
    assert page.ask(WIDER) > 0
    page.close()


@pytest.mark.parametrize(
    "attack",
    [
        "document.body.append(Object.assign(document.createElement('script'), {textContent: '1'}))",
        "document.body.insertAdjacentHTML('beforeend', '<p style=\"color:red\">')",
        "fetch('https://evil.example/').catch(() => 0)",
        "document.body.insertAdjacentHTML('beforeend', '<img src=https://evil.example/x.png>')",
    ],
    ids=["inline script", "inline style", "foreign request", "foreign picture"],
)
def test_the_policy_is_in_force_and_its_reports_are_seen(
    browser: Browser, hosts: dict[str, Served], attack: str
) -> None:
    kind = KINDS["rules"]
    page = opened(browser, hosts, kind)
    assert complaints(browser, kind) == []
    page.ask(f"{attack};0")
    page.ask("new Promise((done) => setTimeout(done, 100))")
    assert any("Content Security Policy" in one for one in complaints(browser, kind))
    page.close()


def nu(*pages: Path, options: Sequence[str] = ()) -> list[str]:
    """The errors and warnings that the Nu HTML checker finds in files."""
    if not shutil.which("java"):
        assert os.environ.get("CI") != "true", "java is required here"
        pytest.skip("java is absent")
    command = ["java", "-jar", str(judge("vnu", "vnu.jar")), "--format", "json", "--stdout", *options]
    done = subprocess.run([*command, *map(str, pages)], check=False, capture_output=True, text=True)
    told = json.loads(done.stdout)["messages"]
    return [f"{m['url']}:{m.get('lastLine')}: {m['message']}" for m in told]


def test_every_page_is_valid_html(built: Path, changed: Path, gallery: Path) -> None:
    """English in the gallery is marked as English: what a component takes. Nobody guesses the language of the whole."""
    pages = [*built.rglob("*.html"), *changed.rglob("*.html")]
    assert len(pages) > 400
    assert nu(*sorted(pages)) == []
    assert nu(*gallery.rglob("*.html"), options=["--no-langdetect"]) == []


def test_the_checker_finds_what_is_wrong(built: Path, tmp_path: Path) -> None:
    """A second, an unclosed and an unknown element, an image without text, a label for nothing."""
    text = (built / "index.html").read_text()
    wrong = {
        "main": "</main><main></main>",
        "unclosed": "<section><div></section></main>",
        "unknown": "<foo></foo></main>",
        "image": '<img src="/x.svg"></main>',
        "label": '<label for="none">a</label></main>',
    }
    for name, end in wrong.items():
        (tmp_path / f"{name}.html").write_text(text.replace("</main>", end))
    found = nu(*tmp_path.iterdir())
    assert {name for name in wrong if any(f"/{name}.html:" in one for one in found)} == set(wrong)
