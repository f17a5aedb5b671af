"""Interpretations of policies (pure)."""

from __future__ import annotations

from typing import Annotated, ClassVar

from plugins.models.columns import Column
from plugins.models.document import Document, Part, References
from plugins.models.scalars import Day, Flag, Slug, Text, Texts


class HeadApproval(Part):
    """审定 by the head of the drafting department, who is its first interpreter (county rules, article 7)."""

    by: Annotated[Text, Column("审定人", example="局主要负责人")]
    date: Annotated[Day, Column("审定日期", example="2026-03-01")]


class Interpretation(Document):
    """政策解读: published within 3 working days of its policy (county rules, article 7)."""

    folder: ClassVar[str] = "interpretations"
    label: ClassVar[str] = "政策解读"
    headings_read: ClassVar[bool] = True

    issuer: Annotated[Slug, Column("解读单位", example="fgj", search=3, facet=True, listed=True)]
    interprets: Annotated[
        References, Column("解读文件", example="[policies/2026/sz-2026-03]", inverse="政策解读", verb="解读")
    ]
    head_approval: Annotated[HeadApproval | None, Column("负责人审定")] = None
    forms: Annotated[Texts, Column("解读形式", example="[文字, 图解]")] = ()
    media: Annotated[Texts, Column("发布渠道", example="[政府网站, 县融媒体中心]")] = ()
    by_head: Annotated[Flag, Column("主要负责人解读", example="否")] = False
