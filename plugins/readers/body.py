"""Bodies are checked before any Markdown engine sees them: bombs, comments, links (pure)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from plugins.models.faults import Fault, fault

MAX_MARKS = 400
"""Brackets or emphasis marks in one block: beyond it Python-Markdown's patterns backtrack for minutes."""
MAX_DEPTH = 20
_MARKS = re.compile(r"[\[\]*_`<&!\\]")
_LINK = re.compile(
    r"(?<!\\)\]\(\s*<?([^)\s<>]*)"
    r"|^ {0,3}\[(?!\^)[^\]\n]+\]:\s*<?([^\s<>]+)"
    r"|(?:href|src)\s*=\s*[\"']?([^\"'\s>]+)",
    re.MULTILINE | re.IGNORECASE,
)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_DEEP = re.compile(
    rf"^(?:(?: {{4}}|\t){{{MAX_DEPTH}}}|(?: {{0,3}}>[ ]?){{{MAX_DEPTH}}}|(?: {{0,3}}[*+-] +){{{MAX_DEPTH}}})",
    re.MULTILINE,
)


def strip_comments(text: str) -> str:
    """`text` without HTML comments: notes of editors are never published; line numbers stay."""
    return _COMMENT.sub(lambda m: "\n" * m[0].count("\n"), text) if "<!--" in text else text


def check_body(text: str, path: str, first_line: int) -> Iterator[Fault]:
    """The faults of the body `text` (comments already stripped), which begins at `first_line` of the file."""
    if "<!--" in text:
        yield fault("B103", path, first_line + text.count("\n", 0, text.index("<!--")))
    if deep := _DEEP.search(text):
        yield fault("B102", path, first_line + text.count("\n", 0, deep.start()), limit=MAX_DEPTH)
    line = first_line
    for block in text.split("\n\n"):
        rows = block.count("\n") + 1
        count = len(_MARKS.findall(block)) if len(block) > MAX_MARKS else 0
        if count > MAX_MARKS + 60 * rows:
            yield fault("B101", path, line, count=count)
        line += rows + 1


def links(text: str, first_line: int) -> tuple[tuple[str, int], ...]:
    """Every link target that Markdown or HTML in `text` may produce, with its line; each target once."""
    found: dict[str, int] = {}
    for match in _LINK.finditer(text):
        target = match[1] or match[2] or match[3] or ""
        found.setdefault(target, first_line + text.count("\n", 0, match.start()))
    return tuple(found.items())
