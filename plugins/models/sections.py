"""The columns of the site (栏目): purpose, who keeps them, how often they are renewed, declared once (pure).

国办发〔2017〕47号 and its annex ask every column for a name, a purpose, keywords and a type, and let none stand blank
or stale. A column of documents has the name of its type; tables whose rows have pages are columns by their descriptors.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from plugins.models.directory import Role
from plugins.models.scalars import Word
from plugins.models.types import TYPES


class Cycle(Word):
    """How long a column may stand without anything new; the first two are the inspection's limits."""

    FORTNIGHT = "每两周"
    HALF_YEAR = "每半年"
    YEAR = "每年"
    ON_CHANGE = "随内容变化即时更新"


@dataclass(frozen=True, slots=True)
class Section:
    """One column. `type` is a word of the annex's open list; `owner` is the duty of the organisation that keeps it."""

    type: str
    purpose: str
    keywords: tuple[str, ...]
    cycle: Cycle = Cycle.ON_CHANGE
    owner: Role = Role.OWNER
    name: str = ""


_WRITTEN: dict[str, Section] = {
    "": Section(
        "首页", "最新文件、政策解读、政府公报、意见征集和开放数据的入口。", ("政务公开", "首页"), Cycle.FORTNIGHT
    ),
    "policies": Section(
        "政策文件", "县政府及其部门主动公开的政策文件，标明现在是否有效。", ("政策", "行政规范性文件"), Cycle.HALF_YEAR
    ),
    "interpretations": Section("政策解读", "对政策文件的背景、内容和办理方式的说明。", ("解读",), Cycle.HALF_YEAR),
    "gazette": Section("政府公报", "政府公报各期的目录、电子版和校验值。", ("公报",), Cycle.HALF_YEAR),
    "consultations": Section("征集调查", "向社会公开征求意见的草案、说明和采纳情况。", ("意见征集", "草案")),
    "hearings": Section("征集调查", "听证会的公告、材料和报告。", ("听证会",)),
    "meetings": Section("工作动态", "政府会议的议题、公众列席和会议结果。", ("常务会议", "公众列席")),
    "responses": Section("回应关切", "对社会关注的问题和突发事件的回应。", ("舆情", "回应"), Cycle.HALF_YEAR),
    "press": Section("在线访谈", "新闻发布会的预告、实录和问答。", ("新闻发布", "问答")),
    "interviews": Section("在线访谈", "负责人在线解读政策、回答提问的实录。", ("访谈", "问答")),
    "notices": Section("信息公开目录", "依法应当公告、公示的事项。", ("公告", "公示"), Cycle.HALF_YEAR),
    "news": Section("工作动态", "政府工作的最新情况。", ("动态",), Cycle.FORTNIGHT),
    "reposts": Section("政策文件", "国务院、省、市政策文件的转载，注明来源。", ("转载", "上级政策")),
    "answers": Section("咨询投诉", "对公众咨询和公开申请的答复。", ("咨询", "答复")),
    "plans": Section("信息公开目录", "政务公开的工作方案、任务书和要点。", ("工作要点", "方案"), Cycle.YEAR),
    "evaluations": Section("信息公开目录", "政策执行效果的评估。", ("评估",), Cycle.YEAR),
    "reports": Section("信息公开年报", "政府信息公开年度报告和检查情况的通报。", ("年度报告", "通报"), Cycle.YEAR),
    "pages": Section("概况信息", "信息公开指南和关于本站的说明。", ("信息公开指南", "关于本站")),
    "datasets": Section("数据开放", "可以下载、查询和核对的开放数据集。", ("开放数据", "下载"), name="数据开放"),
    "datasets/catalogue": Section(
        "信息公开目录", "本站全部数据资源的开放情况和更新情况。", ("政务信息资源目录",), name="政务信息资源目录"
    ),
    "organisations": Section(
        "机构职能", "政府及其部门的职责、地址、电话和政务公开岗位。", ("机构", "职责"), name="机构职能"
    ),
    "media": Section(
        "互动交流",
        "本县政府及其部门开设的政务新媒体账号，各由谁主办。",
        ("政务新媒体", "微信公众号", "微博"),
        name="政务新媒体",
    ),
    "places": Section(
        "办事服务",
        "免费领取政府公报的地点和办事地点：在哪里、何时开放、怎样联系。",
        ("公报赠阅点", "办事地点", "地图"),
        name="赠阅点和办事地点",
    ),
    "topics": Section("信息公开目录", "按主题查找文件。", ("主题",), name="主题分类"),
    "search": Section("信息公开目录", "在标题、文号和正文中检索本站全部文件和数据。", ("全站检索",), name="检索"),
    "log": Section("信息公开目录", "每一次发布、修改、撤下和恢复的记录，只增不减。", ("发布记录",), name="公开台账"),
    "rules": Section("信息公开指南", "本站每份文件发布前都要核对的规则。", ("规则",), name="公开规则"),
    "citations": Section("信息公开目录", "本站文件引用而本站没有收录的文件。", ("引用",), name="引用的文件"),
    "verify": Section(
        "信息公开指南", "核对手中的文字、文件或印本与本站公布的是否一致。", ("核对", "校验值"), name="核对文件"
    ),
    "request": Section(
        "依申请公开",
        "申请公开政府信息的办法、受理机构和申请表。",
        ("政府信息公开申请", "申请表"),
        name="依申请公开",
    ),
    "interaction": Section(
        "咨询投诉", "向政府提意见、提问题、参加听证和访谈的途径。", ("意见", "信箱", "热线"), name="互动交流"
    ),
    "sitemap": Section("信息公开指南", "本站的全部栏目，各由谁负责、多久更新。", ("栏目",), name="网站地图"),
}
SECTIONS: dict[str, Section] = {
    folder: replace(one, name=TYPES[folder].label) if folder in TYPES else one for folder, one in _WRITTEN.items()
}
"""Columns by the folder in which they begin, in the order of the map; "" is the home page."""
