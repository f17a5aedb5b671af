"""Makes what the store lacks, and knows what every path came to be. Touches the disk."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from functools import partial
from typing import Any, TypeVar

from plugins.build.forming import table_forms
from plugins.build.hinting import hint_jobs
from plugins.build.plans import Plans
from plugins.build.pool import Pool
from plugins.build.searched import searched
from plugins.build.served import static_files
from plugins.build.settings import Settings, toolchain, whole
from plugins.build.store import Made, Store, read_object
from plugins.build.workers import Folders, batches, render_batch
from plugins.models.faults import Fault
from plugins.release.stage import Torn
from plugins.views.around import Around, around
from plugins.views.assembly import between_jobs, closing_jobs, own_parts, site_jobs
from plugins.views.data_versions import made_jobs, original_jobs, with_made
from plugins.views.documents import document_jobs, first_jobs, of_texts
from plugins.views.frame import SiteFrame, registers
from plugins.views.hints import hint_words
from plugins.views.jobs import Job, canonical
from plugins.views.site import Site

Result = TypeVar("Result")
Prints = Mapping[str, str]
"""Fingerprints by name."""
Missing = Generator[tuple[str, Job], None, Prints]
"""Yields what must be made, returns all fingerprints."""
Jobs = Callable[[], Iterable[tuple[str, Job]]]
"""Plans jobs by name."""


class Maker:
    """One build's making, phase by phase. `used` are the fingerprints of its site, `written` counts what was made."""

    def __init__(self, settings: Settings, store: Store, pool: Pool) -> None:
        self.settings, self.store, self.pool = settings, store, pool
        self.folders = Folders.of(settings, store.objects)
        self.known = {} if settings.clean else store.made()
        self.toolchain = toolchain(settings.theme)
        self.used: set[str] = set()
        self.faults: list[Fault] = []
        self.written = 0
        self.plans: Plans | None = None
        self.surroundings: list[tuple[Around, str]] = []
        self.first: dict[str, dict[str, str]] = {}
        self.prints: dict[str, str] = {}

    def texts(self, site: Site) -> dict[str, str]:
        """Phase one: id -> sha256 of the canonical text, of every document and version; check `faults` before use."""
        frame = SiteFrame(site)
        self.plans = Plans(self.store, self._scope(site), fresh=not self.known)
        self.surroundings = [(one := around(frame, record), one.key()) for record in site.documents.values()]
        first = self._documents(self.surroundings, self._first)
        if self.faults:
            return {}
        self.first = {i: {what: self.known[p].digest for what, p in prints.items()} for i, prints in first.items()}
        self.prints = of_texts(first)
        return {identifier: self.known[print_].digest for identifier, print_ in self.prints.items()}

    def files(self, site: Site, texts: Mapping[str, str]) -> dict[str, Made]:
        """Phase two: path -> what was made, for every file of `site`; check `faults` before using it."""
        site = self.compared(site)
        if self.faults:
            return {}
        frame = SiteFrame(site)
        between = self.digests(between_jobs(frame, texts))
        if self.faults:
            return {}

        def second(one: Around, key: str) -> Missing:
            if own := own_parts(frame, one.record, texts, between):
                key = hashlib.sha256(canonical([key, own])).hexdigest()
            made = self.first[one.record.id]
            jobs = lambda: ((job.path, job) for job in document_jobs(frame, one, made, own))  # noqa: E731
            return self._planned(one.record.id, "files", key, jobs)

        files = {f"{identifier}/index.txt": print_ for identifier, print_ in self.prints.items()}
        for prints in self._documents(self.surroundings, second).values():
            files.update(prints)
        forms = table_forms(self, site)
        made = {path: (self.known[print_].digest, self.known[print_].size) for path, print_ in forms.items()}
        if self.faults:
            return {}
        files = self.others(site_jobs(frame, texts, between, static_files(self.settings.theme), made)) | forms | files
        files = (self._hinted(frame) if not self.faults else {}) | files
        files = searched(self, frame, texts) | files
        files = self.others(closing_jobs(frame, list(files))) | files
        return {} if self.faults else {path: self.known[print_] for path, print_ in files.items()}

    def _hinted(self, frame: SiteFrame) -> dict[str, str]:
        """The hints: path -> fingerprint. In their plan is also what leads to them, under names that are no paths.

        What leads to them is made here: each process that did it would hold the dictionaries of words and readings.
        """
        words = hint_words(frame)
        key = hashlib.sha256(canonical(words)).hexdigest()
        prints = self._recalled("", "hints", key)
        if prints is None:
            before = set(self.used)
            make, read = partial(self.digests, pool=Pool(1)), partial(read_object, self.store.objects)
            files = self.others(list(hint_jobs(words, make, read)))
            prints = {**{f"#{print_}": print_ for print_ in self.used - before}, **files}
            if self.plans:
                self.plans.keep("", "hints", key, prints)
        return {path: print_ for path, print_ in prints.items() if not path.startswith("#")}

    def compared(self, site: Site) -> Site:
        """The site whose data versions know what changed in each; check `faults` before using it."""
        if not site.data_versions:
            return site
        self._named(original_jobs(site))
        prints = self._named(made_jobs(site)) if not self.faults else {}
        if self.faults:
            return site
        made = {name: (self.known[print_].digest, self.known[print_].size) for name, print_ in prints.items()}
        return with_made(site, made, partial(read_object, self.store.objects))

    def phase(self, name: str, plans: Iterable[tuple[str, str, Jobs]]) -> list[Prints]:
        """Makes what (identifier, key, jobs) plan under one name, in their order; nothing where one has a fault."""
        found: list[Prints] = []

        def missing() -> Iterator[tuple[str, Job]]:
            for identifier, key, jobs in plans:
                found.append((yield from self._planned(identifier, name, key, jobs)))

        if not self.faults:
            self._make(missing())
        return found if not self.faults else []

    def digests(self, jobs: Iterable[tuple[str, Job]], pool: Pool | None = None) -> dict[str, str]:
        """Makes jobs; name -> digest of what was made, nothing where one has a fault."""
        prints = self._named(jobs, pool)
        return {} if self.faults else {name: self.known[print_].digest for name, print_ in prints.items()}

    def sound(self, work: Callable[[], Result]) -> Result:
        """What `work` gives, which begins with the texts; once more where it meets a torn object of the store."""
        try:
            return work()
        except Torn:
            self.distrust()
            return work()

    def distrust(self) -> None:
        """Everything is to be made anew: an object of the store is torn, so none is trusted any more."""
        self.known, self.used = {}, set()

    def remember(self) -> None:
        """Keeps the plans of documents; called when the build is sound."""
        if self.plans:
            self.plans.remember()

    def _scope(self, site: Site) -> str:
        """The hash of what decides a document's files besides its surroundings."""
        lists: list[Any] = [
            [one.model_dump(mode="json") for one in (site.identity, *site.organisations.values())],
            [topic.model_dump(mode="json") for topic in site.topics.values()],
            registers(site),
        ]
        return hashlib.sha256(canonical([whole(), self.toolchain, lists])).hexdigest()

    def _first(self, one: Around, key: str) -> Missing:
        return self._planned(one.record.id, "first", key, lambda: first_jobs(one))

    def _documents(
        self, surroundings: Iterable[tuple[Around, str]], plan: Callable[[Around, str], Missing]
    ) -> dict[str, Prints]:
        """Plans and makes one phase of every document, as a stream; id -> its fingerprints."""
        found: dict[str, Prints] = {}

        def missing() -> Iterator[tuple[str, Job]]:
            for one, key in surroundings:
                found[one.record.id] = yield from plan(one, key)

        self._make(missing())
        return found

    def _planned(self, identifier: str, phase: str, key: str, jobs: Callable[[], Iterable[tuple[str, Job]]]) -> Missing:
        """The fingerprints of `jobs` by name, from the last build's plan where `key` is still the same."""
        if (held := self._recalled(identifier, phase, key)) is not None:
            return held
        prints = yield from self._new(jobs())
        if self.plans:
            self.plans.keep(identifier, phase, key, prints)
        return prints

    def _recalled(self, identifier: str, phase: str, key: str) -> Prints | None:
        """The last build's plan, None where the key differs or something of it is lost."""
        held = self.plans.recall(identifier, phase, key) if self.plans else None
        if held is None or any(print_ not in self.known for print_ in held.values()):
            return None
        self.used.update(held.values())
        return held

    def _new(self, jobs: Iterable[tuple[str, Job]]) -> Missing:
        prints: dict[str, str] = {}
        for name, job in jobs:
            print_ = prints[name] = job.fingerprint(self.toolchain)
            if print_ not in self.known and print_ not in self.used:
                yield print_, job
            self.used.add(print_)
        return prints

    def others(self, jobs: Iterable[Job]) -> dict[str, str]:
        """Makes files that are not of one document; path -> fingerprint."""
        return self._named((job.path, job) for job in jobs)

    def _named(self, jobs: Iterable[tuple[str, Job]], pool: Pool | None = None) -> dict[str, str]:
        """Makes jobs; name -> fingerprint."""
        found: dict[str, str] = {}

        def missing() -> Missing:
            found.update((yield from self._new(jobs)))
            return found

        self._make(missing(), pool)
        return found

    def _make(self, missing: Iterable[tuple[str, Job]], pool: Pool | None = None) -> None:
        last = time.monotonic()
        fresh: list[tuple[str, Made]] = []
        for batch, faults in (pool or self.pool).map(render_batch, batches(missing, self.folders)):
            self.faults += faults
            self.known.update(batch)
            self.written += len(batch)
            fresh += batch
            if time.monotonic() - last > 1:
                self.store.remember(fresh)
                fresh, last = [], time.monotonic()
        self.store.remember(fresh)
