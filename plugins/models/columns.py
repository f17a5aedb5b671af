"""What a field is called, shown as and searched by: declared once beside its type (pure)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pydantic import BaseModel


@dataclass(frozen=True, slots=True)
class Column:
    """One header field as people meet it.

    `label` is the Chinese name, accepted as a header key too. `search` is the field's weight in search (0: not
    searched). `facet` and `listed` say where else it shows. `public` is False for what stays in the repository.
    """

    label: str
    example: str = ""
    search: int = 0
    facet: bool = False
    listed: bool = False
    public: bool = True
    help: str = ""


@cache
def columns(model: type[BaseModel]) -> dict[str, Column]:
    """The columns of `model` by field name, in the order of their declaration."""
    return {
        name: next((m for m in field.metadata if isinstance(m, Column)), Column(name))
        for name, field in model.model_fields.items()
    }


@cache
def names_by_label(model: type[BaseModel]) -> dict[str, str]:
    """Every accepted header key of `model`, English or Chinese, to the field's name."""
    accepted = {name: name for name in model.model_fields}
    return accepted | {column.label: name for name, column in columns(model).items()}
