"""The lists of hashes: what stands in them, in how many files, and what one edit costs."""

from __future__ import annotations

import hashlib
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from plugins.build.builder import prepared, site_of
from plugins.build.changes import amend, withdraw
from plugins.formats.data import render_plain
from plugins.views.frame import SiteFrame
from plugins.views.jobs import Job
from plugins.views.verifying import digits, folded_number, verify_jobs
from tests.frozen import frozen, write
from tests.small import SITE, Small, header
from tests.verify.conftest import FIRST, SECOND, THIRD, published

WIDTHS = [(0, 0), (1, 0), (500, 0), (501, 1), (8000, 1), (8001, 2), (128_000, 2), (128_001, 3)]


def lines(site: Path, folder: str = "hashes") -> list[tuple[str, str, list[str]]]:
    """(hash, address, parts) of every line, as somebody without our code reads them."""
    found = []
    for path in sorted((site / "verify" / folder).glob("*.txt")):
        for line in path.read_text().splitlines():
            digest, address, what = line.split("  ", 2)
            found.append((digest, address, what.split("\t")))
    return found


def planned(small: Small, texts: dict[str, str]) -> dict[str, Job]:
    """The jobs of the site with these texts, by path."""
    with prepared(small.settings()) as (content, _):
        site = site_of(content)
    return {job.path: job for job in verify_jobs(SiteFrame(site), texts, {})}


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


@pytest.mark.parametrize(("count", "width"), WIDTHS)
def test_the_number_of_lists_depends_on_the_number_of_lines_alone(count: int, width: int) -> None:
    assert digits(count) == width


def test_every_text_file_and_its_hash_stand_in_the_lists(site: Path) -> None:
    """What sha256sum says of every file that a line names."""
    found = lines(site)
    served = [(digest, address) for digest, address, _ in found if not address.endswith("/")]
    sums = "".join(f"{digest}  {address}\n" for digest, address in served)
    command = ["sha256sum", "-c", "--quiet"]
    done = subprocess.run(command, input=sums, cwd=site, capture_output=True, text=True, check=False)
    assert (done.stdout, done.returncode) == ("", 0)
    assert {a for _, a in served if a.endswith("index.txt")} == {
        str(p.relative_to(site)) for p in site.rglob("index.txt")
    }


def test_every_file_of_a_data_set_and_of_its_versions_stands_in_the_lists(site: Path) -> None:
    named = {address for _, address, what in lines(site) if what[0] == "数据文件"}
    folder = site / "datasets/powers"
    wanted = {f"datasets/powers/{name}" for name in ("powers.csv", "files/powers.csv", "files/powers.xlsx")}
    assert wanted <= named
    kept = {str(p.relative_to(site)) for p in folder.glob("v/*/*.csv")} | {
        str(p.relative_to(site)) for p in folder.glob("v/*/files/*.csv")
    }
    assert kept
    assert kept <= named


def test_an_earlier_text_says_from_when_until_when_and_a_withdrawn_one_that_it_is_gone(site: Path) -> None:
    found = {what[0]: (address, what[1:]) for _, address, what in lines(site) if what[0] in {"历史文本", "撤下文本"}}
    assert found["历史文本"] == (
        "policies/2026/b/2026-03-03/index.txt",
        ["后来修改的办法", "", "2026-03-03", "2026-05-01"],
    )
    assert found["撤下文本"] == (
        "policies/2026/c/",
        ["撤下的办法", "试政发〔2026〕4号", "2026-03-03", "2026-06-01"],
    )


def test_a_withdrawn_text_is_in_the_lists_by_its_hash_alone(site: Path) -> None:
    text = "撤下的办法\n\n第一条 这份文件后来撤下。\n"
    assert [address for digest, address, _ in lines(site) if digest == sha256(text)] == ["policies/2026/c/"]
    assert not [p for p in (site / "verify").rglob("*") if p.is_file() and "后来撤下。".encode() in p.read_bytes()]


def test_numbers_are_found_by_the_hash_of_their_folded_form(site: Path) -> None:
    assert {(digest, address, *what) for digest, address, what in lines(site, "numbers")} == {
        (sha256("试政发20263"), "policies/2026/a/", "试政发〔2026〕3号"),
        (sha256("试政发20264"), "policies/2026/c/", "试政发〔2026〕4号", "撤下文本"),
    }


@pytest.mark.parametrize(
    "typed",
    ["试政发〔2026〕3号", "试政发[2026]3号", "试政发 (2026) 第3号", "试政发【２０２６】３ 号", "试政发〔2026〕3"],
)
def test_a_number_typed_in_any_form_folds_to_one(typed: str) -> None:
    assert folded_number(typed) == "试政发20263"


def test_files_of_a_frozen_issue_stand_in_the_lists(small: Small) -> None:
    fields = header(interpretation_exempt=None, title="试验县公报2026年第1号")
    parts = "year: 2026\nnumber: 1\nrunning: 1\nsections: [{title: 县政府文件, entries: [policies/2026/a]}]\n"
    small.write("gazette/2026-01.md", f"---\n{fields}{parts}---\n")
    files = frozen("2026-01", {"policies/2026/a": "试验办法\n\n第一条 为了试验，制定本办法。\n".encode()})
    write(small.content / "gazette/2026-01", files)
    assert small.build() == 0
    found = {address: (digest, what) for digest, address, what in lines(small.output)}
    for name, data in files.items():
        said = found[f"gazette/2026-01/{name}"]
        assert said == (hashlib.sha256(data).hexdigest(), ["公报文件", f"试验县公报2026年第1号 {name}"])


def many(small: Small, count: int) -> dict[str, str]:
    """`count` documents, each with a number."""
    for n in range(count):
        small.policy(f"n-{n}", title=f"第{n}个办法", number=f"试政发〔2026〕{n}号")
    return {"policies/2026/a": sha256("a")} | {f"policies/2026/n-{n}": sha256(f"{n}") for n in range(count)}


def test_a_changed_text_changes_one_list_or_two(small: Small) -> None:
    """600 texts are in 16 lists, each named by the first digit of the hashes in it."""
    texts = many(small, 600)
    before = planned(small, texts)
    after = planned(small, texts | {"policies/2026/n-7": sha256("changed")})
    names = {f"verify/{kind}/{digit:x}.txt" for kind in ("hashes", "numbers") for digit in range(16)}
    assert before.keys() == names | {"verify/index.html", "verify/qr.svg"}
    changed = [p for p, job in before.items() if job.fingerprint("") != after[p].fingerprint("")]
    assert 1 <= len(changed) <= 2
    assert all(p.startswith("verify/hashes/") for p in changed)
    for path, job in before.items():
        if path.startswith("verify/hashes/"):
            rows = render_plain(job.view, None).decode().splitlines()  # type: ignore[arg-type]
            assert rows == sorted(rows)
            assert {row[0] for row in rows} <= {path.removesuffix(".txt")[-1]}


def test_a_tab_or_line_break_in_a_title_adds_no_line(small: Small) -> None:
    small.policy("b", title='"甲\\t乙  丙"')
    jobs: Any = planned(small, {"policies/2026/a": "a" * 64, "policies/2026/b": "b" * 64})
    rows = jobs["verify/hashes/all.txt"].view["text"].splitlines()
    assert [len(row.split("\t")) for row in rows] == [5, 5]


def test_a_site_below_a_path_has_its_lists_and_links_there(small: Small) -> None:
    small.write("site.yml", SITE.replace(":8000", ":8000/gov"))
    assert small.build() == 0
    page = (small.output / "verify/index.html").read_text()
    for part in ('data-base="/gov/"', 'data-hashes="/gov/verify/hashes/"', 'src="/gov/static/verify.js"'):
        assert part in page
    assert 'href="/gov/verify/?page=policies/2026/a"' in (small.output / "policies/2026/a/index.html").read_text()
    assert [address for _, address, what in lines(small.output) if what[0] == "当前文本"] == [
        "policies/2026/a/index.txt"
    ]


def test_what_is_not_public_is_in_no_list(small: Small) -> None:
    small.policy("d", title="草稿里的题目", status="草稿", number="试政发〔2026〕99号")
    small.policy("e", title="还没有到时候的题目", published="2027-01-01 09:00")
    assert small.build() == 0
    assert [what[1] for _, _, what in lines(small.output)] == ["试验办法"]
    assert lines(small.output, "numbers") == []


def test_the_preview_has_the_lists_of_every_text(small: Small) -> None:
    from plugins.build.preview import Preview

    preview = Preview(replace(small.settings(), datasets=None))
    text = preview.get("policies/2026/a/index.txt")
    found = preview.get("verify/hashes/all.txt")
    assert text
    assert found
    assert found.decode().startswith(hashlib.sha256(text).hexdigest())


def test_a_text_of_which_only_the_ledger_tells_is_still_known_by_its_hash(small: Small) -> None:
    """Amended, withdrawn with its earlier text, restored: the first text stands nowhere any more."""
    (small.folder / "datasets").mkdir()
    path = small.policy("b", "第一条 甲。", title="乙")
    published(small, FIRST)
    assert amend(small.settings(as_of=SECOND), "policies/2026/b") == 0
    path.write_text(path.read_text().replace("甲。", "丙。").replace("change_note:\n", "change_note: 改字\n"))
    published(small, SECOND)
    whole = path.read_text()
    assert withdraw(small.settings(as_of=THIRD), "policies/2026/b", "有误") == 0
    published(small, THIRD)
    path.write_text(whole)
    published(small, "2026-07-01 09:00")
    found = [(d, a, what[0], *what[3:]) for d, a, what in lines(small.output) if a.startswith("policies/2026/b/")]
    assert sorted(found) == sorted(
        [
            (sha256("乙\n\n第一条 甲。\n"), "policies/2026/b/", "历史文本", "2026-03-03", "2026-05-01"),
            (sha256("乙\n\n第一条 丙。\n"), "policies/2026/b/index.txt", "当前文本", "2026-07-01", ""),
        ]
    )
