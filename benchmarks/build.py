"""`python -m benchmarks.build`: whole builds as ratios to stock Pelican on the same documents in the same run.

CPU seconds are user and system time of the process and all that it started; memory is the largest resident set of any
one of them. Rounds are interleaved: Pelican, ours cold, nothing changed, one body edited, one title edited.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
TARGETS = {"cold": 1.1, "nothing": 0.04, "body": 0.05, "title": 0.05}
PELICAN = (
    "SITENAME = 'x'\nSITEURL = 'http://127.0.0.1:8000'\nTIMEZONE = 'Asia/Shanghai'\nAUTHOR = 'x'\nDEFAULT_LANG = 'zh'\n"
)


class Cost(NamedTuple):
    """CPU seconds, wall seconds, MiB of the largest process."""

    cpu: float
    wall: float
    memory: float


def measure(command: list[str], folder: Path) -> Cost:
    """Runs `command` in `folder` through a small parent, whose children's usage is the command's own."""
    code = (
        "import resource, subprocess, sys, time; s = time.monotonic(); "
        "r = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode; "
        "u = resource.getrusage(resource.RUSAGE_CHILDREN); "
        "print(r, u.ru_utime + u.ru_stime, time.monotonic() - s, u.ru_maxrss)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *command], cwd=folder, capture_output=True, text=True, check=True
    )
    status, cpu, wall, memory = done.stdout.split()
    if status != "0":
        raise SystemExit(f"{command}: exit {status}")
    return Cost(float(cpu), float(wall), float(memory) / 1024)


def pelican_copy(content: Path, folder: Path) -> None:
    """The same documents with headers that Pelican's Markdown reader understands."""
    (folder / "content").mkdir(parents=True)
    for source in content.rglob("*.md"):
        header, body = source.read_text(encoding="utf-8").removeprefix("---\n").split("\n---\n", 1)
        fields = dict(line.split(": ", 1) for line in header.splitlines() if ": " in line)
        slug = "-".join(source.relative_to(content).with_suffix("").parts)
        target = folder / "content" / f"{slug}.md"
        lines = f"Title: {fields['title']}\nDate: {fields['published']}\nCategory: {fields['issuer']}\nSlug: {slug}\n"
        text = body.replace("](../", "](https://example.org/")
        target.write_text(f"{lines}\n{text}", encoding="utf-8")
    (folder / "conf.py").write_text(PELICAN, encoding="utf-8")


def edit(path: Path, old: str, new: str) -> None:
    """Replaces the first `old` in the file."""
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def one_round(base: Path, number: int) -> dict[str, Cost]:
    """One interleaved round; the store is cold because the content folder is new."""
    from plugins.build.settings import cache_folder

    content = base / f"round-{number}" / "content"
    shutil.copytree(base / "demo", content.parent)
    output = base / f"round-{number}" / "out"
    ours = [sys.executable, "-m", "invoke", "--search-root", str(ROOT), "build", "--content", str(content)]
    ours += ["--output", str(output), "--as-of", "2026-11-24 12:00"]
    stock = [sys.executable, "-m", "pelican", "content", "-s", "conf.py", "-o", str(base / f"pelican-{number}")]
    costs = {"pelican": measure(stock, base / "pelican")}
    costs["cold"] = measure(ours, ROOT)
    time.sleep(3)
    costs["settle"] = measure(ours, ROOT)
    costs["nothing"] = measure(ours, ROOT)
    documents = sorted((content / "policies").rglob("*.md"))
    middle = documents[len(documents) // 2]
    edit(middle, "应当", "必须")
    costs["body"] = measure(ours, ROOT)
    edit(middle, "title: ", "title: 新")
    costs["title"] = measure(ours, ROOT)
    for folder in (cache_folder(content), base / f"round-{number}", base / f"pelican-{number}"):
        shutil.rmtree(folder, ignore_errors=True)
    return costs


def main() -> None:
    """Makes the documents, runs the rounds, prints medians and ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=1)
    asked = parser.parse_args()
    from plugins.build.demo import demo

    with tempfile.TemporaryDirectory() as folder:
        base = Path(folder)
        demo(asked.documents, 3, base / "demo")
        pelican_copy(base / "demo" / "content", base / "pelican")
        rounds = [one_round(base, n) for n in range(asked.rounds)]
    print(f"{asked.documents} documents, {asked.rounds} rounds, {os.cpu_count()} cores")
    print(f"{'':10}{'CPU s':>9}{'wall s':>9}{'MiB':>8}{'ratio':>9}{'target':>9}")
    stock = median(r["pelican"].cpu for r in rounds)
    for name in ("pelican", "cold", "nothing", "body", "title"):
        cpu, wall, memory = (median(getattr(r[name], part) for r in rounds) for part in Cost._fields)
        target = f"{TARGETS[name]:9.2f}" if name in TARGETS else ""
        print(f"{name:10}{cpu:9.2f}{wall:9.2f}{memory:8.0f}{cpu / stock:9.3f}{target}")


if __name__ == "__main__":
    main()
