"""The county's rules as data: article, sentence, fault codes, parameters with the date from which they hold (pure).

The rules for documents (class D) of the county's 25 articles, and the term for requests, whose length has changed; and
those for lists (class C), which the tables themselves declare (`cn:rules`, `cn:references`): they hold at any date.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from plugins.models.codes import CODES
from plugins.models.directory import SiteIdentity

ISSUED = "2018-07-27"
"""The day of the county's rules; a site may say in site.yml from when they bind it."""
_RANK = ("notice", "warning", "error")


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. `codes` are the faults that its generator gives; without any, the models or the build hold it.

    `parameters` maps days to the values that hold from then on. `always`: it binds whatever site.yml says.
    """

    id: str
    article: int
    sentence: str
    codes: tuple[str, ...] = ()
    parameters: Mapping[str, Mapping[str, object]] | None = None
    always: bool = False

    @property
    def severity(self) -> str:
        """The worst of its faults."""
        return max((CODES[code].severity for code in self.codes), key=_RANK.index, default="error")

    def parameter(self, name: str, day: str) -> object:
        """The value that held on `day` (`YYYY-MM-DD`); the first one for days before. Raises KeyError for no such."""
        known = sorted((start, values[name]) for start, values in (self.parameters or {}).items() if name in values)
        if not known:
            raise KeyError(name)
        return next((value for start, value in reversed(known) if start <= day), known[0][1])

    def number(self, name: str, day: str) -> int:
        """A parameter that is a whole number."""
        return int(str(self.parameter(name, day)))


def _rule(name: str, sentence: str, *codes: str, always: bool = False, **parameters: Mapping[str, object]) -> Rule:
    since = {day.removeprefix("since_").replace("_", "-"): values for day, values in parameters.items()}
    return Rule(name, int(name[3:5]), sentence, codes, since or None, always)


_ROWS = (
    _rule("GN-00.1", "实施细则是县政府办公室公开发布的通知，有成文日期、主送和抄送", "H201"),
    _rule("GN-00.2", "所依据的上级文件逐一写明，本站没有收录的列出发文字号", "D112"),
    _rule("GN-00.3", "坚持以公开为常态、不公开为例外，不主动公开的事项逐项说明理由", "P331"),
    _rule("GN-00.4", "公开贯穿决策、执行、管理、服务、结果五个环节，目录写明属于哪个环节", "P311"),
    _rule("GN-01.1", "权力事项的办事指南写明适用范围、流程、材料、法定时限、承诺时限和中介服务，承诺时限不长于法定时限",
          "P330", "P333"),
    _rule("GN-01.2", "同一事项的名称、编码、依据、类型与上级清单一致", "P330"),
    _rule("GN-01.3", "不得在清单之外行使权力：每一项决定所依据的事项都列在清单中，并在当日有效", "P336", "P337"),
    _rule("GN-01.4", "各部门全面梳理公共服务事项，编制目录", "P338"),
    _rule("GN-01.5", "公共服务事项的办事指南列明依据、受理单位、流程、材料、时限；收费的写明依据和标准", "P331"),
    _rule("GN-02.1", "公开目录逐项写明公开的内容、时限、主体、渠道和方式", "P311"),
    _rule("GN-02.5", "各部门都编制主动公开目录", "P338"),
    _rule("GN-03.1", "重点领域的实施方案有工作目标和工作安排，按期报送县政府办公室", "D801", "D802",
          since_2018_07_27={"due": "2018-08-31", "year": 2018}),
    _rule("GN-03.2", "社会公益事业信息公开工作方案会同有关部门制定", "D803"),
    _rule("GN-03.3", "各部门每年公开预算和决算，金额前后相符，没有公开的说明理由", "P330", "P332", "P334"),
    _rule("GN-03.4", "重大建设项目公开批准服务、招标中标、合同、征地和补偿安置信息，不适用的说明理由", "P332"),
    _rule("GN-03.5", "公共资源交易都进入统一平台", "P335"),
    _rule("GN-03.9", "政府信息公开工作年度报告公布重点领域信息公开情况", "D805"),
    _rule("GN-04.1", "公文逐件明确公开属性：主动公开、依申请公开或不予公开", "G101", always=True),
    _rule("GN-04.2", "公开属性由签发人最终确定，与拟定不同的说明原因", "G102", "G111", always=True),
    _rule("GN-04.3", "主动公开的公文附注“此件公开发布”，附注与公开属性一致", "G112", always=True),
    _rule("GN-04.4", "依申请公开或不予公开的依法说明理由，报批前经本单位审查，不带正文",
          "G105", "G106", "G113", "G114", always=True),
    _rule("GN-04.5", "以县政府或其办公室名义印发的，没有公开属性建议和理由的退回", "G101", "G106", always=True),
    _rule("GN-05.3", "先审查、后公开，一事一审，审查人是公开单位的保密审查责任人",
          "G103", "G104", "G107", "D115", "G117", always=True),
    _rule("GN-05.4", "未经审查和批准，不得公开发布；撤下的不再留存正文", "G102", "G103", "G115", always=True),
    _rule("GN-06.1", "重要改革方案、重大政策措施在决策前公布草案和依据，征求意见",
          "D401", "D402", "D406", "D411", since_2018_07_27={"days": 30}),
    _rule("GN-06.2", "及时公布征求意见的采纳情况，相对集中的意见不予采纳的说明理由",
          "D405", "D407", "D412", "D413", since_2018_07_27={"working_days": 20}),
    _rule("GN-06.3", "涉及重大民生事项的议题，商请人大代表、政协委员等列席", "D408"),
    _rule("GN-06.4", "提交审议前列明是否已征求意见、是否邀请列席", "D409"),
    _rule("GN-06.8", "涉及重大决策、重要民生事项的会议向社会发布，至少在政府网站", "D410"),
    _rule("GN-07.1", "谁起草、谁解读；联合发文由牵头部门解读", "D501"),
    _rule("GN-07.3", "解读在文件发布后 3 个工作日内，在政府网站和主流媒体发布", "D502", "D503", "D513",
          since_2018_07_27={"working_days": 3}),
    _rule("GN-07.4", "报送文件时附上经部门主要负责人审定的解读，没有解读的退文", "G108", "D504", "D505"),
    _rule("GN-07.5", "符合发文条件但需修改完善的，与起草单位协商办理", "G116", always=True),
    _rule("GN-07.6", "以县政府或其办公室名义印发的规范性文件，签发前经合法性审核", "G109", "G110", "D506"),
    _rule("GN-07.7", "部门文件经本部门法规科室合法性审核", "D507"),
    _rule("GN-07.8", "解读讲清背景依据、目标任务、主要内容、涉及范围、执行标准，并讲新旧差异", "D508", "D509"),
    _rule("GN-07.9", "社会关注度高的文件，用图解、音频、视频等方式解读，并有替代文字", "D510", "D511"),
    _rule("GN-07.10", "统筹网站、电视、报纸、微博、微信等平台发布解读", "D512"),
    _rule("GN-08.1", "六类舆情各有应当公布的内容", "D601", "D603"),
    _rule("GN-08.4", "舆情回应全程留痕，可追溯", "D605"),
    _rule("GN-11.4", "即时转载上级政府的重要政策，注明来源", "D701", "D702", since_2018_07_27={"working_days": 1}),
    _rule("GN-12.1", "推行不见面审批，八成以上的审批服务事项网上办理", "P335"),
    _rule("GN-12.2", "县镇村三级联动，与群众生活密切相关的事项在镇受理", "P335"),
    _rule("GN-13.1", "办好一个政务新媒体主账号，每个账号都有主办单位，委托运维的有审核责任人", "S320", "S321", "D110"),
    _rule("GN-14.1", "公报刊登县政府及其办公室发布的文件", "D303", "D304", "D305", "D306"),
    _rule(
        "GN-14.2",
        "公报是有效的标准文本，已发布的文字不变，更正见于以后各期",
        *("D301", "D302", "D309", "D310", "D311", "D312", "D313", "D314", "D315", "D316", "D317", "L101", "L110"),
    ),
    _rule("GN-14.3", "公报坚持公益性，免费赠阅", "D307"),
    _rule("GN-14.6", "在县图书馆、档案馆、政务服务中心设公报赠阅点", "D318"),
    _rule("GN-15.1", "属于县级公众参与事项的文件征求意见，或说明免征求的理由", "D403"),
    _rule("GN-15.2", "属于乡镇公众参与事项的文件征求意见，或说明免征求的理由", "D404"),
    _rule("GN-16.1", "通过征求意见、听证座谈、咨询协商、列席会议、媒体吹风等方式扩大公众参与", "H209"),
    _rule("GN-16.2", "听证会先在政府网站等平台公告，会后公布结果", "D414", "D415", "D416"),
    _rule("GN-16.3", "运用第三方评估等方式评估政策执行情况，评估与文件相连", "D112"),
    _rule("GN-18.1", "清理整合政务信息系统，在用的都接入共享平台，不留“僵尸”系统，主管的是单位而不是内设机构",
          "P331", "D110"),
    _rule("GN-19.1", "开放的数据是原始的、机器可读的、可再利用的：有许可和表结构，不是图片", "P110", "P212"),
    _rule("GN-21.3", "各部门每年制定政务公开任务书、路线图和时间表", "D804"),
    _rule("GN-10.2", "依申请公开按期答复", "D901", since_2018_07_27={"working_days": 15, "extension": 0},
          since_2019_05_15={"working_days": 20, "extension": 20}),
)  # fmt: skip
RULES: dict[str, Rule] = {rule.id: rule for rule in _ROWS}


def binding_from(rule: Rule, identity: SiteIdentity | None) -> str:
    """The day from which the rule binds what is published: the site's own, else that of the county's rules."""
    if rule.always:
        return ""
    start: object = identity.duties_from if identity else None
    if isinstance(start, dict):
        start = start.get(str(rule.article), start.get(rule.id))
    return start.isoformat() if isinstance(start, date) else ISSUED
