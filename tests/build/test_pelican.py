"""Pelican's fail-open defaults are closed; each test fails when its protection is taken away."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.small import Small

PARTS = ("plugins", "theme", "pelicanconf.py", "requirements.lock")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of the product that a test may break."""
    for part in PARTS:
        source = ROOT / part
        if source.is_dir():
            shutil.copytree(source, tmp_path / "project" / part, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, tmp_path / "project" / part)
    return tmp_path / "project"


def pelican(small: Small, *arguments: str, project: Path = ROOT) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pelican", str(small.content), "-s", "pelicanconf.py", "-o", str(small.output)]
    env = {**os.environ, "SOURCE_DATE_EPOCH": "1795500000"}
    return subprocess.run([*command, *arguments], cwd=project, env=env, capture_output=True, text=True, check=False)


def test_pelican_and_invoke_build_the_same_site(small: Small) -> None:
    assert pelican(small).returncode == 0
    first = (small.output / "MANIFEST").read_bytes()
    assert small.build(clean=True) == 0
    assert (small.output / "MANIFEST").read_bytes() == first


@pytest.mark.parametrize("quiet", [(), ("-q",)])
@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("plugins/build/__init__.py", "def register() -> None:", "def register() -> None:\n    raise RuntimeError\n"),
        ("plugins/build/__init__.py", "from __future__ import annotations", "import nothing_of_that_name"),
        ("plugins/build/shell.py", "from __future__ import annotations", "import nothing_of_that_name"),
        ("plugins/rules/gate.py", "from __future__ import annotations", "import nothing_of_that_name"),
        ("plugins/build/__init__.py", "_registered.append(True)", "raise RuntimeError"),
        ("pelicanconf.py", "PLUGINS = [plugins.build]", "PLUGINS = []"),
    ],
)
def test_a_broken_plugin_stops_the_command(
    small: Small, project: Path, file: str, old: str, new: str, quiet: tuple[str, ...]
) -> None:
    broken = project / file
    assert old in broken.read_text()
    broken.write_text(broken.read_text().replace(old, new, 1))
    assert pelican(small, *quiet, project=project).returncode != 0
    assert not small.output.exists()


@pytest.mark.parametrize("quiet", [(), ("-q",)])
@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"published": None}, "a missing date"),
        ({"status": "published"}, "an unknown status"),
        ({"get_content": "x"}, "a key that would become an attribute"),
        ({"disclosure": None}, "no attribute"),
    ],
)
def test_what_pelican_would_skip_or_swallow_is_exit_1(
    small: Small, quiet: tuple[str, ...], changes: dict[str, str | None], why: str
) -> None:
    small.policy("b", **changes)
    assert pelican(small, *quiet).returncode == 1, why
    assert not small.output.exists()


def test_a_future_date_is_not_published(small: Small) -> None:
    small.policy("b", published="2031-01-01 09:00")
    assert pelican(small).returncode == 0
    assert not (small.output / "policies/2026/b").exists()


def test_drafts_are_not_written_under_any_address(small: Small) -> None:
    small.policy("b", "秘密草稿", status="草稿")
    assert pelican(small).returncode == 0
    assert "秘密草稿".encode() not in small.output_bytes()
    assert not (small.output / "drafts").exists()


def test_a_linked_folder_in_the_content_is_refused(small: Small, tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (small.content / "policies" / "2025").symlink_to(tmp_path / "outside")
    assert pelican(small).returncode == 1


def test_titles_are_escaped_and_script_links_do_not_pass(small: Small) -> None:
    small.policy("b", "[点](javascript:alert(1)) <script>alert(1)</script>", title='"<script>alert(2)</script>"')
    assert pelican(small).returncode == 1
    small.policy("b", "正文 <script>alert(1)</script>", title='"<script>alert(2)</script>"')
    assert pelican(small).returncode == 0
    assert b"<script>alert" not in (small.output / "policies/2026/b/index.html").read_bytes()


def test_the_output_is_not_wiped_by_a_failing_build(small: Small) -> None:
    assert pelican(small).returncode == 0
    before = small.output_bytes()
    small.policy("b", signed="x")
    assert pelican(small, "--delete-output-directory").returncode == 1
    assert small.output_bytes() == before
