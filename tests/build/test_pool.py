"""The worker pool: results in order, and no process for little work."""

from __future__ import annotations

import os
import time

from plugins.build.pool import Pool


def worked(seconds: float) -> tuple[float, int]:
    """The argument, and the process in which it was worked on."""
    time.sleep(seconds)
    return seconds, os.getpid()


def test_little_work_stays_in_the_process() -> None:
    with Pool(2) as pool:
        assert {process for _, process in pool.map(worked, iter([0.0] * 50))} == {os.getpid()}


def test_much_work_is_shared_and_comes_in_its_order() -> None:
    """The pool that once began is used at once, but not for a single item."""
    times = [0.3, 0.3, 0.2, 0.0, 0.1, 0.0]
    with Pool(2) as pool:
        found = list(pool.map(worked, iter(times)))
        assert [seconds for seconds, _ in found] == times
        assert {process for _, process in found[:2]} == {os.getpid()}
        assert os.getpid() not in {process for _, process in found[2:]}
        assert os.getpid() not in {process for _, process in pool.map(worked, [0.0, 0.0])}
        assert list(pool.map(worked, [0.0])) == [(0.0, os.getpid())]


def test_a_list_of_much_work_is_shared_at_once() -> None:
    with Pool(2) as pool:
        assert os.getpid() not in {process for _, process in pool.map(worked, [0.0] * 5)}
