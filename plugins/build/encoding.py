"""Names of files are UTF-8, whatever the locale says: otherwise the process starts again in UTF-8 mode."""

from __future__ import annotations

import os
import sys


def require_utf8() -> None:
    """Returns where Python reads and writes names as UTF-8; elsewhere the process becomes one that does."""
    if sys.getfilesystemencoding().lower() not in {"utf-8", "utf8"}:
        os.execv(sys.executable, [sys.executable, "-X", "utf8", *sys.orig_argv[1:]])  # noqa: S606 - our own command
