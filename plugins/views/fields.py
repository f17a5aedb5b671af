"""The metadata table and the steps of approval of one document, derived from its columns (pure)."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from plugins.models.columns import columns, holds_rows, part, public_part
from plugins.models.document import Document
from plugins.models.numbers import show_number
from plugins.models.record import Record
from plugins.models.sums import grouped
from plugins.models.types import TYPES
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
}


def shown_fields(frame: Frame, record: Record, model: type[Document]) -> list[dict[str, str]]:
    """The metadata table of the page, derived from the columns."""
    shown = []
    for name, column in columns(model).items():
        apart = name in _SHOWN_APART or name in model.shown_apart
        if not column.public or name not in record.fields or apart or column.inverse:
            continue
        if inner := part(model, name):
            if not holds_rows(model, name):
                shown.append({"label": column.label, "value": _told(frame, inner, record.fields[name]), "url": ""})
        else:
            shown.append({"label": column.label, **_shown(frame, name, record.fields[name])})
    return shown


def _told(frame: Frame, model: type[BaseModel], value: dict[str, Any]) -> str:
    """A part in words: 审核机构：县司法局；审核结果：通过."""
    shown = ((c.label, value[n]) for n, c in columns(model).items() if c.public and n in value)
    return "；".join(f"{label}：{_text(frame, '', v).rstrip('。；')}" for label, v in shown if not isinstance(v, list))


def shown_tables(frame: Frame, record: Record, model: type[BaseModel]) -> list[dict[str, Any]]:
    """Fields that hold rows, as `{title, header, rows}`, derived from the columns of their parts, at any depth."""
    tables: list[dict[str, Any]] = []
    for name, column in columns(model).items():
        value, inner = record.fields.get(name), part(model, name)
        if not column.public or name in _SHOWN_APART or inner is None or not value:
            continue
        if isinstance(value, list):
            tables.append(_table(frame, column.label, inner, value))
        elif isinstance(value, dict):
            nested = ((n, value.get(n), part(inner, n)) for n in columns(inner))
            tables += [_table(frame, columns(inner)[n].label, p, v) for n, v, p in nested if p and isinstance(v, list)]
    return tables


def _table(frame: Frame, title: str, model: type[BaseModel], rows: list[dict[str, Any]]) -> dict[str, Any]:
    shown = {n: c for n, c in columns(model).items() if c.public}
    cells = [[_text(frame, n, row.get(n, _default(model, n))) for n in shown] for row in rows]
    return {"title": title, "header": [c.label for c in shown.values()], "rows": cells}


def _default(model: type[BaseModel], name: str) -> Any:
    default = model.model_fields[name].get_default()
    return "" if default is None or model.model_fields[name].is_required() else default


def _text(frame: Frame, name: str, value: Any) -> str:
    return _shown(frame, name, value)["value"]


def _shown(frame: Frame, name: str, value: Any) -> dict[str, str]:
    if name == "topic" and value in frame.topics:
        return {"value": frame.topics[value].name, "url": frame.url(f"topics/{value}/")}
    if isinstance(value, str) and value in frame.organisations:
        return {"value": frame.organisations[value].name, "url": frame.url(f"organisations/{value}/")}
    if isinstance(value, bool):
        return {"value": "是" if value else "否", "url": ""}
    if isinstance(value, list | tuple):
        return {"value": "、".join(frame.name_of(str(v)) for v in value), "url": ""}
    return {"value": show_number(str(value)) if name == "number" else str(value), "url": ""}


def provenance(record: Record) -> list[dict[str, str]]:
    """Who reviewed and signed, when: posts and dates, not the internal number of the review."""
    steps = []
    for name, label in (("legality_review", "合法性审核"), ("secrecy_review", "保密审查"), ("sign_off", "签发")):
        if part := record.fields.get(name):
            steps.append({"label": label, "value": f"{part['date']}　{part.get('by') or part.get('opinion')}"})
    return [*steps, {"label": "发布", "value": record.published}]


def public_fields(record: Record) -> dict[str, Any]:
    """Every public header field under its English name, in the order of declaration."""
    model = TYPES[record.kind]
    names = (n for n, column in columns(model).items() if column.public and n in record.fields)
    return {n: _public(model, n, record.fields[n]) for n in names}


def _public(model: type[Document], name: str, value: Any) -> Any:
    """The value without the parts' own private fields."""
    inner = part(model, name)
    return public_part(inner, value) if inner else value


def proof(frame: Frame, identifier: str, digest: str) -> dict[str, Any]:
    """What a text's page says of its proof: the way to /verify/, and the hash in groups of four as it is printed."""
    return {"verify_url": f"{frame.url('verify/')}?page={identifier}", "digest": grouped(digest)}
