"""Fonts to typeset with: what plays which part, and which characters they have. Touches the disk."""

from __future__ import annotations

import re
import struct
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from plugins.formats.views import Loader, View

DEFAULTS: Mapping[str, str] = {
    "正文": "serif/NotoSerifSC_400Regular.ttf",
    "标题": "serif/NotoSerifSC_900Black.ttf",
    "黑体": "sans/NotoSansSC_500Medium.ttf",
}
"""The part that a font plays -> its file below the folder that set-up fills."""
STAND_IN: Mapping[str, str] = {"楷体": "正文", "宋体": "正文"}
"""Parts without a font of their own, and what plays them."""
GETA = "〓"
"""What printers of Chinese set where a type is wanting."""
_COLLECTED = 64
"""Fonts in one file: Typst would look for four milliards where a file says so."""
_SILENT = re.compile("[\u00ad\u034f\u180b-\u180f\u200b-\u200f\u2060-\u2064\ufe00-\ufe0f\ufeff\U000e0100-\U000e01ef]")
"""Characters that show nothing, and of which a font need have no glyph."""


class NoFontError(ValueError):
    """A file that is no font that can be typeset with; the argument is its path."""


class Face(NamedTuple):
    """How Typst is asked for a font."""

    family: str
    weight: int


class Faces:
    """The fonts of one document: `parts` by name for the template, `paths` for Typst, what they lack."""

    def __init__(self, paths: Mapping[str, Path]) -> None:
        self.paths = tuple(sorted(set(paths.values())))
        found = {part: face(path) for part, path in paths.items()}
        found |= {part: found[other] for part, other in STAND_IN.items() if part not in found}
        self.parts = {part: {"family": one.family, "weight": one.weight} for part, one in found.items()}
        self.has = _together(self.paths)
        self.wanting: dict[str, int] = {}

    def text(self, text: str) -> str:
        """`text` with 〓 for each character that no font has, which is counted; PDF/A allows no missing glyph."""
        if self.has.issuperset(text):
            return text
        shown = []
        for character in _SILENT.sub("", text).replace("\t", " "):
            if character not in self.has:
                self.wanting[character] = self.wanting.get(character, 0) + 1
                character = GETA  # noqa: PLW2901 - the replacement is what is shown
            shown.append(character)
        return "".join(shown)

    def all(self, value: Any) -> Any:
        """The same in every string of a plain value; keys are not text."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, dict):
            return {key: self.all(inner) for key, inner in value.items()}
        return [self.all(inner) for inner in value] if isinstance(value, list) else value


def faces(fonts: Path, named: Iterable[View], load: Loader) -> Faces:
    """The default fonts in `fonts`, and instead of them those that a view names: `{"role", "file", "sha256"}`.

    Raises ChangedError where a named file is another one, NoFontError where it is no font.
    """
    return Faces(
        {part: fonts / file for part, file in DEFAULTS.items()} | {one["role"]: load.font(one) for one in named}
    )


@contextmanager
def collection(paths: Sequence[Path]) -> Iterator[Any]:
    """Typst's collection of these files alone, neither the system's fonts nor its own, as long as it is needed.

    Typst takes folders: this is one of links, in the order of `paths`.
    """
    import typst

    with tempfile.TemporaryDirectory(prefix="fonts-") as folder:
        for place, path in enumerate(paths):
            Path(folder, f"{place:02}{path.suffix.lower()}").symlink_to(path)
        yield typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder])


@cache
def face(path: Path) -> Face:
    """The name under which Typst knows the (first) font in `path`. Raises NoFontError."""
    if not characters(path):
        raise NoFontError(str(path))
    with collection((path,)) as found:
        first = next((font for font in found.fonts() if not font.index), None)
    if first is None:
        raise NoFontError(str(path))
    return Face(first.family, first.weight)


@cache
def _together(paths: tuple[Path, ...]) -> frozenset[str]:
    """The characters of all these fonts: tens of thousands, for every card and cover the same."""
    return frozenset().union(*map(characters, paths))


@cache
def characters(path: Path) -> frozenset[str]:
    """The characters that the font's `cmap` (formats 4 and 12) gives a glyph; none for what is no such font."""
    data = path.read_bytes()
    try:
        fonts, begin = struct.unpack_from(">II", data, 8) if data.startswith(b"ttcf") else (1, 0)
        if fonts > _COLLECTED:
            return frozenset()
        count = struct.unpack_from(">H", data, begin + 4)[0]
        rows = range(begin + 12, begin + 12 + 16 * count, 16)
        tables = {data[at : at + 4]: struct.unpack_from(">I", data, at + 8)[0] for at in rows}
        start = tables[b"cmap"]
        (amount,) = struct.unpack_from(">H", data, start + 2)
        places = {start + struct.unpack_from(">I", data, start + 8 + 8 * n)[0] for n in range(amount)}
        codes = {code for place in sorted(places) for code in _codes(data, place)}
    except (struct.error, KeyError):
        return frozenset()
    return frozenset(chr(code) for code in codes if code < 0x110000 and not 0xD800 <= code < 0xE000)


def _codes(data: bytes, at: int) -> list[int]:
    """The code points of one subtable of a `cmap`."""
    form = struct.unpack_from(">H", data, at)[0]
    if form == 12:
        groups = struct.unpack_from(">I", data, at + 12)[0]
        rows = struct.iter_unpack(">III", data[at + 16 : at + 16 + 12 * groups])
        spans = [(range(first, min(last, 0x10FFFF) + 1), glyph) for first, last, glyph in rows]
        return [code for span, glyph in spans for code in (span if glyph else span[1:])]
    if form != 4:
        return []
    count = struct.unpack_from(">H", data, at + 6)[0] // 2
    ends, starts, deltas, offsets = (
        struct.unpack_from(f">{count}H", data, at + 14 + 2 * count * n + (2 if n else 0)) for n in range(4)
    )
    found = []
    for n in range(count):
        base = at + 16 + 6 * count + 2 * n
        for code in range(starts[n], min(ends[n], 0xFFFE) + 1):
            glyph = code
            if offsets[n]:
                glyph = struct.unpack_from(">H", data, base + offsets[n] + 2 * (code - starts[n]))[0]
            if glyph and (glyph + deltas[n]) % 65536:
                found.append(code)
    return found
