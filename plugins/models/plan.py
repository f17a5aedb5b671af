"""Plans, evaluations and reports (pure)."""

from __future__ import annotations

from typing import Annotated, ClassVar

from plugins.models.columns import Column
from plugins.models.document import Document, References
from plugins.models.scalars import Count, Day, Slug, Text, Texts, Word


class Area(Word):
    """Key areas of disclosure (county rules, article 3)."""

    BUDGET = "财政预决算"
    PROJECTS = "重大建设项目批准和实施"
    RESOURCES = "公共资源配置"
    WELFARE = "社会公益事业建设"


class PlanKind(Word):
    """Kinds of plans that articles 3 and 21 name."""

    PLAN = "实施方案"
    POINTS = "要点及任务分工"
    TASKS = "任务书"
    ROADMAP = "路线图"
    TIMETABLE = "时间表"


class Plan(Document):
    """方案与任务书."""

    folder: ClassVar[str] = "plans"
    label: ClassVar[str] = "方案与任务书"

    issuer: Annotated[Slug, Column("牵头单位", example="czj", search=3, facet=True, listed=True)]
    kind: Annotated[PlanKind, Column("方案类型", example="实施方案", facet=True)]
    year: Annotated[Count, Column("年度", example="2018", facet=True)]
    area: Annotated[Area | None, Column("重点领域", example="财政预决算", facet=True)] = None
    goals: Annotated[Text | None, Column("工作目标", search=1)] = None
    schedule: Annotated[Text | None, Column("工作安排")] = None
    partners: Annotated[Texts, Column("会同单位", example="[mzj]")] = ()
    filed: Annotated[Day | None, Column("报送日期", example="2018-08-28")] = None


class EvaluationKind(Word):
    """Who evaluates (county rules, article 16)."""

    THIRD_PARTY = "第三方评估"
    OWN = "自行评估"
    PUBLIC = "社会监督评议"


class Evaluation(Document):
    """评估 of how a policy is implemented."""

    folder: ClassVar[str] = "evaluations"
    label: ClassVar[str] = "政策评估"

    issuer: Annotated[Slug, Column("组织单位", example="xzfb", search=3, facet=True, listed=True)]
    evaluates: Annotated[References, Column("评估的文件", example="[policies/2024/x]", inverse="实施评估", verb="评估")]
    kind: Annotated[EvaluationKind, Column("评估方式", example="第三方评估", facet=True)]
    evaluator: Annotated[Text, Column("评估机构", example="示例大学公共管理学院")]
    finding: Annotated[Text | None, Column("主要结论", search=1)] = None


class ReportKind(Word):
    """Kinds of reports and bulletins."""

    DISCLOSURE = "政府信息公开工作年度报告"
    SITE = "政府网站工作年度报表"
    BULLETIN = "通报"


class Report(Document):
    """报告与通报."""

    folder: ClassVar[str] = "reports"
    label: ClassVar[str] = "报告与通报"
    headings_read: ClassVar[bool] = True

    issuer: Annotated[Slug, Column("报告单位", example="xzfb", search=3, facet=True, listed=True)]
    kind: Annotated[ReportKind, Column("报告类型", example="政府信息公开工作年度报告", facet=True)]
    year: Annotated[Count, Column("年度", example="2025", facet=True)]
