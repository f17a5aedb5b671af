"""PDF without trust: limits on the library that reads it, and what stands against publishing (pure; ISO 32000)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import TYPE_CHECKING, Any

from plugins.models.attachments import MAX_PAGES, MIB, Budget, Finding
from plugins.readers.attached_images import parts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pikepdf import Dictionary, Object, Pdf

    Entries = Mapping[str, Any] | Object

_TOKENS = (b" ", b"\n", b"\r", b"\t", b"[", b"<", b"(", b"/")
_MAX_TOKENS = 4_000_000
_PACKED = re.compile(
    rb"(?i)/(?:(?:F|#46)(?:i|#69)(?:r|#72)(?:s|#73)(?:t|#74)|(?:X|#58)(?:R|#52)(?:e|#65)(?:f|#66))(?![a-z0-9#])"
)
"""Names without which there is no object stream (`/First`) and no cross-reference stream (`/XRef`)."""
_MAX_INFLATED = 512 * MIB
_MAX_STREAM = 4 * MIB
_MAX_WARNINGS = 20_000
_LOST = "error decoding stream data"
"""How the library says that it could not inflate a stream of objects, which it then takes for empty."""
HIDDEN, NO_VIEW = 2, 32
"""Flags of an annotation."""


@contextmanager
def opened(data: bytes) -> Iterator[Pdf]:
    """The file behind `data`, read while the block runs. Raises Finding for what is locked or cannot be read."""
    import pikepdf
    from pikepdf.settings import set_qpdf_limits

    if sum(map(data.count, _TOKENS)) > _MAX_TOKENS:
        raise Finding("A106", what="结构的复杂程度", limit=_MAX_TOKENS)
    before: dict[str, Any] = set_qpdf_limits(**_limits(data))
    try:
        with pikepdf.open(BytesIO(data)) as file:
            if file.is_encrypted:
                raise Finding("A104")
            yield file
            if any(_LOST in str(warning) for warning in file.get_warnings()):
                raise Finding("A106", what="PDF 对象流大小", limit=f"{_MAX_STREAM // MIB} MiB")
    except pikepdf.PasswordError as error:
        raise Finding("A104") from error
    except pikepdf.PdfError as error:
        raise Finding("A103", reason="PDF 的结构不完整") from error
    finally:
        set_qpdf_limits(**before)


def _limits(data: bytes) -> dict[str, Any]:
    """Limits of the library. Page contents and images are never decoded: these bind what it must inflate to read."""
    memory = _MAX_INFLATED // max(_MAX_INFLATED // _MAX_STREAM, sum(1 for _ in _PACKED.finditer(data)))
    return {
        "parser_max_container_size": 1_000_000,
        "parser_max_nesting": 100,
        "max_stream_filters": 3,
        "doc_max_warnings": _MAX_WARNINGS,
        **{f"{name}_max_memory": memory for name in ("flate", "png", "tiff", "run_length")},
    }


def containers(file: Pdf, budget: Budget) -> Iterator[tuple[Object, Entries]]:
    """Every dictionary and stream of the file, those inside others too, each with its entries.

    Raises Finding beyond the budget.
    """
    from pikepdf import Array, Dictionary, Object, Stream

    for number in file.get_xref_table():  # `file.objects` would load all of them before the first is counted
        budget.spend_nodes(1)
        waiting: list[Object] = [file.get_object(number)]
        while waiting:
            item = waiting.pop()
            if isinstance(item, (Dictionary, Stream)):
                entries = dict(item.items())
                yield item, entries
                values = list(entries.values())
            elif isinstance(item, Array):
                values = list(item)
            else:
                continue
            budget.spend_nodes(1 + len(values))
            waiting += [v for v in values if isinstance(v, Object) and not v.is_indirect]


def pages(file: Pdf) -> list[Dictionary]:
    """The pages in order. Raises Finding where there are none, or too many."""
    count = len(file.pages)
    if count > MAX_PAGES:
        raise Finding("A106", what="页数", limit=MAX_PAGES)
    if not count:
        raise Finding("A103", reason="一页也没有")
    return [page.obj for page in file.pages]


def sealed(file: Pdf) -> bool:
    """Whether a field of the file's form holds a signature over its bytes."""
    from pikepdf import Array, Dictionary

    form = inner(file.Root, "/AcroForm")
    waiting = [form.get("/Fields")] if form is not None else []
    seen: set[tuple[int, int]] = set()
    while waiting:
        for field in items if isinstance(items := waiting.pop(), Array) else ():
            if not isinstance(field, Dictionary) or field.objgen in seen:
                continue
            value = inner(field, "/V")
            if value is not None and "/ByteRange" in value and "/Contents" in value:
                return True
            seen |= {field.objgen} if field.is_indirect else set()
            waiting.append(field.get("/Kids"))
    return False


def text(thing: Entries, key: str) -> str:
    """The name or string under `key`; empty where there is none of either."""
    from pikepdf import Name, String

    value = thing.get(key)
    return str(value) if isinstance(value, (Name, String)) else ""


def inner(thing: Entries, key: str) -> Dictionary | None:
    """The dictionary under `key`, if one is there."""
    from pikepdf import Dictionary

    value = thing.get(key)
    return value if isinstance(value, Dictionary) else None


def flags(thing: Entries, key: str) -> int:
    """The whole number under `key`, or 0."""
    value = thing.get(key)
    return value if isinstance(value, int) else 0


def check_pdf(data: bytes, budget: Budget) -> Iterator[Finding]:
    """Everything that stands against publishing a PDF, and a warning where it is sealed."""
    with opened(data) as file:
        pages(file)
        found: dict[str, Finding] = {}
        for thing, entries in containers(file, budget):
            for finding in _against(thing, entries):
                found.setdefault(str(finding), finding)
        seal = sealed(file)
        if seal:
            yield Finding("A111")
        yield from (f for f in found.values() if (f.code == "A105") == seal)
        if not seal and _hidden_layers(file):
            yield Finding("A109", what="图层", where="")


def _against(thing: Object, entries: Entries) -> Iterator[Finding]:
    """A105 counts in a sealed file only: from others, what runs is taken out."""
    kind = text(entries, "/Subtype")
    if text(entries, "/S") in {"/JavaScript", "/Launch"}:
        yield Finding("A105", what="脚本")
    elif kind == "/Redact":
        yield Finding("A109", what="未执行的密文标记", where="")
    elif kind == "/Widget" and flags(entries, "/F") & (HIDDEN | NO_VIEW) and ("/V" in entries or "/Parent" in entries):
        yield Finding("A109", what="表单域", where=f"“{text(entries, '/T')}”")
    if "/XFA" in entries and "/Fields" in entries:
        yield Finding("A110", what="动态表单（XFA）")
    if kind := image_kind(thing, entries):
        parts(kind, thing.read_raw_bytes())


def image_kind(thing: Object, entries: Entries) -> str:
    """`jpeg` or `jp2` for a stream that is such a file as it stands, else empty."""
    from pikepdf import Array, Stream

    named = entries.get("/Filter")
    if named is None or not isinstance(thing, Stream):
        return ""
    if isinstance(named, Array):
        named = named[0] if len(named) == 1 else None
    return {"/DCTDecode": "jpeg", "/DCT": "jpeg", "/JPXDecode": "jp2"}.get(str(named), "")


def _hidden_layers(file: Pdf) -> bool:
    from pikepdf import Array

    layers = inner(file.Root, "/OCProperties")
    default = inner(layers, "/D") if layers is not None else None
    if default is None:
        return False
    off = default.get("/OFF")
    return text(default, "/BaseState") == "/OFF" or (isinstance(off, Array) and len(off) > 0)
