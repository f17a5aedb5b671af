"""Documents of a built site, and the normal form in which strings are compared (search benchmark)."""

from __future__ import annotations

import json
import re
import unicodedata
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

_UNSEEN = re.compile(r"[\s\x00-\x1f\x7f-\x9f\u00ad\u180e\u200b-\u200f\u2060\ufeff]+")
"""White space, control characters, zero width."""


class Document(NamedTuple):
    """One document: `id` is its folder below the site's root; `body` has one block a line, without the title."""

    id: str
    title: str
    number: str
    body: str


def normal(text: str) -> str:
    """NFKC; white space, control and zero-width characters removed; case folded."""
    return _UNSEEN.sub("", unicodedata.normalize("NFKC", text)).casefold()


def whole(document: Document) -> str:
    """The three fields in normal form, a line feed between them: no query in normal form holds one."""
    return "\n".join(map(normal, (document.title, document.number, document.body)))


def read_documents(site: Path) -> tuple[list[Document], str]:
    """All documents that have a canonical text, by id; and the path below which the site lies ("/" or "/a/b/").

    What the site's search offers besides (data packages) is no document. Raises OSError, ValueError.
    """
    found, root = [], "/"
    for text in sorted(site.rglob("index.txt")):
        if not (described := text.with_name("index.json")).is_file():
            continue
        facts = json.loads(described.read_text(encoding="utf-8"))
        folder = text.parent.relative_to(site).as_posix()
        path = urlsplit(facts["url"]).path.strip("/")
        if path != folder and not path.endswith(f"/{folder}"):
            continue
        root = f"/{path.removesuffix(folder)}"
        title, _, body = text.read_text(encoding="utf-8").partition("\n\n")
        found.append(Document(folder, title, facts.get("number", ""), body.rstrip("\n")))
    if not found:
        raise ValueError(f"no documents in {site}")
    return found, root
