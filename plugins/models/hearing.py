"""Hearings (pure)."""

from __future__ import annotations

from typing import Annotated, ClassVar

from plugins.models.columns import Column
from plugins.models.document import Document, References
from plugins.models.scalars import Moment, Slug, Text, Texts, Web


class Hearing(Document):
    """听证: announced before it is held, its record published after (county rules, article 16)."""

    folder: ClassVar[str] = "hearings"
    label: ClassVar[str] = "听证"

    issuer: Annotated[Slug, Column("听证机关", example="fgj", search=3, facet=True, listed=True)]
    held: Annotated[Moment, Column("举行时间", example="2026-05-12 09:00")]
    place: Annotated[Text, Column("地点", example="县政务服务中心三楼会议室")]
    channels: Annotated[Texts, Column("公告渠道", example="[政府网站, 县融媒体中心]")]
    about: Annotated[References, Column("听证事项", inverse="听证")] = ()
    selection: Annotated[Text | None, Column("代表产生方式")] = None
    participants: Annotated[Texts, Column("参加人", help="写类别和人数，不写个人信息")] = ()
    live_url: Annotated[Web | None, Column("直播地址", example="https://live.example.gov.cn/2026/1")] = None
    record: Annotated[Text | None, Column("听证结果")] = None
