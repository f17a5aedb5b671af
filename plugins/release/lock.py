"""One promotion at a time: a lock that the kernel releases when its holder dies. Touches the disk."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from plugins.release.disk import readable


@contextmanager
def exclusive(path: Path, timeout: float | None = None) -> Iterator[None]:
    """Holds the lock file `path`, which stays. Waits `timeout` seconds (None: for ever), then raises TimeoutError."""
    with readable():
        path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        _wait(descriptor, path, timeout)
        yield
    finally:
        # Closing alone is not enough: a worker that was forked meanwhile holds a copy of the descriptor.
        fcntl.flock(descriptor, fcntl.LOCK_UN)
        os.close(descriptor)


def _wait(descriptor: int, path: Path, timeout: float | None) -> None:
    end = None if timeout is None else time.monotonic() + timeout
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if end is None else fcntl.LOCK_NB))
        except BlockingIOError:
            if end is not None and time.monotonic() > end:
                raise TimeoutError(str(path)) from None
            time.sleep(0.05)
        else:
            return
