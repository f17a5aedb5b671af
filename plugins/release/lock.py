"""One promotion at a time: a lock that the kernel releases when its holder dies. Touches the disk."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def exclusive(path: Path, timeout: float | None = None) -> Iterator[None]:
    """Holds the lock file `path`; waits `timeout` seconds (None: for ever), then raises TimeoutError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        end = None if timeout is None else time.monotonic() + timeout
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if end is None else fcntl.LOCK_NB))
                break
            except BlockingIOError:
                if end is not None and time.monotonic() > end:
                    raise TimeoutError(str(path)) from None
                time.sleep(0.05)
        yield
    finally:
        os.close(descriptor)
