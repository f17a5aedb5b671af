"""Row 22 of the battery: eight that promote, one that reads."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from plugins.release.promote import Releases
from tests.drill import often
from tests.release.trees import Tree, is_whole, leftovers, publish, tree

WRITERS, ROUNDS = 8, often(6, 60)


def read_through(output: Path) -> str:
    """What one visitor sees, who enters the folder once: the text that all pages share."""
    folder = os.open(output, os.O_RDONLY)
    try:
        seen = set()
        for path in tree(""):
            with open(os.open(path, os.O_RDONLY, dir_fd=folder)) as stream:
                seen.add(stream.read().split()[1])
    finally:
        os.close(folder)
    assert len(seen) == 1, seen
    return seen.pop()


def start(output: Path, files: list[Tree]) -> int:
    child = os.fork()
    if child == 0:
        code = 1
        try:
            for each in files:
                publish(output, each, keep=20)
            code = 0
        finally:
            os._exit(code)
    return child


@pytest.mark.drill
@pytest.mark.parametrize("different", [True, False])
def test_eight_promotions_at_once_all_succeed_and_no_reader_sees_a_mixture(quick: Path, different: bool) -> None:
    output = quick / "out"
    publish(output, tree("0"))
    plan = [[tree(f"{w}.{r}" if different else str(r)) for r in range(ROUNDS)] for w in range(WRITERS)]
    left = {start(output, files) for files in plan}
    seen, reads = set(), 0
    while left:
        for _ in range(100):
            seen.add(read_through(output))
            reads += 1
        done, status = os.waitpid(-1, os.WNOHANG)
        if done:
            assert status == 0
            left.remove(done)
    assert reads > 200
    assert len(seen) > 1
    assert leftovers(output) == set()
    assert any(is_whole(output, files[-1]) for files in plan)
    assert (Releases(output).live() or quick).parent == Releases(output).folder
