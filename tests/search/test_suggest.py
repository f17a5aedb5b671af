"""search-suggest.js in a browser, under the site's Content-Security-Policy: what it shows, and what a press does."""

from __future__ import annotations

import gzip
import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from urllib.parse import quote

import pytest
from lxml import html

from tests.search.hinted import Hinted, lay, served
from tests.small import Small

ATTACK = "<img src=x onerror=\"document.title='taken'\">公积金办法"
PRESS = """
import {suggest} from "./search-suggest.js";
const box = document.getElementById("search-suggestions");
const went = [];
const steps = JSON.parse(document.body.dataset.steps);
for (const [query, total, press] of steps) {
  await suggest(box, query, {total}, (next) => went.push(next));
  if (press) box.querySelector("button").click();
}
const late = suggest(box, "公机金", {total: 0}, () => {});
await suggest(box, "", {total: 0}, () => {});
await late;
document.getElementById("went").textContent = JSON.stringify(went);
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    small = lay(Small(tmp_path_factory.mktemp("suggested")).least())
    small.policy("attack", title="'" + ATTACK.replace("'", "''") + "'")
    assert small.build() == 0
    copy = small.folder / "copy"
    shutil.copytree(small.output.resolve(), copy)
    return copy


def shown(site: Path, path: str, folder: Path) -> html.HtmlElement:
    """The page after its scripts ran."""
    browser = shutil.which("chromium") or shutil.which("chromium-browser")
    if not browser:
        assert os.environ.get("CI") != "true", "a browser is required here"
        pytest.skip("chromium is absent: browser tests are skipped")
    command = [browser, "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    command += ["--no-first-run", "--disable-sync", "--disable-component-update", f"--user-data-dir={folder}"]
    with served(site) as (address, _):
        command += ["--virtual-time-budget=8000", "--dump-dom", f"{address}/{path}"]
        done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
    return html.fromstring(done.stdout)


def suggestions(page: html.HtmlElement) -> dict[str, list[str]]:
    """Label -> the texts of its buttons."""
    box = page.get_element_by_id("search-suggestions")
    return {g.findtext("p"): [b.text_content() for b in g.iter("button")] for g in box.findall("div")}


@pytest.mark.slow
def test_the_page_suggests_what_was_meant_where_nothing_was_found(site: Path, tmp_path: Path) -> None:
    page = shown(site, f"search/?q={quote('公机金')}", tmp_path)
    box = page.get_element_by_id("search-suggestions")
    assert suggestions(page)["您是不是要找："][0] == "公积金"
    assert (box.get("role"), box.get("aria-label"), box.get("hidden")) == ("region", "检索建议", None)
    for listed in box.iter("ul"):
        assert page.get_element_by_id(listed.get("aria-labelledby")).text_content().endswith("：")
    assert {button.get("type") for button in box.iter("button")} == {"button"}


@pytest.mark.slow
def test_initials_are_completed_and_other_wordings_are_offered(site: Path, tmp_path: Path) -> None:
    assert suggestions(shown(site, "search/?q=zwgk", tmp_path))["您是不是要找："][0] == "政务公开"
    also = suggestions(shown(site, f"search/?q={quote('政務公開')}", tmp_path / "b"))
    assert "政务公开" in also["也可检索："]


@pytest.mark.slow
def test_a_query_without_suggestions_leaves_the_box_hidden(site: Path, tmp_path: Path) -> None:
    page = shown(site, "search/?q=qwxrtyp", tmp_path)
    assert page.get_element_by_id("search-suggestions").get("hidden") is not None
    assert suggestions(page) == {}


@pytest.mark.slow
def test_a_hostile_title_stays_text_in_a_suggestion(site: Path, tmp_path: Path) -> None:
    page = shown(site, f"search/?q={quote('<im')}", tmp_path)
    assert ATTACK in suggestions(page)["您是不是要找："]
    assert not page.xpath("//img")
    assert page.findtext(".//title") != "taken"


@pytest.mark.slow
def test_results_are_shown_where_hints_cannot_be_loaded(site: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken"
    shutil.copytree(site, broken)
    shutil.rmtree(broken / "search/hints")
    page = shown(broken, f"search/?q={quote('公积金')}", tmp_path / "user")
    assert "找到" in page.get_element_by_id("search-status").text_content()
    assert suggestions(page) == {}


@pytest.mark.slow
def test_a_press_asks_for_what_stands_on_the_button_and_the_last_query_counts(site: Path, tmp_path: Path) -> None:
    """公机金 is pressed, then 工商局; then an answer comes after its query was taken back: the box stays empty."""
    steps = [["公机金", 0, True], ["工商局", 2, True]]
    (site / "static/press.js").write_text(PRESS)
    (site / "press.html").write_text(
        f"<!DOCTYPE html><html lang=zh><body data-steps='{json.dumps(steps)}'><p id=went></p>"
        "<div id=search-suggestions data-base=/search/ hidden></div>"
        "<script type=module src=/static/press.js></script></body></html>"
    )
    page = shown(site, "press.html", tmp_path)
    assert json.loads(page.get_element_by_id("went").text_content()) == ["公积金", "市场监督管理局"]
    assert page.get_element_by_id("search-suggestions").get("hidden") is not None


def test_scripts_that_the_page_loads_are_small_and_have_no_dependency(site: Path) -> None:
    """search-hints.js is at most 3 KB gzipped; what it needs after no hit comes then."""
    sizes = {p.name: len(gzip.compress(p.read_bytes(), 9)) for p in (site / "static").glob("search-*.js")}
    assert sizes["search-hints.js"] <= 3_072
    assert sizes["search-near.js"] <= 2_048
    assert sizes["search-suggest.js"] <= 1_536
    texts = [p.read_text() for p in (site / "static").glob("search-*.js") if p.name != "search-opensearch.js"]
    imported = {name for text in texts for name in re.findall(r'(?:from |import\()"([^"]*)"', text)}
    assert imported == {"./search-hints.js", "./search-near.js", "./search-suggest.js"}


def test_a_site_below_a_path_finds_its_hints(tmp_path: Path) -> None:
    small = lay(Small(tmp_path).least())
    small.write("site.yml", (small.content / "site.yml").read_text().replace(":8000", ":8000/gov/x"))
    assert small.build() == 0
    page = html.parse(str(small.output.resolve() / "search/index.html")).getroot()
    assert page.get_element_by_id("search-suggestions").get("data-base") == "/gov/x/search/"
    (tmp_path / "root/gov").mkdir(parents=True)
    shutil.copytree(small.output.resolve(), tmp_path / "root/gov/x")
    hinted = Hinted(tmp_path / "root", "/gov/x")
    assert hinted.queries("complete", "zwgk")[0][0] == "政务公开"
