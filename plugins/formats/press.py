"""Typst, given files in a folder of their own and fonts by path. Touches the disk, starts a process.

Typst starts threads: see beside.py.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from plugins.formats import beside
from plugins.formats.faces import collection

STANDARDS = ("ua-1", "a-2a")
"""PDF/UA-1 for readers of the screen, PDF/A-2a for archives; Typst refuses what does not keep both."""


class RefusedError(RuntimeError):
    """What Typst could not typeset, in its own words."""


def press(files: Mapping[str, bytes], fonts: Sequence[Path], moment: int, ppi: int = 0) -> bytes:
    """`main.typ` of `files` as PDF made at `moment` (seconds of Unix), or with `ppi` its first page as PNG.

    Nothing but `files` can be read. The same bytes wherever it runs. Raises RefusedError, and ChildProcessError as
    `beside.done` does.
    """
    return beside.done(_pressed, dict(files), tuple(fonts), moment, ppi)


def _pressed(files: dict[str, bytes], fonts: Sequence[Path], moment: int, ppi: int) -> bytes:
    import typst

    how: dict[str, Any] = {"format": "png", "ppi": ppi} if ppi else {"pdf_standards": list(STANDARDS)}
    with tempfile.TemporaryDirectory(prefix="press-") as folder, collection(fonts) as found:
        for name, data in files.items():
            Path(folder, name).write_bytes(data)
        where: dict[str, Any] = {"input": f"{folder}/main.typ", "root": folder, "font_paths": found}
        try:
            made: Any = typst.compile(**where, ignore_system_fonts=True, timestamp=moment, **how)
        except typst.TypstError as error:
            raise RefusedError(f"{error} {' '.join(error.hints)}") from None
    pages: list[bytes] = made if isinstance(made, list) else [made]
    return pages[0]
