"""Which units of two texts belong together: by content first, by number second (pure).

The work is bounded for any input: equal and similar units are found through tables, and order by patience sorting,
so it grows with the length of the texts and not with its square.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict, deque
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from plugins.formats.structure import Unit

_SIMILAR = 0.4
"""Share of common pairs of characters from which two units are versions of each other."""
_MOVED, _MOVED_LENGTH = 0.6, 8
"""Out of order, two units are one that moved only if they are as similar and as long as this."""
_COMMON = 8
"""A pair of characters in more units than this says nothing about which belong together."""
_SAMPLE = 2000
"""Characters of a unit that are looked at for similarity."""


class Pair(NamedTuple):
    """Positions of two versions of one unit; `score` 1.0 means that at most their numbers differ."""

    earlier: int
    later: int
    score: float


def align(earlier: Sequence[Unit], later: Sequence[Unit]) -> tuple[list[Pair], list[Pair]]:
    """(pairs in the order of both texts, pairs that changed their place); a unit is in one pair at most."""
    one, two = [words(u) for u in earlier], [words(u) for u in later]
    found = _equal(one, two)
    known = set(found.values())
    pairs = [Pair(i, j, 1.0) for i, j in found.items()]
    rest = [i for i in range(len(one)) if i not in found], [j for j in range(len(two)) if j not in known]
    pairs += _similar({i: one[i] for i in rest[0]}, {j: two[j] for j in rest[1]})
    pairs.sort()
    ordered = [pairs[n] for n in increasing([p.later for p in pairs])]
    kept = set(ordered)
    moved = [p for p in pairs if p not in kept and p.score >= _MOVED and len(one[p.earlier]) >= _MOVED_LENGTH]
    return sorted([*ordered, *_numbered(earlier, later, ordered, moved)]), moved


def words(unit: Unit) -> str:
    """The text of a unit without its number."""
    whole = "\n".join(unit.lines)
    return whole.partition(unit.label)[2].strip() if unit.label else whole.strip()


def unique(one: Sequence[str], two: Sequence[str]) -> list[tuple[int, int]]:
    """Positions of what occurs exactly once on both sides, in the order of `one`."""
    here, there = Counter(one), Counter(two)
    places = {text: j for j, text in enumerate(two) if there[text] == 1}
    return [(i, places[text]) for i, text in enumerate(one) if text and here[text] == 1 and text in places]


def increasing(values: Sequence[int]) -> list[int]:
    """Positions of a longest increasing run of the distinct `values` (patience sorting)."""
    tops: list[int] = []
    holders: list[int] = []
    before = [-1] * len(values)
    for position, value in enumerate(values):
        pile = bisect_left(tops, value)
        before[position] = holders[pile - 1] if pile else -1
        tops[pile : pile + 1] = [value]
        holders[pile : pile + 1] = [position]
    run: list[int] = []
    position = holders[-1] if holders else -1
    while position >= 0:
        run.append(position)
        position = before[position]
    return run[::-1]


def _equal(one: Sequence[str], two: Sequence[str]) -> dict[int, int]:
    """Unique equal texts, and from each of them and from both ends on whatever is equal side by side."""
    found = dict(unique(one, two))
    taken = set(found.values())
    starts = [(-1, -1), *found.items(), (len(one), len(two))]
    for step, seeds in ((1, starts), (-1, starts[::-1])):
        for seed in seeds:
            i, j = seed[0] + step, seed[1] + step
            while 0 <= i < len(one) and 0 <= j < len(two) and i not in found and j not in taken and one[i] == two[j]:
                found[i] = j
                taken.add(j)
                i, j = i + step, j + step
    return found


def _similar(one: dict[int, str], two: dict[int, str]) -> Iterator[Pair]:
    """Best pairs first, each text once. Candidates share pairs of characters that are rare in `one`."""
    shingles = {i: _shingles(text) for i, text in one.items()}
    count = Counter(s for found in shingles.values() for s in found)
    holders: dict[str, list[int]] = defaultdict(list)
    for i, found in shingles.items():
        for shingle in found:
            if count[shingle] <= _COMMON:
                holders[shingle].append(i)
    candidates = []
    for j, text in two.items():
        mine = _shingles(text)
        votes = Counter(i for s in mine if s in holders for i in holders[s])
        for i, _ in votes.most_common(3):
            score = 2 * len(mine & shingles[i]) / (len(mine) + len(shingles[i]))
            if score >= _SIMILAR:
                candidates.append((-score, abs(i - j), i, j))
    taken: tuple[set[int], set[int]] = set(), set()
    for score, _, i, j in sorted(candidates):
        if i not in taken[0] and j not in taken[1]:
            taken[0].add(i)
            taken[1].add(j)
            yield Pair(i, j, -score if one[i] == two[j] else min(-score, 0.99))


def _shingles(text: str) -> set[str]:
    sample = text[:_SAMPLE]
    return {sample[n : n + 2] for n in range(len(sample) - 1)} or {sample}


def _numbered(
    earlier: Sequence[Unit], later: Sequence[Unit], ordered: Sequence[Pair], moved: Sequence[Pair]
) -> Iterator[Pair]:
    """Between two ordered pairs, units that are left over and have the same number are versions of each other."""
    gone, come = {p.earlier for p in moved}, {p.later for p in moved}
    i = j = 0
    for end in [*ordered, Pair(len(earlier), len(later), 0)]:
        places: dict[str, deque[int]] = defaultdict(deque)
        for n in range(j, end.later):
            if n not in come:
                places[later[n].key].append(n)
        for n in range(i, end.earlier):
            queue = places[earlier[n].key] if n not in gone else deque[int]()
            while queue and queue[0] < j:
                queue.popleft()
            if queue:
                j = queue.popleft() + 1
                yield Pair(n, j - 1, 0.0)
        i, j = end.earlier + 1, end.later + 1
