"""Every output file is a job: a renderer and plain data, whose hash is its identity (pure)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson


def canonical(value: object) -> bytes:
    """Plain JSON values as the one sequence of bytes that stands for them: an identity, never a file."""
    try:
        return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
    except TypeError:  # a whole number of more than 64 bits
        return written(value)


def written(value: object) -> bytes:
    """Plain JSON values in one fixed form, for files: sorted keys, no spaces."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


@dataclass(frozen=True, slots=True)
class Shared:
    """A part that many views have in common, hashed once."""

    data: Mapping[str, Any]
    digest: str

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Shared:
        """The shared part `data`."""
        return cls(data, hashlib.sha256(canonical(data)).hexdigest())


@dataclass(frozen=True, slots=True)
class Job:
    """One file to make. `path` is below the output ("" for an intermediate that is not published).

    `view` is plain JSON values: no objects, no clock, no paths of this machine. `shared` stands in the view that the
    renderer gets as "shared". `weight` says how many jobs of usual size it is worth, for those who share out the work.
    """

    path: str
    renderer: str
    view: Mapping[str, Any]
    shared: Shared | None = field(default=None)
    weight: int = 1

    def fingerprint(self, toolchain: str) -> str:
        """The sha256 over toolchain, renderer and view; the path is not part of it."""
        common = self.shared.digest if self.shared else ""
        return hashlib.sha256(
            b"\0".join((toolchain.encode(), self.renderer.encode(), common.encode(), canonical(self.view)))
        ).hexdigest()

    def whole_view(self) -> Mapping[str, Any]:
        """The view as the renderer gets it."""
        return {**self.view, "shared": self.shared.data} if self.shared else self.view
