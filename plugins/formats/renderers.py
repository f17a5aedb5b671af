"""The table of renderers: a job names its row (pure).

A row is loaded when it is first used: most builds make a few files, and all formats together take longer to load than
those files to make.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

from plugins.formats.views import Loader, Rendered, Renderer, View

ROWS: Mapping[str, str] = {
    "page": "page.render",
    "text": "text.render",
    "fragment": "fragment.render",
    "compare": "compare.render",
    "markdown": "source.render",
    "json": "data.render_json",
    "plain": "data.render_plain",
    "file": "data.render_file",
    "script": "script.render",
    "qr": "qr.render",
    "attachment": "data.render_attachment",
    "turtle": "turtle.render_turtle",
    "atom": "xml.render_atom",
    "sitemap": "xml.render_sitemap",
    "chart": "chart.render",
    "chart-data": "chart.render_data",
    "map": "map.render",
    "opensearch": "xml.render_opensearch",
    "calendar": "calendar.render",
    "gazette-text": "edition_text.render",
    "gazette-epub": "epub.render",
    "gazette-media": "media.render",
    "gazette-pdf": "typeset.issue",
    "document-pdf": "typeset.document",
    "gazette-card": "typeset.card",
    "gazette-cover": "typeset.cover",
    "version-csv": "versions.render_csv",
    "row-changes": "versions.render_changes",
    "table": "tables.columns.render",
    "table-csv": "tables.delimited.render",
    "table-excel-csv": "tables.delimited.render_marked",
    "table-ndjson": "tables.lines.render",
    "table-json": "tables.lines.render_page",
    "table-parquet": "tables.parquet.render",
    "table-xlsx": "tables.sheet.render",
    "table-sqlite": "tables.database.render",
}
"""Name -> module and function below `plugins.formats`."""
_DRAWN = ("page", "gazette-epub", "gazette-media")
_TYPESET = ("gazette-pdf", "document-pdf", "gazette-card", "gazette-cover")


def renderers(theme: Path, fonts: Path) -> dict[str, Renderer]:
    """Every renderer by name; pages are drawn with `theme`, gazettes are set in the default fonts of `fonts`."""
    given: dict[str, dict[str, Path]] = {key: {"theme": theme} for key in _DRAWN}
    given |= {key: {"theme": theme, "fonts": fonts} for key in _TYPESET}
    return {name: partial(_render, place, given.get(name, {})) for name, place in ROWS.items()}


def _render(place: str, given: Mapping[str, Any], view: View, load: Loader) -> Rendered:
    module, _, name = place.rpartition(".")
    made: Rendered = getattr(import_module(f"plugins.formats.{module}"), name)(view, load, **given)
    return made
