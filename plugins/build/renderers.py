"""The whole table of renderers: formats, and what only the search has (pure)."""

from __future__ import annotations

from pathlib import Path

from plugins.build.searching import search_renderers
from plugins.formats import renderers as formats
from plugins.formats.views import Renderer
from plugins.search import hints


def renderers(theme: Path, fonts: Path) -> dict[str, Renderer]:
    """Every renderer by name; pages are drawn with `theme`, gazettes are set in the default fonts of `fonts`.

    Formats and search stand side by side: neither knows the other.
    """
    return {**formats.renderers(theme, fonts), **hints.RENDERERS, **search_renderers()}
