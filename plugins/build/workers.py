"""What a worker does: render jobs in batches, and find the bytes that views name. Touches the disk."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import IO

from plugins.build.fonts import font_path
from plugins.build.pieces import adopt, write_pieces
from plugins.build.renderers import renderers
from plugins.build.scratch import hash_file, new_scratch
from plugins.build.settings import FONTS, Settings
from plugins.build.store import Made, Objects, intact, open_object, write_object
from plugins.formats.views import ChangedError, Rendered, View
from plugins.models.faults import Fault, fault
from plugins.readers.datafile import open_chunks
from plugins.readers.document import read_body
from plugins.readers.tree import MAX_BYTES, read_bytes
from plugins.release.stage import Torn
from plugins.views.jobs import Job

_BATCH = 40
_FILE_LIMIT = 256 * MAX_BYTES


@dataclass(frozen=True, slots=True)
class Folders:
    """Where a worker finds what views name."""

    content: Path
    datasets: Path | None
    theme: Path
    objects: str
    fonts: Path = FONTS

    @classmethod
    def of(cls, settings: Settings, objects: str) -> Folders:
        """Those of a build whose store has its objects in `objects`."""
        return cls(settings.content, settings.datasets, settings.theme, objects, settings.fonts)


@dataclass(frozen=True, slots=True)
class Batch:
    """Jobs for one worker, each with its fingerprint."""

    folders: Folders
    jobs: Sequence[tuple[str, Job]]


class DiskLoader(Objects):
    """Resolves what views name, and refuses bytes that are not the ones named."""

    def __init__(self, folders: Folders) -> None:
        super().__init__(folders.objects)
        self.folders = folders
        self.last: tuple[str, str] = ("", "")
        self.checked: dict[str, tuple[int, int, int]] = {}

    def body(self, reference: View) -> str:
        """The Markdown; the last one is kept, because the jobs of one document follow each other."""
        if self.last[0] != reference["sha256"]:
            path = self.folders.content / f"{reference['id']}.md"
            try:
                text = read_body(read_bytes(path, MAX_BYTES))
            except (OSError, ValueError) as error:
                raise ChangedError(f"content/{reference['id']}.md") from error
            if hashlib.sha256(text.encode()).hexdigest() != reference["sha256"]:
                raise ChangedError(f"content/{reference['id']}.md")
            self.last = (reference["sha256"], text)
        return self.last[1]

    def file(self, reference: View) -> bytes:
        """A file of content, datasets or theme."""
        place, rest = reference["file"].split("/", 1)
        try:
            data = read_bytes(self._root(place) / rest, _FILE_LIMIT)
        except OSError as error:
            raise ChangedError(reference["file"]) from error
        if hashlib.sha256(data).hexdigest() != reference["sha256"]:
            raise ChangedError(reference["file"])
        return data

    def _root(self, place: str) -> Path:
        roots = {"content": self.folders.content, "datasets": self.folders.datasets, "theme": self.folders.theme}
        return Path(roots[place] or "")

    def pieces(self, reference: View) -> Iterator[bytes]:
        """The same in pieces; ChangedError comes after the last one."""
        place, rest = reference["file"].split("/", 1)
        digest = hashlib.sha256()
        try:
            for piece in open_chunks(self._root(place) / rest):
                digest.update(piece)
                yield piece
        except OSError as error:
            raise ChangedError(reference["file"]) from error
        if digest.hexdigest() != reference["sha256"]:
            raise ChangedError(reference["file"])

    def path(self, digest: str) -> Path:
        """Where an object lies; its bytes are held against the digest once, and again where the file is another."""
        path = Path(self.folders.objects, digest)
        with intact(digest):
            info = path.stat()
            state = (info.st_ino, info.st_size, info.st_mtime_ns)
            if self.checked.get(digest) != state:
                if hash_file(path) != digest:
                    raise Torn(digest)
                self.checked[digest] = state
        return path

    def font(self, reference: View) -> Path:
        """A font file of the site's own; its bytes are held against the hash once, and again where it changed."""
        path = font_path(self.folders.content.parent, reference["file"])
        try:
            info = path.stat()
            state = (info.st_ino, info.st_size, info.st_mtime_ns)
            if self.checked.get(reference["sha256"]) != state:
                if hash_file(path) != reference["sha256"]:
                    raise ChangedError(reference["file"])
                self.checked[reference["sha256"]] = state
        except OSError as error:
            raise ChangedError(reference["file"]) from error
        return path

    def scratch(self) -> Path:
        """A new file beside the objects."""
        return new_scratch(self.folders.objects)

    def opened(self, digest: str) -> IO[bytes]:
        """An object of the store as a stream."""
        return open_object(self.folders.objects, digest)


@cache
def _loader(folders: Folders) -> DiskLoader:
    return DiskLoader(folders)


def render_batch(batch: Batch) -> tuple[list[tuple[str, Made]], list[Fault]]:
    """Makes every job of the batch and stores it. A source that changed meanwhile is a fault.

    Raises Torn where an object that a job is made of is not whole (Maker.sound). Whatever else a renderer raises names
    the file that it was making: that is a bug, and exit 3.
    """
    table, load = renderers(batch.folders.theme, batch.folders.fonts), _loader(batch.folders)
    made: list[tuple[str, Made]] = []
    faults: list[Fault] = []
    for fingerprint, job in batch.jobs:
        try:
            data = _stored(batch.folders.objects, table[job.renderer](job.whole_view(), load))
        except ChangedError as error:
            faults.append(fault("F109", str(error), reason="生成过程中文件被改动"))
        except Torn:
            raise
        except Exception as error:  # the one broad except: every bug names the file it happened in
            raise RuntimeError(f"{job.renderer}: {job.path or job.view}") from error
        else:
            made.append((fingerprint, data))
    return made, faults


def whole(data: Rendered) -> bytes:
    """What a renderer made, in memory: for what is known to be small."""
    if isinstance(data, Path):
        return data.read_bytes()
    return data if isinstance(data, bytes) else b"".join(data)


def _stored(objects: str, data: Rendered) -> Made:
    if isinstance(data, bytes):
        return write_object(objects, data)
    return adopt(objects, data) if isinstance(data, Path) else write_pieces(objects, data)


def batches(jobs: Iterable[tuple[str, Job]], folders: Folders) -> Iterator[Batch]:
    """Jobs (with their fingerprints) in batches of forty, as they come; fewer where they are heavy."""
    batch: list[tuple[str, Job]] = []
    weight = 0
    for one in jobs:
        batch.append(one)
        weight += one[1].weight
        if weight >= _BATCH:
            yield Batch(folders, batch)
            batch, weight = [], 0
    if batch:
        yield Batch(folders, batch)
