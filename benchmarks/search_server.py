"""A static server on loopback that counts what it sends, as a host that compresses would send it (search benchmark)."""

from __future__ import annotations

import contextlib
import gzip
import mimetypes
import re
import threading
from collections.abc import Iterator
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

_RANGE = re.compile(r"bytes=(\d+)-(\d*)")


class Sent(NamedTuple):
    """One answer: the file's path below the served folder, and the bytes of its body."""

    path: str
    size: int


class Server(ThreadingHTTPServer):
    """Serves `folder` below `root`; `changes` are (path's end, pattern, replacement) for texts sent otherwise."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, folder: Path, root: str = "/", changes: tuple[tuple[str, str, str], ...] = ()) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.folder, self.root, self.changes = folder.resolve(), root, changes
        self.address = f"http://127.0.0.1:{self.server_port}{root}"
        self.log: list[tuple[str, int]] = []
        """Path and, for a part of a file, its bytes; -1 for a whole file."""

    def take(self) -> list[Sent]:
        """What was sent since the last call."""
        taken, self.log = self.log, []
        return [Sent(path, compressed(self.folder / path) if size < 0 else size) for path, size in taken]


@cache
def compressed(file: Path) -> int:
    """Bytes as gzip -9 sends the file; its own size where that is not less."""
    data = file.read_bytes()
    return min(len(data), len(gzip.compress(data, 9, mtime=0)))


class _Handler(BaseHTTPRequestHandler):
    """Whole files and single ranges, with lasting connections."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    server: Server

    def do_GET(self) -> None:
        """One file; 404 where there is none."""
        path = unquote(urlsplit(self.path).path)
        file = (self.server.folder / path.removeprefix(self.server.root)).resolve()
        file = file / "index.html" if file.is_dir() else file
        inside = path.startswith(self.server.root) and file.is_relative_to(self.server.folder)
        if not inside or not file.is_file():
            self._send(404, b"", "text/plain")
            return
        name = file.relative_to(self.server.folder).as_posix()
        data = file.read_bytes()
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        if wanted := _RANGE.fullmatch(self.headers.get("Range", "")):
            part = data[int(wanted[1]) : int(wanted[2]) + 1 if wanted[2] else None]
            self.server.log.append((name, len(part)))
            self._send(206, part, kind, f"bytes {wanted[1]}-{int(wanted[1]) + len(part) - 1}/{len(data)}")
            return
        self.server.log.append((name, -1))
        for end, pattern, replacement in self.server.changes:
            if name.endswith(end):
                data = re.sub(pattern, replacement, data.decode()).encode()
        self._send(200, data, kind)

    def _send(self, code: int, data: bytes, kind: str, part: str = "") -> None:
        self.send_response(code)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.send_header("Cache-Control", "max-age=3600")
        if part:
            self.send_header("Content-Range", part)
        self.end_headers()
        self.wfile.write(data)
        self.wfile.flush()

    def log_message(self, *_: object) -> None:
        """No line for each request."""


@contextlib.contextmanager
def serving(server: Server) -> Iterator[Server]:
    """Runs the server in a thread as long as the context lasts."""
    with server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield server
        finally:
            server.shutdown()
