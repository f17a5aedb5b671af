"""Meetings that are open to the public (pure)."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import BeforeValidator

from plugins.models.columns import Column
from plugins.models.document import Document, Part, References, some
from plugins.models.scalars import Count, Flag, Moment, Slug, Text, Texts, Word


class Level(Word):
    """Kinds of meetings that article 6 names."""

    PLENARY = "全体会议"
    EXECUTIVE = "常务会议"
    OFFICE = "办公会议"
    LIVELIHOOD = "民生会议"


class Category(Word):
    """Who may sit in on a meeting (county rules, article 6)."""

    DEPUTY = "人大代表"
    MEMBER = "政协委员"
    EXPERT = "专家"
    ADVISER = "咨询机构"
    ASSOCIATION = "行业协会"
    INTERMEDIARY = "中介机构"
    STAKEHOLDER = "利益相关方"
    PUBLIC = "公众代表"
    BUSINESS = "企业家代表"
    MASS = "人民团体"
    MEDIA = "媒体"


class Attendees(Part):
    """How many of one category sat in."""

    category: Annotated[Category, Column("类别", example="人大代表")]
    count: Annotated[Count, Column("人数", example="2")] = 1


class Meeting(Document):
    """会议开放: what was considered, who sat in, where it was made public."""

    folder: ClassVar[str] = "meetings"
    label: ClassVar[str] = "会议开放"

    issuer: Annotated[Slug, Column("组织单位", example="xzfb", search=3, facet=True, listed=True)]
    held: Annotated[Moment, Column("召开时间", example="2026-04-16 09:00")]
    level: Annotated[Level, Column("会议类型", example="常务会议", facet=True)]
    major: Annotated[Flag, Column("涉及重大决策", example="是")] = False
    livelihood: Annotated[Flag, Column("涉及重要民生事项", example="是")] = False
    invitation: Annotated[Text | None, Column("邀请列席的决定", example="商县人大、县政协邀请代表委员列席")] = None
    attendees: Annotated[tuple[Attendees, ...], Column("列席人员"), BeforeValidator(some)] = ()
    published_via: Annotated[Texts, Column("公开渠道", example="[政府网站, 广播电视]")] = ()
    considers: Annotated[References, Column("审议文件", inverse="审议会议")] = ()
