"""How Chinese characters are read and written otherwise: pinyin by phrases, traditional forms (pure)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache, lru_cache
from itertools import groupby

COMMON = "".join(
    bytes((row, cell)).decode("gb2312", errors="ignore") for row in range(0xB0, 0xF8) for cell in range(0xA1, 0xFF)
)
"""The 6,763 characters of GB 2312 in its order: what simplified texts are written in, with few exceptions.

Browsers know the same list (their decoder of "gbk"), so that what is told of each needs not to name it.
"""


_PHRASES = {"工商行政": "gōng shāng xíng zhèng", "还款": "huán kuǎn", "朝阳区": "cháo yáng qū", "单县": "shàn xiàn"}
"""Phrases of the field that pypinyin reads wrongly: it takes 工商行 for a bank."""


@cache
def _reader() -> Callable[..., list[str]]:
    from pypinyin import lazy_pinyin, load_phrases_dict

    load_phrases_dict({phrase: [[one] for one in read.split()] for phrase, read in _PHRASES.items()})
    return lazy_pinyin


@lru_cache(maxsize=65_536)
def syllables(word: str) -> tuple[str, ...]:
    """The pinyin of each character of `word` as people type it, without tones; other signs stand for themselves.

    pypinyin knows phrases: 重庆 is chong qing, 银行 yin hang. ü is typed v, but lue and nue are typed with u.
    """
    return tuple(part.lower().replace("ve", "ue") for part in _reader()(word, errors=list))


@cache
def usual_readings() -> dict[str, str]:
    """Each common character with the reading that it has most often."""
    return {character: syllables(character)[0] for character in COMMON}


def reading_table(words: Iterable[str]) -> dict[str, str]:
    """`{"usual", "also"}`: readings of all common characters, and the other ones that they have in `words`.

    "usual" is `<syllable><how many characters> …` in the order of `COMMON`, whose first half GB 2312 sorts by pinyin;
    "also" is `<character><syllable> …`.
    """
    usual = usual_readings()
    runs = [f"{reading}{len(list(run))}" for reading, run in groupby(usual.values())]
    read = {pair for word in words for pair in zip(word, syllables(word), strict=False)}
    other = sorted(f"{sign}{one}" for sign, one in read if usual.get(sign, one) != one)
    return {"usual": " ".join(runs), "also": " ".join(other)}


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
