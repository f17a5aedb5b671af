"""YAML becomes plain values with line numbers: the safe subset of the contract (pure).

No tags, anchors or aliases; every scalar is the text that was written; a key stands once.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

from plugins.models.faults import Fault, fault
from plugins.readers.text import escaped

MAX_CHARACTERS = 65_536
_MAX_DEPTH = 8
_ODD_BREAK = re.compile("[\x85\u2028\u2029]")
"""What ends a line for YAML and for no editor."""
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

Value = str | list[Any] | dict[str, Any]


@dataclass(slots=True)
class Header:
    """Values by key as written; `lines` maps a dotted place (`sections.0.title`) to its line in the file."""

    value: Value = ""
    lines: dict[str, int] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)


class _RefusedError(Exception):
    """The text leaves the safe subset: code and line."""


def parse_yaml(text: str, path: str, first_line: int = 1) -> Header:
    """`text`, whose first line is line `first_line` of the file `path`, as plain values and faults."""
    header = Header()
    if len(text) > MAX_CHARACTERS:
        header.faults.append(fault("H106", path, first_line))
        return header
    builder = _Builder(text, path, first_line, header)
    try:
        header.value = builder.document(yaml.parse(text, Loader=_Loader))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = builder.line_of(mark) if mark else first_line
        header.faults.append(fault("H103", path, line, reason=getattr(error, "problem", None) or "无法解析"))
    except _RefusedError as error:
        header.faults.append(fault(error.args[0], path, error.args[1]))
    return header


class _Builder:
    """Builds values from parser events; line numbers come from the events' marks."""

    def __init__(self, text: str, path: str, first_line: int, header: Header) -> None:
        self.path, self.first, self.header = path, first_line, header
        self.last = first_line + text.count("\n")
        self.odd = [match.start() for match in _ODD_BREAK.finditer(text)]

    def document(self, events: Iterator[Any]) -> Value:
        for event in events:
            if not isinstance(event, yaml.StreamStartEvent | yaml.DocumentStartEvent):
                if isinstance(event, yaml.StreamEndEvent | yaml.DocumentEndEvent):
                    return ""
                value = self.value(event, events, "", 0)
                for rest in events:
                    if isinstance(rest, yaml.DocumentStartEvent):
                        raise _RefusedError("H107", self.line(rest))
                return value
        return ""

    def line(self, event: Any) -> int:
        return self.line_of(event.start_mark)

    def line_of(self, mark: Any) -> int:
        """The line of a mark. What YAML adds at the end of a text stands on its last line."""
        return min(self.first + int(mark.line) - bisect_left(self.odd, mark.index), self.last)

    def value(self, event: Any, events: Iterator[Any], place: str, depth: int) -> Value:
        if isinstance(event, yaml.AliasEvent) or event.anchor or (event.tag and event.tag != "!"):
            raise _RefusedError("H105", self.line(event))
        if depth > _MAX_DEPTH:
            raise _RefusedError("H106", self.line(event))
        self.header.lines.setdefault(place, self.line(event))
        if isinstance(event, yaml.ScalarEvent):
            if event.style == '"':
                self.header.faults += escaped(event.value, self.path, self.line(event))
            return str(event.value)
        if isinstance(event, yaml.SequenceStartEvent):
            return self.sequence(events, place, depth)
        return self.mapping(events, place, depth)

    def sequence(self, events: Iterator[Any], place: str, depth: int) -> list[Value]:
        items: list[Value] = []
        for event in events:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            items.append(self.value(event, events, _join(place, str(len(items))), depth + 1))
        return items

    def mapping(self, events: Iterator[Any], place: str, depth: int) -> dict[str, Value]:
        items: dict[str, Value] = {}
        for event in events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            if not isinstance(event, yaml.ScalarEvent):
                raise _RefusedError("H107", self.line(event))
            key, line = str(event.value), self.line(event)
            inner = _join(place, key)
            if key in items:
                first = self.header.lines[inner]
                self.header.faults.append(fault("H104", self.path, line, key, first=first))
            self.header.lines.setdefault(inner, line)
            items[key] = self.value(next(events), events, inner, depth + 1)
        return items


def _join(place: str, key: str) -> str:
    return f"{place}.{key}" if place else key
