"""Fonts and colours of drawings, and what the colours become in the dark (pure).

A drawing is shown as a picture, which the page's style does not reach: it has its own, and each colour stands as an
attribute, so that a drawing whose style is refused is still drawn in the colours of the day.
"""

from __future__ import annotations

_FONTS = ("PingFang SC", "Hiragino Sans GB", "Microsoft YaHei", "Noto Sans CJK SC", "Source Han Sans SC")
FONT = ", ".join((*_FONTS, "WenQuanYi Micro Hei", "sans-serif"))
INK, SOFT, RULE, WASH, PAPER = "#1d2329", "#56606b", "#d9dde1", "#f4f5f6", "#ffffff"
BORDER = "#8a949e"
SERIES = ("#9b1c1c", "#1f5a96", "#1c6b3a", "#8a5200", "#6a3d9a", "#00707a", "#a3327f", "#5c6670")
_DARK = ("#f0908a", "#7db4ea", "#7cd09b", "#eab768", "#c3a2ec", "#6cc7d0", "#ec94cb", "#a9b2bb")
_NIGHT = {
    INK: "#e8eaec",
    SOFT: "#a9b2bb",
    RULE: "#3a4249",
    WASH: "#1f2428",
    PAPER: "#15181b",
    BORDER: "#6b7580",
    **dict(zip(SERIES, _DARK, strict=True)),
}


def night() -> str:
    """The style element that turns the colours for readers whose screen is dark; print stays light."""
    rules = "".join(f'[fill="{a}"]{{fill:{b}}}[stroke="{a}"]{{stroke:{b}}}' for a, b in _NIGHT.items())
    return f"<style>@media screen and (prefers-color-scheme: dark){{{rules}}}</style>"
