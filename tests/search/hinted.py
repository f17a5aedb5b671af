"""A small site with hints, and what search-hints.js answers in Node."""

from __future__ import annotations

import contextlib
import functools
import http.server
import json
import os
import shutil
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.small import Small

SCRIPT = """
const {openHints} = await import(process.argv[1]);
const hints = await openHints(process.argv[2]);
const out = [];
const asked = JSON.parse(await new Response(process.stdin).text());
for (const [what, ...given] of asked) out.push(await hints[what](...given));
console.log(JSON.stringify(out));
"""
ORGANISATIONS = """- {id: xzf, name: 试验县人民政府, kind: 政府, short: 县政府}
- {id: xzfb, name: 试验县人民政府办公室, kind: 政府办公室, short: 县政府办, number_prefixes: 试政办发}
- {id: fgj, name: 试验县发展和改革局, kind: 政府部门, short: 县发改局, former: [试验县发展和改革委员会, 试验县物价局]}
- {id: scjg, name: 试验县市场监督管理局, kind: 政府部门, short: 县市场监管局, former: 试验县工商行政管理局}
- {id: swj, name: 试验县商务局, kind: 政府部门, former: 试验县经济贸易局}
- {id: gyj, name: 试验县工业局, kind: 政府部门, former: 试验县经济贸易局}
- {id: xcb, name: 中共试验县委宣传部, kind: 其他机关, short: 县委宣传部}
"""
SYNONYMS = "- [工商局, 市场监督管理局, 市监局]\n- [低保, 最低生活保障]\n"
TITLES = {
    "gjj": "住房公积金管理办法",
    "gjjdk": "试验县住房公积金贷款办法",
    "zwgk": "关于印发《试验县政务公开工作规则》的通知",
    "zwfw": "试验县政务服务大厅管理办法",
    "cq": "试验县重庆市对口合作工作方案",
    "yh": "试验县银行信贷风险补偿办法",
    "yhx": "试验县银行信贷奖励办法",
    "xk": "行政许可事项清单",
}


def lay(small: Small) -> Small:
    """The lists and a policy of each title."""
    small.write("organisations.yml", ORGANISATIONS)
    small.write("synonyms.yml", SYNONYMS)
    for slug, title in TITLES.items():
        small.policy(slug, title=title)
    small.policy("hao", title="带文号的办法", number="试政发〔2016〕80号", keywords="[公积金, 政务公开]")
    return small


class Recorder(http.server.SimpleHTTPRequestHandler):
    """Files under the site's own policy; what was asked for is kept."""

    asked: list[str]

    def __init__(self, *given: Any, asked: list[str], **named: Any) -> None:
        self.asked = asked
        super().__init__(*given, **named)

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", "default-src 'self'; object-src 'none'; base-uri 'none'")
        super().end_headers()

    def log_message(self, *_: object) -> None:
        self.asked.append(self.path.rsplit("/", 1)[-1])


@contextlib.contextmanager
def served(folder: Path) -> Iterator[tuple[str, list[str]]]:
    """The address, and the names of the files that were asked for."""
    asked: list[str] = []
    handler = functools.partial(Recorder, directory=str(folder), asked=asked)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", asked
        server.shutdown()


class Hinted:
    """A built site in the folder `site` below `base`; `loaded` are the files that the last questions loaded."""

    def __init__(self, site: Path, base: str = "") -> None:
        self.site, self.base = site, base
        self.loaded: list[str] = []

    def ask(self, *asked: list[Any]) -> list[list[dict[str, str]]]:
        """What search-hints.js answers in Node; each question is [method, arguments …]."""
        if not shutil.which("node"):
            pytest.skip("node is absent: search-hints.js is tested in the browser only")
        with served(self.site) as (address, loaded):
            module = f"{self.site}{self.base}/static/search-hints.js"
            command = ["node", "--input-type=module", "-e", SCRIPT, module, f"{address}{self.base}/search/"]
            environment = {**os.environ, "NODE_NO_WARNINGS": "1"}
            done = subprocess.run(
                command, input=json.dumps(asked), capture_output=True, text=True, check=False, env=environment
            )
        assert done.returncode == 0, done.stderr
        self.loaded = loaded
        answers: list[list[dict[str, str]]] = json.loads(done.stdout)
        return answers

    def queries(self, what: str, *queries: str) -> list[list[str]]:
        """The answers without their reasons; nothing was found for any of them."""
        return [[one["query"] for one in found] for found in self.ask(*([what, query, 0] for query in queries))]

    def text(self) -> str:
        """Every byte of the hints."""
        return "".join(p.read_text() for p in sorted((self.site / "search/hints").iterdir()))
