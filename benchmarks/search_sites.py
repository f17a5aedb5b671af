"""Our site and Pagefind's from the same content; sizes and costs of both (search benchmark). Touches the disk."""

from __future__ import annotations

import datetime
import hashlib
import os
import re
import shutil
import sys
from pathlib import Path
from typing import NamedTuple

from benchmarks import search_pagefind
from benchmarks.processes import Cost, measure
from benchmarks.search_documents import Document, read_documents
from benchmarks.search_index import passed, started

ROOT = Path(__file__).resolve().parents[1]
TEXTS = re.compile(r"search/text/")
"""Of our files: those that hold text for results. What else is below search/ but page, code and hints is postings."""
_HINTS = re.compile(r"search/hints/|static/search-(suggest|hints|near)\.js$")
"""Of our files: suggestions with their scripts, which the page loads once the results stand."""
_PAGE = re.compile(r"(^|/)$|\.(html|css|woff2?|svg|png|ico|webmanifest)$")
_CODE = re.compile(r"\.(js|wasm|pagefind)$")
PASSES = 8
"""Documents published one after the other."""
TURNS = 3
"""How often each of both makes its whole index, in turns: the cost of middle CPU counts."""
_HEADER = """---
title: 关于公布检索基准测试新文件的通知
issuer: {issuer}
signed: {day}
published: {day} 00:00
disclosure: 主动公开
secrecy_review: {{id: BM-{day}-9999, by: 保密审查岗, date: {day}, result: 通过}}
sign_off: {{by: 签发岗, date: {day}}}
interpretation_exempt: 不涉及公众
---
"""


class Sizes(NamedTuple):
    """Bytes on disk."""

    postings: int
    texts: int
    hints: int
    files: int


class Costs(NamedTuple):
    """A whole index, documents published one by one, sizes, the shares (0-1) of files that the first changed.

    `start` are the CPU seconds that each of these processes takes before it does anything.
    """

    full: Cost
    publish: list[Cost]
    sizes: Sizes
    changed: float
    changed_postings: float
    start: float


def kind_of(path: str) -> str:
    """What a file of either site is, by its path: "page" (no part of search), "hints", "code", "text" or "postings".

    What stands elsewhere (a document's own text, say) is text: a search page fetches it for its results only.
    """
    if _PAGE.search(path):
        return "page"
    if _HINTS.match(path):
        return "hints"
    if _CODE.search(path):
        return "code"
    index = path.startswith(("search/", "pagefind/")) and not path.endswith(".pf_fragment") and not TEXTS.match(path)
    return "postings" if index else "text"


def index_cost(site: Path, folder: Path, log: Path) -> Cost:
    """What making our whole index below `folder` costs, without the rest of the build."""
    folder.mkdir()
    return passed(site, folder, log)


def publish_cost(site: Path, folder: Path, log: Path) -> list[Cost]:
    """What the index below `folder` costs for each of some documents that are published one after the other."""
    return [passed(site, folder, log, publish=True) for _ in range(PASSES)]


class Sites:
    """Both sites below `base`, from a copy of the content; `shown` results are drawn at a time."""

    def __init__(self, base: Path, content: Path, datasets: Path | None, shown: int) -> None:
        from plugins.build.settings import cache_folder

        self.content, self.output, self.pages = base / "content", base / "ours" / "site", base / "pagefind"
        self.shown, self.log = shown, base / "log.txt"
        self.now = datetime.datetime.now(datetime.timezone(datetime.timedelta(hours=8))).replace(tzinfo=None)
        beside = content.parent / "datasets"
        datasets = datasets or (beside if beside.is_dir() else None)
        self.datasets = ["--datasets", str(datasets.resolve())] if datasets else []
        shutil.copytree(content, self.content)
        self.output.parent.mkdir()
        self.pages.mkdir()
        self.cache = cache_folder(self.content)
        self.program = search_pagefind.install(base / "npm")
        self.documents: list[Document] = []
        self.root = "/"

    def measure(self) -> tuple[Costs, Costs]:
        """Builds both from nothing, then with a document added, which is taken away again: ours, Pagefind's."""
        self._build(0)
        self.documents, self.root = read_documents(self.output)
        site, folders = self.output.resolve(), [self.output.parent.parent / f"index-{turn}" for turn in range(TURNS)]
        search_pagefind.write_pages(self.documents, self.pages, self.shown)
        both = [
            (index_cost(site, folder, self.log), search_pagefind.index(self.program, self.pages, self.log))
            for folder in folders
        ]
        ours, theirs = (sorted(costs)[TURNS // 2] for costs in zip(*both, strict=True))
        mine, start = publish_cost(site, folders[-1], self.log), started(self.log).cpu
        before = [self._files(), _digests(self.pages / "pagefind")]
        sizes = [_sizes(self.output.resolve() / "search"), _sizes(self.pages / "pagefind")]
        added = self._add()
        self._build(1)
        after, now = read_documents(self.output)[0], self._files()
        new = [document for document in after if document not in self.documents]
        search_pagefind.write_pages(new, self.pages, self.shown)
        publish = search_pagefind.index(self.program, self.pages, self.log)
        changed = [_changed(before[0], now), _changed(before[1], _digests(self.pages / "pagefind"))]
        added.unlink()
        for document in new:
            shutil.rmtree(self.pages / document.id)
        self._build(2)
        search_pagefind.index(self.program, self.pages, self.log)
        return Costs(ours, mine, sizes[0], *changed[0], start), Costs(theirs, [publish], sizes[1], *changed[1], 0.0)

    def _build(self, hours: int) -> None:
        """One build of ours, as of some hours after the start; releases are dated back, as in benchmarks.build."""
        for release in (self.output.parent / ".site.releases").glob("[0-9a-f]*"):
            moment = release.stat().st_mtime - 3600
            os.utime(release, (moment, moment))
        moment_ = (self.now + datetime.timedelta(hours=hours)).strftime("%Y-%m-%d %H:%M")
        command = [sys.executable, "-m", "invoke", "build", "--content", str(self.content), *self.datasets]
        measure([*command, "--output", str(self.output), "--as-of", moment_], ROOT, self.log)

    def _add(self) -> Path:
        """Writes one document dated today, its body made of pieces of the others."""
        issuer = "".join(
            next((line[7:].strip() for line in file.read_text().splitlines() if line.startswith("issuer:")), "")
            for file in sorted(self.content.glob("policies/*/*.md"))[:1]
        )
        step = max(1, len(self.documents) // 30)
        lines = [d.body.split("\n")[n % (d.body.count("\n") + 1)] for n, d in enumerate(self.documents[::step])]
        file = self.content / f"policies/{self.now.year}/search-benchmark.md"
        file.parent.mkdir(parents=True, exist_ok=True)
        text = "\n\n".join(re.sub(r"[<>\[\]#*_`|\\!]", "", line) for line in lines)
        file.write_text(_HEADER.format(issuer=issuer, day=self.now.date()) + text + "\n", encoding="utf-8")
        return file

    def _files(self) -> dict[str, str]:
        return _digests(self.output.resolve() / "search")

    def forget(self) -> None:
        """Removes the store, which lies in the project's folder."""
        shutil.rmtree(self.cache, ignore_errors=True)


def _indexed(folder: Path) -> list[tuple[str, Path]]:
    """Files of an index, by their path below the folder that holds it: no page, no code."""
    files = [(p.relative_to(folder.parent).as_posix(), p) for p in sorted(folder.rglob("*")) if p.is_file()]
    return [(path, file) for path, file in files if kind_of(path) in {"postings", "text", "hints"}]


def _digests(folder: Path) -> dict[str, str]:
    return {path: hashlib.sha256(file.read_bytes()).hexdigest() for path, file in _indexed(folder)}


def _changed(before: dict[str, str], after: dict[str, str]) -> tuple[float, float]:
    """Share of files that are new, gone or other than before: of all, and of those that are postings."""
    changed = {path: before.get(path) != after.get(path) for path in before | after}
    postings = [changed[path] for path in changed if kind_of(path) == "postings"]
    return sum(changed.values()) / max(1, len(changed)), sum(postings) / max(1, len(postings))


def _sizes(folder: Path) -> Sizes:
    files = [(kind_of(path), file.stat().st_size) for path, file in _indexed(folder)]
    postings, texts, hints = ([size for of, size in files if of == kind] for kind in ("postings", "text", "hints"))
    return Sizes(sum(postings), sum(texts), sum(hints), len(postings))
