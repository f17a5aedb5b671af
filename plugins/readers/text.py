"""Bytes become text: encoding and the characters that the contract refuses (pure)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from plugins.models.faults import Fault, fault

_REFUSED = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\U000e0000-\U000e007f\ud800-\udfff]"
)
_DOUBTFUL = re.compile("[\t\u200b\ufeff\u00ad\ue000-\uf8ff\U000f0000-\U000ffffd\U00100000-\U0010fffd]")
_SHOWN = 20


def decode(data: bytes, path: str) -> tuple[str | None, list[Fault]]:
    """The text of `data` with LF line ends, and the faults of its characters; None where it is not UTF-8.

    A byte order mark at the start is dropped, with a warning.
    """
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        return None, [fault("F101", path, data.count(b"\n", 0, error.start) + 1)]
    faults = [*_found("F102", _REFUSED, text, path), *_found("F103", _DOUBTFUL, text, path)]
    return plain(text), faults


def plain(text: str) -> str:
    """`text` without a byte order mark, with LF line ends."""
    text = text.removeprefix("\ufeff")
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def escaped(value: str, path: str, line: int) -> list[Fault]:
    """The fault of a `value` in which an escape stands for a character that no source may hold."""
    match = _REFUSED.search(value)
    return [_fault("F102", match[0], path, line)] if match else []


def _fault(code: str, character: str, path: str, line: int) -> Fault:
    name = unicodedata.name(character, "控制字符")
    return fault(code, path, line, character=f"U+{ord(character):04X}", name=name)


def _found(code: str, pattern: re.Pattern[str], text: str, path: str) -> Iterator[Fault]:
    """One fault a line, at most 20."""
    lines: set[int] = set()
    for match in pattern.finditer(text):
        line = text.count("\n", 0, match.start()) + 1
        if line not in lines:
            lines.add(line)
            yield _fault(code, match[0], path, line)
        if len(lines) == _SHOWN:
            return
