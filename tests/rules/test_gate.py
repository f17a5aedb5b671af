"""The gate: nothing is published unless a record says so. Each test fails when the gate is disabled."""

from __future__ import annotations

import json

import pytest

from plugins.rules import gate
from tests.small import Small

SECRET = "天王盖地虎宝塔镇河妖"


def published(small: Small) -> bytes:
    assert small.build() == 0
    return small.output_bytes()


def test_a_draft_never_reaches_the_output(small: Small) -> None:
    small.policy("b", SECRET, title=SECRET, status="草稿")
    assert SECRET.encode() not in published(small)


def test_a_text_under_review_never_reaches_the_output(small: Small) -> None:
    small.policy("b", SECRET, title=SECRET, status="送审")
    assert SECRET.encode() not in published(small)


def test_an_embargoed_text_waits_for_its_moment(small: Small) -> None:
    small.policy("b", SECRET, title=SECRET, published="2026-11-24 12:01", change_note=SECRET)
    assert SECRET.encode() not in published(small)
    assert small.build(as_of="2026-11-24 12:01") == 0
    assert SECRET.encode() in small.output_bytes()


def test_what_was_published_goes_when_its_status_is_taken_back(small: Small) -> None:
    small.policy("b", SECRET, title=SECRET)
    assert SECRET.encode() in published(small)
    small.policy("b", SECRET, title=SECRET, status="草稿")
    assert SECRET.encode() not in published(small)


def test_an_item_on_request_shows_its_title_only_where_it_is_listed(small: Small) -> None:
    extra = {
        "disclosure_reason": "商业秘密",
        "disclosure_basis": "条例第十五条",
        "disclosure_review": "{by: 岗, date: 2026-03-01}",
    }
    small.policy("b", "", title=SECRET, disclosure="依申请公开", **extra)
    assert SECRET.encode() not in published(small)
    small.policy("b", "", title=SECRET, disclosure="依申请公开", listed="是", **extra)
    assert SECRET.encode() in published(small)
    assert not (small.output / "policies/2026/b").exists()


def test_a_bodyless_item_is_not_published(small: Small) -> None:
    small.policy("b", "", title=SECRET)
    assert SECRET.encode() not in published(small)


def test_a_body_on_a_non_public_item_is_refused_whole_and_quoted_nowhere(small: Small) -> None:
    small.policy("b", f"[{SECRET}]({SECRET}.md)", disclosure="不予公开")
    assert "G105" in small.codes()
    assert not any(SECRET in str(f) for f in small.faults())
    assert small.build() == 1


def test_the_store_holds_no_word_of_what_is_not_public(small: Small) -> None:
    small.policy("b", SECRET, title=SECRET, status="草稿")
    small.policy("c", SECRET, title=SECRET, published="2030-01-01 09:00")
    assert small.build() == 0
    kept = b"".join(p.read_bytes() for p in small.settings().cache.rglob("*") if p.is_file())
    assert SECRET.encode() not in kept
    assert SECRET.encode("unicode_escape") not in kept


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"disclosure": None}, "G101"),
        ({"sign_off": None}, "G102"),
        ({"secrecy_review": None}, "G103"),
        ({"secrecy_review": "{id: BM-x, by: 岗, date: 2026-03-02, result: 不通过}"}, "G104"),
        ({"interpretation_exempt": None}, "G108"),
        ({"normative": "是"}, "G109"),
    ],
)
def test_what_the_law_asks_for_is_asked_for(small: Small, changes: dict[str, str | None], code: str) -> None:
    small.policy("b", **changes)
    assert code in small.codes()
    assert small.build() == 1
    assert not small.output.exists()


def test_no_date_opens_the_gate(small: Small) -> None:
    """duties_from lets old documents be without interpretation, never without review."""
    small.write("site.yml", (small.content / "site.yml").read_text() + "duties_from: 2030-01-01\n")
    small.policy("b", interpretation_exempt=None)
    assert small.codes() == []
    small.policy("c", secrecy_review=None)
    assert small.codes() == ["G103"]


def test_a_link_to_what_is_not_public_keeps_its_text_only(small: Small) -> None:
    small.policy("b", SECRET, title=SECRET, published="2030-01-01 09:00")
    small.policy("c", "见[那份文件](b.md)。")
    assert b"policies/2026/b" not in published(small)


def test_the_basis_of_a_package_names_no_hidden_policy(small: Small) -> None:
    """A package rests on a public policy, on a law that is not held, and on an embargoed policy by its id."""
    small.policy("b", SECRET, title=SECRET, published="2030-01-01 09:00")
    package = {
        "name": "towns",
        "title": "乡镇",
        "licenses": [{"name": "CC-BY-4.0"}],
        "contributors": [{"title": "县统计局", "role": "publisher"}],
        "cn:basis": ["policies/2026/a", "国务院令第711号", "policies/2026/b"],
        "resources": [{"name": "towns", "path": "towns.csv", "schema": {"fields": [{"name": "名称"}]}}],
    }
    folder = small.folder / "datasets" / "towns"
    folder.mkdir(parents=True)
    (folder / "datapackage.json").write_text(json.dumps(package, ensure_ascii=False))
    (folder / "towns.csv").write_text("名称\n甲镇\n")
    data = published(small)
    assert b"policies/2026/a" in data
    assert "国务院令第711号".encode() in data
    assert b"policies/2026/b" not in data


def test_with_the_gate_disabled_these_tests_would_fail(small: Small, monkeypatch: pytest.MonkeyPatch) -> None:
    """The guard is real: taking it away publishes the draft and the embargoed text."""
    monkeypatch.setattr(gate, "publishable", lambda *_: True)
    small.policy("b", SECRET, status="草稿")
    assert SECRET.encode() in published(small)
