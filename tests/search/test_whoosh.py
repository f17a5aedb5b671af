"""The static index against Whoosh, on real laws: the same documents, and nearly always in the same order."""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from plugins.build.searching import body, heads
from plugins.rules.validity import ENDED
from tests.search.hinted import served
from tests.search.oracle import Document, Oracle
from tests.small import Small

SCRIPT = """
const {open} = await import(process.argv[1]);
const asked = JSON.parse(await new Response(process.stdin).text());
const site = await open(process.argv[2]);
const out = [];
for (const query of asked) out.push(await site.search(query, {limit: 100000, snippets: false}));
console.log(JSON.stringify(out.map(({total, partial, hits}) => [total, partial, hits.map((hit) => hit.url)])));
"""
pytestmark = pytest.mark.slow
AGREEING = 0.95
"""Of the queries, those whose first ten are the same in the same order."""


@pytest.fixture(scope="module")
def laws(tmp_path_factory: pytest.TempPathFactory, shared: Path) -> Small:
    """Real laws; some of them are repealed, and so stand below the others."""
    small = Small(tmp_path_factory.mktemp("whoosh"))
    shutil.copytree(shared / "corpus/laws", small.content)
    for path in [small.content, *small.content.rglob("*")]:
        path.chmod(0o755 if path.is_dir() else 0o644)
    names = [f"policies/2019/{path.stem}" for path in sorted(small.content.glob("policies/2019/law-*.md"))[:5]]
    small.policy(
        "repeal", "第一条 旧法废止。", issuer="org-01", title="废止旧法的决定", repeals=f"[{', '.join(names)}]"
    )
    assert small.build(jobs=2) == 0
    return small


@pytest.fixture(scope="module")
def oracle(laws: Small) -> Oracle:
    """Of what the site publishes of each document; the oldest first, of one moment the last address first."""
    found = []
    for path in laws.output.glob("*/*/*/index.txt"):
        facts, text = json.loads(path.with_name("index.json").read_text()), body(path.read_bytes())
        titles = [(head.start, head.end) for head in heads(text) if head.end > head.start]
        url = f"/{path.parent.relative_to(laws.output)}/"
        ended = facts.get("validity", "") in ENDED
        found.append((facts["published"], Document(url, facts["title"], facts.get("number", ""), text, titles, ended)))
    found.sort(key=lambda one: one[1].url, reverse=True)
    found.sort(key=lambda one: one[0])
    return Oracle(laws.folder / "oracle", [document for _, document in found])


@pytest.fixture(scope="module")
def queries(oracle: Oracle) -> list[str]:
    """Folded phrases, cut out anywhere; titles and numbers; letters and digits; some that no document holds."""
    chance = random.Random(20261125)
    texts = [folded["text"] for folded in oracle.folded.values() if len(folded["text"]) > 50]
    lengths = [*[2] * 100, *[3, 4] * 50, *[5, 6, 7, 8, 9, 10] * 10]
    found = [cut(chance, chance.choice(texts), length) for length in lengths]
    titles, numbers = ({folded[name] for folded in oracle.folded.values()} - {""} for name in ("title", "number"))
    found += [*chance.sample(sorted(titles), 14), *chance.sample(sorted(numbers), 6)]
    words = {word for text in texts for word in re.findall("[a-z0-9.%-]{2,}", text)}
    found += chance.sample(sorted(words), 20)
    found += [cut(chance, chance.choice(texts), 6)[::-1] for _ in range(10)]
    return [phrase for phrase in found if '"' not in phrase]


def cut(chance: random.Random, text: str, length: int) -> str:
    start = chance.randrange(len(text) - length + 1)
    return text[start : start + length]


@pytest.fixture(scope="module")
def answers(laws: Small, queries: list[str]) -> list[tuple[int, bool, list[str]]]:
    """What search.js answers in Node to each query in quotes: how many, whether in part, the addresses in order."""
    if not shutil.which("node"):
        assert os.environ.get("CI") != "true", "node is required here"
        pytest.skip("node is absent: search.js is not tested")
    module = str(laws.output.resolve() / "search/search.js")
    asked = json.dumps([f'"{query}"' for query in queries])
    with served(laws.output.resolve()) as (address, _):
        command = ["node", "--input-type=module", "-e", SCRIPT, module, f"{address}/search/"]
        done = subprocess.run(command, input=asked, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_the_page_finds_what_phrases_of_pairs_find(oracle: Oracle, queries: list[str], answers: list[Any]) -> None:
    assert len(queries) >= 280
    assert sum(total > 0 for total, *_ in answers) >= 250
    for query, (total, partial, urls) in zip(queries, answers, strict=True):
        assert (set(urls), total, partial) == (oracle.holders(query), len(set(urls)), False), query


def test_the_first_ten_are_those_of_the_oracle(oracle: Oracle, queries: list[str], answers: list[Any]) -> None:
    other = {
        query: urls for query, (_, _, urls) in zip(queries, answers, strict=True) if urls[:10] != ten(oracle, query)
    }
    agreeing = 1 - len(other) / len(queries)
    print(f"first ten agree in {agreeing:.1%} of {len(queries)} queries; other: {sorted(other)}")
    assert agreeing >= AGREEING, {query: (ten(oracle, query), urls[:10]) for query, urls in other.items()}
    for query, urls in other.items():
        assert explained(oracle, query, urls), (query, ten(oracle, query), urls[:10])


def ten(oracle: Oracle, query: str) -> list[str]:
    return oracle.ranked(query)[:10]


def explained(oracle: Oracle, query: str, urls: list[str]) -> bool:
    """Whether the page may take a rating that it knows of parts of the phrase, the least of theirs.

    It always knows one of what the phrase begins with, and one of what it ends with.
    """
    parts = {query[start:end] for end in range(2, len(query) + 1) for start in range(end - 1)}
    ratings = {part: oracle.ratings(part) for part in parts}
    least = {url: min(known[url] for known in ratings.values()) for url in urls}
    most = {url: max(ratings[query][url], min(ratings[query[:2]][url], ratings[query[-2:]][url])) for url in urls}
    groups = {url: oracle.group(url, query) for url in urls}
    return [*groups.values()] == sorted(groups.values()) and all(
        (most[one], oracle.age[one]) > (least[other], oracle.age[other])
        for n, one in enumerate(urls)
        for other in urls[n + 1 :]
        if groups[one] == groups[other]
    )
