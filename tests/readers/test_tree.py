"""How files are read."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from plugins.readers.tree import read_bytes


def test_a_file_is_read_up_to_the_limit_and_refused_beyond_it(tmp_path: Path) -> None:
    file = tmp_path / "a"
    file.write_bytes(b"12345")
    assert read_bytes(file, 5) == b"12345"
    with pytest.raises(OSError, match="grew over 4"):
        read_bytes(file, 4)


@pytest.mark.skipif(sys.platform != "linux", reason="/proc is Linux's")
def test_what_is_more_than_the_size_said_is_read_too_and_limited() -> None:
    """Files below /proc say that they are empty, like one that grows between the question and the reading."""
    whole = Path("/proc/version").read_bytes()
    assert read_bytes("/proc/version", len(whole)) == whole
    with pytest.raises(OSError, match="grew over 10"):
        read_bytes("/proc/version", 10)


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"1")
    (tmp_path / "b").symlink_to("a")
    with pytest.raises(OSError, match="symbolic"):
        read_bytes(tmp_path / "b", 5)
