"""synonyms.yml: words that stand for each other when somebody searches become groups and faults (pure)."""

from __future__ import annotations

import re
import unicodedata

from plugins.models.faults import Fault, fault
from plugins.readers.header import Header

_FEWEST, _SHORTEST, _LONGEST = 2, 2, 20
_GRAMMAR = re.compile(r"[\s\"“”＂,，、;；:：{}\[\]]|^[-－]")
"""What a query gives a meaning of its own, and what shows that two words were run together."""


def read_synonyms(header: Header, path: str) -> tuple[list[tuple[str, ...]], list[Fault]]:
    """The groups in the order of the file, and every fault. A group is at least two words; a word stands once."""
    if not isinstance(header.value, list):
        return [], [fault("S305", path, 1)]
    groups: list[tuple[str, ...]] = []
    faults: list[Fault] = []
    seen: dict[str, int] = {}
    for number, written in enumerate(header.value):
        words = written if isinstance(written, list) else []
        terms = [word.strip() for word in words if isinstance(word, str)]
        if len(terms) < _FEWEST or len(terms) < len(words):
            faults.append(fault("S305", path, header.lines[str(number)]))
            continue
        found = [f for n, term in enumerate(terms) for f in _term(term, path, header.lines[f"{number}.{n}"], seen)]
        faults += found
        if not found:
            groups.append(tuple(terms))
    return groups, faults


def _term(term: str, path: str, line: int, seen: dict[str, int]) -> list[Fault]:
    """The fault of one word, if it has any; `seen` leads from a word to the line on which it stands."""
    if reason := _refusal(term):
        return [fault("S307", path, line, value=term, reason=reason)]
    folded = unicodedata.normalize("NFKC", term).casefold()
    if folded in seen:
        return [fault("S306", path, line, value=term, first=seen[folded])]
    seen[folded] = line
    return []


def _refusal(term: str) -> str:
    if len(term) < _SHORTEST:
        return "少于两个字" if term else "是空的"
    if len(term) > _LONGEST:
        return f"超过 {_LONGEST} 个字"
    return "含有空格、引号或标点，或以“-”开头" if _GRAMMAR.search(term) else ""
