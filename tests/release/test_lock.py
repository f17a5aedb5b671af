"""The lock: one holder, and none after its death."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import pytest

from plugins.release.lock import exclusive
from tests.release.trees import in_child


def test_a_second_holder_is_refused_in_time(tmp_path: Path) -> None:
    with exclusive(tmp_path / "lock"), pytest.raises(TimeoutError), exclusive(tmp_path / "lock", 0.1):
        pass


def test_a_second_holder_waits_for_the_first(tmp_path: Path) -> None:
    with exclusive(tmp_path / "lock"):
        child = os.fork()
        if child == 0:
            with exclusive(tmp_path / "lock", None):
                os._exit(0 if (tmp_path / "left").exists() else 9)
        time.sleep(0.1)
        (tmp_path / "left").touch()
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def test_a_killed_holder_holds_nothing(tmp_path: Path) -> None:
    def work() -> None:
        with exclusive(tmp_path / "lock"):
            os.kill(os.getpid(), signal.SIGKILL)

    assert in_child(work) == -signal.SIGKILL
    with exclusive(tmp_path / "lock", 0):
        pass


def test_a_worker_that_was_forked_meanwhile_does_not_keep_the_lock(tmp_path: Path) -> None:
    with exclusive(tmp_path / "lock"):
        child = os.fork()
        if child == 0:
            time.sleep(30)
            os._exit(0)
    try:
        with exclusive(tmp_path / "lock", 1):
            pass
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


def test_the_lock_is_free_after_an_error(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), exclusive(tmp_path / "lock"):
        raise ZeroDivisionError
    with exclusive(tmp_path / "lock", 0):
        pass
