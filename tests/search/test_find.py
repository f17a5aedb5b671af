"""`invoke search` and the preview's answer: Whoosh with words, the models' weights, validity and days."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from plugins.build import finder, verbs
from plugins.build.preview import Preview, _Handler
from plugins.models.types import searched_fields
from plugins.release.lock import exclusive
from plugins.search import index
from tests.small import NOW, Small


@pytest.fixture
def site(small: Small) -> Small:
    body = "第一条 为加强住房公积金管理，制定本办法。"
    small.policy("b", body, title="住房公积金管理办法", number="试政发〔2024〕9号")
    small.policy("c", "第一条 依据试政发〔2024〕9号和住房公积金管理办法，提到公积金、公积金。", title="另一个办法")
    small.policy("d", "第一条 住房公积金。", title="公积金旧办法", repeals="[policies/2026/b]")
    small.policy("e", "## 第一章 山水林田\n\n第一条 正文在标题下面，这是一句话。", title="甲办法")
    small.policy("f", "第一条 正文提到山水林田，这是一句话。", title="乙办法", published="2026-03-04 09:00")
    small.policy("g", "第一条 正文提到山水林田，这是一句话。", title="丙办法", published="2026-03-05 09:00")
    small.policy("h", "第一条 正文提到山水林田，这是一句话。", title="丁办法", published="2026-03-03 10:00")
    return small


def found(site: Small, query: str) -> list[str]:
    """The last letters of the addresses found, in order."""
    total, hits = finder.find(site.settings(as_of=NOW), query, 100)
    assert total == len(hits)
    assert [h.score for h in hits] == sorted((h.score for h in hits), reverse=True)
    return [hit.id[-1] for hit in hits]


def test_weights_are_those_of_the_static_index_and_a_number_counts_most() -> None:
    declared = searched_fields()
    assert declared["number"] == declared["source_number"] == max(declared.values())
    boosts = index.boosts()
    assert boosts["number"] > boosts["title"] > boosts["heading"] > boosts["body"]


@pytest.mark.parametrize(
    "query",
    [
        "试政发〔2024〕9号",
        "试政发(2024)9号",
        "试政发[2024]9号",
        "试政发【2024】９号",
        "试政发（2024） 9号",
        '"试政发〔2024〕9号"',
    ],
)
def test_a_number_in_full_stands_first_whatever_its_brackets(site: Small, query: str) -> None:
    """Though the document is no longer in force, and another names it."""
    assert found(site, query) == ["b", "c"]


def test_a_title_in_full_stands_first(site: Small) -> None:
    assert found(site, "住房公积金管理办法")[0] == "b"
    assert found(site, "《住房公积金管理办法》")[0] == "c"


def test_what_is_no_longer_in_force_stands_below(site: Small) -> None:
    assert found(site, "住房公积金") == ["d", "c", "b"]


def test_titles_of_articles_count_more_than_text_and_the_newest_comes_first_among_equals(site: Small) -> None:
    assert found(site, "山水林田") == ["e", "g", "f", "h"]


def test_quotes_spaces_and_a_leading_hyphen_mean_what_they_mean_on_the_page(site: Small) -> None:
    assert found(site, "公积金 依据") == ["c"]
    assert found(site, "公积金 -依据") == ["d", "b"]
    assert found(site, '"公积金管理"') == ["c", "b"]
    assert found(site, '"管理公积金"') == []
    assert found(site, "-公积金") == []


@pytest.mark.parametrize(
    "query", ["", " ", "。，", "\x00", "-", '"', "()[]{}^$.*+?\\", "title:办法", "AND", "[1 TO 2]", "办*法"]
)
def test_odd_queries_answer(site: Small, query: str) -> None:
    found(site, query)


def test_the_shell_prints_the_contracts_json_and_marks_what_ended(
    site: Small, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verbs, "from_file", lambda **_: site.settings())
    assert verbs.search("住房公积金", limit=2, json=True) == 0
    printed = json.loads(capsys.readouterr().out)
    assert list(printed) == ["total", "hits"]
    assert (printed["total"], len(printed["hits"])) == (3, 2)
    assert [set(hit) for hit in printed["hits"]] == [{"url", "title", "score"}] * 2
    assert printed["hits"][0]["url"] == "http://127.0.0.1:8000/policies/2026/d/"
    assert verbs.search("住房公积金") == 0
    printed_lines = capsys.readouterr().out.splitlines()
    assert [line.strip() for line in printed_lines[::2]] == [
        "1. 公积金旧办法",
        "2. 另一个办法",
        "3. 〔已废止〕住房公积金管理办法",
    ]


def test_the_preview_marks_what_ended(site: Small) -> None:
    handler = _Handler.__new__(_Handler)
    handler.preview = Preview(site.settings())
    page = handler._searched(b"<noscript></noscript>", "住房公积金").decode()
    assert "〔已废止〕<a href" in page


def test_a_change_of_validity_or_of_the_address_is_a_change(site: Small, monkeypatch: pytest.MonkeyPatch) -> None:
    counts: list[int] = []
    update = index.update
    monkeypatch.setattr(finder, "update", lambda *given: counts.append(update(*given)))
    found(site, "住房公积金")
    found(site, "公积金")
    (site.content / "policies/2026/d.md").unlink()
    assert found(site, "住房公积金")[0] == "b"
    text = (site.content / "site.yml").read_text()
    site.write("site.yml", text.replace("127.0.0.1:8000", "127.0.0.1:8001"))
    _, hits = finder.find(site.settings(as_of=NOW), "住房公积金", 1)
    assert hits[0].url == "http://127.0.0.1:8001/policies/2026/b/"
    assert counts == [8, 0, 2, 7]


def test_an_index_in_the_state_that_is_asked_for_is_not_read(site: Small, monkeypatch: pytest.MonkeyPatch) -> None:
    found(site, "公积金")
    monkeypatch.setattr("whoosh.index.FileIndex.writer", None)
    assert found(site, "公积金") == ["d", "c", "b"]


def test_an_index_that_another_process_holds_is_waited_for_and_then_said(
    site: Small, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    found(site, "公积金")
    monkeypatch.setattr(finder, "_PATIENCE", 0.2)
    monkeypatch.setattr(verbs, "from_file", lambda **_: site.settings())
    site.policy("z", "第一条 新的。", title="新的办法")
    with exclusive(site.settings().cache / "whoosh.lock"):
        assert verbs.search("公积金") == 2
    assert "正在更新检索索引" in capsys.readouterr().err
    assert verbs.search("公积金") == 0


@pytest.mark.parametrize("harm", [lambda data: data[: len(data) // 2], lambda data: bytes(len(data)), lambda _: b""])
def test_an_index_with_a_file_that_changed_or_is_gone_is_made_anew(site: Small, harm: Callable[[bytes], bytes]) -> None:
    wanted = found(site, "山水林田")
    folder = Path(site.settings().cache / "whoosh")
    for name in sorted(path.name for path in folder.iterdir()):
        if (file := folder / name).is_file() and (data := harm(file.read_bytes())):
            file.write_bytes(data)
        else:
            file.unlink(missing_ok=True)
        assert found(site, "山水林田") == wanted, name


def test_no_index_but_our_own_is_opened(site: Small) -> None:
    """A folder without the marker of this product is made anew; its files are not read."""
    folder = Path(site.settings().cache / "whoosh")
    folder.mkdir(parents=True)
    (folder / "_MAIN_1.toc").write_bytes(b"cos\nsystem\n(S'false'\ntR.")
    assert found(site, "山水林田")[0] == "e"
