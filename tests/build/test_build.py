"""Builds: incremental, reproducible, whole or not at all."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from plugins.release.promote import Releases
from tests.conftest import ROOT
from tests.drill import often
from tests.small import NOW, Small
from tests.store import chosen_objects, flip_a_bit
from tests.tables import write_powers

VARIATIONS = [
    {"PYTHONHASHSEED": "0", "TZ": "UTC", "LC_ALL": "C", "jobs": "1"},
    {"PYTHONHASHSEED": "7", "TZ": "America/New_York", "LC_ALL": "C.UTF-8", "jobs": "2"},
    {"PYTHONHASHSEED": "random", "TZ": "Pacific/Kiritimati", "LC_ALL": "tr_TR.UTF-8", "jobs": "4"},
]


def run(small: Small, *arguments: str, root: Path = ROOT, **environment: str) -> subprocess.CompletedProcess[str]:
    """`invoke build` as its own process."""
    command = [sys.executable, "-m", "invoke", "--search-root", str(root), "build"]
    command += ["--content", str(small.content), "--output", str(small.output), "--as-of", NOW, *arguments]
    env = {**os.environ, **environment}
    return subprocess.run(command, cwd=root, env=env, capture_output=True, text=True, check=False)


def many(small: Small, count: int = 40) -> Small:
    for n in range(count):
        small.policy(f"p{n}", f"第一条 第{n}件。\n\n| 甲 | 乙 |\n|---|---|\n| {n} | 2 |\n", title=f"试验办法第{n}号")
    return small


def test_a_document_has_its_page_and_three_files_beside_it(small: Small) -> None:
    assert small.build() == 0
    folder = small.output / "policies/2026/a"
    assert {p.name for p in folder.iterdir()} == {"index.html", "index.json", "index.md", "index.txt"}
    data = json.loads((folder / "index.json").read_text())
    assert data["title"] == "试验办法"
    assert data["secrecy_review"] == {"by": "保密审查岗", "date": "2026-03-02", "result": "通过"}
    assert data["validity"] == "现行有效"


def test_the_canonical_text_has_the_hash_that_the_document_names(small: Small) -> None:
    assert small.build() == 0
    folder = small.output / "policies/2026/a"
    checked = subprocess.run(["sha256sum", "index.txt"], cwd=folder, capture_output=True, text=True, check=True)
    assert checked.stdout.split()[0] == json.loads((folder / "index.json").read_text())["sha256"]
    assert (folder / "index.txt").read_text() == "试验办法\n\n第一条 为了试验，制定本办法。\n"


def test_sha256sum_reads_the_manifest_and_finds_every_file_right(small: Small) -> None:
    assert small.build() == 0
    checked = subprocess.run(["sha256sum", "-c", "--quiet", "MANIFEST"], cwd=small.output, check=False)
    assert checked.returncode == 0


def test_nothing_changed_makes_nothing(small: Small, capfd: pytest.CaptureFixture[str]) -> None:
    assert small.build() == 0
    before = os.readlink(small.output)
    assert small.build() == 0
    assert "新做 0 个文件" in capfd.readouterr().err
    assert os.readlink(small.output) == before


def test_a_damaged_live_site_is_healed_by_the_next_build(small: Small) -> None:
    assert small.build() == 0
    whole = small.output_bytes()
    (small.output / "policies/2026/a/index.html").unlink()
    assert small.build() == 0
    assert [p.read_bytes() for p in sorted(small.output.resolve().rglob("*.html"))]
    assert (small.output / "policies/2026/a/index.html").is_file()
    assert len(small.output_bytes()) >= len(whole)


def test_a_poisoned_object_of_the_store_is_made_anew(small: Small) -> None:
    assert small.build() == 0
    victim = small.output / "policies/2026/a/index.html"
    good = victim.read_bytes()
    victim.chmod(0o644)
    victim.write_bytes(good.replace("试验".encode(), "篡改".encode()))
    small.policy("b")
    assert small.build() == 0
    assert victim.read_bytes() == good


def tree(small: Small) -> dict[str, bytes]:
    """Every file of the live site."""
    site = small.output.resolve()
    return {path.relative_to(site).as_posix(): path.read_bytes() for path in site.rglob("*") if path.is_file()}


@pytest.mark.drill
@pytest.mark.parametrize("seed", range(often(2, 30)))
def test_a_bit_flipped_in_fifty_objects_of_the_store_leaves_no_trace(small: Small, tmp_path: Path, seed: int) -> None:
    """Pages, and what pages, the index and the forms of tables are made of; then one document is edited."""
    write_powers(small.folder / "datasets")
    assert many(small, 8).build() == 0
    for path in chosen_objects(small, 50, seed):
        flip_a_bit(path, seed)
    small.policy("p3", "第一条 改过。", title="改过的办法")
    assert small.build() == 0
    fresh = Small(tmp_path / "elsewhere").holding(small.folder)
    assert fresh.build() == 0
    assert tree(small) == tree(fresh)


def test_objects_that_are_gone_or_empty_are_made_anew(small: Small) -> None:
    """As a power cut leaves them, or whoever cleans a disk."""
    write_powers(small.folder / "datasets")
    assert many(small, 4).build() == 0
    before = tree(small)
    for number, path in enumerate(chosen_objects(small)):
        path.unlink()
        if number % 2:
            path.touch()
    small.policy("p3", "第一条 改过。")
    assert small.build() == 0
    assert before.keys() == tree(small).keys()
    assert whole(small)


def test_a_clean_build_finds_the_bit_that_flipped_and_left_the_time_of_its_file(small: Small) -> None:
    """As a disk does it that rots: no other build reads again what it only links."""
    assert small.build() == 0
    before = tree(small)
    for path in chosen_objects(small):
        flip_a_bit(path, 1, keep_time=True)
    assert tree(small) != before
    assert small.build(clean=True) == 0
    assert tree(small) == before


def test_one_edit_gives_the_same_bytes_as_a_clean_build(small: Small, tmp_path: Path) -> None:
    many(small, 8)
    assert small.build() == 0
    small.policy("p3", "第一条 改过。", title="改过的办法")
    assert small.build() == 0
    fresh = Small(tmp_path / "elsewhere")
    shutil.copytree(small.content, fresh.content)
    assert fresh.build() == 0
    assert (fresh.output / "MANIFEST").read_bytes() == (small.output / "MANIFEST").read_bytes()


def test_faults_leave_the_output_as_it_was(small: Small) -> None:
    assert small.build() == 0
    before = small.output_bytes()
    small.policy("b", signed="2018-02-30")
    assert small.build() == 1
    assert small.output_bytes() == before


def test_a_folder_in_the_place_of_the_output_is_not_touched(small: Small) -> None:
    small.output.mkdir()
    (small.output / "mine.txt").write_text("x")
    assert small.build() == 2
    assert (small.output / "mine.txt").read_text() == "x"


def test_a_site_below_a_path_links_below_it(small: Small) -> None:
    small.write("site.yml", (small.content / "site.yml").read_text().replace(":8000", ":8000/gov"))
    assert small.build() == 0
    page = (small.output / "policies/index.html").read_text()
    assert 'href="/gov/policies/2026/a/"' in page
    assert 'href="/policies' not in page


def test_a_plain_copy_is_an_ordinary_folder(small: Small, tmp_path: Path) -> None:
    assert small.build(plain=str(tmp_path / "plain")) == 0
    assert (tmp_path / "plain/index.html").read_bytes() == (small.output / "index.html").read_bytes()
    assert not (tmp_path / "plain").is_symlink()


@pytest.mark.slow
def test_the_manifest_is_equal_whatever_seed_zone_locale_folder_and_workers(small: Small, tmp_path: Path) -> None:
    many(small, 60)
    manifests = set()
    for n, variation in enumerate(VARIATIONS):
        other = Small(tmp_path / f"place-{n}" / ("deep" * (n + 1)))
        shutil.copytree(small.content, other.content)
        jobs = variation.pop("jobs")
        assert run(other, "--jobs", jobs, **variation).returncode == 0
        variation["jobs"] = jobs
        manifests.add((other.output / "MANIFEST").read_bytes())
    assert len(manifests) == 1


def whole(small: Small) -> bool:
    """Whether the live site is one whole release, by sha256sum."""
    if not small.output.is_symlink():
        return not small.output.exists()
    checked = subprocess.run(["sha256sum", "-c", "--quiet", "MANIFEST"], cwd=small.output, check=False)
    listing = (small.output / "MANIFEST").read_bytes()
    return checked.returncode == 0 and Releases(small.output).whole(small.output.resolve(), listing)


@pytest.mark.slow
@pytest.mark.drill
def test_sixty_killed_builds_leave_no_broken_site(small: Small) -> None:
    """20 cold and 40 incremental builds (in a drill 1,000), the whole process group killed at random moments."""
    many(small, 150)
    chance = random.Random(2026)
    started = time.monotonic()
    assert run(small).returncode == 0
    length = time.monotonic() - started
    for n in range(often(60, 1_000)):
        if n % 3 == 0:
            shutil.rmtree(small.settings().cache, ignore_errors=True)
        small.policy("p1", f"第一条 第{n}次修改。")
        command = [sys.executable, "-m", "invoke", "build", "--content", str(small.content)]
        command += ["--output", str(small.output), "--as-of", NOW]
        process = subprocess.Popen(command, cwd=ROOT, start_new_session=True, stderr=subprocess.DEVNULL)
        time.sleep(chance.uniform(0.2, length if n % 3 == 0 else length * 0.6))
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        assert whole(small), f"build {n} left a broken site"
    assert run(small).returncode == 0
    assert whole(small)
    assert not [p for p in (small.folder / ".out.releases").iterdir() if p.name.startswith((".stage", ".link"))]


@pytest.mark.slow
def test_builds_at_once_leave_a_whole_site(small: Small) -> None:
    many(small, 30)
    command = [sys.executable, "-m", "invoke", "build", "--content", str(small.content), "--output", str(small.output)]
    running = [subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL) for _ in range(6)]
    assert [p.wait() for p in running] == [0] * 6
    assert whole(small)
