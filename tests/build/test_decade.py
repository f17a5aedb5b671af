"""Row 27 of the battery: ten years of issues under a fake clock; after each one, all that must hold holds.

A policy in every issue, each seventh amended with an erratum, each eleventh withdrawn; five issues are published at a
time. What is checked is told from outside: files, hashes, the ledger's rows, the verifier as a program.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest

from plugins.build.changes import amend, withdraw
from plugins.build.publish import publish
from tests.conftest import ROOT
from tests.frozen import frozen, write
from tests.small import Small, header

ISSUES, TOGETHER = 250, 5
"""How many in all, and how many are published at one time."""
FIRST, STEP = date(2016, 1, 4), timedelta(days=14)
VERIFIED = 25
"""Every so many issues the release is proved by the verifier."""
SCRIPT = ROOT / "plugins/release/verify.py"


class County:
    """A county that publishes an issue a fortnight; remembers what it printed and every address it gave."""

    def __init__(self, small: Small) -> None:
        self.small, self.datasets = small, small.folder / "datasets"
        self.datasets.mkdir()
        small.write("site.yml", (small.content / "site.yml").read_text() + "search_engine: /api/search\n")
        (small.content / "policies/2026/a.md").unlink()
        self.printed: dict[str, dict[str, bytes]] = {}
        self.rows: list[str] = []
        self.withdrawn: set[str] = set()
        self.policies: list[str] = []
        self.numbers: dict[int, int] = {}
        self.heads: list[dict[str, object]] = []

    def publish(self, moment: str) -> None:
        result = publish(self.small.settings(as_of=moment, datasets=str(self.datasets), jobs=2))
        assert [str(f) for f in result.faults if f.severity == "error"] == [], moment
        assert result.release is not None

    def step(self, number: int) -> None:
        """One fortnight: a policy, perhaps an amendment or a withdrawal, and the issue."""
        day = FIRST + number * STEP
        self._policy(number, day)
        errata = self._amend(number, day) if number % 7 == 3 and number > 6 else ""
        if number % 11 == 5 and number > 8:
            self._withdraw(number, day)
        self._issue(number, day, errata)
        if number % TOGETHER == TOGETHER - 1:
            self.publish(f"{day} 10:30")

    def _policy(self, number: int, day: date) -> None:
        slug = f"p-{number}"
        self.small.policy(
            slug,
            year=str(day.year),
            title=f"第{number}号试验办法",
            signed=str(day),
            published=f"{day} 09:00",
            secrecy_review=f"{{id: D-{number}, by: 保密审查岗, date: {day}, result: 通过}}",
            sign_off=f"{{by: 签发岗, date: {day}}}",
        )
        self.policies.append(f"policies/{day.year}/{slug}")

    def _amend(self, number: int, day: date) -> str:
        identifier = self.policies[number - 6]
        assert amend(self.small.settings(as_of=f"{day} 09:10"), identifier) == 0
        source = self.small.content / f"{identifier}.md"
        text = (
            source.read_text()
            .replace("为了试验", "为了实验")
            .replace("change_note:\n", f"change_note: 第{number}次更正\n")
        )
        source.write_text(text)
        return f"errata: [{{document: {identifier}, text: 第一条“试验”应为“实验”。}}]\n"

    def _withdraw(self, number: int, day: date) -> None:
        identifier = self.policies[number - 8]
        assert withdraw(self.small.settings(as_of=f"{day} 09:10"), identifier, "误发") == 0
        self.withdrawn.add(identifier)

    def _issue(self, number: int, day: date, errata: str) -> None:
        within = self.numbers[day.year] = self.numbers.get(day.year, 0) + 1
        slug, identifier = f"{day.year}-{within:02d}", self.policies[number]
        fields = header(
            interpretation_exempt=None,
            title=f"公报{day.year}年第{within}号",
            signed=str(day),
            published=f"{day} 10:00",
            secrecy_review=f"{{id: G-{number}, by: 保密审查岗, date: {day}, result: 通过}}",
            sign_off=f"{{by: 签发岗, date: {day}}}",
        )
        parts = f"year: {day.year}\nnumber: {within}\nrunning: {number + 1}\n"
        parts += f"sections: [{{title: 县政府文件, entries: [{identifier}]}}]\n{errata}"
        self.small.write(f"gazette/{slug}.md", f"---\n{fields}{parts}---\n")
        files = frozen(slug, {identifier: f"第{number}号试验办法\n\n第一条 为了试验，制定本办法。\n".encode()})
        write(self.small.content / "gazette" / slug, files)
        self.printed[f"gazette/{slug}"] = files

    def holds(self) -> None:
        """Every invariant, on the live site."""
        output = self.small.output
        for issue, files in self.printed.items():
            assert {name: (output / issue / name).read_bytes() for name in files} == files, issue
        rows = (self.datasets / "ledger/ledger.csv").read_text().splitlines()
        assert rows[: len(self.rows)] == self.rows
        self.rows = rows
        for row in rows[1:]:
            address = row.split(",")[1]
            assert (output / address / "index.html").is_file(), address
        for identifier in self.withdrawn:
            assert not (output / identifier / "index.txt").exists()
        head = json.loads((output / "latest.json").read_text())
        assert head["manifest"] == hashlib.sha256((output / "MANIFEST").read_bytes()).hexdigest()
        if self.heads:
            assert head["sequence"] > self.heads[-1]["sequence"]
        self.heads.append(head)

    def proves(self, number: int) -> None:
        """The verifier, as a program of its own, with root's key alone."""
        at = f"{FIRST + number * STEP}T11:00+08:00"
        command = [sys.executable, "-I", SCRIPT, self.small.output.resolve(), "--key", self.small.keys / "root.pub"]
        done = subprocess.run([*command, "--at", at], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.slow(minutes=2)
def test_ten_years_of_issues_keep_every_promise(small: Small) -> None:
    county = County(small)
    for number in range(ISSUES):
        county.step(number)
        if number % TOGETHER == TOGETHER - 1:
            county.holds()
        if number % VERIFIED == VERIFIED - 1:
            county.proves(number)
    assert len(county.printed) == ISSUES
    texts = {(small.output / identifier / "index.txt").is_file() for identifier in county.policies}
    assert texts == {True, False}
    assert _running(small.output) == list(range(1, ISSUES + 1))


def _running(output: Path) -> list[int]:
    """总期号 of every issue, in their order."""
    found = [json.loads(path.read_text())["running"] for path in output.glob("gazette/*-*/index.json")]
    return sorted(found)
