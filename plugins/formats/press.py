"""Typst, given files in a folder of their own and fonts by path. Touches the disk, starts a process.

Typst starts threads, which a fork does not take along (see drawing.py). So only a worker, which forks nothing, typesets
in itself; any other process, which may yet fork workers, has one beside it for each document.
"""

from __future__ import annotations

import multiprocessing
import pickle
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from plugins.formats.faces import collection

STANDARDS = ("ua-1", "a-2a")
"""PDF/UA-1 for readers of the screen, PDF/A-2a for archives; Typst refuses what does not keep both."""
_BESIDE = """
import pickle, sys
sys.path[:0] = pickle.load(sys.stdin.buffer)
from plugins.formats.press import pressed
pickle.dump(pressed(*pickle.load(sys.stdin.buffer)), sys.stdout.buffer)
"""


class RefusedError(RuntimeError):
    """What Typst could not typeset, in its own words."""


def press(files: Mapping[str, bytes], fonts: Sequence[Path], moment: int, ppi: int = 0) -> bytes:
    """`main.typ` of `files` as PDF made at `moment` (seconds of Unix), or with `ppi` its first page as PNG.

    Nothing but `files` can be read. The same bytes wherever it runs. Raises RefusedError.
    """
    order = (dict(files), tuple(fonts), moment, ppi)
    made = pressed(*order) if multiprocessing.parent_process() is not None else _beside(order)
    if isinstance(made, str):
        raise RefusedError(made)
    return made


def _beside(order: tuple[Any, ...]) -> bytes | str:
    root = str(Path(__file__).resolve().parents[2])
    message = pickle.dumps([root]) + pickle.dumps(order)
    done = subprocess.run([sys.executable, "-c", _BESIDE], input=message, stdout=subprocess.PIPE, check=True)
    made: bytes | str = pickle.loads(done.stdout)  # noqa: S301 - our own process wrote it
    return made


def pressed(files: dict[str, bytes], fonts: Sequence[Path], moment: int, ppi: int) -> bytes | str:
    """The same in this process: bytes, or why Typst refused."""
    import typst

    how: dict[str, Any] = {"format": "png", "ppi": ppi} if ppi else {"pdf_standards": list(STANDARDS)}
    with tempfile.TemporaryDirectory(prefix="press-") as folder, collection(fonts) as found:
        for name, data in files.items():
            Path(folder, name).write_bytes(data)
        where: dict[str, Any] = {"input": f"{folder}/main.typ", "root": folder, "font_paths": found}
        try:
            made: Any = typst.compile(**where, ignore_system_fonts=True, timestamp=moment, **how)
        except typst.TypstError as error:
            return f"{error} {' '.join(error.hints)}"
    pages: list[bytes] = made if isinstance(made, list) else [made]
    return pages[0]
