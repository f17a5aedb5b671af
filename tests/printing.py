"""Editions and documents made by hand, as views/editions.py makes them, and a loader for their bodies."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from plugins.formats import text
from plugins.formats.views import View
from plugins.readers.document import read_body
from tests.conftest import ROOT

ADDRESS = "https://www.example.gov.cn/"


class Bodies:
    """A loader that knows texts by their id, files by their name, and fonts by their path."""

    def __init__(self, bodies: Mapping[str, str], files: Mapping[str, bytes] | None = None) -> None:
        self.bodies, self.files = dict(bodies), dict(files or {})

    def body(self, reference: View) -> str:
        return self.bodies[reference["id"]]

    def file(self, reference: View) -> bytes:
        return self.files[reference["file"]]

    def font(self, reference: View) -> Path:
        return Path(reference["file"])


def entry(title: str, body: str, loader: Bodies, **changes: Any) -> dict[str, Any]:
    """An entry; its body becomes known to `loader`."""
    identifier = changes.get("id") or f"policies/2025/d{len(loader.bodies) + 1}"
    loader.bodies[identifier] = body
    reference = {"id": identifier, "sha256": hashlib.sha256(body.encode()).hexdigest()}
    canonical = text.render({"title": title, "body": reference}, loader)
    return {
        "id": identifier,
        "kind": "policies",
        "label": "政策文件",
        "title": title,
        "number": "示政发〔2025〕3号",
        "issuer": "示例县人民政府",
        "signed": "2025-09-25",
        "recipients": "各乡镇人民政府，县政府各部门、各直属单位",
        "cc": "县委办公室，县人大常委会办公室，县政协办公室",
        "annotation": "",
        "attachments": [],
        "sha256": hashlib.sha256(canonical).hexdigest(),
        "address": f"{ADDRESS}{identifier}/",
        "body": reference,
        "links": {},
        "pictures": {},
    } | changes


def edition(entries: Sequence[dict[str, Any]], **changes: Any) -> dict[str, Any]:
    """An issue with all `entries` in one section."""
    return {
        "name": "示例县人民政府公报",
        "government": "示例县人民政府",
        "title": "示例县人民政府公报2025年第2号",
        "year": 2025,
        "number": 2,
        "running": 3,
        "published": "2025-09-30",
        "notice": "这是演示网站：示例县及其机构、文件和数据都是虚构的，不能作为办事依据。",
        "address": f"{ADDRESS}gazette/2025-02/",
        "verify": f"{ADDRESS}verify/",
        "fingerprint": hashlib.sha256(b"issue").hexdigest(),
        "imprint": [
            {"label": "主办", "value": "示例县人民政府"},
            {"label": "编辑", "value": "县政府办公室"},
            {"label": "定价", "value": "免费赠阅"},
            {"label": "赠阅点", "value": "示例县图书馆（示例县文化路6号）"},
            {"label": "赠阅点", "value": "示例县档案馆（示例县中心路9号）"},
        ],
        "sections": [{"title": "县政府文件", "entries": list(entries)}],
        "errata": [],
    } | changes


def document(one: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """The view of one document's print."""
    return {
        "document": one,
        "government": "示例县人民政府",
        "verify": f"{ADDRESS}verify/",
        "published": "2025-09-26",
    } | changes


def demonstration(loader: Bodies) -> list[dict[str, Any]]:
    """Every document of the demonstration that has a body, as an entry."""
    found = []
    for path in sorted((ROOT / "content").rglob("*.md")):
        body = read_body(path.read_bytes())
        identifier = str(path.relative_to(ROOT / "content").with_suffix(""))
        header = path.read_text().split("---\n")[1].splitlines()
        head = {line.partition(": ")[0]: line.partition(": ")[2].strip("'\"") for line in header}
        if body.strip():
            found.append(entry(head["title"], body, loader, id=identifier, number=head.get("number", "")))
    return found
