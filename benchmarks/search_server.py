"""A static server on loopback that counts what it sends, as a host that compresses would send it (search benchmark)."""

from __future__ import annotations

import contextlib
import gzip
import mimetypes
import re
import threading
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from socketserver import StreamRequestHandler, ThreadingTCPServer
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

_RANGE = re.compile(rb"range: *bytes=(\d+)-(\d*)\s*$", re.IGNORECASE)


class Sent(NamedTuple):
    """One answer: the file's path below the served folder, and the bytes of its body."""

    path: str
    size: int


class Server(ThreadingTCPServer):
    """Serves `folder` below `root`."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, folder: Path, root: str = "/") -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.folder, self.root = folder.resolve(), root
        self.address = f"http://127.0.0.1:{self.server_address[1]}{root}"
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


class _Handler(StreamRequestHandler):
    """Whole files and single ranges, with lasting connections. Of a request it reads no more than that needs."""

    disable_nagle_algorithm = True
    server: Server

    def handle(self) -> None:
        """Answers until the browser hangs up."""
        with contextlib.suppress(ConnectionError):
            while line := self.rfile.readline():
                wanted = None
                while (header := self.rfile.readline()) not in {b"\r\n", b""}:
                    wanted = _RANGE.match(header) or wanted
                self.wfile.write(self._answer(line.split()[1].decode(), wanted))

    def _answer(self, target: str, wanted: re.Match[bytes] | None) -> bytes:
        """Header and body for one address."""
        path = unquote(urlsplit(target).path)
        name = path.removeprefix(self.server.root)
        name += "index.html" if path.endswith("/") else ""
        file = (self.server.folder / name).resolve()
        if not path.startswith(self.server.root) or not file.is_relative_to(self.server.folder) or not file.is_file():
            return b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
        data, more = file.read_bytes(), ""
        if wanted:
            start, stop = int(wanted[1]), int(wanted[2]) + 1 if wanted[2] else len(data)
            more, data = f"Content-Range: bytes {start}-{min(stop, len(data)) - 1}/{len(data)}\r\n", data[start:stop]
        self.server.log.append((name, len(data) if wanted else -1))
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        status = "206 Partial Content" if wanted else "200 OK"
        head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(data)}\r\n{more}"
        return f"{head}Cache-Control: max-age=3600\r\n\r\n".encode() + data


@contextlib.contextmanager
def serving(server: Server) -> Iterator[Server]:
    """Runs the server in a thread as long as the context lasts."""
    with server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield server
        finally:
            server.shutdown()
