"""Regulation text from a grammar of invented phrases: the same chance gives the same text (pure)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from random import Random
from typing import NamedTuple

from plugins.build import demo_words as words

MEDIAN, SPREAD = 4_400, 0.72
"""Characters of a body: median, and standard deviation of the logarithm, as in collections of real regulations."""
SHORTEST, LONGEST = 300, 60_000
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
    "aim": [verb + aim for verb in words.AIM_VERB for aim in words.AIM],
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


_SENTENCES = _templates("""
{who}应当{manner}{verb}{what}，{when}向{dept}报告{term}情况。
{dept}应当{manner}{verb}{what}，{aim}。
{office}和{dept}应当{manner}{verb}{subject}{what}。
{when}，{who}应当{verb}{what}，并{manner}{verb}{term}的{what}。
任何单位和个人不得{ban}，不得{ban}。
{subject}的{what}由{dept}{manner}{verb}，{office}予以配合。
{who}{verb}{what}的，{dept}应当{when}予以答复。
{term}的{aspect}应当符合{what}的要求，{aim}。
未按照规定{verb}{what}的，由{dept}{penalty}；情节严重的，{penalty}。
鼓励{who}参与{subject}{aspect}工作，{manner}{verb}{what}。
{dept}{when}对{term}进行检查，检查结果作为{verb}{what}的依据。
{office}应当将{subject}所需经费纳入预算，{manner}{verb}{what}。
{who}对{term}有异议的，可以自收到通知之日起{n}个工作日内向{dept}提出。
{term}的数量、位置和{aspect}要求由{dept}会同{office}确定，{when}向社会公布。
因{aspect}需要调整{what}的，{who}应当提前{n}日告知{dept}。
{place}等地可以先行{verb}{what}，取得经验后在全县推广。
涉及{term}的{what}，应当听取{who}和公众意见，公示时间不少于{n}日。
{dept}工作人员在{subject}{aspect}工作中{ban}的，{penalty}。
{who}应当指定专人负责{term}，{manner}{verb}{what}，保存期限不少于{n}年。
{when}，{dept}和{office}联合开展{subject}{aspect}检查，对{ban}的行为{penalty}。
前款规定的{what}包括{term}的{aspect}、{aspect}和{aspect}情况。
{who}变更名称、住所或者{term}的，应当{when}办理手续。
{office}{manner}{verb}{what}，为{subject}提供{aspect}保障，{aim}。
{dept}建立{what}，{manner}归集{term}数据，与{office}共享。
对{manner}{verb}{what}成效明显的{who}，{office}可以给予奖励。
{term}发生损坏、灭失或者存在隐患的，{who}应当立即处置，并{when}报告{dept}。
{subject}实行{what}管理，具体{what}由{dept}另行{verb}。
公众可以通过政务热线反映{term}的问题，{dept}应当在{n}个工作日内{manner}办理。
{who}委托他人{verb}{what}的，应当签订协议，明确{term}的{aspect}责任。
{dept}应当{when}评估{what}的执行情况，需要调整的，{manner}{verb}。
""")
_OPENING = _templates("""
为了{aim}，{aim}，根据有关法律、法规的规定，结合本县实际，制定本{kind}。
为规范{subject}{aspect}，{aim}，按照上级有关要求，结合本县实际，制定本{kind}。
为了加强{subject}管理，{aim}，{aim}，制定本{kind}。
""")
_GENERAL = _templates("""
本县行政区域内{subject}的{aspect}、{aspect}及其监督管理，适用本{kind}。
本{kind}所称{subject}，是指依法由{who}管理的{term}及其{what}。
{subject}工作遵循{principle}、{principle}、{principle}的原则。
{dept}负责全县{subject}的监督管理，{office}、{office}在各自职责范围内做好相关工作。
{office}应当加强对{subject}工作的领导，协调解决{aspect}中的重大问题。
""")
_LEADS = {
    "need": _templates("""
从事{subject}{aspect}的，应当具备下列条件：
{who}申请{verb}{what}的，应当符合下列要求：
列入{what}的{term}，应当同时满足下列条件：
"""),
    "ban": _templates("""
禁止下列影响{subject}的行为：
{who}在{term}管理中不得有下列行为：
有下列情形之一的，由{dept}{penalty}：
"""),
    "duty": _templates("""
{dept}在{subject}工作中履行下列职责：
{who}应当履行下列义务：
{subject}{aspect}应当包括下列内容：
"""),
}
_ITEMS = {
    "need": _templates("{need} {need}，{manner}{verb}{what} {term}符合{what}的要求 {when}完成{what}"),
    "ban": _templates("{ban} {ban}，或者{ban} 在{term}附近{ban} 未经同意{verb}{what}"),
    "duty": _templates("{manner}{verb}{what} {verb}{term}的{what} 负责{subject}{aspect}，{aim} {when}{verb}{what}"),
}
_SECTION = _templates("加强{subject}{aspect} {manner}{verb}{what} {aim} 提升{term}{aspect}水平 {verb}{what}")
_LAST = _templates("本{kind}自公布之日起施行。 本{kind}由{dept}负责解释，自公布之日起施行。")
_SEE = _templates("{subject}{aspect}的有关事项，参照 涉及{term}的{what}，按照 {who}{verb}{what}的，同时适用")


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

    def items(self, label: str) -> None:
        """A lead with （一） items, or one in six times a numbered list; `label` stands before the lead."""
        kind = ("need", "ban", "duty")[self.below(3)]
        self.add(label + self.phrase(_LEADS[kind]))
        texts = [self.phrase(_ITEMS[kind]) for _ in range(3 + self.below(5))]
        ends = ["；"] * (len(texts) - 1) + ["。"]
        if self.random() < 1 / 6:
            self.add("\n".join(f"{n}. {text}{end}" for n, (text, end) in enumerate(zip(texts, ends, strict=True), 1)))
        else:
            self.add(*(f"（{numeral(n)}）{t}{e}" for n, (t, e) in enumerate(zip(texts, ends, strict=True), 1)))

    def article(self, label: str) -> None:
        """An article's paragraphs: sentences, items, or something in bold."""
        kind = self.random()
        if kind < 0.18:
            self.items(label)
            return
        bold = f"**{self.phrase(_SECTION)}。**" if kind < 0.22 else ""
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
    """A body of log-normal length, `SHORTEST` to about `LONGEST` characters; `links` maps targets to titles."""
    wanted = min(LONGEST - 500, max(SHORTEST, round(MEDIAN * 2.718281828459045 ** (SPREAD * _normal(chance)))))
    writer = Writer(chance, subject)
    for target, title in links.items():
        writer.length += len(title) + len(target) + 30
    tail = [f"{writer.phrase(_SEE)}[《{title}》]({target})的规定。" for target, title in links.items()]
    if table:
        writer.table()
        tail.append(writer.blocks.pop())
    (_sections if subject.kind in {"意见", "方案", "措施"} else _articles)(writer, wanted, tail)
    return "\n\n".join(writer.blocks)


def _normal(chance: Random) -> float:
    """A normal deviate as the sum of twelve: plain additions, equal on every platform."""
    return sum(chance.random() for _ in range(12)) - 6


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
