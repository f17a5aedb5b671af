"""Frozen gazette issues, held against the texts and the ledger. Touches the disk through what it is given."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING

import orjson

from plugins.build.store import dumped
from plugins.models.edition import MANIFEST, Frozen
from plugins.models.faults import Fault, fault
from plugins.readers.frozen import read_frozen
from plugins.readers.tree import Entry, Tree
from plugins.rules.gazette import printed_texts_stand
from plugins.rules.register import Register
from plugins.views.site import Site

if TYPE_CHECKING:
    from plugins.build.ledger import Ledger
    from plugins.build.sources import Sources

_NOTE = "定版清单 {}"
_NOTED = re.compile(r"定版清单 ([0-9a-f]{64})")


def frozen_issues(sources: Sources, tree: Tree) -> tuple[dict[str, Frozen], list[Fault]]:
    """The frozen issues of `tree` by id, and what is wrong with their files; unchanged folders are not read."""
    folders: dict[str, dict[str, Entry]] = {}
    for name, entry in tree.assets.items():
        folder, _, file = name.rpartition("/")
        if folder.startswith("gazette/"):
            folders.setdefault(folder, {})[file] = entry
    found: dict[str, Frozen] = {}
    faults: list[Fault] = []
    for issue, entries in folders.items():
        key, mark = f"{issue}/", " ".join(entry.signature for entry in entries.values())
        if (row := sources.known.get(key)) and row[0] == mark:
            found[issue] = Frozen.from_json(orjson.loads(row[1]))
            sources.kept.add(key)
            continue
        frozen, wrong = read_frozen(issue, {name: entry.file for name, entry in entries.items()})
        faults += wrong
        if frozen is not None:
            found[issue] = frozen
            if not any(sources.racy(entry) for entry in entries.values()):
                sources.rows.append((key, mark, dumped(asdict(frozen))))
                sources.kept.add(key)
    return found, faults


def note(site: Site, identifier: str, said: str) -> str:
    """What the ledger notes of a document: what the editor said, and of a frozen issue the sha256 of its manifest."""
    frozen = site.frozen.get(identifier)
    if frozen is None:
        return said
    return "；".join(part for part in (said, _NOTE.format(frozen.sha256)) if part)


def faults(book: Ledger, register: Register, site: Site, texts: Mapping[str, str]) -> Iterator[Fault]:
    """What was printed and is another now; `texts` are the hashes of all canonical texts, versions too."""
    for identifier, frozen in site.frozen.items():
        shown = [i for i in frozen.texts if i in site.documents]
        every = {i: {texts[i], *(texts[v.id] for v in site.versions.get(i, ()))} for i in shown}
        yield from printed_texts_stand(site.documents[identifier], frozen, site.documents, every)
    for identifier, events in book.events.items():
        noted = [m[1] for event in events if (m := _NOTED.search(event.note))]
        held = register.frozen.get(identifier)
        if noted and identifier in register.by_id and (held is None or held.sha256 != noted[-1]):
            yield fault("L110", f"content/{identifier}/{MANIFEST}")
