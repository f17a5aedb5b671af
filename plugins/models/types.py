"""The registry of document types: adding one is adding its class here (pure)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from plugins.models.columns import Column, columns
from plugins.models.consultation import Consultation
from plugins.models.hearing import Hearing
from plugins.models.interpretation import Interpretation
from plugins.models.issue import Issue
from plugins.models.meeting import Meeting
from plugins.models.news import Answer, News, Notice, Repost
from plugins.models.page import Page
from plugins.models.plan import Evaluation, Plan, Report
from plugins.models.policy import Policy
from plugins.models.press import Conference, Interview
from plugins.models.response import Response

if TYPE_CHECKING:
    from collections.abc import Mapping

    from plugins.models.document import Document

_ALL: tuple[type[Document], ...] = (
    Policy,
    Interpretation,
    Issue,
    Consultation,
    Hearing,
    Meeting,
    Response,
    Conference,
    Interview,
    Notice,
    News,
    Repost,
    Answer,
    Plan,
    Evaluation,
    Report,
    Page,
)
TYPES: dict[str, type[Document]] = {t.folder: t for t in _ALL}
"""Document types by their folder under `content/`, in the order in which the site shows them."""

RELATIONS: dict[str, dict[str, Column]] = {
    folder: {name: column for name, column in columns(model).items() if column.inverse}
    for folder, model in TYPES.items()
}
"""For each type, the fields that name other documents."""


def searched_fields() -> dict[str, int]:
    """The weight of every searched column of any type; the body counts once."""
    weights = {
        name: column.search for model in TYPES.values() for name, column in columns(model).items() if column.search
    }
    return weights | {"body": 1}


def asked_fields() -> dict[str, int]:
    """What the search page asks, with weights: what lists show, search weighs and no facet chooses, then the text."""
    found = (
        (n, c.search) for m in TYPES.values() for n, c in columns(m).items() if c.search and c.listed and not c.facet
    )
    return dict(found) | {"text": searched_fields()["body"]}


def relations_of(kind: str, fields: Mapping[str, Any]) -> list[str]:
    """The relations that a record of this type has, in the order of their declaration; most have none."""
    return [name for name in RELATIONS[kind] if name in fields]
