"""Data packages are read without trust: the corpus of bad packages, real ones, attacks, and limited children."""

from __future__ import annotations

import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plugins.models.faults import has_errors
from plugins.models.package import Package
from plugins.readers import children, lint
from plugins.readers import vocabulary as words
from plugins.readers.datafile import MAX_FILE
from plugins.readers.descriptor import MAX_BYTES, parse_descriptor
from plugins.readers.package import fingerprint, package_folders, read_package, read_packages
from plugins.readers.patterns import catastrophic
from plugins.readers.strictjson import Document

ROOT = Path(__file__).resolve().parents[2]
BAD = sorted(p for p in (ROOT / "tests/corpus/bad").glob("P[123]*-*") if (p / "datasets/towns").exists())
"""Those that need neither another package nor the ledger: references and versions are followed by the build."""
CSV = "代码,名称,数量\n01,甲镇,5\n02,乙镇,6\n"


def descriptor(**changes: Any) -> dict[str, Any]:
    fields = [{"name": "代码"}, {"name": "名称", "type": "string"}, {"name": "数量", "type": "integer"}]
    table = {"name": "towns", "path": "data/towns.csv", "schema": {"fields": fields, "primaryKey": "代码"}}
    return {
        "name": "towns",
        "title": "乡镇",
        "licenses": [{"name": "CC-BY-4.0"}],
        "contributors": [{"title": "县统计局", "role": "publisher"}],
        "resources": [table],
    } | changes


def write(datasets: Path, value: dict[str, Any] | None = None, csv: bytes | str = CSV) -> Path:
    folder = datasets / "towns"
    (folder / "data").mkdir(parents=True, exist_ok=True)
    (folder / "datapackage.json").write_text(json.dumps(value or descriptor(), ensure_ascii=False, indent=1))
    (folder / "data/towns.csv").write_bytes(csv.encode() if isinstance(csv, str) else csv)
    return folder


def codes(datasets: Path, name: str = "towns") -> list[tuple[str, int]]:
    return [(f.code, f.line) for f in read_package(datasets, name)[1]]


@pytest.mark.parametrize("case", BAD, ids=lambda p: p.name)
def test_every_bad_package_gets_exactly_its_faults(case: Path) -> None:
    """tests/corpus/bad/P*"""
    package, faults = read_package(case / "datasets", "towns")
    found = [{"code": f.code, "path": f.path, "line": f.line} for f in faults]
    assert found == json.loads((case / "expected.json").read_text())
    assert case.name[:4] in {f.code for f in faults}
    assert (package is None) == has_errors(faults)


def test_a_good_package_becomes_a_record_that_survives_json(tmp_path: Path) -> None:
    """Two rows, three columns."""
    write(tmp_path)
    package, faults = read_package(tmp_path, "towns")
    assert package is not None
    assert not faults
    assert Package.from_json(json.loads(json.dumps(package.as_json()))) == package
    assert (package.publisher, package.open_type, package.path) == (
        "县统计局",
        "无条件开放",
        "datasets/towns/datapackage.json",
    )
    table = package.tables[0]
    assert (table.rows, table.head, table.primary_key) == (2, (("01", "甲镇", "5"), ("02", "乙镇", "6")), ("代码",))
    assert table.fields[2]["summary"] == {"missing": 0, "distinct": 2, "min": "5", "max": "6", "mean": "5.5"}


@pytest.mark.parametrize(
    ("changes", "csv"),
    [
        ({}, b"\xef\xbb\xbf" + CSV.encode()),
        ({}, CSV.replace("\n", "\r\n")),
        ({}, CSV.replace("甲镇", '"甲\n镇, ""x"""')),
        ({"dialect": {"delimiter": ";"}}, CSV.replace(",", ";")),
        ({"dialect": {"header": False}}, CSV.split("\n", 1)[1]),
        ({"encoding": "gbk"}, CSV.encode("gbk")),
        ({"encoding": "GB18030"}, CSV.encode("gb18030")),
    ],
    ids=["bom", "crlf", "quoted", "semicolon", "headless", "gbk", "gb18030"],
)
def test_other_forms_of_csv_are_read_when_declared(tmp_path: Path, changes: dict[str, Any], csv: bytes | str) -> None:
    """The same table in another dialect or encoding."""
    value = descriptor()
    value["resources"][0] |= changes
    write(tmp_path, value, csv)
    package, faults = read_package(tmp_path, "towns")
    assert not faults
    assert package is not None
    assert package.tables[0].rows == 2


def test_what_is_withheld_leaves_a_catalogue_row_only(tmp_path: Path) -> None:
    """cn:openType 不予开放, with a description and a file."""
    write(tmp_path, descriptor(**{"cn:openType": "不予开放", "description": "秘密"}), "秘密")
    package, faults = read_package(tmp_path, "towns")
    assert package is not None
    assert not faults
    assert "秘密" not in json.dumps(package.as_json(), ensure_ascii=False)
    assert package.tables == ()


PASS = {"cn-divisions-gb18030": 2978, "currency-codes": 449, "gdp": 230}
REFUSED = {
    "co2-ppm": ("P320", "data/co2-gr-mlo.csv", 2),
    "country-codes": ("P102", "datapackage.yml", 0),
    "cpi": ("P315", "data/cpi.csv", 1),
    "top-level-domain-names": ("P315", "data/top-level-domain-names.csv", 1),
}


DEFECTS = {
    "co2-ppm": {
        ("P114", "datapackage.json"),
        ("P136", "datapackage.json"),
        ("P141", "datapackage.json"),
        ("P149", "datapackage.json"),
        ("P304", "data/co2-mm-gl.csv"),
        ("P304", "data/co2-mm-mlo.csv"),
        ("P312", "data/co2-mm-gl.csv"),
        ("P312", "data/co2-mm-mlo.csv"),
        ("P320", "data/co2-gr-mlo.csv"),
    },
    "country-codes": {("P102", "datapackage.yml")},
    "cpi": {("P114", "datapackage.json"), ("P140", "datapackage.json"), ("P315", "data/cpi.csv")},
    "top-level-domain-names": {("P114", "datapackage.json"), ("P315", "data/top-level-domain-names.csv")},
}
"""All kinds of defects of each broken package and the files that have them, told in one run."""


def test_real_packages_pass_or_are_refused_with_row_and_column(tmp_path: Path, shared: Path) -> None:
    """../shared/corpus/packages, with a publisher and where it lacks one a licence."""
    copy = Path(shutil.copytree(shared / "corpus/packages", tmp_path / "datasets"))
    for file in copy.glob("*/datapackage.json"):
        value = json.loads(file.read_text())
        value.setdefault("licenses", [{"name": "CC0-1.0"}])
        value.setdefault("contributors", []).append({"title": "县统计局", "role": "publisher"})
        file.write_text(json.dumps(value, ensure_ascii=False, indent=1))
    results = read_packages(copy, package_folders(copy)[0], 2)
    rows = {name: package.tables[0].rows for name, (package, _) in results.items() if package}
    assert rows == PASS
    for name, (code, file_name, line) in REFUSED.items():
        assert (code, f"datasets/{name}/{file_name}", line) in {(f.code, f.path, f.line) for f in results[name][1]}
    assert "Country Name" in str(results["cpi"][1][0])
    found = {name: {(f.code, f.path.split("/", 2)[2]) for f in results[name][1]} for name in REFUSED}
    assert found == DEFECTS
    cells = [f for f in results["co2-ppm"][1] if f.code == "P312"]
    assert all(f.line > 1 and "列多出一格" in f.message for f in cells)


def test_symlinks_out_of_the_package_are_refused(tmp_path: Path) -> None:
    """data/towns.csv -> /etc/passwd; then data -> /etc; then the package itself."""
    folder = write(tmp_path / "datasets")
    (folder / "data/towns.csv").unlink()
    (folder / "data/towns.csv").symlink_to("/etc/passwd")
    assert codes(tmp_path / "datasets") == [("P201", 0)]
    shutil.rmtree(folder / "data")
    (folder / "data").symlink_to("/etc")
    assert codes(tmp_path / "datasets") == [("P201", 0)]
    (tmp_path / "datasets/link").symlink_to(folder)
    assert [f.code for f in package_folders(tmp_path / "datasets")[1]] == ["P201"]


def test_a_fifo_does_not_hang_the_reader(tmp_path: Path) -> None:
    """data/towns.csv is a named pipe."""
    folder = write(tmp_path)
    (folder / "data/towns.csv").unlink()
    os.mkfifo(folder / "data/towns.csv")
    assert codes(tmp_path) == [("P201", 0)]


def test_stray_files_and_odd_names_are_faults_and_the_ledger_is_a_package(tmp_path: Path) -> None:
    """A file and a folder with a space beside a package."""
    write(tmp_path)
    (tmp_path / "notes.txt").touch()
    (tmp_path / "新 包").mkdir()
    (tmp_path / "ledger").mkdir()
    names, faults = package_folders(tmp_path)
    assert names == ["ledger", "towns"]
    assert [f.code for f in faults] == ["P209", "P208"]


def test_oversized_files_are_refused_before_they_are_read(tmp_path: Path) -> None:
    """A sparse file of 200 MiB and one byte; a table of 20 million empty lines; a line of 1,001 columns."""
    folder = write(tmp_path)
    os.truncate(folder / "data/towns.csv", MAX_FILE + 1)
    assert codes(tmp_path) == [("P203", 0)]
    write(tmp_path, csv="\n" * 20_000_000)
    assert codes(tmp_path) == [("P204", 0)]
    write(tmp_path, csv="a," * 1000 + "\n" + CSV)
    assert codes(tmp_path) == [("P128", 1)]


def test_oversized_descriptors_are_refused_before_they_are_parsed(tmp_path: Path) -> None:
    """Over 1 MiB; 100,000 brackets; 1,001 columns."""
    folder = write(tmp_path)
    (folder / "datapackage.json").write_text(" " * (MAX_BYTES + 1))
    assert codes(tmp_path) == [("P103", 0)]
    (folder / "datapackage.json").write_text("[" * 100_000)
    assert codes(tmp_path) == [("P104", 1)]
    fields = [{"name": str(n)} for n in range(1001)]
    value = descriptor(resources=[{"name": "t", "path": "data/towns.csv", "schema": {"fields": fields}}])
    (folder / "datapackage.json").write_text(json.dumps(value))
    assert codes(tmp_path) == [("P128", 1)]


def test_a_descriptor_in_another_encoding_is_refused() -> None:
    """GB18030 bytes."""
    assert [f.code for f in parse_descriptor('{"title": "乡镇"}'.encode("gb18030"), "towns")[1]] == ["F101"]


def test_constraints_and_formats_are_those_that_the_judge_knows() -> None:
    """Every type of frictionless."""
    from frictionless.system import system

    for kind in words.TYPES:
        judge = system.select_field_class(kind)
        allowed = lint.ALLOWED.get(kind, lint.ANY)
        assert set(allowed) == {*judge.supported_constraints, "unique"}, kind
    profile = system.select_field_class("string").metadata_profile_patch
    assert list(lint.STRINGS) == profile["properties"]["format"]["enum"]


@pytest.mark.parametrize("pattern", ["(a+)+$", "(a*)*b", "((a+)b?)+", "(?:a{2,}){3,}", "([a-z]+)*", "(.*a){20}x" * 60])
def test_catastrophic_patterns_are_recognised(pattern: str) -> None:
    """Nested repetition, or a pattern of book length."""
    assert catastrophic(pattern)


@pytest.mark.parametrize("pattern", [r"[0-9]{6}", r"(\d{3}-?)+", r"(甲|乙)*", r"\(a+\)+", r"[(a+)]+", r"^[^@]+@[^@]+$"])
def test_ordinary_patterns_pass(pattern: str) -> None:
    """What editors write."""
    assert not catastrophic(pattern)


def test_a_fingerprint_changes_with_any_byte_name_or_link(tmp_path: Path) -> None:
    """One package, changed four times."""
    folder = write(tmp_path)
    seen = {fingerprint(folder)}
    assert fingerprint(folder) in seen
    (folder / "data/towns.csv").write_text(CSV + "03,丙镇,7\n")
    seen.add(fingerprint(folder))
    (folder / "README.md").touch()
    seen.add(fingerprint(folder))
    (folder / "README.md").rename(folder / "README")
    seen.add(fingerprint(folder))
    (folder / "link").symlink_to("README")
    assert len(seen | {fingerprint(folder)}) == 5


def test_hidden_files_are_not_of_a_package(tmp_path: Path) -> None:
    """What a desktop, a spreadsheet at work and `publish` leave beside the tables; a hidden link is still refused."""
    folder = write(tmp_path)
    before = fingerprint(folder), read_package(tmp_path, "towns")
    for name in (".DS_Store", "data/.~lock.towns.csv#", "data/~$towns.xlsx", ".cache/a/b.csv", "data/.v"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("x")
    assert (fingerprint(folder), read_package(tmp_path, "towns")) == before
    (folder / "data/..csv").symlink_to("towns.csv")
    assert fingerprint(folder) != before[0]
    assert codes(tmp_path) == [("P201", 0)]


def test_the_parent_never_imports_what_reads_tables(tmp_path: Path) -> None:
    """A fresh interpreter reads one package in a child, and fingerprints it."""
    write(tmp_path / "datasets")
    program = tmp_path / "program.py"
    program.write_text(
        "import sys\nfrom pathlib import Path\nfrom plugins.readers.package import *\n"
        "if __name__ == '__main__':\n"
        "    d = Path(sys.argv[1])\n    fingerprint(d / 'towns')\n    assert read_packages(d, [], 2) == {}\n"
        "    assert 'multiprocessing.forkserver' not in sys.modules\n"
        "    assert read_packages(d, ['towns'], 2)['towns'][0].tables[0].rows == 2\n"
        "    assert not {'frictionless', 'pandas', 'pyarrow'} & set(sys.modules)\n"
    )
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    subprocess.run([sys.executable, str(program), str(tmp_path / "datasets")], check=True, env=environment, timeout=60)


def crash(task: children.Task, note: Any) -> dict[str, Any]:
    note("datasets/x/data/t.csv")
    os._exit(7)


def hang(task: children.Task, note: Any) -> dict[str, Any]:
    time.sleep(600)
    return {}


def hog(task: children.Task, note: Any) -> dict[str, Any]:
    return {"package": bytearray(3 * 1024**3)}


def spin(task: children.Task, note: Any) -> dict[str, Any]:
    resource.setrlimit(resource.RLIMIT_CPU, (1, 2))
    signal.signal(signal.SIGXCPU, signal.SIG_DFL)
    while True:
        pass


@pytest.mark.parametrize(
    ("work", "reason"),
    [(crash, "退出码 7"), (hang, "上限"), (hog, "内存不够"), (spin, "用时超过")],
    ids=lambda v: str(v)[:14],
)
def test_a_child_that_dies_hangs_or_hogs_becomes_a_fault(work: Any, reason: str) -> None:
    """One child of each kind, and a good one beside it."""
    task = children.Task("d", "x", 2 if work is hang else 60)
    package, (found,) = children.run(work, [task], 2)["x"]
    assert package is None
    assert found.code == "P302"
    assert found.path == ("datasets/x/data/t.csv" if work is crash else "datasets/x")
    assert reason in found.message


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**20), 10**20)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
KEYS = st.sampled_from(["name", "title", "licenses", "contributors", "resources", "cn:openType", "$schema", "profile"])
PARTS = st.sampled_from(["name", "path", "schema", "dialect", "encoding", "hash", "data", "compression", "scheme"])
SCHEMA = st.sampled_from(["fields", "primaryKey", "foreignKeys", "missingValues", "fieldsMatch"])


@given(JSON)
def test_strict_json_agrees_with_the_standard_library(value: Any) -> None:
    """Any JSON value, written with and without line ends."""
    for indent in (None, 2):
        assert Document(json.dumps(value, indent=indent)).value == value


@settings(max_examples=200, deadline=None)
@given(KEYS, PARTS, SCHEMA, JSON)
def test_no_value_anywhere_in_a_descriptor_breaks_the_reader(key: str, part: str, inner: str, value: Any) -> None:
    """A good descriptor in which one key of the package, of the table or of its schema holds anything at all."""
    in_table, in_schema = descriptor(), descriptor()
    in_table["resources"][0][part] = value
    in_schema["resources"][0]["schema"][inner] = value
    for changed in (descriptor(**{key: value}), in_table, in_schema):
        found, faults = parse_descriptor(json.dumps(changed).encode(), "towns")
        assert (found is None) == has_errors(faults)


@given(st.binary(max_size=200))
def test_no_bytes_break_the_reader(data: bytes) -> None:
    """Any bytes as datapackage.json."""
    assert has_errors(parse_descriptor(data, "towns")[1])
