"""The county's own rules of 2018, fixture no. 1: a whole header passes, each single damage gives exactly its fault."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import pytest
from lxml import html

from plugins.build.builder import build, check_all
from plugins.build.settings import Settings
from tests.links import broken_links
from tests.small import Small

POLICY = "policies/2018/zwgk.md"
INTERPRETATION = "interpretations/2018/jd-zwgk.md"
CONSULTATION = "consultations/2018/zwgk.md"
MEETING = "meetings/2018/cwhy-0724.md"
HIGHER = ("国办发〔2016〕80号", "苏政办发〔2017〕151号", "连政办发〔2018〕54号")

SITE = """name: 灌南县政府公报
government: 灌南县人民政府
address: http://127.0.0.1:8000
site_code: '3207240001'
area_code: '320724'
duties_from: 2018-07-27
owner: xzfb
"""
ORGANISATIONS = """- id: xzf
  name: 灌南县人民政府
  kind: 政府
  number_prefixes: [灌政发]
- id: xzfb
  name: 灌南县人民政府办公室
  kind: 政府办公室
  roles: [政务公开主管部门]
  number_prefixes: [灌政办发]
  posts:
    - {post: 主要负责人（第一解读人）, title: 主任}
    - {post: 政务公开岗, title: 政务公开科}
    - {post: 保密审查责任人, title: 机要保密科}
- {id: fzb, name: 灌南县人民政府法制办公室, kind: 政府部门, roles: [合法性审核机构]}
- {id: xxzx, name: 灌南县信息中心, kind: 直属单位, roles: [检查单位, 培训单位]}
"""
TOPICS = "- {id: zhzw, name: 综合政务}\n"
HEADER = """title: 灌南县全面推进政务公开工作实施细则
number: 灌政办发〔2018〕97号
issuer: xzfb
signed: 2018-07-27
published: 2018-07-27 17:00
effective: 2018-07-27
topic: zhzw
genre: 通知
index: 320724-2018-00097
keywords: [政务公开, 实施细则]
summary: 全面推进全县政务公开工作的二十五项任务。
normative: 是
legality_review: {body: fzb, opinion: 灌法审〔2018〕12号, date: 2018-07-20, result: 通过}
stage: 管理
scope: 规章和重要政策措施
pre_meeting: {consulted: 是, invite: 是}
proposed_by: 政务公开科
drafted_by: xzfb
lead: xzfb
recipients: [各乡镇人民政府, 各园区管委会, 县政府各部门、各直属单位, 驻灌部省市属单位]
cc: [县委各部门, 县人大常委会办公室, 县政协办公室, 县监委, 县法院, 县检察院, 县人武部]
based_on: [国办发〔2016〕80号, 苏政办发〔2017〕151号, 连政办发〔2018〕54号]
disclosure_proposed: 主动公开
disclosure: 主动公开
secrecy_review: {id: BM-2018-097, by: 机要保密科, date: 2018-07-26, result: 通过}
sign_off: {by: 县政府办公室主任, date: 2018-07-27}
"""
PROOF = """disclosure: 主动公开
secrecy_review: {{id: {id}, by: 机要保密科, date: {day}, result: 通过}}
sign_off: {{by: 县政府办公室主任, date: {day}}}
"""
COMPANIONS = {
    INTERPRETATION: """---
title: 《灌南县全面推进政务公开工作实施细则》解读
issuer: xzfb
interprets: [policies/2018/zwgk]
signed: 2018-07-27
published: 2018-07-30 10:00
topic: zhzw
head_approval: {by: 县政府办公室主要负责人, date: 2018-07-26}
forms: [文字, 图解]
media: [政府网站, 灌南日报, 政务微信]
by_head: 是
"""
    + PROOF.format(id="BM-2018-098", day="2018-07-26")
    + """---
## 一、背景依据

国务院办公厅和省、市政府办公室先后印发实施细则，我县据此制定。

## 二、目标任务

以公开为常态、不公开为例外。

## 三、主要内容

共五个部分、二十五项任务。

## 四、涉及范围

全县各单位和法律法规授权的组织，公共企业事业单位参照执行。

## 五、执行标准

解读材料于文件发布后3个工作日内发布。
""",
    CONSULTATION: """---
title: 关于《灌南县全面推进政务公开工作实施细则（草案）》公开征求意见的公告
issuer: xzfb
signed: 2018-06-11
published: 2018-06-11 09:00
opens: 2018-06-11 09:00
closes: 2018-07-12 17:30
form: [征求意见, 听证座谈]
scope: 规章和重要政策措施
channels: [电子邮件, 信函]
based_on: [国办发〔2016〕80号, 苏政办发〔2017〕151号, 连政办发〔2018〕54号]
leads_to: [policies/2018/zwgk]
outcome:
  published: 2018-07-16 09:00
  summary: 共收到意见三条。
  received: 3
  opinions:
    - {opinion: 建议写明公报的赠阅点, count: 2, adopted: 采纳}
    - {opinion: 建议会议全部直播, adopted: 不采纳, reason: 部分议题依法应当保密}
"""
    + PROOF.format(id="BM-2018-061", day="2018-06-08")
    + "---\n草案全文。\n",
    MEETING: """---
title: 县政府第十八次常务会议
issuer: xzf
held: 2018-07-24 09:00
signed: 2018-07-25
published: 2018-07-25 15:00
level: 常务会议
major: 是
livelihood: 是
invitation: 商县人大、县政协邀请代表委员列席
attendees: [{category: 人大代表, count: 2}, {category: 政协委员, count: 2}]
published_via: [政府网站, 广播电视]
considers: [policies/2018/zwgk]
"""
    + PROOF.format(id="BM-2018-090", day="2018-07-25")
    + "---\n会议审议并原则通过《灌南县全面推进政务公开工作实施细则》。\n",
}


class Damage(NamedTuple):
    """`key: …` in `file` becomes `line`, or goes where that is empty.

    Then `code` is found in `where` at the line of `at`, or at line 1 where nothing there says what is missing.
    """

    code: str
    key: str
    line: str = ""
    at: str = ""
    file: str = POLICY
    where: str = POLICY


def _secrecy(by: str = "机要保密科", result: str = "通过") -> str:
    return f"secrecy_review: {{id: BM-2018-097, by: {by}, date: 2018-07-26, result: {result}}}"


def _legality(body: str = "fzb", date: str = "2018-07-20") -> str:
    return f"legality_review: {{body: {body}, opinion: 灌法审〔2018〕12号, date: {date}, result: 通过}}"


DAMAGES = (
    Damage("G101", "disclosure"),
    Damage("G102", "sign_off"),
    Damage("G104", "secrecy_review", _secrecy(result="不通过"), "secrecy_review"),
    Damage("G107", "sign_off", "sign_off: {by: 县政府办公室主任, date: 2018-07-28}", "sign_off"),
    Damage("G109", "legality_review", at="normative"),
    Damage("G110", "legality_review", _legality(date="2018-07-28"), "legality_review"),
    Damage("G111", "disclosure_proposed", "disclosure_proposed: 依申请公开", "disclosure"),
    Damage("G117", "secrecy_review", _secrecy(by="拟稿人"), "secrecy_review"),
    Damage("D110", "issuer", "issuer: xzbf", "issuer"),
    Damage("D111", "topic", "topic: zhzx", "topic"),
    Damage("D112", "based_on", "based_on: [policies/2016/gbf-80]", "based_on"),
    Damage("D129", "number", "number: 灌政发〔2018〕97号", "number"),
    Damage("D204", "effective", "effective: 2018-07-01", "effective"),
    Damage("D409", "pre_meeting"),
    Damage("D506", "legality_review", _legality(body="xxzx"), "legality_review"),
    Damage("H203", "signed", "signed: 2018-02-30", "signed"),
    Damage("D401", "held", "held: 2018-07-12 09:00", "closes", MEETING, CONSULTATION),
    Damage("D403", "leads_to", at="scope", file=CONSULTATION),
    Damage("D502", "published", "published: 2018-08-06 10:00", "published", INTERPRETATION, INTERPRETATION),
    Damage("H209", "level", "level: 常务会", "level", MEETING, MEETING),
)


def county(shared: Path, folder: Path) -> Small:
    """The county's site: its rules, their consultation, meeting and interpretation."""
    small = Small(folder)
    for name, text in (("site.yml", SITE), ("organisations.yml", ORGANISATIONS), ("topics.yml", TOPICS)):
        small.write(name, text)
    lines = (shared / "corpus/county-rules-2018.txt").read_text().splitlines()
    body = "\n\n".join(line for line in lines if line.strip())
    small.write(POLICY, f"---\n{HEADER}---\n{body}\n")
    for name, text in COMPANIONS.items():
        small.write(name, text)
    return small


def settings(small: Small) -> Settings:
    return replace(small.settings(), cache=small.folder / "cache")


@pytest.fixture(scope="module")
def built(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The output, and that there was nothing to complain of."""
    small = county(shared, tmp_path_factory.mktemp("county"))
    result = build(settings(small))
    assert result.faults == []
    assert result.release is not None
    return result.release


def page(built: Path, address: str) -> html.HtmlElement:
    return html.parse(str(built / address / "index.html")).getroot()


def test_the_countys_own_rules_have_no_fault_not_even_a_notice(shared: Path, tmp_path: Path) -> None:
    assert [str(f) for f in check_all(settings(county(shared, tmp_path)))] == []


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda d: d.code)
def test_a_single_damage_gives_exactly_its_fault(damage: Damage, shared: Path, tmp_path: Path) -> None:
    small = county(shared, tmp_path)
    rows = (small.content / damage.file).read_text().splitlines()
    rows[line_of(damage.key, rows) - 1 : line_of(damage.key, rows)] = [damage.line] if damage.line else []
    small.write(damage.file, "\n".join(rows) + "\n")
    shown = (small.content / damage.where).read_text().splitlines()
    expected = (damage.code, f"content/{damage.where}", line_of(damage.at, shown) if damage.at else 1)
    assert [(f.code, f.path, f.line) for f in check_all(settings(small))] == [expected]


def line_of(key: str, rows: list[str]) -> int:
    return next(n for n, row in enumerate(rows, 1) if row.startswith(f"{key}:"))


def test_the_twenty_five_tasks_keep_their_anchors(built: Path) -> None:
    """Five parts with 一、, through which （一） to （二十五） are counted on."""
    parts = {1: range(1, 11), 2: range(11, 15), 3: range(15, 18), 4: range(18, 21), 5: range(21, 26)}
    expected = [name for part, tasks in parts.items() for name in (f"s-{part}", *(f"s-{part}-{n}" for n in tasks))]
    assert page(built, "policies/2018/zwgk").xpath("//div[@class='body']//@id") == expected


def test_the_outline_shows_parts_and_tasks_with_their_numbers_as_typed(built: Path) -> None:
    links = page(built, "policies/2018/zwgk").xpath("//*[contains(@class, 'outline')]//li/a")
    shown = {link.get("href"): link.text_content() for link in links}
    assert len(shown) == 30
    assert shown["#s-4"] == "四、积极推进政务数据共享开放"
    assert shown["#s-5-25"] == "(二十五)强化考核评估"


def test_what_the_rules_are_based_on_stands_among_the_cited(built: Path) -> None:
    """Three documents that the site does not hold: a stub each, to which the rules' page links."""
    graph = json.loads((built / "citations/index.json").read_text())
    assert set(graph["absent"]) == set(HIGHER)
    links = {
        link.text_content(): link.get("href").partition("#")[2]
        for link in page(built, "policies/2018/zwgk").xpath("//a[contains(@href, '/citations/#')]")
    }
    assert set(links) == set(HIGHER)
    assert set(links.values()) <= set(page(built, "citations").xpath("//@id"))


def test_the_annotation_that_the_text_has_is_not_repeated(built: Path) -> None:
    text = page(built, "policies/2018/zwgk").text_content()
    assert text.count("(此件公开发布)") == 1
    assert text.count("此件公开发布") == 2, "the annotation, and the task that asks for it"


def test_interpretation_consultation_and_meeting_lead_to_the_rules_and_back(built: Path) -> None:
    data = json.loads((built / "policies/2018/zwgk/index.json").read_text())
    sources = {"interprets": INTERPRETATION, "leads_to": CONSULTATION, "considers": MEETING}
    for relation, source in sources.items():
        assert data["relations"][f"{relation}_inverse"] == [source.removesuffix(".md")]
    assert broken_links(built) == []


def test_what_stays_in_the_house_is_in_no_file(built: Path) -> None:
    """Review number, drafter, proposed attribute and the statement for the meeting are kept, not published."""
    files = [p for p in built.rglob("*") if p.is_file()]
    for secret in ("BM-2018-097", "pre_meeting", "disclosure_proposed", "proposed_by"):
        assert not [p for p in files if secret.encode() in p.read_bytes()], secret
