"""Gazettes and documents as PDF by Typst in the layout of GB/T 9704-2012, cards and covers as PNG (pure).

What editors wrote reaches Typst as values of `data.json`, never as its markup; the templates stand in `theme/typeset`.
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from plugins.formats import markdown
from plugins.formats.blocks import Block, blocks
from plugins.formats.edition_text import STANDING, day
from plugins.formats.ends import typed
from plugins.formats.faces import Faces, faces
from plugins.formats.pictures import Pictures, undrawable
from plugins.formats.press import RefusedError, press
from plugins.formats.runs import broken
from plugins.formats.titles import rows
from plugins.formats.views import Loader, View
from plugins.models.sums import grouped

_CIRCLED = 20
_TITLE = 19
"""Characters of 二号 in a line of a title."""
_SIZES = ((46, 17, 3), (36, 22, 4), (28, 28, 5), (18, 44, 0))
"""Points of a card's title, characters in a line, and how many lines of them it holds; the last is taken anyway."""
_PPI = {"card": 72, "front": 73}
"""Pixels an inch: a card of 900 by 383 points, a page of 210 mm as 603 pixels."""


def issue(view: View, load: Loader, theme: Path, fonts: Path) -> bytes:
    """An edition as PDF: cover with contents, the documents, errata, imprint. Raises ChangedError, NoFontError."""
    face = faces(fonts, view.get("fonts", ()), load)
    pictures = Pictures(load)
    sections, place = [], 0
    for section in view["sections"]:
        entries = []
        for one in section["entries"]:
            place += 1
            entries.append(_entry(one, f"entry-{place}", face, pictures))
        sections.append({"title": face.text(section["title"]), "entries": entries})
    data = {
        **_frame(view, face),
        "sections": sections,
        "errata": [
            face.all(
                {"head": f"《{e['title']}》" + (f"（{e['number']}）" if e["number"] else ""), "text": broken(e["text"])}
            )
            | {"address": e["address"], "shown": face.all(broken(e["address"]))}
            for e in view["errata"]
        ],
        "imprint": face.all([{**row, "value": broken(row["value"])} for row in view["imprint"]]),
        "fingerprint": [grouped(half) for half in (view["fingerprint"][:32], view["fingerprint"][32:]) if half],
        "author": face.text(view["government"]),
        "proves": STANDING,
    }
    return _press("issue", data, view, face, theme, pictures.files)


def document(view: View, load: Loader, theme: Path, fonts: Path) -> bytes:
    """`{"document", "government", "verify", "published"}` as PDF: one document with its proof at the foot."""
    face = faces(fonts, view.get("fonts", ()), load)
    pictures = Pictures(load)
    one = view["document"]
    addresses = {"verify": view["verify"], "address": one["address"]}
    data = {
        "title": face.text(one["title"]),
        "author": face.text(one["issuer"] or view["government"]),
        "published": day(view["published"]),
        "verify": view["verify"],
        "shown": face.all({name: broken(address) for name, address in addresses.items()}),
        "proves": "校验值能证明手中的文本与网上公布的是否一字不差，不能证明它由谁签发。本件供查阅和引用。",
        "entry": _entry(one, "entry-1", face, pictures),
    }
    return _press("document", data, view, face, theme, pictures.files)


def card(view: View, load: Loader, theme: Path, fonts: Path) -> bytes:
    """`{"name", "title", "number", "issuer", "published"}` as PNG of 900 by 383: the title image of an article."""
    face = faces(fonts, view.get("fonts", ()), load)
    size, lines = next((s, r) for s, most, deep in _SIZES if len(r := rows(view["title"], most)) <= deep or not deep)
    data = face.all(
        {key: view[key] for key in ("name", "number", "issuer")} | {"rows": [broken(line) for line in lines]}
    ) | {"size": size}
    return _press("card", data | {"day": day(view["published"])}, view, face, theme, {})


def cover(view: View, load: Loader, theme: Path, fonts: Path) -> bytes:
    """The cover of an edition as PNG, about 600 pixels wide."""
    face = faces(fonts, view.get("fonts", ()), load)
    sections = [
        {"title": s["title"], "titles": [broken(one["title"]) for one in s["entries"]]} for s in view["sections"]
    ]
    data = {**_frame(view, face), "sections": face.all(sections)}
    return _press("front", data, view, face, theme, {})


def _frame(view: View, face: Faces) -> dict[str, Any]:
    """What cover and issue share."""
    return {
        **face.all({key: view[key] for key in ("name", "title", "notice")}),
        "issue": f"{view['year']}年第{view['number']}号",
        "running": f"总第{view['running']}号",
        "day": day(view["published"]),
        **{key: view[key] for key in ("verify", "address")},
        "shown": face.all({key: broken(view[key]) for key in ("verify", "address")}),
    }


def _entry(one: View, label: str, face: Faces, pictures: Pictures) -> dict[str, Any]:
    """One entry as the template wants it; the characters that no font has are told below it."""
    face.wanting.clear()
    body: list[Block] = []
    if one["body"]:
        body = blocks(markdown.tree(pictures.load.body(one["body"])), one["links"], one["address"])
        body = [pictures.placed(block, one["pictures"]) for block in body]
    when = day(one["signed"]) if one["signed"] else ""
    adds = typed(body, one, when)
    made: dict[str, Any] = face.all(
        {
            "masthead": f"{one['issuer']}文件" if one["number"] and one["issuer"] else "",
            "number": one["number"],
            "title": broken(one["title"]),
            "rows": [broken(row) for row in rows(one["title"], _TITLE)],
            "byline": "" if one["number"] else "　".join(filter(None, (one["label"], one["issuer"]))),
            "recipients": broken(adds["recipients"].rstrip("：:")),
            "attachments": [broken(name) for name in adds["attachments"]],
            "issuer": adds["issuer"],
            "printed": one["issuer"],
            "annotation": adds["annotation"],
            "cc": broken(one["cc"].rstrip("。")),
            "blocks": [_shown(block) for block in body],
        }
    )
    fixed = {"label": label, "day": when, "address": one["address"], "hash": grouped(one["sha256"])}
    return made | fixed | {"wanting": _wanting(face.wanting)}


def _shown(block: Block) -> Block:
    """Marks of footnotes as printers set them: ① to ⑳, then [21]."""
    runs = [_marked(run) for run in block["r"]] if "r" in block else None
    return block if runs is None else {**block, "r": runs}


def _marked(run: Any) -> Any:
    if not isinstance(run, dict) or "m" not in run:
        return run
    number = int(run["m"]) if run["m"].isdecimal() else 0
    return {"m": chr(0x245F + number) if 0 < number <= _CIRCLED else f"[{run['m']}]"}


def _wanting(found: Mapping[str, int]) -> str:
    """What 〓 stands for in this document."""
    if not found:
        return ""
    named = [f"U+{ord(character):04X}" for character in sorted(found)]
    more = "等" if len(named) > 12 else ""
    codes = "、".join(named[:12])
    return f"〔排版说明：字库缺{sum(found.values())}字，以“〓”代替，原文见网页；缺字为{codes}{more}。〕"


def _press(
    name: str, data: dict[str, Any], view: View, face: Faces, theme: Path, pictures: Mapping[str, bytes]
) -> bytes:
    published = date.fromisoformat(view["published"][:10])
    data |= {
        "faces": face.parts,
        "undrawn": [],
        "date": {"year": published.year, "month": published.month, "day": published.day},
    }
    files = {**_templates(theme), **pictures, "data.json": json.dumps(data, ensure_ascii=False).encode()}
    if "verify" in view:
        files["verify.svg"] = _code(view["verify"])
    files["main.typ"] = files[f"{name}.typ"]
    moment = int(datetime(published.year, published.month, published.day, tzinfo=UTC).timestamp())
    try:
        return press(files, face.paths, moment, _PPI.get(name, 0))
    except RefusedError:
        if not (undrawn := undrawable(pictures, face.paths)):
            raise
    files["data.json"] = json.dumps(data | {"undrawn": undrawn}, ensure_ascii=False).encode()
    return press(files, face.paths, moment, _PPI.get(name, 0))


@cache
def _templates(theme: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted((theme / "typeset").glob("*.typ"))}


def _code(address: str) -> bytes:
    """`address` as a QR code that survives a bad copy (level M)."""
    import segno

    out = io.BytesIO()
    segno.make(address, error="m", micro=False).save(out, kind="svg", xmldecl=False, border=2)
    return out.getvalue()
