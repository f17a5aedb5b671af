"""Regulation text from a grammar of invented phrases: the same chance gives the same text (pure)."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from random import Random
from typing import NamedTuple

from plugins.build import demo_words as words

MEDIAN, SPREAD = 4_400, 0.72
"""Characters of a body: median, and standard deviation of the logarithm, as in collections of real regulations."""
SHORTEST, LONGEST = 300, 60_000
SECTIONED = frozenset({"意见", "方案", "措施"})
"""The kinds that have 一、（一） in place of chapters and articles."""
_ARTICLE = 150
"""Characters of a usual article; with it a long text gets its number of chapters."""
_DIGITS = "零一二三四五六七八九"
_NUMBERS = tuple("一 二 三 五 七 十 十五 二十 三十 六十".split())
_POOLS: dict[str, Sequence[str]] = {
    "who": words.WHO,
    "office": words.OFFICE,
    "what": [quality + thing for quality in words.QUALITY for thing in words.THING],
    "verb": words.VERB,
    "manner": words.MANNER,
    "when": words.WHEN,
    "aim": words.AIM,
    "principle": words.PRINCIPLE,
    "ban": words.BAN,
    "need": words.NEED,
    "penalty": words.PENALTY,
    "n": _NUMBERS,
    "place": words.TOWNS,
    "aspect": words.ASPECT,
}
_NUMBER_OF = {name: place for place, name in enumerate((*_POOLS, "subject", "term", "dept", "kind"))}
Template = tuple[str | int, ...]


class Subject(NamedTuple):
    """What one document is about; `kind` is what it calls itself: 办法, 规定, 意见."""

    field: words.Field
    name: str
    kind: str


def _templates(text: str) -> tuple[Template, ...]:
    """One template a line: literal text, and the numbers of the pools that `{name}` stands for."""
    return tuple(tuple(_NUMBER_OF[p[1:-1]] if p[0] == "{" else p for p in _parts(line)) for line in text.split())


def _parts(line: str) -> list[str]:
    return [part for part in re.split(r"(\{\w+\})", line) if part]


_SENTENCES = _templates(words.SENTENCES)
_OPENING = _templates(words.OPENING)
_GENERAL = _templates(words.GENERAL)
_LEADS = {kind: _templates(text) for kind, text in words.LEADS.items()}
_ITEMS = {kind: _templates(text) for kind, text in words.ITEMS.items()}
_SECTION = _templates(words.SECTION)
_LAST = _templates(words.LAST)
_SEE = _templates(words.SEE)


def numeral(number: int) -> str:
    """1 to 999 in Chinese: 十, 一百零五."""
    hundreds, tens, ones = number // 100, number // 10 % 10, number % 10
    text = _DIGITS[hundreds] + "百" if hundreds else ""
    if tens:
        text += ("" if tens == 1 and not hundreds else _DIGITS[tens]) + "十"
    elif hundreds and ones:
        text += "零"
    return text + (_DIGITS[ones] if ones else "")


class Writer:
    """Writes one document's text with one source of chance; only `random()` is used, which no release changes."""

    def __init__(self, chance: Random, subject: Subject) -> None:
        field = subject.field
        self.random: Callable[[], float] = chance.random
        self.chance = chance
        own = ([subject.name], field.terms, [f"县{field.department_name}"], [subject.kind])
        self.pools: tuple[Sequence[str], ...] = (*_POOLS.values(), *own)
        self.blocks: list[str] = []
        self.length = 0

    def below(self, bound: int) -> int:
        """0 to `bound` - 1."""
        return int(self.random() * bound)

    def phrase(self, templates: Sequence[Template]) -> str:
        """One of the templates, filled in."""
        random, pools = self.random, self.pools
        words_: list[str] = []
        for part in templates[int(random() * len(templates))]:
            if isinstance(part, str):
                words_.append(part)
            else:
                pool = pools[part]
                words_.append(pool[int(random() * len(pool))])
        return "".join(words_)

    def sentences(self, most: int) -> str:
        """One to `most` sentences."""
        return "".join([self.phrase(_SENTENCES) for _ in range(1 + self.below(most))])

    def add(self, *blocks: str) -> None:
        """Appends blocks and counts their characters."""
        for block in blocks:
            self.blocks.append(block)
            self.length += len(block) + 2

    def items(self, label: str, numbered: bool) -> None:
        """A lead and its items, each a paragraph that begins with （一）, or a `numbered` list."""
        kind = ("need", "ban", "duty")[self.below(3)]
        self.add(label + self.phrase(_LEADS[kind]))
        texts = [self.phrase(_ITEMS[kind]) + "；" for _ in range(3 + self.below(5))]
        texts[-1] = texts[-1][:-1] + "。"
        if numbered:
            self.add("\n".join(f"{n}. {text}" for n, text in enumerate(texts, 1)))
        else:
            self.add(*(f"（{numeral(n)}）{text}" for n, text in enumerate(texts, 1)))

    def article(self, label: str) -> None:
        """An article's paragraphs: sentences, items, or something in bold."""
        kind, section = self.random(), "**" in label
        if kind < 0.18:
            self.items(label, section or kind < 0.03)
            return
        bold = f"**{self.phrase(_SECTION)}。**" if kind < 0.22 and not section else ""
        self.add(label + bold + self.sentences(3))
        if kind > 0.8:
            self.add(self.sentences(2))

    def table(self) -> None:
        """A table of three columns."""
        pools = self.pools
        rows = []
        for _ in range(4 + self.below(8)):
            what, office = pools[_NUMBER_OF["what"]], pools[_NUMBER_OF["office"]]
            rows.append(f"| {what[self.below(len(what))]} | {1 + self.below(99)} | {office[self.below(len(office))]} |")
        self.add("\n".join(("| 项目 | 数量 | 责任单位 |", "|---|---|---|", *rows)))


def body(chance: Random, subject: Subject, links: Mapping[str, str], table: bool) -> str:
    """A body of log-normal length, `SHORTEST` to `LONGEST` characters; `links` maps targets to titles."""
    writer = Writer(chance, subject)
    tail = [f"{writer.phrase(_SEE)}[《{title}》]({target})的规定。" for target, title in links.items()]
    if table:
        writer.table()
        tail.append(writer.blocks.pop())
    writer.length = sum(map(len, tail))
    (_sections if subject.kind in SECTIONED else _articles)(writer, _wanted(chance), tail)
    return "\n\n".join(writer.blocks)


def interpretation(chance: Random, subject: Subject, target: str, title: str) -> str:
    """The body of an interpretation of the policy `title`, which it links to as `target`."""
    writer, wanted = Writer(chance, subject), _wanted(chance)
    writer.add(f"现就[《{title}》]({target})解读如下。")
    for place, head in enumerate(words.EXPLAINED, 1):
        writer.add(f"## {numeral(place)}、{head}")
        writer.add(writer.sentences(2))
        while writer.length < place * wanted // len(words.EXPLAINED):
            writer.article("")
    return "\n\n".join(writer.blocks)


def _wanted(chance: Random) -> int:
    """Characters of one body. The normal deviate is a sum of twelve: no more than `random()` is asked for."""
    normal = sum(chance.random() for _ in range(12)) - 6
    return min(LONGEST - 1_500, max(SHORTEST, round(MEDIAN * math.exp(SPREAD * normal))))


def _articles(writer: Writer, wanted: int, tail: list[str]) -> None:
    """第一章 … 第一条 …; a short text has no chapters."""
    chapters = max(3, min(40, wanted // (_ARTICLE * 7))) if wanted > 1_800 else 0
    heads = ["总则", *writer.chance.sample(words.CHAPTERS * 2, max(chapters - 2, 0)), "附则"]
    chapter, number = 0, 0
    while writer.length < wanted - _ARTICLE // 2 or number < 3:
        if chapters and chapter < chapters - 1 and writer.length >= chapter * wanted // (chapters - 1):
            chapter += 1
            writer.add(f"## 第{numeral(chapter)}章 {heads[chapter - 1]}")
        number += 1
        label = f"第{numeral(number)}条 "
        if number <= 1 + len(_GENERAL):
            writer.add(label + writer.phrase(_OPENING if number == 1 else _GENERAL[number - 2 : number - 1]))
        else:
            writer.article(label)
    writer.add(*tail)
    if chapters:
        writer.add(f"## 第{numeral(chapter + 1)}章 {heads[-1]}")
    writer.add(f"第{numeral(number + 1)}条 {writer.phrase(_LAST)}")


def _sections(writer: Writer, wanted: int, tail: list[str]) -> None:
    """一、 … （一） …: opinions, plans and measures."""
    writer.add(writer.phrase(_OPENING))
    section = 0
    while writer.length < wanted - _ARTICLE:
        section += 1
        writer.add(f"## {numeral(section)}、{writer.phrase(_SECTION)}")
        for number in range(1, 4 + writer.below(4)):
            writer.article(f"（{numeral(number)}）**{writer.phrase(_SECTION)}。**")
            if writer.length > wanted - _ARTICLE:
                break
    writer.add(*tail, writer.phrase(_LAST))
