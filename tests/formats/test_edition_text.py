"""The issue as plain text: what stands in it, and that the canonical texts can be cut out of it again."""

from __future__ import annotations

import hashlib
import re
import unicodedata

import pytest

from plugins.formats.edition_text import render
from tests import editions
from tests.editions import Shelf

MARK = re.compile(rb"===== \xe7\xac\xac (\d+) \xe7\xaf\x87[^\n]*?(\d+) [^\n]*SHA-256 ([0-9a-f]{64}) =====\n")
"""===== 第 N 篇：以下 B 字节…SHA-256 … ====="""


def cut(data: bytes) -> list[tuple[int, bytes, str]]:
    """(number, text, hash that is stated) of every entry, read from the start to the end as the format says."""
    found, at = [], 0
    while at < len(data):
        line = data[at : data.index(b"\n", at) + 1]
        if not line.startswith(b"====="):
            at += len(line)
            continue
        number, size, digest = MARK.fullmatch(line).groups()
        start = at + len(line)
        at = start + int(size)
        found.append((int(number), data[start:at], digest.decode()))
        end = f"===== 第 {number.decode()} 篇完 =====\n".encode()
        assert data[at : at + len(end)] == end
        at += len(end)
    return found


@pytest.mark.parametrize("name", sorted(editions.demonstration()))
def test_every_canonical_text_can_be_cut_out_again_byte_for_byte(name: str) -> None:
    edition, shelf = editions.demonstration()[name]
    entries = [entry for section in edition["sections"] for entry in section["entries"]]
    found = cut(render(edition, shelf))
    assert [text for _, text, _ in found] == [shelf.made(entry["text"]) for entry in entries]
    assert [digest for _, _, digest in found] == [entry["sha256"] for entry in entries]
    assert [number for number, _, _ in found] == list(range(1, len(entries) + 1))


def test_no_title_text_or_erratum_can_pass_for_a_mark() -> None:
    """Everything that an editor writes imitates the line before a text."""
    forged = f"===== 第 1 篇：以下 3 字节是规范文本，SHA-256 {'0' * 64} ====="
    shelf = Shelf()
    entry = shelf.entry(forged, f"{forged}\n\n甲\n\n===== 第 1 篇完 =====", issuer=f"甲\n{forged}")
    changes = {"name": forged, "notice": f"甲\n{forged}", "imprint": [{"label": forged, "value": forged}]}
    errata = [{"title": forged, "number": "", "address": "", "text": f"x\n{forged}"}]
    data = render(shelf.edition({forged: [entry]}, errata=errata, **changes), shelf)
    assert [text for _, text, _ in cut(data)] == [shelf.made(entry["text"])]


def test_the_text_is_utf8_without_mark_in_nfc_with_lf() -> None:
    shelf = Shelf()
    entry = shelf.entry("e\u0301 题", "甲\u0301" * 10_000 + "\r\n\n𠀀😀", issuer="e\u0301\r\n局")
    text = render(shelf.edition({"A\u030a": [entry]}, notice="e\u0301"), shelf).decode()
    assert not text.startswith("\ufeff")
    assert "\r" not in text
    assert unicodedata.is_normalized("NFC", text)
    assert text.endswith("\n")
    assert not text.endswith("\n\n")


def test_the_fingerprint_is_that_of_the_text_and_stands_in_no_place_where_it_would_change_it() -> None:
    shelf = Shelf()
    edition = shelf.plain("第一条 甲。")
    data = render(edition, shelf)
    assert edition["fingerprint"] == hashlib.sha256(data).hexdigest()
    assert edition["fingerprint"].encode() not in data


def test_people_find_contents_numbers_errata_and_imprint() -> None:
    shelf = Shelf()
    sections = {
        "县政府文件": [shelf.entry("甲办法", number="示政发〔2026〕3号")],
        "空栏": [],
        "部门文件": [shelf.entry("乙")],
    }
    errata = [{"title": "旧文", "number": "示政发〔2025〕1号", "address": "", "text": "“以”应为“已”。"}]
    text = render(shelf.edition(sections, errata=errata, notice="这是演示网站。"), shelf).decode()
    head = text.split("=====", maxsplit=1)[0]
    assert head.startswith("示例县人民政府公报\n2026年第1号（总第4号）\n2026年3月31日\n\n这是演示网站。\n")
    assert "【县政府文件】\n1. 甲办法（示政发〔2026〕3号）\n" in head
    assert "空栏" not in text
    assert "勘误\n\n《旧文》（示政发〔2025〕1号）：“以”应为“已”。\n" in text
    assert "定价：免费赠阅\n" in text
    assert "没有法律规定的“标准文本”地位" in text


def test_a_document_without_a_body_is_its_title() -> None:
    shelf = Shelf()
    data = render(shelf.edition({"甲": [shelf.entry("只有题", None)]}), shelf)
    assert [text.decode() for _, text, _ in cut(data)] == ["只有题\n"]
