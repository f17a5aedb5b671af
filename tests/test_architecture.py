"""Floors, style and sizes, held by tests."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT

MODULES = sorted((ROOT / "plugins").rglob("*.py"))
HEAVY = {"pandas", "frictionless", "vl_convert", "whoosh", "pelican", "opencc", "pypinyin"}
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
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert (node.end_lineno or 0) - node.lineno < 50, node.name


def test_there_is_one_broad_except_in_the_product() -> None:
    found = [
        path.name
        for path in [*MODULES, ROOT / "tasks.py"]
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ExceptHandler) and catches_everything(node)
    ]
    assert found == ["workers.py"]


def catches_everything(handler: ast.ExceptHandler) -> bool:
    kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return any(kind is None or ast.unparse(kind) in {"Exception", "BaseException"} for kind in kinds)


def test_heavy_libraries_are_imported_only_where_they_are_used() -> None:
    for path in MODULES:
        name = str(path.relative_to(ROOT / "plugins"))
        for node in on_import(ast.parse(path.read_text())):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert name in HEAVY_ALLOWED or not HEAVY & {n.split(".")[0] for n in names}, name


def on_import(node: ast.AST) -> Iterator[ast.AST]:
    """What runs when a module is imported, inside classes, `try` and `if` too: all but functions and type checking."""
    for child in ast.iter_child_nodes(node):
        for_types = isinstance(child, ast.If) and ast.unparse(child.test) == "TYPE_CHECKING"
        if not for_types and not isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            yield child
            yield from on_import(child)


def test_only_the_plugin_and_the_shell_it_names_import_pelican() -> None:
    users = {
        str(path.relative_to(ROOT / "plugins"))
        for path in MODULES
        if re.search(r"^\s*(import|from) pelican\b", path.read_text(), re.MULTILINE)
    }
    assert users <= {"build/__init__.py", "build/shell.py"}


def test_a_build_of_nothing_new_imports_no_heavy_library(tmp_path: Path) -> None:
    code = (
        "import sys; sys.path.insert(0, '.'); from tests.small import Small; from pathlib import Path;"
        "import sys as s; small = Small(Path(s.argv[1])).least(); assert small.build() == 0; assert small.build() == 0;"
        "print([m for m in ('pandas', 'pyarrow', 'frictionless', 'whoosh', 'pelican') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_nothing_committed_names_a_registry_or_a_path_of_a_machine() -> None:
    listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    if not (ROOT / ".git").exists() or not shutil.which("git"):
        pytest.skip("not a git checkout: what is committed cannot be listed")
    listed = subprocess.run(listing, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\0")
    words = re.compile(
        "|".join(
            (r"/work" + r"/", r"/opt" + r"/pypi", r"pypi\." + r"org", r"python" + r"hosted\.org", r"/tmp/v" + r"/")
        )
    )
    for name in filter(None, listed):
        path = ROOT / name
        if path.is_file() and b"\0" not in (data := path.read_bytes()):
            assert not words.search(data.decode(errors="replace")), name
