"""Judges that others wrote, and the readers for whom a page is judged."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

import vendor
from benchmarks.search_browser import Page

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
"""WCAG 2.2 AA, and what axe's authors recommend beyond it."""
RUN = f"""axe.run(document, {{
    runOnly: {{type: "tag", values: {json.dumps(TAGS)}}}, resultTypes: ["violations"],
    rules: {{"color-contrast-enhanced": {{enabled: document.getElementById("colours-high").checked}}}},
  }})
  .then((said) => said.violations.flatMap((v) => v.nodes.map((n) => [v.id, n.target.join(" "), n.failureSummary])))"""
UNFOLD = "document.querySelectorAll('details').forEach((one) => { one.open = true; })"
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
"""Pixels by which a page must be moved sideways."""


def shown(
    page: Page, scheme: str = "light", width: int = 1280, letters: int = 16, chosen: str = "usual system"
) -> None:
    """The reader's colour scheme, the window's width and the reader's size of letters, both in CSS pixels.

    `chosen` are the letters and the colours that the reader chooses on the page itself.
    """
    size, colours = chosen.split()
    page.ask(f"for (const id of ['letters-{size}', 'colours-{colours}']) document.getElementById(id).click()")
    page.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
    page.call("Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1, mobile=False)
    page.call("Page.setFontSizes", fontSizes={"standard": letters, "fixed": letters * 13 // 16})


MODES: dict[str, dict[str, Any]] = {
    "light": {},
    "dark": {"scheme": "dark"},
    "large": {"letters": 32},
    "narrow": {"width": 320},
    "huge and dark by choice, on a phone": {"width": 360, "chosen": "huge dark"},
    "high contrast by choice": {"chosen": "large high"},
}
"""320 pixels are what a window of 1,280 has left at 400 % (WCAG 2.2, 1.4.10); large letters are 200 % (1.4.4).

High contrast is 7 : 1 for texts (1.4.6)."""


def judge(part: str, file: str) -> Path:
    """A judge that the set-up brings; skips visibly where it is absent."""
    if vendor.missing(part):
        assert os.environ.get("CI") != "true", f"{part} is required here"
        pytest.skip(f"{part} is absent: run python3 tasks.py test")
    return vendor.JUDGES / part / file
