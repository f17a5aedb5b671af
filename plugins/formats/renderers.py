"""The table of renderers: a job names its row (pure)."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from plugins.formats import chart, compare, data, fragment, page, qr, source, text, turtle, versions, xml
from plugins.formats.tables import columns, database, delimited, lines, parquet, sheet
from plugins.formats.views import Renderer


def renderers(theme: Path) -> dict[str, Renderer]:
    """Every renderer by name; pages are drawn with `theme`."""
    return {
        "page": partial(page.render, theme=theme),
        "text": text.render,
        "fragment": fragment.render,
        "compare": compare.render,
        "markdown": source.render,
        "json": data.render_json,
        "plain": data.render_plain,
        "file": data.render_file,
        "qr": qr.render,
        "attachment": data.render_attachment,
        "turtle": turtle.render_turtle,
        "atom": xml.render_atom,
        "sitemap": xml.render_sitemap,
        "chart": chart.render,
        "chart-data": chart.render_data,
        "opensearch": xml.render_opensearch,
        **versions.RENDERERS,
        "table": columns.render,
        "table-csv": delimited.render,
        "table-excel-csv": delimited.render_marked,
        "table-ndjson": lines.render,
        "table-json": lines.render_page,
        "table-parquet": parquet.render,
        "table-xlsx": sheet.render,
        "table-sqlite": database.render,
    }
