"""Addresses that write a letter or dial a number (pure)."""

from __future__ import annotations

from urllib.parse import quote


def letter(email: str, subject: str, body: str = "") -> str:
    """The address of a letter that is begun already (RFC 6068): lines end in CRLF there."""
    parts = {"subject": subject, "body": body.replace("\n", "\r\n")}
    asked = "&".join(f"{name}={quote(text, safe='')}" for name, text in parts.items() if text)
    return f"mailto:{quote(email, safe='@')}?{asked}"


def telephone(number: str) -> str:
    """The address that a telephone dials (RFC 3966), "" for words that are no single number."""
    digits = "".join(sign for sign in number if sign not in " -（）()")
    return f"tel:{digits}" if digits.isascii() and digits.removeprefix("+").isdigit() else ""
