"""The published files of every data package (pure)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from plugins.models.distribution import Distribution
from plugins.models.package import Package
from plugins.views.site import Site

Distributions = Mapping[str, Sequence[Distribution]]
"""By the name of the package."""


def distributions(site: Site) -> dict[str, Sequence[Distribution]]:
    """The files of every package; of what is 不予开放 there are none."""
    return {package.name: _originals(package) for package in site.packages}


def _originals(package: Package) -> list[Distribution]:
    return [Distribution("original", t.name, t.path, t.bytes, t.sha256, t.rows) for t in package.tables]
