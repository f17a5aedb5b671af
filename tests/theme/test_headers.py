"""The headers a host has to send: the same for every kind of host, held by nginx itself."""

from __future__ import annotations

import fnmatch
import os
import re
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from plugins.views.headers import answers, as_headers, as_nginx

WORKER = "static/vendor/duckdb/a.worker.js"
SENT = ("Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy", "Access-Control-Allow-Origin")
FILES = ("index.html", "api/index.json", "catalog.ttl", "policies/2026/a/index.md", "policies/2026/a/index.txt", WORKER)
CONFIGURATION = """daemon off; worker_processes 1; pid {0}/pid; error_log {0}/log;
events {{ }}
http {{
  include /etc/nginx/mime.types; access_log off;
  client_body_temp_path {0}/t; proxy_temp_path {0}/t; fastcgi_temp_path {0}/t;
  uwsgi_temp_path {0}/t; scgi_temp_path {0}/t;
  server {{ listen 127.0.0.1:{1}; root {0}/site; include {0}/site/_nginx.conf; }}
}}
"""


def obeyed(text: str, path: str) -> dict[str, str]:
    """What a host that reads `_headers` sends with `path`: places add up, `!` takes a header away."""
    sent: dict[str, str] = {}
    fits = False
    for line in text.splitlines():
        if not line.startswith(" "):
            fits = fnmatch.fnmatchcase(path, line)
        elif fits and line.strip().startswith("!"):
            sent.pop(line.strip(" !"))
        elif fits:
            name, _, value = line.strip().partition(": ")
            assert name not in sent, "two policies would both hold"
            sent[name] = value
    return sent


@pytest.mark.parametrize("base", ["", "/gazette"])
@pytest.mark.parametrize("engine", ["", "/api/search", "https://search.example.gov.cn:9200/gazette"])
def test_headers_of_a_static_host_are_those_of_the_place(base: str, engine: str) -> None:
    found = answers(engine, base, [WORKER])
    text = as_headers(found)
    for one in found:
        assert obeyed(text, one.place.replace("*", "a")) == one.headers
    asked = re.findall(r"connect-src ([^;\n]*)", text)
    assert asked == (["'self' https://search.example.gov.cn:9200"] if engine.startswith("https") else [])


def test_an_address_cannot_end_a_line_or_a_block_of_the_configuration() -> None:
    for base in ("/a\nX-Evil: 1", "/a { return 200; }", "/a;b"):
        assert "\nX-Evil" not in as_headers(answers("", base))
        for line in as_nginx(answers("", base)).splitlines():
            if line.startswith("location"):
                assert re.fullmatch(r"location ((= )?/[\w%./-]*|~ \^/[\w%./\\-]*\.\*\\\.(md|txt|ics)\$) \{", line), line


@pytest.fixture(scope="module")
def nginx(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of an nginx that includes the fragment."""
    program = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    if not program:
        assert os.environ.get("CI") != "true", "nginx is required here"
        pytest.skip("nginx is absent: its fragment is not tried")
    folder = tmp_path_factory.mktemp("nginx")
    for name in FILES:
        (folder / "site" / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / "site" / name).write_text("{}")
    (folder / "site/_nginx.conf").write_text(as_nginx(answers("", "", [WORKER])))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    user = "user root; " if os.geteuid() == 0 else ""  # else its worker could not read what root wrote
    (folder / "conf").write_text(user + CONFIGURATION.format(folder, port))
    with subprocess.Popen([program, "-c", str(folder / "conf")], stderr=subprocess.PIPE) as process:
        try:
            yield _answering(port, process, folder)
        finally:
            process.terminate()


def _answering(port: int, process: subprocess.Popen[bytes], folder: Path) -> str:
    for _ in range(100):
        if process.poll() is not None:
            break
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return f"http://127.0.0.1:{port}"
    log = folder / "log"
    raise AssertionError(log.read_text() if log.is_file() else "nginx did not begin")


def test_nginx_sends_with_every_file_what_a_static_host_sends(nginx: str) -> None:
    text = as_headers(answers("", "", [WORKER]))
    for name in FILES:
        with urllib.request.urlopen(f"{nginx}/{name}") as answer:
            sent = {header: answer.headers.get_all(header) for header in SENT if header in answer.headers}
            wanted = obeyed(text, f"/{name}")
            assert sent == {header: [wanted[header]] for header in SENT if header in wanted}
            if "Content-Type" in wanted:
                assert answer.headers["Content-Type"] == wanted["Content-Type"]


def test_nginx_protects_the_page_of_an_address_that_leads_nowhere(nginx: str) -> None:
    with pytest.raises(urllib.error.HTTPError) as missing:
        urllib.request.urlopen(f"{nginx}/nowhere")
    with missing.value as answer:
        assert answer.headers["Content-Security-Policy"].startswith("default-src 'self'")
