"""Which regular expressions may run on a county's data: none that can take exponential time (pure)."""

from __future__ import annotations

import re

MAX_LENGTH = 500
_TOKEN = re.compile(
    r"(?P<skip>\\.|\[\^?\]?(?:\\.|[^\]\\])*\])|(?P<open>\()|(?P<close>\))"
    r"|(?P<repeat>[*+]|\{(?P<low>\d*)(?P<comma>,?)(?P<high>\d*)\})|(?P<other>.)",
    re.DOTALL,
)
_MANY = 10


def catastrophic(pattern: str) -> bool:
    """Whether a repeated group holds a repetition of its own, as in `(a+)+`: the time doubles with each letter."""
    inner = [False]  # for every open group: whether a repetition was seen in it
    closed = False  # whether the last token closed a group that held one
    for match in _TOKEN.finditer(pattern):
        repeats = bool(match["repeat"]) and _unbounded(match)
        if closed and repeats:
            return True
        closed = False
        if match["open"]:
            inner.append(False)
        elif match["close"] and len(inner) > 1:
            closed = inner.pop()
            inner[-1] |= closed
        elif repeats:
            inner[-1] = True
    return len(pattern) > MAX_LENGTH


def _unbounded(match: re.Match[str]) -> bool:
    """`*`, `+`, `{2,}` and `{1,99}`, but not `{6}` or `{1,3}`."""
    if match["repeat"] in "*+":
        return True
    high = match["high"]
    return bool(match["comma"]) and (not high or int(high[:6]) > _MANY)


def complaint(pattern: str) -> str:
    """Where `pattern` does not compile, or ""."""
    try:
        re.compile(pattern)
    except re.error as error:
        return f"第 {(error.pos or 0) + 1} 个字符附近"
    except (OverflowError, RecursionError):
        return "数字过大或嵌套过深"
    return ""
