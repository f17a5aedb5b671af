"""A fault is data: what a person got wrong, where, and how to put it right (pure)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, Literal

from plugins.models.codes import CODES

Severity = Literal["error", "warning", "notice"]


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One fault. The sort order is path, line, code, key: the order in which people read them.

    `path` begins with `content/` or `datasets/`; `line` counts from 1, and 0 means the file as a whole;
    `key` is the header key as the editor wrote it, or empty.
    """

    path: str
    line: int
    code: str
    key: str
    severity: Severity
    message: str
    remedy: str

    def softened(self) -> Fault:
        """The same as a warning at most: what is wrong with a draft stops nobody."""
        return replace(self, severity="warning") if self.severity == "error" else self

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.code} {self.message}——{self.remedy}"

    def as_json(self) -> dict[str, Any]:
        """The object that `check --format json` prints (contract, interfaces)."""
        return {
            "code": self.code,
            "severity": self.severity,
            "path": self.path,
            "line": self.line,
            "message": self.message,
            "remedy": self.remedy,
            "key": self.key,
        }


_LISTS = {"known": 400, "words": 400, "expected": 200}
"""Lists of our own that a remedy gives whole."""


def fault(code: str, path: str, line: int = 0, key: str = "", **values: object) -> Fault:
    """The fault `code` at `path:line`, its sentence filled with `values` (and `key`).

    Raises KeyError for a code that the table does not hold, or a value that its sentence lacks: both are bugs.
    """
    row = CODES[code]
    shown = {name: quoted(value, _LISTS.get(name, 60)) for name, value in values.items()}
    return Fault(
        path=path,
        line=line,
        code=code,
        key=key,
        severity=row.severity,
        message=row.sentence.format(key=key, **shown),
        remedy=row.remedy.format(key=key, **shown),
    )


def quoted(value: object, limit: int = 60) -> str:
    """`value` on one printable line of at most `limit` characters: what an editor wrote is hostile until checked."""
    text = "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in str(value))
    return text if len(text) <= limit else text[: limit - 1] + "…"


def has_errors(faults: Iterable[Fault]) -> bool:
    """Whether any fault stops a build."""
    return any(f.severity == "error" for f in faults)
