"""What is found, and what the index says of it as a whole: head, columns and records (pure)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from plugins.views.jobs import Job, canonical

FACETS = ("kind", "issuer", "topic", "year", "validity")
FORMAT = 6
"""A change of what the files of the index mean is a new number: a page that was opened before refuses them."""
PAGE = 64
"""Entries of one file of `records/`."""
_NEVER = "1970-01-01"
_FIRST = "#"
"""The character for 0 in a column (search.js)."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What can be found: `record` is what a result shows, `facets` a value or "" by facet.

    `text` is that of a data set; a document's is its canonical text.
    """

    id: str
    record: Mapping[str, str]
    facets: Mapping[str, str]
    text: str = ""


def index_jobs(
    home: str,
    found: Sequence[Entry],
    packs: Sequence[str],
    blocks: Sequence[int],
    segments: Sequence[Mapping[str, Any]],
) -> Iterator[Job]:
    """The head of the index, its columns and records; `packs` are digests, `blocks` count those of each entry's text.

    A stamp stands for all that its files say, so that a page never reads those of two publications together; the
    records are in the packs.
    """
    columns = {
        "facets": {name: _column([one.facets[name] for one in found]) for name in FACETS},
        "days": _days([one.record["published"][:10] or _NEVER for one in found]),
        "blocks": _characters(blocks),
    }
    stamp = _stamp([columns, packs, segments])
    head = {"format": FORMAT, "stamp": stamp, "home": home, "documents": len(found), "page": PAGE}
    yield Job("search/index.json", "json", {"data": head | {"segments": segments}})
    yield Job("search/columns.bin", "deflated", {"data": columns})
    for start in range(0, len(found), PAGE):
        records = [one.record for one in found[start : start + PAGE]]
        yield Job(f"search/records/{start // PAGE}.bin", "deflated", {"data": records})


def _stamp(value: object) -> str:
    """A few letters that are others where the value is another."""
    return hashlib.sha256(canonical(value)).hexdigest()[:12]


def _column(values: Sequence[str]) -> dict[str, Any]:
    """Values as places in the sorted list of all."""
    known = sorted(set(values))
    place = {value: n for n, value in enumerate(known)}
    return {"values": known, "of": _characters([place[value] for value in values])}


def _characters(numbers: Sequence[int]) -> str:
    """A character for each number: deflated, a column takes less than with digits and commas."""
    return "".join(chr(ord(_FIRST) + number) for number in numbers)


def _days(dates: Sequence[str]) -> list[int]:
    """Days since 1970 of sorted dates, each but the first as the difference to the one before it."""
    days = [date.fromisoformat(day).toordinal() - date.fromisoformat(_NEVER).toordinal() for day in dates]
    return [day - before for day, before in zip(days, [0, *days], strict=False)]
