"""The Site becomes jobs, in two phases: per document, then everything that names what those made (pure)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from plugins.models.record import Record
from plugins.views.catalogues.assembly import catalogue_jobs
from plugins.views.datasets import dataset_jobs, drawing_jobs
from plugins.views.distributions import Files, distributions
from plugins.views.editions import edition_jobs, first_edition_jobs
from plugins.views.frame import SiteFrame
from plugins.views.hints import word_jobs
from plugins.views.interaction import interaction_jobs
from plugins.views.issues import issue_parts
from plugins.views.items import item_jobs
from plugins.views.jobs import Job
from plugins.views.lists import kind_jobs
from plugins.views.log import citation_jobs, log_jobs, rules_jobs, tombstone_jobs
from plugins.views.media import media_jobs
from plugins.views.organisations import organisation_jobs, topic_jobs
from plugins.views.places import place_jobs
from plugins.views.request import request_jobs
from plugins.views.searching import search_jobs
from plugins.views.site_pages import home_jobs, map_jobs
from plugins.views.verifying import verify_jobs

_ENGINE = {f"static/{name}": f"search/{name}" for name in ("search.js", "inflate.js")}
"""Scripts that lie beside the index, which they read."""


SQL = "vendor/duckdb/"
"""Below the theme: what answers SQL in the browser, where set-up was asked to bring it."""


def own_parts(frame: SiteFrame, record: Record, texts: Mapping[str, str], between: Mapping[str, str]) -> dict[str, Any]:
    """What the page shows besides the surroundings: the ledger's events under "history", parts of an issue.

    `texts` are the canonical hashes by id, `between` the digests of what `between_jobs` made.
    """
    parts: dict[str, Any] = issue_parts(frame, record, texts, between) if record.kind == "gazette" else {}
    if events := frame.site.history.get(record.id):
        parts["history"] = [dict(event) for event in events]
    return parts


def between_jobs(frame: SiteFrame, texts: Mapping[str, str]) -> Iterator[tuple[str, Job]]:
    """Named jobs whose digests others name: what charts show, the text of gazette issues."""
    yield from drawing_jobs(frame)
    yield from first_edition_jobs(frame, texts)


def site_jobs(
    frame: SiteFrame,
    texts: Mapping[str, str],
    between: Mapping[str, str],
    theme: Sequence[tuple[str, str]],
    files: Files,
) -> Iterator[Job]:
    """Every file that is not of one document.

    `texts` are the canonical hashes by id, `between` the digests of what `between_jobs` made, `theme` the (path below
    the theme, sha256) of what it serves, `files` the tables in all forms, which are made already.
    """
    yield from home_jobs(frame)
    yield from kind_jobs(frame)
    yield from edition_jobs(frame, texts, between)
    yield from topic_jobs(frame)
    yield from organisation_jobs(frame)
    yield from media_jobs(frame)
    yield from place_jobs(frame)
    yield from dataset_jobs(frame, between, files, sql=any(path.startswith(SQL) for path, _ in theme))
    yield from catalogue_jobs(frame, distributions(frame.site, files))
    yield from item_jobs(frame)
    yield from request_jobs(frame)
    yield from interaction_jobs(frame)
    yield from search_jobs(frame)
    yield from word_jobs(frame)
    yield from log_jobs(frame)
    yield from tombstone_jobs(frame)
    yield from rules_jobs(frame)
    yield from citation_jobs(frame)
    yield from verify_jobs(frame, texts, files)
    for path, digest in theme:
        own = path.startswith("static/") and path.endswith(".js")
        view = {"file": f"theme/{path}", "sha256": digest}
        yield Job(_ENGINE.get(path) or _served(path), "script" if own else "file", view)


def _served(path: str) -> str:
    """Where a file of the theme is served: what set-up brought lies below the theme's own."""
    return path if path.startswith("static/") else f"static/{path}"


def closing_jobs(frame: SiteFrame, paths: Sequence[str]) -> Iterator[Job]:
    """What names every page of the site; `paths` are those of all its files so far."""
    pages = [(path.removesuffix("index.html"), _day(frame, path)) for path in paths if path.endswith("index.html")]
    yield from map_jobs(frame, pages, [path for path in paths if path.endswith(".worker.js")])


def _day(frame: SiteFrame, path: str) -> str:
    record: Record | None = frame.site.documents.get(path.removesuffix("/index.html"))
    return record.published[:10] if record else ""
