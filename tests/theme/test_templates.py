"""Every template, drawn with a full view, an empty one and a hostile one."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any

import pytest
from jinja2 import nodes
from lxml import html
from markupsafe import Markup

from plugins.formats.page import environment
from tests.conftest import ROOT
from tests.theme.views import BODY, HOSTILE, TEMPLATES, WITH_BODY, full, hostile, minimal

THEME = ROOT / "theme"
VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())
VARIETIES = {"full": full, "minimal": minimal, "hostile": hostile}
CASES = [(template, name) for template in TEMPLATES for name in VARIETIES]
each_case = pytest.mark.parametrize(("template", "variety"), CASES, ids=["-".join(c) for c in CASES])
each_template = pytest.mark.parametrize("path", sorted((THEME / "templates").glob("*.html")), ids=lambda p: p.name)


class Nesting(HTMLParser):
    """Elements that are open; `wrong` lists end tags that close something else."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.wrong: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:  # noqa: ARG002
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.wrong.append(f"{tag} at {self.getpos()}")


def draw(template: str, make: Callable[[str], Any] = full, **changes: Any) -> str:
    """The template as text, with keys of its view changed; the body is there in the full view alone."""
    body = Markup(BODY) if template in WITH_BODY and make is full else Markup("")
    page = make(template) | changes
    data = page.pop("data", None)
    return environment(THEME).get_template(f"{template}.html").render(page=page, body=body, data=data)


def words(text: str, path: str = "//body") -> str:
    """What a reader reads below `path`."""
    return " ".join(" ".join(e.text_content() for e in html.fromstring(text).xpath(path)).split())


@each_case
def test_every_element_is_closed_where_it_was_opened(template: str, variety: str) -> None:
    parser = Nesting()
    parser.feed(draw(template, VARIETIES[variety]))
    assert parser.wrong == []
    assert parser.open == []


@each_case
def test_nothing_is_inline_and_nothing_comes_from_another_host(template: str, variety: str) -> None:
    page = html.fromstring(draw(template, VARIETIES[variety]))
    assert not page.xpath(
        "//style | //@style | //script[not(@src)][not(@type='application/ld+json')] | //iframe | //object | //base"
    )
    assert not [a for e in page.iter() for a in e.attrib if a.startswith("on")]
    loaded = page.xpath("//script/@src | //img/@src | //link[@rel='stylesheet']/@href")
    assert not [address for address in loaded if re.match(r"(\w+:)?//|data:", address)]


@pytest.mark.parametrize("template", TEMPLATES)
def test_a_hostile_title_stays_text(template: str) -> None:
    text = draw(template, hostile)
    assert "<script>alert" not in text
    assert "<img src=x" not in text
    assert html.fromstring(text).xpath("string(//h1)") == HOSTILE


@each_case
def test_one_heading_landmarks_and_language(template: str, variety: str) -> None:
    make = VARIETIES[variety]
    page = html.fromstring(draw(template, make))
    assert page.get("lang") == "zh-CN"
    assert [h.text_content() for h in page.xpath("//h1")] == [make(template)["heading"]]
    assert [len(page.xpath(f"//body/{name}")) for name in ("header", "main", "footer")] == [1, 1, 1]
    assert page.xpath("string(//body/*[1][self::a]/@href)") == "#main"
    assert page.xpath("//main/@id") == ["main"]


@each_case
def test_tables_inputs_and_references_are_accessible(template: str, variety: str) -> None:
    page = html.fromstring(draw(template, VARIETIES[variety]))
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))
    assert all(table.xpath("caption") for table in page.xpath("//table"))
    assert not page.xpath("//th[not(@scope)]")
    named = page.xpath("//label/@for | //@aria-labelledby | //@aria-describedby")
    assert {one for names in named for one in names.split()} <= set(ids)
    assert {*page.xpath("//input/@id | //select/@id | //textarea/@id")} == set(page.xpath("//label/@for"))
    assert all(nav.get("aria-label") is not None for nav in page.xpath("//nav"))


@pytest.mark.parametrize("template", TEMPLATES)
def test_an_empty_view_leaves_no_empty_part(template: str) -> None:
    """A column without content is a fault in inspections: its heading goes with it."""
    page = html.fromstring(draw(template, minimal))
    assert not page.xpath("//main//h2 | //main//section | //main//table | //main//dl")
    assert not page.xpath("//main//time")


@each_template
def test_templates_compute_nothing(path: Any) -> None:
    tree = environment(THEME).parse(path.read_text())
    assert {f.name for f in tree.find_all(nodes.Filter)} <= {"length"}
    sums = (nodes.Add, nodes.Sub, nodes.Mul, nodes.Div, nodes.FloorDiv, nodes.Mod, nodes.Pow, nodes.Neg, nodes.Concat)
    assert not list(tree.find_all((*sums, nodes.Slice, nodes.Assign)))
    assert {t.name for t in tree.find_all(nodes.Test)} <= {"none"}


@each_template
def test_every_template_extends_the_base(path: Any) -> None:
    tree = environment(THEME).parse(path.read_text())
    parents = [e.template.as_const() for e in tree.find_all(nodes.Extends)]
    others: dict[str, list[str]] = {"base.html": [], "components.html": []}
    others |= {name: ["document.html"] for name in ("issue.html", "consultation.html")}
    assert parents == others.get(path.name, ["base.html"])


@each_template
def test_every_macro_says_what_it_takes(path: Any) -> None:
    text = path.read_text()
    for name in re.findall(r"{% macro (\w+)\(", text):
        assert f"{{# {name}(" in text


def test_the_foot_has_every_duty() -> None:
    foot = html.fromstring(draw("home")).xpath("//footer")[0]
    for duty in ("主办单位：试验县人民政府", "网站标识码：3299990001", "试ICP备", "试公网安备", "联系电话", "政务热线"):
        assert duty in foot.text_content()
    links = dict(zip((a.text for a in foot.xpath(".//a")), foot.xpath(".//a/@href"), strict=True))
    assert links["党政机关网站标识"] == "https://bszs.conac.cn/sitename?method=show&id=0000"
    address = full("home")["url"]
    assert links["政府网站找错"] == (
        f"https://zfwzgl.www.gov.cn/exposure/jiucuo.html?site_code=3299990001&url={address}"
    )
    assert links["网站地图"] == "/sitemap/"
    own = ("公开台账", "公开规则", "引用的文件", "依申请公开", "互动交流", "核对文件")
    assert [links[n] for n in own] == ["/log/", "/rules/", "/citations/", "/request/", "/interaction/", "/verify/"]


def test_what_the_county_did_not_give_is_left_out_of_the_foot() -> None:
    foot = words(draw("home", minimal), "//footer")
    assert foot == ""


def test_a_document_says_its_source_and_time() -> None:
    byline = words(draw("document"), "//p[@class='byline']")
    assert byline == "来源：试验县人民政府办公室 发布时间：2026-03-03 09:00"


def test_a_repealed_document_says_so_in_words_with_its_successor() -> None:
    assert "已废止 本文件已废止。 试验链接" in words(draw("document"), "//div[contains(@class, 'banner')]")


def test_a_draft_is_marked_and_nothing_else_is() -> None:
    assert "尚未发布" in words(draw("document"))
    assert "尚未发布" in words(draw("issue"))
    assert "尚未发布" not in words(draw("document", draft=False))


def test_a_document_without_body_says_why() -> None:
    assert "本文件没有正文。" not in words(draw("document"))
    text = environment(THEME).get_template("document.html").render(page=full("document"), body=Markup(""))
    assert "本文件没有正文。" in words(text)


def test_what_the_site_does_not_hold_leads_to_the_list_of_such_documents() -> None:
    items = html.fromstring(draw("document")).xpath("//section[contains(@class, 'relations')][1]//li")
    assert [i.xpath("string(a/@href)") for i in items] == ["/pages/about/", "/citations/#n-1"]
    assert "（本站未收录）" in items[1].text_content()


def test_the_annotation_is_the_last_line_of_the_text() -> None:
    (last,) = html.fromstring(draw("document")).xpath("//div[@class='body']/*[last()]")
    assert last.text_content() == "（此件公开发布）"
    assert "（）" not in words(draw("document", annotation=""))


def test_each_cell_of_a_field_with_rows_says_its_label() -> None:
    """A phone shows no header row, and some readers forget the table."""
    (table,) = html.fromstring(draw("document")).xpath("//main//table[contains(@class, 'stack')]")
    assert table.xpath(".//thead//th/text()") == ["意见", "条数"]
    for row in table.xpath("./tbody/tr"):
        assert row.xpath("./*/@data-label") == ["意见", "条数"]
        assert row.xpath("./th/@scope") == ["row"]


def test_the_history_leads_to_the_text_of_then_where_there_is_one() -> None:
    items = html.fromstring(draw("document")).xpath("//section[h2='发布与修改记录']//li")
    assert [i.xpath(".//a/text()") for i in items] == [[], ["当时的文本", "与其后的文本对照"]]
    assert "修改第三条" in items[0].text_content()


def test_a_consultation_leads_to_the_comparison_with_what_came_of_it() -> None:
    wanted = "//main//a[text()='征求意见稿与正式文本对照']/@href"
    assert html.fromstring(draw("document")).xpath(wanted) == ["/consultations/p-1/compare/"]
    assert not html.fromstring(draw("document", compare_url="")).xpath(wanted)


def test_an_earlier_text_says_that_it_is_one_and_leads_to_the_present_one() -> None:
    (banner,) = html.fromstring(draw("version")).xpath("//div[contains(@class, 'banner')]")
    assert "历史文本 这是2026年3月3日的文本，沿用至2026年5月8日，不是现行文本。" in words(draw("version"))
    assert banner.xpath(".//a/@href") == [full("version")[f"{name}_url"] for name in ("current", "compare", "text")]
    assert "后来有修改，不是现行文本" in words(draw("version", until=""))


def test_a_withdrawn_document_says_when_and_why() -> None:
    text = words(draw("tombstone"), "//main")
    for part in ("本文件已撤下", "2026年3月5日", "附件有误，已重新发布", "5" * 64):
        assert part in text


def test_the_log_shows_its_latest_events_and_leads_to_all_of_them() -> None:
    page = html.fromstring(draw("log"))
    assert "共 201 条记录，这里显示最近的 1 条" in page.text_content()
    assert page.xpath("//main//p//a/@href") == ["../log.jsonl", "/feed.atom"]
    assert "还没有记录" in words(draw("log", rows=[]))


def test_rules_and_documents_that_are_cited_can_be_linked_to() -> None:
    assert html.fromstring(draw("rules")).xpath("//tr/@id") == ["GN-06.1"]
    assert html.fromstring(draw("citations")).xpath("//main//li/@id") == ["n-1"]


def test_a_dataset_that_is_given_on_application_says_so() -> None:
    assert "不在网上提供，可以向提供单位申请。开放条件：签订使用协议" in words(draw("dataset", open=False))
    assert "不在网上提供" not in words(draw("dataset"))


def test_the_current_section_and_page_are_marked() -> None:
    page = html.fromstring(draw("list"))
    assert page.xpath("//nav[@aria-label='主导航']//a[@aria-current]/text()") == ["政策文件"]
    assert page.xpath("//nav[@aria-label='翻页']//a[@aria-current='page']/text()") == ["2"]


def test_search_without_script_leads_on() -> None:
    page = html.fromstring(draw("search", minimal, lists=[{"title": "政策文件", "url": "/policies/"}]))
    assert page.xpath("//main//form[@method='get']//input[not(ancestor::*[@hidden])]/@name") == ["q"]
    assert page.xpath("//main//section//a/@href") == ["/policies/"]
    assert "没有找到" not in page.text_content()
    assert "没有找到" in words(draw("search", results=[]))


def test_the_stylesheet_is_small_and_fetches_nothing() -> None:
    css = (THEME / "static/style.css").read_bytes()
    assert len(gzip.compress(css, 9)) <= 10 * 1024
    assert not re.search(rb"url\(|@import|@font-face", css)


def _luminance(colour: str) -> float:
    digits = colour if len(colour) == 6 else "".join(c * 2 for c in colour)
    parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    red, green, blue = (c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, other: str) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


SCHEMES = {
    "light": (r"--(\w+): var\(--day, #(\w+)\)", 4.5),
    "dark": (r"--(\w+): var\(--day, #\w+\) var\(--night, #(\w+)\)", 4.5),
    "high contrast": (r"#colours-high:checked\) \{ (--ink[^}]*)", 7),
}
"""Where the colours of each scheme stand, and how much its texts have to stand out (WCAG 2.2, 1.4.3 and 1.4.6)."""


@pytest.mark.parametrize("scheme", SCHEMES)
def test_text_stands_out_in_every_scheme(scheme: str) -> None:
    pattern, least = SCHEMES[scheme]
    found: Any = re.findall(pattern, (THEME / "static/style.css").read_text())
    colours = dict(re.findall(r"--(\w+): #(\w+)", found[0]) if least > 4.5 else found)
    pairs = [(text, ground) for text in ("ink", "soft", "main", "ok", "warn", "off") for ground in ("paper", "wash")]
    for text, ground in [*pairs, ("on", "main"), *(("ink", ground) for ground in ("mark", "came", "went"))]:
        assert _contrast(colours[text], colours[ground]) >= least, (text, ground)
