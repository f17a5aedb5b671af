"""What may be attached: kinds by suffix and by content, limits, and what a check finds (pure)."""

from __future__ import annotations

from dataclasses import dataclass

MIB = 1 << 20
MAX_FILE = 64 * MIB
MAX_MEMBERS = 5_000
MAX_MEMBER = 128 * MIB
MAX_TOTAL = 500_000_000
MAX_RATIO = 100
MAX_PIXELS = 50_000_000
MAX_PAGES = 5_000
MAX_XML = 16 * MIB
"""One XML part: a tree takes up to thirty times as much."""
MAX_XML_TOTAL = 24 * MIB
MAX_NODES = 2_000_000
"""XML parts, and values in PDF files, of one attachment with all that is in it: reading them is what takes time."""

OOXML = {
    "docx": b"wordprocessingml.document.main+xml",
    "xlsx": b"spreadsheetml.sheet.main+xml",
    "pptx": b"presentationml.presentation.main+xml",
}
"""Office Open XML: kind -> the main part's content type."""

ODF = {
    "odt": b"application/vnd.oasis.opendocument.text",
    "ods": b"application/vnd.oasis.opendocument.spreadsheet",
    "odp": b"application/vnd.oasis.opendocument.presentation",
}
"""OpenDocument: kind -> its `mimetype`."""

IMAGES = ("jpeg", "png", "webp", "gif")
TEXTS = ("csv", "txt")
KINDS = (*IMAGES, *TEXTS, "pdf", "ofd", *OOXML, *ODF, "zip")
SUFFIXES = {kind: kind for kind in KINDS} | {"jpg": "jpeg"}
"""Suffix in lower case, without the dot -> kind."""

_MAGIC = {
    b"\xff\xd8\xff": "jpeg",
    b"\x89PNG\r\n\x1a\n": "png",
    b"GIF87a": "gif",
    b"GIF89a": "gif",
    b"%PDF-": "pdf",
    b"PK\x03\x04": "zip",
    b"PK\x05\x06": "zip",
}
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


class Finding(ValueError):  # noqa: N818 - yielded as well as raised
    """What a check found: the fault's code and values. Yielded; raised where reading cannot go on."""

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(code, *values.values())
        self.code, self.values = code, values


@dataclass(slots=True)
class Budget:
    """What reading one attachment may still cost, the members of a zip together: XML in bytes, values in PDF files."""

    xml: int = MAX_XML_TOTAL
    nodes: int = MAX_NODES

    def spend_xml(self, size: int) -> None:
        """Takes an XML part of `size` bytes. Raises Finding where it or all together are too large."""
        self.xml -= size
        if size > MAX_XML or self.xml < 0:
            raise Finding(
                "A106", what="文字和表格的大小", limit=f"{MAX_XML // MIB} MiB（全部 {MAX_XML_TOTAL // MIB} MiB）"
            )

    def spend_nodes(self, count: int) -> None:
        """Takes `count` values. Raises Finding where there are too many."""
        self.nodes -= count
        if self.nodes < 0:
            raise Finding("A106", what="PDF 对象数", limit=MAX_NODES)


def suffix_kind(name: str) -> str:
    """The kind that the suffix of `name` promises. Raises Finding for a suffix that is not accepted."""
    kind = SUFFIXES.get(name.rpartition(".")[2].lower()) if "." in name else None
    if kind is None:
        raise Finding("A101", documents=_listed(*TEXTS, "pdf", "ofd", *OOXML, *ODF, "zip"), images=_listed(*IMAGES))
    return kind


def _listed(*kinds: str) -> str:
    return "、".join(kinds)


def magic(data: bytes) -> str:
    """What the first bytes say: an image, `pdf`, `zip` (any container), or `text`. Raises Finding if encrypted."""
    for start, kind in _MAGIC.items():
        if data.startswith(start):
            return kind
    if data.startswith(_OLE) and _ENCRYPTED in data:
        raise Finding("A104")
    return "webp" if data.startswith(b"RIFF") and data[8:12] == b"WEBP" else "text"
