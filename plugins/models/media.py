"""media.yml: the government's accounts on other platforms, and who answers for them (article 13; pure)."""

from __future__ import annotations

from typing import Annotated, ClassVar

from plugins.models.columns import Column
from plugins.models.document import Part
from plugins.models.scalars import Day, Flag, Line, Slug, Web


class Account(Part):
    """One row of media.yml."""

    label: ClassVar[str] = "新媒体账号"

    id: Annotated[Slug, Column("编号", example="wx-fabu")]
    platform: Annotated[Line, Column("平台", example="微信公众号")]
    name: Annotated[Line, Column("账号名称", example="示例县发布")]
    owner: Annotated[Slug, Column("主办单位", example="xzfb")]
    main: Annotated[Flag, Column("主账号", example="是")] = False
    handle: Annotated[Line | None, Column("账号", example="shilixian-fabu")] = None
    url: Annotated[Web | None, Column("网址", example="https://social.example/shilixian")] = None
    operator: Annotated[Slug | None, Column("运维单位", example="xxzx")] = None
    reviewer: Annotated[Line | None, Column("审核责任人", example="县政府办政务公开科")] = None
    opened: Annotated[Day | None, Column("开设日期", example="2018-09-03")] = None
    last_post: Annotated[Day | None, Column("最近更新日期", example="2026-11-20")] = None
