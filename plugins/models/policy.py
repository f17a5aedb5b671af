"""Policy documents, normative documents included (pure)."""

from __future__ import annotations

from typing import Annotated, ClassVar

from plugins.models.columns import Column
from plugins.models.document import Document, Part, References, Verdict
from plugins.models.scalars import Day, Flag, Line, Slug, Text, Texts, Word


class Stage(Word):
    """五公开: the five stages that open government spans (county rules, preamble)."""

    DECISION = "决策"
    EXECUTION = "执行"
    MANAGEMENT = "管理"
    SERVICE = "服务"
    RESULT = "结果"


class Scope(Word):
    """公众参与事项: what the public takes part in (county rules, article 15); the last six are the towns'."""

    PLAN = "国民经济和社会发展规划"
    YEAR = "年度计划"
    SOCIETY = "社会管理事务"
    RULES = "规章和重要政策措施"
    PROJECTS = "重大建设项目"
    TOWN_PLAN = "镇乡规划"
    COMMUNITY = "社区治理"
    POVERTY = "精准扶贫"
    RURAL = "三农发展"
    LIVELIHOOD = "重要民生事项"
    BENEFITS = "惠民政策措施"


class PreMeeting(Part):
    """What the drafter states before a meeting considers the draft (county rules, article 6)."""

    consulted: Annotated[Flag, Column("是否已公开征求意见", example="是")]
    invite: Annotated[Flag, Column("是否邀请列席", example="否")]


class LegalityReview(Part):
    """合法性审核 of a normative document, before it is signed (county rules, article 7)."""

    body: Annotated[Text, Column("审核机构", example="sfj")]
    opinion: Annotated[Text, Column("审核意见书", example="示司审〔2026〕5号")]
    date: Annotated[Day, Column("审核日期", example="2026-02-20")]
    result: Annotated[Verdict, Column("审核结果", example="通过")]


class Policy(Document):
    """A policy document of the government, its office or a department."""

    folder: ClassVar[str] = "policies"
    label: ClassVar[str] = "政策文件"

    issuer: Annotated[Slug, Column("发文机关", example="xzfb", search=3, facet=True, listed=True)]
    signed: Annotated[Day, Column("成文日期", example="2026-03-02")]
    number: Annotated[Line | None, Column("发文字号", example="示政办发〔2026〕3号", search=12, listed=True)] = None
    genre: Annotated[Text | None, Column("体裁", example="办法", facet=True)] = None
    effective: Annotated[Day | None, Column("施行日期", example="2026-04-01")] = None
    expires: Annotated[Day | None, Column("失效日期", example="2031-03-31", help="有效期的最后一日")] = None
    normative: Annotated[Flag, Column("规范性文件", example="是")] = False
    legality_review: Annotated[LegalityReview | None, Column("合法性审核")] = None
    interpretation_exempt: Annotated[Text | None, Column("免解读理由", example="不涉及公众")] = None
    wide: Annotated[Flag, Column("社会关注度高", example="否", help="涉及面广、关注度高、实施难度大或专业性强")] = False
    scope: Annotated[Scope | None, Column("公众参与事项", example="规章和重要政策措施", facet=True)] = None
    consultation_exempt: Annotated[Text | None, Column("免征求意见理由")] = None
    pre_meeting: Annotated[PreMeeting | None, Column("上会说明", public=False)] = None
    stage: Annotated[Stage | None, Column("五公开", example="管理", facet=True)] = None
    drafted_by: Annotated[Text | None, Column("起草单位", example="fgj")] = None
    lead: Annotated[Text | None, Column("牵头单位", example="fgj")] = None
    recipients: Annotated[Texts, Column("主送")] = ()
    cc: Annotated[Texts, Column("抄送")] = ()
    based_on: Annotated[References, Column("依据", inverse="以本文件为依据", verb="依据")] = ()
    implements: Annotated[References, Column("贯彻落实", inverse="落实本文件", verb="落实")] = ()
    forwards: Annotated[References, Column("转发", inverse="转发本文件", verb="转发")] = ()
    amends: Annotated[References, Column("修改文件", inverse="被下列文件修改", verb="修改")] = ()
    repeals: Annotated[References, Column("废止文件", inverse="被下列文件废止", verb="废止")] = ()
    replaces: Annotated[References, Column("代替文件", inverse="被下列文件代替", verb="代替")] = ()
    corrects: Annotated[References, Column("更正文件", inverse="更正", verb="更正")] = ()
