"""The preview answers byte ranges, as RFC 9110 has them: the table of a data set asks for parts of its file."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Iterator
from http.server import ThreadingHTTPServer

import pytest

from plugins.build.preview import Preview, _Handler
from tests.build.test_datasets import ROWS, lay

PATH = "/datasets/towns/data/towns.csv"
WHOLE = b"code,name,people\n" + ROWS.encode()


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    small = lay(tmp_path_factory.mktemp("preview"))
    handler = type("Handler", (_Handler,), {"preview": Preview(small.settings())})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port
        server.shutdown()


def get(port: int, method: str = "GET", path: str = PATH, **headers: str) -> tuple[int, bytes, dict[str, str]]:
    """Status, body and headers."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request(method, path, headers=headers)
    answer = connection.getresponse()
    return answer.status, answer.read(), dict(answer.getheaders())


@pytest.mark.parametrize(
    ("asked", "start", "end"),
    [("0-9", 0, 10), ("5-", 5, None), ("-7", -7, None), ("3-99999", 3, None), ("-99999", 0, None)],
)
def test_a_part_is_answered_with_its_place(port: int, asked: str, start: int, end: int | None) -> None:
    status, body, headers = get(port, Range=f"bytes={asked}")
    assert (status, body) == (206, WHOLE[start:end])
    first = start % len(WHOLE)
    assert headers["Content-Range"] == f"bytes {first}-{first + len(body) - 1}/{len(WHOLE)}"


def test_the_whole_says_that_parts_may_be_asked_for(port: int) -> None:
    status, body, headers = get(port)
    assert (status, body, headers["Accept-Ranges"]) == (200, WHOLE, "bytes")
    assert get(port, "HEAD")[1] == b""


@pytest.mark.parametrize("asked", ["lines=0-9", "bytes=a-b", "bytes=-", "bytes=0-1,4-5"])
def test_what_is_no_range_of_ours_is_answered_whole(port: int, asked: str) -> None:
    assert get(port, Range=asked)[:2] == (200, WHOLE)


def test_a_part_beyond_the_end_is_refused(port: int) -> None:
    status, body, headers = get(port, Range="bytes=99999-")
    assert (status, body, headers["Content-Range"]) == (416, b"", f"bytes */{len(WHOLE)}")


def test_scripts_and_charts_are_shown_in_the_preview(port: int) -> None:
    assert get(port, path="/static/vendor/hyparquet/read.js")[0] == 200
    assert get(port, path="/datasets/towns/chart-1.svg")[1].startswith(b"<svg")
