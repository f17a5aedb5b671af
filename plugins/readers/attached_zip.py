"""Zip containers read without trust: names, numbers and sizes before anything is inflated (pure)."""

from __future__ import annotations

import re
import stat
import unicodedata
import zlib
from io import BytesIO
from zipfile import BadZipFile, ZipFile, ZipInfo

from plugins.models.attachments import MAX_MEMBER, MAX_MEMBERS, MAX_RATIO, MAX_TOTAL, MIB, ODF, OOXML, Finding

_REFUSED = re.compile(r"[\\:\x00-\x1f\x7f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]|^/|//|^$")
_UTF8 = 0x800
_ENCRYPTED = 0x1


class Archive:
    """The regular members of a zip, by name; folders are left out. Raises Finding for what is refused."""

    def __init__(self, data: bytes) -> None:
        if data.count(b"PK\x01\x02") > 2 * MAX_MEMBERS:
            raise Finding("A106", what="文件个数", limit=MAX_MEMBERS)
        try:
            self._zip = ZipFile(BytesIO(data))
        except (BadZipFile, ValueError, NotImplementedError, OverflowError) as error:
            raise Finding("A103", reason="压缩包读不了") from error
        infos = self._zip.infolist()
        _check_sizes(infos, len(data))
        self._infos: dict[str, ZipInfo] = {}
        seen: set[str] = set()
        for info in infos:
            name = _name(info)
            folded = unicodedata.normalize("NFC", name).casefold()
            if folded in seen or not _allowed(name) or stat.S_ISLNK(info.external_attr >> 16):
                raise Finding("A107", member=name)
            seen.add(folded)
            if not name.endswith("/"):
                self._infos[name] = info

    @property
    def names(self) -> list[str]:
        """Names of all members, sorted."""
        return sorted(self._infos)

    def size(self, name: str) -> int:
        """Bytes of a member when inflated."""
        return self._infos[name].file_size

    def read(self, name: str) -> bytes:
        """A member's bytes: never more than it declared. Raises Finding where it is broken or absent."""
        try:
            return self._zip.read(self._infos[name])
        except KeyError as error:
            raise Finding("A103", reason=f"缺少 {name}") from error
        except (BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError) as error:
            raise Finding("A103", reason=f"{name} 读不了") from error


def _check_sizes(infos: list[ZipInfo], size: int) -> None:
    """The declared sizes, which `read` holds members to; overlapping members count more than the file holds."""
    if len(infos) > MAX_MEMBERS:
        raise Finding("A106", what="文件个数", limit=MAX_MEMBERS)
    if any(i.flag_bits & _ENCRYPTED for i in infos):
        raise Finding("A104")
    if sum(i.file_size for i in infos) > MAX_TOTAL or any(i.file_size > MAX_MEMBER for i in infos):
        raise Finding(
            "A106", what="解压后大小", limit=f"{MAX_TOTAL // 1_000_000} MB（每个文件 {MAX_MEMBER // MIB} MiB）"
        )
    if any(i.file_size > MAX_RATIO * max(i.compress_size, MIB // MAX_RATIO) for i in infos):
        raise Finding("A106", what="压缩比", limit=f"{MAX_RATIO}:1")
    if sum(i.compress_size for i in infos) > size:
        raise Finding("A103", reason="压缩包里的文件互相重叠")


def _name(info: ZipInfo) -> str:
    """The name as written; one without the UTF-8 flag is GBK on Chinese systems, which `zipfile` reads as CP437."""
    name = info.orig_filename
    if info.flag_bits & _UTF8 or name.isascii():
        return name
    raw = name.encode("cp437")
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return name


def _allowed(name: str) -> bool:
    parts = name.rstrip("/").split("/")
    return not (_REFUSED.search(name) or {".", ".."} & set(parts) or len(name) > 255)


def kind_of(archive: Archive) -> str:
    """`docx`, `ods`, `ofd` …, or `zip` where it is no document. Raises Finding for macros and templates."""
    names = set(archive.names)
    if "[Content_Types].xml" in names:
        types = archive.read("[Content_Types].xml") if archive.size("[Content_Types].xml") < MIB else b""
        for kind, wanted in OOXML.items():
            if wanted in types:
                return kind
        if b"macroEnabled" in types:
            raise Finding("A105", what="宏")
        raise Finding("A102")
    if "mimetype" in names:
        kinds = {mimetype: kind for kind, mimetype in ODF.items()}
        if found := kinds.get(archive.read("mimetype").strip() if archive.size("mimetype") < MIB else b""):
            return found
    return "ofd" if "OFD.xml" in names else "zip"
