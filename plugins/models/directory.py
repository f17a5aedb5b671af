"""Who and what a site knows besides documents: identity, organisations, topics (pure)."""

from __future__ import annotations

import re
from typing import Annotated, ClassVar

from pydantic import AfterValidator, BeforeValidator

from plugins.models.columns import Column
from plugins.models.document import Part
from plugins.models.outside import Endpoint, Engine, Form, Mailbox
from plugins.models.place import Datum, Ground, Location
from plugins.models.scalars import Count, Day, Email, Flag, Line, Slug, Text, Texts, Word


def _address(value: str) -> str:
    host = value.split("//", 1)[-1].split("/", 1)[0]
    if not value.startswith(("http://", "https://")) or not host or any(c in value for c in " ?#<>\"'"):
        raise ValueError("S302")
    return value.rstrip("/")


def _some(value: object) -> object:
    return [value] if isinstance(value, dict) else value


class Kind(Word):
    """Kinds of organisations."""

    GOVERNMENT = "政府"
    OFFICE = "政府办公室"
    DEPARTMENT = "政府部门"
    TOWN = "乡镇街道"
    BODY = "议事协调机构"
    UNIT = "直属单位"
    EXTERNAL = "其他机关"


class Role(Word):
    """Duties of an organisation under the county rules (articles 5, 7, 24)."""

    OWNER = "政务公开主管部门"
    INSPECTOR = "检查单位"
    TRAINER = "培训单位"
    LEGALITY_REVIEW = "合法性审核机构"


class Post(Word):
    """Every post that the county rules name."""

    HEAD = "主要负责人（第一解读人）"
    DEPUTY = "政务公开分管负责人"
    OPEN_GOVERNMENT = "政务公开岗"
    SECRECY_REVIEWER = "保密审查责任人"
    LEGAL_SECTION = "法规科室"
    SPOKESPERSON = "新闻发言人"


class PostHolder(Part):
    """A post of an organisation; a person's name only where the law publishes it."""

    post: Annotated[Post, Column("岗位")]
    title: Annotated[Text | None, Column("职务")] = None
    name: Annotated[Text | None, Column("姓名")] = None
    phone: Annotated[Text | None, Column("电话")] = None


class Request(Part):
    """How to ask this organisation for disclosure (county rules, article 10)."""

    channels: Annotated[Texts, Column("申请渠道")] = ()
    office: Annotated[Text | None, Column("受理机构")] = None
    phone: Annotated[Text | None, Column("受理电话")] = None
    email: Annotated[Email | None, Column("受理邮箱")] = None
    process: Annotated[Text | None, Column("办理流程")] = None


class Organisation(Part):
    """One row of organisations.yml."""

    label: ClassVar[str] = "机构"

    id: Annotated[Slug, Column("编号")]
    name: Annotated[Text, Column("名称", search=8)]
    kind: Annotated[Kind, Column("类别")]
    short: Annotated[Text | None, Column("简称", search=4)] = None
    former: Annotated[Texts, Column("曾用名", search=4)] = ()
    parent: Annotated[Slug | None, Column("上级机构")] = None
    code: Annotated[Text | None, Column("统一社会信用代码")] = None
    duties: Annotated[Text | None, Column("职责")] = None
    address: Annotated[Text | None, Column("办公地址")] = None
    postcode: Annotated[Text | None, Column("邮编")] = None
    hours: Annotated[Text | None, Column("办公时间")] = None
    phone: Annotated[Text | None, Column("联系电话")] = None
    fax: Annotated[Text | None, Column("传真")] = None
    email: Annotated[Email | None, Column("电子邮箱")] = None
    location: Annotated[Location | None, Column("坐标", example="{lon: 119.2107, lat: 34.2865}")] = None
    roles: Annotated[
        tuple[Role, ...], Column("公开职责"), BeforeValidator(lambda v: [v] if isinstance(v, str) else v)
    ] = ()
    macro_livelihood: Annotated[Flag, Column("宏观经济和民生部门")] = False
    econ_livelihood_env_social: Annotated[Flag, Column("经济社会民生环境部门")] = False
    number_prefixes: Annotated[Texts, Column("机关代字")] = ()
    posts: Annotated[tuple[PostHolder, ...], Column("岗位"), BeforeValidator(_some)] = ()
    request: Annotated[Request | None, Column("依申请公开")] = None

    def telephones(self) -> list[str]:
        """Every number of the office and its posts: they are published by law."""
        asked = self.request.phone if self.request else None
        return [text for text in (self.phone, self.fax, asked, *(p.phone for p in self.posts)) if text]


class Topic(Part):
    """One row of topics.yml: 主题分类."""

    label: ClassVar[str] = "主题"

    id: Annotated[Slug, Column("编号")]
    name: Annotated[Text, Column("名称")]


class Contact(Part):
    """How to reach the editors."""

    address: Annotated[Text | None, Column("地址")] = None
    postcode: Annotated[Text | None, Column("邮编")] = None
    phone: Annotated[Text | None, Column("电话")] = None
    email: Annotated[Email | None, Column("邮箱")] = None
    hours: Annotated[Text | None, Column("时间")] = None


class GiftKind(Word):
    """Where the gazette is given away (county rules, article 14)."""

    LIBRARY = "图书馆"
    ARCHIVE = "档案馆"
    SERVICE_HALL = "政务服务中心"


class GiftPoint(Part):
    """A place that gives the gazette away."""

    kind: Annotated[GiftKind, Column("类别")]
    name: Annotated[Text, Column("名称")]
    address: Annotated[Text | None, Column("地址")] = None
    hours: Annotated[Text | None, Column("开放时间")] = None
    phone: Annotated[Text | None, Column("电话")] = None
    since: Annotated[Day | None, Column("设立日期")] = None
    location: Annotated[Location | None, Column("坐标", example="{lon: 119.2107, lat: 34.2865}")] = None


class FontRole(Word):
    """The parts that fonts play in a document of GB/T 9704-2012."""

    TEXT = "正文"
    TITLE = "标题"
    HEI = "黑体"
    KAI = "楷体"
    SONG = "宋体"


def _sha256(value: str) -> str:
    if not re.fullmatch(r"[0-9a-f]{64}", value):
        raise ValueError("S311")
    return value


class Font(Part):
    """A font file of the government's own, for PDF; never published as a file. One that is not named is never used."""

    role: Annotated[FontRole, Column("用途")]
    file: Annotated[Line, Column("文件", example="fonts/FZXBSJW.ttf")]
    sha256: Annotated[Line, Column("校验值", example="0" * 64), AfterValidator(_sha256)]


class SiteIdentity(Part):
    """site.yml: who publishes, and what the footer owes (国办发〔2017〕47号)."""

    label: ClassVar[str] = "站点"

    name: Annotated[Text, Column("网站名称", example="示例县政府公报与数据开放网")]
    government: Annotated[Text, Column("主办单位", example="示例县人民政府")]
    address: Annotated[Line, Column("网址", example="https://www.shilixian.gov.cn"), AfterValidator(_address)]
    site_code: Annotated[Text, Column("网站标识码", example="'3299990001'")]
    area_code: Annotated[Text, Column("行政区划代码", example="'329999'")]
    description: Annotated[Text | None, Column("网站简介")] = None
    notice: Annotated[Text | None, Column("公告语", help="显示在每一页顶部")] = None
    duties_from: Annotated[
        Day | dict[str, Day] | None,
        Column(
            "职责起算日期",
            example="2018-07-27",
            help="一个日期，或按条写，如 {6: 2018-07-27}；以前发布的不按公开规则核对",
        ),
    ] = None
    owner: Annotated[Slug | None, Column("主管机构", example="xzfb")] = None
    icp: Annotated[Text | None, Column("ICP备案", example="苏ICP备00000000号")] = None
    police_record: Annotated[Text | None, Column("公安备案")] = None
    conac_id: Annotated[Text | None, Column("党政机关标识")] = None
    search_engine: Annotated[Engine | None, Column("检索引擎", example="/api/search")] = None
    hotline: Annotated[Text | None, Column("政务热线", example="'12345'")] = None
    mailbox: Annotated[tuple[Mailbox, ...], Column("领导信箱"), BeforeValidator(_some)] = ()
    request_endpoint: Annotated[
        Endpoint | None, Column("依申请公开受理系统", example="https://sq.example.gov.cn/api/requests")
    ] = None
    data_requests: Annotated[
        Form | None,
        Column("数据申请和反馈网址", example="https://forms.example.gov.cn/new?title={title}&page={url}"),
    ] = None
    table_limit: Annotated[Count, Column("数据表上限（MB）", example="2000")] = 200
    contact: Annotated[Contact, Column("联系方式")] = Contact()
    gift_points: Annotated[tuple[GiftPoint, ...], Column("公报赠阅点"), BeforeValidator(_some)] = ()
    datum: Annotated[Datum, Column("坐标系")] = Datum.CGCS2000
    map: Annotated[Ground | None, Column("地图底图")] = None
    fonts: Annotated[tuple[Font, ...], Column("排版字体"), BeforeValidator(_some)] = ()
    document_pdf: Annotated[Flag, Column("每份文件另排 PDF", example="是")] = False

    @property
    def place(self) -> str:
        """Where the site is: 示例县 of 示例县人民政府."""
        return self.government.removesuffix("人民政府")
