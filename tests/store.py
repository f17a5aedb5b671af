"""Harm done to the objects of a store."""

from __future__ import annotations

import os
import random
from pathlib import Path

from tests.small import Small


def chosen_objects(small: Small, count: int | None = None, seed: int = 0) -> list[Path]:
    """The objects of the last build that are not empty, or some of them."""
    found = sorted(p for p in (small.settings().cache / "objects").iterdir() if p.stat().st_size)
    return random.Random(seed).sample(found, min(count or len(found), len(found)))


def flip_a_bit(path: Path, seed: int, *, keep_time: bool = False) -> None:
    """One bit of the file, which stays what it is otherwise, also for whoever has a link to it."""
    chance, data, info = random.Random(f"{seed} {path.name}"), bytearray(path.read_bytes()), path.stat()
    data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    path.chmod(0o644)
    path.write_bytes(data)
    path.chmod(0o444)
    if keep_time:
        os.utime(path, ns=(info.st_atime_ns, info.st_mtime_ns))
