"""A small content tree, written a file at a time; the header of a policy is the contract's least one."""

from __future__ import annotations

import itertools
import shutil
from dataclasses import replace
from pathlib import Path

from plugins.build import content, verbs
from plugins.build.settings import ROOT, Settings, from_file
from plugins.build.sources import Sources
from plugins.build.store import Store
from plugins.models.faults import Fault
from plugins.release.keys import make

SITE = """name: 试验站
government: 试验县人民政府
address: http://127.0.0.1:8000
site_code: '3299990001'
area_code: '329999'
"""
ORGANISATIONS = """- {id: xzf, name: 试验县人民政府, kind: 政府}
- {id: xzfb, name: 县政府办公室, kind: 政府办公室}
- {id: fgj, name: 县发展改革局, kind: 政府部门}
"""
TOPICS = "- {id: zhzw, name: 综合政务}\n"
NOW = "2026-11-24 12:00"
_COUNTER = itertools.count(1)


def header(**changes: str | None) -> str:
    """The least policy header, with keys changed, added, or left out (None)."""
    number = next(_COUNTER)
    fields: dict[str, str | None] = {
        "title": "试验办法",
        "issuer": "xzfb",
        "signed": "2026-03-02",
        "published": "2026-03-03 09:00",
        "disclosure": "主动公开",
        "secrecy_review": f"{{id: BM-{number}, by: 保密审查岗, date: 2026-03-02, result: 通过}}",
        "sign_off": "{by: 签发岗, date: 2026-03-02}",
        "interpretation_exempt": "不涉及公众",
    }
    fields.update(changes)
    return "".join(f"{k}: {v}\n" for k, v in fields.items() if v is not None)


class Small:
    """A folder with `content/` and perhaps `datasets/`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.content = folder / "content"
        self.output = folder / "out"

    def least(self) -> Small:
        """site.yml, the lists and one policy."""
        self.write("site.yml", SITE)
        self.write("organisations.yml", ORGANISATIONS)
        self.write("topics.yml", TOPICS)
        self.policy("a")
        return self

    def holding(self, source: Path) -> Small:
        """A copy of the content and data sets in `source`."""
        for part in ("content", "datasets"):
            shutil.copytree(source / part, self.folder / part)
        return self

    def write(self, path: str, text: str | bytes) -> Path:
        """A file below content/."""
        file = self.content / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        return file

    def policy(
        self, slug: str, body: str = "第一条 为了试验，制定本办法。", year: str = "2026", **changes: str | None
    ) -> Path:
        """A policy with the least header and `changes` to it."""
        return self.write(f"policies/{year}/{slug}.md", f"---\n{header(**changes)}---\n{body}\n")

    def settings(self, **chosen: object) -> Settings:
        """Settings for this folder, at the tests' moment."""
        values = {"content": str(self.content), "output": str(self.output), "as_of": NOW, "jobs": 1}
        given = from_file(**(values | chosen))
        keys = None if self.folder.is_relative_to(ROOT) else self.keys  # what lies in the repository is only read
        return replace(given, cache=self.folder / ".cache", keys=keys, valid_days=30)

    @property
    def keys(self) -> Path:
        """The folder of keys, which is made for the first who asks."""
        if not (folder := self.folder / "keys").exists():
            make(folder, ROOT, "2026-01-01 00:00")
        return folder

    def build(self, **chosen: object) -> int:
        """Builds; the verb's exit code."""
        return verbs.run_build(self.settings(**chosen))

    def faults(self) -> list[Fault]:
        """What `check` finds."""
        settings = self.settings()
        store = Store(settings.cache)
        try:
            return content.read_content(settings, Sources(settings, store, NOW)).faults
        finally:
            store.close()

    def codes(self) -> list[str]:
        """The codes of the errors found."""
        return [f.code for f in self.faults() if f.severity == "error"]

    def output_bytes(self) -> bytes:
        """Every output file's path and bytes, one after the other."""
        files = sorted(p for p in self.output.resolve().rglob("*") if p.is_file())
        return b"".join(str(p).encode() + p.read_bytes() for p in files)
