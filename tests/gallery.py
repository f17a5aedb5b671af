"""The gallery of components as a site of its own: its page, and what that loads."""

from __future__ import annotations

import shutil
from pathlib import Path

from benchmarks.statics import serve
from plugins.build.gallery import gallery_job
from plugins.formats.page import render
from plugins.models.directory import SiteIdentity
from plugins.views.frame import Frame

IDENTITY = {
    "name": "示例县政府公报与数据开放网",
    "government": "示例县人民政府",
    "address": "http://127.0.0.1:8000",
    "site_code": "3299990001",
    "area_code": "329999",
}


class NoBody:
    """The gallery's page has no body that was made before."""


def written(theme: Path, headers: Path, folder: Path) -> Path:
    """Writes it into `folder`, under the headers of a built site."""
    job = gallery_job(Frame(SiteIdentity.model_validate(IDENTITY), {}, {}), theme)
    page = folder / job.path
    page.parent.mkdir(parents=True)
    page.write_bytes(render(job.whole_view(), NoBody(), theme))  # type: ignore[arg-type]
    shutil.copytree(theme / "static", folder / "static", copy_function=serve)
    shutil.copyfile(headers, folder / "_headers")
    return folder
