"""`python -m benchmarks.search`: our search and Pagefind's on the same documents, in the same browser, in the same run.

What is measured is told in README.md beside this file.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.processes import CommandError
from benchmarks.search_browser import BrowserError, browsing
from benchmarks.search_drive import MODES, PER_PAGE, Drive, as_data
from benchmarks.search_queries import Query, queries
from benchmarks.search_server import Server, serving
from benchmarks.search_sites import Costs, Sites
from benchmarks.search_table import Rounds, Sets, lines, tables
from benchmarks.search_table import as_data as table_data


def run(base: Path, asked: argparse.Namespace) -> dict[str, Any]:
    """Builds, asks and prints, all files below `base`. What JSON is told. Raises CommandError, BrowserError."""
    import rjieba

    sites = Sites(base, asked.content, asked.datasets, PER_PAGE)
    try:
        _say("building both sites")
        costs = sites.measure()
        drawn = queries(sites.documents, asked.seed, rjieba.cut, asked.queries)
        _say(f"{len(sites.documents)} documents, {len(drawn)} queries")
        ours, theirs = Server(sites.output, sites.root), Server(sites.pages)
        with serving(ours), serving(theirs), browsing(base) as browser:
            drive = Drive(browser, ours, theirs, frozenset(document.id for document in sites.documents))
            found = {mode: drive.sets(drawn, mode) for mode in MODES}
            _say("sets of results are known")
            rounds = [drive.round(drawn, number) for number in range(asked.rounds)]
    finally:
        sites.forget()
    return _report(asked, len(sites.documents), drawn, found, rounds, costs)


def _report(
    asked: argparse.Namespace,
    documents: int,
    drawn: list[Query],
    found: Sets,
    rounds: Rounds,
    costs: tuple[Costs, Costs],
) -> dict[str, Any]:
    """Prints the tables; the same and every single figure as data."""
    made = tables(drawn, found, rounds, costs)
    load = os.getloadavg()[0]
    print(f"{documents} documents, seed {asked.seed}, {asked.rounds} round(s), {os.cpu_count()} cores, load {load:.1f}")
    for title, rows in made.items():
        count = sum(query.kind == title for query in drawn)
        print("\n".join(["", *lines(f"{title} ({count})" if count else title, rows)]))
    missed = [f"{title}: {row.name}" for title, rows in made.items() for row in rows if row.met is False]
    print("\nEvery target is met." if not missed else f"\n{len(missed)} target(s) missed: " + "; ".join(missed))
    single = [
        {
            "kind": query.kind,
            "text": query.text,
            "truth": len(query.truth),
            "found": {mode: [len(all_[n].ids & query.truth), len(all_[n].ids)] for mode, all_ in found.items()},
            "asked": [{mode: as_data(one) for mode, one in all_[n].items()} for all_ in rounds],
        }
        for n, query in enumerate(drawn)
    ]
    tabled = [row for title, rows in made.items() for row in table_data(title, rows)]
    return {"documents": documents, "seed": asked.seed, "tables": tabled, "queries": single}


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def main() -> int:
    """Runs the benchmark; 0 whatever it measured, 2 where something could not be run."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.search", description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--content", type=Path, required=True)
    parser.add_argument("--datasets", type=Path)
    parser.add_argument("--rounds", type=int, default=1, help="how often each query is timed")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--queries", type=int, default=100, help="at most so many a class, for a quick run")
    parser.add_argument("--json", type=Path, help="a file for every figure of every query")
    asked = parser.parse_args()
    if asked.rounds < 1 or asked.queries < 1:
        parser.error("--rounds and --queries must be 1 or more")
    with tempfile.TemporaryDirectory(prefix="benchmark-", ignore_cleanup_errors=True) as folder:
        try:
            told = run(Path(folder), asked)
            if asked.json:
                asked.json.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        except (CommandError, BrowserError, OSError, ValueError) as error:
            print(error, file=sys.stderr)
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
