"""Rules between the cells of a row, and over all rows of a table, as `cn:rules` declares them (pure).

What keeps them is the county's articles on lists: a promised term is no longer than the statutory one (GN-01.1), what
costs something says on what basis (GN-01.5), every unit and year has its budget (GN-03.3). Any table may have its own.
A cell is compared by its column's type; where one is missing, there is nothing to compare.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from itertools import product
from typing import Any, ClassVar

from plugins.models.faults import Fault, fault
from plugins.models.registers import WORKING, Condition, RowRule, several
from plugins.readers.private import redacted
from plugins.rules.workdays import Calendar

Value = Decimal | date | str
Compare = Callable[[Any, Any], bool]
_COMPARE: Mapping[str, Compare] = {
    "<=": operator.le,
    "<": operator.lt,
    ">=": operator.ge,
    ">": operator.gt,
    "=": operator.eq,
    "!=": operator.ne,
}
_WORDS = {"<=": "不大于", "<": "小于", ">=": "不小于", ">": "大于", "=": "等于", "!=": "不等于"}


class Columns:
    """Where the columns of a table stand, and what their cells mean; `titles` are as people know them."""

    def __init__(self, schema: Mapping[str, Any]) -> None:
        fields = schema["fields"]
        self.at = {str(f["name"]): n for n, f in enumerate(fields)}
        self.titles = {str(f["name"]): str(f.get("title") or f["name"]) for f in fields}
        self.fields = {str(f["name"]): f for f in fields}
        missing = schema.get("missingValues", [""])
        self.missing = {name: frozenset(f.get("missingValues", missing)) for name, f in self.fields.items()}

    def cell(self, row: Sequence[str], name: str) -> str:
        """The cell as written, "" where it is missing."""
        text = row[self.at[name]]
        return "" if text in self.missing[name] else text

    def meets(self, row: Sequence[str], condition: Condition | None) -> bool:
        """Whether the condition holds for a row; none always does."""
        return condition is None or self.cell(row, condition.column) in condition.values

    def value(self, row: Sequence[str], name: str) -> Value | None:
        """What the cell means; None where it is missing or no number that can be compared."""
        text, field = self.cell(row, name).strip(), self.fields[name]
        kind = field.get("type", "string")
        if not text or kind == "string":
            return text or None
        return day(text) if kind == "date" else _number(text, field)


@lru_cache(maxsize=4096)
def day(text: str) -> date | None:
    """A day as frictionless reads it by default, which takes `2026-3-2` too."""
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007 - a day has no zone
    except ValueError:
        return None


def _number(text: str, field: Mapping[str, Any]) -> Decimal | None:
    if group := field.get("groupChar"):
        text = text.replace(group, "")
    if (point := field.get("decimalChar", ".")) != ".":
        text = text.replace(point, ".")
    if not field.get("bareNumber", True):
        text = text.strip("".join(c for c in text if not c.isdecimal() and c not in "+-."))
    try:
        found = Decimal(text)
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


class Checked:
    """One rule over the rows of one table: `row` for each of them, then `end`."""

    def __init__(self, rule: RowRule, columns: Columns, path: str, calendar: Calendar) -> None:
        self.rule, self.columns, self.path, self.calendar = rule, columns, path, calendar

    def row(self, line: int, row: Sequence[str]) -> Iterator[Fault]:
        """The faults of one row."""
        if self.columns.meets(row, self.rule.when):
            yield from self._row(line, row)

    def end(self) -> Iterator[Fault]:
        """The faults of the table as a whole."""
        return iter(())

    def _row(self, line: int, row: Sequence[str]) -> Iterator[Fault]:
        raise NotImplementedError

    def fault(self, code: str, line: int, key: str, **values: object) -> Fault:
        """A fault of this rule; one that is only to be told stops nobody."""
        found = fault(code, self.path, line, key, title=self.rule.title, **values)
        return found.softened() if self.rule.soft else found

    def _title(self, name: str) -> str:
        return self.columns.titles[name]


class Compared(Checked):
    """One column against another, or against the sum of several (GN-01.1; budgets)."""

    def _row(self, line: int, row: Sequence[str]) -> Iterator[Fault]:
        left, right = self.rule.value["left"], several(self.rule.value["right"])
        mine, others = self.columns.value(row, left), [self.columns.value(row, name) for name in right]
        if mine is None or None in others:
            return
        other: Any = others[0]
        if len(others) > 1:
            other = sum((o for o in others if isinstance(o, Decimal)), Decimal(0))
        if not _COMPARE[self.rule.value["op"]](mine, other):
            yield self.fault(
                "P330",
                line,
                left,
                left=self._title(left),
                cell=redacted(str(mine)),
                op=_WORDS[self.rule.value["op"]],
                right="、".join(self._title(name) for name in right) + ("之和" if len(right) > 1 else ""),
                other=redacted(str(other)),
            )


class Required(Checked):
    """Columns that must be filled, where a condition holds (GN-01.5, GN-18.1)."""

    def _row(self, line: int, row: Sequence[str]) -> Iterator[Fault]:
        for name in self.rule.columns:
            if not self.columns.cell(row, name).strip():
                yield self.fault("P331", line, name, field=self._title(name))


class AnyOf(Checked):
    """Of several columns one at least must be filled: an address or a reason for there being none (GN-03.4)."""

    def _row(self, line: int, row: Sequence[str]) -> Iterator[Fault]:
        names = self.rule.columns
        if not any(self.columns.cell(row, name).strip() for name in names):
            yield self.fault("P332", line, names[0], fields="、".join(self._title(name) for name in names))


class Term(Checked):
    """From one day to another no more days than a third column says, working days by the calendar (GN-01.1).

    Beyond the years of the calendar nothing is said: what is provisional is no ground for a fault.
    """

    def _row(self, line: int, row: Sequence[str]) -> Iterator[Fault]:
        start, end, limit = (self.columns.value(row, name) for name in self.rule.columns)
        if not (isinstance(start, date) and isinstance(end, date) and isinstance(limit, Decimal)):
            return
        written = self.rule.value["unit"]
        unit = self.columns.cell(row, written) if written in self.columns.at else written
        days, provisional = (end - start).days, False
        if unit == WORKING and end > start:
            days, provisional = self.calendar.span(start, end)
        if days > limit and not provisional:
            values = {"start": start, "end": end, "days": days, "unit": unit, "limit": limit}
            yield self.fault("P333", line, self.rule.value["to"], **values)


class Complete(Checked):
    """Every combination of what occurs in some columns has a row (GN-03.3: unit, year, budget or final accounts)."""

    def __init__(self, rule: RowRule, columns: Columns, path: str, calendar: Calendar) -> None:
        super().__init__(rule, columns, path, calendar)
        self.seen: set[tuple[str, ...]] = set()

    def _row(self, line: int, row: Sequence[str]) -> Iterator[Fault]:
        self.seen.add(tuple(self.columns.cell(row, name) for name in self.rule.columns))
        return iter(())

    def end(self) -> Iterator[Fault]:
        """A fault for each combination without a row; who takes the first ones only looks no further than the table."""
        sides = [sorted(set(side)) for side in zip(*self.seen, strict=True)]
        for cells in product(*sides):
            if cells not in self.seen:
                yield self.fault("P334", 0, self.rule.columns[0], cells=redacted("，".join(cells)))


class Share(Checked):
    """How many of the rows hold something, as a share (GN-12.1: four fifths of the approvals are handled online)."""

    def __init__(self, rule: RowRule, columns: Columns, path: str, calendar: Calendar) -> None:
        super().__init__(rule, columns, path, calendar)
        self.total = self.count = 0

    def _row(self, line: int, row: Sequence[str]) -> Iterator[Fault]:
        self.total += 1
        self.count += self.columns.meets(row, Condition.of(self.rule.value["share"]))
        return iter(())

    def end(self) -> Iterator[Fault]:
        """A fault where the share is not what it should be; of no rows there is none."""
        limit, op = Decimal(str(self.rule.value["right"])), self.rule.value["op"]
        if self.total and not _COMPARE[op](Decimal(self.count), limit * self.total):
            values = {"count": self.count, "total": self.total, "op": _WORDS[op], "limit": f"{limit:.0%}"}
            key = self.rule.value["share"]["column"]
            yield self.fault("P335", 0, key, share=f"{self.count / self.total:.1%}", **values)


class RowRules:
    """The checks of one table's rules, by their form."""

    FORMS: ClassVar[Mapping[str, type[Checked]]] = {
        "left": Compared,
        "from": Term,
        "required": Required,
        "anyOf": AnyOf,
        "complete": Complete,
        "share": Share,
    }

    @classmethod
    def of(cls, schema: Mapping[str, Any], path: str, calendar: Calendar) -> list[Checked]:
        """A check for each item of `cn:rules`."""
        columns = Columns(schema)
        rules = [RowRule.of(value) for value in schema.get("cn:rules", ())]
        return [cls.FORMS[rule.form](rule, columns, path, calendar) for rule in rules]
