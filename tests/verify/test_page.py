"""The page /verify/ in a real browser: what it proves, what it does not, and that nothing leaves it."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from benchmarks.search_browser import Browser, Page
from plugins.views.verifying import _lists
from tests.served import Served
from tests.verify.conftest import ARTICLES, TITLE, WITHDRAWN

pytestmark = pytest.mark.slow
SETTLED = """new Promise((done) => {
  const box = document.getElementById("verify-answer");
  const look = () => (box.getAttribute("aria-busy") ? setTimeout(look, 10) : done());
  setTimeout(look, 30);
})"""
FILES = """(async () => {
  const given = new DataTransfer();
  for (const [name, text] of %s) given.items.add(new File([Uint8Array.from(atob(text), (c) => c.charCodeAt(0))], name));
  %s
})()"""
CHOSEN = """const input = document.getElementById("verify-files");
  input.files = given.files; input.dispatchEvent(new Event("change"));"""
DROPPED = """document.getElementById("verify-drop").dispatchEvent(
    new DragEvent("drop", {dataTransfer: given, bubbles: true, cancelable: true}));"""
WHOLE = f"{TITLE}\n\n" + ARTICLES.replace("\n\n", "\n") + "\n"
ISSUED = "公报正文，一期。\n"


class Verifying:
    """The page, what it says, and what it asked of whom."""

    def __init__(self, browser: Browser, address: str, query: str = "") -> None:
        self.address, self.browser = address, browser
        browser.events.clear()
        self.page = Page(browser, f"{address}/verify/{query}", ("Log", "Runtime", "Network"))
        self.page.ask(SETTLED)

    def paste(self, text: str) -> str:
        """Pastes a text; the answer."""
        return self.do(f"document.getElementById('verify-text').value = {json.dumps(text)}", press="verify-check")

    def find(self, typed: str) -> str:
        """Types a number, address or hash and sends the form; the answer."""
        return self.do(
            f"document.getElementById('verify-which').value = {json.dumps(typed)}",
            "document.getElementById('verify-form').requestSubmit()",
        )

    def give(self, *files: tuple[str, bytes], how: str = CHOSEN) -> str:
        """Chooses or drops files; the answer."""
        import base64

        given = json.dumps([[name, base64.b64encode(data).decode()] for name, data in files])
        return self.do(FILES % (given, how))

    def do(self, *steps: str, press: str = "") -> str:
        """Does these; the answer, all of it."""
        for step in (*steps, *([f"document.getElementById('{press}').click()"] if press else [])):
            self.page.ask(step)
        self.page.ask(SETTLED)
        return self.answer()

    def answer(self) -> str:
        """What the answer says, in one line."""
        text: str = self.page.ask("document.getElementById('verify-answer').innerText.replace(/\\s+/g, ' ')")
        return text

    def level(self) -> str:
        """ok, warn, off or nothing."""
        name: str = self.page.ask("document.getElementById('verify-answer').className")
        return name.removeprefix("answer").strip()

    def asked(self) -> list[tuple[str, str]]:
        """Method and address of everything that was asked for since the page was opened, below the host."""
        found = []
        for event in self.browser.events:
            if event.get("method") == "Network.requestWillBeSent":
                request = event["params"]["request"]
                assert "postData" not in request
                found.append((request["method"], request["url"].removeprefix(self.address)))
        return found

    def await_icon(self) -> None:
        """The browser asks for it when it likes, also after all that the page does."""
        for _ in range(1000):
            if ("GET", "/static/icon.svg") in self.asked():
                return
            self.page.ask("new Promise((done) => setTimeout(done, 10))")
        raise TimeoutError("icon.svg")

    def own(self) -> list[str]:
        """What was asked for besides the page, its style and scripts."""
        assert {method for method, _ in self.asked()} == {"GET"}
        plain = ("/verify/?", "/static/", "/favicon", "/verify/qr.svg")
        return [url for _, url in self.asked() if not url.startswith(plain) and url != "/verify/"]

    def wrong(self) -> list[Any]:
        """Errors that the browser told of, a missing icon left out."""
        names = {"Log.entryAdded", "Runtime.exceptionThrown"}
        found = [e for e in self.browser.events if e.get("method") in names and "favicon" not in json.dumps(e)]
        return [e for e in found if e.get("params", {}).get("entry", {}).get("level", "error") == "error"]


@pytest.fixture
def page(browser: Browser, host: Served) -> Iterator[Verifying]:
    made = Verifying(browser, host.address)
    yield made
    assert made.wrong() == []
    made.page.close()


def first(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def test_a_whole_text_is_proved_and_named(page: Verifying, site: Path) -> None:
    text = (site / "policies/2026/a/index.txt").read_text()
    assert text == WHOLE
    said = page.paste(text)
    assert said.startswith(f"一致：这文字是《{TITLE}》（试政发〔2026〕3号）当前公布的文本。")
    assert page.level() == "ok"
    groups = " ".join(first(text)[i : i + 4] for i in range(0, 64, 4))
    assert groups in said
    assert page.page.ask("document.querySelector('#verify-found a').getAttribute('href')") == "/policies/2026/a/"


def test_what_is_copied_from_the_web_page_is_proved(page: Verifying, browser: Browser, host: Served) -> None:
    """Title and text as a browser copies them, with the annotation at the end."""
    shown = Page(browser, f"{host.address}/policies/2026/a/")
    copied = shown.ask("document.querySelector('h1').innerText + '\\n' + document.querySelector('.body').innerText")
    shown.close()
    assert "（此件公开发布）" in copied
    assert page.paste(copied).startswith("一致")
    assert "已不计" in page.answer()


def test_one_changed_character_is_not_proved(page: Verifying) -> None:
    assert page.paste(WHOLE.replace("第七条的内容", "第七条的內容")).startswith("没有找到")
    assert page.level() == "off"


def test_where_a_changed_text_differs_is_shown_once_the_document_is_chosen(page: Verifying) -> None:
    assert page.find("试政发[2026]第3号").startswith("已选定")
    assert page.level() == ""
    assert page.paste(WHOLE.replace("第七条的内容", "第七条的內容")).startswith("不一致")
    assert page.page.ask("document.querySelector('#verify-found mark').textContent") == "內容，与别的条款不同。"


def test_a_part_is_found_with_its_article(page: Verifying) -> None:
    page.find("policies/2026/a")
    said = page.paste("这是第五条的内容")
    assert said.startswith(f"这段文字逐字出现在《{TITLE}》的第五条中。")
    assert "不证明它前后的文字" in said


def test_the_body_without_its_title_is_said_to_be_that(page: Verifying) -> None:
    page.find("/policies/2026/a/")
    assert page.paste(ARTICLES).startswith("正文一致")


def test_an_earlier_text_is_said_to_be_one(page: Verifying) -> None:
    said = page.paste("后来修改的办法\n\n第一条 为了试验，制定本办法。\n")
    assert "《后来修改的办法》自2026年3月3日至2026年5月1日公布的历史文本，不是当前文本" in said
    assert page.level() == "warn"


def test_a_withdrawn_text_leads_to_its_tombstone_and_no_further(page: Verifying) -> None:
    said = page.paste(f"撤下的办法\n\n{WITHDRAWN}\n")
    assert "撤下前的文本，本站已不再公布" in said
    assert page.level() == "off"
    assert page.page.ask("document.querySelector('#verify-found a').getAttribute('href')") == "/policies/2026/c/"
    assert "已经撤下" in page.find("试政发〔2026〕4号")


@pytest.mark.parametrize("how", [CHOSEN, DROPPED], ids=["chosen", "dropped"])
def test_a_file_is_proved(page: Verifying, site: Path, how: str) -> None:
    data = (site / "policies/2026/a/index.txt").read_bytes()
    assert page.give(("any name.txt", data), how=how).startswith("一致：这个文件是")


def test_a_file_saved_by_another_editor_is_proved_by_its_text(page: Verifying) -> None:
    said = page.give(("a.txt", ("\ufeff" + WHOLE.replace("\n", "\r\n")).encode()))
    assert said.startswith("一致：这个文件的文字是")
    assert "不计换行方式" in said


def test_a_file_of_a_data_set_is_proved(page: Verifying, site: Path) -> None:
    said = page.give(("t.csv", (site / "datasets/powers/powers.csv").read_bytes()))
    assert "数据集《数据包 powers》的文件 powers.csv" in said


def test_a_file_with_one_changed_byte_is_not_proved(page: Verifying, site: Path) -> None:
    data = bytearray((site / "datasets/powers/files/powers.xlsx").read_bytes())
    data[len(data) // 2] ^= 1
    assert page.give(("t.xlsx", bytes(data))).startswith("没有找到")


def test_a_file_of_an_issue_is_proved_and_named(browser: Browser, site: Path, tmp_path: Path) -> None:
    """The line is one that the build writes for what `freeze` laid beside the issue."""
    folder = tmp_path / "site"
    shutil.copytree(site, folder)
    path = folder / "verify/hashes/all.txt"
    line = f"{first(ISSUED)}  gazette/2026-01/2026-01.pdf  公报文件\t试验县公报2026年第1号 PDF\n"
    text = path.read_text() + line
    path.unlink()
    path.write_text(text)
    with Served(folder) as host:
        page = Verifying(browser, host.address)
        assert page.give(("x.pdf", ISSUED.encode())).startswith("一致：这个文件是公报文件：试验县公报2026年第1号 PDF。")
        assert page.page.ask("document.querySelector('#verify-found a').getAttribute('href')") == "/gazette/2026-01/"


def test_an_answer_that_comes_late_does_not_replace_a_later_one(page: Verifying) -> None:
    """The first question waits for its list, the second needs none."""
    said = page.do(
        "document.getElementById('verify-text').value = '甲'; document.getElementById('verify-check').click();"
        "document.getElementById('verify-which').value = 'abcde';"
        "document.getElementById('verify-form').requestSubmit()",
        "new Promise((r) => setTimeout(r, 300))",
    )
    assert said == "校验值请至少输入前 8 位。"


def test_several_files_are_told_apart(page: Verifying, site: Path) -> None:
    data = (site / "datasets/powers/powers.csv").read_bytes()
    said = page.give(("a.csv", data), ("b.csv", data + b"x"))
    assert said.startswith("2 个文件中，1 个与本站公布的一致")
    assert "b.csv——没有找到" in said


def test_the_first_eight_digits_of_a_printed_hash_find_the_text(page: Verifying) -> None:
    digest = first(WHOLE)
    typed = f"{digest[:4]} {digest[4:8]}".upper()
    assert page.find(typed).startswith(f"已选定：《{TITLE}》")
    assert page.find("0" * 8).startswith("没有找到")
    assert page.find(digest[:7]) == "校验值请至少输入前 8 位。"


def test_who_comes_from_a_document_has_it_chosen(browser: Browser, host: Served) -> None:
    page = Verifying(browser, host.address, "?page=policies/2026/a")
    assert page.answer().startswith(f"已选定：《{TITLE}》")
    assert page.paste("这是第五条的内容").startswith("这段文字逐字出现在")
    assert page.own() == ["/policies/2026/a/index.txt", "/verify/hashes/all.txt"]


@pytest.mark.parametrize(
    "asked",
    [
        "../../../etc/passwd",
        "policies/2026/../../log",
        "https://evil.example/x",
        "//evil.example/x",
        "%2e%2e/a",
        "policies/2026/a?x",
        "<script>alert(1)</script>",
        "",
        "a" * 100_000,
    ],
    ids=[
        "traversal",
        "traversal inside",
        "foreign",
        "foreign without scheme",
        "encoded",
        "query",
        "markup",
        "empty",
        "long",
    ],
)
def test_an_address_that_is_none_of_ours_asks_for_nothing(browser: Browser, host: Served, asked: str) -> None:
    """In ?page=, which anyone can put into a link."""
    from urllib.parse import quote

    query = quote(asked, safe="")[:60_000]
    page = Verifying(browser, host.address, f"?page={query}")
    assert page.own() == []
    assert page.answer() == "网址里的文件名不对，没有查找。"
    assert page.page.ask("document.querySelectorAll('#verify-answer :is(script, img, iframe)').length") == 0


@pytest.mark.parametrize(
    "typed", ["https://evil.example/policies/2026/a/", "javascript:alert(1)", "//evil.example/a/b"]
)
def test_a_foreign_address_that_is_typed_is_refused(page: Verifying, typed: str) -> None:
    assert page.find(typed) == "这不是本站的网址。"
    assert page.own() == []


def test_an_address_of_this_site_chooses_its_text(page: Verifying) -> None:
    """As it was printed (the site's own host) and as the browser shows it."""
    for home in ("http://127.0.0.1:8000", page.address):
        assert page.find(f"{home}/policies/2026/a/#art-3").startswith("已选定")


def test_a_megabyte_of_control_characters_and_markup_stays_text(page: Verifying) -> None:
    attack = "q<script>document.title='taken'</script><img src=x onerror=\"document.title='taken'\">\u202e\x07\u200b\n"
    title = page.page.ask("document.title")
    said = page.paste(attack * (1_000_000 // len(attack)))
    assert said.startswith("没有找到")
    assert "看不见的字符" in said
    page.find("policies/2026/a")
    assert page.paste(attack * (1_000_000 // len(attack))).startswith("不一致")
    assert page.paste(attack).startswith("不一致")
    assert page.page.ask("document.querySelectorAll('#verify-found :is(script, img, b)').length") == 0
    page.give(("<img src=x>.csv", b"a"), ("<b>b</b>", b"b"))
    assert "<img src=x>.csv——没有找到" in page.answer()
    assert page.page.ask("document.title") == title
    assert page.page.ask("document.querySelectorAll('#verify-found :is(script, img)').length") == 0


def test_a_title_with_markup_stays_text(page: Verifying) -> None:
    page.find("policies/2026/a")
    assert page.page.ask("document.querySelectorAll('#verify-answer b').length") == 0


def test_nothing_that_was_typed_leaves_but_the_digits_that_name_a_list(
    browser: Browser, site: Path, tmp_path: Path
) -> None:
    """The same site with lists of one digit, as sites of more than 500 lines have."""
    folder = tmp_path / "site"
    shutil.copytree(site, folder)
    for kind in ("hashes", "numbers"):
        lines = (folder / f"verify/{kind}/all.txt").read_text().splitlines(keepends=True)
        (folder / f"verify/{kind}/all.txt").unlink()
        for job in _lists(f"verify/{kind}/", lines, 1):
            (folder / job.path).write_text(job.view["text"])
    index = folder / "verify/index.html"
    index.chmod(0o644)
    text = index.read_text().replace('digits="0"', 'digits="1"')
    index.unlink()
    index.write_text(text)
    secret = "一段不该离开浏览器的文字"
    with Served(folder) as host:
        page = Verifying(browser, host.address)
        page.paste(secret)
        page.give(("秘密.pdf", secret.encode()))
        page.find("密政发〔2026〕77号")
        assert page.find("试政发〔2026〕3号").startswith("已选定")
        assert page.paste(WHOLE).startswith("一致")
    digests = {first(secret + "\n"), first(f"{secret}\n\n"), first(secret), first(WHOLE)}
    numbers = {first("密政发202677"), first("试政发20263")}
    wanted = {f"/verify/hashes/{d[0]}.txt" for d in digests} | {f"/verify/numbers/{d[0]}.txt" for d in numbers}
    assert set(page.own()) <= wanted | {"/policies/2026/a/index.txt"}
    assert len(set(page.own())) >= 3


def sums(*files: tuple[str, bytes]) -> bytes:
    """A list as sha256sum writes it."""
    return "".join(f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in files).encode()


def test_files_with_their_list_are_proved_without_any_request(browser: Browser, site: Path, tmp_path: Path) -> None:
    """The host is gone after the page was loaded."""
    with Served(site) as host:
        page = Verifying(browser, host.address)
        page.await_icon()
    before = len(page.asked())
    book = [("2026-01.pdf", b"%PDF-1.7 \x00"), ("2026-01.txt", ISSUED.encode()), ("texts/policies/2026/a.txt", b"a\n")]
    said = page.give(("manifest.txt", sums(*book)), *[(n.split("/")[-1], d) for n, d in book], how=DROPPED)
    assert said.startswith("一致：3 个文件都与清单相符。")
    assert "没有向任何服务器发出请求" in said
    assert page.level() == "ok"
    said = page.give(("SHA256SUMS", sums(*book)), ("2026-01.pdf", b"%PDF-1.7 \x01"), ("other", b"x"))
    assert said.startswith("1 个不一致，1 个不在清单中。")
    assert "清单里还有 2 个文件这次没有放进来" in said
    assert page.level() == "off"
    assert len(page.asked()) == before
    assert page.paste(WHOLE).startswith("没有取到本站的清单")
    assert page.level() == "warn"


def test_without_https_the_page_reckons_itself(browser: Browser, host: Served) -> None:
    """0.0.0.0 leads to this machine, and no browser trusts it as one."""
    page = Verifying(browser, host.address.replace("127.0.0.1", "0.0.0.0"))
    assert page.page.ask("isSecureContext") is False
    assert page.page.ask("globalThis.crypto.subtle === undefined") is True
    assert page.paste(WHOLE).startswith("一致")


def test_the_answer_is_read_out_and_the_form_needs_no_mouse(page: Verifying) -> None:
    assert page.page.ask("document.getElementById('verify-status').getAttribute('aria-live')") == "polite"
    page.page.ask("document.getElementById('verify-which').focus()")
    page.page.call("Input.insertText", text="policies/2026/a")
    page.page.press("Enter")
    page.page.ask(SETTLED)
    assert page.answer().startswith("已选定")
    order = []
    for _ in range(4):
        page.page.press("Tab")
        order.append(page.page.ask("document.activeElement.id || document.activeElement.tagName"))
    assert order == ["BUTTON", "verify-text", "verify-check", "verify-files"]


def test_nothing_moves_when_the_page_answers_by_itself_and_a_phone_holds_it(browser: Browser, host: Served) -> None:
    page = Verifying(browser, host.address)
    page.page.call("Emulation.setDeviceMetricsOverride", width=360, height=740, deviceScaleFactor=1, mobile=True)
    page.page.call("Page.navigate", url=f"{host.address}/verify/?page=policies/2026/a")
    page.page.ask("new Promise((r) => setTimeout(r, 400))")
    page.page.ask(SETTLED)
    assert page.answer().startswith("已选定")
    moved = page.page.ask(
        "new Promise((done) => { new PerformanceObserver((list) => done(list.getEntries().map((e) => e.value)))"
        ".observe({type: 'layout-shift', buffered: true}); setTimeout(() => done([]), 300); })"
    )
    assert sum(moved) < 0.01
    assert page.page.ask("document.documentElement.scrollWidth") == 360


def test_without_script_no_control_sends_anything_and_the_page_says_what_to_do(site: Path) -> None:
    from lxml import html

    tree = html.parse(str(site / "verify/index.html")).getroot()
    (box,) = tree.xpath("//div[@id='verify']")
    assert box.xpath(".//fieldset/@disabled") == ["disabled"] or box.xpath(".//fieldset[@disabled]")
    assert box.xpath(".//@name | .//@action") == []
    said = tree.xpath("string(//main)")
    for part in ("sha256sum", "certutil", "shasum", "自己动手核对"):
        assert part in said
    assert tree.xpath("//main//a/@href") == ["/verify/hashes/all.txt"]
