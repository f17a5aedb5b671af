"""`demo` gives the same tree every time, like real collections in length, and without a fault."""

from __future__ import annotations

import csv
import json
import os
import re
import statistics
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from plugins.build.demo import demo
from tests.conftest import ROOT
from tests.small import Small

DOCUMENTS, DATASETS = 1_000, 6


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demo of 1,000 documents and 6 data packages."""
    output = tmp_path_factory.mktemp("demo")
    demo(DOCUMENTS, DATASETS, output)
    return output


def files(folder: Path) -> dict[str, bytes]:
    """Every file below `folder`."""
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def documents(tree: Path, folder: str = "") -> Iterator[tuple[str, dict[str, Any], str]]:
    """Id, header and body of every document."""
    for path in sorted((tree / "content" / folder).rglob("*.md")):
        header, body = path.read_text(encoding="utf-8").removeprefix("---\n").split("\n---\n", 1)
        yield str(path.relative_to(tree / "content").with_suffix("")), parsed(header), body


@cache
def parsed(header: str) -> dict[str, Any]:
    """The header as YAML reads it."""
    found: dict[str, Any] = yaml.safe_load(header)
    return found


def policies(tree: Path) -> dict[str, dict[str, Any]]:
    """The headers of the policies by id."""
    return {identity: header for identity, header, _ in documents(tree, "policies")}


def test_two_hash_seeds_zones_and_folders_give_identical_trees(tmp_path: Path) -> None:
    code = "import sys; from pathlib import Path; from plugins.build.demo import demo; demo(120, 7, Path(sys.argv[1]))"
    for seed, zone in (("0", "UTC"), ("4711", "America/New_York")):
        env = {**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": "C"}
        subprocess.run([sys.executable, "-c", code, str(tmp_path / seed)], cwd=ROOT, env=env, check=True)
    assert files(tmp_path / "0") == files(tmp_path / "4711")


def test_it_writes_as_many_as_it_was_asked_for(tree: Path) -> None:
    assert len(list(documents(tree))) == DOCUMENTS
    assert len(list((tree / "datasets").iterdir())) == DATASETS


@pytest.mark.parametrize("count", [0, 1, 2, 17])
def test_small_numbers_are_exact_too(tmp_path: Path, count: int) -> None:
    demo(count, 0, tmp_path)
    assert len(list(documents(tmp_path))) == count
    assert (tmp_path / "datasets").is_dir()


def test_the_median_body_is_as_long_as_a_real_one(tree: Path) -> None:
    lengths = [len(body) for _, _, body in documents(tree)]
    assert 4_000 < statistics.median(lengths) < 4_800
    assert min(lengths) >= 200
    assert max(lengths) <= 60_000


def test_every_policy_header_has_the_least_and_more(tree: Path) -> None:
    keys = {"title", "number", "issuer", "signed", "published", "topic", "genre", "keywords", "disclosure"}
    for identity, header in policies(tree).items():
        assert keys | {"secrecy_review", "sign_off"} <= set(header)
        assert identity.split("/")[1] == str(header["signed"].year)
        assert re.fullmatch(r"policies/\d{4}/[a-z0-9-]{1,80}", identity)


def test_numbers_reviews_and_slugs_are_used_once(tree: Path) -> None:
    found = list(documents(tree))
    assert len({header["secrecy_review"]["id"] for _, header, _ in found}) == DOCUMENTS
    assert len({identity.rsplit("/", 1)[1] for identity, _, _ in found}) == DOCUMENTS
    held = policies(tree)
    assert len({header["number"] for header in held.values()}) == len(held)


def test_three_in_a_hundred_are_interpretations_of_policies_that_need_one(tree: Path) -> None:
    held = policies(tree)
    needing = {identity for identity, header in held.items() if "interpretation_exempt" not in header}
    explained = {header["interprets"][0] for _, header, _ in documents(tree, "interpretations")}
    assert explained == needing
    assert len(explained) == 30


def test_an_interpretation_comes_within_three_working_days(tree: Path) -> None:
    held = policies(tree)
    for _, header, _ in documents(tree, "interpretations"):
        day = date.fromisoformat(held[header["interprets"][0]]["published"][:10])
        later = [day + timedelta(days=n) for n in range(10)]
        working = [d for d in later[1:] if d.weekday() < 5][:3]
        assert date.fromisoformat(header["published"][:10]) in {day, *working}


def test_relations_name_earlier_policies_and_none_is_repealed_twice(tree: Path) -> None:
    held, repealed = policies(tree), []
    for header in held.values():
        for name in ("based_on", "amends", "repeals"):
            for target in header.get(name, []):
                assert held[target]["signed"] <= header["signed"]
        repealed += header.get("repeals", [])
    assert repealed
    assert len(repealed) == len(set(repealed))


def test_bodies_have_articles_items_lists_tables_links_and_bold(tree: Path) -> None:
    bodies = [body for _, _, body in documents(tree, "policies")]
    for pattern in ("^第一条 ", "^## 第一章 ", "^（一）", "^1\\. ", "^\\| 项目 ", "\\]\\(\\.\\./\\d{4}/", "\\*\\*"):
        assert any(re.search(pattern, body, re.MULTILINE) for body in bodies), pattern
    assert not any("****" in body for body in bodies)


def test_bodies_do_not_repeat_themselves(tree: Path) -> None:
    paragraphs = [p for _, _, body in documents(tree) for p in body.split("\n\n") if len(p) > 60]
    assert len(set(paragraphs)) > 0.99 * len(paragraphs)


def test_packages_hold_50_to_500_rows_and_a_publisher(tree: Path) -> None:
    organisations = {row["id"] for row in yaml.safe_load((tree / "content/organisations.yml").read_text())}
    for folder in (tree / "datasets").iterdir():
        descriptor = json.loads((folder / "datapackage.json").read_text())
        assert descriptor["contributors"][0]["organization"] in organisations
        resource = descriptor["resources"][0]
        rows = list(csv.DictReader((folder / resource["path"]).read_text().splitlines()))
        assert 50 <= len(rows) <= 500
        assert list(rows[0]) == [field["name"] for field in resource["schema"]["fields"]]


def test_a_second_demo_replaces_the_first(tmp_path: Path) -> None:
    demo(40, 3, tmp_path / "twice")
    demo(20, 2, tmp_path / "twice")
    demo(20, 2, tmp_path / "once")
    assert files(tmp_path / "twice") == files(tmp_path / "once")


@pytest.mark.parametrize("folder", ["content", "datasets"])
def test_the_content_of_others_is_not_touched(tmp_path: Path, folder: str) -> None:
    (tmp_path / folder).mkdir()
    (tmp_path / folder / "site.yml").write_text("name: 别人的站\n")
    with pytest.raises(FileExistsError):
        demo(5, 1, tmp_path)
    assert files(tmp_path) == {f"{folder}/site.yml": "name: 别人的站\n".encode()}


def test_a_demo_has_no_fault(tmp_path: Path) -> None:
    small = Small(tmp_path / "demo")
    demo(200, 2, small.folder)
    assert small.faults() == []
