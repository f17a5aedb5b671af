"""`python -m benchmarks.rules`: what all rules cost beyond reading, on records that have been read. Touches the disk.

What is measured is told in README.md beside this file.
"""

from __future__ import annotations

import argparse
import cProfile
import importlib
import inspect
import os
import pkgutil
import pstats
import sys
import tempfile
import time
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import plugins.rules
from benchmarks.build import AS_OF
from plugins.build.demo import demo
from plugins.build.settings import SHIPPED_CALENDAR
from plugins.models.faults import Fault
from plugins.readers.calendar import read_calendar
from plugins.readers.directory import read_directory
from plugins.readers.document import read_document
from plugins.readers.tree import MAX_BYTES, read_bytes, walk
from plugins.rules.check import check
from plugins.rules.context import Context
from plugins.rules.register import Register
from plugins.rules.workdays import Calendar
from plugins.views.addresses import FIXED

TARGET = 5.0
"""CPU seconds of all rules at 10,000 documents."""
BUDGET = 1.2
"""CPU seconds that leave enough of a one-document edit's 3.5 for everything else, at the same size."""
_SHOWN = 10
_DRIVERS = {"check", "_record", "_rules"}
"""What only calls the generators."""


class Cost(NamedTuple):
    """CPU seconds: the register's look-up tables, the context's, and the rules themselves."""

    register: float
    context: float
    rules: float


def read(content: Path) -> Register:
    """The register of a content folder without faults. Raises ValueError where it has errors, OSError."""
    tree = walk(content)
    directory = read_directory({name: read_bytes(entry.file, MAX_BYTES) for name, entry in tree.lists.items()})
    records = []
    for entry in tree.sources:
        record, faults = read_document(read_bytes(entry.file, MAX_BYTES), entry.id)
        if record is None:
            raise ValueError(str(faults[0]))
        records.append(record)
    records.sort(key=lambda r: r.id)
    return Register(directory.identity, directory.organisations, directory.topics, records, frozenset(tree.assets))


def judge(register: Register, calendar: Calendar) -> tuple[Cost, list[Fault]]:
    """One whole run of the rules floor, with the look-up tables made again: what it costs and what it finds.

    The first run of a process is what a build pays; later ones find warm caches.
    """
    moments = [time.process_time()]
    parts = (register.identity, register.organisations, register.topics, register.records, register.assets)
    register = Register(*parts)
    moments.append(time.process_time())
    context = Context.of(register, calendar, AS_OF)
    moments.append(time.process_time())
    faults = check(context, FIXED)
    moments.append(time.process_time())
    return Cost(*(end - start for start, end in pairwise(moments))), faults


def generators() -> dict[tuple[str, int, str], str]:
    """Every generator of the floor but the drivers: the key by which a profile knows it, and its name."""
    found = {}
    for module in pkgutil.iter_modules(plugins.rules.__path__, "plugins.rules."):
        for name, work in inspect.getmembers(importlib.import_module(module.name), inspect.isgeneratorfunction):
            if work.__module__ == module.name and name not in _DRIVERS:
                code = work.__code__
                found[code.co_filename, code.co_firstlineno, name] = f"{module.name.rpartition('.')[2]}.{name}"
    return found


def dearest(register: Register, calendar: Calendar, total: float) -> list[tuple[str, ...]]:
    """Rows of text, a header first: the generators by what they and all that they call take of `total` CPU seconds.

    A profile makes everything slower, so that its seconds are scaled to those without it; shares are estimates.
    """
    profile = cProfile.Profile(time.process_time)
    profile.runcall(judge, register, calendar)
    stats = pstats.Stats(profile)
    names = generators()
    # typeshed does not know the attributes of Stats; they are documented by the module's own code.
    every: Iterable[tuple[tuple[str, int, str], tuple[int, int, float, float, object]]] = vars(stats)["stats"].items()
    scale = total / vars(stats)["total_tt"]
    costs = sorted(((entry[3] * scale, names[key], entry[1]) for key, entry in every if key in names), reverse=True)
    rows = [(name, f"{cost:.3f}", f"{cost / total:.0%}", str(calls)) for cost, name, calls in costs[:_SHOWN]]
    return [("generator", "CPU s", "share", "steps"), *rows]


def main() -> int:
    """Makes and reads the documents, runs the rules, prints the tables. 1 where the target is missed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.rules", description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--documents", type=int, default=10_000)
    asked = parser.parse_args()
    if asked.documents < 1:
        parser.error("--documents must be 1 or more")
    with tempfile.TemporaryDirectory(prefix="benchmark-") as folder:
        demo(asked.documents, 0, Path(folder))
        started = time.process_time()
        register = read(Path(folder) / "content")
        reading = time.process_time() - started
    calendar = Calendar.of(read_calendar([SHIPPED_CALENDAR])[0])
    cost, faults = judge(register, calendar)
    total = sum(cost)
    print(f"{asked.documents} documents, {len(faults)} faults, load {os.getloadavg()[0]:.1f}")
    print(f"{'reading, one process':24}{reading:8.2f} CPU s")
    for name, seconds in zip(Cost._fields, cost, strict=True):
        print(f"{name:24}{seconds:8.3f} CPU s")
    met = {limit: total * 10_000 <= limit * asked.documents for limit in (TARGET, BUDGET)}
    verdicts = ", ".join(f"≤ {limit:.1f} {'met' if kept else 'missed'}" for limit, kept in met.items())
    print(f"{'all beyond reading':24}{total:8.3f} CPU s   at 10000 documents {verdicts}")
    for row in dearest(register, calendar, total):
        print(f"{row[0]:46}" + "".join(f"{cell:>10}" for cell in row[1:]))
    return 0 if met[TARGET] else 1


if __name__ == "__main__":
    sys.exit(main())
