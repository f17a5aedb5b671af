"""Interpretations of policies (pure)."""

from __future__ import annotations

from typing import Annotated, ClassVar

from plugins.models.columns import Column
from plugins.models.document import Document, References
from plugins.models.scalars import Flag, Slug, Texts


class Interpretation(Document):
    """政策解读: published within 3 working days of its policy (county rules, article 7)."""

    folder: ClassVar[str] = "interpretations"
    label: ClassVar[str] = "政策解读"

    issuer: Annotated[Slug, Column("解读单位", example="fgj", search=3, facet=True, listed=True)]
    interprets: Annotated[References, Column("解读文件", example="[policies/2026/sz-2026-03]")]
    forms: Annotated[Texts, Column("解读形式", example="[文字, 图解]")] = ()
    media: Annotated[Texts, Column("发布渠道", example="[政府网站]")] = ()
    by_head: Annotated[Flag, Column("主要负责人解读", example="否")] = False
