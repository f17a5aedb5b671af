"""`python -m benchmarks.table_page [rows]`: what the page of a long table costs a reader, in Chromium. Prints.

Bytes are those of bodies on the wire, text gzipped; the host is this machine, so seconds are those of the browser.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

from benchmarks.search_browser import Browser, Page
from benchmarks.table_site import Given, lay, served, told

SETTLED = """new Promise((done) => {
  const look = () => (document.querySelector(".grid [aria-busy]") ? setTimeout(look, 5) : done());
  setTimeout(look, 320);
})"""
SQL = "SELECT town, count(*) AS n, avg(area) AS mean FROM data GROUP BY town ORDER BY n DESC"


def _typed(place: int, text: str) -> str:
    return (
        f"(() => {{ const input = document.querySelectorAll('.grid .filters input')[{place}]; input.value = '{text}';"
        " input.dispatchEvent(new InputEvent('input')); })()"
    )


def _pressed(words: str, box: str = ".grid") -> str:
    return f"[...document.querySelectorAll('{box} button')].find((b) => b.textContent === '{words}').click()"


def _step(name: str, page: Page, given: list[Given], *steps: str, settled: str = SETTLED) -> None:
    before, started = len(given), time.monotonic()
    for step in steps:
        page.ask(step)
        page.ask(settled)
    spent = given[before:]
    seconds = time.monotonic() - started
    print(f"{name:<34} {told(spent):<28} {seconds:6.2f} s", flush=True)


def main(rows: int) -> None:
    """Lays the table and asks it one thing after the other."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as place:
        folder = Path(place)
        held = lay(folder / "site", rows)
        size = (folder / "site/files/t.parquet").stat().st_size
        print(f"{rows:,} rows × {len(held)} columns, Parquet {size / 1024 / 1024:.1f} MiB")
        browser = Browser(folder)
        with served(folder / "site") as (address, given):
            started = time.monotonic()
            page = Page(browser, f"{address}/")
            page.ask(SETTLED)
            print(f"{'first open':<34} {told(given):<28} {time.monotonic() - started:6.2f} s")
            _step("next page", page, given, _pressed("下一页"))
            _step("first key (script, foot of file)", page, given, _typed(0, "=1"))
            _step("another key", page, given, _typed(0, str(held["id"][rows // 2])))
            _step("filter: one kind, one column", page, given, _pressed("清除筛选"), _typed(3, "处罚"))
            _step("a second filter: a range", page, given, _typed(9, "10..10.5"))
            _step("sort what was filtered", page, given, _pressed("列people"))
            _step("export it", page, given, "URL.createObjectURL = () => '#'", _pressed("导出 CSV"))
            _step("sort everything", page, given, _pressed("清除筛选"), _pressed("列rate"))
            if page.ask("Boolean(document.querySelector('.grid').dataset.sql)"):
                _step("SQL: program and table", page, given, _pressed("用 SQL 查询"), settled=_SQL_READY)
                field = f"document.querySelector('.sql textarea').value = {SQL!r}; {_pressed('运行', '.sql')}"
                _step("SQL: a question", page, given, field, settled=_SQL_READY)
                print(page.ask("document.querySelector('.sql [role=status]').textContent"))
        browser.close()


_SQL_READY = """new Promise((done) => {
  const look = () => (document.querySelector(".sql button")?.disabled === false ? done() : setTimeout(look, 20));
  setTimeout(look, 50);
})"""

if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
