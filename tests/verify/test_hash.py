"""SHA-256 of the browser's script against hashlib, canonical forms against the build's own, lists against sha256sum."""

from __future__ import annotations

import base64
import hashlib
import random
from pathlib import Path
from typing import Any

import pytest

from tests.search.laid import STATIC, node

HASHES = """
const {Sha256, hashBytes} = await import(process.argv[2]);
const out = [];
for (const text of JSON.parse(await new Response(process.stdin).text())) {
  const bytes = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  const pieces = new Sha256();
  for (let at = 0, n = 1; at < bytes.length; at += n, n = (n * 7) % 131) pieces.update(bytes.subarray(at, at + n));
  out.push([new Sha256().update(bytes).hex(), pieces.hex(), await hashBytes(bytes)]);
}
console.log(JSON.stringify(out));
"""
CALLS = """
const hash = await import(process.argv[2]);
const lists = await import(process.argv[3]);
const {name, given} = JSON.parse(await new Response(process.stdin).text());
console.log(JSON.stringify(given.map((one) => ({...hash, ...lists})[name](...one))));
"""
MODULES = [(STATIC / f"verify-{name}.js").as_uri() for name in ("hash", "lists")]
TEXT = "试验办法\n\n第一章 总则\n第一条 甲乙丙丁。\n1. 事项一\n第二条 戊己庚辛。\n表\t数\n"


def call(name: str, *given: list[Any]) -> list[Any]:
    """What a function of the modules gives for each list of arguments."""
    found: list[Any] = node(CALLS, *MODULES, given={"name": name, "given": list(given)})
    return found


def test_hashes_are_those_of_hashlib_for_every_length_whole_and_in_pieces() -> None:
    """0 to 300 bytes, which crosses every border of blocks, and a megabyte."""
    rng = random.Random(6)
    inputs = [rng.randbytes(n) for n in range(301)] + [rng.randbytes(1 << 20)]
    found = node(HASHES, MODULES[0], given=[base64.b64encode(data).decode() for data in inputs])
    assert found == [[hashlib.sha256(data).hexdigest()] * 3 for data in inputs]


@pytest.mark.slow
def test_a_file_that_is_read_piece_by_piece_has_the_same_hash() -> None:
    """One byte more than is read at once."""
    script = """
    const {hashFile} = await import(process.argv[2]);
    const {size} = JSON.parse(await new Response(process.stdin).text());
    console.log(JSON.stringify(await hashFile(new Blob([new Uint8Array(size).fill(7)]))));
    """
    size = (64 << 20) + 1
    assert node(script, MODULES[0], given={"size": size}) == hashlib.sha256(bytes([7]) * size).hexdigest()


@pytest.mark.parametrize(
    "pasted",
    [
        TEXT,
        "\ufeff" + TEXT.replace("\n", "\r\n"),
        TEXT.replace("\n", "  \n").rstrip("\n"),
        TEXT.replace("\n", "\n\n　　").replace("\n", "\r"),
        TEXT + "（此件公开发布）\n",
        TEXT + "\n此件公开发布\n\n",
    ],
    ids=["as it is", "BOM and CRLF", "spaces at the ends", "indented, spaced, CR", "annotation", "bare annotation"],
)
def test_a_copied_text_comes_back_to_its_canonical_form(pasted: str) -> None:
    assert TEXT in [form["text"] for form in call("forms", [pasted])[0]]


def test_lines_of_code_keep_the_spaces_before_them() -> None:
    assert call("forms", ["题\r\n\r\n    代码  \r\n"])[0][0]["text"] == "题\n\n    代码\n"


def test_decomposed_characters_are_composed() -> None:
    assert call("forms", ["e\u0301\n\nA\u030a\n"])[0][0]["text"] == "é\n\nÅ\n"


@pytest.mark.parametrize("changed", [TEXT.replace("甲", "由"), TEXT.replace("。", "", 1), TEXT.replace("丁", "丁 ")])
def test_no_form_hides_a_changed_character_or_a_space_inside(changed: str) -> None:
    assert TEXT not in [form["text"] for form in call("forms", [changed])[0]]


def test_nothing_but_white_space_has_no_form() -> None:
    assert call("forms", [" \r\n\u3000\t"]) == [[]]


def test_a_part_is_found_with_its_article() -> None:
    found = call("within", [["戊己庚"], TEXT], [["甲乙丙丁。", "1. 事项一"], TEXT], [["第一章 总则"], TEXT])
    assert [(f["state"], f["article"]) for f in found] == [("part", "第二条"), ("part", "第一条"), ("part", "")]


def test_a_part_that_was_broken_into_lines_is_found_without_them() -> None:
    (found,) = call("within", [["戊己", "庚 辛。"], TEXT])
    assert (found["state"], found["article"]) == ("spaced", "第二条")


def test_the_body_without_its_title_is_told_from_a_part() -> None:
    assert call("within", [TEXT.split("\n")[2:-1], TEXT])[0] == {"state": "body"}


def test_a_changed_line_is_cut_where_it_differs() -> None:
    (found,) = call("within", [["第一条 甲乙丙丁。", "第二条 戊己x辛。"], TEXT])
    assert (found["state"], found["wrong"]) == ("other", [["第二条 戊己", "x辛。"]])


def test_lines_in_another_order_are_not_a_part() -> None:
    (found,) = call("within", [["第二条 戊己庚辛。", "第一条 甲乙丙丁。"], TEXT])
    assert (found["state"], found["wrong"]) == ("other", [])


def test_a_list_is_read_as_sha256sum_writes_it_and_nothing_else_is_one() -> None:
    digest = "a" * 64
    lists = [
        f"{digest}  a.pdf\n{digest} *texts/b c.txt\n",
        f"\ufeff{digest}  a\r\n",
        f"{digest}  a\n正文\n",
        "",
        "a  b\n",
    ]
    found = call("readSums", *[[text] for text in lists])
    names = [[row["name"] for row in rows] if rows else None for rows in found]
    assert names == [["a.pdf", "texts/b c.txt"], ["a"], None, None, None]


def test_a_file_is_held_against_its_own_line() -> None:
    sums = [{"hash": "1", "name": "a/x.txt"}, {"hash": "2", "name": "b/x.txt"}, {"hash": "3", "name": "y.pdf"}]
    given = [
        {"hash": "2", "name": "copy/b/x.txt"},
        {"hash": "9", "name": "y.pdf"},
        {"hash": "3", "name": "renamed.pdf"},
        {"hash": "9", "name": "z"},
    ]
    (found,) = call("compare", [sums, given])
    assert [(row["state"], row["listed"]) for row in found] == [
        ("equal", "b/x.txt"),
        ("changed", "y.pdf"),
        ("equal", "y.pdf"),
        ("absent", ""),
    ]


def test_a_file_swapped_for_another_of_the_list_is_not_said_to_be_that_one() -> None:
    """Two files that changed places: each is one of the list, neither is what its name says."""
    sums = [{"hash": "1", "name": "a.txt"}, {"hash": "2", "name": "b.txt"}]
    (found,) = call("compare", [sums, [{"hash": "2", "name": "a.txt"}, {"hash": "1", "name": "b.txt"}]])
    assert [row["state"] for row in found] == ["changed", "changed"]


def test_numbers_fold_as_the_build_folds_them(tmp_path: Path) -> None:
    from plugins.views.verifying import folded_number

    numbers = ["试政发〔2026〕3号", "国务院令第711号", "ＡＢ－１【2020】第 5 号", "号", "第第", "𠮷政〔2026〕1号"]
    assert call("foldedNumber", *[[n] for n in numbers]) == [folded_number(n) for n in numbers]
