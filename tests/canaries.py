"""Sixty-four words, each planted where no reader may see it, and a search that finds them however they are spelt."""

from __future__ import annotations

import base64
import json
import re
import sqlite3
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any
from unittest import mock

from tests import attached
from tests.small import Small, header

_BIRD, _SONG = "金丝雀", "zqjsq"
COUNT = 64
HEADS = [f"{_BIRD}{a}{b}" for a in "甲乙丙丁戊己庚辛" for b in "天地玄黄宇宙洪荒"]
TAILS = [f"{_SONG}{number:02d}kx" for number in range(COUNT)]
"""A word is a head with its tail: each half is looked for alone, for a word is cut, folded or replaced in part."""

Pieces = Iterable[tuple[str, bytes]]
"""Names of places, and bytes that stand there."""


def _base64(data: bytes) -> Iterator[bytes]:
    """What base64 makes of `data` whatever stands before and after it: the characters that depend on it alone."""
    for before in range(3):
        whole = base64.b64encode(b"\0" * before + data + b"\0" * (-(before + len(data)) % 3))
        yield whole[-(-before * 8 // 6) : (before + len(data)) * 8 // 6]


ENCODINGS: dict[str, Callable[[str], Iterable[bytes]]] = {
    "UTF-8": lambda text: (text.encode(),),
    "UTF-16LE": lambda text: (text.encode("utf-16-le"),),
    "UTF-16BE": lambda text: (text.encode("utf-16-be"), text.encode("utf-16-be").hex().encode()),
    "GB18030": lambda text: (text.encode("gb18030"),),
    "JSON": lambda text: ("".join(f"\\u{ord(c):04x}" for c in text).encode(),),
    "percent": lambda text: ("".join(f"%{b:02x}" for b in text.encode()).encode(),),
    "HTML": lambda text: (
        "".join(f"&#{ord(c)};" for c in text).encode(),
        "".join(f"&#x{ord(c):x};" for c in text).encode(),
    ),
    "base64": lambda text: _base64(text.encode()),
}
"""Encoding -> what a word looks like in it, letters compared without case; UTF-16BE in hex is how a PDF writes it."""


def _spellings(text: str) -> set[bytes]:
    return {spelling.lower() for spell in ENCODINGS.values() for spelling in spell(text)}


_ANY = re.compile(b"|".join(re.escape(s) for s in sorted(_spellings(_BIRD) | _spellings(_SONG))))
_EACH = [_spellings(head) | _spellings(tail) for head, tail in zip(HEADS, TAILS, strict=True)]


def heard(pieces: Pieces) -> dict[int, list[str]]:
    """The number of every canary in `pieces` or in what is packed in them, and the places where it is."""
    found: dict[int, list[str]] = {}
    for place, data in pieces:
        for piece in (place.encode(), *opened(data)):
            low = piece.lower()
            if _ANY.search(low):
                for number in (n for n, spellings in enumerate(_EACH) if any(s in low for s in spellings)):
                    found.setdefault(number, []).append(place)
    return {number: sorted(set(places)) for number, places in sorted(found.items())}


def opened(data: bytes) -> Iterator[bytes]:
    """`data`, then members, names and comments of archives in it, and whatever deflate made smaller, at any depth."""
    for piece in attached._pieces(data):
        yield piece
        yield from _inflated(piece)
        for match in re.finditer(b"\x1f\x8b\x08", piece):
            try:
                yield from opened(zlib.decompressobj(31).decompress(piece[match.start() :], 10_000_000))
            except zlib.error:
                continue


def _inflated(data: bytes) -> Iterator[bytes]:
    """What is deflated as a whole and has no header to tell it by: files of the static search."""
    unpacker = zlib.decompressobj(-15)
    try:
        inner = unpacker.decompress(data, 10_000_000)
    except zlib.error:
        return
    if unpacker.eof and not unpacker.unused_data:
        yield inner


def files(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Every file below `folder` by its path."""
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        yield str(path.relative_to(folder)), path.read_bytes()


def rows(index: Path) -> Iterator[tuple[str, bytes]]:
    """Every row of every table of a SQLite file, by the table's name: in the file a long row lies in pieces."""
    with closing(sqlite3.connect(index)) as database:
        for (table,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            for row in database.execute(f"SELECT * FROM {table}"):
                yield table, "\n".join(map(str, row)).encode()


def terms(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Every term of a Whoosh index by its field, and what is stored of each document."""
    from whoosh import index

    with index.open_dir(folder).reader() as reader:
        yield from reader.all_terms()
        yield from ((f"stored {name}", str(fields).encode()) for name, fields in reader.iter_docs())


class Cage(Small):
    """A content tree and data packages with all canaries in it.

    `places` tells where each was planted. `unread` are those in files, or parts of files, that no code ever reads;
    `kept` those that the store keeps for the rules.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.places: list[str] = []
        self.unread: set[int] = set()
        self.kept: set[int] = set()

    def word(self, place: str) -> str:
        """The next canary, for `place`."""
        self.places.append(place)
        return HEADS[len(self.places) - 1] + TAILS[len(self.places) - 1]

    def slug(self, place: str) -> str:
        """The next canary as a part of an address: its tail."""
        return self.word(place)[len(HEADS[0]) :]

    def hidden(self, place: str) -> str:
        """The next canary, in what no code ever reads."""
        self.unread.add(len(self.places))
        return self.word(place)

    def private(self, place: str) -> str:
        """The next canary, in a private column of a public document."""
        self.kept.add(len(self.places))
        return self.word(place)

    def document(self, path: str, body: str = "正文。", **changes: str | None) -> None:
        """A document that is no policy, with the least header of all types."""
        self.write(f"{path}.md", f"---\n{header(interpretation_exempt=None, signed=None, **changes)}---\n{body}\n")

    def package(self, name: str, tables: Mapping[str, str], **changes: Any) -> Path:
        """A data package of one column for each of `tables` (file -> column), each of one row."""
        folder = self.folder / "datasets" / name
        folder.mkdir(parents=True)
        resources = [
            {"name": f"t{n}", "path": path, "schema": {"fields": [{"name": column}]}}
            for n, (path, column) in enumerate(tables.items())
        ]
        value = {"name": name, "title": "数据", "licenses": [{"name": "CC0-1.0"}], "resources": resources}
        value["contributors"] = [{"title": "fgj", "role": "publisher"}]
        (folder / "datapackage.json").write_text(json.dumps(value | changes, ensure_ascii=False))
        for path, column in tables.items():
            (folder / path).write_text(f"{column}\n一\n")
        return folder


LATER = "2026-11-24 12:01"
REQUEST = {"disclosure": "依申请公开", "disclosure_reason": "商业秘密", "disclosure_basis": "条例第十五条"}
REQUEST["disclosure_review"] = "{by: 政务公开岗, date: 2026-03-01}"


def plant(folder: Path) -> Cage:
    """The tree with every canary in its place; nothing in it is an error."""
    cage = Cage(folder)
    cage.least()
    for work in (_drafts, _reviewed, _embargoed, _on_request, _withdrawn, _private, _bodies, _packages, _attachments):
        work(cage)
    return cage


def _drafts(cage: Cage) -> None:
    slug, file = cage.slug("草稿的网址"), f"{cage.word('草稿的附件名')}.txt"
    cage.policy(
        slug,
        f"{cage.word('草稿的正文')}\n\n![{cage.word('草稿的图片说明')}]({slug}/b.png)",
        title=cage.word("草稿的标题"),
        summary=cage.word("草稿的概述"),
        keywords=cage.word("草稿的关键词"),
        attachments=f"[{{title: {cage.word('草稿的附件标题')}, file: {file}}}]",
        status="草稿",
    )
    cage.write(f"policies/2026/{slug}/{file}", cage.word("草稿的附件"))
    cage.write(f"policies/2026/{slug}/b.png", attached.photo("png"))
    cage.policy("unreadable", title=cage.hidden("表头有误的草稿"), status="草稿", signed="2026-02-30")
    cage.policy("again", status="草稿")
    earlier = f"---\n{header(title=cage.word('草稿的历次文本的标题'))}---\n{cage.word('草稿的历次文本')}\n"
    cage.write("policies/2026/again.2026-03-03.md", earlier)


def _reviewed(cage: Cage) -> None:
    dates = {"opens": "2026-03-03 09:00", "closes": "2026-04-03 17:30", "based_on": "policies/2026/a"}
    cage.document("consultations/c", title=cage.word("送审征求意见的标题"), status="送审", **dates)
    cage.policy("r", negotiation=cage.word("送审稿的协商事项"), status="送审")
    cage.document("notices/n", cage.word("送审公告的正文"), status="送审")
    question = cage.word("答复草稿的咨询内容")
    cage.document("answers/q", channel="网上咨询", received="2026-03-02", question=question, status="草稿")
    cage.document("responses/d", case="不了解情况", facts="略", concern=cage.word("回应草稿的关切内容"), status="草稿")
    record = cage.word("尚未举行的听证的结果")
    cage.document("hearings/l", held=LATER, place="县政务服务中心", channels="政府网站", record=record)
    outcome = f"{{published: '{LATER}', summary: {cage.word('尚未到公布时间的采纳情况')}}}"
    cage.document("consultations/o", outcome=outcome, **dates)
    updates = f"[{{at: '2026-03-04 09:00', text: 一}}, {{at: '{LATER}', text: {cage.word('尚未到时间的后续发布')}}}]"
    cage.document("responses/u", case="不了解情况", facts="略", concern="略", updates=updates)


def _embargoed(cage: Cage) -> None:
    cage.kept.add(len(cage.places))  # the two documents below link to it
    slug, number = cage.slug("待发布文件的网址"), f"{cage.word('待发布文件的文号')}〔2026〕1号"
    cage.policy(
        slug,
        cage.word("待发布文件的正文"),
        title=cage.word("待发布文件的标题"),
        number=number,
        change_note=cage.word("待发布文件的修改说明"),
        attachments="[{title: 附件, file: a.txt}]",
        published=LATER,
    )
    cage.write(f"policies/2026/{slug}/a.txt", cage.word("待发布文件的附件"))
    about = {"interprets": f"policies/2026/{slug}", "published": LATER}
    cage.document("interpretations/i", cage.word("待发布文件的解读"), **about)
    sections = f"[{{title: {cage.word('待出版公报的栏目')}, entries: [policies/2026/a]}}]"
    issue = {"year": "2026", "number": "1", "running": "1", "sections": sections, "issuer": None}
    cage.document("gazette/2026-01", "", published=LATER, **issue)
    link = f'[另一份文件]({slug}.md "{cage.word("通往待发布文件的链接的提示")}")'
    cage.policy("names", f"见{link}。", based_on=f"[{number}]", implements=f"[policies/2026/{slug}]")
    cage.document("news/names", f"[另一份文件](../policies/2026/{slug}.md)")


def _on_request(cage: Cage) -> None:
    number = f"{cage.word('依申请公开文件的文号')}〔2026〕2号"
    cage.policy("s", "", title=cage.word("依申请公开文件的标题"), number=number, **REQUEST)
    later = {"published": LATER, "listed": "是"}
    cage.policy("t", "", title=cage.word("尚未到时间的目录"), **REQUEST, **later)
    private = {
        "disclosure_reason": f"商业秘密：{cage.word('依申请公开的理由')}",
        "disclosure_basis": cage.word("依申请公开的依据"),
        "secrecy_review": f"{{id: {cage.word('依申请公开的审查编号')}, by: 岗, date: 2026-03-02, result: 通过}}",
        "proposed_by": cage.word("依申请公开的拟稿人"),
        "summary": cage.word("依申请公开的概述"),
    }
    cage.policy("v", "", title="列入目录的文件", listed="是", **REQUEST | private)
    withheld = {"title": cage.word("不予公开的标题"), "disclosure_basis": cage.word("不予公开的依据")}
    cage.policy("w", "", **REQUEST | {"disclosure": "不予公开"} | withheld)


def _withdrawn(cage: Cage) -> None:
    gone = "{date: 2026-03-05, reason: 内容有误}"
    cage.policy("x", "", summary=cage.word("撤下文件的概述"), withdrawn=gone)
    cage.write("policies/2026/x/old.txt", cage.hidden("撤下文件留下的附件"))


def _private(cage: Cage) -> None:
    review = f"{{id: {cage.private('保密审查编号')}, by: 保密审查岗, date: 2026-03-02, result: 通过}}"
    proposed = {"proposed_by": cage.private("拟稿人"), "disclosure_proposed": "不予公开"}
    cage.policy("p", secrecy_review=review, disclosure_note=cage.private("属性变更说明"), **proposed)
    plan = {
        "plan_filed": "2026-03-01",
        "approvals": f"[{{by: {cage.private('发布会的审批人')}, date: 2026-03-01}}]",
        "filings": f"[{cage.private('发布会的报备机关')}]",
    }
    cage.document("press/p", held="2026-03-13 10:00", rank="部门", issuer="fgj", **plan)


def _bodies(cage: Cage) -> None:
    body = (
        f"第一条 <!-- {cage.word('正文里的注释')} -->内容。\n\n"
        f'[无用]: https://www.example.gov.cn/ "{cage.word("没有用到的链接定义")}"\n\n'
        f"<template>{cage.word('网页不显示的元素')}</template>\n"
    )
    cage.policy("h", body, title=f"试验办法 # {cage.hidden('表头里的注释')}")
    cage.write(f"policies/2026/h/{cage.hidden('没有列出的文件的名称')}.txt", "一")
    cage.write("policies/2026/h/notes.txt", cage.hidden("没有列出的文件"))
    cage.write("policies/2026/h/.notes", cage.hidden("点文件"))


def _packages(cage: Cage) -> None:
    file, column = f"{cage.word('不予开放的文件名')}.csv", cage.word("不予开放的列名")
    shut = {"description": cage.word("不予开放的说明"), "cn:openType": "不予开放"}
    folder = cage.package("shut", {file: column}, **shut)
    (folder / file).write_text(f"{column}\n{cage.word('不予开放的数据')}\n")
    folder = cage.package("open", {"a.csv": "名称"})
    (folder / "b.csv").write_text(cage.hidden("描述文件没有列出的数据"))


def _attachments(cage: Cage) -> None:
    makers: dict[str, Callable[[], bytes]] = {
        "a.jpg": lambda: attached.photo("jpeg"),
        "a.png": lambda: attached.photo("png"),
        "a.docx": attached.word,
        "a.xlsx": attached.sheets,
        "a.pdf": attached.portable,
        "a.zip": _packed,
    }
    for name, make in makers.items():
        word = cage.word(f"附件 {name} 里看不见的地方")
        xmp = attached.XMP.replace(attached.CANARY.encode(), word.encode())
        with mock.patch.multiple(attached, CANARY=word, XMP=xmp):
            cage.write(f"policies/2026/z/{name}", make())
    listed = "".join(f"{{title: 附件, file: {name}}}, " for name in makers)
    cage.policy("z", attachments=f"[{listed}]")


def _packed() -> bytes:
    """A zip of other kinds of files, with what a file manager leaves behind, and a comment."""
    word = attached.CANARY
    members = {"a.odt": attached.open_text(), "a.pptx": attached.slides(), "a.webp": attached.photo("webp")}
    return attached.rezip(attached.zipped(members | {f"__MACOSX/._{word}": word.encode()}), {}, word.encode())
