"""The static index of a built site: the same bytes whatever was edited before, and nothing in it that is not public."""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from plugins.build.settings import cache_folder
from tests.canaries import HEADS, LATER, REQUEST, TAILS, heard, plant
from tests.canaries import files as files_below
from tests.search.laid import ask, facet, files, unpacked
from tests.small import ORGANISATIONS, SITE, TOPICS, Small, header

WORDS = ["第一条 为加强公积金管理。", "第二条 本办法自发布之日起施行。", "第三条 山水林田湖草。", "一、背景。", "附件1"]
SECRET = HEADS[0] + TAILS[0]


def below(folder: Path) -> dict[str, bytes]:
    """Every file of the index by its path."""
    search = folder.resolve() / "search"
    return {f"search/{path}": data for path, data in files_below(search)}


def index_of(folder: Path) -> dict[str, bytes]:
    """Those that search.js reads, without scripts and hints."""
    own = ("search/grams/", "search/text/", "search/records/", "search/index.json", "search/columns.bin")
    return {path: data for path, data in below(folder).items() if path.startswith(own)}


class Tree:
    """Policies by slug, as header and body, in a content tree that is written whole before each build."""

    def __init__(self, folder: Path) -> None:
        self.small = Small(folder)
        self.small.write("site.yml", SITE)
        self.small.write("organisations.yml", ORGANISATIONS)
        self.small.write("topics.yml", TOPICS)
        self.policies = {f"p{number:02d}": self.policy(number) for number in range(24)}

    @staticmethod
    def policy(number: int) -> dict[str, str]:
        body = "\n\n".join([*WORDS, f"第{number}件。"])
        review = f"{{id: BM-{number}, by: 岗, date: 2026-03-02, result: 通过}}"
        published = f"2026-{3 + number // 6:02d}-{3 + number % 6:02d} 09:00"
        return {"title": f"办法之{number}", "body": body, "secrecy_review": review, "published": published}

    def build(self, **chosen: object) -> dict[str, bytes]:
        shutil.rmtree(self.small.content / "policies", ignore_errors=True)
        for slug, fields in self.policies.items():
            body = fields["body"]
            self.small.policy(slug, body, **{name: value for name, value in fields.items() if name != "body"})
        assert self.small.build(**chosen) == 0
        return index_of(self.small.output)

    def edit(self, chance: random.Random) -> None:
        """One edit of any kind."""
        slug = chance.choice(sorted(self.policies))
        fields = self.policies[slug] = dict(self.policies[slug])
        kind = chance.choice(["title", "body", "number", "day", "status", "remove", "add"])
        if kind == "title":
            fields["title"] = f"办法{chance.choice('甲乙丙')}"
        elif kind == "body":
            fields["body"] = "\n\n".join(chance.choices(WORDS, k=chance.randrange(1, 400)))
        elif kind == "number":
            fields["number"] = f"试政〔2026〕{chance.randrange(900)}号"
        elif kind == "day":
            fields["published"] = f"2026-{chance.randrange(3, 11):02d}-20 09:00"
        elif kind == "status":
            fields["status"] = chance.choice(["草稿", "定稿"])
        elif kind == "remove" and len(self.policies) > 20:
            del self.policies[slug]
        else:
            number = chance.randrange(100, 999)
            self.policies[f"p{number}"] = self.policy(number % 40) | {"secrecy_review": review_of(number)}


def review_of(number: int) -> str:
    return f"{{id: BM-{number}, by: 岗, date: 2026-03-02, result: 通过}}"


@pytest.fixture
def tree(tmp_path: Path) -> Iterator[Tree]:
    tree = Tree(tmp_path / "site")
    yield tree
    shutil.rmtree(cache_folder(tree.small.content), ignore_errors=True)


def test_the_index_is_that_of_a_cold_build_after_twenty_edits_and_after_they_are_undone_and_redone(tree: Tree) -> None:
    """Every fifth edit is built on its way; each builds upon what was kept of the ones before."""
    chance = random.Random(20180727)
    cold = tree.build()
    states = [dict(tree.policies)]
    for number in range(20):
        tree.edit(chance)
        states.append(dict(tree.policies))
        if number % 5 == 4:
            tree.build()
    edited = tree.build()
    assert edited != cold
    assert tree.build(clean=True) == edited
    for state in (*states[15:9:-5], states[0]):
        tree.policies = dict(state)
        found = tree.build()
    assert found == cold
    tree.policies = dict(states[-1])
    assert tree.build() == edited


def test_one_changed_document_changes_its_block_and_buckets_alone(tree: Tree) -> None:
    """The third oldest; a title changes its records too, and what ends a document the columns; all of them the head."""
    before = tree.build()
    tree.policies["p02"]["body"] += "\n\n另有内容。"
    text = tree.build()
    tree.policies["p02"]["title"] = "另一个标题"
    title = tree.build()
    tree.policies["p02"]["expires"] = "2026-05-01"
    ended = tree.build()
    assert {path for path in before if before[path] != text[path]} - buckets(text) == {"search/text/2-0.bin", HEAD}
    own = {"search/text/2-0.bin", "search/records/0.bin", HEAD}
    assert {path for path in text if text[path] != title[path]} - buckets(title) == own
    assert {path for path in title if title[path] != ended[path]} == {"search/columns.bin", HEAD}
    assert before.keys() == text.keys() == title.keys() == ended.keys()


HEAD = "search/index.json"


def buckets(found: dict[str, bytes]) -> set[str]:
    return {path for path in found if path.startswith("search/grams/")}


def test_the_index_that_a_build_publishes_is_that_of_the_helper_of_the_tests(tree: Tree) -> None:
    """Without this the tests of plain documents would prove nothing about a site."""
    built = tree.build()
    output = tree.small.output.resolve()
    documents = []
    columns = unpacked(built["search/columns.bin"])
    records = unpacked(built["search/records/0.bin"])
    for number, record in enumerate(records):
        facets = {name: facet(column, number) for name, column in columns["facets"].items()}
        text = (output / record["url"].strip("/") / "index.txt").read_text().split("\n\n", 1)[1].rstrip("\n")
        documents.append(record | facets | {"text": text})
    assert len(documents) == 24
    assert built == files(documents)


def test_a_document_that_is_not_public_changes_no_byte_of_the_index(small: Small) -> None:
    """A draft, one in review, an embargoed one, one without a body, on request, withdrawn, all with a secret."""
    small.policy("b", "第一条 公积金。", title="公开的文件")
    assert small.build() == 0
    before = below(small.output)
    small.policy("draft", SECRET, title=SECRET, status="草稿")
    small.policy("review", SECRET, title=SECRET, status="送审")
    small.policy("later", SECRET, title=SECRET, published=LATER)
    small.policy("bodyless", "", title=SECRET)
    small.policy("asked", "", title=SECRET, **REQUEST)
    small.policy("gone", "", title=SECRET, summary=SECRET, withdrawn="{date: 2026-03-05, reason: 内容有误}")
    small.write("news/n.md", f"---\n{header(title=SECRET, status='草稿', interpretation_exempt=None)}---\n{SECRET}\n")
    assert small.build() == 0
    after = below(small.output)
    assert {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)} == set()


def test_what_is_public_is_heard_in_the_index_and_found(small: Small) -> None:
    """Without this the test above and those of the canaries would prove nothing: every kind of file is opened."""
    small.policy("b", f"第一条 {SECRET}。", title=SECRET)
    small.policy("draft", f"第一条 {HEADS[1]}{TAILS[1]}。", title=HEADS[1], status="草稿")
    assert small.build() == 0
    found = heard(below(small.output).items())
    assert found.keys() == {0}
    assert {path.split("/")[1] for path in found[0]} >= {"text", "records"}
    asked = [f'"{word}"' for number in (0, 1) for word in (HEADS[number], TAILS[number], TAILS[number][:8])]
    assert [one["total"] for one in ask(small.output.resolve(), *asked)] == [1, 1, 1, 0, 0, 0]


def test_no_canary_is_in_the_index_or_found_by_search_js(tmp_path: Path) -> None:
    """Each of 64 words, both of its halves, and the beginnings of these: buckets are read as readers read them."""
    cage = plant(tmp_path / "site")
    assert cage.build() == 0
    assert heard(below(cage.output).items()) == {}
    words = [*HEADS, *TAILS, HEADS[0][:3], TAILS[0][:5]]
    found = ask(cage.output.resolve(), *(f'"{word}"' for word in words), "正文")
    assert [one["total"] for one in found[:-1]] == [0] * len(words)
    assert found[-1]["total"] > 0
