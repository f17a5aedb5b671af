"""Press conferences and interviews (pure)."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import BeforeValidator

from plugins.models.columns import Column
from plugins.models.document import Document, Part, References, some
from plugins.models.scalars import Day, Flag, Moment, Slug, Text, Texts, Word


class Rank(Word):
    """In whose name a conference is held (county rules, article 9)."""

    COUNTY = "县政府"
    DEPARTMENT = "部门"


class Approval(Part):
    """One approval of a conference's plan."""

    by: Annotated[Text, Column("审批人", example="县政府办公室主要负责人")]
    date: Annotated[Day, Column("审批日期", example="2026-05-08")]


class Conference(Document):
    """新闻发布会: its plan filed 3 or 5 working days before (county rules, article 9)."""

    folder: ClassVar[str] = "press"
    label: ClassVar[str] = "新闻发布会"

    issuer: Annotated[Slug, Column("发布单位", example="fgj", search=3, facet=True, listed=True)]
    held: Annotated[Moment, Column("举行时间", example="2026-05-15 10:00")]
    rank: Annotated[Rank, Column("发布会级别", example="县政府", facet=True)]
    speaker: Annotated[Text | None, Column("发布人")] = None
    important: Annotated[Flag, Column("涉及重大事项", example="否")] = False
    emergency: Annotated[Flag, Column("突发事件", example="否")] = False
    plan_filed: Annotated[Day | None, Column("方案报备日期", example="2026-05-11", public=False)] = None
    approvals: Annotated[tuple[Approval, ...], Column("审批", public=False), BeforeValidator(some)] = ()
    filings: Annotated[Texts, Column("报备机关", example="[县委宣传部]", public=False)] = ()
    media: Annotated[Texts, Column("发布渠道")] = ()
    about: Annotated[References, Column("发布的文件", inverse="新闻发布会")] = ()


class Interview(Document):
    """在线访谈: at least one a year for some departments (county rules, article 17); the body is its transcript."""

    folder: ClassVar[str] = "interviews"
    label: ClassVar[str] = "在线访谈"

    issuer: Annotated[Slug, Column("访谈单位", example="rsj", search=3, facet=True, listed=True)]
    held: Annotated[Moment, Column("访谈时间", example="2026-06-18 15:00")]
    guest: Annotated[Text, Column("嘉宾", example="县人力资源和社会保障局主要负责人")]
    host: Annotated[Text | None, Column("主持人")] = None
    by_head: Annotated[Flag, Column("主要负责人参加", example="是")] = False
    about: Annotated[References, Column("访谈涉及的文件", inverse="在线访谈")] = ()
