"""What a search may be completed to: titles, what they are about, phrases that they share, names (pure)."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

_LONGEST_PHRASE, _WORDS = 10, 4
_LONGEST_TERM = 60
_MOST_PHRASES = 20_000
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


@dataclass(frozen=True, slots=True)
class Words:
    """What a Site tells: `names` of organisations and topics, also short and former ones and 机关代字; `places`, how
    its titles begin; `keywords` of documents with how many have them; `titles`, each once."""

    names: Sequence[str]
    keywords: Sequence[tuple[str, int]]
    titles: Sequence[str]
    places: Sequence[str]


def folded(text: str) -> str:
    """`text` as keys hold it: NFKC, lower case, without white space and signs that are not seen."""
    return "".join(c for c in unicodedata.normalize("NFKC", text).lower() if c.isprintable() and not c.isspace())


def terms(words: Words) -> list[str]:
    """Every term once, best first: more documents before fewer, shorter before longer, then by character."""
    places = "|".join(map(re.escape, sorted(filter(None, words.places), key=len, reverse=True))) or "《"
    weight: Counter[str] = Counter()
    for title in words.titles:
        weight[title] = 1
        if (about := subject(title, places)) != title:
            weight[about] += 1
    weight |= phrases(words.titles, places)
    for keyword, count in words.keywords:
        weight[keyword] += count + _KEYWORDS
    for name in words.names:
        weight[name] += _NAMES
    kept = (term for term in weight if 2 <= len(term) <= _LONGEST_TERM and term.isprintable())
    return sorted(kept, key=lambda term: (-weight[term], len(term), term))


def subject(title: str, places: str) -> str:
    """What a title is about: 关于印发《示例县居家养老服务办法》的通知 is about 居家养老服务办法; else the title.

    `places` is a pattern of the names with which the site's titles begin.
    """
    opening = re.match(f"(?:{_OPENING}|{places})*", title)
    rest = title[opening.end() if opening else 0 :]
    inner = rest.split("》", 1)[0] if "《" not in rest else rest
    inner = _CLOSING.sub("", inner)
    return inner if len(inner) >= 2 else title


def phrases(titles: Iterable[str], places: str) -> Counter[str]:
    """Phrases of one to four words that at least two titles share, with how many do; none goes across a place.

    One that only begins a longer phrase of the same titles is left out: whoever types it is shown the longer one.
    """
    import rjieba

    count: Counter[str] = Counter()
    border = re.compile(f"{places}|关于")
    for title in titles:
        runs = _RUN.findall(border.sub(" ", title))
        count.update({text for run in runs for text in _joined(rjieba.cut(run))})
    shared = {text: n for text, n in count.items() if n > 1}
    begun = {text[:end] for text, n in shared.items() for end in range(2, len(text)) if shared.get(text[:end]) == n}
    kept = Counter({text: n for text, n in shared.items() if text not in begun})
    best = sorted(kept.items(), key=lambda item: (-item[1], item[0]))
    return Counter(dict(best[:_MOST_PHRASES]))


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
