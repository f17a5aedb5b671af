"""The static index, phase by phase through the store. Touches the disk."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING

from plugins.build.searching import SearchIndex
from plugins.build.store import read_object
from plugins.search.ranking import weights
from plugins.views.frame import SiteFrame
from plugins.views.searching import entries

if TYPE_CHECKING:
    from plugins.build.maker import Maker


def searched(maker: Maker, frame: SiteFrame, texts: Mapping[str, str]) -> dict[str, str]:
    """The static index: path -> fingerprint; nothing where another engine is asked."""
    if frame.identity.search_engine:
        return {}
    sizes = {identifier: maker.known[maker.prints[identifier]].size for identifier in maker.first}
    index = SearchIndex(frame.url(), entries(frame), sizes)
    packs = maker.digests(index.packs(texts, weights()))
    made = maker.digests(index.segment_jobs(packs)) if not maker.faults else {}
    if maker.faults:
        return {}
    found: dict[str, str] = {}
    mine = [(number, packs[entry.id]) for number, entry in enumerate(index.entries)]
    names = [entry.id for entry in index.entries]
    plans = [(name, one[1], partial(index.block_jobs, *one)) for name, one in zip(names, mine, strict=True)]
    for number, blocks in enumerate(maker.phase("blocks", plans)):
        found.update({index.block_path(number, block): print_ for block, print_ in blocks.items()})
    read = partial(read_object, maker.folders.objects)
    buckets = [(name, digest, partial(index.bucket_jobs, name, digest, read)) for name, digest in made.items()]
    for prints in maker.phase("buckets", buckets):
        found.update(prints)
    return found | maker.others(index.other_jobs(packs, made))
