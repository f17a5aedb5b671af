"""What documents do to each other: cycles, overlaps, gaps (pure)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from plugins.models.faults import Fault
from plugins.models.record import Record
from plugins.models.types import RELATIONS
from plugins.rules.register import Register
from plugins.rules.validity import ACTING, day_after, start_of

_ENDING = ("repeals", "replaces")
_ORDERED = frozenset({"based_on", "implements", *ACTING})


def effects_are_sound(register: Register) -> Iterator[Fault]:
    """No document acts upon itself by a detour, upon what is younger, or ends what another has ended."""
    graph = _graph(register)
    ended: dict[str, tuple[str, Record]] = {}
    for record in register.of_kind("policies"):
        if not _ORDERED & record.fields.keys() or not record.final or record.withdrawn:
            continue
        yield from _cycles(record, graph)
        for relation in ACTING:
            for reference in record.items(relation):
                target = register.find(reference)
                if target is None or target is record:
                    continue
                yield from _times(record, relation, reference, target)
                if relation in _ENDING:
                    yield from _once(record, relation, reference, target, ended)


def _graph(register: Register) -> dict[str, list[tuple[str, str]]]:
    """(relation, id) of what each policy names by a relation that cannot go round in a circle.

    What leads nowhere is left out, again and again: what is left lies on a circle, or leads to one.
    """
    graph: dict[str, list[tuple[str, str]]] = {}
    for record in register.of_kind("policies"):
        for relation in _ORDERED & record.fields.keys() if record.final else ():
            for reference in record.items(relation):
                if found := register.find(reference):
                    graph.setdefault(record.id, []).append((relation, found.id))
    named_by: dict[str, list[str]] = {}
    for source, edges in graph.items():
        for _, target in edges:
            named_by.setdefault(target, []).append(source)
    left = {source: len(edges) for source, edges in graph.items()}
    ends = [target for target in named_by if target not in graph]
    while ends:
        for source in named_by.get(ends.pop(), ()):
            left[source] -= 1
            if not left[source]:
                ends.append(source)
    return {source: edges for source, edges in graph.items() if left[source]}


def _cycles(record: Record, graph: Mapping[str, list[tuple[str, str]]]) -> Iterator[Fault]:
    """One fault for each relation of `record` from which a way leads back to it."""
    for relation, target in graph.get(record.id, ()):
        if target != record.id and _reaches(target, record.id, graph):
            label = RELATIONS["policies"][relation].label
            yield record.fault("D125", relation, value=target, label=label)


def _reaches(start: str, goal: str, graph: Mapping[str, list[tuple[str, str]]]) -> bool:
    waiting, seen = [start], {start}
    while waiting:
        for _, following in graph.get(waiting.pop(), ()):
            if following == goal:
                return True
            if following not in seen:
                seen.add(following)
                waiting.append(following)
    return False


def _times(record: Record, relation: str, reference: str, target: Record) -> Iterator[Fault]:
    start, other, expires = start_of(record), start_of(target), target.text("expires")
    if start < other:
        yield record.fault("D128", relation, value=reference, start=start, other=other)
    elif relation == "replaces" and expires and day_after(expires) < start:
        yield record.fault("D127", relation, value=reference, ended=expires, start=start)


def _once(
    record: Record, relation: str, reference: str, target: Record, ended: dict[str, tuple[str, Record]]
) -> Iterator[Fault]:
    before, other = ended.setdefault(target.id, (relation, record))
    if other is not record:
        label = "废止" if before == "repeals" else "代替"
        yield record.fault("D126", relation, value=reference, other=other.path, label=label)
