"""Validity is derived from relations and dates, never typed (pure)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from plugins.models.record import Record


@dataclass(frozen=True, slots=True)
class Validity:
    """The answer at one moment: `label` for lists, `sentence` for the page, `by` the ids that made it so."""

    label: str
    sentence: str
    level: str
    by: tuple[str, ...] = ()


IN_FORCE = Validity("现行有效", "本文件现行有效。", "ok")
NONE = Validity("", "", "none")
_ENDED = {"repeals": "已废止", "replaces": "已被代替", "amends": "已修改"}


def start_of(record: Record) -> str:
    """The day from which the record acts."""
    return record.text("effective") or record.text("signed") or record.published[:10]


def turning_days(record: Record) -> tuple[str, ...]:
    """The days on which the validity of this record, or of what it acts upon, may change."""
    expires = record.text("expires")
    return (start_of(record), *((expires + "~",) if expires else ()))


def effects(records: Iterable[Record], find: Mapping[str, str]) -> dict[str, list[tuple[str, str, str]]]:
    """For each id, what acts upon it: (relation, day, acting id), by day. `find` maps references to ids."""
    found: dict[str, list[tuple[str, str, str]]] = {}
    for record in records:
        for relation in _ENDED:
            for reference in record.items(relation):
                if target := find.get(reference):
                    found.setdefault(target, []).append((relation, start_of(record), record.id))
    for acting in found.values():
        acting.sort(key=lambda e: (e[1], e[2]))
    return found


def validity(record: Record, acting: Iterable[tuple[str, str, str]], today: str) -> Validity:
    """The validity of a policy on `today` (`YYYY-MM-DD`); other types have none."""
    if record.kind != "policies":
        return NONE
    due = [effect for effect in acting if effect[1] <= today]
    for relation in ("repeals", "replaces"):
        if by := tuple(e[2] for e in due if e[0] == relation):
            day = next(e[1] for e in due if e[0] == relation)
            word = "废止" if relation == "repeals" else "被新文件代替"
            return Validity(_ENDED[relation], f"本文件已于{show_day(day)}{word}。", "off", by)
    if (expires := record.text("expires")) and expires < today:
        return Validity("已失效", f"本文件有效期至{show_day(expires)}，现已失效。", "off")
    if start_of(record) > today:
        return Validity("尚未施行", f"本文件自{show_day(start_of(record))}起施行，目前尚未施行。", "warn")
    if by := tuple(e[2] for e in due if e[0] == "amends"):
        return Validity("已修改", "本文件现行有效，部分内容已被修改，请与修改文件一并阅读。", "warn", by)
    return IN_FORCE


def show_day(day: str) -> str:
    """`2026-03-02` as 2026年3月2日."""
    year, month, of_month = day.split("-")
    return f"{year}年{int(month)}月{int(of_month)}日"
