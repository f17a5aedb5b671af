"""Live preview on this machine: every request reads what is on the disk now; drafts are shown, and kept nowhere.

Serves loopback only. Touches the network and the disk.
"""

from __future__ import annotations

import hashlib
import html
import io
import mimetypes
import re
import threading
from collections.abc import Iterable
from dataclasses import replace
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import IO, Any
from urllib.parse import parse_qs, unquote, urlsplit

from plugins.build import report
from plugins.build.clock import moment
from plugins.build.content import read_content
from plugins.build.forming import previewed_forms
from plugins.build.gallery import gallery_job
from plugins.build.hinting import hint_jobs
from plugins.build.renderers import renderers
from plugins.build.searching import SearchIndex
from plugins.build.served import static_files
from plugins.build.settings import Settings
from plugins.build.sources import Sources
from plugins.build.store import Made, Store
from plugins.build.workers import DiskLoader, Folders, whole
from plugins.models.faults import Fault, has_errors
from plugins.search.ranking import weights
from plugins.views.around import around
from plugins.views.assembly import between_jobs, closing_jobs, own_parts, site_jobs
from plugins.views.documents import document_jobs, first_jobs, of_texts
from plugins.views.frame import SiteFrame
from plugins.views.hints import hint_words
from plugins.views.jobs import Job
from plugins.views.searching import entries
from plugins.views.site import Site, make_site

_RANGE = re.compile(r"bytes=(\d*)-(\d*)")


class Preview:
    """The site as it would be, in memory: no draft that is made here reaches the store.

    The forms of tables do: no draft is in them, and they may be larger than memory.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.lock = threading.Lock()
        self.loader = _MemoryLoader(Folders.of(settings, str(settings.cache / "objects")))
        self.renderers = renderers(settings.theme, settings.fonts)
        self.state = ""
        self.jobs: dict[str, Job] = {}
        self.forms: dict[str, Made] = {}
        self.faults: list[Fault] = []
        self.base = ""
        self.frame: SiteFrame | None = None
        self.texts: dict[str, str] = {}

    def get(self, path: str) -> bytes | None:
        """The bytes at `path` below the site, or None. Raises OSError where the content cannot be read."""
        with self.lock:
            self._refresh()
            if path.startswith("search/") and path not in self.jobs:
                self._index()
            if made := self.forms.get(path):
                return self.loader.path(made.digest).read_bytes()
            if (job := self.jobs.get(path)) is None:
                return None
            return whole(self.renderers[job.renderer](job.whole_view(), self.loader))

    def _refresh(self) -> None:
        store = Store(self.settings.cache)
        try:
            sources = Sources(self.settings, store, moment(self.settings.as_of))
            content = read_content(self.settings, sources)
        finally:
            store.close()
        self.faults = content.faults
        signatures = [e.signature for e in (*content.tree.sources, *content.tree.lists.values())]
        state = repr((signatures, [p.sha256 for p in content.packages], sources.now[:10]))
        if state != self.state and content.context.register.identity is not None:
            history = content.book.history()
            site = make_site(content.context, content.packages, (), content.assets, True, history)
            self._plan(replace(site, registers=content.registers))
            self.state = state

    def _plan(self, site: Site) -> None:
        frame = self.frame = SiteFrame(site)
        self.base = frame.addresses.base
        self.loader.kept.clear()
        surroundings = [around(frame, record) for record in site.documents.values()]
        self.jobs, made = {}, {}
        for one in surroundings:
            made[one.record.id] = {what: self._keep(job) for what, job in first_jobs(one)}
        texts = self.texts = of_texts(made)
        between = {name: self._keep(job) for name, job in between_jobs(frame, texts)}
        for one in surroundings:
            own = own_parts(frame, one.record, texts, between)
            self.jobs |= {job.path: job for job in document_jobs(frame, one, made[one.record.id], own)}
        self.forms = previewed_forms(self.settings, site)
        files = {path: (made.digest, made.size) for path, made in self.forms.items()}
        theme = static_files(self.settings.theme)
        self.jobs = {job.path: job for job in site_jobs(frame, texts, between, theme, files)} | self.jobs
        closing = (*closing_jobs(frame, list(self.jobs)), gallery_job(frame, self.settings.theme))
        self.jobs |= {job.path: job for job in closing}

    def _index(self) -> None:
        """Plans hints and static index, once for each state of the site: only who searches waits for them."""
        frame, self.frame = self.frame, None
        if frame is None:
            return
        self.jobs |= {job.path: job for job in hint_jobs(hint_words(frame), self._keep_all, self.loader.made)}
        if frame.identity.search_engine:
            return
        sizes = {identifier: len(self.loader.made(digest)) for identifier, digest in self.texts.items()}
        index = SearchIndex(frame.url(), entries(frame), sizes)
        packs = self._keep_all(index.packs(self.texts, weights()))
        made = self._keep_all(index.segment_jobs(packs))
        self.jobs |= dict(index.file_jobs(packs, made, self.loader.made))

    def _keep_all(self, jobs: Iterable[tuple[str, Job]]) -> dict[str, str]:
        return {name: self._keep(job) for name, job in jobs}

    def _keep(self, job: Job) -> str:
        if job.path:
            self.jobs[job.path] = job
        data = self.renderers[job.renderer](job.whole_view(), self.loader)
        return self.loader.keep(whole(data))


class _MemoryLoader(DiskLoader):
    """A loader whose made objects live in memory."""

    def __init__(self, folders: Folders) -> None:
        super().__init__(folders)
        self.kept: dict[str, bytes] = {}

    def keep(self, data: bytes) -> str:
        digest = hashlib.sha256(data).hexdigest()
        self.kept[digest] = data
        return digest

    def made(self, digest: str) -> bytes:
        return self.kept[digest]

    def opened(self, digest: str) -> IO[bytes]:
        return io.BytesIO(self.kept[digest])


def serve(settings: Settings, port: int) -> int:
    """Serves until interrupted; returns the exit code."""
    preview = Preview(settings)
    preview.get("")
    handler = type("Handler", (_Handler,), {"preview": preview})
    try:
        server = ThreadingHTTPServer(("127.0.0.1", port), handler)
    except OSError as error:
        return report.outside(f"端口 {port} 不能用：{error.strerror}")
    report.faults(preview.faults)
    report.line(f"预览在 http://127.0.0.1:{server.server_port}{preview.base}/ ，按 Ctrl+C 结束；草稿只在这里可见")
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        server.server_close()
    return 0


class _Handler(BaseHTTPRequestHandler):
    """GET and HEAD, byte ranges, nothing else."""

    preview: Preview

    def do_HEAD(self) -> None:
        """The same as GET without the body."""
        self.do_GET()

    def do_GET(self) -> None:
        """A file of the site; `/search/?q=` is answered by Whoosh, for readers without script."""
        address = urlsplit(self.path)
        path, base = unquote(address.path), self.preview.base
        if base and not path.startswith(base + "/"):
            self._send(HTTPStatus.NOT_FOUND, b"", "text/plain")
            return
        path = path[len(base) + 1 :]
        name = path + "index.html" if path.endswith("/") or not path else path
        data = self.preview.get(name)
        if data is None and self.preview.get(f"{path}/index.html") is not None:
            self.send_response(HTTPStatus.MOVED_PERMANENTLY)
            self.send_header("Location", f"{address.path}/")
            self.end_headers()
        elif data is None:
            self._send(HTTPStatus.NOT_FOUND, self.preview.get("404.html") or b"", "text/html; charset=utf-8")
        else:
            if name == "search/index.html" and (query := parse_qs(address.query).get("q")):
                data = self._searched(data, query[0])
            if name.endswith(".html") and has_errors(self.preview.faults):
                data = self._with_faults(data)
            kind = mimetypes.guess_type(name)[0] or "text/plain"
            self._send(HTTPStatus.OK, data, f"{kind}; charset=utf-8" if kind.startswith("text") else kind)

    def _searched(self, page: bytes, query: str) -> bytes:
        from plugins.build.finder import find

        _, hits = find(self.preview.settings, query, 20)
        base = self.preview.base
        marked = ((h, f"〔{h.validity}〕" if h.ended else "") for h in hits)
        rows = "".join(f'<li>{mark}<a href="{base}/{h.id}/">{html.escape(h.title)}</a></li>' for h, mark in marked)
        return page.replace(b"<noscript>", f"<noscript><ul>{rows}</ul>".encode(), 1)

    def _with_faults(self, page: bytes) -> bytes:
        errors = [f for f in self.preview.faults if f.severity == "error"][:20]
        rows = "".join(f"<li>{html.escape(str(f))}</li>" for f in errors)
        return page.replace(b"<main", f'<section class="banner draft"><ul>{rows}</ul></section><main'.encode(), 1)

    def _send(self, status: HTTPStatus, data: bytes, kind: str) -> None:
        part = _RANGE.fullmatch(self.headers.get("Range", "")) if status == HTTPStatus.OK else None
        total = len(data)
        if part and (part[1] or part[2]):
            start = int(part[1]) if part[1] else max(0, total - int(part[2]))
            end = min(int(part[2]) if part[1] and part[2] else total - 1, total - 1)
            if start > end:
                self.send_response(HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE)
                self.send_header("Content-Range", f"bytes */{total}")
                self.end_headers()
                return
            status, data = HTTPStatus.PARTIAL_CONTENT, data[start : end + 1]
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.send_header("Accept-Ranges", "bytes")
        self.send_header("Cache-Control", "no-store")
        if status == HTTPStatus.PARTIAL_CONTENT:
            self.send_header("Content-Range", f"bytes {start}-{end}/{total}")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name of the base class
        """Requests are not worth a line each."""
