"""Chinese words for Whoosh: rjieba cuts, and every word keeps its place (pure but for the import of Whoosh)."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from typing import Any

import rjieba
from whoosh.analysis import Token, Tokenizer


class WordTokenizer(Tokenizer):  # type: ignore[misc]
    """Tokens of one text: words in search mode, folded by NFKC and case, without punctuation."""

    def __call__(self, value: str, positions: bool = False, chars: bool = False, **kwargs: Any) -> Iterator[Any]:
        """Whoosh's interface: yields one Token, reused, for each word."""
        token = Token(positions, chars, removestops=False, mode=kwargs.get("mode", ""))
        start = kwargs.get("start_pos", 0)
        for position, (word, begin, end) in enumerate(words(value)):
            token.text = token.original = word
            token.stopped, token.boost = False, 1.0
            token.pos = start + position
            token.startchar, token.endchar = begin, end
            yield token


def words(value: str) -> Iterator[tuple[str, int, int]]:
    """Words in search mode, each with where it begins and ends in the folded text."""
    text = unicodedata.normalize("NFKC", value).casefold()
    for word, begin, end in rjieba.tokenize(text, "search"):
        if any(c.isalnum() for c in word):
            yield word, begin, end
