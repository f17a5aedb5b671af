"""`new`: a header with every field explained, derived from the columns. Touches the disk."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, timedelta

from plugins.build import report
from plugins.build.builder import prepared
from plugins.build.clock import moment
from plugins.build.settings import Settings
from plugins.models.columns import Column, columns, holds_rows, part
from plugins.models.directory import Kind
from plugins.models.document import Document
from plugins.models.numbers import parse_number
from plugins.models.types import TYPES
from plugins.rules.register import Register

_MONTH = 30


def write_new(settings: Settings, type_name: str, title: str) -> int:
    """Writes the draft `content/<folder>/<year>/<slug>.md`; returns the exit code. Raises OSError."""
    known = {model.__name__.lower(): model for model in TYPES.values()}
    model = known.get(type_name.lower()) or next((m for m in TYPES.values() if m.label == type_name), None)
    if model is None:
        words = "、".join(f"{name}（{m.label}）" for name, m in known.items())
        return report.outside(f"没有“{type_name}”这种文件，可用：{words}")
    if not title.strip():
        return report.outside("请写出标题")
    today = moment(settings.as_of)[:10]
    settings.content.mkdir(parents=True, exist_ok=True)
    with prepared(settings) as (content, _):
        values = _values(model, title, today, content.context.register)
    folder = settings.content / model.folder / ("" if model.folder in {"pages", "gazette"} else today[:4])
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"{_slug(settings, model, today, values)}.md"
    target.write_text(_header(model, values), encoding="utf-8")
    report.line(f"已新建 {target}")
    return 0


def _slug(settings: Settings, model: type[Document], today: str, values: dict[str, str]) -> str:
    """A short name that nothing of the type has."""
    if model.folder == "gazette":
        return f"{values['year']}-{int(values['number']):02d}"
    taken = {path.stem for path in (settings.content / model.folder).rglob("*.md")}
    prefix = f"{model.__name__.lower()}-{today}"
    return next(f"{prefix}-{n:02d}" for n in range(1, 10_000) if f"{prefix}-{n:02d}" not in taken)


def _values(model: type[Document], title: str, today: str, register: Register) -> dict[str, str]:
    """What can be known: title, dates, the next index number and the next number of the document or issue."""
    later = (date.fromisoformat(today) + timedelta(days=_MONTH)).isoformat()
    values = {"title": '"' + re.sub(r'["\\\s]+', " ", title).strip() + '"', "status": "草稿", "signed": today}
    values |= {"published": f"{today} 09:00", "opens": f"{today} 09:00", "closes": f"{later} 17:30"}
    values |= {"held": f"{later} 09:00", "received": today, "year": today[:4], "index": _next_index(register, today)}
    if model.folder == "gazette":
        values |= _next_issue(register, today)
    elif number := _next_number(register, today[:4]):
        values["number"] = number
    return {name: value for name, value in values.items() if name in model.model_fields and value}


def _next_index(register: Register, today: str) -> str:
    """`<area code>-<year>-<serial>`, one after the highest."""
    prefix = f"{register.identity.area_code if register.identity else ''}-{today[:4]}-"
    used = (record.text("index").removeprefix(prefix) for record in register.records)
    return f"{prefix}{_after(used):05d}"


def _next_number(register: Register, year: str) -> str:
    """The office's own next 发文字号; "" where the directory does not tell its 机关代字."""
    offices = (o for o in register.organisations.values() if o.kind == Kind.OFFICE and o.number_prefixes)
    if (office := next(offices, None)) is None:
        return ""
    prefix = office.number_prefixes[0]
    parsed = (parse_number(record.number) for record in register.of_kind("policies"))
    used = (str(n.serial) for n in parsed if n and n.issuer == prefix and str(n.year) == year)
    return f"{prefix}〔{year}〕{_after(used)}号"


def _next_issue(register: Register, today: str) -> dict[str, str]:
    issues = register.of_kind("gazette")
    number = _after(str(i.fields["number"]) for i in issues if str(i.fields["year"]) == today[:4])
    return {"number": str(number), "running": str(_after(str(i.fields["running"]) for i in issues))}


def _after(used: Iterable[str]) -> int:
    return max((int(text) for text in used if text.isascii() and text.isdecimal()), default=0) + 1


def _header(model: type[Document], values: dict[str, str]) -> str:
    """What is known or required as lines, the others as comments; a draft until its author says otherwise."""
    lines = ["---"]
    for name, column in columns(model).items():
        value = values.get(name) or _example(model, name, column)
        written = model.model_fields[name].is_required() or name in values
        note = f"  # {column.label}" + (f"：{column.help}" if column.help else "")
        lines.append(("" if written else "# ") + f"{name}: {value}".rstrip() + note)
    return "\n".join([*lines, "---", *(["", "正文从这里开始。"] if model.body_expected else []), ""])


def _example(model: type[Document], name: str, column: Column) -> str:
    """The column's example; of a part, the examples of its fields."""
    inner = part(model, name)
    if inner is None:
        return column.example
    fields = ", ".join(f"{n}: {c.example or '…'}" for n, c in columns(inner).items())
    return f"[{{{fields}}}]" if holds_rows(model, name) else f"{{{fields}}}"
