"""`python -m benchmarks.screenshots [--folder FOLDER] [--site FOLDER] [--dark] [--paper] [--only NAME]`.

What pages look like: twelve types of pages of the demonstration, and the gallery of components, at three widths, as
small pictures. The moment, at which the clock of the pages stands too, the fonts of the machine and the browser decide
what they show: on one machine the same site gives the same bytes. Starts processes.
"""

from __future__ import annotations

import argparse
import base64
import io
import json
import math
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

from benchmarks.demonstration import MOMENT, ROOT, demonstration
from benchmarks.search_browser import Browser, Page, browsing
from tests.gallery import written
from tests.pages.kinds import KINDS, Kind
from tests.served import Served

FOLDER = ROOT / "docs" / "screenshots"
WIDTHS = (360, 768, 1440)
TALLEST = 1600
"""CSS pixels of a page that are shown; what is below says the same again."""
COLOURS, APART, MOST = 48, 14, 4000
"""Colours of a picture, how far they are apart in RGB, and among how many of its own they are chosen."""
SHOWN = {
    "home": "home",
    "policies": "column",
    "policy": "policy",
    "policy-repealed": "policy repealed",
    "interpretation": "interpretation",
    "issue": "issue with a cover",
    "consultation": "consultation",
    "dataset": "data set with a chart",
    "datasets": "data catalogue",
    "organisation": "organisation",
    "search": "search with results",
    "verify": "verify",
    "components": "components",
}
"""Names of pictures, and which of the judged pages each shows."""
_READY = """new Promise((done) => {
  const until = Date.now() + 20000;
  const look = () => (%s && document.fonts.status === "loaded") || Date.now() > until ? requestAnimationFrame(done)
    : setTimeout(look, 20);
  document.querySelectorAll("img[loading=lazy]").forEach((one) => { one.loading = "eager"; });
  Promise.all([...document.images].map((one) => one.decode().catch(() => 0))).then(look);
})"""
_STILL = "document.documentElement.style.scrollBehavior = 'auto'; document.activeElement?.blur(); 0"


def shot(page: Page, kind: Kind, width: int) -> bytes:
    """One picture: the page from its top, as wide as the window, in few colours."""
    page.call("Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1, mobile=width < 600)
    page.ask(_STILL)
    page.ask(_READY % (f"document.querySelector({json.dumps(kind.ready)})" if kind.ready else "true"))
    height = min(TALLEST, page.ask("document.documentElement.scrollHeight"))
    clip = {"x": 0, "y": 0, "width": width, "height": height, "scale": 1}
    taken = page.call("Page.captureScreenshot", format="png", clip=clip, captureBeyondViewport=True)
    return quantised(base64.b64decode(taken["data"]))


def quantised(picture: bytes) -> bytes:
    """The picture in `COLOURS` of its own colours: the most frequent that differ, so that areas keep theirs."""
    from PIL import Image

    drawn = Image.open(io.BytesIO(picture)).convert("RGB")
    counted: Any = drawn.getcolors(drawn.width * drawn.height)
    chosen: list[tuple[int, int, int]] = []
    for _, colour in sorted(counted, reverse=True)[:MOST]:
        if all(math.dist(colour, other) > APART for other in chosen):
            chosen.append(colour)
    palette = Image.new("P", (1, 1))
    palette.putpalette([part for colour in chosen[:COLOURS] for part in colour])
    held = io.BytesIO()
    drawn.quantize(palette=palette, dither=Image.Dither.NONE).save(held, "PNG", optimize=True)
    return held.getvalue()


def papers(page: Page, target: Path) -> None:
    """The first leaves as the browser prints them: `target` with a number and .png."""
    pdf = target.with_suffix(".pdf")
    pdf.write_bytes(page.pdf())
    subprocess.run(["pdftoppm", "-png", "-r", "50", "-l", "3", str(pdf), str(target)], check=True)
    pdf.unlink()


def take(site: Path, folder: Path, only: str = "", scheme: str = "light", paper: bool = False) -> Iterator[Path]:
    """Writes the pictures of the site's pages, and gives each as it is written."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as scratch, browsing(Path(scratch)) as browser:
        gallery = written(ROOT / "theme", site / "_headers", Path(scratch) / "gallery")
        with Served(site) as first, Served(gallery) as second:
            hosts = {"built": first, "gallery": second}
            for name, shown in SHOWN.items():
                if only in {"", name}:
                    kind = KINDS[shown]
                    yield from _taken(browser, hosts[kind.site].address, folder / name, kind, (scheme, paper))


def _taken(browser: Browser, address: str, target: Path, kind: Kind, how: tuple[str, bool]) -> Iterator[Path]:
    page = Page(browser, "about:blank")
    scheme, paper = how
    page.stop_clock(f"{MOMENT.replace(' ', 'T')}:00+08:00")
    page.go(address + quote(kind.path, safe="/?="))
    page.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
    for width in WIDTHS:
        file = target.with_name(f"{target.name}-{width}.png")
        file.write_bytes(shot(page, kind, width))
        yield file
    if paper:
        papers(page, target.with_name(f"{target.name}-paper"))
    page.close()


def main(arguments: list[str] | None = None) -> int:
    """Writes the pictures; prints each with its bytes, and all of them."""
    options: Any = argparse.ArgumentParser()
    options.add_argument("--folder", type=Path, default=FOLDER, help="where the pictures go")
    options.add_argument("--site", type=Path, help="a built site, in place of one made for this")
    options.add_argument("--only", default="", choices=["", *SHOWN], help="one type of page")
    options.add_argument("--dark", action="store_true", help="as those see it who prefer dark")
    options.add_argument("--paper", action="store_true", help="the first printed leaves besides")
    chosen = options.parse_args(arguments)
    how = (chosen.only, "dark" if chosen.dark else "light", chosen.paper)
    with tempfile.TemporaryDirectory() as base:
        site = chosen.site.resolve() if chosen.site else demonstration(Path(base))
        sizes = {}
        for file in take(site, chosen.folder, *how):
            sizes[file] = file.stat().st_size
            print(f"{file.name} {sizes[file]:,}", flush=True)
    print(f"{len(sizes)} pictures, {sum(sizes.values()):,} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
