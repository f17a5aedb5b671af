"""`python -m benchmarks.gazette`: what it costs to typeset an issue of 60 documents, and a single document.

What is measured is told in README.md beside this file.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import resource
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from random import Random
from typing import Any

from plugins.build import demo_text
from plugins.build.demo_words import FIELDS
from plugins.build.settings import FONTS, ROOT
from plugins.formats.renderers import renderers
from plugins.formats.views import View

TARGET = 3.0
"""Seconds for an issue of 60 documents of 4,400 characters."""
_MIB = 1024


class Bodies:
    """A loader that knows bodies by their id."""

    def __init__(self) -> None:
        self.bodies: dict[str, str] = {}

    def body(self, reference: View) -> str:
        """The Markdown."""
        return self.bodies[reference["id"]]


def entries(count: int, load: Bodies) -> list[dict[str, Any]]:
    """`count` entries of about 4,400 characters each, every fifth with a table."""
    chance, made = Random(1), []
    for n in range(count):
        field, body = FIELDS[n % len(FIELDS)], ""
        while not 4_200 < len(body) < 4_600:
            subject = demo_text.Subject(field, field.terms[0], ("办法", "意见")[n % 2])
            body = demo_text.body(chance, subject, {}, n % 5 == 0)
        load.bodies[str(n)] = body
        made.append(_entry(n, f"示例县{field.terms[0]}管理办法（第{n + 1}号）"))
    return made


def _entry(n: int, title: str) -> dict[str, Any]:
    texts = {"kind": "policies", "label": "政策文件", "title": title, "number": f"示政发〔2025〕{n + 1}号"}
    rest = {
        "issuer": "示例县人民政府",
        "signed": "2025-09-25",
        "recipients": "各乡镇人民政府",
        "cc": "",
        "annotation": "",
    }
    proof = {"sha256": hashlib.sha256(title.encode()).hexdigest(), "address": f"https://www.example.gov.cn/{n}/"}
    return {
        "id": str(n),
        **texts,
        **rest,
        **proof,
        "attachments": [],
        "body": {"id": str(n)},
        "links": {},
        "pictures": {},
    }


def view(name: str, load: Bodies) -> dict[str, Any]:
    """The view for one renderer."""
    common = {"government": "示例县人民政府", "published": "2025-09-30", "verify": "https://www.example.gov.cn/verify/"}
    if name == "document-pdf":
        return common | {"document": entries(1, load)[0]}
    issue = {
        "name": "示例县人民政府公报",
        "title": "示例县人民政府公报2025年第2号",
        "notice": "",
        "errata": [],
        "imprint": [],
    }
    numbers = {
        "year": 2025,
        "number": 2,
        "running": 3,
        "address": "https://www.example.gov.cn/gazette/2025-02/",
        "fingerprint": "0" * 64,
    }
    return common | issue | numbers | {"sections": [{"title": "县政府文件", "entries": entries(60, load)}]}


def measure(name: str) -> dict[str, float]:
    """One renderer: seconds by the clock and of CPU, peak MiB of the largest process, bytes."""
    load: Any = Bodies()
    one, table = view(name, load), renderers(ROOT / "theme", FONTS)
    begun, before = time.monotonic(), _cpu()
    made = table[name](one, load)
    spent, cpu = time.monotonic() - begun, _cpu() - before
    peak = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) / _MIB
    size = len(made) if isinstance(made, bytes) else 0
    return {"seconds": spent, "cpu": cpu, "mib": peak, "bytes": size}


def _cpu() -> float:
    return sum(
        u.ru_utime + u.ru_stime for u in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    )


def _apart(name: str) -> Mapping[str, float]:
    command = [sys.executable, "-m", "benchmarks.gazette", "--one", name]
    done = subprocess.run(command, cwd=Path(ROOT), stdout=subprocess.PIPE, text=True, check=True)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def main() -> int:
    """Reads the options and reports; 1 where the target is missed."""
    options = argparse.ArgumentParser(prog="benchmarks.gazette")
    options.add_argument("--one", help="measure one renderer in this process")
    chosen = options.parse_args()
    if chosen.one:
        print(json.dumps(measure(chosen.one)))
        return 0
    found = {name: _apart(name) for name in ("gazette-pdf", "document-pdf", "gazette-cover")}
    print("| | seconds | CPU s | MiB | bytes |\n|---|---|---|---|---|")
    for name, one in found.items():
        print(f"| {name} | {one['seconds']:.2f} | {one['cpu']:.2f} | {one['mib']:.0f} | {one['bytes']:.0f} |")
    print(f"target: an issue of 60 in {TARGET:.0f} s")
    return int(found["gazette-pdf"]["seconds"] > TARGET)


if __name__ == "__main__":
    sys.exit(main())
