"""`python -m benchmarks.search_whoosh --content DIR`: what an edit of one document costs the editors' search.

What is measured is told in README.md beside this file.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
from pathlib import Path
from statistics import median

from benchmarks.processes import CommandError, Cost, measure
from plugins.build.settings import cache_folder

_ROOT = Path(__file__).resolve().parents[1]
_WORD = "二〇二六年检索基准测试"
_TARGET = 1.0


class Search:
    """`invoke search` for a word on one content tree, in a process of its own each time."""

    def __init__(self, content: Path, log: Path) -> None:
        self.log = log
        command = [sys.executable, "-m", "invoke", "search", _WORD, "--json", "--content", str(content)]
        empty = content.parent / "datasets"
        empty.mkdir()
        self.command = [*command, "--datasets", str(empty)]

    def cost(self, found: int) -> Cost:
        """What one search costs with the update before it. Raises CommandError unless it finds so many documents."""
        cost = measure(self.command, _ROOT, self.log)
        total = json.loads(self.log.read_text(encoding="utf-8").splitlines()[-1])["total"]
        if total != found:
            raise CommandError(f"the search finds {total} documents, not {found}")
        return cost


def run(base: Path, content: Path, rounds: int) -> bool:
    """Searches a copy of `content` below `base`; prints the figures, and tells whether the target is met.

    Raises CommandError, OSError.
    """
    copy = base / "content"
    shutil.copytree(content, copy)
    documents = sorted(copy.glob("policies/*/*.md"))
    if len(documents) <= rounds:
        raise CommandError(f"{content}: fewer documents than rounds")
    search = Search(copy, base / "log.txt")
    try:
        whole = search.cost(0)
        idle, edited = list[float](), list[float]()
        for number in range(rounds):
            idle.append(search.cost(number).cpu)
            with documents[len(documents) // 2 - rounds // 2 + number].open("a", encoding="utf-8") as file:
                file.write(f"\n\n本段为{_WORD}。\n")
            edited.append(search.cost(number + 1).cpu)
    finally:
        shutil.rmtree(cache_folder(copy), ignore_errors=True)
    before, after = median(idle), median(edited)
    print(f"{len(documents)} policies; CPU s, medians of {rounds} rounds but for the first")
    print(f"  the whole index, with the first search   {whole.cpu:6.2f}")
    print(f"  a search, nothing changed                {before:6.2f}")
    print(f"  a search, one document changed           {after:6.2f}")
    met = after - before <= _TARGET
    verdict = f"≤ {_TARGET:g} {'met' if met else 'MISSED'}"
    print(f"  so one document read and updated         {after - before:6.2f}   {verdict}")
    return met


def main() -> int:
    """Runs the benchmark; 1 where the target is missed, 2 where something could not be run."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.search_whoosh", description=(__doc__ or "")[:120])
    parser.add_argument("--content", type=Path, required=True)
    parser.add_argument("--rounds", type=int, default=5, help="documents edited one after another")
    asked = parser.parse_args()
    if asked.rounds < 1:
        parser.error("--rounds must be 1 or more")
    with tempfile.TemporaryDirectory(prefix="benchmark-") as folder:
        try:
            return 0 if run(Path(folder), asked.content, asked.rounds) else 1
        except (CommandError, OSError) as error:
            print(error, file=sys.stderr)
            return 2


if __name__ == "__main__":
    sys.exit(main())
