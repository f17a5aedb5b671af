"""The Site becomes jobs, in two phases: per document, then everything that names what those made (pure)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from plugins.models.record import Record
from plugins.rules.links import referenced_assets
from plugins.views.datasets import dataset_jobs
from plugins.views.documents import asset_jobs, document_jobs, first_jobs
from plugins.views.frame import Frame
from plugins.views.issues import issue_parts
from plugins.views.jobs import Job
from plugins.views.lists import kind_jobs
from plugins.views.organisations import organisation_jobs, topic_jobs
from plugins.views.site_pages import home_jobs, map_jobs, search_jobs

Made = Mapping[str, Mapping[str, str]]
"""id -> {"text": sha256, "fragment": sha256}: what phase one made of each document."""


def first_phase(frame: Frame) -> Iterator[tuple[str, str, Job]]:
    """(id, what, job) of all that depends on one document alone."""
    for record in frame.site.documents.values():
        for what, job in first_jobs(frame, record):
            yield record.id, what, job


def second_phase(frame: Frame, made: Made, theme: Sequence[tuple[str, str]]) -> list[Job]:
    """Every other file of the site, each path once; `theme` are the (path below static/, sha256) of static files.

    Where a list and a document would share an address, the document stands.
    """
    jobs: dict[str, Job] = {}
    for job in _second(frame, made, theme):
        jobs.setdefault(job.path, job)
    pages = [(path.removesuffix("index.html"), _day(frame, path)) for path in jobs if path.endswith("index.html")]
    for job in map_jobs(frame, pages):
        jobs.setdefault(job.path, job)
    return list(jobs.values())


def _second(frame: Frame, made: Made, theme: Sequence[tuple[str, str]]) -> Iterator[Job]:
    digests = {identifier: what["text"] for identifier, what in made.items()}
    for record in frame.site.documents.values():
        own = issue_parts(frame, record, digests) if record.kind == "gazette" else {}
        yield from document_jobs(frame, record, made[record.id], **own)
        yield from asset_jobs(frame, referenced_assets(record))
    yield from home_jobs(frame)
    yield from kind_jobs(frame)
    yield from topic_jobs(frame)
    yield from organisation_jobs(frame)
    yield from dataset_jobs(frame)
    yield from search_jobs(frame, digests)
    for path, digest in theme:
        place = f"search/{path}" if path == "search.js" else f"static/{path}"
        yield Job(place, "file", {"file": f"theme/static/{path}", "sha256": digest})


def _day(frame: Frame, path: str) -> str:
    record: Record | None = frame.site.documents.get(path.removesuffix("/index.html"))
    return record.published[:10] if record else ""
