"""JSON and plain files (pure)."""

from __future__ import annotations

import json
from collections.abc import Iterator

from plugins.formats.views import Loader, View


def render_json(view: View, load: Loader) -> bytes:  # noqa: ARG001 - every renderer has one shape
    """`{"data"}` as JSON, keys in the order given, one line, UTF-8."""
    return json.dumps(view["data"], ensure_ascii=False, allow_nan=False).encode() + b"\n"


def render_plain(view: View, load: Loader) -> bytes:  # noqa: ARG001
    """`{"text"}` as it is, UTF-8."""
    return str(view["text"]).encode()


def render_file(view: View, load: Loader) -> Iterator[bytes]:
    """`{"file", "sha256"}` byte for byte."""
    return load.pieces(view)


def render_attachment(view: View, load: Loader) -> bytes:
    """`{"file", "sha256"}` without metadata and hidden words."""
    from plugins.formats.strip import strip

    return strip(load.file(view), str(view["file"]).rsplit("/", 1)[-1])
