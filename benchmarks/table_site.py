"""A data set's page with a long table, laid out as a build lays it, on a host that counts what it gives."""

from __future__ import annotations

import contextlib
import functools
import gzip
import http.server
import json
import re
import shutil
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from benchmarks.statics import serve
from plugins.formats.page import environment, hashes

ROOT = Path(__file__).resolve().parents[1]
FIELDS = {
    "id": "integer",
    "code": "string",
    "town": "string",
    "kind": "string",
    "name": "string",
    "day": "date",
    "made": "datetime",
    "open": "boolean",
    "people": "integer",
    "area": "number",
    "rate": "number",
    "year": "year",
}
_TOWNS = ("清河镇", "柳树镇", "北塘镇", "东港镇", "新集镇", "双桥镇", "石门镇", "白水镇", "青山镇", "长堤镇", "南圩镇")
_KINDS = ("行政许可", "行政处罚", "公共服务", "行政确认")
PAGE, GROUP = 1000, 10_000


def columns(rows: int) -> dict[str, list[Any]]:
    """Twelve typed columns, the same each time: the key ascends; 7,919 is prime to every number of rows here."""
    mixed = [n * 7919 % rows for n in range(rows)]
    return {
        "id": [n * 3 + 1 for n in range(rows)],
        "code": [f"{n:010}" for n in mixed],
        "town": [_TOWNS[m % 11] for m in mixed],
        "kind": [_KINDS[m % 4] for m in mixed],
        "name": [f"{_TOWNS[m % 11]}第{m}号，“甲”" for m in mixed],
        "day": [f"{2000 + m % 26}-{m % 12 + 1:02}-{m % 28 + 1:02}" for m in mixed],
        "made": [f"{2000 + m % 26}-{m % 12 + 1:02}-{m % 28 + 1:02}T{m % 24:02}:{m % 60:02}:00" for m in mixed],
        "open": [m % 3 == 0 for m in mixed],
        "people": [None if m % 97 == 0 else m % 50_000 for m in mixed],
        "area": [m % 9973 / 100 for m in mixed],
        "rate": [m % 1009 / 8 for m in mixed],
        "year": [2000 + m % 26 for m in mixed],
    }


def lay(folder: Path, rows: int, data: Mapping[str, list[Any]] | None = None) -> dict[str, list[Any]]:
    """Page, scripts, pages of JSON, Parquet sorted by key, CSV; gives the columns."""
    held = dict(data or columns(rows))
    files = folder / "files"
    (files / "t").mkdir(parents=True)
    names = list(held)
    lines = [dict(zip(names, row, strict=True)) for row in zip(*held.values(), strict=True)]
    for number, start in enumerate(range(0, rows, PAGE), 1):
        text = json.dumps(lines[start : start + PAGE], ensure_ascii=False, separators=(",", ":"))
        (files / "t" / f"{number}.json").write_text(text)
    _parquet(files / "t.parquet", held)
    with (files / "t.csv").open("w") as out:
        out.write(",".join(names) + "\n")
        out.writelines(",".join(_cell(v) for v in row) + "\n" for row in zip(*held.values(), strict=True))
    _page(folder, held, rows, (files / "t.parquet").stat().st_size)
    shutil.copytree(ROOT / "theme/static", folder / "static", copy_function=serve)
    shutil.copytree(ROOT / "theme/vendor", folder / "static/vendor")
    return held


def _cell(value: Any) -> str:
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def _parquet(path: Path, held: Mapping[str, list[Any]]) -> None:
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    kinds = {"integer": pa.int64(), "number": pa.float64(), "boolean": pa.bool_(), "year": pa.int32()}
    table = pa.table({n: pa.array(v, kinds.get(FIELDS.get(n, "string"), pa.string())) for n, v in held.items()})
    for name, kind in (("day", pa.date32()), ("made", pa.timestamp("us"))):
        if name in held:
            table = table.set_column(table.schema.get_field_index(name), name, pc.cast(table[name], kind))
    table = table.take(pc.sort_indices(table, [("id", "ascending")]))
    pq.write_table(table, path, row_group_size=GROUP, compression="snappy", write_page_index=True)


def _page(folder: Path, held: Mapping[str, list[Any]], rows: int, size: int) -> None:
    full = import_module("tests.theme.views").full
    header = [
        {
            "name": n,
            "title": f"列{n}",
            "type": FIELDS.get(n, "string"),
            "number": FIELDS.get(n) in {"integer", "number"},
        }
        for n in held
    ]
    first = [[_cell(v) for v in row] for row in zip(*(column[:100] for column in held.values()), strict=True)]
    vendor = "/static/vendor/"
    grid = {"rows": str(rows), "name": "t", "key": "id", "pages": "/files/t/", "csv": "/files/t.csv"}
    if rows > 20 * PAGE:
        grid |= {"parquet": "/files/t.parquet", "bytes": str(size)}
    grid["reader"] = f"{vendor}hyparquet/"
    if (ROOT / "theme/vendor/duckdb").is_dir():
        grid |= {"sql": f"{vendor}duckdb/duckdb-browser-eh.worker.js", "wasm": f"{vendor}duckdb/duckdb-eh.wasm"}
    page = full("dataset")
    table = page["tables"][0] | {"header": header, "head": first, "grid": grid, "rows": rows, "cut": False}
    page |= {"tables": [table], "charts": [], "data": []}
    page["links"] = dict.fromkeys(page["links"], "")
    page |= hashes(ROOT / "theme", page["css"], page["choices"]["url"], page["script"])
    text = environment(ROOT / "theme").get_template("dataset.html").render(page=page, body="", data=[])
    (folder / "index.html").write_text(text)


@dataclass
class Given:
    """One answer: path, status and bytes of its body on the wire."""

    path: str
    status: int
    bytes: int


class _Host(http.server.BaseHTTPRequestHandler):
    """Byte ranges (but of `.whole`), gzip for text, and the site's policy, as hosts of static files have them."""

    protocol_version = "HTTP/1.1"
    folder: Path
    given: list[Given]

    def do_GET(self) -> None:
        path = self.path.split("?")[0]
        file = self.folder / (path.lstrip("/") or "index.html")
        if not file.is_file():
            self._answer(404, b"", "text/plain", {})
            return
        kind = _KIND.get(file.suffix, "application/octet-stream")
        asked = re.fullmatch(r"bytes=(\d+)-(\d+)", self.headers.get("Range", ""))
        total = file.stat().st_size
        if asked and file.suffix != ".whole":
            start, end = int(asked[1]), min(int(asked[2]), total - 1)
            with file.open("rb") as held:
                held.seek(start)
                data = held.read(end - start + 1)
            self._answer(206, data, kind, {"Content-Range": f"bytes {start}-{end}/{total}"})
            return
        data = file.read_bytes()
        if file.suffix in _PACKED:
            self._answer(200, gzip.compress(data, 6), kind, {"Content-Encoding": "gzip"})
        else:
            self._answer(200, data, kind, {})

    def _answer(self, status: int, data: bytes, kind: str, more: Mapping[str, str]) -> None:
        self.send_response(status)
        policy = "default-src 'self'" + (" 'wasm-unsafe-eval'" if self.path.endswith(".worker.js") else "")
        headers = {"Content-Type": kind, "Content-Length": str(len(data)), "Accept-Ranges": "bytes", **more}
        headers["Content-Security-Policy"] = f"{policy}; object-src 'none'; base-uri 'none'"
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            self.wfile.write(data)
        self.given.append(Given(self.path, status, len(data)))

    def log_message(self, *_: object) -> None:
        """Requests are counted, not told."""


_KIND = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".wasm": "application/wasm",
    ".csv": "text/csv; charset=utf-8",
}
_PACKED = {".html", ".js", ".css", ".json", ".svg", ".wasm", ".csv"}


@contextlib.contextmanager
def served(folder: Path) -> Iterator[tuple[str, list[Given]]]:
    """The address, and what was given so far."""
    given: list[Given] = []
    kind = type("Host", (_Host,), {"folder": folder, "given": given})
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(kind)) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", given
        server.shutdown()


def told(given: Sequence[Given]) -> str:
    """Requests and KiB, as people read them."""
    return f"{len(given)} requests, {sum(one.bytes for one in given) / 1024:,.0f} KiB"
