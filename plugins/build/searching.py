"""The jobs of the static index, in three steps: packs of documents, segments of packs, files of both (pure).

Each step names the digests that the one before made, like every other phase of a build.
"""

from __future__ import annotations

import itertools
import struct
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from plugins.formats import structure
from plugins.formats.numbering import is_title
from plugins.search.partition import Segment, segments
from plugins.views.indexed import Entry, index_jobs
from plugins.views.jobs import Job

if TYPE_CHECKING:
    from plugins.formats.views import Objects, View
    from plugins.search.packs import Head

_COUNTS = struct.Struct("<II")
_END = struct.Struct("<I")


class SearchIndex:
    """What is indexed, oldest first, and the jobs that make it.

    `home` is the site's address, `sizes` are the bytes of each document's canonical text, by id.
    """

    def __init__(self, home: str, found: Sequence[Entry], sizes: Mapping[str, int]) -> None:
        from plugins.search.packs import block_count

        self.home, self.entries = home, found
        self.sizes = [sizes[e.id] if e.id in sizes else len(e.text.encode()) for e in self.entries]
        self.blocks = [block_count(size) for size in self.sizes]
        months = [e.record["published"][:7] for e in self.entries]
        self.segments = segments(months, [size // 3 for size in self.sizes])

    def packs(self, texts: Mapping[str, str], weights: Mapping[str, int]) -> Iterator[tuple[str, Job]]:
        """The job of each entry's pack, by id; `texts` are digests of canonical texts, `weights` those of fields."""
        for entry, blocks in zip(self.entries, self.blocks, strict=True):
            source = {"made": texts[entry.id]} if entry.id in texts else {"text": entry.text}
            view = {"record": entry.record, "blocks": blocks, "weights": weights, **source}
            yield entry.id, Job("", "search-pack", view)

    def segment_jobs(self, packs: Mapping[str, str]) -> Iterator[tuple[str, Job]]:
        """The job of each segment, by name; `packs` are digests by id."""
        for number, one in enumerate(self.segments):
            mine = self.entries[one.first : one.first + one.documents]
            view = {"packs": [packs[e.id] for e in mine], "bits": one.bits}
            yield f"search/{number}", Job("", "search-segment", view)

    def block_jobs(self, number: int, pack: str) -> Iterator[tuple[str, Job]]:
        """The blocks of entry `number`, by their own numbers."""
        for block in range(self.blocks[number]):
            yield str(block), Job("", "search-block", {"made": pack, "block": block})

    def block_path(self, number: int, block: str) -> str:
        """Where a block of entry `number` is published: entries are numbered by their age."""
        return f"search/text/{number}-{block}.bin"

    def bucket_jobs(self, name: str, made: str, load: Callable[[str], bytes]) -> Iterator[tuple[str, Job]]:
        """The files of a segment, by path; `load` gives the bytes of what was made."""
        folder = f"search/grams/{name.removeprefix('search/')}"
        for number, file in enumerate(_files(load(made))):
            yield f"{folder}/{file}.bin", Job("", "search-bucket", {"made": made, "file": number})

    def file_jobs(
        self, packs: Mapping[str, str], made: Mapping[str, str], load: Callable[[str], bytes]
    ) -> Iterator[tuple[str, Job]]:
        """Every file of the index by its path, for those who plan nothing; as for the methods that it calls."""
        for number, entry in enumerate(self.entries):
            for block, job in self.block_jobs(number, packs[entry.id]):
                yield self.block_path(number, block), job
        for name, digest in made.items():
            yield from self.bucket_jobs(name, digest, load)
        yield from ((job.path, job) for job in self.other_jobs(packs, made))

    def other_jobs(self, packs: Mapping[str, str], made: Mapping[str, str]) -> Iterator[Job]:
        """Head, columns and records; `packs` and `made`, the segments, are digests by id and by name."""
        named = zip(made.items(), self.segments, strict=True)
        described = [_described(name.removeprefix("search/"), digest, one) for (name, digest), one in named]
        return index_jobs(self.home, self.entries, [packs[one.id] for one in self.entries], self.blocks, described)


def _described(name: str, digest: str, segment: Segment) -> dict[str, Any]:
    return {"name": name, "stamp": digest[:12], **segment._asdict()}


def search_renderers() -> dict[str, Callable[[View, Objects], bytes]]:
    """The renderers of the index by name."""
    return {
        "search-pack": render_pack,
        "search-segment": render_segment,
        "search-block": render_block,
        "search-bucket": render_bucket,
        "deflated": render_deflated,
    }


def render_pack(view: View, load: Objects) -> bytes:
    """`{"record", "blocks", "weights", "made" or "text"}` as a pack; a canonical text comes without its title line."""
    from plugins.search.packs import pack

    text = body(load.made(view["made"])) if "made" in view else view["text"]
    return pack(view["record"], text, heads(text), view["blocks"], view["weights"])


def body(made: bytes) -> str:
    """A canonical text without its title line."""
    return made.decode().split("\n\n", 1)[-1].rstrip("\n")


def heads(text: str) -> list[Head]:
    """The numbered pieces of a text; the first line of one is its title, where it is short and no sentence."""
    from plugins.search.packs import Head

    lines = text.split("\n")
    starts = list(itertools.accumulate((len(line) + 1 for line in lines), initial=0))
    return [
        Head(starts[at], starts[at] + len(lines[at]) * is_title(lines[at]), label, anchor)
        for at, anchor, label in structure.numbered(lines)
    ]


def render_segment(view: View, load: Objects) -> bytes:
    """`{"packs", "bits"}` as files, one after the other, behind how many there are and how many of them are buckets,
    the ends of all, and of each bucket into how many files (2 ** k) its longer grams are cut."""
    from plugins.search.apart import described
    from plugins.search.packs import joined
    from plugins.search.segment import buckets

    shares, whole, apart = buckets(*joined([load.made(digest) for digest in view["packs"]]), view["bits"])
    files = [described(shares), *whole, *apart]
    ends = struct.pack(f"<{len(files)}I", *itertools.accumulate(map(len, files)))
    return b"".join((_COUNTS.pack(len(files), len(shares)), ends, bytes(shares), *files))


def _files(segment: bytes) -> Iterator[str]:
    """The names of a segment's files, in their order."""
    files, count = _COUNTS.unpack_from(segment)
    start = _COUNTS.size + files * _END.size
    yield "apart"
    yield from (f"{bucket:x}" for bucket in range(count))
    for bucket, share in enumerate(segment[start : start + count]):
        yield from (f"{bucket:x}-{part:x}" for part in range(1 << share if share else 0))


def render_bucket(view: View, load: Objects) -> bytes:
    """`{"made", "file"}` cut out of a segment."""
    data, file = load.made(view["made"]), view["file"]
    files, count = _COUNTS.unpack_from(data)
    start = _COUNTS.size + files * _END.size + count
    first = _END.unpack_from(data, _COUNTS.size + _END.size * (file - 1))[0] if file else 0
    return data[start + first : start + _END.unpack_from(data, _COUNTS.size + _END.size * file)[0]]


def render_block(view: View, load: Objects) -> bytes:
    """`{"made", "block"}` cut out of a pack."""
    from plugins.search.packs import block

    return block(load.made(view["made"]), view["block"])


def render_deflated(view: View, load: Objects) -> bytes:  # noqa: ARG001 - every renderer has one shape
    """`{"data"}` as JSON, deflated."""
    from plugins.search.packs import deflated

    return deflated(view["data"])
