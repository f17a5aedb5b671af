"""The worker pool: a pure map, in the parent as long as there is little to do. Touches processes."""

from __future__ import annotations

import gc
import multiprocessing
import os
import sys
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import chain, islice
from types import TracebackType
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")
_AHEAD = 3
_FEW = 4
_LITTLE = 0.5
"""Seconds of work that are not worth a process: an edit's few files are made where the site is already in memory."""


class Pool:
    """Processes that are started at the first need and live as long as the build: they begin small, before it grows.

    `jobs` is their number, 0 for one a core.
    """

    def __init__(self, jobs: int = 0) -> None:
        self.count = jobs or os.cpu_count() or 1
        self._started: ProcessPoolExecutor | None = None

    def __enter__(self) -> Pool:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._started is not None:
            self._started.shutdown(wait=True, cancel_futures=True)

    def map(self, work: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[Result]:
        """`work` over `items` in their order; items are taken as they are needed, a few ahead of the results.

        A list of much work is shared at once, because processes begin as large as this one is; a stream shows by its
        first items whether it is much.
        """
        rest, spent = iter(items), _LITTLE * (isinstance(items, Sequence) and len(items) > _FEW)
        first = list(islice(rest, 2))
        while first and (self.count == 1 or len(first) < 2 or (self._started is None and spent < _LITTLE)):
            started = time.monotonic()
            result = work(first.pop(0))
            spent += time.monotonic() - started
            yield result
            first += islice(rest, 1)
        waiting: deque[Future[Result]] = deque()
        for item in chain(first, rest):
            waiting.append(self._pool().submit(work, item))
            if len(waiting) >= _AHEAD * self.count:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()

    def _pool(self) -> ProcessPoolExecutor:
        if self._started is None:
            method = "fork" if sys.platform == "linux" else "spawn"
            context = multiprocessing.get_context(method)
            self._started = ProcessPoolExecutor(self.count, mp_context=context, initializer=_begin)
        return self._started


def _begin() -> None:
    """What the parent made stays shared: the collector neither walks nor writes to it."""
    gc.freeze()
    gc.enable()
