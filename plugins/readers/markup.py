"""What of a body would vanish, or show otherwise than it was typed, and is refused instead (pure)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from plugins.models.faults import Fault, fault
from plugins.models.markup import TAGS, VOID

_CODE = re.compile(r"(`+)(?!`).*?(?<!`)\1(?!`)", re.DOTALL)
_TAG = re.compile(r"<(?:(/?)([A-Za-z][^\s/>]*)([^<>]*)>?|!(?!--)|\?)")
_ATTRIBUTES = re.compile(r"(?:\s+[A-Za-z][\w-]*(?:\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s\"'=<>]+))?)*\s*/?")
_LINK_LIKE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|[^@\s]+@")
_NUMBER = re.compile(r"^ {0,3}(0\d+|\d{9,})\.[ \t]", re.MULTILINE)
_RULE = re.compile(r"^ {0,3}\|?[ ]*:?-+:?[ ]*(?:\|[ ]*:?-+:?[ ]*)*\|?[ ]*$")


def check_markup(text: str, path: str, first_line: int) -> Iterator[Fault]:
    """What would vanish or change unseen: tags that are no text, tags without an end, list numbers, extra cells."""
    if "<" in text:
        yield from _tags(text, path, first_line)
    for match in _NUMBER.finditer(text):
        yield fault("B106", path, first_line + text.count("\n", 0, match.start()), value=match[1])
    if "|" in text and "-" in text:
        yield from _tables(text, path, first_line)


def _tags(text: str, path: str, first_line: int) -> Iterator[Fault]:
    plain = _CODE.sub(lambda m: "\n" * m[0].count("\n"), text)
    opened: dict[str, list[int]] = {}
    for match in _TAG.finditer(plain):
        line = first_line + plain.count("\n", 0, match.start())
        name = (match[2] or "").lower()
        if name and _LINK_LIKE.match(match[2] + (match[3] or "")):
            continue
        if not match[0].isascii() and not _ATTRIBUTES.fullmatch(match[3] or ""):
            yield fault("B109", path, line, value=match[0])
        elif name not in TAGS:
            yield fault("B105", path, line, value=match[0])
        elif match[1]:
            if opened.get(name):
                opened[name].pop()
            else:
                yield fault("B107", path, line, value=match[0])
        elif name not in VOID and not match[3].endswith("/"):
            opened.setdefault(name, []).append(line)
    for name, lines in opened.items():
        yield from (fault("B107", path, line, value=f"<{name}>") for line in lines)


def _tables(text: str, path: str, first_line: int) -> Iterator[Fault]:
    """A row with more cells than the header loses them: Python-Markdown drops what is too much."""
    lines = text.split("\n")
    for number in range(1, len(lines)):
        if "|" not in lines[number - 1] or not _RULE.match(lines[number]):
            continue
        width = _cells(lines[number - 1])
        for at in range(number + 1, len(lines)):
            if not lines[at].strip():
                break
            if (count := _cells(lines[at])) > width:
                yield fault("B108", path, first_line + at, count=count, width=width)


def _cells(row: str) -> int:
    """How many cells a row of a table has: bars in code and escaped bars do not part them."""
    bare = _CODE.sub("", row.strip()).replace("\\|", "")
    return bare.removeprefix("|").removesuffix("|").count("|") + 1
