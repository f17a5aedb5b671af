"""The one Markdown function: the contract's dialect, safe HTML, canonical text, anchors."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html
from markdown import Markdown
from markdown.extensions.footnotes import FootnoteExtension

from plugins.formats import fragment, markdown, text
from plugins.models.faults import has_errors
from plugins.models.markup import TAGS
from plugins.readers.body import check_body


class Loader:
    """Gives one body."""

    def __init__(self, body: str) -> None:
        self.text = body

    def body(self, _: object) -> str:
        return self.text


def lines(body: str) -> list[str]:
    return text.lines(markdown.tree(body))


def draw(body: str, links: dict[str, str] | None = None) -> dict[str, object]:
    return json.loads(fragment.render({"body": {}, "links": links or {}}, Loader(body)))


def test_typed_list_numbers_are_never_changed() -> None:
    assert lines("1. 甲\n2. 乙\n5. 丙\n\n8. 丁") == ["1. 甲", "2. 乙", "5. 丙", "8. 丁"]
    assert 'value="5"' in markdown.safe_html("1. 甲\n5. 丙")


def test_cells_of_a_table_are_separated_by_tab() -> None:
    assert lines("| 甲 | 乙 |\n|---|---|\n| 1 | 2 |") == ["甲\t乙", "1\t2"]


def test_a_soft_break_between_chinese_characters_is_no_space() -> None:
    assert lines("甲乙\n丙 abc\ndef") == ["甲乙丙 abc def"]


def test_footnotes_are_kept_and_their_marks_are_not_text() -> None:
    assert lines("正文[^1]。\n\n[^1]: 注释。") == ["正文。", "注释。"]
    assert 'id="fn:1"' in str(draw("正文[^1]。\n\n[^1]: 注释。")["html"])


def test_articles_have_stable_anchors_also_where_one_repeats() -> None:
    made = str(draw("第七条 甲。\n\n第二十三条 乙。\n\n第七条 丙。\n\n第八条之一 丁。")["html"])
    assert all(f'id="{name}"' in made for name in ("art-7", "art-23", "art-7-2", "art-8-z1"))


@pytest.mark.parametrize(("written", "value"), [("十", 10), ("十二", 12), ("一百零五", 105), ("二百", 200), ("17", 17)])
def test_chinese_numerals_are_numbers(written: str, value: int) -> None:
    assert fragment.number(written) == value


def test_inner_links_lead_to_addresses_and_others_keep_their_text() -> None:
    made = str(draw("[甲](a.md) [乙](b.md) [丙](https://e.cn/)", {"a.md": "/policies/a/"})["html"])
    assert '<a href="/policies/a/">甲</a> 乙' in made
    assert 'rel="external noopener"' in made


HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt&#58;alert(1))",
    "<svg><script>alert(1)</script></svg>",
    "<a href='data:text/html,x'>x</a>",
    "<style>*{}</style>",
    "<iframe src=//e.cn></iframe>",
    "<form action=//e.cn><input></form>",
    "<p style='position:fixed' onclick=x id=main class=top>x</p>",
    "![x](https://e.cn/t.gif)",
    "<math><mtext></mtext><mglyph><style><img src=x onerror=alert(1)>",
    "<meta http-equiv=refresh content=0>",
    "<base href=//e.cn>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
]


@pytest.mark.parametrize("body", HOSTILE)
def test_hostile_markup_leaves_only_what_is_allowed(body: str) -> None:
    root = html.fragment_fromstring(str(draw(body)["html"]), create_parent="div")
    for element in root.iter():
        assert element.tag in TAGS | {"div"}
        assert not any(name.startswith("on") or name == "style" for name in element.attrib)
        assert not (element.get("href") or "").lower().startswith(("javascript", "data"))
        assert element.get("src") is None


@settings(max_examples=200, deadline=2000)
@given(st.text(alphabet="[]()<>*_`#|-1.\n 第条一a&!\\^:", max_size=300))
def test_a_body_that_passes_the_checks_is_rendered_quickly(body: str) -> None:
    if not has_errors(check_body(body, "x", 1)):
        draw(body)


PIECES = (
    "\n~\n\n~    ~  \n~> ~# ~- ~* ~+ ~1. ~10. ~---~===~|---|---|~| a | b |~[^1]~[^1]: x~[a]: b~[a](b)~**~_~`~\\*~<~<b>"
    "~</b>~<div>~</div>~<BR/>~<!-- x -->~&amp;~&~第一条~正文~。~2~\t~\x02~\x03~\u2028~\x0b~\u3000"
).split("~")


@settings(max_examples=400, deadline=2000)
@given(
    st.text(alphabet="[]()<>*_`#|-1.\n 第一条a&!\\\\^:：/ ", max_size=200)
    | st.lists(st.sampled_from(PIECES), max_size=40).map("".join)
)
def test_the_quick_ways_of_the_engine_change_no_result(body: str) -> None:
    stock = Markdown(
        extensions=["tables", "sane_lists", FootnoteExtension(BACKLINK_TITLE="返回正文", SEPARATOR=":")],
        output_format="html",
    )
    quick = markdown._engine()
    number = re.compile(r'<li value="\d+">')
    assert number.sub("<li>", quick.convert(body)) == stock.convert(body)


def test_twenty_thousand_brackets_are_refused_before_the_engine_sees_them() -> None:
    assert [f.code for f in check_body("[" * 20_000, "x", 1)] == ["B101"]
    assert [f.code for f in check_body("> " * 60 + "x", "x", 1)] == ["B102"]


def test_a_cell_stays_on_the_line_of_its_row() -> None:
    """A line break inside a cell is a space in the canonical text."""
    root = markdown.tree("| 甲<br>乙 | 丙 |\n| --- | --- |\n| 1 | 2 |")
    assert text.lines(root) == ["甲 乙\t丙", "1\t2"]


def test_numbers_of_a_raw_list_count_on() -> None:
    root = markdown.tree("<ol start=5><li>甲</li><li value=9>乙</li><li>丙</li></ol>")
    assert text.lines(root) == ["5. 甲", "9. 乙", "10. 丙"]


def test_an_item_without_words_keeps_its_number_to_itself() -> None:
    """Neither is the number lost, nor does it stand before the paragraph that follows the list."""
    assert lines("<ol><li>甲</li><li></li></ol><p>后文</p>") == ["1. 甲", "2.", "后文"]
    assert lines("<ol><li><ul><li>点</li></ul></li></ol>") == ["1.", "点"]


def test_numbers_of_a_list_in_a_cell_stand_in_the_row() -> None:
    (row,) = lines("<table><tr><td><ol><li>甲</li><li>乙</li></ol></td><td>丙</td></tr></table>")
    assert [cell.split() for cell in row.split("\t")] == [["1.", "甲", "2.", "乙"], ["丙"]]


def test_the_number_of_an_item_that_is_code_stands_before_it() -> None:
    assert lines("<ol><li><pre>a\nb</pre></li></ol><p>后文</p>") == ["1. a", "b", "后文"]
