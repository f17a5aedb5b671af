"""`python -m benchmarks.forms DIR`: what each published form of a data package costs, by the product's own renderers.

`costs` is for other benchmarks. What is measured is told in README.md beside this file.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from plugins.models.package import FREE, Layout, Package, Table

ROOT = Path(__file__).resolve().parents[1]
TARGETS = {"without XLSX": 8.0, "with XLSX": 20.0}
"""CPU seconds for a million rows of twelve columns."""
_MIB = 1024 * 1024


class Form(NamedTuple):
    """One form of all tables: CPU seconds, the peak in MiB of the process until then, bytes and number of its files."""

    name: str
    cpu: float
    peak: float
    bytes: int
    files: int


def costs(folder: Path) -> list[Form]:
    """The forms of the valid package in `folder`, made one after the other in a process of their own, as a worker does.

    The figures leave out what Python and its libraries take to start. Raises CalledProcessError.
    """
    with tempfile.TemporaryDirectory() as scratch:
        command = [sys.executable, "-m", "benchmarks.forms", str(folder), "--store", scratch]
        done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
        return [Form(*one) for one in json.loads(done.stdout)]


def totals(found: Iterable[Form]) -> dict[str, float]:
    """CPU seconds of all forms, without XLSX and with it."""
    by_name = {one.name: one.cpu for one in found}
    whole = sum(by_name.values())
    return {"without XLSX": whole - by_name["table-xlsx"], "with XLSX": whole}


_STEPS: Mapping[str, str] = {
    "file": "originals",
    "table": "typed",
    "table-csv": "forms",
    "table-ndjson": "forms",
    "table-parquet": "forms",
    "table-excel-csv": "cut",
    "table-json": "cut",
    "table-sqlite": "forms",
    "table-xlsx": "forms",
}
"""Renderer -> the step that plans it, in an order in which each finds what it is made of."""


def _package(folder: Path) -> Package:
    """The package as its descriptor has it, without a judge: of its cells nothing is asked."""
    from plugins.build.scratch import hash_file

    descriptor = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    tables = []
    for one in descriptor["resources"]:
        file = folder / one["path"]
        schema = one["schema"]
        key = schema.get("primaryKey", [])
        fields = tuple({"type": "string", **field} for field in schema["fields"])
        with file.open("rb") as stream:
            rows = sum(chunk.count(b"\n") for chunk in iter(lambda: stream.read(_MIB), b"")) - 1
        tables.append(
            Table(
                name=one["name"],
                title=one.get("title", one["name"]),
                path=one["path"],
                bytes=file.stat().st_size,
                sha256=hash_file(file),
                rows=rows,
                encoding="utf-8",
                fields=fields,
                head=(),
                primary_key=tuple([key] if isinstance(key, str) else key),
                layout=Layout(plain=True),
                missing_values=tuple(schema.get("missingValues", [""])),
            )
        )
    return Package(folder.name, "", "", descriptor, descriptor["title"], "", FREE, tuple(tables))


def _run(folder: Path, scratch: Path) -> list[Form]:
    """Makes everything, one renderer after the other."""
    import numpy as np  # noqa: F401 - started before the clock is
    import pyarrow.compute
    import pyarrow.csv
    import pyarrow.parquet  # noqa: F401

    from plugins.build.store import Store
    from plugins.build.workers import Folders, batches, render_batch
    from plugins.views.forms import STEPS

    store = Store(scratch)
    folders = Folders(folder, folder.parent, ROOT / "theme", store.objects)
    package = _package(folder)
    made: dict[str, str] = {}
    found = []
    for renderer, step in _STEPS.items():
        jobs = [(name, job) for name, job in STEPS[step](package, made) if job.renderer == renderer]
        before = time.process_time()
        results = []
        for batch in batches(iter(jobs), folders):
            results += render_batch(batch)[0]
        cpu = time.process_time() - before
        made |= {name: one.digest for name, one in results}
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        found.append(Form(renderer, cpu, peak, sum(one.size for _, one in results), len(results)))
    return found


def lines(found: Sequence[Form]) -> Iterator[str]:
    """The table of the figures, a line each."""
    yield f"{'form':<16}{'CPU s':>8}{'MiB':>8}{'MB':>9}{'files':>7}"
    for one in found:
        yield f"{one.name:<16}{one.cpu:>8.2f}{one.peak:>8.0f}{one.bytes / 1e6:>9.1f}{one.files:>7}"
    for name, cpu in totals(found).items():
        yield f"{name:<16}{cpu:>8.2f}   target for 1,000,000 rows x 12: {TARGETS[name]:.0f}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--store", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.store:
        print(json.dumps(_run(given.folder, given.store)))
    else:
        print("\n".join(lines(costs(given.folder.resolve()))))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
