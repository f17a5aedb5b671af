"""Images without what people do not see: place, device, author, comments, thumbnails (pure).

Coded pixels are copied byte for byte. Colours stay: ICC profile, gamma, Adobe's colour mark. So does the turn of a
photograph, alone in a minimal EXIF (CIPA DC-008, tag 0x0112).
"""

from __future__ import annotations

import zlib
from typing import Literal

from plugins.readers.attached_images import parts, riff

_JPEG_APPLICATIONS = frozenset(bytes([n]) for n in [*range(0xE0, 0xF0), 0xFE])
_PNG_KEPT = frozenset(
    b"IHDR PLTE IDAT IEND tRNS cHRM gAMA iCCP sBIT sRGB cICP mDCV cLLI bKGD pHYs hIST acTL fcTL fdAT".split()
)
_WEBP_KEPT = frozenset((b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF", b"ICCP"))
_JP2_DROPPED = frozenset((b"xml ", b"uuid", b"uinf", b"free"))
_LOOP = b"!\xff\x0bNETSCAPE2.0\x03\x01"
_EXIF = b"Exif\0\0"


def strip_image(kind: str, data: bytes) -> bytes:
    """An image of `kind` (jpeg, png, webp, gif, jp2) without metadata. Raises Finding, a ValueError, if unreadable."""
    return _STRIPPERS[kind](data)


def _jpeg(data: bytes) -> bytes:
    kept, turn = [], b""
    for mark, part in parts("jpeg", data):
        if mark == b"\xe1" and part[4:10] == _EXIF:
            turn = turn or _turn(part[10:])
        if mark not in _JPEG_APPLICATIONS:
            kept.append(part)
        elif mark == b"\xe0" and part[4:9] == b"JFIF\0" and len(part) >= 18:
            kept.append(b"\xff\xe0\0\x10" + part[4:16] + b"\0\0")
        elif mark == b"\xe2" and part[4:16] == b"ICC_PROFILE\0":
            kept.append(part)
        elif mark == b"\xee" and part[4:9] == b"Adobe" and len(part) >= 16:
            kept.append(b"\xff\xee\0\x0e" + part[4:16])
    if turn:
        exif = _EXIF + turn
        kept.insert(2 if kept[1].startswith(b"\xff\xe0") else 1, b"\xff\xe1" + _big(len(exif) + 2, 2) + exif)
    return b"".join(kept)


def _png(data: bytes) -> bytes:
    kept, turn = [], b""
    for mark, part in parts("png", data):
        if mark == b"eXIf":
            turn = _turn(part[8:-4])
        elif not mark or mark in _PNG_KEPT:
            kept.append(part)
    if turn:
        body = b"eXIf" + turn
        kept.insert(2, _big(len(turn), 4) + body + _big(zlib.crc32(body), 4))
    return b"".join(kept)


def _webp(data: bytes) -> bytes:
    kept, turn = [], b""
    for mark, part in parts("webp", data):
        if mark == b"EXIF":
            turn = _turn(part[8:].removeprefix(_EXIF))
        elif mark == b"ANMF":
            frame = part[8:24] + b"".join(p for m, p in riff(part, 24, _end(part)) if m in _WEBP_KEPT)
            kept.append(b"ANMF" + len(frame).to_bytes(4, "little") + frame)
        elif mark in _WEBP_KEPT:
            kept.append(part)
    if turn:
        kept.append(b"EXIF" + len(turn).to_bytes(4, "little") + turn)
    if kept and kept[0].startswith(b"VP8X"):
        flags = kept[0][8] & ~0x0C | (0x08 if turn else 0)
        kept[0] = kept[0][:8] + bytes([flags]) + kept[0][9:]
    body = b"WEBP" + b"".join(kept)
    return b"RIFF" + len(body).to_bytes(4, "little") + body


def _gif(data: bytes) -> bytes:
    kept = []
    for mark, part in parts("gif", data):
        if mark == b"\xff" and part.startswith(_LOOP):
            kept.append(part[:18] + b"\0")
        elif mark in {b"", b",", b";"}:
            kept.append(part)
        elif mark == b"\xf9":
            kept.append(part[:7] + b"\0")
    return b"".join(kept)


def _jp2(data: bytes) -> bytes:
    return b"".join(part for mark, part in parts("jp2", data) if mark not in _JP2_DROPPED)


_STRIPPERS = {"jpeg": _jpeg, "png": _png, "webp": _webp, "gif": _gif, "jp2": _jp2}


def _turn(tiff: bytes) -> bytes:
    """A TIFF block that says only how the photograph is turned; empty where it is upright or nothing says so."""
    order: Literal["little", "big"] = "little" if tiff.startswith(b"II*\0") else "big"
    if order == "big" and not tiff.startswith(b"MM\0*"):
        return b""
    at = int.from_bytes(tiff[4:8], order)
    count = int.from_bytes(tiff[at : at + 2], order)
    for start in range(at + 2, min(at + 2 + 12 * count, len(tiff) - 11), 12):
        value = int.from_bytes(tiff[start + 8 : start + 10], order)
        if int.from_bytes(tiff[start : start + 2], order) == 0x0112 and 1 < value < 9:
            return b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01" + _big(value, 2) + bytes(6)
    return b""


def _end(chunk: bytes) -> int:
    """Where a RIFF chunk ends without its padding."""
    return 8 + int.from_bytes(chunk[4:8], "little")


def _big(value: int, length: int) -> bytes:
    return value.to_bytes(length, "big")
