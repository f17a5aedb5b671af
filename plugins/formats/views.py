"""What renderers are given: plain views, and a loader for the bytes that views name (pure)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import IO, Any, Protocol

View = Mapping[str, Any]


class Objects(Protocol):
    """What earlier jobs made."""

    def made(self, digest: str) -> bytes:
        """What an earlier job made, by its sha256."""


class Loader(Objects, Protocol):
    """Resolves references in views; whatever it returns is fixed by the reference, so rendering stays pure."""

    def body(self, reference: View) -> str:
        """The Markdown that `{"id", "sha256"}` names. Raises ChangedError where the file is no longer that text."""

    def file(self, reference: View) -> bytes:
        """The bytes that `{"file", "sha256"}` names. Raises ChangedError likewise."""

    def pieces(self, reference: View) -> Iterator[bytes]:
        """The same in pieces. Whoever takes the last one may be told by ChangedError that they were others."""

    def opened(self, digest: str) -> IO[bytes]:
        """What an earlier job made as a stream, for what is too large to hold."""

    def path(self, digest: str) -> Path:
        """The same as a file that is only read, for what is larger than memory."""

    def font(self, reference: View) -> Path:
        """The font file that `{"role", "file", "sha256"}` names. Raises ChangedError where it is another one."""

    def scratch(self) -> Path:
        """Where a new file may be written, to be returned as what was made."""


Piece = bytes | memoryview
Rendered = bytes | Iterator[Piece] | Path
"""What was made: whole, in pieces one after the other, or as a file that `Loader.scratch` named."""
Renderer = Callable[[View, Loader], Rendered]


class ChangedError(Exception):
    """A source changed while it was being built; the argument is its path."""
