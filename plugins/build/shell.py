"""Pelican's part: the command, its settings and signals. It decides nothing about publication."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from pelican import Pelican

from plugins import build
from plugins.build import verbs
from plugins.build.settings import Settings


class Gazette(Pelican):  # type: ignore[misc]
    """Pelican with its generators and writer left out: `run` builds through the gate, stages and promotes."""

    def run(self) -> None:
        """Exits with the build's code when it is not 0; Pelican's own error handling never sees a fault."""
        if not build.was_registered():
            sys.exit("插件 plugins.build 没有登记成功，已停止")
        given: dict[str, Any] = self.settings
        settings = Settings.of(given, content=Path(given["PATH"]), output=Path(given["OUTPUT_PATH"]))
        if code := verbs.run_build(settings):
            sys.exit(code)
