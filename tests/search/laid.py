"""The static index laid from plain documents, exactly as a build lays it; search.js asked about it in Node."""

from __future__ import annotations

import contextlib
import functools
import hashlib
import http.server
import json
import os
import shutil
import subprocess
import threading
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, Any

import pytest

from plugins.build.searching import SearchIndex, search_renderers
from plugins.build.settings import FONTS
from plugins.formats.renderers import renderers
from plugins.formats.views import View
from plugins.search.ranking import weights
from plugins.views.indexed import FACETS, Entry
from plugins.views.jobs import Job
from tests.conftest import ROOT

STATIC = ROOT / "theme/static"
DATASET = "数据集"
"""The kind of what has its text in its entry, as the build's data sets have; a document's is a text that was made."""
FILES = """
const {readFile} = await import("node:fs/promises");
const absent = () => new Response("", {status: 404});
globalThis.fetch = (address) => readFile(new URL(address)).then((data) => new Response(data), absent);
"""
"""What makes of Node a browser that reads files as they lie on the disk."""
SCRIPT = """
const {open} = await import(process.argv[1]);
const out = [];
for (const [base, asked] of JSON.parse(await new Response(process.stdin).text())) {
  const site = await open(base);
  for (const [query, options] of asked) out.push(await site.search(query, options));
}
console.log(JSON.stringify(out));
"""
OLD = "delete globalThis.DecompressionStream;\n"
"""What makes of Node a browser that inflates nothing."""
Document = Mapping[str, str]


def unpacked(data: bytes) -> Any:
    """What a file of the index holds that is JSON in GBK, deflated."""
    return json.loads(zlib.decompress(data, -15).decode("gbk"))


def facet(column: Mapping[str, Any], number: int) -> str:
    """The value of one entry in a column of `columns.bin`."""
    value: str = column["values"][ord(column["of"][number]) - ord("#")]
    return value


def document(slug: str, title: str = "题", text: str = "", **changes: str) -> dict[str, str]:
    """A document; what is not said is the same for all."""
    common = {"number": "", "kind": "政策文件", "issuer": "试验县人民政府", "published": "2024-05-01 09:00"}
    rest = {"topic": "", "year": "2024", "validity": "现行有效"}
    return {"url": f"/policies/2024/{slug}/", "title": title, "text": text} | common | rest | changes


class Kept:
    """What was made, by its digest: a store in memory."""

    def __init__(self) -> None:
        self.objects: dict[str, bytes] = {}
        self.renderers = {**renderers(ROOT / "theme", FONTS), **search_renderers()}

    def keep(self, data: bytes) -> str:
        digest = hashlib.sha256(data).hexdigest()
        self.objects[digest] = data
        return digest

    def make(self, job: Job) -> bytes:
        return self.renderers[job.renderer](job.whole_view(), self)

    def named(self, jobs: Iterable[tuple[str, Job]]) -> dict[str, str]:
        """Name -> digest of what each job makes."""
        return {name: self.keep(self.make(job)) for name, job in jobs}

    def made(self, digest: str) -> bytes:
        return self.objects[digest]

    def opened(self, digest: str) -> IO[bytes]:
        raise AssertionError(digest)

    def body(self, reference: View) -> str:
        raise AssertionError(reference)

    def file(self, reference: View) -> bytes:
        raise AssertionError(reference)


def index_of(documents: Sequence[Document], kept: Kept) -> tuple[SearchIndex, dict[str, str]]:
    """The index of `documents`, oldest first, and the digests of their canonical texts by id."""
    found, texts, sizes = [], {}, {}
    by_url = sorted(documents, key=lambda one: one["url"], reverse=True)
    for one in sorted(by_url, key=lambda one: one["published"]):
        record = {name: one[name] for name in ("url", "title", "number", "published")}
        own = one["text"] if one["kind"] == DATASET else ""
        found.append(Entry(one["url"], record, {name: one[name] for name in FACETS}, own))
        if one["kind"] != DATASET:
            canonical = f"{one['title']}\n\n{one['text']}\n".encode()
            texts[one["url"]], sizes[one["url"]] = kept.keep(canonical), len(canonical)
    return SearchIndex("/", found, sizes), texts


def files(documents: Sequence[Document]) -> dict[str, bytes]:
    """Every file of the index of `documents` by its path, as the build's maker brings them forth."""
    kept = Kept()
    index, texts = index_of(documents, kept)
    packs = kept.named(index.packs(texts, weights()))
    made = kept.named(index.segment_jobs(packs))
    return {path: kept.make(job) for path, job in index.file_jobs(packs, made, kept.made)}


def lay(folder: Path, documents: Sequence[Document]) -> Path:
    """An index of `documents` in `folder`/search; gives `folder`."""
    for path, data in files(documents).items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    return folder


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Files with the site's own policy, without a line for each request."""

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", "default-src 'self'; object-src 'none'; base-uri 'none'")
        super().end_headers()

    def log_message(self, *_: object) -> None:
        """Requests are not worth a line each."""


@contextlib.contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address of `folder` while it is served."""
    handler = functools.partial(Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def node(script: str, *arguments: str, given: object = None) -> Any:
    """What `script` prints as JSON in Node: its first argument is search.js, then `arguments`; `given` is its input."""
    if not shutil.which("node"):
        assert os.environ.get("CI") != "true", "node is required here"
        pytest.skip("node is absent: search.js is not tested")
    module = (STATIC / "search.js").as_uri()
    command = ["node", "--input-type=module", "-e", script, module, *arguments]
    quiet = {**os.environ, "NODE_NO_WARNINGS": "1"}
    done = subprocess.run(command, input=json.dumps(given), capture_output=True, text=True, check=False, env=quiet)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def ask(folder: Path, *asked: Any, script: str = SCRIPT) -> list[dict[str, Any]]:
    """What search.js answers to each query or (query, options)."""
    return ask_all(folder, {"": asked}, script)


def ask_all(folder: Path, asked: Mapping[str, Sequence[Any]], script: str = SCRIPT) -> list[dict[str, Any]]:
    """What it answers to the questions to each index below `folder`, one after the other in one process."""
    pairs = [
        (
            (folder / name / "search").resolve().as_uri() + "/",
            [q if isinstance(q, tuple) else (q, {}) for q in questions],
        )
        for name, questions in asked.items()
    ]
    return node(FILES + script, given=pairs)


def slugs(found: Mapping[str, Any]) -> str:
    """The last part of each address found, in order."""
    return "".join(hit["url"].split("/")[-2] for hit in found["hits"])
