"""Responses to public opinion: six cases, six duties (pure)."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import BeforeValidator

from plugins.models.columns import Column
from plugins.models.document import Document, Part, References, some
from plugins.models.scalars import Flag, Moment, Slug, Text, Word


class Case(Word):
    """The six cases of article 8."""

    SUGGESTION = "建设性意见"
    HARDSHIP = "实际困难"
    PROBLEM = "重大问题"
    UNKNOWN = "不了解情况"
    WRONG = "错误看法"
    FALSE = "虚假信息"


class Update(Part):
    """One step of a continued release."""

    at: Annotated[Moment, Column("时间", example="2026-06-01 15:00")]
    text: Annotated[Text, Column("内容")]


class Response(Document):
    """回应关切: what article 8 asks for stands in the field of its case."""

    folder: ClassVar[str] = "responses"
    label: ClassVar[str] = "回应关切"

    issuer: Annotated[Slug, Column("回应单位", example="sthjj", search=3, facet=True, listed=True)]
    case: Annotated[Case, Column("舆情类别", example="实际困难", facet=True)]
    concern: Annotated[Text, Column("关切内容", search=2)]
    adoption: Annotated[Text | None, Column("吸收采纳情况")] = None
    solution: Annotated[Text | None, Column("研究解决情况")] = None
    investigation: Annotated[Text | None, Column("调查处置情况")] = None
    facts: Annotated[Text | None, Column("权威信息")] = None
    guidance: Annotated[Text | None, Column("引导纠正")] = None
    handed_over: Annotated[
        Text | None, Column("线索移交", example="已移交公安、网信部门", help="只写事实，不写人名")
    ] = None
    emergency: Annotated[Flag, Column("重大突发事件", example="否")] = False
    onset: Annotated[Moment | None, Column("事发时间", example="2026-06-01 10:20")] = None
    conference: Annotated[References, Column("新闻发布会", inverse="回应关切")] = ()
    updates: Annotated[tuple[Update, ...], Column("后续发布"), BeforeValidator(some)] = ()


DUTIES: dict[Case, tuple[str, ...]] = {
    Case.SUGGESTION: ("adoption",),
    Case.HARDSHIP: ("solution",),
    Case.PROBLEM: ("investigation",),
    Case.UNKNOWN: ("facts",),
    Case.WRONG: ("guidance",),
    Case.FALSE: ("facts", "handed_over"),
}
"""Fields that each case of article 8 asks for."""
