"""JSON and plain files (pure)."""

from __future__ import annotations

import json

from plugins.formats.text import without_title
from plugins.formats.views import Loader, View


def render_json(view: View, load: Loader) -> bytes:  # noqa: ARG001 - every renderer has one shape
    """`{"data"}` as JSON, keys in the order given, one line, UTF-8."""
    return json.dumps(view["data"], ensure_ascii=False, allow_nan=False).encode() + b"\n"


def render_plain(view: View, load: Loader) -> bytes:  # noqa: ARG001
    """`{"text"}` as it is, UTF-8."""
    return str(view["text"]).encode()


def render_file(view: View, load: Loader) -> bytes:
    """`{"file", "sha256"}` byte for byte."""
    return load.file(view)


def render_attachment(view: View, load: Loader) -> bytes:
    """`{"file", "sha256"}` without metadata and hidden words."""
    from plugins.formats.strip import strip

    return strip(load.file(view), str(view["file"]).rsplit("/", 1)[-1])


def render_search_shard(view: View, load: Loader) -> bytes:
    """`{"documents": [{…, "text": digest or literal}]}` with the canonical texts put in, without their title line."""
    documents = []
    for document in view["documents"]:
        text = without_title(load.made(document["made"])) if document["made"] else document["text"].rstrip("\n")
        documents.append({**{k: v for k, v in document.items() if k != "made"}, "text": text})
    return json.dumps({"documents": documents}, ensure_ascii=False).encode()
