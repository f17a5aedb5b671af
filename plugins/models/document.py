"""What every published document has: identity, dates, and the proof that it may be published (pure)."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import BaseModel, BeforeValidator, ConfigDict

from plugins.models.columns import Column
from plugins.models.scalars import Day, Flag, Line, Moment, Slug, Text, Texts, Word, one_or_many


class Part(BaseModel):
    """A part of a header: keys are checked, values never change."""

    model_config = ConfigDict(extra="forbid", frozen=True, validate_default=False, defer_build=True)


class Disclosure(Word):
    """公开属性: 政府信息公开条例, articles 13 to 16."""

    ACTIVE = "主动公开"
    ON_REQUEST = "依申请公开"
    WITHHELD = "不予公开"


class Status(Word):
    """Where a text stands; only a final one can be published."""

    DRAFT = "草稿"
    REVIEW = "送审"
    FINAL = "定稿"


class Verdict(Word):
    """The result of a review."""

    PASSED = "通过"
    REFUSED = "不通过"


class SecrecyReview(Part):
    """保密审查: one matter, one review (county rules, article 5)."""

    id: Annotated[Text, Column("审查编号", example="BM-2026-014", public=False)]
    by: Annotated[Text, Column("审查人", example="保密审查岗")]
    date: Annotated[Day, Column("审查日期", example="2026-03-02")]
    result: Annotated[Verdict, Column("审查结果", example="通过")]


class SignOff(Part):
    """签发: the signer finally fixes the disclosure attribute (county rules, article 4)."""

    by: Annotated[Text, Column("签发人", example="签发岗")]
    date: Annotated[Day, Column("签发日期", example="2026-03-02")]


class DisclosureReview(Part):
    """Review of a proposal not to publish, before its approval (county rules, article 4)."""

    by: Annotated[Text, Column("审核人", example="政务公开岗")]
    date: Annotated[Day, Column("审核日期", example="2026-03-01")]


class Attachment(Part):
    """A file beside the document, in the folder of its own name."""

    title: Annotated[Text, Column("名称")]
    file: Annotated[Text, Column("文件", example="申请表.pdf")]


class Withdrawal(Part):
    """撤下: what was published is taken back; its address stays, with the reason (written by `withdraw`)."""

    date: Annotated[Day, Column("撤下日期", example="2026-03-05")]
    reason: Annotated[Text, Column("撤下原因", example="内容有误，已重新发布")]


def some(value: object) -> object:
    """A single part where a list is expected is a list of one."""
    return [value] if isinstance(value, dict) else value


Attachments = Annotated[tuple[Attachment, ...], BeforeValidator(some)]
References = Annotated[tuple[Text, ...], BeforeValidator(one_or_many)]


class Document(Part):
    """A document of any type. `folder` is its place under `content/`, `label` its type's name."""

    folder: ClassVar[str] = ""
    label: ClassVar[str] = ""
    template: ClassVar[str] = "document"
    body_expected: ClassVar[bool] = True
    headings_read: ClassVar[bool] = False
    """Whether rules ask for the headings of the body."""
    shown_apart: ClassVar[frozenset[str]] = frozenset()
    """Fields that the type's own template shows, so that the metadata table leaves them out."""

    title: Annotated[Line, Column("标题", example="示例县办公用房管理办法", search=10, listed=True)]
    issuer: Annotated[Slug | None, Column("发布机构", example="xzfb", search=3, facet=True, listed=True)] = None
    signed: Annotated[Day | None, Column("成文日期", example="2026-03-02")] = None
    published: Annotated[Moment, Column("发布日期", example="2026-03-03 09:00", listed=True)]
    topic: Annotated[Slug | None, Column("主题分类", example="zhzw", facet=True)] = None
    index: Annotated[Line | None, Column("索引号", example="329999-2026-00001")] = None
    keywords: Annotated[Texts, Column("关键词", example="[办公用房]", search=4)] = ()
    summary: Annotated[Text | None, Column("内容概述", search=2)] = None
    status: Annotated[Status, Column("状态", example="定稿", public=False)] = Status.FINAL
    disclosure: Annotated[Disclosure | None, Column("公开属性", example="主动公开")] = None
    listed: Annotated[Flag, Column("列入目录", example="是", public=False)] = False
    disclosure_reason: Annotated[Text | None, Column("不公开理由", public=False)] = None
    disclosure_basis: Annotated[Text | None, Column("不公开依据", public=False)] = None
    disclosure_review: Annotated[DisclosureReview | None, Column("公开属性审核", public=False)] = None
    disclosure_proposed: Annotated[Disclosure | None, Column("拟定属性", example="主动公开", public=False)] = None
    disclosure_note: Annotated[Text | None, Column("属性变更说明", public=False)] = None
    proposed_by: Annotated[Text | None, Column("拟稿人", public=False)] = None
    negotiation: Annotated[
        Text | None, Column("协商事项", public=False, help="送审稿需修改完善之处，与起草单位协商")
    ] = None
    secrecy_review: Annotated[SecrecyReview | None, Column("保密审查")] = None
    sign_off: Annotated[SignOff | None, Column("签发")] = None
    change_note: Annotated[Text | None, Column("修改说明")] = None
    withdrawn: Annotated[Withdrawal | None, Column("撤下")] = None
    attachments: Annotated[Attachments, Column("附件")] = ()
