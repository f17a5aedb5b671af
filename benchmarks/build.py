"""`python -m benchmarks.build`: whole builds as ratios to stock Pelican on the same documents in the same run.

The targets are those of builds without the static search index, which Pelican has not either: a site whose search asks
another engine. The same states with the index follow, without a target.

Each round measures stock Pelican and then, on one content folder, our cold build, a build with nothing changed, one
with one body edited and one with one title edited. What is measured is told in README.md beside this file.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from statistics import median

from benchmarks.processes import CommandError, Cost, measure

ROOT = Path(__file__).resolve().parents[1]
CPU_TARGETS = {"cold": 1.1, "nothing changed": 0.04, "body edited": 0.05, "title edited": 0.05}
"""CPU seconds as a part of stock Pelican's."""
MEMORY_TARGET = 600e6 / 2**20
"""MiB."""
AS_OF = "2026-11-24 12:00"
STOCK = "stock Pelican"
INDEXED = "with index: "
_CONFIGURATION = """SITENAME = "Benchmark"
AUTHOR = "Benchmark"
PATH = "content"
TIMEZONE = "Asia/Shanghai"
DEFAULT_LANG = "zh"
"""
_HOUR = 3600.0
_YOUNG = 3.0
"""Seconds after which no tool can take a file for one that is still being written."""


def pelican_tree(content: Path, folder: Path) -> None:
    """Writes the documents of `content` for Pelican's Markdown reader: bodies as they are, headers in its own form."""
    for source in sorted(content.rglob("*.md")):
        header, body = source.read_text(encoding="utf-8").removeprefix("---\n").split("\n---\n", 1)
        fields = dict(line.split(": ", 1) for line in header.splitlines() if ": " in line)
        lines = {
            "Title": fields["title"],
            "Slug": source.stem,
            "Date": fields["published"],
            "Category": fields.get("topic", "none"),
            "Summary": "",
        }
        target = folder / "content" / source.relative_to(content)
        target.parent.mkdir(parents=True, exist_ok=True)
        text = "".join(f"{name}: {value}\n" for name, value in lines.items())
        target.write_text(f"{text}\n{body}", encoding="utf-8")
    (folder / "pelicanconf.py").write_text(_CONFIGURATION, encoding="utf-8")


class Bench:
    """The folders of one benchmark, below `base`."""

    def __init__(self, base: Path, documents: int) -> None:
        from plugins.build.demo import demo
        from plugins.build.settings import cache_folder

        self.base, self.content, self.stock = base, base / "demo" / "content", base / "stock"
        demo(documents, 0, base / "demo")
        self.site_file = self.content / "site.yml"
        self.identity = self.site_file.read_text(encoding="utf-8")
        pelican_tree(self.content, self.stock)
        self.documents = sorted((self.content / "policies").rglob("*.md"))
        self.cache = cache_folder(self.content)
        self.log = base / "log.txt"
        time.sleep(_YOUNG)

    def pelican(self) -> Cost:
        """Stock Pelican, from nothing."""
        output = self.base / "stock-output"
        shutil.rmtree(output, ignore_errors=True)
        command = [sys.executable, "-m", "pelican", "content", "-s", "pelicanconf.py", "-o", str(output)]
        cost = measure(command, self.stock, self.log)
        if (pages := sum(1 for _ in output.glob("*-*.html"))) < len(self.documents):
            raise CommandError(f"stock Pelican made {pages} pages of {len(self.documents)} documents")
        return cost

    def ours(self) -> Cost:
        """One build of ours, in whatever state the store is."""
        command = [sys.executable, "-m", "invoke", "build", "--content", str(self.content)]
        command += ["--output", str(self.base / "ours" / "site"), "--as-of", AS_OF]
        return measure(command, ROOT, self.log)

    def forget(self) -> None:
        """Removes store and output: the next build is cold."""
        shutil.rmtree(self.cache, ignore_errors=True)
        shutil.rmtree(self.base / "ours", ignore_errors=True)
        (self.base / "ours").mkdir()

    def cold(self, *, indexed: bool) -> Cost:
        """From nothing; with the static index, or with the setting that leaves it out."""
        engine = "" if indexed else "search_engine: /api/search\n"
        self.site_file.write_text(self.identity.rstrip("\n") + "\n" + engine, encoding="utf-8")
        self.forget()
        return self.ours()

    def rest(self) -> None:
        """Dates the releases back by an hour: the tree of one that was superseded just now is not used again."""
        for release in (self.base / "ours" / ".site.releases").glob("[0-9a-f]*"):
            moment = release.stat().st_mtime - _HOUR
            os.utime(release, (moment, moment))

    def edited(self, change: Callable[[str], str]) -> Cost:
        """With one document in the middle changed; afterwards it is as before, and so is the site."""
        document = self.documents[len(self.documents) // 2]
        before = document.read_text(encoding="utf-8")
        document.write_text(change(before), encoding="utf-8")
        self.rest()
        try:
            cost = self.ours()
            page = self.base / "ours" / "site" / document.relative_to(self.content).with_suffix("") / "index.html"
            if "改过" not in page.read_text(encoding="utf-8"):
                raise CommandError(f"the edit did not reach {page}")
        finally:
            document.write_text(before, encoding="utf-8")
        time.sleep(_YOUNG)
        self.ours()
        return cost

    def round(self, number: int) -> dict[str, Cost]:
        """Every state once; Pelican comes first in even rounds and last in odd ones."""
        steps: list[tuple[str, Callable[[], Cost]]] = []
        for before, indexed in (("", False), (INDEXED, True)):
            steps += [
                (f"{before}cold", partial(self.cold, indexed=indexed)),
                (f"{before}nothing changed", self.ours),
                (f"{before}body edited", partial(self.edited, lambda text: text.rstrip("\n") + "\n\n本文改过。\n")),
                (
                    f"{before}title edited",
                    partial(self.edited, lambda t: t.replace("\nnumber:", "（改过）\nnumber:", 1)),
                ),
            ]
        steps.insert(len(steps) if number % 2 else 0, (STOCK, self.pelican))
        costs = {}
        for name, step in steps:
            costs[name] = step()
            print(f"round {number + 1}: {name}: {costs[name].cpu:.2f} CPU s", file=sys.stderr, flush=True)
        return costs


def table(rounds: Sequence[Mapping[str, Cost]]) -> list[tuple[str, ...]]:
    """Rows of text, a header first; medians over the rounds, ratios taken within each round."""
    rows: list[tuple[str, ...]] = [("", "CPU s", "wall s", "MiB summed", "once", "largest", "CPU ratio", "target")]
    for name in (STOCK, *CPU_TARGETS, *(INDEXED + state for state in CPU_TARGETS)):
        cost = Cost(*(median(one[name][part] for one in rounds) for part in range(len(Cost._fields))))
        ratio = median(one[name].cpu / one[STOCK].cpu for one in rounds)
        figures = [f"{cost.cpu:.2f}", f"{cost.wall:.2f}", *(f"{mib:.0f}" for mib in cost[2:]), f"{ratio:.3f}"]
        rows.append((name, *figures, _judged(name, ratio, cost.summed)))
    return rows


def _judged(name: str, ratio: float, memory: float) -> str:
    if name not in CPU_TARGETS:
        return ""
    missed = [what for what, bad in (("CPU", ratio > CPU_TARGETS[name]), ("memory", memory > MEMORY_TARGET)) if bad]
    return f"≤ {CPU_TARGETS[name]:.2f} " + (f"missed: {', '.join(missed)}" if missed else "met")


def show(rows: Sequence[tuple[str, ...]]) -> None:
    """Prints the rows: with rich on a terminal, plain otherwise."""
    if sys.stdout.isatty():
        try:
            from rich.console import Console
            from rich.table import Table
        except ImportError:
            pass
        else:
            drawn = Table(*rows[0])
            for row in rows[1:]:
                drawn.add_row(*row)
            Console().print(drawn)
            return
    for row in rows:
        print(f"{row[0]:28}" + "".join(f"{cell:>11}" for cell in row[1:-1]) + f"   {row[-1]}")


def main() -> int:
    """Makes the documents, runs the rounds, prints the table. 2 where a command failed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.build", description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--documents", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=1)
    asked = parser.parse_args()
    if asked.documents < 1 or asked.rounds < 1:
        parser.error("--documents and --rounds must be 1 or more")
    with tempfile.TemporaryDirectory(prefix="benchmark-") as folder:
        try:
            _warm(Path(folder))
            bench = Bench(Path(folder), asked.documents)
            try:
                rounds = [bench.round(number) for number in range(asked.rounds)]
            finally:
                bench.forget()
        except CommandError as error:
            print(error, file=sys.stderr)
            return 2
    print(
        f"{asked.documents} documents, {asked.rounds} round(s), {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}"
    )
    show(table(rounds))
    print(f"Memory is judged by the sum of resident sets at one moment: ≤ {MEMORY_TARGET:.0f} MiB (600 MB).")
    return 0


def _warm(base: Path) -> None:
    """Both tools once on a few documents: bytecode is compiled and libraries are in the page cache."""
    small = Bench(base / "warm", 20)
    try:
        small.pelican()
        small.cold(indexed=True)
    finally:
        small.forget()


if __name__ == "__main__":
    sys.exit(main())
