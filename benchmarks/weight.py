"""`python -m benchmarks.weight [--site FOLDER]`: what a page weighs before it can be read, by type of page.

What is measured is told in README.md beside this file.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any, NamedTuple
from urllib.parse import unquote, urljoin, urlsplit

from lxml import html

from benchmarks.demonstration import demonstration
from benchmarks.processes import CommandError
from benchmarks.scores import LEAST, Scores, scores
from plugins.build import demo_words
from plugins.build.demo_text import Subject, body
from tests.served import Served

CHARACTERS = 9_000
BYTES, REQUESTS, STYLE, SCRIPTS = 25_000, 5, 10_000, 4_000
"""Most compressed bytes of HTML, style and blocking scripts; most requests; most bytes of style; most of scripts."""
LONG = "policies/2026/weighed/"
TYPES = {
    f"policy of {CHARACTERS} characters": LONG,
    "home": "",
    "list": "policies/",
    "interpretation": "interpretations/*/*/",
    "gazette issue": "gazette/*/",
    "consultation": "consultations/*/*/",
    "earlier text": "policies/*/*/v/*/",
    "comparison": "**/compare/",
    "data sets": "datasets/",
    "data set": "datasets/*/",
    "row": "powers/*/",
    "organisation": "organisations/*/",
    "search": "search/",
    "verify": "verify/",
    "log": "log/",
    "map": "sitemap/",
}
"""Types of pages and where they lie; the heaviest of each is shown."""

JUDGED = (next(iter(TYPES)), "home", "list", "data set")
"""Types that Lighthouse is asked about."""

_HEADER = """---
title: 示例县城市绿地管理办法
issuer: xzf
topic: zhzw
signed: 2026-03-02
published: 2026-03-03 09:00
disclosure: 主动公开
secrecy_review: {id: BM-2026-999, by: 保密审查岗, date: 2026-03-02, result: 通过}
sign_off: {by: 签发岗, date: 2026-03-02}
interpretation_exempt: 不涉及公众
---"""


class Weight(NamedTuple):
    """One page: compressed bytes of its HTML, its styles, the scripts it waits for, the modules that run after it.

    `requests` are those made before the page is whole: HTML, styles, waited-for scripts, pictures that are not lazy.
    """

    path: str
    raw: int
    text: int
    style: int
    blocking: int
    later: int
    requests: int

    @property
    def critical(self) -> int:
        """Compressed bytes before the page can be read."""
        return self.text + self.style + self.blocking


def compressed(data: bytes) -> int:
    """Bytes as gzip makes them at its usual level, 6."""
    packer = zlib.compressobj(6, zlib.DEFLATED, 31)
    return len(packer.compress(data)) + len(packer.flush())


def weigh(root: Path, file: Path) -> Weight:
    """The weight of one page of the site in `root`."""
    data = file.read_bytes()
    tree: Any = html.fromstring(data)

    def sizes(path: str) -> list[int]:
        found = dict.fromkeys(_file(root, file, link) for link in tree.xpath(path))
        return [compressed(one.read_bytes()) for one in found]

    styles = sizes("//link[@rel='stylesheet']/@href")
    blocking = sizes("//script[@src][not(@type='module') and not(@defer) and not(@async)]/@src")
    later = sizes("//script[@src][@type='module' or @defer or @async]/@src | //link[@rel='modulepreload']/@href")
    pictures = {_file(root, file, link) for link in tree.xpath("//img[not(@loading='lazy')]/@src")}
    requests = 1 + len(styles) + len(blocking) + len(pictures)
    path = str(file.parent.relative_to(root))
    return Weight(path, len(data), compressed(data), sum(styles), sum(blocking), sum(later), requests)


def _file(root: Path, page: Path, link: str) -> Path:
    return root / unquote(urlsplit(urljoin(f"/{page.relative_to(root)}", link)).path).lstrip("/")


def text() -> str:
    """A regulation of about 9,000 characters: the first that chance writes within one in a hundred of it."""
    field = demo_words.FIELDS[0]
    for seed in range(100_000):
        written = body(Random(seed), Subject(field, field.terms[0], "办法"), {}, False)
        if abs(len("".join(written.split())) - CHARACTERS) <= CHARACTERS // 100:
            return written
    raise AssertionError("no text of that length")


def made(base: Path) -> Path:
    """The demonstration site with that policy, built below `base`."""
    return demonstration(base, {f"content/{LONG.strip('/')}.md": f"{_HEADER}\n{text()}\n"})


def weights(root: Path) -> Iterator[tuple[str, Weight]]:
    """The heaviest page of every type that the site has."""
    for name, place in TYPES.items():
        found = [weigh(root, file) for file in root.glob(f"{place}index.html")]
        if found:
            yield name, max(found, key=lambda one: (one.critical, one.path))


def missed(found: dict[str, Weight]) -> list[str]:
    """What is heavier than it may be."""
    policy, every = found[next(iter(TYPES))], found.values()
    checks = {
        f"the policy: {policy.critical} bytes": policy.critical <= BYTES,
        f"the policy: {policy.requests} requests": policy.requests <= REQUESTS,
        f"the policy's scripts: {policy.later} bytes": policy.later <= SCRIPTS,
        f"style: {policy.style} bytes": policy.style <= STYLE,
        "a page waits for a script": not any(one.blocking for one in every),
    }
    return [text for text, kept in checks.items() if not kept]


def judged(root: Path, found: dict[str, Weight]) -> Iterator[tuple[str, Scores]]:
    """Lighthouse's scores of the heaviest page of each type in `JUDGED`. Raises CommandError where it is absent."""
    with Served(root) as host:
        for name in JUDGED:
            path = found[name].path
            yield name, scores(f"{host.address}/{'' if path == '.' else path + '/'}")


def main() -> int:
    """Prints both tables; 1 where a target is missed."""
    options: Any = argparse.ArgumentParser()
    options.add_argument("--site", type=Path, help="a built site with the policy, in place of one made for this")
    chosen = options.parse_args().site
    with tempfile.TemporaryDirectory() as folder:
        root = chosen.resolve() if chosen else made(Path(folder))
        found = dict(weights(root))
        _show(found)
        wrong = missed(found)
        try:
            wrong += _scored(judged(root, found))
        except CommandError as error:
            wrong.append(f"Lighthouse: {error}")
    for line in wrong:
        print(f"missed: {line}")
    return 1 if wrong else 0


def _show(found: dict[str, Weight]) -> None:
    heads = ("type", "HTML", "gzip", "CSS", "waited for", "critical", "requests", "later", "page")
    print("| " + " | ".join(heads) + " |\n|" + " --- |" * len(heads))
    for name, one in found.items():
        cells = (one.raw, one.text, one.style, one.blocking, one.critical, one.requests, one.later)
        print(f"| {name} | " + " | ".join(f"{cell:,}" for cell in cells) + f" | /{one.path} |")


def _scored(given: Iterator[tuple[str, Scores]]) -> list[str]:
    """Prints the scores as they come; those that are too low."""
    print("\n| Lighthouse | performance | accessibility | best practices | SEO |\n|" + " --- |" * 5, flush=True)
    low = []
    for name, one in given:
        print(f"| {name} | " + " | ".join(map(str, one[:4])) + " |", flush=True)
        low += [f"{name}: {one.lowest} of {LEAST} ({', '.join(one.lost)})"] if one.lowest < LEAST else []
    return low


if __name__ == "__main__":
    sys.exit(main())
