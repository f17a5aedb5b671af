"""Data packages become records, without trust: folders, fingerprints, descriptor, files, judge. Touches the disk."""

from __future__ import annotations

import hashlib
import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from plugins.models.faults import Fault, fault, has_errors
from plugins.models.package import ON_APPLICATION, WITHHELD, Package, Table
from plugins.models.scalars import SLUG
from plugins.readers import children
from plugins.readers.datafile import MAX_FILE, Examined, Inventory, examine, open_chunks, package_inventory
from plugins.readers.descriptor import FILE, MAX_BYTES, Descriptor, parse_descriptor
from plugins.readers.judge import Evidence, judge
from plugins.readers.private import check_text
from plugins.readers.tree import read_bytes
from plugins.readers.vocabulary import FOLDERS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

Result = tuple[Package | None, tuple[Fault, ...]]
_OTHERS = ("datapackage.yml", "datapackage.yaml", "dataresource.json", "datapackage.zip")
_CATALOGUE = ("name", "title")


def package_folders(datasets: Path) -> tuple[list[str], list[Fault]]:
    """The names of the packages' folders, sorted, and what else lies about. Raises OSError for `datasets` itself."""
    names, faults = [], []
    with os.scandir(datasets) as items:
        for item in sorted(items, key=lambda e: e.name):
            path = f"datasets/{item.name}"
            if item.is_symlink():
                faults.append(fault("P201", path, what="符号链接"))
            elif item.name.startswith("."):
                continue
            elif not item.is_dir(follow_symlinks=False):
                faults.append(fault("P209", path))
            elif not SLUG.fullmatch(item.name) or item.name in FOLDERS:
                faults.append(fault("P208", path, name=item.name))
            else:
                names.append(item.name)
    return names, faults


def fingerprint(folder: Path) -> str:
    """sha256 over the sorted paths and hashes of everything in `folder` but `v/`, which is of earlier versions.

    Raises OSError for the folder itself.
    """
    found = package_inventory(folder)
    digest = hashlib.sha256()
    for path in sorted(found.files | set(found.refused)):
        name = path.encode("utf-8", "surrogateescape")
        digest.update(name + b"\0" + _state(folder / path, found.refused.get(path)).encode() + b"\n")
    return digest.hexdigest()


def _state(file: Path, refused: str | None) -> str:
    if refused:
        return refused
    digest = hashlib.sha256()
    try:
        for chunk in open_chunks(file):
            digest.update(chunk)
    except OSError as error:
        return f"errno {error.errno}"
    return digest.hexdigest()


def read_packages(datasets: Path, names: Iterable[str], jobs: int, limit: int = MAX_FILE) -> dict[str, Result]:
    """Every package in `names`, read in at most `jobs` limited child processes; none is started for no names.

    `limit` is in bytes, for one table.
    """
    tasks = [children.Task(str(datasets), name, _seconds(datasets / name), limit) for name in names]
    return children.run(_work, tasks, jobs)


def _seconds(folder: Path) -> int:
    """The CPU seconds for a package: with all kinds of rules, the judge reads about 3 MB in one, elsewhere 1 MB."""
    try:
        size = sum((folder / path).lstat().st_size for path in package_inventory(folder).files)
    except OSError:
        size = 0
    return min(60 + size // 1_000_000, 3600)


def _work(task: children.Task, note: Callable[[str], object]) -> dict[str, Any]:
    package, faults = read_package(Path(task.datasets), task.name, note, task.limit)
    return {"package": package and package.as_json(), "faults": [children.fault_values(f) for f in faults]}


def read_package(datasets: Path, name: str, note: Callable[[str], object] = str, limit: int = MAX_FILE) -> Result:
    """The package in folder `name`, None where any fault is an error; `note` is told which file is being read.

    `limit` is in bytes, for one table.

    Imports frictionless and pandas into this process once a package has tables worth judging.
    """
    path = f"datasets/{name}/{FILE}"
    note(path)
    try:
        found = package_inventory(datasets / name)
        faults = [fault("P201", f"datasets/{name}/{bad}", what=what) for bad, what in sorted(found.refused.items())]
        data = _descriptor(datasets / name, found, path, faults)
    except OSError as error:
        return None, (fault("P210", path, reason=error.strerror or "无法打开"),)
    descriptor, more = parse_descriptor(data, name) if data is not None else (None, [])
    faults += more
    if descriptor is None or data is None:
        return None, tuple(sorted(faults))
    faults += check_text(data.decode(errors="replace"), path, 1)
    evidence = evidence_of(datasets / name, found, name, descriptor, faults, limit)
    if has_errors(faults):
        return None, tuple(sorted(faults))
    tables, more = judge(datasets / name, name, evidence, note) if evidence else ((), [])
    faults += more
    if has_errors(faults):
        return None, tuple(sorted(faults))
    return _record(datasets / name, name, descriptor, tables), tuple(sorted(faults))


def _descriptor(folder: Path, found: Inventory, path: str, faults: list[Fault]) -> bytes | None:
    if FILE in found.files:
        size = (folder / FILE).lstat().st_size
        if size <= MAX_BYTES:
            return read_bytes(folder / FILE, MAX_BYTES)
        faults.append(fault("P103", path, size=size, limit=MAX_BYTES))
    elif other := next((o for o in _OTHERS if o in found.files), None):
        faults.append(fault("P102", path.replace(FILE, other), found=other))
    elif FILE not in found.refused:
        faults.append(fault("P101", path))
    return None


def evidence_of(
    folder: Path, found: Inventory, name: str, descriptor: Descriptor, faults: list[Fault], limit: int = MAX_FILE
) -> list[Evidence]:
    """The tables whose files are fit to be read; all others become faults."""
    evidence = []
    for source in descriptor.sources:
        examined: Examined | None = None
        if source.path in found.files and source.schema is not None:
            examined, more = examine(folder / source.path, f"datasets/{name}/{source.path}", source, limit)
            faults += more
        elif source.path not in found.files and not found.reaches(source.path):
            faults.append(fault("P202", f"datasets/{name}/{FILE}", source.line, "path", file=source.path))
        if examined is not None:
            evidence.append(Evidence(source, examined))
    return evidence


def _record(folder: Path, name: str, descriptor: Descriptor, tables: Iterable[Table]) -> Package:
    withheld = descriptor.open_type == WITHHELD
    value = _catalogue_row(descriptor) if withheld else descriptor.value
    return Package(
        name=name,
        path=f"datasets/{name}/{FILE}",
        sha256=hashlib.sha256(repr(sorted(value.items())).encode()).hexdigest() if withheld else fingerprint(folder),
        descriptor=value,
        title=descriptor.title,
        publisher=descriptor.publisher,
        open_type=descriptor.open_type,
        tables=tuple(map(_closed, tables) if descriptor.open_type == ON_APPLICATION else tables),
    )


def _closed(table: Table) -> Table:
    """A table that is given on application only: its dictionary, no cell of it and nothing that cells tell."""
    fields = tuple({**field, "summary": {}} for field in table.fields)
    return replace(table, bytes=0, sha256="", fields=fields, head=())


def _catalogue_row(descriptor: Descriptor) -> Mapping[str, Any]:
    """What may be known of a package that is 不予开放: no byte of its files, no word of its description."""
    kept = {k: v for k, v in descriptor.value.items() if k in _CATALOGUE or (k.startswith("cn:") and k != "cn:pages")}
    return kept | {"contributors": [{"title": descriptor.publisher, "role": "publisher"}]}
