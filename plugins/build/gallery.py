"""The gallery of components: what each takes, and its examples drawn. The preview shows it. Touches the disk."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

from plugins.views.frame import Frame
from plugins.views.jobs import Job

PLACE = "components/"
_MACRO = re.compile(r"\{# ((\w+)\([^)]*\)): ((?:(?!#\}).)*?)\s*#\}\n\{% macro \2\(", re.DOTALL)
"""A macro with the comment above it: its call, its name, what is said of it."""
_TITLE = "示例"
_ABOUT = "网页由这些组件拼成。每个组件的示例同时是它的测试；公开的网站没有这一页。"


def components(theme: Path) -> list[dict[str, Any]]:
    """Every macro of `components.html` in its order: `{name, call, about, examples: [{title, arguments}]}`.

    Raises KeyError for a macro of which `components.yml` says nothing.
    """
    folder = theme / "templates"
    written = yaml.safe_load((folder / "components.yml").read_text(encoding="utf-8"))
    found = _MACRO.findall((folder / "components.html").read_text(encoding="utf-8"))
    return [
        {"name": name, "call": call, "about": " ".join(about.split()), **_examples(written[name])}
        for call, name, about in found
    ]


def _examples(written: Any) -> dict[str, Any]:
    """The examples, or the sentence that says why there are none."""
    if isinstance(written, str):
        return {"about": written, "examples": []}
    parts = [(one[_TITLE], {key: value for key, value in one.items() if key != _TITLE}) for one in written]
    return {"examples": [{"title": title, "arguments": arguments} for title, arguments in parts]}


def gallery_job(frame: Frame, theme: Path) -> Job:
    """The page of all components."""
    return frame.page(
        PLACE, "gallery", "组件", section=PLACE, json=False, description=_ABOUT, components=components(theme)
    )
