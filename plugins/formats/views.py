"""What renderers are given: plain views, and a loader for the bytes that views name (pure)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import IO, Any, Protocol

View = Mapping[str, Any]


class Loader(Protocol):
    """Resolves references in views; whatever it returns is fixed by the reference, so rendering stays pure."""

    def body(self, reference: View) -> str:
        """The Markdown that `{"id", "sha256"}` names. Raises ChangedError where the file is no longer that text."""

    def file(self, reference: View) -> bytes:
        """The bytes that `{"file", "sha256"}` names. Raises ChangedError likewise."""

    def made(self, digest: str) -> bytes:
        """What an earlier job made, by its sha256."""

    def opened(self, digest: str) -> IO[bytes]:
        """The same as a stream, for what is too large to hold."""


Renderer = Callable[[View, Loader], bytes]


class ChangedError(Exception):
    """A source changed while it was being built; the argument is its path."""
