"""A link checker over a whole output folder, on lxml: every inner link, picture, style and script leads to a file."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote, urlsplit

from lxml import html


def broken_links(root: Path, base: str = "") -> list[str]:
    """`page -> link` of every inner link below `root` that leads to no file or to no anchor."""
    pages = {p: html.parse(str(p)).getroot() for p in root.rglob("*.html")}
    anchors = {p: set(tree.xpath("//@id")) for p, tree in pages.items()}
    broken = []
    for page, tree in pages.items():
        for link in {*tree.xpath("//@href"), *tree.xpath("//@src")}:
            parts = urlsplit(link)
            if parts.scheme in {"http", "https", "mailto", "tel"} or not (parts.path or parts.fragment):
                continue
            target = _target(root, page, unquote(parts.path), base)
            if not target.is_file() or (parts.fragment and target in anchors and parts.fragment not in anchors[target]):
                broken.append(f"{page.relative_to(root)} -> {link}")
    return broken


def _target(root: Path, page: Path, path: str, base: str) -> Path:
    if not path:
        return page
    place = root / path.removeprefix(base).lstrip("/") if path.startswith("/") else page.parent / path
    return place / "index.html" if path.endswith("/") else place
