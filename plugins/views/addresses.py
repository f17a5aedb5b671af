"""Every address of the site, in one table (pure)."""

from __future__ import annotations

import re
from urllib.parse import quote, urlsplit

from plugins.models.types import TYPES

PAGE_SIZE = 50
FIXED = frozenset(
    {"search", "datasets", "organisations", "media", "topics", "sitemap", "log", "rules", "citations", "verify", ""}
    | {"request", "interaction", "places"}
    | (TYPES.keys() - {"pages"})
)
"""The site's own pages that a body may link to."""
RESERVED = frozenset({"api", "citations", "dump", "oversight", "pages", "static", "404"})
"""Folders that the site keeps for itself besides: no table's rows have their pages there."""

_PLAIN = re.compile(r"[A-Za-z0-9/._-]*")


class Addresses:
    """Addresses below the site's own, which may hold a path that all links honour.

    `base` is the path of the site's address, without a slash at the end.
    """

    def __init__(self, site: str) -> None:
        self.site = site
        self.base = urlsplit(site).path.rstrip("/")

    def url(self, path: str = "") -> str:
        """The link to `path` (below the output, no slash at the start) from any page."""
        return f"{self.base}/{path if _PLAIN.fullmatch(path) else quote(path)}"

    def absolute(self, path: str = "") -> str:
        """The same with scheme and host."""
        return f"{self.site}/{path if _PLAIN.fullmatch(path) else quote(path)}"

    def outside(self, link: str) -> str:
        """A link of `url`, or of others, as it is followed from outside the site."""
        return self.site.removesuffix(self.base) + link if link.startswith("/") else link


def page_path(folder: str, number: int) -> str:
    """The folder of page `number` (from 1) of a list."""
    return folder if number == 1 else f"{folder}page/{number}/"


def readable_bytes(count: int) -> str:
    """A size as people read it."""
    if count < 1024:
        return f"{count} 字节"
    return f"{count / 1024:.1f} KB" if count < 1024 * 1024 else f"{count / 1024 / 1024:.1f} MB"
