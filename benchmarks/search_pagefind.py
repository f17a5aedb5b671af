"""Pagefind, the peer of the search benchmark: plain pages of the same documents, its index, what that costs."""

from __future__ import annotations

import html
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path

from benchmarks.processes import CommandError, Cost, measure
from benchmarks.search_documents import Document

_HERE = Path(__file__).resolve().parent
SEARCH_PAGE = "search-page.html"
_DOCUMENT = """<!DOCTYPE html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>{title}</title></head>
<body><main data-pagefind-body><h1>{title}</h1>
{number}{blocks}
</main></body></html>
"""
_PAGE = """<!DOCTYPE html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>Search</title></head><body>
<form id="search-form"><input id="q" type="search"><button type="submit">Search</button></form>
<p id="search-status"></p><div id="search-results"></div>
<script type="module">
import * as pagefind from "/pagefind/pagefind.js";
const form = document.getElementById("search-form");
const results = document.getElementById("search-results");
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const found = await pagefind.search(document.getElementById("q").value);
  document.getElementById("search-status").textContent =
    found.results.length ? `找到 ${found.results.length} 条。` : "没有找到。";
  const shown = await Promise.all(found.results.slice(0, %d).map((one) => one.data()));
  const list = document.createElement("ol");
  for (const one of shown) {
    const item = document.createElement("li");
    const link = document.createElement("a");
    const snippet = document.createElement("p");
    link.href = one.url;
    link.textContent = one.meta.title;
    snippet.innerHTML = one.excerpt;
    item.append(link, snippet);
    list.append(item);
  }
  results.replaceChildren(list);
});
window.pagefind = pagefind;
window.begun = pagefind.init().then(() => pagefind.filters());
</script></body></html>
"""


def write_pages(documents: Iterable[Document], folder: Path, shown: int) -> None:
    """One plain page a document at its address on our site, and a search page that draws `shown` results."""
    for document in documents:
        page = folder / document.id / "index.html"
        page.parent.mkdir(parents=True, exist_ok=True)
        number = f"<p>{html.escape(document.number)}</p>\n" if document.number else ""
        blocks = "\n".join(f"<p>{html.escape(line)}</p>" for line in document.body.split("\n") if line)
        page.write_text(
            _DOCUMENT.format(title=html.escape(document.title), number=number, blocks=blocks), encoding="utf-8"
        )
    (folder / SEARCH_PAGE).write_text(_PAGE % shown, encoding="utf-8")


def install(folder: Path) -> Path:
    """Installs the locked version below `folder`; its program, which reads Chinese. Raises CommandError."""
    folder.mkdir(parents=True, exist_ok=True)
    if not shutil.which("npm"):
        raise CommandError("npm is absent: Pagefind cannot be installed")
    for name in ("package.json", "package-lock.json"):
        shutil.copyfile(_HERE / name, folder / name)
    command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    programs = sorted(folder.glob("node_modules/@pagefind/*/bin/pagefind_extended*"))
    programs = [program for program in programs if program.suffix in {"", ".exe"}]
    if done.returncode or not programs:
        raise CommandError(f"npm ci: exit {done.returncode}\n{done.stderr[-2_000:]}")
    return programs[0]


def index(program: Path, pages: Path, log: Path) -> Cost:
    """Indexes all pages anew: Pagefind has no other way. `log` holds what it printed."""
    shutil.rmtree(pages / "pagefind", ignore_errors=True)
    return measure([str(program), "--site", str(pages), "--glob", "*/**/*.html"], pages, log)
