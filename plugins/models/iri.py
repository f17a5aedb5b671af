"""Addresses as RDF and JSON-LD may hold them (pure; RFC 3987)."""

from __future__ import annotations

import re
from urllib.parse import quote

_REFUSED = re.compile(r"[\x00-\x20<>\"{}|\\^`\x7f-\x9f]")


def iri(address: str) -> str:
    """The address with what no IRI may hold percent-encoded: control characters, spaces, ``<>"{}|\\^` ``."""
    return _REFUSED.sub(lambda found: quote(found[0], safe=""), address)
