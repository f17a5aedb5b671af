"""The published files of one package, made as a build makes them, without a site around them."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from plugins.build.store import Store
from plugins.build.workers import Folders, batches, render_batch
from plugins.models.faults import has_errors
from plugins.models.package import Package
from plugins.readers.package import read_package
from plugins.views.forms import STEPS

ROOT = Path(__file__).resolve().parents[1]


def package(folder: Path, tables: Mapping[str, str | bytes], schemas: Mapping[str, Any], **resource: Any) -> Package:
    """The package `towns` with tables by name, read and judged; `resource` is what every resource says besides."""
    target = folder / "datasets" / "towns"
    target.mkdir(parents=True)
    resources = []
    for name, text in tables.items():
        (target / f"{name}.csv").write_bytes(text.encode() if isinstance(text, str) else text)
        resources.append({"name": name, "path": f"{name}.csv", "schema": schemas[name], **resource})
    descriptor = {
        "name": "towns",
        "title": "乡镇",
        "licenses": [{"name": "CC-BY-4.0"}],
        "contributors": [{"title": "县统计局", "role": "publisher"}],
        "resources": resources,
    }
    (target / "datapackage.json").write_text(json.dumps(descriptor, ensure_ascii=False, indent=1))
    found, faults = read_package(folder / "datasets", "towns")
    assert found is not None, [str(fault) for fault in faults]
    assert not has_errors(faults)
    return found


def publish(folder: Path, found: Package) -> Path:
    """Where the package's files lie once they are made."""
    store = Store(folder / "store")
    folders = Folders(folder, folder / "datasets", ROOT / "theme", store.objects)
    made: dict[str, str] = {}
    for jobs in STEPS.values():
        fresh = {}
        planned = list(jobs(found, made))
        names = {str(number): name for number, (name, _) in enumerate(planned)}
        for batch in batches(((str(number), job) for number, (_, job) in enumerate(planned)), folders):
            results, faults = render_batch(batch)
            assert not faults
            fresh |= {names[number]: one for number, one in results}
        for name, one in fresh.items():
            if "/" in name and one.size:
                (folder / "out" / name).parent.mkdir(parents=True, exist_ok=True)
                os.link(store.path(one.digest), folder / "out" / name)
        made |= {name: one.digest for name, one in fresh.items()}
    store.close()
    return folder / "out" / "datasets" / "towns"


def one(folder: Path, text: str | bytes, fields: list[dict[str, Any]], **schema: Any) -> Path:
    """The published files of a package with the one table `t`."""
    return publish(folder, package(folder, {"t": text}, {"t": {"fields": fields, **schema}}))
