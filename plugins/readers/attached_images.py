"""JPEG, PNG, WebP, GIF and JPEG 2000 taken apart without decoding a pixel (pure).

Each reader gives the parts of a file in order, `(mark, bytes)`; joined they are the file, less what follows its end.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from plugins.models.attachments import IMAGES, MAX_PIXELS, Finding, magic

Part = tuple[bytes, bytes]

MAX_PARTS = 100_000
_MARKER = re.compile(rb"\xff+([^\x00\xff])")
_AFTER_SCAN = re.compile(rb"\xff+[^\x00\xff\xd0-\xd7]")
_FRAMES = frozenset(bytes([n]) for n in range(0xC0, 0xD0) if n not in {0xC4, 0xC8, 0xCC})


def parts(kind: str, data: bytes) -> list[Part]:
    """The parts of an image of `kind`. Raises Finding for what is cut short, no such image, or larger than allowed."""
    found = list(islice(_READERS[kind](data), MAX_PARTS + 1))
    if len(found) > MAX_PARTS:
        raise Finding("A106", what="图片分段数", limit=MAX_PARTS)
    return found


def check_image(kind: str, data: bytes) -> Iterator[Finding]:
    """Whether an image can be read to its end and has no more pixels than allowed."""
    width, height = _size(kind, parts(kind, data))
    if not width or not height:
        raise _broken()
    if width * height > MAX_PIXELS:
        yield Finding("A106", what=f"像素（{width}×{height}）", limit=f"{MAX_PIXELS // 10_000} 万")


def inner_kind(name: str, data: bytes) -> str:
    """The kind of an image inside a document, whatever its suffix. Raises Finding for one that cannot be cleaned."""
    kind = magic(data)
    if kind not in IMAGES:
        raise Finding("A110", what=f"图片“{name}”")
    return kind


def jpeg(data: bytes) -> Iterator[Part]:
    """Segments by marker byte; that of a scan (DA) holds its coded data. A missing end marker is given."""
    yield b"\xd8", data[:2]
    at = 2
    while match := _MARKER.match(data, at):
        start, mark = match.end(), match[1]
        if mark == b"\xd9":
            break
        length = _number(data, start, 2)
        end = start + length
        if length < 2 or end > len(data):
            raise _broken()
        if mark == b"\xda":
            after = _AFTER_SCAN.search(data, end)
            end = after.start() if after else len(data)
        yield mark, b"\xff" + data[start - 1 : end]
        at = end
    if at != len(data) and not match:
        raise _broken()
    yield b"\xd9", b"\xff\xd9"


def png(data: bytes) -> Iterator[Part]:
    """Chunks by type, the signature under an empty mark."""
    yield b"", data[:8]
    at, mark = 8, b""
    while mark != b"IEND":
        end = at + 12 + _number(data, at, 4)
        if end > len(data):
            raise _broken()
        mark = data[at + 4 : at + 8]
        yield mark, data[at:end]
        at = end


def webp(data: bytes) -> Iterator[Part]:
    """RIFF chunks by type, padding included; the file's head is left out, since its length changes."""
    yield from riff(data, 12, min(len(data), 8 + _number(data, 4, 4, "little")))


def riff(data: bytes, at: int, stop: int) -> Iterator[Part]:
    """The chunks of `data[at:stop]`."""
    while at < stop:
        length = _number(data, at + 4, 4, "little")
        end = at + 8 + length
        if end > stop:
            raise _broken()
        yield data[at : at + 4], data[at:end] + b"\0" * (length % 2)
        at = end + length % 2


def gif(data: bytes) -> Iterator[Part]:
    """Blocks: the head under an empty mark, frames under `,`, extensions under their label, the end under `;`."""
    at = 13 + _palette(data, 10)
    yield b"", data[:at]
    while (mark := data[at : at + 1]) != b";":
        if mark == b",":
            start = at + 11 + _palette(data, at + 9)
        elif mark == b"!":
            mark, start = data[at + 1 : at + 2], at + 2
        else:
            raise _broken()
        end = _sub_blocks(data, start)
        yield mark, data[at:end]
        at = end
    yield b";", b";"


def jp2(data: bytes) -> Iterator[Part]:
    """Boxes of JPEG 2000 by type; a bare code stream under an empty mark."""
    at = 0 if data[4:8] == b"jP  " else len(data)
    if at:
        yield b"", data
    while at < len(data):
        length, head = _number(data, at, 4), 8
        if length == 1:
            length, head = _number(data, at + 8, 8), 16
        end = at + length if length else len(data)
        if end < at + head or end > len(data):
            raise _broken()
        yield data[at + 4 : at + 8], data[at:end]
        at = end


_READERS = {"jpeg": jpeg, "png": png, "webp": webp, "gif": gif, "jp2": jp2}


def _size(kind: str, found: list[Part]) -> tuple[int, int]:
    """Width and height in pixels as the head declares them; (0, 0) where no part says."""
    first = dict(reversed(found))
    if kind == "jpeg":
        frame = next((d for m, d in found if m in _FRAMES), b"") if b"\xda" in first else b""
        return int.from_bytes(frame[7:9], "big"), int.from_bytes(frame[5:7], "big")
    if kind == "png":
        head = found[1][1] if found[1][0] == b"IHDR" and b"IDAT" in first else b""
        return int.from_bytes(head[8:12], "big"), int.from_bytes(head[12:16], "big")
    if kind == "gif":
        head = found[0][1] if b"," in first else b""
        return int.from_bytes(head[6:8], "little"), int.from_bytes(head[8:10], "little")
    return _webp_size(first)


def _webp_size(first: dict[bytes, bytes]) -> tuple[int, int]:
    if canvas := first.get(b"VP8X"):
        return int.from_bytes(canvas[12:15], "little") + 1, int.from_bytes(canvas[15:18], "little") + 1
    if lossy := first.get(b"VP8 "):
        return int.from_bytes(lossy[14:16], "little") & 0x3FFF, int.from_bytes(lossy[16:18], "little") & 0x3FFF
    bits = int.from_bytes(first.get(b"VP8L", b"")[9:13], "little")
    return (bits & 0x3FFF) + 1 if bits else 0, (bits >> 14 & 0x3FFF) + 1


def _number(data: bytes, at: int, length: int, order: str = "big") -> int:
    piece = data[at : at + length]
    if len(piece) < length:
        raise _broken()
    return int.from_bytes(piece, "little" if order == "little" else "big")


def _palette(data: bytes, at: int) -> int:
    """Bytes of the colour table that the packed field at `at` announces."""
    packed = _number(data, at, 1)
    return 3 << ((packed & 7) + 1) if packed & 0x80 else 0


def _sub_blocks(data: bytes, at: int) -> int:
    """Where the sub-blocks that begin at `at` end."""
    try:
        while length := data[at]:
            at += 1 + length
    except IndexError as error:
        raise _broken() from error
    return at + 1


def _broken() -> Finding:
    return Finding("A103", reason="图片不完整")
