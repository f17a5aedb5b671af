"""The form of a request in a real browser: what it refuses, what it makes, and that nothing leaves it unasked."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from lxml import html
from pypdf import PdfReader
from stdnum.cn import uscc
from stdnum.iso7064 import mod_11_2

from benchmarks.search_browser import Browser, Page
from plugins.views.headers import answers, as_headers
from tests.conftest import ROOT
from tests.judging import MODES, RUN, UNFOLD, WIDER, shown
from tests.participation.conftest import taking_part
from tests.participation.takes import Takes
from tests.served import Served
from tests.small import Small

pytestmark = pytest.mark.slow
READY = """new Promise((done) => {
  const look = () => (document.getElementById("request")?.hidden === false ? done() : setTimeout(look, 10));
  look();
})"""
PERSON = {
    "organ": "xzfb",
    "person": True,
    "name": "张某",
    "number": "32999919900307003" + mod_11_2.calc_check_digit("32999919900307003"),
    "phone": "0000-88001160",
    "paper": True,
    "post": True,
    "address": "<b>文化路</b>1号",
    "postcode": "000000",
    "description": "2025年城乡公交\n票价方案的成本监审结论",
}
"""Made up: an area that has such numbers, a day, a sequence, and the digit that belongs to them."""
OTHER = "1" if str(PERSON["number"])[-1] != "1" else "2"
BODY = {
    "organ": "fgj",
    "body": True,
    "title": "试验合作社",
    "kind": "其他",
    "code": "93329999MA1TEUT00" + uscc.calc_check_digit("93329999MA1TEUT00"),
    "head": "李某",
    "contact": "王某",
    "phone": "12345678",
    "electronic": True,
    "mail": True,
    "email": "a@example.cn",
    "description": "水库水位",
}


class Form:
    """The page with its form."""

    def __init__(self, browser: Browser, address: str, query: str = "") -> None:
        self.browser, self.address = browser, address
        browser.events.clear()
        self.page = Page(browser, f"{address}/request/{query}", ("Log", "Runtime", "Network", "Page"))
        self.page.ask(READY)

    def type(self, values: dict[str, Any]) -> None:
        """Fills controls, by id; True chooses one."""
        self.page.ask(f"""for (const [name, value] of Object.entries({json.dumps(values)})) {{
          const one = document.getElementById(`request-${{name}}`);
          if (value === true) one.click(); else one.value = value;
          one.dispatchEvent(new Event("input", {{bubbles: true}}));
        }}""")

    def submit(self, values: dict[str, Any]) -> list[str]:
        """Fills, submits; what is to be put right."""
        self.type(values)
        self.page.ask("document.getElementById('request-form').requestSubmit()")
        return self.texts("#request-summary li")

    def texts(self, selector: str) -> list[str]:
        """The texts of elements."""
        chosen = f"document.querySelectorAll({json.dumps(selector)})"
        found: list[str] = self.page.ask(f"[...{chosen}].map((e) => e.textContent)")
        return found

    def ask(self, expression: str) -> Any:
        return self.page.ask(expression)

    def cells(self) -> dict[str, str]:
        """The sheet."""
        names = self.ask("[...document.querySelectorAll('#sheet [data-cell]')].map((e) => e.dataset.cell)")
        return dict(zip(names, self.texts("#sheet [data-cell]"), strict=True))

    def asked(self) -> list[tuple[str, str]]:
        """Method and address of every request, below the host where it is ours."""
        sent = [e["params"]["request"] for e in self.browser.events if e.get("method") == "Network.requestWillBeSent"]
        return [(r["method"], r["url"].removeprefix(self.address)) for r in sent]


@pytest.fixture
def form(browser: Browser, host: Served) -> Iterator[Form]:
    made = Form(browser, host.address)
    yield made
    made.page.close()


def test_what_is_missing_is_said_above_and_beside_each_field(form: Form) -> None:
    said = form.submit({"number": "1"})
    assert said[:2] == ["请选择受理的机关", "请选择申请人是公民，还是法人或者其他组织"]
    assert form.ask("document.activeElement.id") == "request-summary"
    assert form.ask("document.title").startswith("错误：")
    assert form.ask("document.getElementById('request-done').hidden")
    beside = "[...document.querySelectorAll('.fault')].filter((e) => !e.hidden).map((e) => e.textContent)"
    assert sorted(form.ask(beside)) == sorted(said)
    told = """[...document.querySelectorAll("[aria-invalid]")].filter((e) => {
      const group = e.type === "radio" ? e.closest("fieldset") : e;
      return group.getAttribute("aria-describedby").split(" ").some((id) => document.getElementById(id).textContent);
    }).map((e) => e.id.replace("request-", ""))"""
    radios = ["person", "body", "paper", "electronic", "post", "mail", "person-collects"]
    assert sorted(form.ask(told)) == sorted(["organ", "phone", "description", *radios])
    form.ask("document.querySelector('#request-summary a').click()")
    assert form.ask("document.activeElement.id") == "request-organ"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"number": "32999919900307"}, "身份证号码应当是 18 位"),
        ({"number": "32999919900307003A"}, "身份证号码只有数字，最后一位可以是 X"),
        ({"number": "329999199002300039"}, "身份证号码中的出生日期不对"),
        ({"number": "329999299003070038"}, "身份证号码中的出生日期不对"),
        (
            {"number": f"{PERSON['number'][:-1]}{OTHER}"},
            "身份证号码的校验位不对，请逐位核对",
        ),
        ({"phone": "请打电话"}, "联系电话只写数字、空格和连字符，至少 7 位"),
        ({"postcode": "12345"}, "邮政编码应当是 6 位数字"),
        ({"address": ""}, "请填写通信地址"),
        ({"mail": True}, "请填写电子邮箱"),
        ({"email": "a@b.cn?bcc=evil@example.org"}, "电子邮箱的写法不对，应当形如 name@example.cn"),
        ({"description": " \n"}, "请写明所需信息的内容"),
    ],
)
def test_one_mistake_is_the_only_thing_that_is_said(form: Form, changes: dict[str, Any], said: str) -> None:
    assert form.submit(PERSON | changes) == [said]


def test_another_paper_has_a_number_of_its_own_form(form: Form) -> None:
    assert form.submit(PERSON | {"identity": "护照", "number": "E00000000"}) == []


def test_an_organisation_gives_what_belongs_to_it(form: Form) -> None:
    assert form.submit({"body": True}) != []
    assert form.submit(BODY | {"code": BODY["code"][:-1] + "I"})[0].startswith("统一社会信用代码只有数字和大写字母")
    assert form.submit(BODY | {"code": BODY["code"].lower()}) == []
    cells = form.cells()
    assert cells["title"] == "试验合作社"
    assert cells["code"] == BODY["code"]
    assert cells["name"] == cells["number"] == cells["identity"] == ""
    marked = [words.strip() for words in form.texts("#sheet .picked") if "☑" in words]
    assert marked == ["☑ 其他", "☑ 电子", "☑ 电子邮件"]


def test_numbers_are_judged_as_another_program_judges_them(form: Form) -> None:
    """Every last sign of a few numbers, before python-stdnum and in the page."""
    ids = [f"{PERSON['number'][:-1]}{sign}" for sign in "0123456789X"]
    codes = [
        f"{head}{sign}"
        for head in ("93329999MA1TEUT00", "11329999014300000", "91329999134767566")
        for sign in uscc._alphabet
    ]
    found = form.ask(f"""import("/static/request-check.js").then((check) => [
      {json.dumps(ids)}.map((one) => check.residentId(one) === ""),
      {json.dumps(codes)}.map((one) => check.creditCode(one) === "")])""")
    assert found == [[mod_11_2.is_valid(one) for one in ids], [uscc.is_valid(one) for one in codes]]
    assert sum(found[0]) == 1
    assert sum(found[1]) == 3


def test_a_filled_form_is_a_sheet_and_a_letter_and_nothing_leaves(form: Form) -> None:
    assert form.submit(PERSON) == []
    assert form.ask("document.activeElement.id") == "request-done-title"
    cells = form.cells()
    assert cells["address"] == "<b>文化路</b>1号"
    assert cells["description"] == PERSON["description"]
    assert form.ask("document.querySelectorAll('#sheet b').length") == 0
    link = form.ask("document.getElementById('request-letter').href")
    told = parse_qs(urlsplit(link).query)
    assert urlsplit(link).path == "sq@example.gov.cn"
    assert told["subject"] == ["政府信息公开申请：张某"]
    assert f"证件号码：{PERSON['number']}\r\n" in told["body"][0]
    assert told["body"][0].replace("\r\n", "\n") == form.ask("document.getElementById('request-words').value")
    assert {method for method, _ in form.asked()} == {"GET"}
    assert all(url.startswith(("/request/", "/static/", "/favicon")) for _, url in form.asked())
    stored = "[document.cookie, localStorage.length, sessionStorage.length, location.search, location.hash].join()"
    assert form.ask(stored) == ",0,0,,"
    assert form.ask("indexedDB.databases().then((found) => found.length)") == 0


def test_an_organ_without_a_mailbox_is_offered_no_letter(form: Form) -> None:
    assert form.submit(PERSON | {"organ": "fgj"}) == []
    assert form.ask("document.getElementById('request-letter').checkVisibility()") is False
    assert "没有公布电子邮箱" in form.ask("document.getElementById('request-where').textContent")


def test_a_change_takes_back_what_was_made_of_the_earlier_values(form: Form) -> None:
    assert form.submit(PERSON) == []
    form.type({"name": "别人"})
    assert form.ask("document.getElementById('request-done').hidden")
    assert set(form.cells().values()) == {""}


def test_emptying_leaves_nothing(form: Form) -> None:
    assert form.submit(PERSON) == []
    form.ask("document.getElementById('request-clear').click()")
    assert set(form.cells().values()) == {""}
    typed = "#request-form :is(input:not([type=radio]), textarea)"
    assert form.ask(f"[...document.querySelectorAll('{typed}')].map((e) => e.value).join('')") == ""
    assert form.ask("document.querySelector('#request-form :checked[type=radio]')") is None
    assert form.ask("document.getElementById('request-organ').value") == ""


@pytest.mark.parametrize("values", [{"person": True}, {"body": True}, PERSON], ids=["person", "body", "filled"])
def test_everyone_can_use_what_the_script_shows(form: Form, axe: str, values: dict[str, Any]) -> None:
    form.submit(values)
    form.ask(axe + ";0")
    form.ask(UNFOLD)
    found = {}
    for mode, reader in MODES.items():
        shown(form.page, **reader)
        found[mode] = form.ask(RUN) + ([["wider", WIDER]] if form.ask(WIDER) > 0 else [])
    assert found == {mode: [] for mode in MODES}


@pytest.mark.parametrize("attack", ["none", "xzf", '"><img src=x>', "../xzfb"])
def test_only_an_organ_of_the_list_can_be_chosen_by_the_address(browser: Browser, host: Served, attack: str) -> None:
    made = Form(browser, host.address, f"?organ={attack}")
    assert made.ask("document.getElementById('request-organ').value") == ""
    made.page.close()


def test_the_page_of_an_organ_leads_to_the_form_with_it_chosen(browser: Browser, host: Served, part: Path) -> None:
    (url,) = html.parse(str(part / "organisations/xzfb/index.html")).xpath("//main//a[text()='填写申请表']/@href")
    made = Form(browser, host.address, url.removeprefix("/request/"))
    assert made.ask("document.getElementById('request-organ').value") == "xzfb"
    assert "政务公开科" in made.ask("document.getElementById('request-organ-facts').textContent")
    made.page.close()


def printed(form: Form, file: Path) -> list[str]:
    """The pages on paper, as text without white space and page number."""
    file.write_bytes(form.page.pdf())
    return ["".join(page.extract_text().split()).lstrip("0123456789") for page in PdfReader(file).pages]


@pytest.mark.usefixtures("chinese_font")
def test_a_filled_sheet_is_one_page_and_an_empty_one_stands_on_its_own(form: Form, tmp_path: Path) -> None:
    pages = printed(form, tmp_path / "empty.pdf")
    assert len(pages) > 1
    (sheet,) = [page for page in pages if "申请人签名或者盖章" in page]
    assert sheet.startswith("政府信息公开申请表")
    long = {"description": "关于城乡公交票价的成本监审结论和听证报告" * 12, "purpose": "研究" * 20}
    assert form.submit(PERSON | long) == []
    (page,) = printed(form, tmp_path / "filled.pdf")
    assert page.startswith("政府信息公开申请表")
    for words in ("张某", PERSON["number"], "☑邮寄", "□电子邮件", "请附身份证明"):
        assert words in page
    assert "怎样申请" not in page


def test_without_script_there_is_a_guide_and_an_empty_sheet(browser: Browser, host: Served) -> None:
    page = Page(browser, "about:blank", ("Network",))
    page.call("Emulation.setScriptExecutionDisabled", value=True)
    page.go(f"{host.address}/request/")
    words = page.ask("document.body.innerText")
    for part in ("20 个工作日", "7 个工作日", "打印本页的空白申请表", "申请人签名或者盖章", "0000-88001024"):
        assert part in words
    assert "生成申请表" not in words
    page.close()


def test_a_site_that_says_nothing_of_requests_lists_every_organ_that_the_law_binds(tmp_path: Path) -> None:
    small = Small(tmp_path / "site").least()
    assert small.build() == 0
    tree = html.parse(str(small.output / "request/index.html"))
    assert tree.xpath("//select[@id='request-organ']/option/@value") == ["", "xzf", "xzfb", "fgj"]


# Where the site's owner names a system that takes requests in.


def test_the_page_of_the_form_alone_may_speak_to_the_system() -> None:
    found = {
        a.place: a.headers["Content-Security-Policy"] for a in answers("", "/a", (), "https://sq.example.gov.cn/b")
    }
    assert "connect-src 'self' https://sq.example.gov.cn" in found["/a/request/*"]
    assert [place for place, policy in found.items() if "sq.example" in policy] == ["/a/request/*"]
    assert "! Content-Security-Policy" in as_headers(answers("", "", (), "https://sq.example.gov.cn/b"))
    both = {a.place: a.headers["Content-Security-Policy"] for a in answers("https://e.cn/i", "", (), "https://s.cn/b")}
    assert both["/request/*"].endswith("connect-src 'self' https://e.cn https://s.cn")


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Takes]:
    """The system, on this machine."""
    made = Takes(tmp_path_factory.mktemp("system"))
    yield made
    made.close()


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, system: Takes) -> Iterator[Served]:
    """A site that names it."""
    small = taking_part(
        Small(tmp_path_factory.mktemp("endpoint") / "site").least(), f"request_endpoint: {system.address}\n"
    )
    assert small.build() == 0
    with Served(small.output.resolve()) as made:
        yield made


@pytest.fixture
def sending(browser: Browser, served: Served, system: Takes) -> Iterator[Form]:
    system.taken.clear()
    made = Form(browser, served.address)
    made.page.call("Security.setIgnoreCertificateErrors", ignore=True)
    assert made.submit(PERSON) == []
    yield made
    made.page.close()


def told(form: Form) -> str:
    """Presses the button, waits, what is said."""
    form.ask("document.getElementById('request-send').click()")
    form.ask("""new Promise((done) => {
      const at = document.getElementById("request-told");
      const look = () => (at.textContent && !at.textContent.endsWith("……") ? done() : setTimeout(look, 20));
      look();
    })""")
    said: str = form.ask("document.getElementById('request-told').textContent")
    return said


def test_the_system_gets_what_was_typed_once_the_button_says_so(sending: Form, system: Takes) -> None:
    assert system.taken == []
    system.answer = (201, '{"receipt": "2026-<b>17</b>"}')
    assert "已经收到，回执号 2026-<b>17</b>，请记下" in told(sending)
    (headers, body) = system.taken[0]
    taken = json.loads(body)
    assert taken["organ"] == {"id": "xzfb", "name": "县政府办公室"}
    assert {key: taken[key] for key in ("name", "number", "description")} == {
        key: PERSON[key] for key in ("name", "number", "description")
    }
    assert "purpose" not in taken
    assert headers.get("Cookie") is None
    assert headers.get("Referer") is None
    assert sending.ask("document.getElementById('request-send').disabled")
    sending.type({"phone": "0000-88001161"})
    assert "回执号 2026-<b>17</b>" in sending.ask("document.getElementById('request-told').innerText")


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ((200, "not json"), "没有给出回执号，请留意受理机构的答复"),
        ((200, '{"receipt": {"a": 1}}'), "没有给出回执号"),
        ((500, ""), "没有接受（代码 500）。可以再试一次"),
        ((302, ""), "没有给出可以读取的回答，不能确定是否收到。请先向受理机构询问"),
    ],
)
def test_what_came_back_is_said_plainly(sending: Form, system: Takes, answer: tuple[int, str], said: str) -> None:
    system.answer = answer
    assert said in told(sending)
    assert len(system.taken) == 1


def test_nothing_changes_in_the_form_while_it_is_sent(sending: Form, system: Takes) -> None:
    """The answer would else be told of values that were not sent."""
    system.answer = (200, "{}")
    sending.ask("document.getElementById('request-send').click()")
    assert sending.ask("document.getElementById('request-form').inert") is True
    sending.page.wait("!document.getElementById('request-form').inert")
    assert "已经收到" in sending.ask("document.getElementById('request-told').textContent")


def test_there_is_no_button_where_no_system_is_named(form: Form) -> None:
    assert form.submit(PERSON) == []
    assert form.ask("document.getElementById('request-send')") is None


def test_the_checks_run_outside_a_browser_too() -> None:
    """Whoever takes requests in may use the same module."""
    if not shutil.which("node"):
        assert os.environ.get("CI") != "true", "node is required here"
        pytest.skip("node is absent")
    code = "import('./theme/static/request-check.js').then((c) => console.log(c.creditCode('1'), c.residentId('1')))"
    done = subprocess.run(["node", "-e", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "统一社会信用代码应当是 18 位 身份证号码应当是 18 位"
