"""Notices, news, reposts and answers (pure)."""

from __future__ import annotations

from typing import Annotated, ClassVar

from plugins.models.columns import Column
from plugins.models.document import Document, References
from plugins.models.scalars import Day, Moment, Slug, Text, Web, Word


class Notice(Document):
    """公告."""

    folder: ClassVar[str] = "notices"
    label: ClassVar[str] = "公告公示"

    genre: Annotated[Text | None, Column("体裁", example="公告", facet=True)] = None
    expires: Annotated[Day | None, Column("截止日期", example="2026-04-30")] = None
    corrects: Annotated[References, Column("更正文件", inverse="更正", verb="更正")] = ()


class News(Document):
    """工作动态."""

    folder: ClassVar[str] = "news"
    label: ClassVar[str] = "工作动态"

    source: Annotated[Text | None, Column("来源", example="县融媒体中心")] = None


class Repost(Document):
    """转载 of what the State Council, the province or the city published (county rules, article 11)."""

    folder: ClassVar[str] = "reposts"
    label: ClassVar[str] = "上级政策转载"

    source: Annotated[Text, Column("来源", example="中国政府网", search=3, facet=True, listed=True)]
    source_url: Annotated[Web, Column("原文网址", example="https://www.gov.cn/zhengce/x.htm")]
    source_published: Annotated[Moment, Column("原文发布时间", example="2026-03-02 18:00")]
    source_number: Annotated[Text | None, Column("原文文号", example="国办发〔2026〕5号", search=12)] = None


class Channel(Word):
    """How a question came."""

    ONLINE = "网上咨询"
    MAILBOX = "领导信箱"
    HOTLINE = "12345热线"
    REQUEST = "依申请公开"


class Answer(Document):
    """咨询答复: a question without its asker's name, and the reply."""

    folder: ClassVar[str] = "answers"
    label: ClassVar[str] = "咨询答复"

    issuer: Annotated[Slug, Column("答复单位", example="rsj", search=3, facet=True, listed=True)]
    channel: Annotated[Channel, Column("渠道", example="网上咨询", facet=True)]
    received: Annotated[Day, Column("收到日期", example="2026-03-02")]
    question: Annotated[Text, Column("咨询内容", search=4)]
    extended: Annotated[Day | None, Column("延期批准日期", help="依申请公开经批准延长答复期限的")] = None
    about: Annotated[References, Column("涉及的文件", inverse="咨询答复")] = ()
