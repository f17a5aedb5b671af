"""What may be attached to a document: bytes in, faults out (pure)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from plugins.models.attachments import IMAGES, MAX_FILE, MIB, ODF, OOXML, TEXTS, Budget, Finding, magic, suffix_kind
from plugins.models.faults import Fault, fault
from plugins.readers.attached_images import check_image
from plugins.readers.attached_odf import check_odf
from plugins.readers.attached_office import check_package
from plugins.readers.attached_pdf import check_pdf
from plugins.readers.attached_zip import Archive, kind_of

_LITTER = re.compile(r"(^|/)(__MACOSX/|\._|\.DS_Store$|Thumbs\.db$|desktop\.ini$)", re.IGNORECASE)


def check_attachment(name: str, data: bytes, path: str) -> Iterator[Fault]:
    """Every fault of the attachment `name` with the bytes `data`, found at `path`; never an exception."""
    for found in _findings(name, data, Budget()):
        values: dict[str, Any] = {"name": name} | found.values
        yield fault(found.code, path, **values)


def judged_kind(name: str, data: bytes) -> str:
    """The kind that suffix and content agree on. Raises Finding where they do not, or the kind is not accepted."""
    promised, found = suffix_kind(name), magic(data)
    if len(data) > MAX_FILE:
        raise Finding("A106", what="大小", limit=f"{MAX_FILE // MIB} MiB")
    if found == "zip":
        found = kind_of(Archive(data))
    if found == "text" and promised in TEXTS:
        return promised
    if found != promised:
        raise Finding("A102")
    return promised


def is_litter(name: str) -> bool:
    """Whether a member of a zip is what file managers leave behind: it is neither judged nor published."""
    return _LITTER.search(name) is not None


def _findings(name: str, data: bytes, budget: Budget) -> Iterator[Finding]:
    try:
        kind = judged_kind(name, data)
        yield from _CHECKS[kind](data, budget)
    except Finding as found:
        yield found


def _check_zip(data: bytes, budget: Budget) -> Iterator[Finding]:
    """The faults of the first member that has one: a zip of a thousand bombs costs one."""
    archive = Archive(data)
    for name in archive.names:
        if is_litter(name):
            continue
        if name.lower().endswith(".zip"):
            raise Finding("A108", member=name)
        found = [*_findings(name, archive.read(name), budget)]
        for finding in found:
            finding.values = {"name": name} | finding.values
        yield from found
        if any(f.code != "A111" for f in found):
            return


def _check_text(data: bytes, _: Budget) -> Iterator[Finding]:
    try:
        good = "\0" not in data.decode("utf-8")
    except UnicodeDecodeError:
        good = False
    if not good:
        yield Finding("A113")


def _check_ofd(data: bytes, _: Budget) -> Iterator[Finding]:
    Archive(data)
    yield Finding("A111")


def _image(kind: str) -> Check:
    return lambda data, _: check_image(kind, data)


Check = Callable[[bytes, Budget], Iterator[Finding]]

_CHECKS: dict[str, Check] = {
    **{kind: _image(kind) for kind in IMAGES},
    **dict.fromkeys(TEXTS, _check_text),
    **dict.fromkeys(OOXML, lambda data, budget: check_package(Archive(data), budget)),
    **dict.fromkeys(ODF, lambda data, budget: check_odf(Archive(data), budget)),
    "pdf": check_pdf,
    "ofd": _check_ofd,
    "zip": _check_zip,
}
