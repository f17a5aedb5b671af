"""Plain header values become a model, or all faults at once, keys quoted as written (pure)."""

from __future__ import annotations

import difflib
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from plugins.models.columns import columns, names_by_label, part, types
from plugins.models.document import Part
from plugins.models.faults import Fault, fault
from plugins.models.scalars import Word
from plugins.readers.header import Header

Model = TypeVar("Model", bound=Part)
Places = dict[str, tuple[int, str]]
"""English dotted place -> (line, key as written)."""


def validate(model: type[Model], header: Header, path: str, root: str = "") -> tuple[Model | None, Places, list[Fault]]:
    """The model of the mapping at `root` in `header`, its places, and every fault of it.

    Never raises on what an editor wrote: what the model refuses becomes a fault.
    """
    value: Any = header.value
    for step in root.split(".") if root else ():
        value = value[int(step)] if isinstance(value, list) else value[step]
    start = header.lines.get(root, 1)
    if not isinstance(value, dict):
        return None, {}, [fault("H107", path, start)]
    places: Places = {"": (start, "")}
    faults: list[Fault] = []
    english = _translate(value, model, _Keys(path, root, header.lines, places, faults), "")
    try:
        return model.model_validate(english), places, faults
    except ValidationError as error:
        found = [_fault(item, model, places, path) for item in error.errors(include_url=False)]
        return None, places, faults + list(dict.fromkeys(found))


class _Keys:
    """Where keys stand; collects places and double keys while a header is translated."""

    def __init__(self, path: str, root: str, lines: dict[str, int], places: Places, faults: list[Fault]) -> None:
        self.path, self.root, self.lines, self.places, self.faults = path, root, lines, places, faults

    def note(self, written: str, english: str, key: str) -> None:
        line = self.lines.get(f"{self.root}.{written}" if self.root else written, 1)
        if english in self.places:
            self.faults.append(fault("H211", self.path, line, key, first=self.places[english][0]))
        self.places.setdefault(english, (line, key))


def _translate(value: Any, model: type[BaseModel] | None, keys: _Keys, english: str, written: str = "") -> Any:
    """Chinese labels become English names, at every depth."""
    if isinstance(value, dict):
        names = names_by_label(model) if model else {}
        result: dict[str, Any] = {}
        for key, inner in value.items():
            name = str(names.get(key, key))
            place, source = f"{english}.{name}".lstrip("."), f"{written}.{key}".lstrip(".")
            keys.note(source, place, key)
            result.setdefault(name, _translate(inner, part(model, name) if model else None, keys, place, source))
        return result
    if isinstance(value, list):
        last = written.rsplit(".", 1)[-1]
        for n in range(len(value)):
            keys.note(f"{written}.{n}", f"{english}.{n}", last)
        return [_translate(inner, model, keys, f"{english}.{n}", f"{written}.{n}") for n, inner in enumerate(value)]
    return value


def _fault(error: Any, model: type[BaseModel], places: Places, path: str) -> Fault:
    """One of pydantic's errors in our words."""
    parts = [str(p) for p in error["loc"]]
    line, key = _nearest(parts, places)
    kind, value = error["type"], error["input"]
    if kind == "missing":
        owner = _owner(model, parts[:-1])
        return fault("H201", path, line, parts[-1], label=columns(owner)[parts[-1]].label if owner else parts[-1])
    if kind == "extra_forbidden":
        return fault("H205", path, line, key, hint=_hint(key, _owner(model, parts[:-1]) or model))
    if kind == "value_error":
        return fault(str(error["ctx"]["error"]), path, line, key, value=value)
    if kind == "enum":
        return fault("H209", path, line, key, value=value, words=_words(_owner(model, parts[:-1]), parts[-1], error))
    return fault("H210", path, line, key, wanted=_wanted(kind))


def _nearest(parts: list[str], places: Places) -> tuple[int, str]:
    """The deepest place on the way that the editor wrote; pydantic adds steps of its own for unions."""
    for end in range(len(parts), 0, -1):
        if (place := ".".join(parts[:end])) in places:
            return places[place]
    return places[""]


def _owner(model: type[BaseModel], parts: list[str]) -> type[BaseModel] | None:
    owner: type[BaseModel] | None = model
    for step in parts:
        if owner is not None and not step.isdigit():
            owner = part(owner, step)
    return owner


def _hint(key: str, model: type[BaseModel]) -> str:
    near = difflib.get_close_matches(key, names_by_label(model), n=1, cutoff=0.6)
    return f"是不是“{near[0]}”？" if near else "请删去这一行；手册列有全部项目"


def _words(owner: type[BaseModel] | None, name: str, error: Any) -> str:
    field = owner.model_fields.get(name) if owner else None
    for found in types(field.annotation) if field else ():
        if issubclass(found, Word):
            return "、".join(found)
    return str(error.get("ctx", {}).get("expected", "")).replace("'", "").replace(" or ", "、").replace(", ", "、")


def _wanted(kind: str) -> str:
    if kind in {"model_type", "dict_type", "model_attributes_type"}:
        return "“{键: 值}”的形式"
    return "列表，如 [甲, 乙]" if kind in {"tuple_type", "list_type"} else "一段文字"
