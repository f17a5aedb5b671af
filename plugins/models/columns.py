"""What a field is called, shown as and searched by: declared once beside its type (pure)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, get_args

from pydantic import BaseModel

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True)
class Column:
    """One header field as people meet it.

    `label` is the Chinese name, accepted as a header key too. `search` is the field's weight in search (0: not
    searched). `facet` and `listed` say where else it shows. `public` is False for what stays in the repository.
    A field with `inverse` is a relation: it names documents, and `inverse` is what their pages call it. One with `verb`
    is drawn: what the document does to those that it names, in two characters.
    """

    label: str
    example: str = ""
    search: int = 0
    facet: bool = False
    listed: bool = False
    public: bool = True
    help: str = ""
    inverse: str = ""
    verb: str = ""


@cache
def columns(model: type[BaseModel]) -> dict[str, Column]:
    """The columns of `model` by field name, in the order of their declaration."""
    return {
        name: next((m for m in field.metadata if isinstance(m, Column)), Column(name))
        for name, field in model.model_fields.items()
    }


@cache
def part(model: type[BaseModel], name: str) -> type[BaseModel] | None:
    """The model of the parts inside field `name`, None where it holds plain values."""
    field = model.model_fields.get(name)
    found = (t for t in types(field.annotation) if issubclass(t, BaseModel)) if field else iter(())
    return next(found, None)


def holds_rows(model: type[BaseModel], name: str) -> bool:
    """Whether field `name` holds several parts of one kind."""
    field = model.model_fields.get(name)
    return part(model, name) is not None and field is not None and "tuple" in str(field.annotation)


def public_part(model: type[BaseModel], value: Any) -> Any:
    """A part's value, or the rows of several, without the fields that stay in the repository."""
    if isinstance(value, list):
        return [public_part(model, row) for row in value]
    shown = columns(model)
    return {name: inner for name, inner in value.items() if shown[name].public}


def types(annotation: Any) -> Iterator[type]:
    """The plain types inside an annotation."""
    if isinstance(annotation, type) and not get_args(annotation):
        yield annotation
    for inner in get_args(annotation):
        yield from types(inner)


@cache
def names_by_label(model: type[BaseModel]) -> dict[str, str]:
    """Every accepted header key of `model`, English or Chinese, to the field's name."""
    accepted = {name: name for name in model.model_fields}
    return accepted | {column.label: name for name, column in columns(model).items()}
