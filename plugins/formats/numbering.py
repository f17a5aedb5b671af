"""Numbers at the start of blocks, and the anchors that they make (pure).

An anchor says what the text says. It depends on the numbers above it and on earlier text alone, so nothing that is
added below moves it:

    art-7          第七条; art-7-2 its second occurrence; art-8-z1 第八条之一
    art-7-k2-1     in article 7: item （二）, in it 1.; the same in chapters (chap-2-k1) and annexes (annex-1-k1)
    s-1-2-3        一、（二）3. outside all of these
    bian-1, chap-1-2, sect-1-2-3    编, 章, 节: the numbers of the divisions that hold it, then its own
    annex-1        附件1
    h-3            the third heading without a number

Whatever else repeats gets `-r2`, `-r3`. Both kinds of brackets, digits and spaces are read alike.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

_DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_TENS = {"十": 10, "百": 100, "千": 1000}
_HAN = "零〇一二三四五六七八九十百千两"
_ORDINAL = "(?:[一二三四五六七八九]?十)?[一二三四五六七八九]|[一二三四五六七八九]?十"
_AND = r"\s?(?:[、，,和或及与至]|以及)\s?"
_REFERENCE = (
    r"[的款项之]|规定|所[称列指述规]|中[的所规]|修?改为|删[去除]"
    rf"|第[（(]?[{_HAN}\d]{{1,4}}[）)]?[款项]|{_AND}(?:本[^，。]{{0,6}})?第"
)
_ARTICLE_OR_DIVISION = re.compile(
    rf"(第\s?([{_HAN}]{{1,9}}|\d{{1,6}})\s?(?:条(?:之({_ORDINAL}))?|(分?编|章|节)))(?!{_REFERENCE})"
)
_LISTED = re.compile(
    rf"(({_ORDINAL}|\d{{1,3}})(?:、|(?<=\d)[.．](?!\d{{1,3}}(?!\d))))(?:(?<=、)(\d{{1,6}}|[{_HAN}]{{1,6}}))?"
)
_BRACKETED = re.compile(rf"([（(]\s?({_ORDINAL}|\d{{1,3}})\s?[）)])(?!\s?[项款目]|{_AND}[（(第])")
_ANNEX = re.compile(rf"(附[件录]\s?({_ORDINAL}|\d{{0,3}}))\s*[：:]?\s*$")
_DIVISIONS = {"编": ("bian", 1), "分编": ("fbian", 2), "章": ("chap", 3), "节": ("sect", 4)}
FIRST, SECOND, THIRD, FOURTH, ARTICLE = 5, 6, 7, 8, 9
"""Ranks below those of the divisions: 一、 （一） 1. （1） in the order of GB/T 9704, and articles; annexes have 0."""


class Mark(NamedTuple):
    """A number at the start of a block: rank, first word of its anchor ("" for items), number in it, as typed."""

    rank: int
    stem: str
    number: str
    label: str


def number(text: str) -> int:
    """A Chinese or Arabic numeral below ten thousand as a number: 二十三 is 23, 二〇一八 is 2018."""
    if text.isdecimal():
        return int(text)
    if not _TENS.keys() & set(text):
        return int("".join(str(_DIGITS[c]) for c in text))
    total, digit = 0, 0
    for character in text:
        if character in _TENS:
            total += (digit or 1) * _TENS[character]
            digit = 0
        else:
            digit = _DIGITS[character]
    return total + digit


@lru_cache(maxsize=1024)
def _article_or_division(label: str, value: str, part: str | None, division: str | None) -> Mark:
    if division:
        stem, rank = _DIVISIONS[division]
        return Mark(rank, stem, str(number(value)), label)
    return Mark(ARTICLE, "art", f"{number(value)}-z{number(part)}" if part else str(number(value)), label)


@lru_cache(maxsize=1024)
def _bracketed(label: str, value: str) -> Mark:
    return Mark(FOURTH if value.isdecimal() else SECOND, "", str(number(value)), label)


@lru_cache(maxsize=1024)
def _listed(label: str, value: str, following: str | None) -> Mark | None:
    """None for 一、二审程序 and 3、4月: what follows the number is the next one."""
    if following and number(following) == number(value) + 1:
        return None
    return Mark(THIRD if value.isdecimal() else FIRST, "", str(number(value)), label)


def _annex(label: str, value: str) -> Mark:
    return Mark(0, "annex", str(number(value or "1")), label)


_READERS: dict[str, tuple[re.Pattern[str], Callable[..., Mark | None]]] = {
    "第": (_ARTICLE_OR_DIVISION, _article_or_division),
    "附": (_ANNEX, _annex),
    **dict.fromkeys("（(", (_BRACKETED, _bracketed)),
    **dict.fromkeys("一二三四五六七八九十0123456789０１２３４５６７８９", (_LISTED, _listed)),
}
STARTS = frozenset(_READERS)
"""What a block with a number begins with."""


def read(text: str, heading: bool = False) -> Mark | None:
    """The number that `text` begins with, if it is that of an article, division, item or annex.

    References (第七条规定, 第二条第三款), enumerations (一、二审程序) and decimals (1.5) are none; a division that is
    no `heading` is short and no sentence.
    """
    text = text.lstrip()
    reader = _READERS.get(text[:1])
    if not reader or not (found := reader[0].match(text)):
        return None
    mark = reader[1](*found.groups())
    return None if mark and 0 < mark.rank < FIRST and not heading and not is_title(text) else mark


def is_title(text: str) -> bool:
    """Short and no sentence: 第二章 总则, not 第二章适用于……。"""
    text = text.strip()
    if len(text) > 40 or text.endswith(("；", ";")):
        return False
    return not (text.endswith("。") and ("，" in text or "," in text))


class Numbering:
    """Names marks in the order of the text; see the module for the scheme."""

    def __init__(self) -> None:
        self._seen: dict[str, int] = {}
        self._divisions: list[Mark] = []
        self._above = "s-"
        self._items: list[tuple[int, str]] = []
        self.in_article = False

    def name(self, mark: Mark) -> str:
        """The anchor of `mark`, unlike every one before it."""
        if not mark.stem:
            items = self._items
            while items and items[-1][0] >= mark.rank:
                items.pop()
            name = self._once(f"{items[-1][1] if items else self._above}{mark.number}", "-r")
            items.append((mark.rank, f"{name}-"))
            return name
        if mark.rank == ARTICLE:
            name = self._once(f"art-{mark.number}", "-")
        else:
            self._divisions = [d for d in self._divisions if d.rank < mark.rank]
            name = self._once("-".join([mark.stem, *(d.number for d in self._divisions), mark.number]), "-r")
            self._divisions += [mark] if mark.rank else []
        self._enter(f"{name}-k", mark.rank == ARTICLE)
        return name

    def heading(self) -> str:
        """The anchor of a heading without a number, which ends the article or item before it."""
        self._enter("s-", False)
        self._seen["h"] = self._seen.get("h", 0) + 1
        return f"h-{self._seen['h']}"

    def _enter(self, above: str, in_article: bool) -> None:
        self._above, self._items, self.in_article = above, [], in_article

    def _once(self, name: str, suffix: str) -> str:
        count = self._seen[name] = self._seen.get(name, 0) + 1
        return name if count == 1 else f"{name}{suffix}{count}"
