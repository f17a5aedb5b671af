"""HTML pages through the theme's templates: autoescape on, undefined names are errors (pure)."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from jinja2.utils import htmlsafe_json_dumps
from markupsafe import Markup

from plugins.formats.views import Loader, View


class _Environment(Environment):
    """Looks for a name among a mapping's keys first: views hold nothing but values, and a miss is an exception."""

    def getattr(self, obj: Any, attribute: str) -> Any:
        return obj[attribute] if type(obj) is dict and attribute in obj else super().getattr(obj, attribute)


@cache
def environment(theme: Path) -> Environment:
    """The one environment of templates in `theme/templates`."""
    return _Environment(
        loader=FileSystemLoader(theme / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        keep_trailing_newline=True,
    )


def render(view: View, load: Loader, theme: Path) -> bytes:
    """`{"template", "page", "fragment"?, "data"?}` as HTML.

    The body comes from the fragment that was made before; `data` names JSON that was made before, for the template.
    `page["structured"]` is JSON that stands in the page for machines.
    """
    fragment: dict[str, Any] = (
        json.loads(load.made(view["fragment"])) if view.get("fragment") else {"html": "", "outline": []}
    )
    outline = [{"title": text, "url": f"#{anchor}", "level": level} for level, anchor, text in fragment["outline"]]
    block = _data_block(view["page"].get("structured"))
    page = {**view["shared"], **view["page"], "outline": outline, "structured": block}
    body = Markup(fragment["html"])  # noqa: S704 - sanitised by formats.markdown
    data: Any = json.loads(load.made(view["data"])) if view.get("data") else None
    return environment(theme).get_template(f"{view['template']}.html").render(page=page, body=body, data=data).encode()


def _data_block(value: Any) -> Markup | str:
    """JSON for a `<script>` that no browser runs: nothing in it can end the element; "" for no value."""
    return htmlsafe_json_dumps(value, ensure_ascii=False, allow_nan=False) if value else ""
