"""Document numbers: any bracket form is read, 〔〕 is shown (pure; GB/T 9704-2012, 7.2.5)."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

_NUMBER = re.compile(
    r"(?P<issuer>[^\s\d\[\](){}]{1,20}?)\s*[\[({](?P<year>(?:19|20)\d{2})[\])}]\s*第?\s*(?P<serial>\d{1,5})\s*号"
)
_ORDER = re.compile(r"(?P<issuer>[^\s\d]{1,30}令)(?:第)?(?P<serial>\d{1,5}|[一二三四五六七八九十百零〇]{1,7})号")
_BRACKETS = str.maketrans("〔〕【】〖〗［］﹝﹞〈〉《》<>（）", "[]" * 8 + "()")


class DocumentNumber(NamedTuple):
    """机关代字, year and serial of one number: 示政办发〔2024〕12号."""

    issuer: str
    year: int
    serial: int

    def __str__(self) -> str:
        return f"{self.issuer}〔{self.year}〕{self.serial}号"


@lru_cache(maxsize=65_536)
def parse_number(text: str) -> DocumentNumber | None:
    """The number that `text` is, or None for a form that no rule knows."""
    folded = unicodedata.normalize("NFKC", text.translate(_BRACKETS)).strip()
    match = _NUMBER.fullmatch(folded)
    return DocumentNumber(match["issuer"], int(match["year"]), int(match["serial"])) if match else None


@lru_cache(1 << 16)
def show_number(text: str) -> str:
    """`text` in the norm's brackets where it is a known form, else as written."""
    number = parse_number(text)
    return str(number) if number else text.strip()


def is_number(text: str) -> bool:
    """Whether `text` has a form of document number: with a year, or an order such as 国务院令第711号."""
    return parse_number(text) is not None or _ORDER.fullmatch(unicodedata.normalize("NFKC", text)) is not None
