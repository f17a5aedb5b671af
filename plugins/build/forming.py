"""The published forms of all tables, step by step through the store. Touches the disk."""

from __future__ import annotations

import hashlib
from functools import partial
from typing import TYPE_CHECKING

from plugins.build.pool import Pool
from plugins.build.settings import Settings
from plugins.build.store import Made, Store
from plugins.views.forms import STEPS, published
from plugins.views.jobs import canonical
from plugins.views.site import Site

if TYPE_CHECKING:
    from plugins.build.maker import Maker


def table_forms(maker: Maker, site: Site) -> dict[str, str]:
    """Path -> fingerprint; a form that cannot be has no bytes, and no file. Nothing where `maker.faults` has any.

    An unchanged package is not planned again: its plan hangs on its own hash and what the steps before made.
    """
    packages = published(site)
    made: dict[str, dict[str, str]] = {package.name: {} for package in packages}
    found: dict[str, str] = {}
    for step, jobs in STEPS.items():
        plans = (
            (
                f"datasets/{package.name}",
                hashlib.sha256(canonical([package.sha256, made[package.name]])).hexdigest(),
                partial(jobs, package, made[package.name]),
            )
            for package in packages
        )
        for package, prints in zip(packages, maker.phase(step, plans), strict=False):
            made[package.name] |= {name: maker.known[print_].digest for name, print_ in prints.items()}
            found |= {name: print_ for name, print_ in prints.items() if "/" in name and maker.known[print_].size}
    return found if not maker.faults else {}


def previewed_forms(settings: Settings, site: Site) -> dict[str, Made]:
    """Path -> what was made, for a preview: through the store, because no draft is in them, and they may be large."""
    from plugins.build.maker import Maker

    store = Store(settings.cache)
    try:
        with Pool(settings.jobs) as pool:
            maker = Maker(settings, store, pool)
            forms = maker.sound(partial(table_forms, maker, site))
            return {path: maker.known[print_] for path, print_ in forms.items()}
    finally:
        store.close()
