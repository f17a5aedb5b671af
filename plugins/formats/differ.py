"""What changed within a text, as segments that a page can strike out or underline (pure)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher
from itertools import groupby, pairwise
from string import ascii_letters, digits

from plugins.formats.align import increasing, unique

Segments = list[tuple[str, str]]
"""(operation, text): "=" in both texts, "-" only in the earlier, "+" only in the later."""
MAX_CHARACTERS = 4000
_SENTENCE = re.compile(r"[^。；！？\n\t]*[。；！？\n\t]?")
_TOKEN = re.compile(r"[0-9A-Za-z.]+|.", re.DOTALL)
_RUN = digits + ascii_letters + "."
"""Numbers and Latin words change as a whole: 2018 becomes 2019, not its last digit."""
_KEPT = 0.3
"""Where less than this share of a text is kept, showing the few characters that stayed helps nobody."""


class Differ:
    """Compares texts character by character as long as its budget of steps lasts, by sentence after that.

    `difflib` takes up to the cube of the length. The budget is less than five seconds for the worst texts that were
    found, and enough for four hundred articles of 300 characters of which no word was kept.
    """

    def __init__(self, steps: int = 1_500_000) -> None:
        self._steps = steps

    def segments(self, earlier: str, later: str) -> tuple[Segments, Segments]:
        """The earlier text as "=" and "-" segments, the later one as "=" and "+"; neighbours differ in operation."""
        operations = list(self._compare(earlier, later, sentences=True))
        return _side(operations, "=-"), _side(operations, "=+")

    def _compare(self, earlier: str, later: str, sentences: bool = False) -> Iterator[tuple[str, str]]:
        """Operations in order, "-" before "+"; what is alike at both ends needs no search."""
        if earlier == later:
            yield "=", earlier
            return
        start = _alike(earlier, later)
        end = _alike(earlier[start:][::-1], later[start:][::-1])
        one, two = earlier[start : len(earlier) - end], later[start : len(later) - end]
        yield "=", earlier[:start]
        if one and two and self._affords(one, two):
            yield from _tokens(_TOKEN.findall(one), _TOKEN.findall(two))
        elif one and two and sentences:
            yield from self._sentences(one, two)
        else:
            yield from (("-", one), ("+", two))
        yield "=", earlier[len(earlier) - end :]

    def _affords(self, one: str, two: str) -> bool:
        """Whether comparing characters is cheap enough; takes what it costs from the budget."""
        if max(len(one), len(two)) > MAX_CHARACTERS:
            return False
        here, there = Counter(one), Counter(two)
        cost = sum(n * there[c] for c, n in here.items()) + len(one) * len(two) // 32
        if cost > min(self._steps, 600_000):
            return False
        self._steps -= cost
        return True

    def _sentences(self, earlier: str, later: str) -> Iterator[tuple[str, str]]:
        """Sentences that occur once on both sides hold the texts together; what is between them is compared again."""
        one, two = _SENTENCE.findall(earlier), _SENTENCE.findall(later)
        pairs = unique(one, two)
        held = [pairs[n] for n in increasing([j for _, j in pairs])]
        for (i, j), (next_i, next_j) in pairwise([(-1, -1), *held, (len(one), len(two))]):
            yield from self._compare("".join(one[i + 1 : next_i]), "".join(two[j + 1 : next_j]))
            yield "=", "".join(one[next_i : next_i + 1])


def _tokens(one: list[str], two: list[str]) -> Iterator[tuple[str, str]]:
    """A single character that stayed between two changes is changed too: 三十日, 十五日."""
    blocks = SequenceMatcher(None, one, two, autojunk=False).get_matching_blocks()
    kept = [b for b in blocks if len("".join(one[b.a : b.a + b.size])) > 1]
    if sum(b.size for b in kept) < _KEPT * max(len(one), len(two)):
        kept = []
    i = j = 0
    for a, b, size in [*kept, blocks[-1]]:
        yield from (("-", "".join(one[i:a])), ("+", "".join(two[j:b])), ("=", "".join(one[a : a + size])))
        i, j = a + size, b + size


def _alike(one: str, two: str) -> int:
    """How many characters are the same from the start on, up to the end of a word."""
    first = next((n for n, (a, b) in enumerate(zip(one, two, strict=False)) if a != b), min(len(one), len(two)))
    return len(one[:first].rstrip(_RUN))


def _side(operations: Iterable[tuple[str, str]], kept: str) -> Segments:
    chosen = [(op, text) for op, text in operations if op in kept and text]
    return [(op, "".join(text for _, text in run)) for op, run in groupby(chosen, key=lambda pair: pair[0])]
