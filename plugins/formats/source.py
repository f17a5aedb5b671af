"""The document as Markdown: public header fields, then the body as the reader sees it (pure)."""

from __future__ import annotations

import json
import re

from plugins.formats.fragment import plain
from plugins.formats.views import Loader, View

_HIDING = re.compile(r"<[a-zA-Z/!?]|^ {0,3}\[[^\]\n]+\]:", re.MULTILINE)


def render(view: View, load: Loader) -> bytes:
    """`{"fields", "body"?, "fragment"?, "open"}` as Markdown with a YAML header.

    A source with raw HTML or reference definitions could carry words that no page shows, and one that is not open
    names documents that are not public; its sanitised HTML, which is Markdown too, stands in its place.
    """
    header = "".join(f"{name}: {json.dumps(value, ensure_ascii=False)}\n" for name, value in view["fields"].items())
    body = load.body(view["body"]) if view.get("body") else ""
    if not view["open"] or _HIDING.search(body):
        body = plain(json.loads(load.made(view["fragment"]))["html"])
    return f"---\n{header}---\n{body.strip()}\n".encode()
