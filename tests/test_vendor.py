"""What set-up brings for the theme: proved against the lock, served, and missed where it is absent."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import shutil
import tarfile
from dataclasses import replace
from pathlib import Path

import pytest

import vendor
from plugins.build import verbs
from plugins.build.served import static_files
from tests.conftest import ROOT
from tests.small import Small


def archive(path: Path, *names: str) -> bytes:
    """An npm archive that holds files of these names."""
    with tarfile.open(path, "w:gz") as tar:
        for name in names:
            member = tarfile.TarInfo(name)
            member.size = 1
            tar.addfile(member, io.BytesIO(b"x"))
    return path.read_bytes()


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A theme of its own, whose lock names the archive `package.tgz`; npm hands that over."""
    names = ("package/LICENSE", "package/src/index.js", "package/types/index.d.ts", "package/src/../../../evil.js")
    data = archive(tmp_path / "package.tgz", *names)
    integrity = "sha512-" + base64.b64encode(hashlib.sha512(data).digest()).decode()
    row = {"node_modules/hyparquet": {"version": "1.0.0", "integrity": integrity}}
    (tmp_path / "theme").mkdir()
    (tmp_path / "theme/package-lock.json").write_text(json.dumps({"packages": row}))
    npm = tmp_path / "npm"
    npm.write_text(f'#!/bin/sh\n[ "$2" = hyparquet@1.0.0 ] && cp {tmp_path}/package.tgz "$4"/h.tgz\n')
    npm.chmod(0o755)
    monkeypatch.setattr(vendor, "LOCK", tmp_path / "theme/package-lock.json")
    monkeypatch.setattr(vendor, "VENDOR", tmp_path / "theme/vendor")
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    return tmp_path


def test_what_the_lock_names_is_brought_once(place: Path) -> None:
    """Only what is served; a name in the archive decides no place."""
    assert vendor.missing("hyparquet")
    vendor.bring("hyparquet")
    assert not vendor.missing("hyparquet")
    found = {p.name for p in (place / "theme/vendor/hyparquet").iterdir()}
    assert found == {"LICENSE", "index.js", "evil.js", vendor.STAMP}
    assert not (place / "evil.js").exists()


def test_another_archive_than_the_lock_names_is_refused(place: Path) -> None:
    vendor.bring("hyparquet")
    kept = (place / "theme/vendor/hyparquet/index.js").stat().st_mtime_ns
    archive(place / "package.tgz", "package/src/index.js")
    with pytest.raises(vendor.NotBroughtError, match="校验值不符"):
        vendor.bring("hyparquet")
    assert (place / "theme/vendor/hyparquet/index.js").stat().st_mtime_ns == kept


def test_a_lock_that_changed_makes_it_old(place: Path) -> None:
    vendor.bring("hyparquet")
    lock = place / "theme/package-lock.json"
    lock.write_text(lock.read_text().replace("sha512-", "sha512-0"))
    assert vendor.missing("hyparquet")


def test_the_lock_pins_every_package_and_names_no_registry() -> None:
    lock = json.loads((ROOT / "theme/package-lock.json").read_text())["packages"]
    named = json.loads((ROOT / "theme/package.json").read_text())
    assert {part.package for part in vendor.PARTS.values()} == {
        name for group in ("dependencies", "devDependencies", "optionalDependencies") for name in named[group]
    }
    assert all(row["integrity"].startswith("sha512-") and "resolved" not in row for name, row in lock.items() if name)


def theme(folder: Path) -> Path:
    """A copy of the theme."""
    shutil.copytree(ROOT / "theme", folder / "theme")
    return folder / "theme"


def test_a_build_without_it_is_refused_with_a_way_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    small = Small(tmp_path).least()
    copy = theme(tmp_path)
    shutil.rmtree(copy / "vendor")
    assert verbs.run_build(replace(small.settings(), theme=copy)) == 2
    assert "hyparquet 不在或已过时，请运行 python3 tasks.py" in capsys.readouterr().err
    assert not small.output.exists()


def test_the_theme_serves_its_scripts_and_what_was_brought_but_not_how(tmp_path: Path) -> None:
    paths = {path for path, _ in static_files(theme(tmp_path))}
    assert {"static/table.js", "vendor/hyparquet/read.js", "vendor/hyparquet/LICENSE"} <= paths
    assert not [path for path in paths if path.endswith((vendor.STAMP, ".json"))]


def test_only_the_worker_that_runs_sql_may_compile(tmp_path: Path) -> None:
    """The policy of all pages stays as it is; hosts that merge rules leave the stricter one."""
    small = Small(tmp_path).least()
    copy = theme(tmp_path)
    (copy / "vendor/duckdb").mkdir(exist_ok=True)
    for name in ("duckdb-browser-eh.worker.js", "duckdb-eh.wasm"):
        (copy / "vendor/duckdb" / name).write_text("x")
    assert verbs.run_build(replace(small.settings(), theme=copy)) == 0
    rules = (small.output / "_headers").read_text()
    assert rules.count("wasm-unsafe-eval") == 1
    assert "wasm" not in rules[: rules.index("/static/vendor/duckdb/duckdb-browser-eh.worker.js\n")]
