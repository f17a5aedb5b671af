"""The published forms in a build: reproducible, cheap when nothing changed, never of other bytes than were read."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from plugins.build.pieces import adopt, write_pieces
from plugins.build.preview import Preview
from plugins.build.scratch import new_scratch
from plugins.build.settings import ROOT
from plugins.build.store import Store
from plugins.build.workers import Batch as Jobs
from plugins.build.workers import DiskLoader, Folders, render_batch
from plugins.formats.views import ChangedError
from plugins.release.stage import Torn
from plugins.views.jobs import Job
from tests.small import NOW, Small

CSV = "代码,数量\n02,1\n01,-\n"
FIELDS = [{"name": "代码"}, {"name": "数量", "type": "integer", "missingValues": ["-"]}]
SCHEMA = {"$schema": "https://datapackage.org/profiles/2.0/tableschema.json", "fields": FIELDS, "primaryKey": "代码"}
FORMS = {"original", "csv", "excel-csv", "parquet", "ndjson", "json", "xlsx"}
_ALL = """
import hashlib, pathlib, sys
from tests.formed import package, publish
folder = pathlib.Path(sys.argv[1])
fields = [{"name": n, "type": t} for n, t in zip("abcdefgh", sys.argv[2].split(","))]
rows = "".join(f"{n * 37 % 3000},{n / 8},文{n % 7},2024-02-{n % 28 + 1:02},true,2024-02-29T08:00:00,2024,08:30:00\\n"
               for n in range(3000))
schema = {"fields": fields, "primaryKey": "a"}
out = publish(folder, package(folder, {"t": "a,b,c,d,e,f,g,h\\n" + rows}, {"t": schema}))
for file in sorted(p for p in out.rglob("*") if p.is_file()):
    print(hashlib.sha256(file.read_bytes()).hexdigest(), file.relative_to(out))
"""
_LARGE = """
import hashlib, pathlib, sys, threading, time
import numpy, pyarrow.compute, pyarrow.csv, pyarrow.parquet
from plugins.models.package import FREE, Layout, Package, Table
from plugins.views import forms
from tests.formed import publish

def own():
    line = next(line for line in open("/proc/self/status") if line.startswith("RssAnon"))
    return int(line.split()[1]) // 1024

def watch():
    while True:
        seen.append(own())
        time.sleep(0.02)

forms.WHOLE_BYTES = 16 << 20
folder = pathlib.Path(sys.argv[1])
place = folder / "datasets/towns"
place.mkdir(parents=True)
with (place / "t.csv").open("w") as file:
    file.write("a,b\\n")
    file.writelines(f"{n},{'长长的文字' * 12}{n}\\n" for n in range(600_000))
with (place / "t.csv").open("rb") as file:
    digest = hashlib.file_digest(file, "sha256").hexdigest()
fields = ({"name": "a", "type": "integer"}, {"name": "b", "type": "string"})
size = (place / "t.csv").stat().st_size
table = Table("t", "t", "t.csv", size, digest, 600_000, "utf-8", fields, (), ("a",), Layout(plain=True))
seen = [own()]
threading.Thread(target=watch, daemon=True).start()
files = publish(folder, Package("towns", "", "", {}, "t", "", FREE, (table,))) / "files"
with (files / "t.ndjson").open("rb") as lines:
    print(sum(1 for _ in lines), len(list((files / "t").iterdir())), len(list((files / "t.parquet").iterdir())))
print(max(seen) - seen[0])
"""


def dataset(small: Small, csv: str = CSV, **changes: Any) -> Path:
    """A data package beside the content; its folder."""
    folder = small.folder / "datasets/towns"
    folder.mkdir(parents=True, exist_ok=True)
    descriptor = {
        "name": "towns",
        "title": "乡镇",
        "licenses": [{"name": "CC-BY-4.0"}],
        "contributors": [{"title": "县统计局", "role": "publisher"}],
        "resources": [{"name": "t", "path": "t.csv", "schema": SCHEMA}],
    } | changes
    (folder / "datapackage.json").write_text(json.dumps(descriptor, ensure_ascii=False))
    (folder / "t.csv").write_text(csv)
    return small.output / "datasets/towns"


def test_index_and_checksums_tell_of_every_file(small: Small) -> None:
    place = dataset(small)
    assert small.build() == 0
    index = json.loads((place / "index.json").read_text())
    assert set(index["tables"][0]["forms"]) == FORMS
    told = [*index["tables"][0]["forms"].values(), *index["forms"].values()]
    for form in told:
        data = (place / form["path"]).read_bytes()
        assert (len(data), hashlib.sha256(data).hexdigest(), 2) == (form["bytes"], form["sha256"], form["rows"])
    sums = dict(reversed(line.split("  ")) for line in (place / "SHA256SUMS").read_text().splitlines())
    assert set(sums) == {form["path"] for form in told} | {"datapackage.json"}
    assert subprocess.run(["sha256sum", "-c", "--quiet", "SHA256SUMS"], cwd=place, check=False).returncode == 0


def test_what_is_given_on_application_has_page_dictionary_and_condition_only(small: Small) -> None:
    """有条件开放, with a condition"""
    condition = {"cn:openType": "有条件开放", "cn:openCondition": "科研用途，签订协议"}
    place = dataset(small, "代码,数量\n甲乙丙丁,987654321\n", **condition)
    assert small.build() == 0
    told = {"index.html", "index.json", "feed.atom", "dataset.jsonld", "croissant.json"}
    assert {p.name for p in place.iterdir()} == told
    page = (place / "index.html").read_text()
    assert "科研用途，签订协议" in page
    assert "数量" in page
    for cell in ("甲乙丙丁", "987654321"):
        assert cell.encode() not in small.output_bytes()
        assert cell.encode() not in b"".join(
            p.read_bytes() for p in (small.folder / ".cache").rglob("*") if p.is_file()
        )


def test_all_forms_are_the_same_bytes_in_any_process_zone_and_hash_seed(tmp_path: Path) -> None:
    kinds = "integer,number,string,date,boolean,datetime,year,time"
    printed = set()
    for seed, zone in (("0", "UTC"), ("7", "America/New_York"), ("random", "Pacific/Kiritimati")):
        env = {**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": "C"}
        command = [sys.executable, "-c", _ALL, str(tmp_path / seed), kinds]
        done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=True)
        printed.add(done.stdout)
    assert len(printed) == 1
    assert len(printed.pop().splitlines()) == 10


def test_an_unchanged_package_costs_no_import_of_arrow(small: Small) -> None:
    """A build, then one after an edit of a document"""
    dataset(small)
    command = [sys.executable, "-c", "import sys; from plugins.build import verbs; from plugins.build.settings import "]
    command[2] += "from_file; verbs.run_build(from_file(content=sys.argv[1], output=sys.argv[2], as_of=sys.argv[3]));"
    command[2] += "print({'pyarrow', 'frictionless', 'pandas'} & set(sys.modules))"
    command += [str(small.content), str(small.output), NOW]
    for edit in range(2):
        small.policy("a", body=f"第一条 改了{edit}次。")
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "set()"


def test_a_changed_package_is_made_anew_and_nothing_old_stays(small: Small) -> None:
    place = dataset(small)
    assert small.build() == 0
    dataset(small, "代码,数量\n" + "".join(f"{n:04},1\n" for n in range(1001)))
    assert small.build() == 0
    assert (place / "files/t/2.json").exists()
    dataset(small)
    assert small.build() == 0
    assert not (place / "files/t/2.json").exists()
    assert '"0001"' not in (place / "files/t.ndjson").read_text()


def test_a_torn_form_is_made_anew(small: Small) -> None:
    place = dataset(small)
    assert small.build() == 0
    before = (place / "files/t.parquet").read_bytes()
    victim = (place / "files/t.parquet").resolve()
    os.chmod(victim, 0o644)
    victim.write_bytes(b"torn")
    small.policy("b")
    assert small.build() == 0
    assert (place / "files/t.parquet").read_bytes() == before


@pytest.mark.parametrize("size", [10, 3 << 20])
def test_an_original_that_changed_after_it_was_read_is_a_fault(tmp_path: Path, size: int) -> None:
    (tmp_path / "datasets").mkdir()
    (tmp_path / "datasets/t.csv").write_bytes(b"x" * size)
    store = Store(tmp_path / "store")
    job = Job("t.csv", "file", {"file": "datasets/t.csv", "sha256": hashlib.sha256(b"other").hexdigest()})
    folders = Folders(tmp_path, tmp_path / "datasets", ROOT / "theme", store.objects)
    made, faults = render_batch(Jobs(folders, [("print", job)]))
    assert (made, [fault.code for fault in faults]) == ([], ["F109"])
    assert [p for p in (tmp_path / "store").rglob("*") if p.is_file() and "index" not in p.name] == []


def test_pieces_and_files_become_the_objects_that_whole_bytes_would(tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    data = bytes(range(256)) * 5000
    digest = hashlib.sha256(data).hexdigest()
    for _ in range(2):
        made = write_pieces(store.objects, (data[n : n + 70_000] for n in range(0, len(data), 70_000)))
        file = new_scratch(store.objects)
        file.write_bytes(data)
        assert adopt(store.objects, file) == made
        assert (made.digest, made.size) == (digest, len(data))
    assert os.listdir(tmp_path / "store/scratch") == []
    assert os.stat(store.path(digest)).st_mode & 0o777 == 0o444


def test_an_object_that_is_no_longer_its_digest_is_not_opened(tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    made = write_pieces(store.objects, [b"a" * 100, b"b"])
    load = DiskLoader(Folders(tmp_path, None, tmp_path, store.objects))
    assert load.path(made.digest).read_bytes() == b"a" * 100 + b"b"
    os.chmod(store.path(made.digest), 0o644)
    Path(store.path(made.digest)).write_bytes(b"c" * 101)
    with pytest.raises(Torn, match=made.digest):
        load.path(made.digest)


def test_pieces_of_a_file_that_is_gone_are_a_change(tmp_path: Path) -> None:
    load = DiskLoader(Folders(tmp_path, tmp_path, tmp_path, ""))
    with pytest.raises(ChangedError):
        list(load.pieces({"file": "datasets/none.csv", "sha256": ""}))


@pytest.mark.skipif(sys.platform != "linux", reason="peaks are counted on Linux")
def test_a_large_table_is_never_whole_in_memory(tmp_path: Path) -> None:
    """110 MB of text, in parts of 16 MB; what is mapped from files is the kernel's to take back"""
    done = subprocess.run(
        [sys.executable, "-c", _LARGE, str(tmp_path)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    lines, pages, parts, grown = map(int, done.stdout.split())
    assert (lines, pages, parts) == (600_000, 600, 7)
    assert grown < 160


def test_the_preview_serves_the_forms(small: Small) -> None:
    dataset(small)
    preview = Preview(small.settings())
    data = preview.get("datasets/towns/files/t.ndjson")
    assert data == '{"代码":"02","数量":1}\n{"代码":"01","数量":null}\n'.encode()
    assert preview.get("datasets/towns/t.csv") == CSV.encode()
    assert b"files/t.parquet" in (preview.get("datasets/towns/SHA256SUMS") or b"")
