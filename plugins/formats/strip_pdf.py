"""PDF without author, comments, earlier revisions, embedded files and scripts (pure; ISO 32000).

Written whole from what the catalogue reaches, so nothing that an incremental update replaced is left.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable
from io import BytesIO
from typing import TYPE_CHECKING, Any

from plugins.formats.strip_image import strip_image
from plugins.models.attachments import Budget
from plugins.readers.attached_pdf import (
    HIDDEN,
    NO_VIEW,
    containers,
    flags,
    image_kind,
    inner,
    opened,
    pages,
    sealed,
    text,
)

if TYPE_CHECKING:
    from pikepdf import Dictionary, Object, Pdf

    from plugins.readers.attached_pdf import Entries

_CATALOGUE = frozenset(
    "/Type /Version /Extensions /Pages /PageLabels /Names /Dests /ViewerPreferences /PageLayout /PageMode /Outlines"
    " /AcroForm /StructTreeRoot /MarkInfo /Lang /OutputIntents /OCProperties".split()
)
_PAGE = frozenset(
    "/Type /Parent /Resources /MediaBox /CropBox /BleedBox /TrimBox /ArtBox /Contents /Rotate /Group /Annots"
    " /StructParents /UserUnit /Tabs /Dur /Trans /VP".split()
)
_ANNOTATION = frozenset(
    "/Type /Subtype /Rect /F /AP /AS /Border /C /StructParent /OC /P /A /Dest /H /QuadPoints /BS /BE /IC /InkList /L"
    " /LE /LL /LLE /Vertices /CL /RD /DA /DS /Q /Rotate /CA /ca /Name".split()
)
_FIELD = frozenset("/FT /Parent /Kids /T /TU /Ff /V /DV /MK /Opt /MaxLen /TI /I".split())
_SHOWN = frozenset(
    "/Link /FreeText /Line /Square /Circle /Polygon /PolyLine /Highlight /Underline /Squiggly /StrikeOut /Stamp /Ink"
    " /Widget /Watermark".split()
)
_NOTES = frozenset(
    "/Text /Popup /Caret /FileAttachment /Sound /Movie /Screen /3D /RichMedia /Projection /PrinterMark /TrapNet".split()
)
_PRIVATE = frozenset(
    "/Metadata /PieceInfo /LastModified /Thumb /AA /AF /EF /RF /JS /OPI /Alternates /SpiderInfo /CreatorInfo"
    " /PTEX.FileName /PTEX.InfoDict /PTEX.PageNumber".split()
)
_COPIED = frozenset(("/FlateDecode", "/DCTDecode", "/JPXDecode", "/CCITTFaxDecode", "/JBIG2Decode"))
_WEB = re.compile(r"(?i)(https?|mailto|tel|ftp):")


def strip_pdf(data: bytes) -> bytes:
    """The file rewritten, or `data` itself where it is sealed. Raises Finding, a ValueError, if unreadable."""
    from pikepdf import ObjectStreamMode, StreamDecodeLevel

    with warnings.catch_warnings(action="ignore"), opened(data) as file:
        if sealed(file):
            return data
        for page in pages(file):
            _clean_page(page)
        copied = True
        for thing, entries in containers(file, Budget()):
            copied = copied and _copied(entries)
            _clean(thing, entries)
        _clean_catalogue(file)
        target = BytesIO()
        file.save(
            target,
            deterministic_id=True,
            fix_metadata_version=False,
            compress_streams=copied,
            object_stream_mode=ObjectStreamMode.generate,
            stream_decode_level=StreamDecodeLevel.none,
        )
        return target.getvalue()


def _copied(entries: Entries) -> bool:
    """Whether the library copies a stream byte for byte, rather than inflate what may be a bomb to deflate it again."""
    return "/Filter" not in entries or text(entries, "/Filter") in _COPIED


def _clean(thing: Object, entries: Entries) -> None:
    """Takes out of one dictionary or stream what no page shows."""
    _drop(thing, _PRIVATE.intersection(entries.keys()))
    if "/Rect" in entries and text(entries, "/Subtype") in _SHOWN | _NOTES:
        _clean_annotation(thing)
    action = inner(entries, "/A")
    if action is not None and "/S" in action and not _harmless(action):
        _drop(thing, ("/A",))
    if kind := image_kind(thing, entries):
        _clean_image(thing, kind)


def _harmless(action: Dictionary) -> bool:
    """Whether an action leads to a place of this file or of the web; what should follow it is taken off."""
    _drop(action, ("/Next",))
    kind = text(action, "/S")
    return kind in {"/GoTo", "/Named"} or (kind == "/URI" and _WEB.match(text(action, "/URI")) is not None)


def _clean_annotation(note: Object) -> None:
    """Leaves of an annotation what it shows on the page; of a note to a reader nothing."""
    kind = text(note, "/Subtype")
    if _unseen(note):
        keep = frozenset(("/Type", "/Subtype", "/Rect"))
    elif kind == "/FreeText" and "/AP" not in note:
        keep = _ANNOTATION | {"/Contents"}
    else:
        keep = _ANNOTATION | _FIELD if kind == "/Widget" else _ANNOTATION
    _keep(note, keep)
    look = inner(note, "/AP")
    if look is not None and kind != "/Widget":
        _keep(look, frozenset(("/N",)))


def _unseen(note: Object) -> bool:
    """Whether nothing of an annotation belongs to the page."""
    kind = text(note, "/Subtype")
    return kind not in _SHOWN or (kind != "/Widget" and bool(flags(note, "/F") & (HIDDEN | NO_VIEW)))


def _clean_image(image: Any, kind: str) -> None:
    raw = image.read_raw_bytes()
    cleaned = strip_image(kind, raw)
    if cleaned != raw:
        image.write(cleaned, filter=image.get("/Filter"), decode_parms=image.get("/DecodeParms"))


def _clean_catalogue(file: Pdf) -> None:
    _keep(file.trailer, frozenset(("/Root", "/Size", "/ID")))
    _keep(file.Root, _CATALOGUE)
    names = inner(file.Root, "/Names")
    if names is not None:
        _keep(names, frozenset(("/Dests",)))


def _clean_page(page: Dictionary) -> None:
    from pikepdf import Array, Dictionary

    _keep(page, _PAGE)
    notes = page.get("/Annots")
    if isinstance(notes, Array):
        shown = [note for note in notes if isinstance(note, Dictionary) and not _unseen(note)]
        for note in shown:
            _clean_annotation(note)
        page["/Annots"] = Array(shown)


def _keep(thing: Object, keys: frozenset[str]) -> None:
    """Deletes every entry of a dictionary but `keys`."""
    _drop(thing, set(thing.keys()) - keys)


def _drop(thing: Object, keys: Iterable[str]) -> None:
    """Deletes `keys`; one whose value is null is as good as absent, and the library says so with an error."""
    for key in keys:
        if key in thing:
            del thing[key]
