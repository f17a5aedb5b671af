"""Strict JSON whose every value knows its line: no double keys, no NaN, no deep nesting (pure; RFC 8259)."""

from __future__ import annotations

import json.decoder
import re
from math import isfinite
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

Place = tuple[str | int, ...]
MAX_DEPTH = 32
_SPACE = re.compile(r"[ \t\r\n]*")
_NUMBER = re.compile(r"-?(?:0|[1-9]\d{0,39})(\.\d{1,40})?([eE][-+]?\d{1,4})?(?![\w.])", re.ASCII)
_scanstring: Callable[[str, int, bool], tuple[str, int]] = json.decoder.scanstring  # type: ignore[attr-defined]
_WORDS = {"true": True, "false": False, "null": None}


class JsonError(ValueError):
    """What is wrong, for an editor, and at which line."""

    def __init__(self, reason: str, line: int) -> None:
        super().__init__(reason)
        self.line = line


class Document:
    """One parsed text: `value`; `lines` of every place; `doubles` as (place, line)."""

    def __init__(self, text: str) -> None:
        """Raises JsonError."""
        self.lines: dict[Place, int] = {}
        self.doubles: list[tuple[Place, int]] = []
        self._text, self._at, self._line, self._counted = text, 0, 1, 0
        self._skip()
        self.value = self._value(())
        self._skip()
        if self._at < len(text):
            raise self._bad("结尾之后还有多余的内容")

    def line(self, place: Place) -> int:
        """The line of the deepest part of `place` that is written; 1 where nothing is."""
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place, 1)

    def _bad(self, reason: str) -> JsonError:
        return JsonError(reason, self._here())

    def _here(self) -> int:
        self._line += self._text.count("\n", self._counted, self._at)
        self._counted = self._at
        return self._line

    def _skip(self) -> str:
        """The next character that is not white space, "" at the end."""
        match = _SPACE.match(self._text, self._at)
        self._at = match.end() if match else self._at
        return self._text[self._at : self._at + 1]

    def _value(self, place: Place) -> Any:
        self.lines.setdefault(place, self._here())
        if len(place) > MAX_DEPTH:
            raise self._bad("嵌套过深")
        match self._skip():
            case "{":
                return self._object(place)
            case "[":
                return self._array(place)
            case '"':
                return self._string()
            case _:
                return self._scalar()

    def _object(self, place: Place) -> dict[str, Any]:
        found: dict[str, Any] = {}
        self._at += 1
        if self._skip() == "}":
            self._at += 1
            return found
        while True:
            if self._skip() != '"':
                raise self._bad("这里应当是加英文双引号的键")
            line = self._here()
            key = self._string()
            inner = (*place, key)
            if key in found:
                self.doubles.append((inner, line))
            self.lines.setdefault(inner, line)
            if self._skip() != ":":
                raise self._bad(f"“{key}”后面缺少英文冒号")
            self._at += 1
            self._skip()
            value = self._value(inner)
            found.setdefault(key, value)
            if self._closed("}"):
                return found

    def _array(self, place: Place) -> list[Any]:
        found: list[Any] = []
        self._at += 1
        if self._skip() == "]":
            self._at += 1
            return found
        while True:
            self._skip()
            found.append(self._value((*place, len(found))))
            if self._closed("]"):
                return found

    def _closed(self, bracket: str) -> bool:
        character = self._skip()
        if character not in {",", bracket} or not character:
            raise self._bad(f"这里应当是逗号或“{bracket}”")
        self._at += 1
        return character == bracket

    def _string(self) -> str:
        try:
            text, self._at = _scanstring(self._text, self._at + 1, True)
        except json.JSONDecodeError as error:
            raise self._bad("文字没有以英文双引号结束，或含有不允许的字符") from error
        return text

    def _scalar(self) -> Any:
        for word, value in _WORDS.items():
            if self._text.startswith(word, self._at):
                self._at += len(word)
                return value
        match = _NUMBER.match(self._text, self._at)
        if match is None:
            raise self._bad("这里应当是一个值")
        number = float(match[0]) if match[1] or match[2] else int(match[0])
        if not isfinite(number):
            raise self._bad("数字过大")
        self._at = match.end()
        return number
