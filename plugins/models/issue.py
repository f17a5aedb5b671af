"""Gazette issues: a header that lists documents by section (pure)."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import BeforeValidator

from plugins.models.columns import Column
from plugins.models.document import Document, Part, References
from plugins.models.scalars import Count, Flag, Text


def _some(value: object) -> object:
    return [value] if isinstance(value, dict) else value


class Section(Part):
    """A section of the table of contents. `others` admits documents of departments (county rules, article 14)."""

    title: Annotated[Text, Column("栏目", example="县政府文件")]
    entries: Annotated[References, Column("篇目", example="[policies/2026/sz-2026-03]")]
    others: Annotated[Flag, Column("收录部门文件", example="否")] = False


class Erratum(Part):
    """A correction to a document that an earlier issue carried."""

    document: Annotated[Text, Column("更正文件")]
    text: Annotated[Text, Column("更正内容")]


class Imprint(Part):
    """Who edits the gazette; it is free of charge (county rules, article 14)."""

    editor: Annotated[Text, Column("编辑单位", example="xzfb")]
    price: Annotated[Count, Column("定价", example="0")] = 0


class Issue(Document):
    """政府公报: one issue, `gazette/<year>-<nn>`."""

    folder: ClassVar[str] = "gazette"
    label: ClassVar[str] = "政府公报"
    template: ClassVar[str] = "issue"
    body_expected: ClassVar[bool] = False

    year: Annotated[Count, Column("年份", example="2026", facet=True)]
    number: Annotated[Count, Column("期号", example="1", listed=True)]
    running: Annotated[Count, Column("总期号", example="4")]
    sections: Annotated[tuple[Section, ...], Column("栏目"), BeforeValidator(_some)]
    errata: Annotated[tuple[Erratum, ...], Column("勘误"), BeforeValidator(_some)] = ()
    imprint: Annotated[Imprint | None, Column("版权信息")] = None
