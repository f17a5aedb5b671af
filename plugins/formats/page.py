"""HTML pages through the theme's templates: autoescape on, undefined names are errors (pure)."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from jinja2.utils import htmlsafe_json_dumps
from markupsafe import Markup

from plugins.formats.graph import layout
from plugins.formats.script import served
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


_IMPORT = re.compile(r'^import [^;"]*"\./([\w.-]+)"', re.MULTILINE)
"""A module's static imports; what is asked for later by `import()` has no place where its hash could stand."""


def _served(theme: Path, url: str) -> tuple[str, tuple[str, ...]]:
    """Of what the build serves at an address below `static/`, its integrity and the names of what it imports.

    Raises FileNotFoundError where the theme has no such.
    """
    file = theme / "static" / url.rpartition("/static/")[2]
    info = file.stat()
    return _read(file, info.st_mtime_ns, info.st_size)


@lru_cache(maxsize=256)
def _read(file: Path, mtime: int, size: int) -> tuple[str, tuple[str, ...]]:  # noqa: ARG001 - a changed file is another
    data = served(file.read_bytes()) if file.suffix == ".js" else file.read_bytes()
    return "sha256-" + base64.b64encode(hashlib.sha256(data).digest()).decode(), tuple(_IMPORT.findall(data.decode()))


def integrity(theme: Path, url: str) -> str:
    """What a browser holds the stylesheet or script at `url` against before it uses it (W3C Subresource Integrity)."""
    return _served(theme, url)[0]


def imported(theme: Path, url: str) -> tuple[str, ...]:
    """The addresses of all modules that the one at `url` imports, and those of theirs, sorted."""
    found, waiting = set[str](), [url]
    while waiting:
        here = waiting.pop()
        folder = here.rpartition("/")[0]
        needs = {f"{folder}/{name}" for name in _served(theme, here)[1]}
        waiting += needs - found
        found |= needs
    return tuple(sorted(found))


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
    shared = view["shared"]
    sums = hashes(theme, shared["css"], shared["choices"], view["page"].get("script", ""))
    drawn = layout(view["page"]["heading"], view["page"].get("relations", ()))
    page = {**shared, **view["page"], "outline": outline, "structured": block, "graph": drawn, **sums}
    body = Markup(fragment["html"])  # noqa: S704 - sanitised by formats.markdown
    data: Any = json.loads(load.made(view["data"])) if view.get("data") else None
    return environment(theme).get_template(f"{view['template']}.html").render(page=page, body=body, data=data).encode()


def hashes(theme: Path, css: str, choices: str, script: str = "") -> dict[str, Any]:
    """`css_integrity`, `choices`, and `module` where the page has a script: what the browser holds against what it got.

    A module is `{"url", "integrity", "needs": [{"url", "integrity"}]}`; `needs` are all that it imports.
    """
    found: dict[str, Any] = {
        "css_integrity": integrity(theme, css),
        "choices": {"url": choices, "integrity": integrity(theme, choices)},
    }
    if script:
        needs = [{"url": url, "integrity": integrity(theme, url)} for url in imported(theme, script)]
        found["module"] = {"url": script, "integrity": integrity(theme, script), "needs": needs}
    return found


def _data_block(value: Any) -> Markup | str:
    """JSON for a `<script>` that no browser runs: nothing in it can end the element; "" for no value."""
    return htmlsafe_json_dumps(value, ensure_ascii=False, allow_nan=False) if value else ""
