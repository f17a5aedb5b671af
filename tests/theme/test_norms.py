"""The demonstration keeps the norms of government sites; a site that breaks one of them in one place is found out."""

from __future__ import annotations

import base64
import hashlib
import os
import re
import shutil
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import pytest
from lxml import html

from plugins.build.publish import publish
from plugins.models.directory import Role
from plugins.models.sections import SECTIONS
from plugins.models.types import TYPES
from plugins.views.frame import written_moment
from tests.conftest import ROOT
from tests.norms import RULES, findings
from tests.small import Small

POLICY = "policies/2025/gggy-xg/"
ANYWHERE = "interpretations/"
LISTED = r"(?s)<ul class=\"cards\">.*?</ul>"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demonstration site as it is published, with its ledger."""
    small = Small(tmp_path_factory.mktemp("norms")).holding(ROOT)
    result = publish(small.settings(datasets=str(small.folder / "datasets"), jobs=2))
    assert [str(f) for f in result.faults if f.severity == "error"] == []
    return small.output.resolve()


@pytest.fixture
def copy(built: Path, tmp_path: Path) -> Path:
    """A copy that may be damaged: what is written anew is no longer the other's file."""
    return Path(shutil.copytree(built, tmp_path / "copy", copy_function=os.link))


def damage(root: Path, path: str, pattern: str, put: str) -> None:
    """Replaces everything that `pattern` finds in a file, which must be something."""
    file = root / (f"{path}index.html" if path.endswith("/") or not path else path)
    text, count = re.subn(pattern, put, file.read_text())
    assert count, pattern
    file.unlink()
    file.write_text(text)


def test_the_demonstration_keeps_every_norm(built: Path) -> None:
    assert findings(built) == []


DAMAGES: dict[str, tuple[str, str, str, str]] = {
    "a page that does not say which site it is of": ("site labels", ANYWHERE, r'<meta name="SiteName".*', ""),
    "an empty site code": ("site labels", "", r'(name="SiteIDCode" content=)"\d+"', r'\1""'),
    "a site code with a digit too few": ("site labels", POLICY, r'(name="SiteIDCode" content=")\d', r"\1"),
    "a column without its purpose": ("page labels", ANYWHERE, r'<meta name="ColumnDescription".*', ""),
    "a home page that is no column": ("page labels", "", r'<meta name="Column.*', ""),
    "a purpose that says no more than the name": (
        "page labels",
        ANYWHERE,
        r'(name="ColumnDescription" content=)"[^"]*"',
        r'\1"政策解读"',
    ),
    "a label that stands twice": ("page labels", POLICY, r'(<meta name="ArticleTitle".*)', r"\1\1"),
    "a content page without a title": ("page labels", POLICY, r'<meta name="ArticleTitle".*', ""),
    "a day without its time": ("publication time", POLICY, r'(name="PubDate" content="[-\d]{10}) [\d:]{5}', r"\1"),
    "a day that does not exist": (
        "publication time",
        POLICY,
        r'(name="PubDate" content=")[-\d]{10}',
        r"\g<1>2025-02-30",
    ),
    "another time than in the label": (
        "publication time",
        POLICY,
        r"(发布时间：<time datetime=\"[^\"]*\">)[^<]*",
        r"\g<1>2020-01-01 09:00",
    ),
    "a time that is not shown": ("publication time", POLICY, r"<span>发布时间：.*?</span>", ""),
    "a source that is not shown": ("source", POLICY, r"<span>来源：.*?</span>", ""),
    "another source than in the label": ("source", POLICY, r"<span>来源：.*?</span>", "<span>来源：某网站</span>"),
    "no mark of party and government sites": ("foot", POLICY, r"<li><svg.*href=\"https://bszs.*", ""),
    "a place for reports of errors that does not know the site": ("foot", "", r"site_code=\d+", "site_code="),
    "no ICP record": ("foot", "", r"<li>ICP备案.*", ""),
    "a police record that leads nowhere": ("foot", "", r"webSearch\?code=\d+", ""),
    "no map": ("foot", ANYWHERE, r"<li><a href=\"/sitemap/\".*", ""),
    "no sponsor": ("foot", ANYWHERE, r"<li>主办单位.*", ""),
    "no telephone": ("foot", ANYWHERE, r"<li>联系电话.*", ""),
    "another code in the foot than in the label": ("foot", ANYWHERE, r"网站标识码：\d", "网站标识码："),
    "a blank column": ("blank column", ANYWHERE, LISTED, ""),
    "a column whose reason says nothing": ("blank column", ANYWHERE, LISTED, '<p class="why">无</p>'),
    "a link that passes for one of the site": ("external links", "", r'(href="https://bszs[^"]*") rel="[^"]*"', r"\1"),
    "a link that may steer its opener": ("external links", "", r"external noopener", "external"),
    "a mark for programs alone": ("external links", "static/style.css", r"a\[rel~=external\]::after \{.*", ""),
    "a policy that does not lead to its interpretation": (
        "both ways",
        "POLICY",
        r'<a href="/interpretations/\d[^"]*"',
        '<a href="/"',
    ),
    "an interpretation that does not lead to its policy": (
        "both ways",
        "INTERPRETATION",
        r'<a href="/policies/\d[^"]*"',
        '<a href="/"',
    ),
    "a column that nobody keeps": (
        "register of columns",
        "sitemap/",
        r"(政府公报</a></th><td>[^<]*</td><td>)[^<]*",
        r"\1",
    ),
    "a column without a cycle": ("register of columns", "sitemap/", r"(</td><td>)每半年", r"\1"),
    "a column that is not registered": (
        "register of columns",
        "sitemap/",
        r"<tr><th scope=\"row\"><a href=\"/news/.*",
        "",
    ),
    "a register that is gone": ("register of columns", "sitemap/", r"(?s)<table>.*?</table>", ""),
}
"""What is wrong -> rule, page, what is replaced, by what."""


def explained(root: Path) -> dict[str, str]:
    """A policy with an interpretation, and that."""
    for file in sorted(root.glob("interpretations/*/*/index.html")):
        for policy in re.findall(r'<a href="/(policies/\d{4}/[\w-]+/)"', file.read_text()):
            return {"POLICY": policy, "INTERPRETATION": f"{file.parent.relative_to(root)}/"}
    raise AssertionError("no policy is explained")


@pytest.mark.parametrize("name", DAMAGES)
def test_what_is_wrong_in_one_place_is_found_there_and_nowhere_else(copy: Path, name: str) -> None:
    rule, path, pattern, put = DAMAGES[name]
    damage(copy, explained(copy).get(path, path), pattern, put)
    assert {finding.rule for finding in findings(copy)} == {rule}


def test_every_rule_is_shown_to_find_something() -> None:
    assert {rule for rule, *_ in DAMAGES.values()} == {*RULES, "both ways", "register of columns"}


def test_every_type_of_document_is_a_column_with_a_purpose_of_its_own() -> None:
    assert TYPES.keys() <= SECTIONS.keys()
    purposes = [section.purpose for section in SECTIONS.values()]
    assert len(purposes) == len(set(purposes))
    assert all(section.type and section.keywords for section in SECTIONS.values())


def test_a_column_is_kept_by_the_organisation_whose_duty_it_is_else_by_the_sites_owner(small: Small) -> None:
    assert small.build() == 0
    assert owners(small) == {"试验县人民政府"}
    duty = f"- {{id: zwb, name: 县政务公开办, kind: 政府办公室, roles: {Role.OWNER}}}\n"
    small.write("organisations.yml", (small.content / "organisations.yml").read_text() + duty)
    assert small.build() == 0
    assert owners(small) == {"县政务公开办"}


def owners(small: Small) -> set[str]:
    """Who keeps the columns, as the map says."""
    rows = html.parse(str(small.output / "sitemap/index.html")).xpath("//main//tr[td]")
    return {row.xpath("string(./td[2])") for row in rows}


def test_a_site_with_one_policy_has_no_blank_column(small: Small) -> None:
    assert small.build() == 0
    assert [found for found in findings(small.output) if found.rule != "foot"] == []


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("2026-11-02T09:00:00+08:00", "2026-11-02 09:00"),
        ("2026-11-02 09:30", "2026-11-02 09:30"),
        ("2026-11-02", "2026-11-02 00:00"),
        ("", ""),
    ],
)
def test_moments_are_written_in_the_norms_form(written: str, shown: str) -> None:
    assert written_moment(written) == shown


def test_every_script_and_stylesheet_is_the_one_whose_hash_stands_in_the_page(built: Path) -> None:
    seen: set[str] = set()
    for file in built.rglob("*.html"):
        for path, element in loaded(file):
            assert element.get("integrity") == digest(built / path), (file, path)
            seen.add(path)
    assert {"static/style.css", "static/table.js", "static/verify-hash.js"} <= seen


def test_no_module_is_imported_whose_hash_the_page_does_not_name(built: Path) -> None:
    for file in built.rglob("*.html"):
        named = {path for path, _ in loaded(file)}
        for path in named:
            for other in re.findall(r'^import [^"]*"([^"]+)"', (built / path).read_text(), re.MULTILINE):
                assert urljoin(path, other) in named, (file, path, other)


def test_no_page_has_code_of_its_own_so_that_the_policy_needs_no_exception(built: Path) -> None:
    for file in built.rglob("*.html"):
        tree: Any = html.parse(str(file)).getroot()
        assert not tree.xpath("//style | //@style | //@*[starts-with(name(), 'on')] | //iframe | //object"), file
        assert not tree.xpath("//script[not(@src)][not(@type='application/ld+json')]"), file
    policy = next(line for line in (built / "_headers").read_text().splitlines() if "Content-Security-Policy" in line)
    assert "unsafe" not in policy
    assert "default-src 'self'" in policy


def loaded(file: Path) -> list[tuple[str, Any]]:
    """The scripts and stylesheets of a page: path below the site, element."""
    found = html.parse(str(file)).xpath("//script[@src] | //link[@rel='stylesheet' or @rel='modulepreload']")
    return [((e.get("src") or e.get("href")).lstrip("/"), e) for e in found]


def digest(file: Path) -> str:
    """The hash as a page names it."""
    return "sha256-" + base64.b64encode(hashlib.sha256(file.read_bytes()).digest()).decode()
