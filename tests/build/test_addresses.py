"""Whatever editors do between publications, every address in the ledger answers (row 23 of the battery)."""

from __future__ import annotations

import csv
import os
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from plugins.build.changes import amend, withdraw
from plugins.build.publish import publish
from tests.drill import often
from tests.small import Small

DAYS = [f"2026-{month:02}-{day:02} 10:00" for month in range(3, 7) for day in (3, 17)]
ORGANISATIONS = """
- {id: xzf, name: 试验县人民政府, kind: 政府}
- {id: xzfb, name: 县政府办公室, kind: 政府办公室}
"""


class Editors:
    """A site, and people who change it at random: as the law has it, and as it does not."""

    def __init__(self, small: Small, seed: int) -> None:
        self.small, self.chance, self.day = small, random.Random(seed), DAYS[0]
        small.write("organisations.yml", ORGANISATIONS)
        (small.folder / "datasets").mkdir()

    def publish(self) -> list[str]:
        """The codes of the errors that stand in the way."""
        settings = self.small.settings(as_of=self.day, datasets=str(self.small.folder / "datasets"))
        return [f.code for f in publish(settings).faults if f.severity == "error"]

    def ledger(self) -> bytes:
        return (self.small.folder / "datasets/ledger/ledger.csv").read_bytes()

    def act(self, day: str) -> str:
        """One change on a day; its name."""
        self.day = day
        documents = [p for p in (self.small.content / "policies").rglob("*.md") if "." not in p.stem]
        act: Callable[[Path], object] = self.chance.choice(
            [self.add, self.amend, self.amend, self.edit, self.withdraw, self.delete, self.rename, self.move, self.hide]
        )
        act(self.chance.choice(sorted(documents)))
        return act.__name__

    def add(self, _: Path) -> None:
        number = DAYS.index(self.day) + 10
        named = {"title": f"新办法{number}", "number": f"试政办发〔2026〕{number}号", "published": self.day}
        self.small.policy(f"n{number}", f"第一条 第{number}份。", **named)

    def amend(self, file: Path) -> None:
        settings = self.small.settings(as_of=self.day, datasets=str(self.small.folder / "datasets"))
        if amend(settings, self.named(file)) == 0:
            text = file.read_text().replace("change_note:\n", "change_note: 增加一条\n")
            file.write_text(f"{text}\n第二条 {self.day}。\n")

    def edit(self, file: Path) -> None:
        file.write_text(f"{file.read_text()}\n第九条 没有说明的修改。\n")

    def withdraw(self, file: Path) -> None:
        settings = self.small.settings(as_of=self.day, datasets=str(self.small.folder / "datasets"))
        withdraw(settings, self.named(file), "发布有误")

    def delete(self, file: Path) -> None:
        file.unlink()

    def rename(self, file: Path) -> None:
        file.rename(file.with_name(f"r{DAYS.index(self.day)}.md"))

    def move(self, file: Path) -> None:
        (self.small.content / "policies/2025").mkdir(exist_ok=True)
        file.rename(self.small.content / "policies/2025" / file.name)

    def hide(self, file: Path) -> None:
        file.write_text(file.read_text().replace("---\n", "---\nstatus: 草稿\n", 1))

    def named(self, file: Path) -> str:
        return file.relative_to(self.small.content).as_posix().removesuffix(".md")


@pytest.mark.drill
@pytest.mark.parametrize("seed", range(often(3, 500)))
def test_every_address_of_the_ledger_answers_whatever_was_done(small: Small, tmp_path: Path, seed: int) -> None:
    """A publication that would lose one is refused, and the site and the ledger stay; then what was done is undone."""
    editors = Editors(small, seed)
    assert editors.publish() == []
    for number, day in enumerate(DAYS[1:]):
        shutil.copytree(small.content, kept := tmp_path / str(number))
        live, ledger = os.readlink(small.output), editors.ledger()
        done = editors.act(day)
        if refused := editors.publish():
            assert (os.readlink(small.output), editors.ledger()) == (live, ledger), (day, done, refused)
            shutil.rmtree(small.content)
            shutil.copytree(kept, small.content)
        assert editors.ledger().startswith(ledger), (day, done)
        for row in csv.DictReader(editors.ledger().decode().splitlines()):
            for name in ("index.html", "index.json"):
                assert (small.output / row["id"] / name).is_file(), (day, done, row["id"])
