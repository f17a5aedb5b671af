"""A frozen gazette issue: the files that `freeze` writes beside its header, once and for all (pure).

What an issue printed can be proved for as long as these files are what they were: the manifest names the sha256 of the
files and of the canonical text of every entry.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

MANIFEST = "manifest.txt"
SIGNATURE, MINISIGN, KEY = "manifest.txt.sig", "manifest.txt.minisig", "manifest.pub"
SIGNED = (SIGNATURE, MINISIGN, KEY)
FORMS = ("pdf", "epub", "txt")
"""The forms that are frozen; each is `<year>-<nn>.<form>`."""
TEXTS = "texts/"
"""Where the manifest names canonical texts, `texts/<document id>.txt`: served, but not kept beside the header."""
ATTACHABLE = (".tsr", ".ofd", ".pdf", ".p7s")
"""What an editor may add to a frozen issue: a timestamp, or the issue with an official seal; hashed, not judged."""


def form_names(slug: str) -> tuple[str, ...]:
    """The names of the frozen forms of the issue `slug`."""
    return tuple(f"{slug}.{form}" for form in FORMS)


def own_names(slug: str) -> frozenset[str]:
    """The names of all files that `freeze` writes for the issue `slug`."""
    return frozenset({*form_names(slug), MANIFEST, *SIGNED})


class Held(NamedTuple):
    """A file that lies beside the header: its digests, lower-case hex, and its size in bytes."""

    sha256: str
    sm3: str
    bytes: int


@dataclass(frozen=True, slots=True)
class Frozen:
    """What lies in `gazette/<year>-<nn>/` and fits together.

    `sha256` is that of the manifest, `texts` are those of the canonical texts by document id, `files` are all files of
    the folder by name. `key` is the sha256 of the public key (DER, SubjectPublicKeyInfo) whose signature fits,
    `comment` what its holder signed with it. That the key is anybody's, nothing here proves.
    """

    sha256: str
    texts: Mapping[str, str]
    files: Mapping[str, Held]
    key: str
    comment: str

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Frozen:
        """The inverse of `dataclasses.asdict`."""
        return cls(**{**value, "files": {name: Held(*held) for name, held in value["files"].items()}})
