"""The demonstration site is the golden tree: it has no fault, and everything in its output leads somewhere."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from lxml import etree, html

from plugins.models.directory import Post
from plugins.views.datasets import WITHHELD
from tests.conftest import ROOT
from tests.links import broken_links
from tests.small import Small

SECRETS = (
    "草稿内容，尚未审定",
    "到期前，这份文件",
    "机动车停放服务收费",
    "春节期间公共服务",
    "内部事务信息",
    "早班",
    "机动车停放",
)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    small = Small(tmp_path_factory.mktemp("demonstration"))
    for part in ("content", "datasets"):
        shutil.copytree(ROOT / part, small.folder / part)
    assert [str(f) for f in small.faults()] == []
    assert small.build(jobs=2) == 0
    return small.output.resolve()


def test_every_link_of_the_output_leads_to_a_file(built: Path) -> None:
    assert broken_links(built) == []


def test_the_link_checker_finds_what_is_broken(built: Path, tmp_path: Path) -> None:
    shutil.copytree(built, tmp_path / "copy")
    (tmp_path / "copy/gazette/2024-01/index.html").unlink()
    assert any(link.endswith("/gazette/2024-01/") for link in broken_links(tmp_path / "copy"))


def test_nothing_that_is_not_public_is_in_any_output_byte(built: Path) -> None:
    files = [p for p in built.rglob("*") if p.is_file()]
    for secret in SECRETS:
        assert not [p for p in files if secret.encode() in p.read_bytes()], secret
    assert not (built / "datasets/staff-roster").exists()
    assert WITHHELD in (built / "datasets/index.html").read_text()


def test_there_is_as_much_as_was_promised(built: Path) -> None:
    def count(pattern: str) -> int:
        return len(list(built.glob(pattern)))

    assert count("policies/*/*/index.txt") >= 24
    assert count("interpretations/*/*/index.txt") >= 12
    assert count("gazette/*/index.txt") >= 4
    assert count("datasets/*/datapackage.json") >= 6
    labels = [json.loads(p.read_text())["validity"] for p in built.glob("policies/*/*/index.json")]
    assert sum(label in {"已废止", "已被代替", "已修改"} for label in labels) >= 3


def test_every_department_has_every_post_that_the_rules_name(built: Path) -> None:
    everyone = json.loads((built / "organisations/index.json").read_text())["organisations"]
    for organisation in everyone:
        if organisation["kind"] in {"政府部门", "政府办公室"}:
            assert {p["post"] for p in organisation["posts"]} == set(Post), organisation["name"]


def test_a_repealed_document_says_so_with_its_successor(built: Path) -> None:
    page = html.parse(str(built / "policies/2020/ljfl-bf/index.html")).getroot()
    banner = page.xpath("//div[contains(@class, 'banner')]")[0].text_content()
    assert "已废止" in banner
    assert "示例县城乡生活垃圾管理办法" in banner


def test_pages_parse_have_one_heading_and_no_inline_script_or_style(built: Path) -> None:
    for path in built.rglob("*.html"):
        page = html.parse(str(path)).getroot()
        assert len(page.xpath("//h1")) == 1, path
        assert not page.xpath("//style | //@style | //script[not(@src)]"), path
        ids = page.xpath("//@id")
        assert len(ids) == len(set(ids)), path


def test_feeds_and_sitemap_are_well_formed_and_complete(built: Path) -> None:
    for feed in built.rglob("*.atom"):
        root = etree.parse(str(feed)).getroot()
        assert root.tag == "{http://www.w3.org/2005/Atom}feed"
        assert root.findtext("{http://www.w3.org/2005/Atom}updated")
    listed = etree.parse(str(built / "sitemap.xml")).getroot()
    pages = list(built.rglob("index.html"))
    assert len(listed) == len(pages)


def test_checksums_of_data_sets_are_right(built: Path) -> None:
    for sums in built.rglob("SHA256SUMS"):
        assert subprocess.run(["sha256sum", "-c", "--quiet", sums.name], cwd=sums.parent, check=False).returncode == 0


def test_frictionless_reads_every_published_package(built: Path) -> None:
    import frictionless

    for descriptor in built.glob("datasets/*/datapackage.json"):
        report = frictionless.Package(str(descriptor)).validate()
        assert report.valid, report.flatten(["message"])


def test_every_json_file_is_json(built: Path) -> None:
    for path in built.rglob("*.json"):
        json.loads(path.read_text())
