"""Return slips: what is returned to whom, why, what to do and by when (pure; county rules, articles 4, 5 and 7)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from plugins.models.faults import Fault
from plugins.models.record import Record
from plugins.rules.context import Context
from plugins.rules.table import RULES
from plugins.rules.validity import show_day, show_moment


@dataclass(frozen=True, slots=True)
class Case:
    """One case in which a text is returned: its title, the fault codes that make it, and who must act."""

    title: str
    article: int
    codes: tuple[str, ...]
    actor: str


CASES = {
    "R1": Case("没有公开属性，或者没有依法说明不公开的理由", 4, ("G101", "G106"), "起草单位拟稿人"),
    "R2": Case("没有解读材料", 7, ("G108",), "起草单位"),
    "R3": Case("未经保密审查，或者未经签发", 5, ("G102", "G103", "G104"), "公开单位保密审查责任人、公文签发人"),
    "R4": Case("规范性文件没有通过合法性审核", 7, ("G109", "G110"), "合法性审核机构、起草单位"),
}


@dataclass(frozen=True, slots=True)
class Slip:
    """One text that is returned for one case. `by` is the moment or day until which it must be put right."""

    case: str
    path: str
    title: str
    organisation: str
    actor: str
    what: tuple[str, ...]
    by: str

    def text(self) -> str:
        """The slip as the person reads it who must act."""
        case = CASES[self.case]
        steps = "".join(f"  {number}. {step}\n" for number, step in enumerate(self.what, 1))
        return (
            f"退文通知（{self.case}）\n\n{self.organisation or '起草单位'}：\n\n"
            f"《{self.title}》（{self.path}）{case.title}，依照实施细则第{case.article}条退回。\n\n"
            f"请{self.actor}办理：\n{steps}\n{self.by}\n这一退文不能用任何选项跳过；补齐后重新检查，即可继续。\n"
        )

    def as_json(self) -> dict[str, Any]:
        """The slip as data."""
        return {
            "case": self.case,
            "path": self.path,
            "title": self.title,
            "organisation": self.organisation,
            "actor": self.actor,
            "reason": CASES[self.case].title,
            "article": CASES[self.case].article,
            "what": list(self.what),
            "by": self.by,
        }


def case_of(code: str) -> str:
    """The case that a fault's code makes, or ""."""
    return next((name for name, case in CASES.items() if code in case.codes), "")


def slips(context: Context, faults: Iterable[Fault]) -> list[Slip]:
    """The slips of every text with such faults, by path and case; for drafts under review too."""
    found: dict[tuple[str, str], list[Fault]] = {}
    for item in faults:
        if case := case_of(item.code):
            found.setdefault((item.path, case), []).append(item)
    records = {record.path: record for record in context.register.records}
    return [_slip(context, records[path], case, of) for (path, case), of in sorted(found.items()) if path in records]


def _slip(context: Context, record: Record, case: str, faults: list[Fault]) -> Slip:
    drafter = context.organisation(record.text("drafted_by")) or context.organisation(record.text("issuer"))
    return Slip(
        case=case,
        path=record.path,
        title=record.title,
        organisation=drafter.name if drafter else "",
        actor=CASES[case].actor,
        what=tuple(f"第 {f.line} 行：{f.message}——{f.remedy}" for f in faults),
        by=_by(context, record, case),
    )


def _by(context: Context, record: Record, case: str) -> str:
    """Before the planned publication; the interpretation at the latest three working days after it."""
    before = f"期限：{show_moment(record.published)}（拟发布时间）之前"
    if case != "R2":
        return f"{before}。"
    days = RULES["GN-07.3"].number("working_days", record.published[:10])
    due = context.calendar.due(record.published[:10], days)
    return f"{before}提交；解读最迟在{show_day(due.day.isoformat())}{'（暂定）' if due.provisional else ''}发布。"
