"""Files of the theme as a build serves them, for sites that are put together by hand."""

from __future__ import annotations

import shutil
from pathlib import Path

from plugins.formats.script import served


def serve(source: Path | str, target: Path | str) -> None:
    """Copies one file; also for `shutil.copytree`."""
    if str(source).endswith(".js"):
        Path(target).write_bytes(served(Path(source).read_bytes()))
    else:
        shutil.copyfile(source, target)
