"""What each document's files were made from in the last build: a cache of fingerprints. Touches the store."""

from __future__ import annotations

from collections.abc import Mapping

import orjson

from plugins.build.store import Store, dumped


class Plans:
    """Fingerprints by name, for each document and phase, with the key of what decided them.

    `scope` is what decides them besides the keys; with another scope nothing is recalled. `fresh` recalls nothing.
    """

    def __init__(self, store: Store, scope: str, fresh: bool = False) -> None:
        self.store = store
        self.held = store.plans("" if fresh else scope)
        store.set_note("scope", scope)
        self.new: list[tuple[str, str, str, str]] = []
        self.seen: set[tuple[str, str]] = set()

    def recall(self, identifier: str, phase: str, key: str) -> Mapping[str, str] | None:
        """What was kept under the same key, or None."""
        self.seen.add((identifier, phase))
        row = self.held.get((identifier, phase))
        if row is None or row[0] != key:
            return None
        prints: dict[str, str] = orjson.loads(row[1])
        return prints

    def keep(self, identifier: str, phase: str, key: str, prints: Mapping[str, str]) -> None:
        """Notes a new plan, for `remember`."""
        self.new.append((identifier, phase, key, dumped(prints)))

    def remember(self) -> None:
        """Writes what is new and forgets documents that are gone."""
        gone = [pair for pair in self.held if pair not in self.seen]
        if self.new or gone:
            self.store.remember_plans(self.new, gone)
