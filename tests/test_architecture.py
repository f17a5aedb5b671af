"""Floors, style and sizes, held by tests."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

MODULES = sorted((ROOT / "plugins").rglob("*.py"))
HEAVY = {"pandas", "frictionless", "whoosh", "pelican"}
HEAVY_ALLOWED = {"build/shell.py", "search/index.py", "search/words.py"}
"""Modules that are themselves imported only where their library is used."""


def run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", *command], cwd=ROOT, capture_output=True, text=True, check=False)


def test_a_floor_imports_only_what_is_below_it() -> None:
    from importlinter.cli import lint_imports

    assert lint_imports(config_filename=str(ROOT / "pyproject.toml"), cache_dir=None) == 0


def test_ruff_finds_nothing() -> None:
    done = run("ruff", "check", "--no-cache", ".")
    assert done.returncode == 0, done.stdout


def test_the_code_is_formatted() -> None:
    done = run("ruff", "format", "--no-cache", "--check", "plugins", "tests", "benchmarks", "tasks.py")
    assert done.returncode == 0, done.stdout


def test_types_are_strict_and_whole(tmp_path: Path) -> None:
    done = run("mypy", "--cache-dir", str(tmp_path))
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(ROOT)))
def test_files_and_functions_are_short_and_say_what_they_are(path: Path) -> None:
    text = path.read_text()
    assert text.count("\n") <= 250
    tree = ast.parse(text)
    assert ast.get_docstring(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            assert (node.end_lineno or 0) - node.lineno < 50, node.name


def test_there_is_one_broad_except_in_the_product() -> None:
    broad = re.compile(r"^\s*except(\s*:|\s+(Base)?Exception\b)", re.MULTILINE)
    found = [p.name for p in MODULES for _ in broad.finditer(p.read_text())]
    assert found == ["workers.py"]


def test_heavy_libraries_are_imported_only_where_they_are_used() -> None:
    for path in MODULES:
        name = str(path.relative_to(ROOT / "plugins"))
        for node in ast.parse(path.read_text()).body:
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert name in HEAVY_ALLOWED or not HEAVY & {n.split(".")[0] for n in names}, name


def test_a_build_of_nothing_new_imports_no_heavy_library(tmp_path: Path) -> None:
    code = (
        "import sys; sys.path.insert(0, '.'); from tests.small import Small; from pathlib import Path;"
        "import sys as s; small = Small(Path(s.argv[1])).least(); assert small.build() == 0; assert small.build() == 0;"
        "print([m for m in ('pandas', 'frictionless', 'whoosh', 'pelican') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_nothing_committed_names_a_registry_or_a_path_of_a_machine() -> None:
    if not (ROOT / ".git").exists():
        pytest.skip("not a git checkout: what is committed cannot be listed")
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split(
        "\n"
    )
    words = re.compile("|".join((r"/work" + r"/", r"/opt" + r"/pypi", r"pypi\." + r"org", r"/tmp/v" + r"/")))
    for name in filter(None, listed):
        path = ROOT / name
        if path.is_file() and path.suffix in {".py", ".md", ".lock", ".toml", ".yml", ".html", ".js", ".css", ""}:
            assert not words.search(path.read_text(errors="replace")), name
