"""What a command costs with all that it starts: CPU, wall and memory. Starts processes; whole figures on Linux only."""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

_SUBREAPER = 36
"""PR_SET_CHILD_SUBREAPER: what a command leaves behind becomes our child, so that its time is counted too."""
_EVERY = 0.1
_PATIENCE = 30.0
_MIB = 1024 * 1024


class Cost(NamedTuple):
    """`cpu` and `wall` in seconds; the peaks in MiB.

    `summed` adds the resident sets of all processes at one moment, `once` their proportional sets (a page that several
    share counts once), `largest` is the resident set of the largest process.
    """

    cpu: float
    wall: float
    summed: float
    once: float
    largest: float


class CommandError(Exception):
    """The command did not end with exit code 0; the message holds the end of what it printed."""


def measure(command: list[str], folder: Path, log: Path) -> Cost:
    """Runs `command` in `folder` until it and all that it started have ended; its output goes to `log`.

    Sums are sampled: a peak shorter than the interval may be missed, but never that of the largest process.
    Raises CommandError.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_SUBREAPER, 1, 0, 0, 0)
    started = time.monotonic()
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, cwd=folder, env=_usual(), stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT
        )
    status, cost = _follow(process.pid, started)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        end = log.read_text(encoding="utf-8", errors="replace")[-2_000:]
        raise CommandError(f"{' '.join(command)}: exit {process.returncode}\n{end}")
    return cost


def _usual() -> dict[str, str]:
    """The environment as a user has it: Python keeps its bytecode, and does not compile everything for each command."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def _follow(pid: int, started: float) -> tuple[int, Cost]:
    """Status of `pid`, and the cost of it and its descendants."""
    unit = 1024 if sys.platform == "linux" else 1
    status, cpu, wall, sampled = 0, 0.0, 0.0, 0.0
    summed, once, largest = 0.0, 0.0, 0.0
    while True:
        try:
            ended, code, usage = os.wait4(-1, os.WNOHANG)
        except ChildProcessError:
            return status, Cost(cpu, wall, max(summed, largest), once, largest)
        now = time.monotonic()
        if ended:
            cpu += usage.ru_utime + usage.ru_stime
            largest = max(largest, usage.ru_maxrss * unit / _MIB)
            if ended == pid:
                status, wall = code, now - started
            continue
        if wall and now - started - wall > _PATIENCE:
            raise CommandError(f"a process was still running {_PATIENCE:.0f} s after the command had ended")
        if now - sampled >= _EVERY:
            memory = [_memory(child) for child in _descendants()]
            summed, once = max(summed, sum(m[0] for m in memory)), max(once, sum(m[1] for m in memory))
            sampled = now
        time.sleep(0.005)


def _descendants() -> list[int]:
    """All processes below this one; none without /proc."""
    children: dict[int, list[int]] = {}
    for name in filter(str.isdigit, os.listdir("/proc") if os.path.isdir("/proc") else ()):
        try:
            fields = Path("/proc", name, "stat").read_text(errors="replace").rpartition(")")[2].split()
        except OSError:
            continue
        children.setdefault(int(fields[1]), []).append(int(name))
    found, waiting = [], list(children.get(os.getpid(), ()))
    while waiting:
        found.append(waiting.pop())
        waiting += children.get(found[-1], ())
    return found


def _memory(pid: int) -> tuple[float, float]:
    """MiB of the resident and of the proportional set of a process; zeros once it has ended."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0, 0.0
    sizes = {line.split(":")[0]: int(line.split()[1]) for line in lines if line.startswith(("Rss:", "Pss:"))}
    return sizes.get("Rss", 0) / 1024, sizes.get("Pss", 0) / 1024
