"""Versions of data sets: kept by publish, told by the ledger, shown with what changed, and never lost or changed."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from plugins.build.builder import check_all
from plugins.build.publish import publish
from plugins.release.promote import Releases
from plugins.release.verify import EXCLUDED
from tests.conftest import ROOT
from tests.small import Small

FIRST, SECOND, THIRD = "2026-03-03 10:00", "2026-05-01 09:00", "2026-06-01 09:00"
ROWS = "01,甲镇,10\n02,乙镇,20\n03,丙镇,30\n"
NEXT = "01,甲镇,11\n03,丙镇,30\n04,丁镇,40\n05,戊镇,50\n"
ATOM = "{http://www.w3.org/2005/Atom}"


def descriptor(**changes: Any) -> dict[str, Any]:
    """A package of one table with a key, in GB18030 and with semicolons: its version says how to read it."""
    fields = [
        {"name": "code", "title": "代码", "type": "string"},
        {"name": "name", "title": "名称", "type": "string"},
        {"name": "count", "title": "数量", "type": "integer"},
    ]
    table = {"name": "towns", "title": "乡镇", "path": "data/towns.csv", "encoding": "gb18030"}
    table |= {"dialect": {"delimiter": ";"}, "schema": {"fields": fields, "primaryKey": "code"}}
    return {
        "name": "towns",
        "title": "乡镇统计",
        "licenses": [{"name": "CC-BY-4.0"}],
        "contributors": [{"title": "试验县人民政府", "role": "publisher"}],
        "cn:openType": "无条件开放",
        "resources": [table],
        **changes,
    }


class Published:
    """A site with one data set."""

    def __init__(self, small: Small) -> None:
        self.small, self.folder, self.out = small, small.folder / "datasets" / "towns", small.output

    def describe(self, **changes: Any) -> None:
        (self.folder / "data").mkdir(parents=True, exist_ok=True)
        (self.folder / "datapackage.json").write_text(json.dumps(descriptor(**changes), ensure_ascii=False))

    def fill(self, rows: str) -> None:
        text = ("code,name,count\n" + rows).replace(",", ";")
        (self.folder / "data/towns.csv").write_bytes(text.encode("gb18030"))

    def publish(self, moment: str) -> list[str]:
        result = publish(self.small.settings(as_of=moment, datasets=str(self.folder.parent)))
        return [f.code for f in result.faults if f.severity == "error"]

    def faults(self) -> list[tuple[str, str]]:
        settings = self.small.settings(datasets=str(self.folder.parent))
        return [(f.code, f.path) for f in check_all(settings) if f.severity == "error"]

    def events(self, identifier: str = "datasets/towns") -> list[dict[str, Any]]:
        lines = (self.out / "log.jsonl").read_text().splitlines()
        return [e for e in map(json.loads, lines) if e["id"] == identifier]

    def json(self, path: str) -> Any:
        return json.loads((self.out / "datasets/towns" / path).read_text())

    def page(self, path: str) -> str:
        return (self.out / "datasets/towns" / path).read_text()

    def files(self, below: str = "") -> dict[str, bytes]:
        root = self.folder / below
        return {p.relative_to(root).as_posix(): p.read_bytes() for p in root.rglob("*") if p.is_file()}


@pytest.fixture
def site(small: Small) -> Published:
    """A data set that was published once."""
    made = Published(small)
    made.describe()
    made.fill(ROWS)
    assert made.publish(FIRST) == []
    return made


@pytest.fixture
def twice(site: Published) -> Published:
    """Published, changed, and published again."""
    site.fill(NEXT)
    assert site.publish(SECOND) == []
    return site


def test_the_first_publication_enters_the_data_set_and_keeps_its_original(site: Published) -> None:
    assert [(e["event"], e["moment"], e["note"]) for e in site.events()] == [("published", FIRST, "")]
    kept = site.files("v/2026-03-03")
    assert kept["data/towns.csv"] == (site.folder / "data/towns.csv").read_bytes()
    assert kept.keys() == {"data/towns.csv", "datapackage.json", "SHA256SUMS"}


def test_an_update_is_told_with_its_counts_without_any_note_of_the_editor(twice: Published) -> None:
    assert [e["event"] for e in twice.events()] == ["published", "amended"]
    assert twice.events()[1]["note"] == "数据更新：新增 2 行，删除 1 行，修改 1 行"


def test_the_superseded_original_stays_in_the_folder_and_at_its_address(twice: Published) -> None:
    old = ("code;name;count\n" + ROWS.replace(",", ";")).encode("gb18030")
    assert twice.files("v")["2026-03-03/data/towns.csv"] == old
    assert (twice.out / "datasets/towns/v/2026-03-03/data/towns.csv").read_bytes() == old
    assert (twice.out / "datasets/towns/v/2026-03-03/files/towns.csv").read_text() == "code,name,count\n" + ROWS
    assert (twice.out / "datasets/towns/v/2026-05-01/files/towns.csv").read_text() == "code,name,count\n" + NEXT


@pytest.mark.parametrize("version", ["2026-03-03", "2026-05-01"])
def test_sums_are_right_and_give_the_hash_of_the_ledger(twice: Published, version: str) -> None:
    folder = twice.out / "datasets/towns/v" / version
    subprocess.run(["sha256sum", "--strict", "--quiet", "-c", "SHA256SUMS"], cwd=folder, check=True)
    listed = {line.split("  ", 1)[1] for line in (folder / "SHA256SUMS").read_text().splitlines()}
    there = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}
    assert listed == there - {"SHA256SUMS"}
    originals = [li for li in (folder / "SHA256SUMS").read_text().splitlines(True) if "  files/" not in li]
    digest = hashlib.sha256("".join(originals).encode()).hexdigest()
    assert digest in {e["sha256"] for e in twice.events()}


def test_a_version_can_be_read_by_its_own_descriptor(twice: Published) -> None:
    import frictionless

    for version, count in (("2026-03-03", 3), ("2026-05-01", 4)):
        package = frictionless.Package(str(twice.out / "datasets/towns/v" / version / "datapackage.json"))
        assert package.validate().valid
        assert len(package.get_resource("towns").read_rows()) == count


def test_the_page_of_a_change_shows_counts_and_cells(twice: Published) -> None:
    page = twice.page("changes/2026-05-01/index.html")
    assert "新增 2 行，删除 1 行，修改 1 行" in page
    assert "<del>10</del>" in page
    assert "<ins>11</ins>" in page
    assert "丁镇" in page
    assert "乙镇" in page
    data = twice.json("changes/2026-05-01/index.json")
    assert {k: data[k] for k in ("rows", "earlier_rows", "added", "removed", "changed", "previous")} == {
        "rows": 4, "earlier_rows": 3, "added": 2, "removed": 1, "changed": 1, "previous": "2026-03-03",
    }  # fmt: skip
    assert data["tables"][0]["examples"]["changed"] == [
        {"key": ["01"], "cells": [{"column": "count", "earlier": "10", "later": "11"}]}
    ]
    assert data["tables"][0]["by"] == ["code"]


def test_index_feed_and_page_know_every_version(twice: Published) -> None:
    versions = twice.json("index.json")["versions"]
    assert [(v["version"], v["rows"], v["added"], v["removed"], v["changed"]) for v in versions] == [
        ("2026-05-01", 4, 2, 1, 1),
        ("2026-03-03", 3, 0, 0, 0),
    ]
    for one in (file for version in versions for file in version["files"]):
        data = (twice.out / "datasets/towns" / one["path"]).read_bytes()
        assert (len(data), hashlib.sha256(data).hexdigest()) == (one["bytes"], one["sha256"])
    feed = ET.parse(twice.out / "datasets/towns/feed.atom").getroot()
    titles = [entry.findtext(f"{ATOM}title") for entry in feed.iter(f"{ATOM}entry")]
    assert titles == ["乡镇统计（2026-05-01 版）", "乡镇统计（2026-03-03 版）"]
    assert [entry.findtext(f"{ATOM}summary") for entry in feed.iter(f"{ATOM}entry")] == [
        "数据更新：新增 2 行，删除 1 行，修改 1 行；共 4 行",
        "首次发布；共 3 行",
    ]
    assert "乡镇统计（2026-05-01 版）" in (twice.out / "feed.atom").read_text()
    shown = twice.page("index.html").partition('id="versions"')[2]
    assert 0 < shown.index("2026-05-01") < shown.index("2026-03-03")
    assert "乡镇统计" in (twice.out / "log/index.html").read_text()


def state(site: Published) -> tuple[bytes, dict[str, bytes]]:
    folder = site.folder.parent
    return (site.out / "MANIFEST").read_bytes(), {
        str(p): p.read_bytes() for p in folder.rglob("*") if p.is_file() and not p.name.startswith(".")
    }


def test_publishing_again_without_a_change_writes_nothing(twice: Published) -> None:
    before = state(twice)
    assert twice.publish(THIRD) == []
    assert state(twice) == before


def test_a_build_after_a_publication_gives_the_same_site(twice: Published) -> None:
    """From the store, and with nothing in it."""
    before = state(twice)
    for clean in (False, True):
        assert twice.small.build(datasets=str(twice.folder.parent), as_of=SECOND, clean=clean) == 0
        assert state(twice) == before


def test_a_build_of_unpublished_rows_loses_no_address(twice: Published) -> None:

    def paths() -> set[str]:
        root = twice.out.resolve()
        return {p.relative_to(root).as_posix() for p in root.rglob("*")} - EXCLUDED

    before = paths()
    twice.fill(ROWS)
    assert twice.small.build(datasets=str(twice.folder.parent), as_of=THIRD) == 0
    assert paths() == before
    assert len(twice.json("index.json")["versions"]) == 2


def test_two_versions_of_one_day_have_two_names(site: Published) -> None:
    site.fill(NEXT)
    assert site.publish("2026-03-03 11:00") == []
    site.fill(ROWS)
    assert site.publish("2026-03-03 12:00") == []
    names = [v["version"] for v in site.json("index.json")["versions"]]
    assert names == ["2026-03-03-3", "2026-03-03-2", "2026-03-03"]


def test_another_title_is_told_but_begins_no_version(site: Published) -> None:
    site.describe(title="乡镇人口统计")
    assert site.publish(SECOND) == []
    assert [e["event"] for e in site.events()] == ["published"]
    words = site.events("datasets/towns/changes")
    assert [(e["event"], e["note"]) for e in words] == [("published", ""), ("amended", "更改目录信息：名称")]
    record = (site.out / "datasets/towns/changes/record.json").read_bytes()
    assert hashlib.sha256(record).hexdigest() == words[-1]["sha256"]
    assert "更改目录信息：名称" in site.page("changes/index.html")


@pytest.mark.parametrize(
    ("change", "note"),
    [
        ({"licenses": [{"name": "CC0-1.0"}]}, "更改许可"),
        ({"cn:changeNote": "更正甲镇的数量", "licenses": [{"name": "CC0-1.0"}]}, "更正甲镇的数量"),
    ],
)
def test_another_licence_is_another_version(site: Published, change: dict[str, Any], note: str) -> None:
    """And an editor's note stands in the place of the derived one."""
    site.describe(**change)
    assert site.publish(SECOND) == []
    assert [(e["event"], e["note"]) for e in site.events()][1:] == [("amended", note)]


def test_a_note_of_the_editor_is_used_once(site: Published) -> None:
    site.describe(**{"cn:changeNote": "更正甲镇的数量"})
    site.fill(NEXT)
    assert site.publish(SECOND) == []
    site.fill(ROWS)
    assert site.publish(THIRD) == []
    assert [e["note"] for e in site.events()] == [
        "",
        "更正甲镇的数量",
        "数据更新：新增 1 行，删除 2 行，修改 1 行",
    ]


def test_a_note_that_a_spreadsheet_would_run_is_returned(site: Published) -> None:
    before = state(site)
    site.describe(**{"cn:changeNote": "=1+1"})
    site.fill(NEXT)
    assert site.publish(SECOND) == ["L108"]
    assert state(site)[0] == before[0]
    assert not (site.folder / "v/2026-05-01").exists()


def test_columns_that_come_and_go_are_told(site: Published) -> None:
    value = descriptor()
    fields = value["resources"][0]["schema"]["fields"]
    fields[2] = {"name": "count", "title": "数量", "type": "number"}
    fields[1] = {"name": "town", "title": "镇名", "type": "string"}
    site.describe(resources=value["resources"])
    site.fill(ROWS)
    path = site.folder / "data/towns.csv"
    path.write_bytes(path.read_bytes().replace(b"code;name", b"code;town"))
    assert site.publish(SECOND) == []
    assert site.events()[1]["note"] == "新增字段 town；删除字段 name；更改字段定义 count"
    page = site.page("changes/2026-05-01/index.html")
    assert "类型由 integer 改为 number" in page
    assert "镇名" in page


def test_a_data_set_that_vanishes_is_missed(site: Published) -> None:
    import shutil

    shutil.rmtree(site.folder)
    assert site.faults() == [("L103", "datasets/ledger/ledger.csv")]
    assert site.publish(SECOND) == ["L103"]


def withheld(site: Published) -> None:
    site.describe(
        **{"cn:openType": "不予开放", "cn:changeNote": "涉及个人隐私", "resources": [], "description": "秘密"}
    )


def test_what_is_withheld_after_its_publication_leaves_day_and_reason_and_no_data(twice: Published) -> None:
    withheld(twice)
    assert twice.publish(THIRD) == []
    assert [(e["event"], e["note"]) for e in twice.events()][2:] == [("withdrawn", "涉及个人隐私")]
    page = twice.page("index.html")
    assert "涉及个人隐私" in page
    assert "2026年6月1日" in page
    assert not (twice.out / "datasets/towns/v").exists()
    output = b"".join(p.read_bytes() for p in twice.out.resolve().rglob("*") if p.is_file())
    assert "丙镇".encode() not in output
    assert "丙镇".encode("gb18030") not in output
    assert "秘密".encode() not in output


def test_what_is_open_again_begins_anew(twice: Published) -> None:
    """What was withdrawn is not shown again, though its files still lie in the folder."""
    withheld(twice)
    assert twice.publish(THIRD) == []
    twice.describe()
    assert twice.publish("2026-07-01 09:00") == []
    assert [e["event"] for e in twice.events()] == ["published", "amended", "withdrawn", "restored"]
    assert [v["version"] for v in twice.json("index.json")["versions"]] == ["2026-07-01"]
    assert not (twice.out / "datasets/towns/v/2026-03-03").exists()


def test_what_was_never_open_never_enters_the_ledger(small: Small) -> None:
    made = Published(small)
    made.describe(**{"cn:openType": "不予开放", "resources": []})
    assert made.publish(FIRST) == []
    assert made.events() == []
    assert made.events("datasets/towns/changes") == []
    assert not (made.folder / "v").exists()


def test_a_changed_byte_of_an_old_version_is_found_in_its_file(twice: Published) -> None:
    path = twice.folder / "v/2026-03-03/data/towns.csv"
    path.write_bytes(path.read_bytes().replace(b"10", b"12"))
    before = (twice.out / "MANIFEST").read_bytes()
    assert twice.faults() == [("P402", "datasets/towns/v/2026-03-03/data/towns.csv")]
    assert twice.publish(THIRD) == ["P402"]
    assert (twice.out / "MANIFEST").read_bytes() == before


def test_a_version_that_agrees_with_itself_but_not_with_the_ledger_is_found(twice: Published) -> None:
    """Table and list changed together."""
    folder = twice.folder / "v/2026-03-03"
    old = (folder / "data/towns.csv").read_bytes()
    new = old.replace(b"10", b"12")
    (folder / "data/towns.csv").write_bytes(new)
    sums = (folder / "SHA256SUMS").read_text()
    changed = sums.replace(hashlib.sha256(old).hexdigest(), hashlib.sha256(new).hexdigest())
    (folder / "SHA256SUMS").write_text(changed)
    assert twice.faults() == [("P402", "datasets/towns/v/2026-03-03/SHA256SUMS")]


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("v/2026-03-03/data/more.csv", "P403"),
        ("v/2026-04-04/data/more.csv", "P403"),
        ("v/notes.txt", "P403"),
    ],
)
def test_what_publish_did_not_keep_has_no_place_among_versions(twice: Published, path: str, code: str) -> None:
    file = twice.folder / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("x")
    assert [c for c, _ in twice.faults()] == [code] or [c for c, _ in twice.faults()] == ["P401", code]


def test_a_lost_version_is_missed(twice: Published) -> None:
    import shutil

    (twice.folder / "v/2026-03-03/data/towns.csv").unlink()
    assert twice.faults() == [("P401", "datasets/towns/v/2026-03-03/data/towns.csv")]
    shutil.rmtree(twice.folder / "v/2026-03-03")
    assert twice.faults() == [("P401", "datasets/towns/v/2026-03-03")]


def test_a_link_among_the_versions_is_refused(twice: Published) -> None:
    (twice.folder / "v/2026-03-03/link.csv").symlink_to("/etc/hostname")
    assert ("P201", "datasets/towns/v/2026-03-03/link.csv") in twice.faults()


def test_kept_versions_do_not_make_the_package_another(twice: Published) -> None:
    from plugins.readers.package import fingerprint

    before = fingerprint(twice.folder)
    (twice.folder / "v/2026-03-03/data/towns.csv").unlink()
    assert fingerprint(twice.folder) == before


def test_a_publication_that_fails_keeps_no_version(site: Published) -> None:
    before = site.files()
    site.fill(NEXT)
    changed = site.files()
    site.small.policy("c", title="丙", signed="2026-02-30")
    assert "H203" in site.publish(SECOND)
    assert site.files() == changed
    assert before.keys() == changed.keys()


def test_a_killed_publication_keeps_no_version_and_the_next_heals_it(site: Published) -> None:
    """The process dies when ledger and version are written and the release is not live."""
    site.fill(NEXT)
    code = (
        "import sys, os; sys.path.insert(0, '.'); from plugins.build import publish as p;"
        "from plugins.build.settings import from_file; p.build = lambda *_: os._exit(9);"
        "c, d, o = sys.argv[1:]; chosen = {'content': c, 'datasets': d, 'output': o, 'as_of': '2026-05-01 09:00'};"
        "p.publish(from_file('publishconf.py', **chosen))"
    )
    arguments = [str(site.small.content), str(site.folder.parent), str(site.out)]
    environment = {**os.environ, "GAZETTE_KEYS": str(site.small.keys)}
    done = subprocess.run([sys.executable, "-c", code, *arguments], cwd=ROOT, env=environment, check=False)
    assert done.returncode == 9
    assert (site.folder / "v/2026-05-01/SHA256SUMS").exists()
    assert site.publish(THIRD) == []
    assert sorted(p.name for p in (site.folder / "v").iterdir()) == ["2026-03-03", "2026-06-01"]
    assert [e["moment"] for e in site.events()] == [FIRST, THIRD]


def test_the_release_before_is_still_whole_beside_the_new_one(twice: Published) -> None:
    """What a rollback would show: it knows one version, at the same address and with the same bytes."""
    releases = Releases(twice.out)
    earlier = [p for p in releases.folder.iterdir() if p.is_dir() and p.name != twice.out.resolve().name]
    held = [p for p in earlier if (p / "datasets/towns/v/2026-03-03/data/towns.csv").exists()]
    assert len(held) == 1
    assert releases.whole(held[0], (held[0] / "MANIFEST").read_bytes())
    assert not (held[0] / "datasets/towns/v/2026-05-01").exists()


def test_rows_are_compared_once(site: Published) -> None:
    """The build that follows the plan in one publication finds the comparison made."""
    site.fill(NEXT)
    made: list[str] = []
    from plugins.formats import versions

    real = versions.row_changes

    def counted(*arguments: Any, **named: Any) -> Any:
        made.append("compared")
        return real(*arguments, **named)

    versions.row_changes = counted  # type: ignore[assignment]
    try:
        assert site.publish(SECOND) == []
    finally:
        versions.row_changes = real
    assert made == ["compared"]


def test_a_data_set_may_be_called_changes(small: Small) -> None:
    """Its id ends as that of the words about a data set does."""
    made = Published(small)
    made.folder = small.folder / "datasets" / "changes"
    made.describe(name="changes")
    made.fill(ROWS)
    assert made.publish(FIRST) == []
    made.fill(NEXT)
    assert made.publish(SECOND) == []
    assert [e["event"] for e in made.events("datasets/changes")] == ["published", "amended"]
    assert [e["event"] for e in made.events("datasets/changes/changes")] == ["published"]


@pytest.mark.parametrize("spoil", [Path.unlink, lambda path: path.write_bytes(b"{}")])
def test_a_comparison_that_was_touched_in_the_store_is_made_anew(twice: Published, spoil: Any) -> None:
    objects = twice.small.folder / ".cache" / "objects"
    found = [p for p in objects.iterdir() if b'"earlier_rows": 3' in p.read_bytes()]
    assert found
    for path in found:
        path.chmod(0o644)
        spoil(path)
    before = state(twice)
    assert twice.small.build(datasets=str(twice.folder.parent), as_of=SECOND) == 0
    twice.small.policy("b", title="乙")
    assert twice.small.build(datasets=str(twice.folder.parent), as_of=THIRD) == 0
    assert twice.json("changes/2026-05-01/index.json")["added"] == 2
    assert state(twice)[1] == before[1]


def test_versions_without_a_ledger_are_returned(small: Small) -> None:
    """A folder was copied from another site."""
    made = Published(small)
    made.describe()
    made.fill(ROWS)
    (made.folder / "v/2026-03-03").mkdir(parents=True)
    (made.folder / "v/2026-03-03/towns.csv").write_text("x")
    assert made.faults() == [("P403", "datasets/towns/v/2026-03-03")]
    assert small.build(datasets=str(made.folder.parent)) == 1


def test_without_a_ledger_there_are_no_versions(small: Small) -> None:
    made = Published(small)
    made.describe()
    made.fill(ROWS)
    assert small.build(datasets=str(made.folder.parent)) == 0
    assert made.json("index.json")["versions"] == []
    assert "历次版本" not in made.page("index.html")
    assert Path(small.output / "datasets/towns/feed.atom").exists()
