"""Editions for tests of formats: out of Markdown strings, or out of the demonstration's headers, with their loader."""

from __future__ import annotations

import hashlib
import posixpath
import random
import struct
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from plugins.build.demo_text import Subject, body
from plugins.build.demo_words import FIELDS
from plugins.formats import text
from plugins.formats.edition_text import render
from plugins.readers import body as bodies
from plugins.readers.document import read_body

ROOT = Path(__file__).resolve().parents[1]
ADDRESS = "https://www.example.gov.cn/"


def png(colour: int = 200, **chunks: bytes) -> bytes:
    """A PNG of 2 × 2 grey pixels; `chunks` are further ones by type, such as tEXt."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 2, 2, 8, 0, 0, 0, 0)
    more = b"".join(chunk(kind.encode(), data) for kind, data in chunks.items())
    pixels = zlib.compress(bytes([0, colour, colour]) * 2)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + more + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


class Shelf:
    """Makes entries and editions, and is the loader of what they name: bodies, files, and what was made before."""

    def __init__(self) -> None:
        self.bodies: dict[str, str] = {}
        self.files: dict[str, bytes] = {}
        self.objects: dict[str, bytes] = {}
        self.count = 0

    def body(self, reference: Mapping[str, Any]) -> str:
        return self.bodies[reference["sha256"]]

    def file(self, reference: Mapping[str, Any]) -> bytes:
        return self.files[reference["sha256"]]

    def made(self, digest: str) -> bytes:
        return self.objects[digest]

    def keep(self, data: bytes) -> str:
        """Takes `data` as made; its digest."""
        digest = hashlib.sha256(data).hexdigest()
        self.objects[digest] = data
        return digest

    def entry(
        self, title: str = "试验办法", body: str | None = "第一条 为了试验，制定本办法。", **changes: Any
    ) -> dict[str, Any]:
        """An ENTRY with `text` and `card`; `slug`, and `pictures` as bytes by target, are made into what views hold."""
        self.count += 1
        kind, slug = changes.pop("kind", "policies"), changes.pop("slug", f"a-{self.count}")
        identifier = changes.pop("id", f"{kind}/2026/{slug}")
        reference = None
        if body is not None:
            reference = {"id": identifier, "sha256": hashlib.sha256(body.encode()).hexdigest()}
            self.bodies[reference["sha256"]] = body
        digest = self.keep(text.render({"title": title, "body": reference}, self))
        pictures = {}
        for target, data in changes.pop("pictures", {}).items():
            sha = hashlib.sha256(data).hexdigest()
            self.files[sha] = data
            pictures[target] = {"file": f"content/{kind}/2026/{target}", "sha256": sha}
        entry: dict[str, Any] = {
            "id": identifier,
            "kind": kind,
            "label": "政策文件",
            "title": title,
            "number": f"示政发〔2026〕{self.count}号",
            "issuer": "示例县人民政府",
            "signed": "2026-03-02",
            "recipients": "各乡镇人民政府，县政府各部门",
            "cc": "",
            "annotation": "此件公开发布",
            "attachments": [],
            "sha256": digest,
            "address": f"{ADDRESS}{identifier}/",
            "body": reference,
            "links": {},
            "pictures": pictures,
            "text": digest,
            "card": self.keep(png()),
        }
        return entry | changes

    def edition(self, sections: Mapping[str, Sequence[Mapping[str, Any]]], **changes: Any) -> dict[str, Any]:
        """An edition with these entries by section; its fingerprint is that of its plain text."""
        edition: dict[str, Any] = {
            "name": "示例县人民政府公报",
            "government": "示例县人民政府",
            "title": "示例县人民政府公报2026年第1号",
            "year": 2026,
            "number": 1,
            "running": 4,
            "published": "2026-03-31",
            "notice": "",
            "address": f"{ADDRESS}gazette/2026-01/",
            "verify": f"{ADDRESS}verify/",
            "fingerprint": "",
            "imprint": [
                {"label": "编辑", "value": "县政府办公室"},
                {"label": "定价", "value": "免费赠阅"},
                {"label": "赠阅点", "value": "县图书馆、县档案馆、县政务服务大厅"},
            ],
            "sections": [{"title": title, "entries": list(entries)} for title, entries in sections.items()],
            "errata": [],
        }
        edition |= changes
        return edition | {"fingerprint": hashlib.sha256(render(edition, self)).hexdigest()}

    def plain(self, *bodies: str, **changes: Any) -> dict[str, Any]:
        """An edition with one section and an entry for each body."""
        return self.edition({"县政府文件": [self.entry(f"文件{n}", one) for n, one in enumerate(bodies, 1)]}, **changes)


def large(entries: int = 60, characters: int = 4_400) -> tuple[dict[str, Any], Shelf]:
    """An issue as large as real ones: regulations from the demonstration's grammar, cut to `characters` each."""
    shelf, chance = Shelf(), random.Random(6)
    made = []
    for _ in range(entries):
        source = ""
        while len(source) < characters:
            source += body(chance, Subject(FIELDS[0], "试验", "办法"), {}, True) + "\n\n"
        made.append(shelf.entry("试验管理办法", source[: source.rindex("\n\n", 0, characters + 300)]))
    return shelf.edition({"县政府文件": made[: entries // 2], "部门文件": made[entries // 2 :]}), shelf


def demonstration() -> dict[str, tuple[dict[str, Any], Shelf]]:
    """The demonstration's issues by name, from their headers alone: no gate, no relations."""
    return {path.stem: _issue(path) for path in sorted((ROOT / "content/gazette").glob("*.md"))}


def _issue(path: Path) -> tuple[dict[str, Any], Shelf]:
    head, shelf = _header(path)[0], Shelf()
    names = {o["id"]: o["name"] for o in yaml.safe_load((ROOT / "content/organisations.yml").read_text())}
    sections = {s["title"]: [_entry(shelf, e, names) for e in s["entries"]] for s in head["sections"]}
    facts = {name: int(head[name]) for name in ("year", "number", "running")}
    whole = shelf.edition(
        sections,
        title=head["title"],
        published=head["published"][:10],
        address=f"{ADDRESS}gazette/{path.stem}/",
        notice="这是演示网站，文件和机关都是虚构的。",
        **facts,
    )
    return whole, shelf


def _header(path: Path) -> tuple[dict[str, Any], str]:
    data = path.read_bytes()
    loaded = yaml.load(data.decode().split("---\n")[1], yaml.BaseLoader)
    return loaded, read_body(data)


def _entry(shelf: Shelf, identifier: str, names: Mapping[str, str]) -> dict[str, Any]:
    head, source = _header(ROOT / "content" / f"{identifier}.md")
    folder = posixpath.dirname(identifier)
    links = {}
    for written, _ in bodies.links(source, 1):
        target, _, anchor = written.partition("#")
        if target.endswith(".md"):
            place = posixpath.normpath(posixpath.join(folder, target.removesuffix(".md")))
            links[written] = f"{ADDRESS}{place}/" + (f"#{anchor}" if anchor else "")
    return shelf.entry(
        head["title"],
        source,
        id=identifier,
        kind=identifier.split("/", maxsplit=1)[0],
        number=head.get("number", ""),
        issuer=names.get(head.get("issuer", ""), ""),
        signed=head.get("signed", ""),
        recipients="，".join(head.get("recipients", ())),
        annotation="此件公开发布" if identifier.startswith("policies/") else "",
        links=links,
    )
