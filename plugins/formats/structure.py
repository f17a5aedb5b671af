"""The structure of an official text: anchors on its page, its outline, its units for comparison (pure)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from plugins.formats.numbering import ARTICLE, SECOND, STARTS, THIRD, Mark, Numbering, is_title, read

if TYPE_CHECKING:
    from lxml.html import HtmlElement

MAX_OUTLINE = 200
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_WORDS = re.compile(r"[（(【][^）)】]{1,20}[）)】]|.{2,16}?(?=[，。；：,;:]|$)")
_SPREAD = re.compile(r" (\S) (\S)$")


class Unit(NamedTuple):
    """A piece of a canonical text: anchor and label as typed, both "" before the first number; at least one line."""

    key: str
    label: str
    lines: tuple[str, ...]


class _Entry(NamedTuple):
    """A line of the outline before its level is known: rank of its number or 0, tag 1 to 6 or, a paragraph, 0."""

    rank: int
    tag: int
    label: str
    text: str
    element: HtmlElement


def outline(root: HtmlElement) -> list[tuple[int, str, str]]:
    """Gives the blocks below `root` their anchors, makes titles headings, and returns (level 2 to 6, anchor, text).

    Titles are headings, short divisions, and short 一、 and （一） with a text of their own below. Articles are listed
    where nothing else has a number; the deepest go first where there are more than 200.
    """
    numbering = Numbering()
    entries: list[_Entry] = []
    flat = next(root.iter("blockquote", "li", "td", "dd"), None) is None
    list_articles = True
    for element in root.iter("p", "li", *_HEADINGS):
        tag, text = element.tag, element.text or ""
        if tag == "li":
            _name_item(element, numbering)
            continue
        heading = tag != "p"
        if not heading and (first := text.lstrip()[:1]) and first not in STARTS:
            continue
        if len(element):
            text = element.text_content()
        if tag == "h1":
            element.tag = "h2"
        mark = read(text, heading)
        if not (mark or (heading and text.strip())) or not (flat or element.getparent().tag == "div"):
            continue
        element.set("id", numbering.name(mark) if mark else numbering.heading())
        if mark and mark.rank == ARTICLE:
            listed = list_articles
        else:
            listed = heading or not mark or bool(mark.stem) or _is_above(element, text, mark, numbering)
            list_articles = list_articles and not (mark and mark.rank and listed)
        if listed:
            rank, label = (mark.rank, mark.label) if mark else (0, "")
            entries.append(_Entry(rank, int(tag[1]) if heading else 0, label, text, element))
    return _outline(entries)


def units(lines: Sequence[str]) -> list[Unit]:
    """`lines` of a canonical text cut at articles, divisions and annexes, and outside articles at every number.

    A line before the first number is a unit of its own. Nothing is lost: the lines of all units are `lines`. Keys are
    the anchors of the page, except after headings without a number, which a canonical text does not show.
    """
    found = list(numbered(lines))
    ends = [*(at for at, _, _ in found), len(lines)]
    before = [Unit("", "", (line,)) for line in lines[: ends[0]]]
    spans = zip(found, ends[1:], strict=True)
    return before + [Unit(key, label, tuple(lines[at:end])) for (at, key, label), end in spans]


def numbered(lines: Sequence[str]) -> Iterator[tuple[int, str, str]]:
    """Where the numbered units of a canonical text begin: the place among `lines`, anchor and label as typed."""
    numbering = Numbering()
    for at, line in enumerate(lines):
        mark = None if "\t" in line else read(line)
        if mark and (mark.stem or not numbering.in_article):
            yield at, numbering.name(mark), mark.label


def _is_above(element: HtmlElement, text: str, mark: Mark, numbering: Numbering) -> bool:
    """Whether a numbered paragraph outside articles is the title of what follows it."""
    if numbering.in_article or mark.rank > SECOND or not is_title(text):
        return False
    below = element.getnext()
    if below is None or below.tag in _HEADINGS:
        return False
    following = read(below.text_content()) if below.tag == "p" else None
    return following is None or (not following.stem and following.rank > mark.rank)


def _name_item(element: HtmlElement, numbering: Numbering) -> None:
    """A typed list number is read like 1. in a paragraph; quoted lists have no anchors."""
    value = element.get("value") or ""
    above = [a.tag for a in element.iterancestors("ol", "blockquote")]
    if value.isdecimal() and len(value) < 8 and "blockquote" not in above:
        element.set("id", numbering.name(Mark(THIRD + len(above) - 1, "", str(int(value)), "")))


def _outline(entries: list[_Entry]) -> list[tuple[int, str, str]]:
    """Levels from the ranks that occur; what has no number stands where its tag does among those that have one."""
    if any(0 < e.rank < ARTICLE for e in entries):
        entries = [e for e in entries if e.rank != ARTICLE]
    tags = {e.tag: e.rank for e in reversed(entries) if e.rank}
    ranked = [(e.rank or _rank_of_tag(e.tag, tags), e) for e in entries]
    while len(ranked) > MAX_OUTLINE and (deepest := max(r for r, _ in ranked)) > min(r for r, _ in ranked):
        ranked = [(rank, entry) for rank, entry in ranked if rank < deepest]
    order = sorted({rank for rank, _ in ranked})
    found = []
    for rank, entry in ranked[:MAX_OUTLINE]:
        level = min(2 + order.index(rank), 6)
        if entry.rank != ARTICLE:
            entry.element.tag = f"h{level}"
        found.append((level, entry.element.get("id") or "", _shown(entry)))
    return found


def _rank_of_tag(tag: int, tags: dict[int, int]) -> float:
    """That of numbered titles with the same tag, else just below those of the next greater tag, else above all."""
    if not tag:
        return min(tags.values(), default=0)
    above = [rank for other, rank in tags.items() if 0 < other < tag]
    return tags.get(tag) or (max(above) + 0.5 if above else tag / 10)


def _shown(entry: _Entry) -> str:
    """A title without the stop at its end and the space within 总　则; of an article its number and first words."""
    text = " ".join(entry.text[:200].split())
    if entry.rank == ARTICLE:
        label = " ".join(entry.label.split())
        words = text.removeprefix(label).strip("：: ")
        title = _WORDS.match(words)
        return f"{label} {title[0] if title else words[:12] + '…' * (len(words) > 12)}".strip()
    text = _SPREAD.sub(r" \1\2", text.rstrip("。：:"))
    return text if len(text) <= 80 else text[:80] + "…"
