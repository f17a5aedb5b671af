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
_THEMSELVES = ((0x34, 0x4D), (0x4E, 0xA0), (0xAC, 0xD7), (0xE0, 0xF9))
"""Rows of Chinese characters, Hangul syllables and private use, which fold to themselves."""

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
    whole, table = units(text), _table()
    if not table.alone[whole].all():
        table.fill(whole)
    if not table.alone[whole].all():
        bounds = (0, *places, len(text))
        pieces = [units(fold(text[start:end])) for start, end in pairwise(bounds)]
        return np.concatenate(pieces), np.cumsum([len(piece) for piece in pieces])[:-1].tolist()
    folded = table.form[whole]
    kept = folded > 0
    return folded[kept], np.append(0, np.cumsum(kept))[list(places)].tolist()


class _Table:
    """Of each unit its `form`, 0 where it is removed, and whether that is all there is to say of it: it stands `alone`.

    A row of 256 units is `filled` when a text first has one of them: a process may see few, and all take 25 ms.
    """

    def __init__(self) -> None:
        self.form, self.alone = np.arange(0x10000, dtype=np.uint16), np.zeros(0x10000, np.bool_)
        self.filled = np.zeros(0x100, np.bool_)
        for first, end in _THEMSELVES:
            self.alone[first << 8 : end << 8] = self.filled[first:end] = True
        self.filled[0xD8:0xE0] = True  # surrogates, which are not alone

    def fill(self, whole: Units) -> None:
        """Fills the rows of these units."""
        rows = np.bincount(whole >> 8, minlength=0x100) > 0
        for row in np.flatnonzero(rows & ~self.filled).tolist():
            characters = [chr(code) for code in range(row << 8, (row + 1) << 8)]
            forms = fold(_APART.join(characters)).split(_APART)
            for code, (character, form) in enumerate(zip(characters, forms, strict=True), row << 8):
                single = len(form) == 1 and form <= "\uffff"
                self.form[code] = ord(form) if single else 0
                self.alone[code] = (single or not form) and not _joins(character) and not _joins(form)
            self.filled[row] = True


@cache
def _table() -> _Table:
    return _Table()


def _joins(character: str) -> bool:
    """Whether a character (or none) may be composed with the one before it: marks, and parts of Hangul syllables."""
    return "\u1100" <= character < "\u1200" or (bool(character) and unicodedata.category(character).startswith("M"))
