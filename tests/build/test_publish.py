"""What was published does not change silently, and no address disappears: publish, amend, withdraw."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from plugins.build import verbs
from plugins.build.builder import check_all
from plugins.build.changes import amend, withdraw
from plugins.build.publish import publish
from plugins.models.faults import has_errors
from tests.conftest import ROOT
from tests.small import Small

FIRST, SECOND, THIRD = "2026-03-03 10:00", "2026-05-01 09:00", "2026-06-01 09:00"
ID = "policies/2026/a"


@pytest.fixture
def published(small: Small) -> Small:
    """A site that was published once."""
    small.write(
        "organisations.yml",
        "- {id: xzf, name: 试验县人民政府, kind: 政府}\n- {id: xzfb, name: 县政府办公室, kind: 政府办公室}\n",
    )
    (small.folder / "datasets").mkdir()
    assert run(small, FIRST) == []
    return small


def run(small: Small, moment: str) -> list[str]:
    """Publishes at `moment`; the codes of the errors."""
    result = publish(small.settings(as_of=moment, datasets=str(small.folder / "datasets")))
    return [f.code for f in result.faults if f.severity == "error"]


def ledger(small: Small) -> list[str]:
    return (small.folder / "datasets/ledger/ledger.csv").read_text().splitlines()[1:]


def rewrite(small: Small, old: str, new: str, slug: str = "a") -> None:
    path = small.content / f"policies/2026/{slug}.md"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def errors(small: Small) -> list[str]:
    settings = small.settings(datasets=str(small.folder / "datasets"))
    return [f.code for f in check_all(settings) if f.severity == "error"]


def amended(small: Small, note: str = "改正错字") -> None:
    """The lawful way: keep, edit, say why."""
    assert amend(small.settings(as_of=SECOND), ID) == 0
    rewrite(small, "为了试验", "为了实验")
    rewrite(small, "change_note:\n", f"change_note: {note}\n")


def test_the_first_publication_enters_every_document(published: Small) -> None:
    assert [line.split(",")[3] for line in ledger(published)] == ["published"]
    lines = [json.loads(line) for line in (published.output / "log.jsonl").read_text().splitlines()]
    assert [line["id"] for line in lines] == [ID]


def test_the_hash_in_the_ledger_is_that_of_the_text_served(published: Small) -> None:
    digest = ledger(published)[0].split(",")[2]
    summed = subprocess.run(
        ["sha256sum", published.output / ID / "index.txt"], capture_output=True, text=True, check=True
    )
    assert summed.stdout.split()[0] == digest


def test_publishing_again_changes_nothing(published: Small) -> None:
    before = (published.output / "MANIFEST").read_bytes(), ledger(published)
    assert run(published, FIRST) == []
    assert ((published.output / "MANIFEST").read_bytes(), ledger(published)) == before


def test_a_build_right_after_a_publication_has_nothing_to_do(published: Small) -> None:
    """What the ledger's folder held only during the publication does not count: the signed release stays."""
    live = published.output.resolve()
    assert published.build(as_of=FIRST, datasets=str(published.folder / "datasets")) == 0
    assert published.output.resolve() == live


def test_a_text_changed_without_a_note_is_returned(published: Small) -> None:
    before = (published.output / "MANIFEST").read_bytes()
    rewrite(published, "为了试验", "为了实验")
    assert errors(published) == ["L101"]
    assert run(published, SECOND) == ["L101"]
    assert published.build(datasets=str(published.folder / "datasets")) == 1
    assert (published.output / "MANIFEST").read_bytes() == before


def test_a_note_alone_is_not_enough_the_earlier_text_is_kept(published: Small) -> None:
    rewrite(published, "为了试验", "为了实验")
    rewrite(published, "disclosure:", "change_note: 改正错字\ndisclosure:")
    assert errors(published) == ["L102"]


def test_an_amendment_shows_its_history_the_earlier_text_and_what_changed(published: Small) -> None:
    amended(published)
    assert run(published, SECOND) == []
    assert [line.split(",")[3] for line in ledger(published)] == ["published", "amended"]
    page = (published.output / ID / "index.html").read_text()
    assert "改正错字" in page
    assert "为了试验" in (published.output / ID / "2026-03-03/index.txt").read_text()
    compared = (published.output / ID / "2026-03-03/compare/index.html").read_text()
    assert "<del" in compared
    assert "<ins" in compared
    data = json.loads((published.output / ID / "index.json").read_text())
    assert [event["event"] for event in data["history"]] == ["published", "amended"]
    assert "改正错字" in (published.output / "log/feed.atom").read_text()


def test_amend_refuses_when_the_text_was_changed_already(published: Small) -> None:
    rewrite(published, "为了试验", "为了实验")
    assert amend(published.settings(as_of=SECOND), ID) == 2
    assert not list(published.content.rglob("a.*.md"))


def test_amend_asks_for_a_note(published: Small) -> None:
    assert amend(published.settings(as_of=SECOND), ID) == 0
    assert errors(published) == ["H202"]


def test_a_kept_text_that_was_touched_is_returned(published: Small) -> None:
    amended(published)
    assert run(published, SECOND) == []
    kept = published.content / "policies/2026/a.2026-03-03.md"
    kept.write_text(kept.read_text().replace("为了试验", "为了考验"))
    assert "L105" in errors(published)


def test_a_note_that_was_used_before_does_not_excuse_the_next_change(published: Small) -> None:
    amended(published)
    assert run(published, SECOND) == []
    assert amend(published.settings(as_of=THIRD), ID) == 0
    rewrite(published, "change_note:\n", "change_note: 改正错字\n")
    rewrite(published, "为了实验", "为了检验")
    assert errors(published) == ["L101"]


def test_a_removed_document_is_missed(published: Small) -> None:
    published.policy("b")
    (published.content / "policies/2026/a.md").unlink()
    assert errors(published) == ["L103"]


def test_a_published_document_cannot_become_a_draft(published: Small) -> None:
    rewrite(published, "disclosure: 主动公开", "status: 草稿\ndisclosure: 主动公开")
    assert errors(published) == ["L104"]


def test_a_withdrawn_document_leaves_its_tombstone(published: Small) -> None:
    assert withdraw(published.settings(as_of=SECOND), ID, "依据已经失效") == 0
    assert errors(published) == []
    assert run(published, SECOND) == []
    page = (published.output / ID / "index.html").read_text()
    assert "依据已经失效" in page
    assert "2026年5月1日" in page
    assert ledger(published)[0].split(",")[2] in page
    assert [line.split(",")[3] for line in ledger(published)] == ["published", "withdrawn"]
    assert "为了试验".encode() not in published.output_bytes()


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("disclosure:", "status: 草稿\ndisclosure:", "L104"),
        ('disclosure: "主动公开"', "disclosure: 依申请公开", "G106"),
        ('published: "2026-03-03 09:00"', 'published: "2030-01-01 09:00"', "L104"),
    ],
)
def test_a_tombstone_stays_whatever_becomes_of_its_header(published: Small, old: str, new: str, code: str) -> None:
    assert withdraw(published.settings(as_of=SECOND), ID, "依据已经失效") == 0
    assert run(published, SECOND) == []
    rewrite(published, old, new)
    assert code in run(published, THIRD)
    assert "依据已经失效" in (published.output / ID / "index.html").read_text()


@pytest.mark.parametrize("changes", [{"status": "草稿"}, {"published": "2030-01-01 09:00"}])
def test_what_comes_back_after_it_was_withdrawn_comes_at_once(published: Small, changes: dict[str, str]) -> None:
    """Till then its address would show nothing."""
    assert withdraw(published.settings(as_of=SECOND), ID, "依据已经失效") == 0
    assert run(published, SECOND) == []
    published.policy("a", change_note="恢复公开", **changes)
    assert "L104" in run(published, THIRD)
    published.policy("a", change_note="恢复公开")
    assert run(published, THIRD) == []
    assert "为了试验" in (published.output / ID / "index.html").read_text()


def test_a_withdrawn_document_may_not_keep_its_body(published: Small) -> None:
    assert withdraw(published.settings(as_of=SECOND), ID, "依据已经失效") == 0
    path = published.content / "policies/2026/a.md"
    path.write_text(path.read_text() + "\n正文还在。\n")
    assert "G115" in errors(published)


def test_earlier_texts_of_a_withdrawn_document_do_not_stay(published: Small) -> None:
    amended(published)
    assert run(published, SECOND) == []
    kept = (published.content / "policies/2026/a.2026-03-03.md").read_text()
    assert withdraw(published.settings(as_of=THIRD), ID, "依据已经失效") == 0
    assert run(published, THIRD) == []
    assert not (published.output / ID / "2026-03-03").exists()
    published.write("policies/2026/a.2026-03-03.md", kept)
    assert "L107" in errors(published)


def test_a_ledger_changed_by_hand_is_noticed(published: Small) -> None:
    path = published.folder / "datasets/ledger/ledger.csv"
    path.write_text(path.read_text().replace("published", "publishd"))
    assert "L106" in errors(published)


def test_a_failed_publication_leaves_the_ledger_as_it_was(published: Small) -> None:
    before = ledger(published)
    published.policy("b", title="乙")
    published.policy("c", title="丙", signed="2026-02-30")
    assert "H203" in run(published, SECOND)
    assert ledger(published) == before


def test_a_killed_publication_is_healed_by_the_next(published: Small) -> None:
    """The process dies between the ledger's append and the promotion."""
    published.policy("b", title="乙")
    code = (
        "import sys, os; sys.path.insert(0, '.'); from plugins.build import publish as p;"
        "from plugins.build.settings import from_file; p.build = lambda *_: os._exit(9);"
        "c, d, o = sys.argv[1:]; chosen = {'content': c, 'datasets': d, 'output': o, 'as_of': '2026-05-01 09:00'};"
        "p.publish(from_file('publishconf.py', **chosen))"
    )
    arguments = [str(published.content), str(published.folder / "datasets"), str(published.output)]
    environment = {**os.environ, "GAZETTE_KEYS": str(published.keys)}
    done = subprocess.run([sys.executable, "-c", code, *arguments], cwd=ROOT, env=environment, check=False)
    assert done.returncode == 9
    assert len(ledger(published)) == 2
    assert run(published, THIRD) == []
    assert [line.split(",")[4] for line in ledger(published)] == [FIRST, THIRD]


def test_a_kept_text_may_not_disappear(published: Small) -> None:
    amended(published)
    assert run(published, SECOND) == []
    (published.content / "policies/2026/a.2026-03-03.md").unlink()
    assert errors(published) == ["L109"]


def test_two_amendments_of_one_day_keep_two_texts(published: Small) -> None:
    """Published at 10:00, mended at 11:00 and again in May: the second text of the day is kept as well."""
    amended(published)
    assert run(published, "2026-03-03 11:00") == []
    assert amend(published.settings(as_of=SECOND), ID) == 0
    rewrite(published, "change_note:\n", "change_note: 再改\n")
    rewrite(published, "为了实验", "为了检验")
    assert run(published, SECOND) == []
    assert "为了试验" in (published.output / ID / "2026-03-03/index.txt").read_text()
    assert "为了实验" in (published.output / ID / "2026-03-03-2/index.txt").read_text()
    page = (published.output / ID / "index.html").read_text()
    assert f"/{ID}/2026-03-03-2/" in page


def test_a_ledger_that_is_shorter_than_the_published_one_is_refused(published: Small) -> None:
    """A colleague forgot to commit it: what was published would pass for new."""
    path = published.folder / "datasets/ledger/ledger.csv"
    header, *_ = path.read_text().splitlines()
    path.write_text(header + "\n")
    before = (published.output / "MANIFEST").read_bytes()
    assert run(published, SECOND) == ["L106"]
    assert (published.output / "MANIFEST").read_bytes() == before


def test_what_was_never_published_is_not_withdrawn(published: Small) -> None:
    path = published.policy("b", title="乙")
    before = path.read_bytes()
    assert withdraw(published.settings(as_of=SECOND), "policies/2026/b", "误传") == 2
    assert withdraw(published.settings(as_of=SECOND), ID, "=1+1") == 2
    assert path.read_bytes() == before


def test_nothing_is_published_into_the_past(published: Small) -> None:
    parts = {
        "secrecy_review": "{id: BM-b, by: 岗, date: 2026-03-01, result: 通过}",
        "sign_off": "{by: 岗, date: 2026-03-01}",
    }
    published.policy("b", title="乙", signed="2026-03-01", published="2026-03-02 09:00", **parts)
    assert run(published, "2026-03-02 10:00") != []


def test_the_verbs_answer_with_their_codes(published: Small, capsys: pytest.CaptureFixture[str]) -> None:
    content = str(published.content)
    assert verbs.amend("policies/2026/nothing", content) == 2
    assert verbs.withdraw(ID, " ", content) == 2
    assert not has_errors(publish(published.settings(as_of=SECOND)).faults)


def test_a_collection_taken_over_brings_its_earlier_texts(small: Small) -> None:
    """It was amended before there was a ledger, which can tell of the present text alone."""
    (small.folder / "datasets").mkdir()
    small.write("policies/2026/a.2026-03-03.md", (small.content / "policies/2026/a.md").read_bytes())
    rewrite(small, "为了试验", "为了实验")
    rewrite(small, "disclosure:", "change_note: 改正错字\ndisclosure:")
    assert run(small, SECOND) == []
    assert [line.split(",")[3] for line in ledger(small)] == ["published"]
    assert "为了试验" in (small.output / ID / "2026-03-03/index.txt").read_text()
    small.write("policies/2026/a.2026-05-02.md", (small.content / "policies/2026/a.2026-03-03.md").read_bytes())
    assert "L105" in errors(small)


def test_any_clone_knows_what_was_published(published: Small, tmp_path: Path) -> None:
    """A copy of content and datasets, without cache and output, refuses the silent change too."""
    import shutil

    shutil.copytree(published.folder, tmp_path / "clone", ignore=shutil.ignore_patterns("out", ".out*"))
    clone = Small(tmp_path / "clone")
    assert errors(clone) == []
    rewrite(clone, "为了试验", "为了实验")
    assert errors(clone) == ["L101"]
