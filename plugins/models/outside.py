"""What a site names besides itself: an engine, forms and systems of others, the leader's mailbox (pure)."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator

from plugins.models.columns import Column
from plugins.models.document import Part
from plugins.models.scalars import Email, Line, Text, Web

_ENGINE = re.compile(
    r"(?:https://[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::([1-9][0-9]{0,4}))?)?(?:/[A-Za-z0-9_][A-Za-z0-9._-]*)+"
)


def _engine(value: str) -> str:
    """An https address or a path of this host, down to one index: a bare host would have every index in it searched.

    It enters the Content-Security-Policy, so that nothing which could end a source there is let through.
    """
    match = _ENGINE.fullmatch(value)
    if not match or int(match[1] or 1) > 65535:
        raise ValueError("S308")
    return value


Engine = Annotated[Line, AfterValidator(_engine)]


def _endpoint(value: str) -> str:
    """An https address below a host, never a path of this one: a static host takes nothing in."""
    if not value.startswith("https://"):
        raise ValueError("S312")
    try:
        return _engine(value)
    except ValueError as error:
        raise ValueError("S312") from error


Endpoint = Annotated[Line, AfterValidator(_endpoint)]


_FORM = re.compile(r"https?://(?:[^\s<>\"'{}\\]|\{title\}|\{url\})+")


def _form(value: str) -> str:
    """A web address in which {title} and {url} stand for the data set that is meant."""
    if not _FORM.fullmatch(value):
        raise ValueError("S309")
    return value


Form = Annotated[Line, AfterValidator(_form)]


class Mailbox(Part):
    """The leader's mailbox (领导信箱): where letters are taken in, and how they are answered."""

    name: Annotated[Text, Column("名称", example="县长信箱")]
    url: Annotated[Web | None, Column("网址")] = None
    email: Annotated[Email | None, Column("邮箱")] = None
    address: Annotated[Text | None, Column("来信地址")] = None
    office: Annotated[Text | None, Column("办理单位")] = None
    process: Annotated[Text | None, Column("办理说明")] = None
