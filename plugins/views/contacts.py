"""Addresses that write a letter or dial a number (pure)."""

from __future__ import annotations

import re
from urllib.parse import quote

_NUMBER = re.compile(r"\+\d{8,15}|\d{3,12}", re.ASCII)
"""With its country, or as it is dialled within it: an area code and a number are at most twelve digits."""


def letter(email: str, subject: str, body: str = "") -> str:
    """The address of a letter that is begun already (RFC 6068): lines end in CRLF there."""
    parts = {"subject": subject, "body": body.replace("\n", "\r\n")}
    asked = "&".join(f"{name}={quote(text, safe='')}" for name, text in parts.items() if text)
    return f"mailto:{quote(email, safe='@')}?{asked}"


def telephone(number: str) -> str:
    """The address that a telephone dials (RFC 3966), "" for words that are no single number."""
    digits = re.sub(r"^[（(](\d{3,4})[）)]", r"\1", number.strip()).replace(" ", "").replace("-", "")
    return f"tel:{digits}" if _NUMBER.fullmatch(digits) else ""
