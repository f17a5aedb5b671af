"""What the map is drawn on: read once, kept until the file changes. Touches the disk and the store."""

from __future__ import annotations

import orjson

from plugins.build.sources import Sources
from plugins.build.store import dumped
from plugins.models.faults import Fault
from plugins.models.place import OUTLINE, Outline
from plugins.readers.outline import read_outline
from plugins.readers.tree import MAX_BYTES, Tree, read_bytes


def read_ground(sources: Sources, tree: Tree) -> tuple[Outline | None, list[Fault]]:
    """The outlines of `tree`, and what is wrong with their file; an unchanged one is not parsed. Raises OSError."""
    if (entry := tree.lists.get(OUTLINE)) is None:
        return None, []
    if (row := sources.known.get(OUTLINE)) and row[0] == entry.signature:
        sources.kept.add(OUTLINE)
        return Outline.from_json(orjson.loads(row[1])), []
    made, faults = read_outline(read_bytes(entry.file, MAX_BYTES))
    if made is not None and not faults and not sources.racy(entry):
        sources.rows.append((OUTLINE, entry.signature, dumped(made.as_json())))
        sources.kept.add(OUTLINE)
    return made, faults
