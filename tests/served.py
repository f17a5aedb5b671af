"""A built site on a host of this machine, with the headers that it asks of its host."""

from __future__ import annotations

import fnmatch
import functools
import http.server
import threading
from http import HTTPStatus
from pathlib import Path
from typing import ClassVar, Self

Rules = list[tuple[str, list[tuple[str, str]]]]
"""Patterns of paths, each with its headers, as `_headers` has them."""


def rules(folder: Path) -> Rules:
    """What `_headers` asks for."""
    found: Rules = []
    for line in (folder / "_headers").read_text().splitlines():
        if line.startswith("  "):
            name, _, value = line.strip().partition(": ")
            found[-1][1].append((name, value))
        else:
            found.append((line, []))
    return found


class Host(http.server.SimpleHTTPRequestHandler):
    """Serves with the site's headers and its page for what is not there, and writes no log."""

    rules: ClassVar[Rules] = []

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name of the base class
        """No line a request."""

    def end_headers(self) -> None:
        """Every rule that fits adds its headers, or takes one away."""
        path = self.path.partition("?")[0]
        sent: list[tuple[str, str]] = []
        for pattern, headers in self.rules:
            if fnmatch.fnmatchcase(path, pattern):
                for name, value in headers:
                    taken = name.removeprefix("! ")
                    sent = [one for one in sent if one[0] != taken] if taken != name else [*sent, (name, value)]
        for name, value in sent:
            self.send_header(name, value)
        super().end_headers()

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """The site's own page for what is not there."""
        page = Path(self.directory) / "404.html"
        if code != HTTPStatus.NOT_FOUND or not page.is_file():
            super().send_error(code, message, explain)
            return
        data = page.read_bytes()
        self.send_response(code)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)


class Served:
    """A folder on a host of this machine."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        kind = functools.partial(type("Host", (Host,), {"rules": rules(folder)}), directory=str(folder))
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), kind)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.address = f"http://127.0.0.1:{self.server.server_port}"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """The host is gone."""
        self.server.shutdown()
        self.server.server_close()
