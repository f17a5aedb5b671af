"""Hostile packages: each is refused by a code, cheaply, with nothing fetched and no socket opened.

Each attack runs in a process forked for it alone, so that its CPU time and memory are its own.
"""

from __future__ import annotations

import gzip
import io
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
CPU_SECONDS, MIB = 2.0, 300
CSV = "代码,名称,数量\n01,甲镇,5\n02,乙镇,6\n".encode()
PROGRAM = """
import json, os, resource, sys
from pathlib import Path
import pyarrow.compute, pyarrow.csv
from plugins.readers.package import read_package

heard = []
def hear(event, arguments):
    if event.startswith(("socket.", "urllib.", "http.", "ftplib.", "smtplib.", "subprocess.", "os.system", "os.exec")):
        heard.append(event)
sys.addaudithook(hear)

for folder in sys.argv[1:]:
    here, there = os.pipe()
    if not (child := os.fork()):
        package, faults = read_package(Path(folder), "towns")
        found = {"codes": [[f.code, f.severity] for f in faults], "package": package is not None, "heard": heard}
        os.write(there, json.dumps(found).encode())
        os._exit(0)
    os.close(there)
    with os.fdopen(here) as pipe:
        answer = json.loads(pipe.read() or "{}")
    _, status, usage = os.wait4(child, 0)
    cost = {"cpu": usage.ru_utime + usage.ru_stime, "mib": usage.ru_maxrss / 1024, "status": status}
    print(json.dumps(answer | cost | {"attack": Path(folder).name}), flush=True)
"""


def table(**changes: Any) -> dict[str, Any]:
    fields = [{"name": "代码"}, {"name": "名称"}, {"name": "数量", "type": "integer"}]
    return {"name": "towns", "path": "towns.csv", "schema": {"fields": fields}} | changes


def schema(**changes: Any) -> dict[str, Any]:
    """The table with the key of its first field changed."""
    value = table()
    value["schema"]["fields"][0] |= changes
    return value


def zipped(member: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(member, CSV)
    return file.getvalue()


WIDE = [{"name": f"c{n}"} for n in range(5000)]
BOMB = gzip.compress(b"a" * (200 << 20), 1)
ADDRESS = "http://127.0.0.1:9/towns"
ATTACKS: dict[str, tuple[str, dict[str, Any], dict[str, bytes]]] = {
    "url-in-path": ("P120", table(path=f"{ADDRESS}.csv"), {}),
    "url-in-schema": ("P125", table(schema=f"{ADDRESS}.json"), {}),
    "url-in-dialect": ("P125", table(dialect=f"{ADDRESS}.json"), {}),
    "url-in-profile": ("P126", table(profile=f"{ADDRESS}.json"), {}),
    "url-in-version": ("P126", table(**{"$schema": f"{ADDRESS}.json"}), {}),
    "remote-scheme": ("P120", table(scheme="http"), {}),
    "database-of-the-machine": ("P120", table(path="sqlite:////etc/towns.db"), {}),
    "file-address": ("P120", table(path="file:///etc/passwd"), {}),
    "path-out-of-the-folder": ("P121", table(path="../../etc/passwd"), {}),
    "link-out-of-the-folder": ("P201", table(path="link.csv"), {}),
    "gzip-bomb": ("P123", table(path="towns.csv.gz"), {"towns.csv.gz": BOMB}),
    "gzip-bomb-called-csv": ("P205", table(), {"towns.csv": BOMB}),
    "gzip-bomb-declared": ("P123", table(compression="gz"), {"towns.csv": BOMB}),
    "zip-member-out-of-the-folder": ("P123", table(path="t.zip"), {"t.zip": zipped("../../evil.csv")}),
    "zip-called-csv": ("P206", table(), {"towns.csv": zipped("../evil.csv")}),
    "nested-repetition": ("P129", schema(constraints={"pattern": "(a+)+$"}), {}),
    "overlapping-alternatives": (
        "P351",
        schema(constraints={"pattern": "(a|aa)+$"}),
        {"towns.csv": CSV + b"a" * 60 + "!,丙镇,7\n".encode()},
    ),
    "year-before-christ": ("P131", schema(type="year", constraints={"minimum": -1}), {}),
    "five-thousand-fields": ("P128", table(schema={"fields": WIDE}), {}),
    "five-thousand-columns": ("P128", table(), {"towns.csv": b"a," * 5000 + b"\n"}),
    "another-delimiter": ("P315", table(), {"towns.csv": CSV.replace(b",", b";")}),
    "two-byte-order-marks": ("P315", table(), {"towns.csv": b"\xef\xbb\xbf" * 2 + CSV}),
    "nul": ("P206", table(), {"towns.csv": CSV + b"03,\0,7\n"}),
    "lone-cr": ("P207", table(), {"towns.csv": CSV.replace(b"\n", b"\r")}),
    "formula": ("P350", table(), {"towns.csv": CSV + b"03,\"=cmd|' /C calc'!A0\",7\n"}),
}


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """What became of every attack."""
    base = tmp_path_factory.mktemp("hostile")
    for attack, (_, resource, files) in ATTACKS.items():
        folder = base / attack / "towns"
        folder.mkdir(parents=True)
        value = {
            "name": "towns",
            "title": "乡镇",
            "licenses": [{"name": "CC0-1.0"}],
            "contributors": [{"title": "县统计局", "role": "publisher"}],
            "resources": [resource],
        }
        (folder / "datapackage.json").write_text(json.dumps(value))
        for name, data in ({"towns.csv": CSV} | files).items():
            (folder / name).write_bytes(data)
        if attack == "link-out-of-the-folder":
            (folder / "link.csv").symlink_to("/etc/passwd")
    command = [sys.executable, "-c", PROGRAM, *(str(base / attack) for attack in ATTACKS)]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment, timeout=300)
    return {row["attack"]: row for row in map(json.loads, done.stdout.splitlines())}


@pytest.mark.parametrize("attack", ATTACKS)
def test_the_attack_is_refused_by_code_without_a_socket_and_cheaply(attack: str, found: dict[str, Any]) -> None:
    """The attack of that name."""
    row = found[attack]
    assert ATTACKS[attack][0] in [code for code, _ in row["codes"]]
    assert row["package"] is False
    assert row["heard"] == []
    assert row["cpu"] <= CPU_SECONDS, row
    assert row["mib"] <= MIB, row


def test_a_socket_would_have_been_heard(tmp_path: Path) -> None:
    """The same ears, and a socket of our own."""
    program = PROGRAM.split("\nfor folder", maxsplit=1)[0] + "\nimport socket; socket.socket().close(); print(heard)"
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, env=environment)
    assert "socket.__new__" in done.stdout
