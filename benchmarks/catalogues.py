"""`python -m benchmarks.catalogues`: what the catalogues of many data sets cost to make, and to check by their shapes.

What is measured is told in README.md beside this file.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, cast

from plugins.build.builder import prepared, site_of
from plugins.build.demo import demo
from plugins.build.renderers import renderers
from plugins.build.settings import FONTS, from_file
from plugins.build.workers import whole
from plugins.formats.views import Loader
from plugins.views.catalogues.assembly import catalogue_jobs
from plugins.views.distributions import distributions
from plugins.views.frame import SiteFrame
from plugins.views.jobs import Job

ROOT = Path(__file__).resolve().parents[1]
PYTHON = ROOT / ".venv-validators" / "bin" / "python"
OUTSIDE = ROOT / "tests" / "catalogues" / "outside.py"
STANDARDS = ROOT.parent / "shared" / "standards"
AP = ("dcat-ap-SHACL.ttl", "range.ttl", "shapes.ttl", "shapes_recommended.ttl", "deprecateduris.ttl")
JUDGED = AP[:2]
TARGET = 15.0
"""CPU seconds for the main and the range shapes of DCAT-AP on 500 data sets."""


def made(base: Path, datasets: int) -> tuple[dict[str, bytes], float, float]:
    """Every catalogue file by its path, and the CPU seconds of planning and of writing them."""
    demo(5, datasets, base / "demo")
    settings = from_file(content=str(base / "demo/content"), output=str(base / "out"), as_of="2026-11-24 12:00")
    with prepared(settings) as (content, _):
        frame = SiteFrame(site_of(content))
    begun = time.process_time()
    jobs: list[Job] = list(catalogue_jobs(frame, distributions(frame.site, Laid())))
    planned = time.process_time() - begun
    table = renderers(ROOT / "theme", FONTS)
    begun = time.process_time()
    nothing = cast("Loader", None)  # no catalogue names the bytes of another file
    files = {job.path: whole(table[job.renderer](job.whole_view(), nothing)) for job in jobs}
    return files, planned, time.process_time() - begun


class Laid(dict[str, tuple[str, int]]):
    """As if every form had been made: the hash of its path stands for that of its bytes, which no catalogue reads."""

    def __contains__(self, path: object) -> bool:
        return True

    def __missing__(self, path: str) -> tuple[str, int]:
        return hashlib.sha256(path.encode()).hexdigest(), len(path)


def ask(what: str, *arguments: Path) -> dict[str, Any]:
    """The answer of a validator. Raises CalledProcessError."""
    command = [str(PYTHON), str(OUTSIDE), what, *map(str, arguments)]
    found: dict[str, Any] = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return found


def report(base: Path, datasets: int) -> int:
    """Prints the figures; 0, or 1 where a shape is violated or the target missed, 2 where nothing could be checked."""
    files, planned, written = made(base, datasets)
    size = sum(map(len, files.values())) / 2**20
    print(f"{datasets} data sets: {len(files)} catalogue files, {size:.1f} MiB")
    print(f"made in {planned:.2f} + {written:.2f} CPU s (views + bytes)")
    if not PYTHON.exists() or not STANDARDS.is_dir():
        print("no validators or no shapes: nothing checked (python3 tasks.py test makes the validators)")
        return 2
    for name in ("catalog.ttl", "data.json"):
        (base / name).write_bytes(files[name])
    union = ask("shacl", base / "catalog.ttl", *(STANDARDS / "dcat-ap-3.0.1" / name for name in AP))
    states = ask("shacl", base / "data.json", STANDARDS / "dcat-us-3.0" / "shapes.ttl")
    failed = False
    for label, found in (("DCAT-AP 3.0.1", union), ("DCAT-US 3.0", states)):
        answer = found["answer"]
        failed |= bool(answer["violations"])
        shapes = ", ".join(f"{name} {seconds}" for name, seconds in answer["seconds"].items())
        print(f"{label}: {answer['triples']} triples, {len(answer['violations'])} violations, ", end="")
        print(f"{found['cpu_seconds']} CPU s: {shapes}")
    spent = sum(union["answer"]["seconds"][name] for name in JUDGED)
    print(f"DCAT-AP, main and range shapes: {spent:.2f} CPU s (target {TARGET:.0f})")
    failed |= spent > TARGET
    return int(failed)


def main() -> int:
    """Reads the options and reports."""
    options = argparse.ArgumentParser(prog="benchmarks.catalogues")
    options.add_argument("--datasets", type=int, default=500)
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        return report(Path(folder), chosen.datasets)


if __name__ == "__main__":
    sys.exit(main())
