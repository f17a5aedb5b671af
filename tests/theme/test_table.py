"""The table of a data set in a browser: filtered, sorted, paged, taken away; and its parts in Node."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from benchmarks.search_browser import Browser, Page
from benchmarks.table_site import Given, columns, lay, served
from tests.conftest import ROOT
from tests.search.laid import node

LONG, SHORT = 30_000, 2_500
SETTLED = """new Promise((done) => {
  const look = () => {
    const box = document.querySelector(".grid");
    if (!box.querySelector("[aria-busy]") && box.querySelector("[role=status]").textContent) done();
    else setTimeout(look, 20);
  };
  setTimeout(look, 450);
})"""
"""Kept once the table has answered: longer than it waits for the next letter."""


def type_into(column: str, text: str) -> str:
    """Types into the filter of a column."""
    return (
        f"(() => {{ const n = [...document.querySelectorAll('.grid thead [data-name]')]"
        f".findIndex((h) => h.dataset.name === {json.dumps(column)});"
        f" const input = document.querySelectorAll('.grid .filters input')[n]; input.value = {json.dumps(text)};"
        f" input.dispatchEvent(new InputEvent('input')); }})()"
    )


def press(words: str) -> str:
    """Presses the button with these words."""
    return f"[...document.querySelectorAll('.grid button')].find((b) => b.textContent === {json.dumps(words)}).click()"


class Table:
    """The page in a browser, the columns behind it, and what its host gave."""

    def __init__(self, page: Page, held: dict[str, list[Any]], given: list[Given], browser: Browser) -> None:
        self.page, self.held, self.given, self.browser = page, held, given, browser

    def do(self, *steps: str) -> Table:
        """Does these, each to its end."""
        for step in steps:
            self.page.ask(step)
            self.page.ask(SETTLED)
        return self

    def shown(self) -> list[list[str]]:
        """The rows that stand in the table."""
        rows: list[list[str]] = self.page.ask(
            "[...document.querySelectorAll('.grid tbody tr')].map((r) => [...r.cells].map((c) => c.textContent))"
        )
        return rows

    def column(self, name: str) -> list[str]:
        """One column of what is shown."""
        place = list(self.held).index(name)
        return [row[place] for row in self.shown()]

    def status(self) -> str:
        """What is said of it."""
        text: str = self.page.ask("document.querySelector('.grid [role=status]').textContent")
        return text

    def taken(self, bom: bool = False) -> str:
        """The text of the file that "export" gives."""
        self.page.ask(
            "window.blobs = []; URL.createObjectURL = (blob) => { blobs.push(blob); return '#'; };"
            f"document.querySelector('.grid input[type=checkbox]').checked = {json.dumps(bom)}"
        )
        self.do(press("导出 CSV"))
        data: list[int] = self.page.ask("blobs[0].arrayBuffer().then((b) => [...new Uint8Array(b)])")
        return bytes(data).decode()


@contextlib.contextmanager
def opened(browser: Browser, folder: Path, held: dict[str, list[Any]]) -> Iterator[Table]:
    with served(folder) as (address, given):
        browser.events.clear()
        page = Page(browser, f"{address}/", ("Log", "Runtime", "Network"))
        page.ask(SETTLED)
        yield Table(page, held, given, browser)
        wrong = [e for e in browser.events if e.get("method") in {"Log.entryAdded", "Runtime.exceptionThrown"}]
        assert [e for e in wrong if "favicon" not in json.dumps(e)] == []
        asked = [
            e["params"]["request"]["url"] for e in browser.events if e.get("method") == "Network.requestWillBeSent"
        ]
        assert [url for url in asked if not url.startswith((address, "blob:", "data:"))] == []


@pytest.fixture(scope="module")
def long_folder(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, list[Any]]]:
    pytest.importorskip("pyarrow")
    folder = tmp_path_factory.mktemp("long")
    return folder, lay(folder, LONG)


@pytest.fixture(scope="module")
def short_folder(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, list[Any]]]:
    pytest.importorskip("pyarrow")
    folder = tmp_path_factory.mktemp("short")
    return folder, lay(folder, SHORT)


@pytest.fixture(params=["short", "long"])
def table(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Table]:
    """2,500 rows in pages of JSON; 30,000 by byte range."""
    folder, held = request.getfixturevalue(f"{request.param}_folder")
    with opened(browser, folder, held) as made:
        yield made


@pytest.fixture
def long(browser: Browser, long_folder: tuple[Path, dict[str, list[Any]]]) -> Iterator[Table]:
    with opened(browser, *long_folder) as made:
        yield made


def rows_of(held: dict[str, list[Any]]) -> list[dict[str, Any]]:
    """The columns as rows."""
    return [dict(zip(held, row, strict=True)) for row in zip(*held.values(), strict=True)]


pytestmark = pytest.mark.slow


def test_opening_the_page_asks_for_no_row(table: Table) -> None:
    assert [one.path for one in table.given if one.path.startswith("/files")] == []
    assert table.column("id") == [str(n) for n in table.held["id"][:100]]
    assert f"共 {len(table.held['id'])} 行" in table.status()


def test_every_page_can_be_reached(table: Table) -> None:
    assert table.do(press("下一页")).column("id") == [str(n) for n in table.held["id"][100:200]]
    assert table.do(press("末页")).column("id")[-1] == str(table.held["id"][-1])
    assert table.do(press("首页")).column("id")[0] == "1"


def test_a_filter_leaves_what_holds_its_text(table: Table) -> None:
    wanted = [row for row in rows_of(table.held) if "清河" in row["town"] and "许可" in row["kind"]]
    table.do(type_into("town", "清河"), type_into("kind", "许可"))
    assert table.column("id") == [str(row["id"]) for row in wanted[:100]]
    assert f"筛选出 {len(wanted)} 行" in table.status()
    assert table.do(press("清除筛选")).column("id")[:2] == ["1", "4"]


@pytest.mark.parametrize(
    ("column", "typed", "passes"),
    [
        ("people", "100..200", lambda v: v is not None and 100 <= v <= 200),
        ("area", ">=99.5", lambda v: v >= 99.5),
        ("people", "<7", lambda v: v is not None and v < 7),
        ("day", "2025-03..2025-04", lambda v: v[:7] in {"2025-03", "2025-04"}),
        ("open", "=true", lambda v: v),
        ("code", "=0000000042", lambda v: v == "0000000042"),
        ("name", "第４2号", lambda v: "第42号" in v),
        ("town", "没有的镇", lambda v: v == "没有的镇"),
    ],
    ids=lambda value: value if isinstance(value, str) else "rows",
)
def test_ranges_and_signs_are_understood(table: Table, column: str, typed: str, passes: Any) -> None:
    """Bounds belong to a range; a month stands for its days; wide digits are digits."""
    wanted = [str(row["id"]) for row in rows_of(table.held) if passes(row[column])]
    assert table.do(type_into(column, typed)).column("id") == wanted[:100]


def test_sorting_goes_up_then_down_then_back_with_missing_values_last(table: Table) -> None:
    rows = rows_of(table.held)
    up = sorted(rows, key=lambda r: (r["people"] is None, r["people"] or 0))
    down = sorted(rows, key=lambda r: (r["people"] is None, -(r["people"] or 0)))
    shown = table.do(press("列people")).column("id")
    assert len(shown) in {50, 100}
    assert shown == [str(r["id"]) for r in up[: len(shown)]]
    assert table.page.ask("document.querySelector('.grid [data-name=people]').getAttribute('aria-sort')") == "ascending"
    assert table.do(press("列people")).column("id") == [str(r["id"]) for r in down[: len(shown)]]
    assert table.do(press("末页")).column("people")[-1] == ""
    assert table.do(press("列people")).column("id")[:2] == ["1", "4"]


def test_what_was_filtered_and_sorted_is_what_is_taken_away(table: Table) -> None:
    wanted = [r for r in rows_of(table.held) if r["people"] is not None and r["people"] <= 40]
    wanted.sort(key=lambda r: r["name"])
    text = table.do(type_into("people", "<=40"), press("列name")).taken()
    found = list(csv.DictReader(io.StringIO(text, newline="")))
    assert [row["id"] for row in found] == [str(r["id"]) for r in wanted]
    assert found[0]["name"] == wanted[0]["name"]
    assert list(found[0]) == list(table.held)


def test_the_file_for_excel_begins_with_its_mark(table: Table) -> None:
    table.do(type_into("people", "=1"))
    assert table.taken(bom=True).startswith("\ufeffid,code")
    assert table.taken().startswith("id,code")


def test_the_whole_table_is_taken_away_without_a_filter(long: Table) -> None:
    found = list(csv.reader(io.StringIO(long.taken(), newline="")))
    assert len(found) == LONG + 1
    assert found[-1][0] == str(long.held["id"][-1])


def test_a_row_is_found_by_its_key_in_few_bytes(long: Table) -> None:
    """The foot of the file tells the group: its keys are one request, the row another."""
    long.do(type_into("id", "=1"))
    before = len(long.given)
    long.do(type_into("id", "61501"))
    spent = long.given[before:]
    assert long.column("id") == ["61501"]
    assert long.shown()[0][1] == long.held["code"][20_500]
    assert len(spent) <= 3
    assert sum(one.bytes for one in spent) <= 100 * 1024


def test_a_filter_reads_only_the_columns_it_needs(long: Table) -> None:
    before = len(long.given)
    long.do(type_into("town", "清河镇"), press("末页"))
    parquet = sum(one.bytes for one in long.given[before:] if one.path.endswith(".parquet"))
    assert 0 < parquet < (128 + 64) * 1024


def test_pages_of_json_in_another_order_than_parquet_are_noticed(browser: Browser, tmp_path: Path) -> None:
    """The original is not sorted by its key; Parquet is."""
    pytest.importorskip("pyarrow")
    held = columns(LONG)
    held["id"] = [(n * 7) % LONG for n in range(LONG)]
    lay(tmp_path, LONG, held)
    with opened(browser, tmp_path, held) as table:
        assert table.column("id")[:3] == ["0", "7", "14"]
        table.do(type_into("town", "清河镇"))
        wanted = sorted((row for row in rows_of(held) if row["town"] == "清河镇"), key=lambda row: row["id"])
        assert table.column("id") == [str(row["id"]) for row in wanted[:100]]
        assert table.column("code") == [row["code"] for row in wanted[:100]]


def test_a_host_without_byte_ranges_gives_the_file_once(browser: Browser, long_folder: Any, tmp_path: Path) -> None:
    """Its answer to a part is the whole."""
    folder, held = long_folder
    shutil.copytree(folder, tmp_path / "site")
    page = tmp_path / "site" / "index.html"
    (tmp_path / "site/files/t.whole").write_bytes((folder / "files/t.parquet").read_bytes())
    page.write_text(page.read_text().replace("/files/t.parquet", "/files/t.whole"))
    with opened(browser, tmp_path / "site", held) as table:
        table.do(type_into("town", "清河镇"), press("列area"))
        assert len([one for one in table.given if one.path.endswith("t.whole")]) == 1
        assert set(table.column("town")) == {"清河镇"}


def test_what_cannot_be_loaded_is_said_and_the_rows_stay(browser: Browser, short_folder: Any, tmp_path: Path) -> None:
    folder, held = short_folder
    shutil.copytree(folder, tmp_path / "site")
    shutil.rmtree(tmp_path / "site/files")
    with served(tmp_path / "site") as (address, given):
        page = Page(browser, f"{address}/")
        page.ask(SETTLED)
        table = Table(page, held, given, browser).do(press("下一页"))
        assert "没有取到数据" in table.status()
        assert table.column("id")[0] == "1"


def test_a_cell_is_never_markup(browser: Browser, tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    attack = "<img src=x onerror=\"document.title='taken'\">"
    held: dict[str, list[Any]] = {"id": list(range(200)), "name": [attack] * 200}
    lay(tmp_path, 200, held)
    with opened(browser, tmp_path, held) as table:
        assert table.do(press("末页")).column("name")[-1] == attack
        assert table.page.ask("document.title") != "taken"


def test_all_scripts_of_a_long_table_are_small(long: Table) -> None:
    """With the reader of Parquet, gzip file by file as a host gives them: at most 60 KiB; before a question a tenth."""
    first = sum(one.bytes for one in long.given if one.path.endswith(".js"))
    long.do(type_into("town", "清河镇"))
    whole = sum(one.bytes for one in long.given if one.path.endswith(".js"))
    assert first <= 8 * 1024 < whole <= 60 * 1024


PARTS = """
const {parse, rows, line, shown} = await import(new URL("table-filter.js", process.argv[1]));
const asked = JSON.parse(await new Response(process.stdin).text());
console.log(JSON.stringify(asked.map(([what, ...given]) => what === "csv"
  ? rows(given[0].map((cells) => line(cells)).join(""))
  : given[2].map((value) => Boolean(parse(given[0], given[1])?.test(value))))));
"""


def test_csv_is_read_as_it_was_written() -> None:
    cells = [["a", 'say "x"', "1,5"], ["", "两\r\n行", " 空格 "], ["=1+1", "", ""]]
    assert node(PARTS, given=[["csv", cells]]) == [cells]


def test_a_half_typed_range_is_a_word_or_an_open_end() -> None:
    asked = [["t", "5..", "integer", [4, 5, None]], ["t", "..", "integer", [4]], ["t", ">", "string", ["a>b", "a"]]]
    assert node(PARTS, given=asked) == [[False, True, False], [False], [True, False]]


def ask_sql(table: Table, question: str) -> str:
    """What is said after the question ran, and the rows of the answer."""
    table.page.ask(f"document.querySelector('.sql textarea').value = {json.dumps(question)}")
    table.page.ask("[...document.querySelectorAll('.sql button')][0].click()")
    table.page.ask(
        "new Promise((done) => { const look = () => document.querySelector('.sql button').disabled"
        " ? setTimeout(look, 20) : done(); look(); })"
    )
    text: str = table.page.ask(
        "document.querySelector('.sql [role=status]').textContent + '|' + [...document.querySelectorAll('.sql tr')]"
        ".map((r) => [...r.cells].map((c) => c.textContent).join(',')).join(';')"
    )
    return text


@pytest.mark.skipif(not (ROOT / "theme/vendor/duckdb").is_dir(), reason="invoke extras was not run: no SQL")
def test_sql_is_answered_in_the_browser_from_the_sites_own_host(
    browser: Browser, short_folder: tuple[Path, dict[str, list[Any]]]
) -> None:
    """Loaded on the press of a button only; text keeps its zeros; what is no SELECT is refused, with its reason."""
    folder, held = short_folder
    with served(folder) as (address, given):
        browser.events.clear()
        page = Page(browser, f"{address}/", ("Network",))
        page.ask(SETTLED)
        table = Table(page, held, given, browser)
        assert not [one for one in given if "duckdb" in one.path]
        table.page.ask(press("用 SQL 查询"))
        table.page.ask(
            "new Promise((done) => { const look = () => document.querySelector('.sql button')?.disabled === false"
            " ? done() : setTimeout(look, 50); look(); })"
        )
        answer = ask_sql(table, "SELECT min(code) AS least, sum(people)::BIGINT AS people FROM data;")
        assert answer.split("|")[1] == f"least,people;0000000000,{sum(filter(None, held['people']))}"
        assert "查询有误" in ask_sql(table, "DROP TABLE data")
        assert "查询有误" in ask_sql(table, "SELECT * FROM read_csv('https://example.org/a.csv')")
        assert ask_sql(table, "SELECT count(*) AS n FROM data").endswith(f"|n;{len(held['id'])}")
        asked = [
            e["params"]["request"]["url"] for e in browser.events if e.get("method") == "Network.requestWillBeSent"
        ]
        assert [url for url in asked if not url.startswith(address)] == []
