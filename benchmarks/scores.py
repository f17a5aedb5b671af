"""Lighthouse's scores of a page, in the machine's own Chromium, cut off from every other host. Starts processes."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from typing import NamedTuple

import vendor
from benchmarks.processes import CommandError

LEAST = 99
"""Of 100, in each of the four categories."""
TRIES = 8
"""A machine that is busy only takes from the score for speed, so the best of some runs is the page's own. One run in
three of the same page falls short on two quiet cores, and more on busy ones."""
PROGRAM = vendor.JUDGES / "lighthouse" / "node_modules" / "lighthouse" / "cli" / "index.js"
_CHROMIUM = (
    "--headless --no-sandbox --disable-gpu --disable-background-networking --disable-component-update --no-first-run"
    ' --host-resolver-rules="MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"'
)
_PATIENCE = 180


class Scores(NamedTuple):
    """Of 100; `lost` are the audits that cost something, as `category: audit`."""

    performance: int
    accessibility: int
    best_practices: int
    seo: int
    lost: tuple[str, ...]

    @property
    def lowest(self) -> int:
        """The worst of the four."""
        return min(self[:4])


def scores(address: str) -> Scores:
    """The best of up to `TRIES` runs. Raises CommandError where it cannot be asked."""
    best = _run(address)
    for _ in range(TRIES - 1):
        if best.lowest >= LEAST:
            break
        best = max(best, _run(address), key=lambda one: one.lowest)
    return best


def _run(address: str) -> Scores:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if not chromium or vendor.missing("lighthouse"):
        raise CommandError("lighthouse or chromium is absent: run python3 tasks.py test")
    options = ["--quiet", "--no-enable-error-reporting", "--output", "json", f"--chrome-flags={_CHROMIUM}"]
    command = [vendor.node(), str(PROGRAM), address, *options]
    environment = {**os.environ, "CHROME_PATH": chromium}
    try:
        done = subprocess.run(command, check=False, capture_output=True, env=environment, timeout=_PATIENCE)
    except subprocess.TimeoutExpired as error:
        raise CommandError(f"lighthouse: nothing after {_PATIENCE} s") from error
    if done.returncode:
        raise CommandError(f"lighthouse: exit {done.returncode}\n{done.stderr.decode()[-2000:]}")
    return _read(json.loads(done.stdout))


def _read(report: dict[str, dict[str, dict[str, object]]]) -> Scores:
    found = {name: round(100 * float(str(one["score"] or 0))) for name, one in report["categories"].items()}
    lost = tuple(
        f"{name}: {audit['id']}"
        for name, category in report["categories"].items()
        for audit in _weighed(category)
        if (score := report["audits"][str(audit["id"])]["score"]) is not None and float(str(score)) < 1
    )
    return Scores(found["performance"], found["accessibility"], found["best-practices"], found["seo"], lost)


def _weighed(category: dict[str, object]) -> list[dict[str, object]]:
    listed = category["auditRefs"]
    return [one for one in listed if one["weight"]] if isinstance(listed, list) else []
