"""The metadata table and the steps of approval of one document, derived from its columns (pure)."""

from __future__ import annotations

from typing import Any

from plugins.models.columns import columns
from plugins.models.document import Document
from plugins.models.numbers import show_number
from plugins.models.record import Record
from plugins.rules.documents import RELATIONS
from plugins.views.frame import Frame

_SHOWN_APART = {
    "title",
    "sections",
    "errata",
    "imprint",
    "attachments",
    "secrecy_review",
    "sign_off",
    "summary",
    *RELATIONS,
}


def shown_fields(frame: Frame, record: Record, model: type[Document]) -> list[dict[str, str]]:
    """The metadata table of the page, derived from the columns."""
    shown = []
    for name, column in columns(model).items():
        if column.public and name in record.fields and name not in _SHOWN_APART:
            shown.append({"label": column.label, **_shown(frame, name, record.fields[name])})
    return shown


def _shown(frame: Frame, name: str, value: Any) -> dict[str, str]:
    if name == "topic" and value in frame.topics:
        return {"value": frame.topics[value].name, "url": frame.url(f"topics/{value}/")}
    if isinstance(value, str) and value in frame.organisations:
        return {"value": frame.organisations[value].name, "url": frame.url(f"organisations/{value}/")}
    if isinstance(value, bool):
        return {"value": "是" if value else "否", "url": ""}
    if isinstance(value, dict):
        parts = [frame.name_of(str(v)) for v in value.values()]
        return {"value": "，".join(parts), "url": ""}
    if isinstance(value, list | tuple):
        return {"value": "、".join(str(v) for v in value), "url": ""}
    return {"value": show_number(str(value)) if name == "number" else str(value), "url": ""}


def provenance(record: Record) -> list[dict[str, str]]:
    """Who reviewed and signed, when: posts and dates, not the internal number of the review."""
    steps = []
    for name, label in (("legality_review", "合法性审核"), ("secrecy_review", "保密审查"), ("sign_off", "签发")):
        if part := record.fields.get(name):
            steps.append({"label": label, "value": f"{part['date']}　{part.get('by') or part.get('opinion')}"})
    return [*steps, {"label": "发布", "value": record.published}]
