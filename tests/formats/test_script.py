"""Scripts as they are served: without comments, and otherwise what lies in the theme."""

from __future__ import annotations

import gzip
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from plugins.formats.script import served
from tests.conftest import ROOT

SCRIPTS = sorted((ROOT / "theme/static").glob("*.js"))


def test_lines_that_are_comments_are_not_served_but_for_the_licence() -> None:
    source = b'// What it does (MIT).\n// More of it.\nconst a = "// no comment"; // stays\n  // Why.\n  b();\n\n'
    assert served(source) == b'// What it does (MIT).\nconst a = "// no comment"; // stays\n  b();\n\n'


@pytest.mark.parametrize("name", ["search.js", "search-page.js"])
def test_the_first_line_of_the_search_asks_the_browser_to_compile_it_at_once(name: str) -> None:
    """Where it stands later, browsers do not look for it."""
    assert served((ROOT / "theme/static" / name).read_bytes()).startswith(b"//# allFunctionsCalledOnLoad\n")


@pytest.mark.parametrize("file", SCRIPTS, ids=lambda file: file.name)
def test_every_script_is_served_with_all_its_code(file: Path, tmp_path: Path) -> None:
    """Of the lines that are left out each begins as a comment, none stands in a text, and Node reads what is left."""
    source, made = file.read_text(encoding="utf-8"), served(file.read_bytes()).decode()
    lines = iter(made.splitlines())
    wanted = next(lines, None)
    for line in source.splitlines():
        if line == wanted:
            wanted = next(lines, None)
        else:
            assert line.lstrip().startswith("//")
    assert wanted is None
    assert not [text for text in re.findall(r"`[^`]*`", source) if re.search(r"\n\s*//", text)]
    if not shutil.which("node"):
        assert os.environ.get("CI") != "true", "node is required here"
        pytest.skip("node is absent")
    (tmp_path / "script.mjs").write_text(made, encoding="utf-8")
    subprocess.run(["node", "--check", tmp_path / "script.mjs"], check=True)


def test_the_engine_of_the_search_is_at_most_ten_kilobytes() -> None:
    assert len(gzip.compress(served((ROOT / "theme/static/search.js").read_bytes()), 9)) <= 10 * 1024
