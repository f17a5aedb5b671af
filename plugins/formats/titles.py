"""A title in lines: between words, of about the same length (GB/T 9704-2012, 7.3.1) (pure but for the dictionary)."""

from __future__ import annotations

import re
from collections.abc import Sequence

_OPENING = "（(《〈“‘〔【"
_NOT_FIRST = re.compile(r"[^\w（(《〈“‘〔【].*|[的了和与及县市省区乡镇]", re.DOTALL)
"""Marks, and words of one character that belong to the word before."""
_LONGEST = 400
"""Characters above which a title is cut without asking for words."""


def rows(title: str, most: int) -> list[str]:
    """`title` in as few lines as hold it, none wider than `most` Chinese characters unless a word is.

    Of the ways to part it between words that which makes the lines most alike; a line begins with no 的 and no closing
    mark.
    """
    wide = _width(title)
    if wide <= most:
        return [title]
    pieces = _pieces(title)
    count = -(-wide // most)
    while not (found := _parted(pieces, int(count), most)) and count < len(pieces):
        count += 1
    return found or pieces


def _width(text: str) -> float:
    return sum(0.5 if c.isascii() else 1 for c in text)


def _pieces(title: str) -> list[str]:
    """Words with the marks that cling to them."""
    import rjieba

    words = rjieba.cut(title) if len(title) <= _LONGEST else list(title)
    pieces: list[str] = []
    for word in words:
        if pieces and (pieces[-1][-1] in _OPENING or _NOT_FIRST.fullmatch(word)):
            pieces[-1] += word
        else:
            pieces.append(word)
    return pieces


def _parted(pieces: Sequence[str], count: int, most: int) -> list[str]:
    """`pieces` in `count` lines with the least sum of squared widths; none where they do not fit."""
    ends = [0.0]
    for piece in pieces:
        ends.append(ends[-1] + _width(piece))
    last = len(pieces)
    best: list[dict[int, tuple[float, int]]] = [{0: (0.0, 0)}]
    for _ in range(count):
        found: dict[int, tuple[float, int]] = {}
        for begin, (cost, _before) in best[-1].items():
            for end in range(begin + 1, last + 1):
                width = ends[end] - ends[begin]
                if width > most:
                    break
                found[end] = min(found.get(end, (float("inf"), 0)), (cost + width * width, begin))
        best.append(found)
    if last not in best[-1]:
        return []
    lines, end = [], last
    for step in reversed(best[1:]):
        begin = step[end][1]
        lines.append("".join(pieces[begin:end]))
        end = begin
    return lines[::-1]
