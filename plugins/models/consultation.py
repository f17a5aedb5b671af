"""Consultations: one address through open, closed and outcome (pure)."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import BeforeValidator

from plugins.models.columns import Column
from plugins.models.document import Document, Part, References, some
from plugins.models.policy import Scope
from plugins.models.scalars import Count, Email, Moment, Slug, Text, Texts, Web, Word, one_or_many


class Form(Word):
    """Forms of public participation (county rules, article 16)."""

    COMMENT = "征求意见"
    HEARING = "听证座谈"
    ADVICE = "咨询协商"
    ATTENDANCE = "列席会议"
    BRIEFING = "媒体吹风"


class Adopted(Word):
    """What became of an opinion."""

    YES = "采纳"
    PARTLY = "部分采纳"
    NO = "不采纳"


class Opinion(Part):
    """One group of like opinions, and the answer to it."""

    opinion: Annotated[Text, Column("意见", example="建议延长过渡期")]
    count: Annotated[Count, Column("条数", example="12")] = 1
    adopted: Annotated[Adopted, Column("采纳情况", example="部分采纳")]
    reason: Annotated[Text | None, Column("理由", example="过渡期由三个月延长至六个月")] = None


class Outcome(Part):
    """采纳情况: published at the consultation's own address (county rules, article 6)."""

    published: Annotated[Moment, Column("公布时间", example="2026-04-20 09:00")]
    summary: Annotated[Text, Column("概述", example="共收到意见 25 条")]
    received: Annotated[Count, Column("意见总数", example="25")] = 0
    opinions: Annotated[tuple[Opinion, ...], Column("意见分组"), BeforeValidator(some)] = ()


class Consultation(Document):
    """征求意见: the body is the draft on which the public is asked."""

    folder: ClassVar[str] = "consultations"
    label: ClassVar[str] = "征求意见"
    template: ClassVar[str] = "consultation"
    shown_apart: ClassVar[frozenset[str]] = frozenset(
        {"explanation", "channels", "online", "email", "phone", "address", "outcome"}
    )

    issuer: Annotated[Slug, Column("征求单位", example="fgj", search=3, facet=True, listed=True)]
    opens: Annotated[Moment, Column("开始时间", example="2026-03-03 09:00")]
    closes: Annotated[Moment, Column("截止时间", example="2026-04-03 17:30", help="最后一刻；只写日期是那一天的零点")]
    form: Annotated[
        tuple[Form, ...], Column("参与方式", example="[征求意见]", facet=True), BeforeValidator(one_or_many)
    ] = (Form.COMMENT,)
    scope: Annotated[Scope | None, Column("公众参与事项", example="规章和重要政策措施", facet=True)] = None
    explanation: Annotated[Text | None, Column("起草说明", search=1)] = None
    channels: Annotated[
        Texts, Column("提出意见的方式", example="[各乡镇便民服务中心意见箱]", help="下面四项以外的方式，如意见箱")
    ] = ()
    online: Annotated[Web | None, Column("在线提交", example="https://yj.example.gov.cn/2026/1")] = None
    email: Annotated[Email | None, Column("电子邮箱", example="yj@example.gov.cn")] = None
    phone: Annotated[Text | None, Column("电话", example="0000-88001160")] = None
    address: Annotated[Text | None, Column("来信地址", example="示例县新城路20号县民政局")] = None
    shortened: Annotated[Text | None, Column("缩短期限的理由", help="征求意见少于 30 日时填写")] = None
    based_on: Annotated[References, Column("决策依据", inverse="以本文件为依据的征求意见", verb="依据")] = ()
    leads_to: Annotated[References, Column("形成的文件", inverse="起草时的征求意见", verb="形成")] = ()
    outcome: Annotated[Outcome | None, Column("采纳情况")] = None
