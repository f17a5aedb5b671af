"""A gazette issue as plain text, whose sha256 is the fingerprint that is printed on paper (pure).

A line that begins with five equals signs is ours, or lies inside a canonical text; the one before a text says how many
bytes it has. So the texts can be cut out again whatever they say, and nothing in them can pass for the next one:

    ===== 第 1 篇：以下 1234 字节是规范文本，SHA-256 … =====
    (1234 bytes, the last one LF)
    ===== 第 1 篇完 =====
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any

from plugins.formats.views import Loader, View
from plugins.formats.xhtml import legal

STANDING = (
    "校验值相同，只证明文字与网站公布的这份文本逐字一致，不能证明它由谁签发，也不证明文件的效力。"
    "县级政府公报没有法律规定的“标准文本”地位，本公报供查阅和引用，文件的效力以制定机关依法公布的文本为准。"
)
"""What a fingerprint proves and what not: by the Legislation Law a gazette's text is the standard one for rules alone,
and a county makes none."""
_RULE = "====="


def render(view: View, load: Loader) -> bytes:
    """An edition whose entries have `text`, the digest of their canonical text; UTF-8, NFC, LF.

    `fingerprint` is not read: it is the hash of these bytes.
    """
    entries = numbered(view)
    parts = [_block(_head(view)), _block(_contents(entries))]
    for place, section, entry in entries:
        text = load.made(entry["text"])
        digest = hashlib.sha256(text).hexdigest()
        mark = f"{_RULE} 第 {place} 篇：以下 {len(text)} 字节是规范文本，SHA-256 {digest} {_RULE}"
        parts += [_block(_facts(place, section, entry)), f"{mark}\n".encode(), text]
        parts.append(f"{_RULE} 第 {place} 篇完 {_RULE}\n\n".encode())
    parts += [_block(_errata(view)), _block(_imprint(view))]
    return b"".join(parts).rstrip(b"\n") + b"\n"


def numbered(view: View) -> list[tuple[int, str, Mapping[str, Any]]]:
    """Every entry of an edition with its number in the issue, from 1, and the title of its section."""
    pairs = [(section["title"], entry) for section in view["sections"] for entry in section["entries"]]
    return [(place, section, entry) for place, (section, entry) in enumerate(pairs, 1)]


def issue_line(view: View) -> str:
    """Which issue it is: 2025年第2号（总第3号）."""
    return f"{view['year']}年第{view['number']}号（总第{view['running']}号）"


def day(date: str) -> str:
    """`YYYY-MM-DD…` as 2025年9月30日; anything else as it is."""
    parts = date[:10].split("-")
    if len(parts) != 3 or not all(part.isdecimal() for part in parts):
        return date
    return f"{int(parts[0])}年{int(parts[1])}月{int(parts[2])}日"


def _head(view: View) -> Iterator[str]:
    yield view["name"]
    yield issue_line(view)
    yield day(view["published"])
    if view["notice"]:
        yield ""
        yield view["notice"]


def _contents(entries: list[tuple[int, str, Mapping[str, Any]]]) -> Iterator[str]:
    yield "目录"
    before = None
    for place, section, entry in entries:
        if section != before:
            yield ""
            yield f"【{section}】"
            before = section
        number = f"（{entry['number']}）" if entry["number"] else ""
        yield f"{place}. {entry['title']}{number}"


def _facts(place: int, section: str, entry: Mapping[str, Any]) -> Iterator[str]:
    """What is said of an entry beside its text, as far as there is something to say."""
    yield f"第 {place} 篇 {section}·{entry['label']}"
    for label, value in (
        ("发文字号", entry["number"]),
        ("发文机关", entry["issuer"]),
        ("成文日期", day(entry["signed"])),
        ("主送", entry["recipients"]),
        ("抄送", entry["cc"]),
        ("附注", entry["annotation"]),
        ("附件", "；".join(entry["attachments"])),
        ("网页", entry["address"]),
    ):
        if value:
            yield f"{label}：{value}"


def _errata(view: View) -> Iterator[str]:
    if view["errata"]:
        yield "勘误"
        yield ""
    for item in view["errata"]:
        number = f"（{item['number']}）" if item["number"] else ""
        yield f"《{item['title']}》{number}：{item['text']}"


def _imprint(view: View) -> Iterator[str]:
    yield "版权信息"
    yield ""
    for item in view["imprint"]:
        yield f"{item['label']}：{item['value']}"
    yield f"网页：{view['address']}"
    yield f"核对：{view['verify']}"
    yield "本文件的 SHA-256 校验值就是印在本期纸质公报上的校验值。" + STANDING


def _block(lines: Iterator[str]) -> bytes:
    """Lines of ours and an empty one: each is one line, and none begins as a mark does."""
    text = ""
    for line in lines:
        one = unicodedata.normalize("NFC", " ".join(legal(line).split()))
        text += (" " if one.startswith(_RULE) else "") + one + "\n"
    return (text + "\n").encode() if text else b""
