"""The scalar types of headers: every one is read from the text that the editor wrote (pure).

A converter raises ValueError with a fault code as its message; readers turn that into the fault at the right line.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta, timezone
from enum import StrEnum
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, PlainSerializer

CST = timezone(timedelta(hours=8))
"""The one offset of all moments: China Standard Time."""

SLUG = re.compile(r"[a-z0-9-]{1,80}")
_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_MOMENT = re.compile(r"(\d{4}-\d{2}-\d{2})(?: (\d{2}):(\d{2}))?")


def parse_day(value: object) -> date:
    """`YYYY-MM-DD` and nothing else, an existing day. Raises ValueError("H203")."""
    match = _DAY.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise ValueError("H203")
    try:
        return date(*(int(part) for part in match.groups()))
    except ValueError as error:
        raise ValueError("H203") from error


def parse_moment(value: object) -> datetime:
    """`YYYY-MM-DD HH:MM` at +08:00; a date alone is the start of that day. Raises ValueError("H204")."""
    match = _MOMENT.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise ValueError("H204")
    try:
        day = parse_day(match[1])
        return datetime(day.year, day.month, day.day, int(match[2] or 0), int(match[3] or 0), tzinfo=CST)
    except ValueError as error:
        raise ValueError("H204") from error


def show_moment(moment: datetime) -> str:
    """The form of the norm for government sites: `YYYY-MM-DD HH:MM` (国办发〔2019〕47号附件)."""
    return moment.astimezone(CST).isoformat(" ", "minutes")[:16]


def parse_flag(value: object) -> bool:
    """Yes or no as people write it. Raises ValueError("H206")."""
    words = {"true": True, "是": True, "yes": True, "false": False, "否": False, "no": False}
    if not isinstance(value, str) or value.lower() not in words:
        raise ValueError("H206")
    return words[value.lower()]


def parse_count(value: object) -> int:
    """A whole number, 0 to 999999, in plain digits. Raises ValueError("H207")."""
    if not isinstance(value, str) or not re.fullmatch(r"[0-9]{1,6}", value):
        raise ValueError("H207")
    return int(value)


def _text(value: object) -> object:
    if isinstance(value, str) and not value.strip():
        raise ValueError("H202")
    return value.strip() if isinstance(value, str) else value


def _slug(value: str) -> str:
    if not SLUG.fullmatch(value):
        raise ValueError("H208")
    return value


def one_or_many(value: Any) -> Any:
    """A single value where a list is expected is a list of one."""
    return [value] if isinstance(value, str) else value


def _line(value: str) -> str:
    if "\n" in value:
        raise ValueError("H213")
    return value


_EMAIL = re.compile(
    r"[A-Za-z0-9_%+-]+(?:\.[A-Za-z0-9_%+-]+)*@(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z]{2,}"
)


def _email(value: str) -> str:
    """One address: what follows it in a link could name further recipients. Raises ValueError("H214")."""
    if len(value) > 254 or not _EMAIL.fullmatch(value):
        raise ValueError("H214")
    return value


_ADDRESS = re.compile(r"https?://[^\s<>\"'/?#\[\]]+[^\s<>\"']*")


def _web(value: str) -> str:
    if not _ADDRESS.fullmatch(value):
        raise ValueError("H212")
    return value


Text = Annotated[str, BeforeValidator(_text)]
Line = Annotated[Text, AfterValidator(_line)]
"""Text on one line: a title is the first line of the canonical text."""
Slug = Annotated[Text, AfterValidator(_slug)]
Email = Annotated[Line, AfterValidator(_email)]
Web = Annotated[Line, AfterValidator(_web)]
Day = Annotated[date, BeforeValidator(parse_day), PlainSerializer(lambda d: d.isoformat(), when_used="always")]
Moment = Annotated[datetime, BeforeValidator(parse_moment), PlainSerializer(show_moment, when_used="always")]
Flag = Annotated[bool, BeforeValidator(parse_flag)]
Count = Annotated[int, BeforeValidator(parse_count)]
Texts = Annotated[tuple[Text, ...], BeforeValidator(one_or_many)]


class Word(StrEnum):
    """A closed list of words, written in Chinese or by the member's English name in lower case."""

    @classmethod
    def _missing_(cls, value: object) -> Word | None:
        return next((m for m in cls if m.name.lower() == str(value).strip().lower()), None)
