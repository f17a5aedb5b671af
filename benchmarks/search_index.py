"""`python -m benchmarks.search_index --site DIR [--publish [N]]`: our static index alone, from a site that is built.

What is measured is told in README.md beside this file.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from benchmarks.processes import Cost, measure

_ROOT = Path(__file__).resolve().parents[1]
_START = "import gc, os, sys; gc.disable(); from benchmarks.search_pass import make"
_PASS = f"{_START}; print(make(*sys.argv[1:]), flush=True); os._exit(0)"
_LOADED = f"{_START}; import plugins.search.packs, plugins.search.segment; os._exit(0)"
"""A pass as a verb runs (tasks.py): what is loaded is neither walked through again and again nor taken apart at the
end."""


def passed(site: Path, folder: Path, log: Path, *, publish: bool = False) -> Cost:
    """What one pass in a process of its own costs; `log` says what it changed. Raises CommandError."""
    more = ["publish"] if publish else []
    return measure([sys.executable, "-c", _PASS, str(site), str(folder), *more], _ROOT, log)


def started(log: Path) -> Cost:
    """What it costs to start a process that imports all that a pass does, and ends."""
    return measure([sys.executable, "-c", _LOADED], _ROOT, log)


def main() -> int:
    """Measures each pass in a process of its own."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.search_index", description=(__doc__ or "")[:120])
    parser.add_argument("--site", type=Path, required=True)
    parser.add_argument(
        "--publish", type=int, nargs="?", const=1, default=0, help="so many documents, one after another"
    )
    asked = parser.parse_args()
    site = asked.site.resolve()
    with tempfile.TemporaryDirectory(prefix="benchmark-") as name:
        folder, log = Path(name), Path(name) / "log.txt"
        for number in range(asked.publish + 1):
            cost = passed(site, folder, log, publish=number > 0)
            print(f"{cost.cpu:6.2f} CPU s {cost.largest:6.0f} MiB  {log.read_text().strip()}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
