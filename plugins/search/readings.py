"""How Chinese characters are read and written otherwise: pinyin by phrases, traditional forms (pure)."""

from __future__ import annotations

import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from itertools import chain, groupby

import orjson

COMMON = "".join(
    bytes((row, cell)).decode("gb2312", errors="ignore") for row in range(0xB0, 0xF8) for cell in range(0xA1, 0xFF)
)
"""The 6,763 characters of GB 2312 in its order: what simplified texts are written in, with few exceptions.

Browsers know the same list (their decoder of "gbk"), so that what is told of each needs not to name it.
"""

_COMMON = frozenset(COMMON)
_LONGEST = 10
"""No phrase of pypinyin has more characters."""
PHRASES = {"工商行政": "gōng shāng xíng zhèng", "还款": "huán kuǎn", "朝阳区": "cháo yáng qū", "单县": "shàn xiàn"}
"""Phrases of the field that pypinyin reads wrongly: it takes 工商行 for a bank."""


_TONES = str.maketrans("", "", "\u0300\u0301\u0304\u030c")


@cache
def pinyin_table() -> bytes:
    """`{"phrases": {phrase: syllables}, "signs": {character: syllable}}`: all that pypinyin knows, as JSON.

    Syllables as people type them: without tones, ü is v, but lue and nue are typed with u. Python takes a fifth of a
    second to import pypinyin, and a fiftieth to read this.
    """
    from pypinyin.phrases_dict import phrases_dict
    from pypinyin.pinyin_dict import pinyin_dict

    phrases = {phrase: " ".join(one[0] for one in read) for phrase, read in phrases_dict.items()} | PHRASES
    signs = {chr(code): read.split(",", 1)[0] for code, read in pinyin_dict.items()}
    return orjson.dumps({"phrases": _typed(phrases), "signs": _typed(signs)}, option=orjson.OPT_SORT_KEYS)


def _typed(read: Mapping[str, str]) -> dict[str, str]:
    text = unicodedata.normalize("NFD", "\n".join(read.values())).replace("u\u0308", "v").translate(_TONES)
    return dict(zip(read, unicodedata.normalize("NFC", text).replace("ve", "ue").split("\n"), strict=True))


class Pinyin:
    """How words are read, by what `pinyin_table` made: as pypinyin reads them."""

    def __init__(self, table: bytes) -> None:
        read = orjson.loads(table)
        self.phrases: dict[str, str] = read["phrases"]
        self.signs: dict[str, str] = read["signs"]
        self._sorted: list[str] = list(self.phrases)
        self._known: dict[str, tuple[str, ...]] = {}

    def syllables(self, word: str) -> tuple[str, ...]:
        """The syllable of each character of `word`; other signs stand for themselves.

        Phrases are known: 重庆 is chong qing, 银行 yin hang.
        """
        if (found := self._known.get(word)) is None:
            runs = groupby(word, self.signs.__contains__)
            parts = (self._read("".join(run)) if known else (sign.lower() for sign in run) for known, run in runs)
            found = self._known[word] = tuple(chain.from_iterable(parts))
        return found

    def _read(self, rest: str) -> Iterator[str]:
        """By the longest phrase that the rest begins with; no part of a rest that only begins a phrase is one."""
        while rest:
            ends = range(min(len(rest), _LONGEST), 1, -1)
            if phrase := next((rest[:end] for end in ends if rest[:end] in self.phrases), ""):
                yield from self.phrases[phrase].split(" ")
                rest = rest[len(phrase) :]
            else:
                alone = len(rest) if self._begins(rest) else 1
                yield from (self.signs[sign] for sign in rest[:alone])
                rest = rest[alone:]

    def _begins(self, text: str) -> bool:
        place = bisect_left(self._sorted, text)
        return place < len(self._sorted) and self._sorted[place].startswith(text)

    def others(self, words: Iterable[str]) -> list[str]:
        """`<character><syllable>` where a common character is read otherwise in `words` than most often."""
        read = {pair for word in words for pair in zip(word, self.syllables(word), strict=False)}
        return sorted(f"{sign}{one}" for sign, one in read if sign in _COMMON and self.signs[sign] != one)

    def usual(self) -> str:
        """`<syllable><how many characters> …`: how all common characters are read most often, in their order.

        The first half of GB 2312 is sorted by pinyin.
        """
        runs = groupby(self.signs[sign] for sign in COMMON)
        return " ".join(f"{reading}{len(list(run))}" for reading, run in runs)


@cache
def simplified() -> dict[str, str]:
    """Each traditional character with the one simplified character that stands for it, where that is a common one.

    All such pairs of opencc's t2s, not those of one site's titles: queries are compared with whole texts, and a file
    that is the same for every site and every build stays in the caches of browsers. 乾, 後 and 於 are common characters
    themselves, so the table is for queries in which another character is not common.
    """
    from opencc import OpenCC

    signs = [chr(code) for code in (*range(0x3400, 0x4DC0), *range(0x4E00, 0xA000))]
    written = OpenCC("t2s").convert("\n".join(signs)).split("\n")
    common = set(COMMON)
    return {sign: one for sign, one in zip(signs, written, strict=True) if sign != one and one in common}
