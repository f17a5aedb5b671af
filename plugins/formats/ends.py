"""What editors typed in a body and the layout would add a second time: recipients, attachments, signature (pure)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from plugins.formats.blocks import Block

_LAST = 4
"""Blocks at the end of a body among which its signature may stand."""
_SPACE = re.compile(r"\s+")


def typed(body: list[Block], entry: Mapping[str, Any], day: str) -> dict[str, Any]:
    """What the layout has to add to `body`: recipients, attachments, annotation and issuer of `entry`, or "".

    Where the body has them itself, its blocks are marked (`"a"`) to be set as the norm sets them.
    """
    texts = [_text(block) for block in body]
    adds = {name: entry[name] for name in ("recipients", "attachments", "annotation")}
    adds["issuer"] = entry["issuer"] if entry["number"] else ""
    if texts and entry["recipients"] and texts[0].rstrip("：:") == _SPACE.sub("", entry["recipients"]).rstrip("：:"):
        body[0]["a"], adds["recipients"] = "flush", ""
    if any(text.startswith(("附件：", "附件:")) for text in texts):
        adds["attachments"] = []
    if entry["annotation"] and any(entry["annotation"] in text for text in texts[-_LAST:]):
        adds["annotation"] = ""
    for place in range(max(len(body) - _LAST, 0), len(body)):
        if day and texts[place] == day:
            body[place]["a"], adds["issuer"] = "signed", ""
            if place and len(texts[place - 1]) <= 30 and not texts[place - 1].endswith(("。", "；", "：")):
                body[place - 1]["a"] = "signed"
    return adds


def _text(block: Block) -> str:
    """The text of a paragraph without white space; "" of every other block."""
    if block["k"] != "p":
        return ""
    return _SPACE.sub("", "".join(run if isinstance(run, str) else run.get("t", "") for run in block["r"]))
