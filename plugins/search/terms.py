"""What a search may be completed to: titles, what they are about, phrases that they share, names (pure)."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

_LONGEST_PHRASE, _WORDS = 10, 4
_LONGEST_TERM = 60
_MOST_PHRASES = 20_000
_MOST_WEIGHT = 99_999_999
_RUN = re.compile(r"[\u3400-\u9fff]+")
_WEAK = frozenset(
    "的 和 与 及 或 在 对 为 之 等 将 被 把 由 于 从 向 以 以及 关于 有关 若干 进一步 并 其 该 各 我 全 县 市 区 "
    "一 二 三 四 五 六 七 八 九 十 第 年 月 日 号".split()
)
"""Words with which no phrase begins or ends."""
_OPENING = "中华人民共和国|关于|印发|公布|发布|转发|批转|同意|做好|进一步|认真|切实|开展|加强|《"
_CLOSING = re.compile(r"的?(?:通知|公告|通告|意见|决定|批复|函|公示|解读|报告|请示)$")
_CLOSED = re.compile(r"的(?:通知|公告|通告|意见|决定|批复|函|公示|解读|报告|请示)$")
_NAMES, _KEYWORDS = 5, 3


def folded(text: str) -> str:
    """`text` as keys hold it: NFKC, lower case, without white space and signs that are not seen."""
    return "".join(c for c in unicodedata.normalize("NFKC", text).lower() if c.isprintable() and not c.isspace())


def title_terms(titles: Iterable[str], places: Sequence[str]) -> dict[str, dict[str, int]]:
    """What some titles give, each once: `{"terms": {term: weight}, "phrases": {phrase: how many titles have it}}`.

    Terms are the titles and what they are about; `places` are names with which the site's titles begin.
    """
    pattern = "|".join(map(re.escape, sorted(filter(None, places), key=len, reverse=True))) or "《"
    found, count = Counter[str](), Counter[str]()
    for title in titles:
        found.update({title, subject(title, pattern)})
        count.update(phrases(title, pattern))
    return {"terms": dict(found), "phrases": dict(count)}


def weights(
    groups: Iterable[Mapping[str, Mapping[str, int]]], names: Iterable[str], keywords: Iterable[tuple[str, int]]
) -> dict[str, int]:
    """Every term with its weight, which grows with the documents that have it.

    `groups` are what `title_terms` found, of all titles; `names` those of organisations and topics, also short and
    former ones and 机关代字; `keywords` of documents with how many have them.
    """
    weight, count = Counter[str](), Counter[str]()
    for group in groups:
        _add(weight, group["terms"])
        _add(count, group["phrases"])
    weight |= shared(count)
    for keyword, documents in keywords:
        weight[keyword] += documents + _KEYWORDS
    for name in names:
        weight[name] += _NAMES
    return {term: n for term, n in weight.items() if 2 <= len(term) <= _LONGEST_TERM and term.isprintable()}


def _add(total: dict[str, int], more: Mapping[str, int]) -> None:
    """A loop, because that of `Counter.update` takes thrice as long."""
    for text, number in more.items():
        total[text] = total.get(text, 0) + number


def rank(term: str, weight: int) -> str:
    """Text by which, with the term behind it, the best is the first: more documents before fewer, then the shorter."""
    return f"{_MOST_WEIGHT - weight:08}{len(term):02}"


def subject(title: str, places: str) -> str:
    """What a title is about: 关于印发《示例县居家养老服务办法》的通知 is about 居家养老服务办法; else the title.

    `places` is a pattern of the names with which the site's titles begin.
    """
    opening = re.match(f"(?:{_OPENING}|{places})*", title)
    rest = title[opening.end() if opening else 0 :]
    inner = rest.split("》", 1)[0] if "《" not in rest else rest
    inner = _CLOSING.sub("", inner)
    return inner if len(inner) >= 2 else title


def phrases(title: str, places: str) -> set[str]:
    """Phrases of one to four words of a title; none goes across a place. `places` as for `subject`."""
    import rjieba

    runs = _RUN.findall(re.sub(f"{places}|关于", " ", title))
    return {text for run in runs for text in _joined(rjieba.cut(run))}


def shared(count: Mapping[str, int]) -> Counter[str]:
    """Of phrases with how many titles have them, those that at least two share.

    One that only begins a longer phrase of the same titles is left out: whoever types it is shown the longer one.
    """
    common = {text: n for text, n in count.items() if n > 1}
    begun = {text[:end] for text, n in common.items() for end in range(2, len(text)) if common.get(text[:end]) == n}
    kept = [(text, n) for text, n in common.items() if text not in begun]
    kept.sort(key=lambda item: (-item[1], item[0]))
    return Counter(dict(kept[:_MOST_PHRASES]))


def _joined(words: Sequence[str]) -> Iterator[str]:
    for start, first in enumerate(words):
        if first in _WEAK:
            continue
        text = ""
        for word in words[start : start + _WORDS]:
            text += word
            if len(text) > _LONGEST_PHRASE:
                break
            if len(text) > 1 and word not in _WEAK and not _CLOSED.search(text):
                yield text
