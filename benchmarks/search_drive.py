"""Both search pages in the browser: which documents a query finds, what it sends and how long it takes."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Sequence
from typing import Any, NamedTuple

from benchmarks.search_browser import Browser, BrowserError, opened
from benchmarks.search_pagefind import SEARCH_PAGE
from benchmarks.search_queries import Query
from benchmarks.search_server import Sent, Server
from benchmarks.search_sites import kind_of

MODES = ("ours", "Pagefind", "Pagefind quoted")
"""Our page and Pagefind's with the query as typed, and Pagefind's with the query in quotes."""
PER_PAGE = 10
"""Our page draws so many at a time."""
_QUIET = 0.05
"""Seconds without a request after which none is to come."""
_SUBMIT = """((query) => new Promise((done, fail) => {
  const [form, input, status, results] = ["search-form", "q", "search-status", "search-results"].map(
    (id) => document.getElementById(id));
  status.textContent = "";
  results.replaceChildren();
  input.value = query;
  let counted;
  const look = () => {
    const said = status.textContent.trim();
    const drawn = results.querySelectorAll("ol > li").length;
    if (said) counted ??= performance.now() - start;
    if (!said || !(drawn || said.startsWith("没有找到"))) return;
    observer.disconnect();
    done({counted, ms: performance.now() - start, drawn});
  };
  const observer = new MutationObserver(look);
  for (const place of [status, results]) observer.observe(place, {childList: true, characterData: true, subtree: true});
  setTimeout(() => fail(new Error(`no results for ${query}: ${status.textContent}`)), 60000);
  const start = performance.now();
  form.requestSubmit();
}))"""
_OPEN_OURS = """(async () => {
  const base = document.getElementById("search-form").dataset.base;
  const module = await import(new URL("search.js", new URL(base, location.href)).href);
  window.opened = await module.open(base);
})()"""
_FIND_OURS = """(async (query) => {
  const all = await opened.search(`"${query}"`, {limit: 1e9, snippets: false});
  const first = await opened.search(query, {limit: 1, snippets: false});
  return {urls: all.hits.map((hit) => hit.url), first: first.hits[0]?.url ?? ""};
})"""
_FIND_THEIRS = """(async (query) => {
  window.urls ??= new Map();
  const found = (await pagefind.search(query)).results;
  const wanted = found.filter((one) => !urls.has(one.id));
  for (let at = 0; at < wanted.length; at += 50) {
    await Promise.all(wanted.slice(at, at + 50).map(async (one) => urls.set(one.id, (await one.data()).url)));
  }
  const all = found.map((one) => urls.get(one.id));
  return {urls: all, first: all[0] ?? ""};
})"""


class Found(NamedTuple):
    """Ids of the documents found, and the first of them for the query as typed ("" for none)."""

    ids: frozenset[str]
    first: str


class Asked(NamedTuple):
    """One query on a cold page: bytes of base, index files, texts and hints; requests; milliseconds until the page
    says how many it `counted`, and until the results stand.

    `requests` are those for index files, `later` all after the base; hints are those of the base too.
    """

    base: int
    query: int
    show: int
    hints: int
    requests: int
    later: int
    base_requests: int
    drawn: int
    counted: float
    ms: float

    @property
    def first(self) -> int:
        """Bytes from nothing to the results."""
        return self.base + self.query + self.show


class Drive:
    """A browser and the two servers; what is found but not `known` (ids of documents) is a data package: left out."""

    def __init__(self, browser: Browser, ours: Server, theirs: Server, known: frozenset[str]) -> None:
        self.browser, self.known = browser, known
        self.servers = {mode: ours if mode == "ours" else theirs for mode in MODES}
        self.pages = {mode: "search/" if mode == "ours" else SEARCH_PAGE for mode in MODES}

    def sets(self, queries: Sequence[Query], mode: str) -> list[Found]:
        """What each query finds. Ours is asked in quotes, which means exactly this text, through its module."""
        server, found = self.servers[mode], []
        with opened(self.browser, server.address + self.pages[mode]) as page:
            page.ask(_OPEN_OURS if mode == "ours" else "window.begun")
            script = _FIND_OURS if mode == "ours" else _FIND_THEIRS
            for query in queries:
                answer = page.ask(f"{script}({json.dumps(_typed(query, mode))})")
                ids = frozenset(url.removeprefix(server.root).strip("/") for url in answer["urls"])
                found.append(Found(ids & self.known, answer["first"].removeprefix(server.root).strip("/")))
        server.take()
        return found

    def ask(self, query: Query, mode: str) -> Asked:
        """Asks one query on a page that was never open before, once its engine has started.

        Ours is started by a query of a lone hyphen, which asks for nothing.
        """
        server = self.servers[mode]
        server.take()
        with opened(self.browser, server.address + self.pages[mode]) as page:
            page.ask(f'{_SUBMIT}("-")' if mode == "ours" else "window.begun")
            base = _settled(server)
            answer = page.ask(f"{_SUBMIT}({json.dumps(_typed(query, mode))})")
            later = _settled(server)
        show = sum(sent.size for sent in later if kind_of(sent.path) == "text")
        index = [sent.size for sent in later if kind_of(sent.path) not in {"text", "hints"}]
        hints = sum(sent.size for sent in base + later if kind_of(sent.path) == "hints")
        base = [sent for sent in base if kind_of(sent.path) != "hints"]
        sizes = sum(sent.size for sent in base), sum(index), show, hints
        return Asked(*sizes, len(index), len(later), len(base), answer["drawn"], answer["counted"], answer["ms"])

    def round(self, queries: Sequence[Query], number: int) -> list[dict[str, Asked]]:
        """Every query in every mode, the modes in turn; which comes first changes from query to query."""
        rows = []
        for at, query in enumerate(queries):
            turn = (at + number) % len(MODES)
            rows.append({mode: self.ask(query, mode) for mode in MODES[turn:] + MODES[:turn]})
            if at % 50 == 49:
                print(f"round {number + 1}: {at + 1} of {len(queries)} queries", file=sys.stderr, flush=True)
        if over := sorted({row["ours"].drawn for row in rows if row["ours"].drawn > PER_PAGE}):
            raise BrowserError(f"our page drew {over[-1]} results instead of {PER_PAGE}")
        return rows


def _typed(query: Query, mode: str) -> str:
    return f'"{query.text}"' if mode == "Pagefind quoted" else query.text


def _settled(server: Server) -> list[Sent]:
    """What was sent, once nothing more is; without the page itself, its style and its pictures."""
    sent = -1
    while sent != (sent := len(server.log)):
        time.sleep(_QUIET)
    return [one for one in server.take() if kind_of(one.path) != "page"]


def as_data(asked: Asked) -> dict[str, Any]:
    """For JSON: every figure of one query."""
    return asked._asdict() | {"first": asked.first}
