"""Nothing that is not public reaches a byte of the site, of its ledger, or, where it need not, of the store."""

from __future__ import annotations

import base64
import gzip
import json
import os
import re
import shutil
import subprocess
import time
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import quote

import openpyxl
import pytest

from plugins.build import maker, sources
from plugins.build.builder import build
from plugins.build.finder import find
from plugins.build.publish import publish
from plugins.build.settings import Settings
from plugins.formats import source, strip
from plugins.models.columns import Column
from plugins.readers import descriptor, document, package
from plugins.rules import gate
from plugins.views import datasets, fields, site
from plugins.views.jobs import Job
from tests import attached
from tests.canaries import COUNT, ENCODINGS, HEADS, LATER, REQUEST, TAILS, Cage, files, heard, plant, rows, terms
from tests.small import Small, header

NAIVE = "naive"
"""The folder below the output in which the guard's naive renderer puts every file as it lies in the repository."""
SECRET = HEADS[0] + TAILS[0]


def settings(small: Small, **chosen: Any) -> Settings:
    """At the tests' moment, the store beside the content."""
    return replace(small.settings(**chosen), cache=small.folder / "cache")


@pytest.fixture(scope="module")
def cage(tmp_path_factory: pytest.TempPathFactory) -> Cage:
    """All canaries, published, with an index for searches. The store keeps no file that is younger than two seconds."""
    cage = plant(tmp_path_factory.mktemp("canaries") / "site")
    shutil.copytree(cage.folder, cage.folder.parent / "unguarded")
    time.sleep(2.1)
    result = publish(settings(cage))
    assert result.release, [str(f) for f in result.faults if f.severity == "error"]
    find(settings(cage), "正文", 10)
    return cage


@pytest.fixture(scope="module")
def unguarded(cage: Cage) -> Iterator[Cage]:
    """The same content built with every gate off, and by a maker that publishes every file it finds."""
    other = Cage(cage.folder.parent / "unguarded")
    with pytest.MonkeyPatch.context() as patch:
        _everything_is_public(patch)
        _nothing_is_taken_out(patch)
        _every_file_is_published(patch, other.folder)
        result = build(settings(other))
    assert result.release, [str(f) for f in result.faults if f.severity == "error"]
    return other


def _everything_is_public(patch: pytest.MonkeyPatch) -> None:
    """Documents, parts that wait for their moment, references to other documents, columns, data packages."""
    patch.setattr(gate, "publishable", lambda *_: True)
    patch.setattr(gate, "due", lambda record, _: record)
    patch.setattr(site, "_discreet", lambda record, *_: record)
    patch.setattr(Column, "public", True)
    patch.setattr(fields, "_public", lambda _, __, value: value)
    for module in (descriptor, package, site, datasets):
        patch.setattr(module, "WITHHELD", "")
    patch.setattr(
        package, "read_packages", lambda folder, names, *_: {n: package.read_package(folder, n) for n in names}
    )


def _nothing_is_taken_out(patch: pytest.MonkeyPatch) -> None:
    """Neither of attachments nor of bodies."""
    patch.setattr(strip, "strip", lambda data, _: data)
    patch.setattr(document, "strip_comments", lambda text: text)
    patch.setattr(document, "check_body", lambda *_: iter(()))
    patch.setattr(source, "_HIDING", re.compile("(?!)"))


def _every_file_is_published(patch: pytest.MonkeyPatch, folder: Path) -> None:
    """As by a careless renderer: byte for byte, sources and dot files too."""
    jobs = maker.site_jobs

    def more(*given: Any) -> Iterator[Job]:
        yield from jobs(*given)
        for name, digest in sources.hash_files((path, folder / path, 1 << 20) for path, _ in files(folder)).items():
            if name.startswith(("content/", "datasets/")):
                yield Job(f"{NAIVE}/{name}", "file", {"file": name, "sha256": digest})

    patch.setattr(maker, "site_jobs", more)


def places(cage: Cage, found: Mapping[int, object]) -> dict[str, object]:
    """What was found, told by where it was planted."""
    return {cage.places[number]: what for number, what in found.items()}


def test_there_are_64_canaries_in_64_places(cage: Cage) -> None:
    assert len(cage.places) == len(set(cage.places)) == len(set(HEADS)) == len(set(TAILS)) == COUNT == 64


def test_no_canary_is_in_any_output_byte(cage: Cage) -> None:
    """Names of files too; archives, PDF streams and PNG chunks opened."""
    assert places(cage, heard(files(cage.output.resolve()))) == {}


def test_no_canary_is_in_the_ledger(cage: Cage) -> None:
    assert (cage.folder / "datasets/ledger/ledger.csv").stat().st_size > 1000
    assert places(cage, heard(files(cage.folder / "datasets/ledger"))) == {}


def test_no_canary_is_found_by_a_search_of_the_editors(cage: Cage) -> None:
    assert find(settings(cage), " ".join((*HEADS, *TAILS)), 10) == (0, [])
    assert find(settings(cage), "正文", 10)[0] > 0
    assert places(cage, heard([*files(cage.folder / "cache/whoosh"), *terms(cage.folder / "cache/whoosh")])) == {}


def test_no_canary_is_in_the_store_but_what_public_documents_say_to_the_rules(cage: Cage) -> None:
    """Rules judge unchanged documents without opening them: private columns of public ones, and where they link to."""
    store = cage.folder / "cache"
    kept = [*((p, d) for p, d in files(store) if not p.startswith("index.sqlite")), *rows(store / "index.sqlite")]
    found = heard(kept)
    assert {n: where for n, where in found.items() if n not in cage.kept} == {}
    assert {where for places in found.values() for where in places} <= {"sources"}
    raw = heard((p, d) for p, d in files(store) if p.startswith("index.sqlite"))
    assert raw.keys() <= found.keys()


def test_the_store_remembers_the_public_sources(cage: Cage) -> None:
    """Without rows the test above would prove nothing."""
    remembered = [row.split(b"\n")[0] for table, row in rows(cage.folder / "cache/index.sqlite") if table == "sources"]
    assert {b"policies/2026/p", b"policies/2026/z/a.pdf", b"datasets/shut"} <= set(remembered)


def test_with_the_gate_off_all_64_canaries_are_found(unguarded: Cage, cage: Cage) -> None:
    found = heard(files(unguarded.output.resolve()))
    assert [place for number, place in enumerate(cage.places) if number not in found] == []


def test_with_the_gate_off_our_own_pages_show_whatever_any_code_reads(unguarded: Cage, cage: Cage) -> None:
    """Only what no code reads (comments of a header, files that nothing names) needs the careless renderer."""
    careless = (NAIVE, "MANIFEST")
    own = heard((p, d) for p, d in files(unguarded.output.resolve()) if not p.startswith(careless))
    assert [p for n, p in enumerate(cage.places) if n not in own] == [cage.places[n] for n in sorted(cage.unread)]


def written(text: str, encoding: str) -> Iterator[bytes]:
    """`text` among other words in one encoding, by other people's encoders."""
    around = f"前文 a{text}后 b"
    if encoding == "base64":
        yield from (base64.b64encode(around.encode()[shift:]) for shift in (3, 4, 5))
    elif encoding == "HTML":
        yield around.encode("ascii", "xmlcharrefreplace")
        yield "".join(f"&#X{ord(c):X};" for c in around).encode()
    elif encoding == "JSON":
        yield json.dumps(around).encode()
        yield "".join(f"\\u{ord(c):04X}" for c in around).encode()
    elif encoding == "percent":
        yield quote(around).encode()
        yield quote(around, encoding="utf-8").lower().encode()
    else:
        yield around.encode(encoding)
        yield around.upper().encode(encoding)


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_the_search_hears_each_canary_and_no_other_in_every_encoding(encoding: str) -> None:
    """64 words, whole, and each half of them alone, in upper case too."""
    for number, word in enumerate(zip(HEADS, TAILS, strict=True)):
        for text in ("".join(word), *word):
            for data in written(text, encoding):
                assert heard([("", data)]) == {number: [""]}, (text, data)


def _zipped(data: bytes) -> bytes:
    return attached.zipped({"a.txt": data})


def _named(data: bytes) -> bytes:
    return attached.zipped({f"{data.decode()}.txt": b""})


def _commented(data: bytes) -> bytes:
    return attached.rezip(attached.zipped({"a.txt": b""}), {}, data)


def _chunk(data: bytes) -> bytes:
    return b"\x89PNG\r\n\x1a\n\0\0\0\x20zTXtComment\0\0" + zlib.compress(data)


PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "member-of-a-zip": _zipped,
    "name-in-a-zip": _named,
    "comment-of-a-zip": _commented,
    "zip-in-a-zip": lambda data: _zipped(_zipped(data)),
    "gzip": gzip.compress,
    "gzip-in-a-zip": lambda data: _zipped(gzip.compress(data)),
    "png-ztxt": _chunk,
    "pdf-stream": lambda data: attached.least_pdf(others={6: attached.stream(data)}),
    "docx": lambda data: attached.rezip(attached.word(), {"word/x.xml": data}),
}


@pytest.mark.parametrize("packer", PACKERS)
def test_the_search_opens_what_is_packed(packer: str) -> None:
    text = "".join((HEADS[7], TAILS[7])) + "，" * 20
    assert heard([("", PACKERS[packer](text.encode()))]) == {7: [""]}


def test_the_search_hears_nothing_where_nothing_is() -> None:
    """A bird of another name, half a song."""
    assert heard([("金丝", "金丝雀，金丝雀甲，zqjsq，zqjsq64kx".encode())]) == {}


Case = Callable[[Small], object]


def _hidden_sheet(small: Small) -> None:
    book, target = openpyxl.Workbook(), BytesIO()
    book.create_sheet("二").sheet_state = "hidden"
    book["二"]["A1"] = SECRET
    book.save(target)
    _attached(small, "a.xlsx", target.getvalue())


def _attached(small: Small, name: str, data: bytes) -> None:
    small.write(f"policies/2026/b/{name}", data)
    small.policy("b", attachments=f"[{{title: 附件, file: {name}}}]")


def _draft_in_an_issue(small: Small, **issue: str) -> None:
    small.policy("b", SECRET, title=SECRET, status="草稿")
    _issue(small, "01", "policies/2026/b", **issue)


def _issue(small: Small, number: str, entry: str, **more: str) -> None:
    sections = f"[{{title: 县政府文件, entries: [{entry}]}}]"
    fields = {"title": "公报", "year": "2026", "number": str(int(number)), "running": str(int(number)), **more}
    text = header(interpretation_exempt=None, signed=None, issuer=None, sections=sections, **fields)
    small.write(f"gazette/2026-{number}.md", f"---\n{text}---\n")


def _erratum_of_a_draft(small: Small) -> None:
    _draft_in_an_issue(small, status="草稿")
    _issue(small, "02", "policies/2026/a", errata=f"[{{document: policies/2026/b, text: {SECRET}}}]")


def _later_text_in_an_issue(small: Small) -> None:
    small.policy("b", SECRET, title=SECRET, published=LATER)
    _issue(small, "01", "policies/2026/b")


def _attachment_of_a_draft(small: Small) -> None:
    small.write("policies/2026/b/a.txt", SECRET)
    small.policy("b", status="草稿", attachments="[{title: 附件, file: a.txt}]")
    small.policy("c", "[附件](b/a.txt)")


def _way_out(small: Small) -> None:
    (small.folder / "secret.txt").write_text(SECRET)
    folder = small.content / "policies/2026/b"
    folder.mkdir()
    (folder / "a.txt").symlink_to(small.folder / "secret.txt")
    small.policy("b", attachments="[{title: 附件, file: a.txt}]")


def _withdrawn_beside_its_past(small: Small) -> None:
    small.policy("b", "", withdrawn="{date: 2026-03-05, reason: 误}")
    small.policy("b.2026-03-03", SECRET, title=SECRET)


def _on_request_with_attachment(small: Small) -> None:
    small.write("policies/2026/b/a.txt", SECRET)
    small.policy("b", "", attachments="[{title: 附件, file: a.txt}]", **REQUEST)


def _withdrawn_with_attachment(small: Small) -> None:
    small.write("policies/2026/b/a.txt", SECRET)
    gone = "{date: 2026-03-05, reason: 误}"
    small.policy("b", "", withdrawn=gone, attachments="[{title: 附件, file: a.txt}]")


REFUSED: dict[str, Case] = {
    "G101-no-attribute": lambda s: s.policy("b", SECRET, disclosure=None),
    "G102-not-signed": lambda s: s.policy("b", SECRET, title=SECRET, sign_off=None),
    "G103-not-reviewed": lambda s: s.policy("b", SECRET, title=SECRET, secrecy_review=None),
    "G105-body-of-what-is-withheld": lambda s: s.policy("b", SECRET, **REQUEST | {"disclosure": "不予公开"}),
    "G105-body-of-what-is-on-request": lambda s: s.policy("b", SECRET, listed="是", **REQUEST),
    "G105-attachment-of-what-is-on-request": _on_request_with_attachment,
    "G115-body-of-what-was-withdrawn": lambda s: s.policy("b", SECRET, withdrawn="{date: 2026-03-05, reason: 误}"),
    "G115-attachment-of-what-was-withdrawn": _withdrawn_with_attachment,
    "G116-still-being-settled": lambda s: s.policy("b", negotiation=SECRET),
    "L107-earlier-text-of-what-was-withdrawn": _withdrawn_beside_its_past,
    "D117-attachment-of-a-draft": _attachment_of_a_draft,
    "D303-draft-in-an-issue": _draft_in_an_issue,
    "D303-erratum-of-a-draft": _erratum_of_a_draft,
    "D304-later-text-in-an-issue": _later_text_in_an_issue,
    "B103-open-comment": lambda s: s.policy("b", f"第一条 <!-- {SECRET}"),
    "H205-key-of-ones-own": lambda s: s.policy("b", internal=SECRET),
    "F104-link-out-of-the-content": _way_out,
    "F107-folder-of-ones-own": lambda s: s.write("internal/b.md", f"---\n{header(title=SECRET)}---\n{SECRET}\n"),
    "A101-old-word": lambda s: _attached(s, "a.doc", SECRET.encode()),
    "A102-page-named-pdf": lambda s: _attached(s, "a.pdf", SECRET.encode()),
    "A108-zip-in-a-zip": lambda s: _attached(s, "a.zip", attached.zipped({"b.zip": _zipped(SECRET.encode())})),
    "A109-hidden-sheet": _hidden_sheet,
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_secret_where_none_may_be_is_refused_and_the_site_stays(case: str, small: Small) -> None:
    """The code stands before the name of the case; the store learns nothing either."""
    assert build(settings(small)).release
    before = os.readlink(small.output), dict(files(small.output.resolve()))
    REFUSED[case](small)
    result = build(settings(small))
    assert case[:4] in {f.code for f in result.faults if f.severity == "error"}
    assert result.release is None
    assert (os.readlink(small.output), dict(files(small.output.resolve()))) == before
    assert heard(files(small.folder / "cache")) == {}


def test_what_the_ledger_holds_cannot_turn_into_a_draft(small: Small) -> None:
    """Published, then a 草稿 with another text under the same address: its events would stand beside it."""
    small.policy("b")
    assert publish(settings(small)).release
    before = dict(files(small.output.resolve())), dict(files(small.folder / "datasets"))
    small.policy("b", SECRET, title=SECRET, change_note=SECRET, status="草稿")
    result = publish(settings(small))
    assert "L104" in {f.code for f in result.faults if f.severity == "error"}
    assert result.release is None
    assert (dict(files(small.output.resolve())), dict(files(small.folder / "datasets"))) == before
    assert heard(files(small.folder / "cache")) == {}


def test_grep_finds_no_canary_either(cage: Cage, unguarded: Cage) -> None:
    """A second opinion on what is not packed, file names too."""
    if not shutil.which("grep"):
        pytest.skip("grep is absent")
    counts = []
    for folder in (cage.output.resolve(), unguarded.output.resolve()):
        inside = ["grep", "-rliaF", "-e", "zqjsq", "-e", "金丝雀", str(folder)]
        names = ["find", str(folder), "-iname", "*zqjsq*"]
        done = [subprocess.run(c, capture_output=True, text=True, check=False).stdout for c in (inside, names)]
        counts.append(sum(len(lines.splitlines()) for lines in done))
    assert counts[0] == 0
    assert counts[1] > COUNT
