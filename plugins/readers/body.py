"""Bodies are checked before any Markdown engine sees them: bombs, comments, links (pure)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from plugins.models.faults import Fault, fault
from plugins.readers.markup import check_markup
from plugins.readers.text import escaped

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
_ANNOTATION = re.compile(r"^\s*[（(]\s*(此件[^（）()\n]{1,20})[）)]\s*$", re.MULTILINE)
_HEADING = re.compile(
    r"^(?:#{1,6}\s+(.{1,60})|(?:[一二三四五六七八九十]{1,3}、|（[一二三四五六七八九十]{1,3}）|\*\*)(.{1,60}))$",
    re.MULTILINE,
)
_BARE_IMAGE = re.compile(r"(?<!\\)!\[\s*\]\(")
_MAX_HEADINGS = 100
_REFERENCE = re.compile(r"&#(?:x0*([0-9a-f]{1,6})(?![0-9a-f])|0*([0-9]{1,7})(?![0-9]))|&(?:lrm|rlm)\b", re.IGNORECASE)
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
    references = _REFERENCE.finditer(text) if "&" in text else ()
    if refused := next((m for m in references if escaped(_referred(m), path, 0)), None):
        yield from escaped(_referred(refused), path, first_line + text.count("\n", 0, refused.start()))
    yield from check_markup(text, path, first_line)
    line = first_line
    for block in text.split("\n\n"):
        rows = block.count("\n") + 1
        count = len(_MARKS.findall(block)) if len(block) > MAX_MARKS else 0
        if count > MAX_MARKS + 60 * rows:
            yield fault("B101", path, line, count=count)
        line += rows + 1


def _referred(match: re.Match[str]) -> str:
    """The character that a reference such as &#x202e; stands for."""
    code = int(match[1], 16) if match[1] else int(match[2] or 0x200E)
    return chr(code) if code < 0x110000 else ""


def links(text: str, first_line: int) -> tuple[tuple[str, int], ...]:
    """Every link target that Markdown or HTML in `text` may produce, with its line; each target once."""
    found: dict[str, int] = {}
    if not ("](" in text or "]:" in text or "<" in text):
        return ()
    for match in _LINK.finditer(text):
        target = match[1] or match[2] or match[3] or ""
        found.setdefault(target, first_line + text.count("\n", 0, match.start()))
    return tuple(found.items())


def facts(text: str, first_line: int, headings: bool, commented: bool = False) -> dict[str, Any]:
    """What rules need to know of a body: its annotation, bare pictures, `headings`, whether it had a comment."""
    found: dict[str, Any] = {}
    if "此件" in text and (match := _ANNOTATION.search(text)):
        found["annotation"] = match[1]
    if commented:
        found["commented"] = True
    if "![" in text and (bare := [m.start() for m in _BARE_IMAGE.finditer(text)]):
        found["bare_images"] = [first_line + text.count("\n", 0, at) for at in bare]
    if headings:
        found["headings"] = [(m[1] or m[2]).strip() for m in _HEADING.finditer(text)][:_MAX_HEADINGS]
    return found
