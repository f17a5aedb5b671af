"""The good corpus: one worked example of each document type, without a fault, linked by every relation."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml
from lxml import etree, html

from plugins.build import content
from plugins.build.scaffold import write_new
from plugins.build.sources import Sources
from plugins.build.store import Store
from plugins.models.columns import columns, names_by_label
from plugins.models.types import RELATIONS, TYPES
from plugins.rules.check import CHECKS
from plugins.rules.register import Register
from plugins.rules.table import RULES, binding_from
from tests.links import broken_links
from tests.small import NOW, Small

CONTENT = Path(__file__).parent / "corpus/good/content"
EXAMPLES = sorted(
    p.relative_to(CONTENT).with_suffix("").as_posix() for p in CONTENT.rglob("*.md") if p.name.count(".") == 1
)
ATOM = "{http://www.w3.org/2005/Atom}"
NOT_SHOWN = {"withdrawn", "change_note", "attachments", "shortened", "extended", "emergency", "onset"} | {
    "adoption",
    "solution",
    "investigation",
    "guidance",
}
"""Public fields that belong to another case than the example's: an emergency, a late reply, a text taken back."""

each_example = pytest.mark.parametrize("example", EXAMPLES)
each_kind = pytest.mark.parametrize("kind", TYPES)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Small:
    small = Small(tmp_path_factory.mktemp("good"))
    shutil.copytree(CONTENT, small.content)
    return small


@pytest.fixture(scope="module")
def register(small: Small) -> Register:
    settings = small.settings()
    store = Store(settings.cache)
    try:
        return content.read_content(settings, Sources(settings, store, NOW)).context.register
    finally:
        store.close()


@pytest.fixture(scope="module")
def built(small: Small) -> Path:
    assert small.build() == 0
    return small.output.resolve()


def header(example: str) -> dict[str, Any]:
    """The header as another YAML loader reads it, every scalar as text, keys as the editor wrote them."""
    text = (CONTENT / f"{example}.md").read_text(encoding="utf-8")
    return dict(yaml.load(text.split("\n---\n")[0].removeprefix("---\n"), Loader=yaml.BaseLoader))


def english(example: str) -> dict[str, Any]:
    """The same by English names."""
    names = names_by_label(TYPES[kind_of(example)])
    return {names[key]: value for key, value in header(example).items()}


def kind_of(example: str) -> str:
    return example.split("/", 1)[0]


def data_of(built: Path, folder: str) -> dict[str, Any]:
    return dict(json.loads((built / folder / "index.json").read_text(encoding="utf-8")))


def test_the_tree_has_no_fault_not_even_a_notice(small: Small) -> None:
    assert [str(f) for f in small.faults()] == []


@each_kind
def test_every_type_has_one_example_and_relations_a_second(kind: str) -> None:
    found = [e for e in EXAMPLES if kind_of(e) == kind]
    assert len(found) in ({"policies": {3}, "gazette": {2}}.get(kind, {1}))


@each_kind
def test_examples_show_every_public_field_that_suits_them(kind: str) -> None:
    written = {name for e in EXAMPLES if kind_of(e) == kind for name in english(e)}
    public = {name for name, column in columns(TYPES[kind]).items() if column.public}
    assert public - written - NOT_SHOWN == set()


def test_two_examples_are_written_with_chinese_keys_alone() -> None:
    chinese = [e for e in EXAMPLES if not any(key.isascii() for key in header(e))]
    assert len(chinese) == 2


@each_example
def test_the_page_and_its_three_forms_are_there(built: Path, example: str) -> None:
    title = english(example)["title"]
    page = html.parse(str(built / example / "index.html")).getroot()
    assert page.xpath("//h1")[0].text_content().strip() == title
    assert (built / example / "index.txt").read_text(encoding="utf-8").split("\n", 1)[0] == title
    assert title in (built / example / "index.md").read_text(encoding="utf-8")


@each_example
def test_the_json_holds_the_public_fields_and_no_other(built: Path, example: str) -> None:
    data, shown = data_of(built, example), columns(TYPES[kind_of(example)])
    written = english(example)
    assert [n for n in written if shown[n].public and n not in data] == []
    assert [n for n in written if not shown[n].public and n in data] == []
    assert {n: data[n] for n, v in written.items() if isinstance(v, str) and isinstance(data.get(n), str)} == {
        n: v for n, v in written.items() if isinstance(v, str) and isinstance(data.get(n), str)
    }
    assert {"url", "validity", "relations", "sha256", "history"} <= data.keys()


@each_example
def test_the_internal_number_of_a_review_is_in_no_file(built: Path, example: str) -> None:
    number = re.search(r"BM-\d{4}-\d{3}", (CONTENT / f"{example}.md").read_text(encoding="utf-8"))
    assert number
    files = [p for p in (built / example).iterdir() if p.is_file()]
    assert [p.name for p in files if number[0].encode() in p.read_bytes()] == []


@each_example
def test_the_list_and_the_feed_of_its_type_have_it(built: Path, example: str) -> None:
    folder = kind_of(example)
    assert f"/{example}/" in {item["url"] for item in data_of(built, folder)["items"]}
    feed = etree.parse(str(built / folder / "feed.atom")).getroot()
    assert data_of(built, example)["url"] in {entry.findtext(f"{ATOM}id") for entry in feed.iter(f"{ATOM}entry")}


@pytest.mark.parametrize(("kind", "relation"), [(k, r) for k, fields in RELATIONS.items() for r in fields])
def test_a_relation_shows_on_both_pages(built: Path, kind: str, relation: str) -> None:
    """On the naming page under its label, on the named page under its inverse (numbers of others are not held)."""
    column = RELATIONS[kind][relation]
    naming = [e for e in EXAMPLES if kind_of(e) == kind and english(e).get(relation)]
    assert naming
    for example in naming:
        groups = groups_of(built, example)
        assert groups[column.label]
        for named in data_of(built, example)["relations"][relation]:
            if named in EXAMPLES:
                assert f"/{named}/" in groups[column.label]
                assert f"/{example}/" in groups_of(built, named).get(column.inverse, ()), column.inverse


def groups_of(built: Path, example: str) -> dict[str, list[str]]:
    """The groups of relations on a page: heading to the addresses below it ("" for what is no link)."""
    page = html.parse(str(built / example / "index.html")).getroot()
    groups = {}
    for section in page.xpath("//section[@class='relations' or @class='beside']"):
        rows = section.xpath(".//li")
        groups[section.xpath("./h2")[0].text_content()] = [str((r.xpath("./a/@href") or [""])[0]) for r in rows]
    return groups


def test_a_consultation_leads_to_its_policy_article_by_article(built: Path) -> None:
    page = (built / "consultations/2026/jjyl-bf/compare/index.html").read_text(encoding="utf-8")
    assert "不得收取押" in page


def test_an_earlier_text_stays_at_its_day(built: Path) -> None:
    now, then = (
        (built / "pages/guide" / part / "index.txt").read_text(encoding="utf-8") for part in ("", "2026-01-05")
    )
    assert "新城路20号" in now
    assert "新城路18号" in then


def test_an_erratum_stands_in_a_later_issue(built: Path) -> None:
    assert "应为“每月公布一次”" in (built / "gazette/2026-02/index.html").read_text(encoding="utf-8")


def test_every_link_leads_to_a_file(built: Path) -> None:
    assert broken_links(built) == []


@pytest.mark.parametrize(("rule", "kinds"), [(name, kinds) for name, kinds, _ in CHECKS])
def test_every_rule_sees_an_example(register: Register, rule: str, kinds: tuple[str, ...]) -> None:
    seen = [r.published for r in register.records if "" in kinds or r.kind in kinds]
    assert max(seen) >= binding_from(RULES[rule], register.identity)


@each_kind
def test_new_names_every_key_and_no_other(kind: str, tmp_path: Path) -> None:
    """The headers that `new` writes and the examples are about the same fields."""
    settings = Small(tmp_path).settings()
    assert write_new(settings, TYPES[kind].label, "新文件") == 0
    [made] = settings.content.rglob("*.md")
    lines = made.read_text(encoding="utf-8").split("\n---\n")[0].removeprefix("---\n").splitlines()
    keys = [re.split(r": ?", line.removeprefix("# "), maxsplit=1)[0] for line in lines]
    assert sorted(keys) == sorted(columns(TYPES[kind]))
    assert {name for e in EXAMPLES if kind_of(e) == kind for name in english(e)} <= set(keys)
