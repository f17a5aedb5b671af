"""Runs of text in a block: see formats/blocks.py (pure)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

Run = str | dict[str, Any]
_LONG = 24
"""Letters without a place to break: more than that is an address or a mistake, and may break anywhere."""
_WORD = re.compile(rf"[!-~\u00a1-\u024f]{{{_LONG + 1},}}")


def trimmed(runs: list[Run]) -> list[Run]:
    """`runs` without white space and line ends around them; none where there is nothing else."""
    runs = [run for run in runs if run != ""]
    for at, side in ((0, str.lstrip), (-1, str.rstrip)):
        while runs and not (rest := _stripped(runs[at], side)):
            del runs[at]
        if runs:
            runs[at] = rest
    return runs


def _stripped(run: Run, side: Any) -> Run:
    if isinstance(run, str):
        return str(side(run))
    if "br" in run:
        return ""
    if "t" not in run:
        return run
    text = side(run["t"])
    return {**run, "t": text} if text else ""


def styled(run: Run, styles: Mapping[str, Any]) -> Run:
    """`run` with `styles`."""
    return {**(run if isinstance(run, dict) else {"t": run}), **styles}


def broken(text: str) -> list[Run]:
    """`text`, words that no line holds in pieces between which it may break; no character is added for that."""
    if not _WORD.search(text):
        return [text] if text else []
    runs: list[Run] = []
    end = 0
    for word in _WORD.finditer(text):
        runs.append(text[end : word.start()])
        end = word.end()
        runs += [{"t": text[at : min(at + 8, end)], "x": 1} for at in range(word.start(), end, 8)]
    return [run for run in [*runs, text[end:]] if run != ""]
