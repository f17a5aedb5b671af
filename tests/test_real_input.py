"""Real documents and packages, where `../shared` is present."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from plugins.build import verbs
from tests.links import broken_links
from tests.small import ORGANISATIONS, SITE, TOPICS, Small, header

HIDDEN = "此处文字不应出现在任何地方"


@pytest.fixture(scope="module")
def laws(tmp_path_factory: pytest.TempPathFactory) -> Small:
    from tests.conftest import SHARED

    if not SHARED.is_dir():
        pytest.skip("../shared is absent: the tests on real collections are skipped")
    small = Small(tmp_path_factory.mktemp("laws"))
    shutil.copytree(SHARED / "corpus/laws", small.content)
    small.content.chmod(0o755)
    for folder in small.content.rglob("*"):
        folder.chmod(0o755 if folder.is_dir() else 0o644)
    issuer = {"issuer": "org-01"}
    small.policy("embargoed", HIDDEN, title=HIDDEN, published="2099-01-01 09:00", **issuer)
    small.policy("draft", HIDDEN, title=HIDDEN, status="草稿", **issuer)
    small.policy("bodyless", "", title=HIDDEN, **issuer)
    assert small.build(jobs=2) == 0
    return small


def test_three_hundred_documents_are_found_again_each_with_its_json(laws: Small) -> None:
    found = list(laws.output.glob("policies/*/law-*/index.json"))
    assert len(found) == 300
    titles = {json.loads(p.read_text())["title"] for p in found}
    assert "山东省新旧动能转换促进条例" in titles


def test_a_draft_an_embargoed_and_a_bodyless_item_beside_them_show_nowhere(laws: Small) -> None:
    assert HIDDEN.encode() not in laws.output_bytes()


def test_all_links_of_the_laws_resolve(laws: Small) -> None:
    assert broken_links(laws.output.resolve()) == []


def test_search_prints_the_laws_ranked(laws: Small, capsys: pytest.CaptureFixture[str]) -> None:
    assert verbs.search("中医药", content=str(laws.content), json=True) == 0
    found = json.loads(capsys.readouterr().out)
    titles = [hit["title"] for hit in found["hits"]]
    assert all("中医药" in title for title in titles[:2])
    scores = [hit["score"] for hit in found["hits"]]
    assert scores == sorted(scores, reverse=True)


def test_no_letter_of_a_law_is_lost_in_its_canonical_text(laws: Small) -> None:
    """Every Chinese character of the source body stands in index.txt, in order."""
    for source in sorted(laws.content.glob("policies/*/law-*.md"))[:60]:
        body = source.read_text().split("\n---\n", 1)[1]
        text = (laws.output / source.relative_to(laws.content).with_suffix("") / "index.txt").read_text()
        wanted = [c for c in body if "\u4e00" <= c <= "\u9fff"]
        found = [c for c in text.split("\n\n", 1)[1] if "\u4e00" <= c <= "\u9fff"]
        assert found == wanted, source


def test_the_countys_own_rules_are_published(shared: Path, tmp_path: Path) -> None:
    text = (shared / "corpus/county-rules-2018.txt").read_text()
    small = Small(tmp_path)
    small.write("site.yml", SITE)
    small.write("organisations.yml", ORGANISATIONS)
    small.write("topics.yml", TOPICS)
    fields = header(
        title="灌南县全面推进政务公开工作实施细则",
        signed="2018-07-27",
        published="2018-07-27 09:00",
        secrecy_review="{id: BM-2018-1, by: 保密审查岗, date: 2018-07-27, result: 通过}",
        sign_off="{by: 签发岗, date: 2018-07-27}",
        based_on="[国办发〔2016〕80号, 苏政办发〔2017〕151号, 连政办发〔2018〕54号]",
    )
    body = "\n\n".join(line for line in text.splitlines() if line.strip())
    small.write("policies/2018/zwgk.md", f"---\n{fields}---\n{body}\n")
    assert [str(f) for f in small.faults()] == []
    assert small.build() == 0
    page = (small.output / "policies/2018/zwgk/index.html").read_text()
    assert "苏政办发〔2017〕151号" in page
    assert "本站未收录" in page
