"""Zip files that say nothing of when and where they were made (pure; EPUB OCF 3.3 for `mimetype`)."""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from plugins.models.attachments import MIB

_STORED = (b"\xff\xd8\xff", b"\x89PNG", b"RIFF", b"GIF8", b"PK\x03\x04")
"""How members begin that deflate does not make smaller."""


def pack(members: Iterable[tuple[str, bytes]]) -> bytes:
    """A zip of `members` in their order: one date, one owner, one compression; `mimetype` is stored as it is."""
    target = BytesIO()
    with ZipFile(target, "w") as archive:
        for name, data in members:
            info = ZipInfo(name)
            info.create_system, info.external_attr = 3, 0o644 << 16
            plain = name == "mimetype" or data.startswith(_STORED)
            info.compress_type = ZIP_STORED if plain else ZIP_DEFLATED
            archive.writestr(info, data, compresslevel=6 if len(data) < 8 * MIB else 1)
    return target.getvalue()
