"""A Vega-Lite specification as SVG. Imports vl_convert, which starts threads, inside a function; starts a process."""

from __future__ import annotations

from typing import Any

from plugins.formats import beside

_VERSION = "5.21"


def svg(specification: dict[str, Any]) -> str:
    """The drawing. Raises ValueError for a specification that is none, ChildProcessError as `beside.done` does."""
    return beside.done(_svg, {"$schema": f"https://vega.github.io/schema/vega-lite/v{_VERSION}.json", **specification})


def _svg(whole: dict[str, Any]) -> str:
    import vl_convert

    return str(vl_convert.vegalite_to_svg(whole, vl_version=_VERSION))
