"""Attachments as they are published: without metadata, comments, earlier texts and other hidden words (pure).

The same input gives the same bytes: members sorted, one date, one compression. A sealed PDF and OFD stay as they are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from plugins.formats.archive import pack
from plugins.formats.strip_image import strip_image
from plugins.formats.strip_odf import strip_odf
from plugins.formats.strip_office import strip_office
from plugins.formats.strip_pdf import strip_pdf
from plugins.models.attachments import IMAGES, ODF, OOXML, TEXTS
from plugins.readers.attached_zip import Archive
from plugins.readers.attachments import check_attachment, is_litter, judged_kind


def strip(data: bytes, name: str) -> bytes:
    """`data` without what readers do not see; `name` is the file's name, whose suffix must fit the content.

    Raises ValueError for everything that `check_attachment` has an error for, with the fault's text, and for a damaged
    file that the check takes but that cannot be written again.
    """
    _refuse(name, data)
    clean = _STRIPPERS[judged_kind(name, data)](data)
    _refuse(name, clean)
    return clean


def _refuse(name: str, data: bytes) -> None:
    for found in check_attachment(name, data, name):
        if found.severity == "error":
            raise ValueError(str(found))


def _packed(members: Callable[[Archive], Iterable[tuple[str, bytes]]]) -> Callable[[bytes], bytes]:
    def stripped(data: bytes) -> bytes:
        return pack(members(Archive(data)))

    return stripped


def _zip_members(archive: Archive) -> Iterator[tuple[str, bytes]]:
    for name in archive.names:
        if not is_litter(name):
            data = archive.read(name)
            yield name, _STRIPPERS[judged_kind(name, data)](data)


def _as_is(data: bytes) -> bytes:
    return data


def _image(kind: str) -> Callable[[bytes], bytes]:
    return lambda data: strip_image(kind, data)


_STRIPPERS: dict[str, Callable[[bytes], bytes]] = {
    **{kind: _image(kind) for kind in IMAGES},
    **dict.fromkeys((*TEXTS, "ofd"), _as_is),
    **dict.fromkeys(OOXML, _packed(strip_office)),
    **dict.fromkeys(ODF, _packed(strip_odf)),
    "pdf": strip_pdf,
    "zip": _packed(_zip_members),
}
