"""How often a test tries: on each change, and in a drill (`invoke drill`), which takes hours before a release."""

from __future__ import annotations

import os

DRILL = "DRILL" in os.environ


def often(change: int, drill: int) -> int:
    """The number of tries in this run; the test is marked `drill`."""
    return drill if DRILL else change
