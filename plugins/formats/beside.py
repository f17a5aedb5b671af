"""Work that starts threads, which a fork does not take along: a process beside this one does it. Starts a process.

A process that forked after such work would have children that wait for ever at theirs. So only a worker, which forks
nothing, does it in itself; any other process, which may yet fork workers, has one beside it, as long as it lives.
"""

from __future__ import annotations

import errno
import multiprocessing
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, TypeVar

T = TypeVar("T")
_ROOT = str(Path(__file__).resolve().parents[2])
_START = """
import sys
sys.path.insert(0, sys.argv[2])
from plugins.formats.beside import serve
serve(int(sys.argv[1]))
"""


def done(work: Callable[..., T], *arguments: Any) -> T:
    """`work(*arguments)`; `work` is a function of a module, what goes in and out can be pickled.

    Raises what `work` raises, if that is OSError, RuntimeError or ValueError, and ChildProcessError where the process
    beside this one died: the next call has another one.
    """
    if multiprocessing.parent_process() is not None:
        return work(*arguments)
    process, here = _process()
    answer: tuple[T, Exception | None] | None = None
    try:
        here.send((work, arguments))
        answer = here.recv()
    except (EOFError, ConnectionError):
        told = f"程序意外结束（退出码 {process.wait()}）"
        raise ChildProcessError(errno.ECHILD, told, work.__module__) from None
    finally:
        if answer is None:  # what it may still say does not answer the next call
            process.kill()
            _process.cache_clear()
    made, error = answer
    if error is not None:
        raise error
    return made


def serve(number: int) -> None:
    """Answers, at the file descriptor `number`, until nobody is there any more: so it hears of Ctrl-C, too."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with Connection(number) as there, suppress(EOFError, ConnectionError):
        while True:
            there.send(_tried(*there.recv()))


def _tried(work: Callable[..., Any], arguments: tuple[Any, ...]) -> tuple[Any, Exception | None]:
    try:
        return work(*arguments), None
    except (OSError, RuntimeError, ValueError) as error:
        return None, error


@cache
def _process() -> tuple[subprocess.Popen[bytes], Connection]:
    here, there = multiprocessing.Pipe()
    with there:
        command = [sys.executable, "-c", _START, str(there.fileno()), _ROOT]
        return subprocess.Popen(command, pass_fds=[there.fileno()]), here
