"""A frozen issue is written once, served byte for byte ever after, and its texts stand."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from plugins.build.changes import amend, withdraw
from plugins.build.freeze import freeze, write_once
from plugins.build.publish import publish
from plugins.build.settings import ROOT
from plugins.models.edition import own_names
from plugins.readers.frozen import sm3
from tests.frozen import digest
from tests.release.faults import KINDS, failing
from tests.small import Small, header
from tests.store import chosen_objects, flip_a_bit

KEY = Ed25519PrivateKey.from_private_bytes(b"a key of these tests, kept open.")
ISSUE, SLUG = "gazette/2026-01", "2026-01"
BEFORE, DAY, AFTER, LATER = "2026-03-04 09:00", "2026-03-10 10:00", "2026-05-01 09:00", "2026-06-01 09:00"
FIELDS = {"interpretation_exempt": None, "title": "试验县人民政府公报2026年第1号", "published": "2026-03-10 09:00"}
PARTS = (
    "year: 2026\nnumber: 1\nrunning: 1\nsections: [{title: 县政府文件, entries: [policies/2026/a, policies/2026/b]}]\n"
)


@pytest.fixture
def county(small: Small) -> Small:
    """Two policies, and an issue of 10 March that carries them."""
    small.policy(
        "b",
        title="试验补充办法",
        number="试政办发〔2026〕2号",
        body="第一条 补充。\n\n| 甲 | 乙 |\n| --- | --- |\n| 1 | 2 |",
    )
    small.write(f"{ISSUE}.md", f"---\n{header(**FIELDS)}{PARTS}---\n")
    (small.folder / "datasets").mkdir()
    return small


def frozen(county: Small, moment: str = BEFORE, key: Ed25519PrivateKey = KEY) -> int:
    return freeze(county.settings(as_of=moment), ISSUE, key, "；试验")


def beside(county: Small) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (county.content / ISSUE).iterdir()}


def check(county: Small, moment: str = AFTER) -> list[str]:
    """The codes of errors, those against ledger and frozen issues too."""
    from plugins.build.builder import check_all

    settings = county.settings(as_of=moment, datasets=str(county.folder / "datasets"))
    return [f.code for f in check_all(settings) if f.severity == "error"]


def published(county: Small, moment: str) -> list[str]:
    result = publish(county.settings(as_of=moment, datasets=str(county.folder / "datasets")))
    return [f.code for f in result.faults if f.severity == "error"]


def test_freezing_writes_every_file_before_its_day_and_the_site_serves_them_on_it(county: Small) -> None:
    assert frozen(county) == 0
    files = beside(county)
    assert files.keys() == own_names(SLUG)
    assert files[f"{SLUG}.pdf"].startswith(b"%PDF-")
    assert county.build(as_of=BEFORE) == 0
    assert not (county.output / ISSUE).exists()
    assert county.build(as_of=AFTER) == 0
    assert {name: (county.output / ISSUE / name).read_bytes() for name in files} == files


def test_an_issue_is_frozen_as_ever_where_bits_flipped_in_the_store(county: Small) -> None:
    assert frozen(county) == 0
    files = beside(county)
    shutil.rmtree(county.content / ISSUE)
    for path in chosen_objects(county):
        flip_a_bit(path, 1)
    assert frozen(county) == 0
    assert beside(county) == files


def test_the_manifest_is_checked_by_sha256sum_and_its_signatures_by_openssl_and_minisign(county: Small) -> None:
    frozen(county)
    county.build(as_of=AFTER)
    served = (county.output / ISSUE).resolve()
    summed = subprocess.run(
        ["sha256sum", "-c", "--strict", "manifest.txt"], cwd=served, capture_output=True, text=True, check=False
    )
    assert summed.returncode == 0
    assert summed.stdout.count(": OK") + summed.stdout.count(": 成功") == 5
    files = ["-pubin", "-inkey", "manifest.pub", "-in", "manifest.txt", "-sigfile", "manifest.txt.sig"]
    checked = subprocess.run(
        ["openssl", "pkeyutl", "-verify", "-rawin", *files], cwd=served, capture_output=True, check=False
    )
    assert checked.returncode == 0
    if shutil.which("minisign") is None and os.environ.get("CI") != "true":
        pytest.skip("minisign is not on this machine")
    from plugins.release.sign import minisign_key

    code, said = _asked(served, "minisign", "-V", "-P", minisign_key(KEY), "-m", "manifest.txt")
    assert code == 0
    assert "试验县人民政府公报2026年第1号　定版清单；试验" in said


def _asked(folder: Path, *command: str) -> tuple[int, str]:
    done = subprocess.run(command, cwd=folder, capture_output=True, check=False)
    return done.returncode, done.stdout.decode()


def test_the_fingerprint_is_the_hash_of_the_text_and_stands_in_the_pdf_and_on_the_page(county: Small) -> None:
    frozen(county)
    county.build(as_of=AFTER)
    digest = hashlib.sha256((county.output / ISSUE / f"{SLUG}.txt").read_bytes()).hexdigest()
    assert digest in (county.output / ISSUE / "index.html").read_text()
    pdf = county.output / ISSUE / f"{SLUG}.pdf"
    text = subprocess.run(["pdftotext", pdf, "-"], capture_output=True, text=True, check=True).stdout
    assert digest in "".join(text.split())


def test_the_issue_as_data_names_every_file_with_both_digests(county: Small) -> None:
    frozen(county)
    county.build(as_of=AFTER)
    edition = json.loads((county.output / ISSUE / "index.json").read_text())["edition"]
    files = beside(county)
    assert {one["name"]: one["sha256"] for one in edition["files"]} == {n: digest(d) for n, d in files.items()}
    assert {one["name"]: one["bytes"] for one in edition["files"]} == {n: len(d) for n, d in files.items()}
    assert {one["name"]: one["sm3"] for one in edition["files"]} == {n: sm3(d) for n, d in files.items()}
    assert edition["fingerprint"] == digest(files[f"{SLUG}.txt"])


def test_freezing_twice_is_refused_and_changes_nothing(county: Small) -> None:
    frozen(county)
    before = beside(county)
    assert frozen(county, key=Ed25519PrivateKey.generate()) == 2
    assert beside(county) == before


@pytest.mark.parametrize("name", ["gazette/2026-09", "policies/2026/a", "", "../../etc/passwd", "content"])
def test_what_is_no_issue_cannot_be_frozen(county: Small, name: str) -> None:
    assert freeze(county.settings(as_of=BEFORE), name, KEY) == 2
    assert not (county.content / ISSUE).exists()


def test_an_issue_with_a_fault_is_not_frozen(county: Small) -> None:
    county.policy("b", status="草稿")
    assert frozen(county) == 1
    assert not (county.content / ISSUE).exists()


def test_files_in_its_place_are_not_touched(county: Small) -> None:
    county.write(f"{ISSUE}/sealed.ofd", b"x")
    assert frozen(county) == 2
    assert beside(county) == {"sealed.ofd": b"x"}


def test_the_same_issue_is_the_same_bytes_but_for_its_signature(county: Small, tmp_path: Path) -> None:
    frozen(county)
    first = beside(county)
    shutil.rmtree(county.content / ISSUE)
    settings = replace(county.settings(as_of=DAY, jobs=2), cache=tmp_path / "other")
    assert freeze(settings, ISSUE, KEY, "；试验") == 0
    assert beside(county) == first


def test_another_theme_changes_the_pages_and_no_frozen_byte(county: Small, tmp_path: Path) -> None:
    frozen(county)
    county.build(as_of=AFTER)
    before, page = beside(county), (county.output / ISSUE / "index.html").read_bytes()
    theme = tmp_path / "theme"
    shutil.copytree(ROOT / "theme", theme)
    for sheet in (theme / "typeset").glob("*.typ"):
        sheet.write_text(sheet.read_text().replace("37mm", "50mm"))
    base = theme / "templates" / "base.html"
    base.write_text(base.read_text().replace("跳到正文", "直接看正文"))
    from plugins.build import verbs

    assert verbs.run_build(replace(county.settings(as_of=AFTER), theme=theme)) == 0
    assert (county.output / ISSUE / "index.html").read_bytes() != page
    assert {name: (county.output / ISSUE / name).read_bytes() for name in before} == before


def test_a_printed_text_changed_in_silence_is_refused(county: Small) -> None:
    frozen(county)
    county.build(as_of=AFTER)
    live = (county.output / "MANIFEST").read_bytes()
    county.policy("a", body="第一条 改了。")
    assert check(county) == ["D313"]
    assert county.build(as_of=AFTER) == 1
    assert (county.output / "MANIFEST").read_bytes() == live


def test_a_lawful_amendment_leaves_the_printed_text_with_the_issue(county: Small) -> None:
    frozen(county)
    assert published(county, DAY) == []
    printed = (county.output / "policies/2026/a/index.txt").read_bytes()
    assert amend(county.settings(as_of=AFTER), "policies/2026/a") == 0
    source = county.content / "policies/2026/a.md"
    text = source.read_text().replace("为了试验", "为了实验").replace("change_note:\n", "change_note: 改正错字\n")
    source.write_text(text)
    assert check(county) == []
    assert published(county, AFTER) == []
    assert (county.output / "policies/2026/a/index.txt").read_bytes() != printed
    assert (county.output / ISSUE / "texts/policies/2026/a.txt").read_bytes() == printed


def test_a_withdrawn_document_leaves_the_printed_issue_and_its_text_goes(county: Small) -> None:
    frozen(county)
    assert published(county, DAY) == []
    assert withdraw(county.settings(as_of=AFTER), "policies/2026/b", "误发") == 0
    assert published(county, AFTER) == []
    assert not (county.output / ISSUE / "texts/policies/2026/b.txt").exists()
    assert (county.output / ISSUE / f"{SLUG}.pdf").read_bytes() == beside(county)[f"{SLUG}.pdf"]


def test_a_late_issue_carries_the_text_of_its_own_day(county: Small) -> None:
    """Frozen in June, for March: the ledger tells what stood then."""
    assert published(county, DAY) == []
    printed = (county.output / "policies/2026/a/index.txt").read_text()
    amend(county.settings(as_of=AFTER), "policies/2026/a")
    source = county.content / "policies/2026/a.md"
    source.write_text(source.read_text().replace("为了试验", "为了实验").replace("change_note:\n", "change_note: 改\n"))
    assert published(county, AFTER) == []
    assert frozen(county, LATER) == 0
    assert printed in beside(county)[f"{SLUG}.txt"].decode()


def test_the_ledger_notes_the_manifest_and_a_removed_one_is_refused(county: Small) -> None:
    frozen(county)
    digest = hashlib.sha256(beside(county)["manifest.txt"]).hexdigest()
    assert published(county, DAY) == []
    assert f"定版清单 {digest}" in (county.folder / "datasets/ledger/ledger.csv").read_text()
    shutil.rmtree(county.content / ISSUE)
    assert check(county) == ["L110"]
    assert frozen(county, AFTER, Ed25519PrivateKey.generate()) == 1
    live = (county.output / "MANIFEST").read_bytes()
    assert published(county, AFTER) == ["L110"]
    assert (county.output / "MANIFEST").read_bytes() == live


def test_an_issue_that_is_out_and_not_frozen_is_told(county: Small) -> None:
    assert "D317" in {f.code for f in county.faults()}


def test_an_erratum_shows_on_the_corrected_page(county: Small) -> None:
    frozen(county)
    erratum = "errata: [{document: policies/2026/a, text: 第一条“试验”应为“实验”。}]\n"
    parts = PARTS.replace("number: 1\nrunning: 1", "number: 2\nrunning: 2").replace(
        "policies/2026/a, policies/2026/b", "policies/2026/c"
    )
    county.policy("c", title="又一办法", published="2026-04-01 09:00")
    fields = header(**FIELDS | {"title": "公报2026年第2号", "published": "2026-04-10 09:00"})
    county.write("gazette/2026-02.md", f"---\n{fields}{parts}{erratum}---\n")
    assert county.build(as_of=AFTER) == 0
    page = (county.output / "policies/2026/a/index.html").read_text()
    assert "应为“实验”" in page
    assert 'href="/gazette/2026-02/"' in page
    assert 'href="/gazette/2026-01/"' in page


@pytest.mark.parametrize("kind", KINDS)
def test_whatever_call_fails_an_issue_is_frozen_whole_or_not_at_all(tmp_path: Path, kind: str) -> None:
    files = {name: name.encode() for name in own_names(SLUG)}
    for number in range(1, 200):
        folder = tmp_path / str(number) / "content" / "gazette" / SLUG
        folder.parent.mkdir(parents=True)
        code = failing(lambda: write_once(folder, files), number, kind)  # noqa: B023
        assert code in {0, 3, -signal.SIGKILL if kind == "KILL" else 1}
        if folder.exists():
            assert {path.name: path.read_bytes() for path in folder.iterdir()} == files
        else:
            write_once(folder, files)
        if code == 3:
            break
    assert number > len(files)
