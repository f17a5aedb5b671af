"""The form in which texts and queries are compared: that of `fold` in search.js, by shared golden vectors (pure)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import cache
from itertools import pairwise

import numpy as np
import numpy.typing as npt

_UNSEEN = re.compile("[\\s\x00-\x1f\x7f-\x9f\u00ad\u180e\u200b-\u200f\u2060\ufeff]+")
_LARGE = str.maketrans({"ß": "ss", "ς": "σ"})
_BRACKETS = str.maketrans("〔[【（〕]】）", "(((())))")
_APART = "\ue000"
"""A character of nobody's, which folds to itself and joins none."""
_OTHERS = ((0, 0x3400), (0x4DC0, 0x4E00), (0xA000, 0xAC00), (0xD7A4, 0xD800), (0xF900, 0x10000))
"""All units but those of Chinese characters, Hangul syllables, surrogates and private use: these fold to themselves."""

Units = npt.NDArray[np.uint16]


def fold(text: str) -> str:
    """NFKC; white space, zero-width and control characters removed; lower case, ß and ς folded."""
    folded = _UNSEEN.sub("", unicodedata.normalize("NFKC", text)).lower()
    return folded if folded.isascii() else folded.translate(_LARGE)


def loose(folded: str) -> str:
    """Brackets of any shape as one, so that 〔2024〕, [2024] and (2024) are the same number."""
    return folded.translate(_BRACKETS)


def units(text: str) -> Units:
    """The UTF-16 units of `text`."""
    return np.frombuffer(text.encode("utf-16-le", "surrogatepass"), np.uint16)


def folded_units(text: str, places: Sequence[int]) -> tuple[Units, list[int]]:
    """The units of the folded text, and where the ascending `places` in `text` come to stand in it.

    No place stands before a combining mark. The table does what `fold` does, as long as no character needs another.
    """
    whole, (table, alone) = units(text), _table()
    if not alone[whole].all():
        bounds = (0, *places, len(text))
        pieces = [units(fold(text[start:end])) for start, end in pairwise(bounds)]
        return np.concatenate(pieces), np.cumsum([len(piece) for piece in pieces])[:-1].tolist()
    folded = table[whole]
    kept = folded > 0
    return folded[kept], np.append(0, np.cumsum(kept))[list(places)].tolist()


@cache
def _table() -> tuple[Units, npt.NDArray[np.bool_]]:
    """Of each unit its folded form, 0 where it is removed, and whether that is all there is to say of it."""
    table, alone = np.arange(0x10000, dtype=np.uint16), np.ones(0x10000, np.bool_)
    table[0xD800:0xE000] = 0
    alone[0xD800:0xE000] = alone[0x1100:0x1200] = False
    characters = [chr(code) for first, end in _OTHERS for code in range(first, end)]
    forms = fold(_APART.join(characters)).split(_APART)
    for character, form in zip(characters, forms, strict=True):
        code = ord(character)
        if form != character:
            single = len(form) == 1 and form <= "\uffff"
            table[code], alone[code] = ord(form) if single else 0, single or not form
        if unicodedata.combining(character):
            alone[code] = False
        parts = unicodedata.decomposition(character).split()
        if len(parts) == 2 and not parts[0].startswith("<"):
            alone[min(int(parts[1], 16), 0xFFFF)] = False
    alone &= alone[table]
    return table, alone
