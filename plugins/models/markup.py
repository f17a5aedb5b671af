"""The HTML that a body may hold: what is not listed here is refused when it is read (pure)."""

from __future__ import annotations

TAGS = frozenset(
    "p h1 h2 h3 h4 h5 h6 ul ol li dl dt dd table thead tbody tfoot tr th td caption blockquote pre code em strong b i u"
    " s del ins sub sup br hr a img span div figure figcaption q cite abbr ruby rt rp small mark".split()
)
VOID = frozenset({"br", "hr", "img"})
"""Elements that have no end."""
