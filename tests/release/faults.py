"""One system call after another made to fail, from outside: an audit hook sees what a process asks of the disk."""

from __future__ import annotations

import ctypes
import errno
import os
import signal
import sys
from collections.abc import Callable
from typing import Any, NoReturn

from tests.release.trees import in_child

AUDITED = {
    "open", "os.chmod", "os.link", "os.listdir", "os.mkdir", "os.remove", "os.rename", "os.rmdir", "os.scandir",
    "os.symlink", "os.utime", "fcntl.flock", "shutil.copyfile",
}  # fmt: skip
KINDS = {"ENOSPC": errno.ENOSPC, "EIO": errno.EIO, "EACCES": errno.EACCES, "KILL": 0}

Seen = Callable[[str, tuple[Any, ...]], None]


def watch(seen: Seen) -> None:
    """Calls `seen` before each call that changes or reads a folder. For ever: only for a forked process."""
    real_fsync, real_write, real_library = os.fsync, os.write, ctypes.CDLL

    def fsync(descriptor: int) -> None:
        seen("os.fsync", (os.readlink(f"/proc/self/fd/{descriptor}"),))
        real_fsync(descriptor)

    def write(descriptor: int, data: bytes) -> int:
        """Half of the bytes are there when the call fails."""
        real_write(descriptor, data[: len(data) // 2])
        seen("os.write", (len(data),))
        return real_write(descriptor, data[len(data) // 2 :]) + len(data) // 2

    class Library:
        def __init__(self, name: str | None, **options: Any) -> None:
            self.real = real_library(name, **options)

        def syncfs(self, descriptor: int) -> int:
            try:
                seen("syncfs", ())
            except OSError as error:
                ctypes.set_errno(error.errno or 0)
                return -1
            return int(self.real.syncfs(descriptor))

    os.fsync = fsync
    os.write = write  # type: ignore[assignment]
    ctypes.CDLL = Library  # type: ignore[assignment, misc]
    sys.addaudithook(lambda event, arguments: seen(event, arguments) if event in AUDITED else None)


def every_call(work: Callable[[], None]) -> set[str]:
    """The kinds of calls that `work` makes."""
    return {call for call, *_ in recorded(work)}


def failing(work: Callable[[], None], number: int, kind: str) -> int:
    """Runs `work` in a child whose call `number` fails: as `in_child`, or 3 where it asks for fewer calls."""
    count = 0

    def seen(event: str, _: tuple[Any, ...]) -> None:
        nonlocal count
        count += 1
        if count == number:
            _fail(kind, event)

    def run() -> None:
        watch(seen)
        work()
        if count < number:
            os._exit(3)

    return in_child(run)


def _fail(kind: str, event: str) -> NoReturn:
    if kind == "KILL":
        os.kill(os.getpid(), signal.SIGKILL)
    raise OSError(KINDS[kind], os.strerror(KINDS[kind]), event)


def recorded(work: Callable[[], None]) -> list[tuple[str, ...]]:
    """The calls that `work` makes in a child, with the names they concern."""
    reading, writing = os.pipe()

    def run() -> None:
        watch(lambda *call: lines.append("\t".join([call[0], *map(str, call[1])])))
        work()
        with open(writing, "w") as stream:
            stream.write("\n".join(lines))

    lines: list[str] = []
    assert in_child(run) == 0
    os.close(writing)
    with os.fdopen(reading) as stream:
        return [tuple(line.split("\t")) for line in stream.read().splitlines()]
