"""Work on hostile files in child processes with limits; what dies or hangs becomes a fault. Starts processes."""

from __future__ import annotations

import json
import multiprocessing
import resource
import signal
import time
from collections.abc import Callable, Sequence
from dataclasses import astuple, dataclass
from multiprocessing.connection import Connection, wait
from typing import TYPE_CHECKING, Any, NamedTuple

from plugins.models.faults import Fault, fault
from plugins.models.package import Package

if TYPE_CHECKING:
    from multiprocessing.context import ForkServerProcess


class Task(NamedTuple):
    """The datasets folder, the name of a package in it, the CPU seconds that it may take, the bytes of a table."""

    datasets: str
    name: str
    seconds: int = 60
    limit: int = 0


Work = Callable[[Task, Callable[[str], object]], dict[str, Any]]
Result = tuple[Package | None, tuple[Fault, ...]]

MEMORY = 2 * 1024**3
_REASONS = {
    -signal.SIGXCPU: "用时超过上限",
    -signal.SIGKILL: "内存或用时超过上限",
    -signal.SIGSEGV: "读文件的程序崩溃",
}
_MEMORY_EXIT = 12
_LAST_WORDS = 120
"""Seconds for a child that has answered to end."""
_PRELOAD = ["pyarrow.compute", "pyarrow.csv", "plugins.readers.package", "plugins.readers.summary"]
"""What the server imports once. frictionless and pandas are for the few tables that the fast accept does not know."""


@dataclass(slots=True)
class _Child:
    """One running child; `at` is the file that it said it was reading."""

    name: str
    process: ForkServerProcess
    pipe: Connection
    deadline: float
    at: str
    answer: dict[str, Any] | None = None


def run(work: Work, tasks: Sequence[Task], jobs: int, wall: float = 2) -> dict[str, Result]:
    """The result of every task, in the order given. Nothing is started for no tasks.

    `wall` is how many times its CPU seconds a task may take by the clock.
    """
    waiting = list(tasks)
    running: list[_Child] = []
    done: dict[str, Result] = {}
    try:
        while waiting or running:
            while waiting and len(running) < max(1, jobs):
                running.append(_start(work, waiting.pop(0), wall))
            _listen(running)
            for child in [c for c in running if c.pipe.closed]:
                running.remove(child)
                done[child.name] = _finish(child)
    finally:
        for child in running:
            child.process.kill()
    return {task.name: done[task.name] for task in tasks}


def fault_values(value: Fault) -> list[Any]:
    """A fault as JSON; `_listen` makes it one again."""
    return list(astuple(value))


def _start(work: Work, task: Task, wall: float) -> _Child:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(_PRELOAD)
    here, there = context.Pipe(duplex=False)
    process = context.Process(target=_child, args=(work, task, there), daemon=True)
    process.start()
    there.close()
    return _Child(task.name, process, here, time.monotonic() + wall * task.seconds, f"datasets/{task.name}")


def _child(work: Work, task: Task, pipe: Connection) -> None:
    limits = ((resource.RLIMIT_CPU, task.seconds), (resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CORE, 0))
    for kind, limit in limits:
        hard = resource.getrlimit(kind)[1]
        try:
            resource.setrlimit(kind, (limit if hard == resource.RLIM_INFINITY else min(limit, hard), hard))
        except (ValueError, OSError):
            continue  # macOS refuses RLIMIT_AS; the wall clock still holds

    def note(path: str) -> None:
        pipe.send_bytes(json.dumps({"at": path}).encode())

    try:
        pipe.send_bytes(json.dumps(work(task, note), allow_nan=False).encode())
    except MemoryError:
        raise SystemExit(_MEMORY_EXIT) from None


def _listen(running: Sequence[_Child]) -> None:
    """Takes what has come, closes the pipe of every child that is finished, dead or late."""
    timeout = max(0.0, min(c.deadline for c in running) - time.monotonic())
    ready = wait([c.pipe for c in running], timeout)
    for child in running:
        if child.pipe in ready:
            _take(child)
        elif time.monotonic() > child.deadline:
            child.process.kill()
            child.pipe.close()


def _take(child: _Child) -> None:
    try:
        message = json.loads(child.pipe.recv_bytes())
    except (EOFError, OSError):
        child.pipe.close()
        return
    if "at" in message:
        child.at = message["at"]
    else:
        child.answer = message
        child.pipe.close()


def _finish(child: _Child) -> Result:
    child.process.join(_LAST_WORDS)
    answer, code = child.answer, child.process.exitcode
    child.process.close() if code is not None else child.process.kill()
    if answer is None:
        reason = "内存不够" if code == _MEMORY_EXIT else _REASONS.get(code or 0, f"程序出错（退出码 {code}）")
        return None, (fault("P302", child.at, reason=reason),)
    package = answer["package"]
    return Package.from_json(package) if package else None, tuple(Fault(*f) for f in answer["faults"])
