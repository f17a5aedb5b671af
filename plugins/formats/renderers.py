"""The table of renderers: a job names its row (pure)."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from plugins.formats import chart, compare, data, fragment, page, source, text, turtle, typeset, versions, xml
from plugins.formats.tables import columns, database, delimited, lines, parquet, sheet
from plugins.formats.views import Renderer


def renderers(theme: Path, fonts: Path) -> dict[str, Renderer]:
    """Every renderer by name; pages are drawn with `theme`, gazettes are set in the default fonts of `fonts`."""
    return {
        "page": partial(page.render, theme=theme),
        "text": text.render,
        "fragment": fragment.render,
        "compare": compare.render,
        "markdown": source.render,
        "json": data.render_json,
        "plain": data.render_plain,
        "file": data.render_file,
        "attachment": data.render_attachment,
        "turtle": turtle.render_turtle,
        "atom": xml.render_atom,
        "sitemap": xml.render_sitemap,
        "chart": chart.render,
        "chart-data": chart.render_data,
        "opensearch": xml.render_opensearch,
        **versions.RENDERERS,
        **typeset.renderers(theme, fonts),
        "table": columns.render,
        "table-csv": delimited.render,
        "table-excel-csv": delimited.render_marked,
        "table-ndjson": lines.render,
        "table-json": lines.render_page,
        "table-parquet": parquet.render,
        "table-xlsx": sheet.render,
        "table-sqlite": database.render,
    }
