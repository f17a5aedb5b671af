"""`amend` and `withdraw`: the lawful ways to change what was published. Touches the content folder."""

from __future__ import annotations

import json
import os
import re
import shutil
from pathlib import Path

from plugins.build import report
from plugins.build.builder import prepared, site_of
from plugins.build.clock import moment
from plugins.build.ledger import Ledger
from plugins.build.settings import Settings
from plugins.models.record import Record
from plugins.models.types import TYPES
from plugins.readers.tree import MAX_BYTES, read_bytes

_NOTE = re.compile(r"^(change_note|修改说明)\s*:.*(?:\n[ \t]+.*)*\n?", re.MULTILINE)
_KEPT = (
    "title",
    "number",
    "issuer",
    "signed",
    "published",
    "topic",
    "index",
    "disclosure",
    "secrecy_review",
    "sign_off",
)


def amend(settings: Settings, name: str) -> int:
    """Keeps the published text of a document beside it, as `<slug>.<day>.md`, and asks for a change note.

    The day is that of the text's own publication. Comes before the edit: what it keeps must be what was published.
    """
    found = _find(settings, name)
    if isinstance(found, str):
        return report.outside(found)
    record, last, present = found
    if not last:
        return report.outside(f"“{record.id}”还没有发布过，可以直接修改")
    if present != last[1]:
        return report.outside("正文已经改过了；请先恢复成已发布的文本，运行 amend，再修改")
    source = settings.content / record.source
    names = (f"{record.slug}.{last[0][:10]}{again}.md" for again in ("", *(f"-{n}" for n in range(2, 10))))
    kept = next((path for name in names if not (path := source.with_name(name)).exists()), None)
    if kept is None:
        return report.outside("同一天的文本最多保留九份")
    text = read_bytes(source, MAX_BYTES)
    _write(kept, text)
    header, _, body = text.decode().removeprefix("---\n").partition("\n---")
    header = _NOTE.sub("", header + "\n").rstrip("\n")
    _write(source, f"---\n{header}\nchange_note:\n---{body}".encode())
    report.line(
        f"已把 {last[0][:10]} 发布的文本保留为 {kept.name}；请修改正文，并在 change_note 中写明改了什么、为什么"
    )
    return 0


def withdraw(settings: Settings, name: str, reason: str) -> int:
    """Leaves a tombstone: the header without text, with day and reason; attachments and earlier texts go."""
    if not reason.strip() or reason.strip()[0] in "=+-@＝＋－＠":
        return report.outside("请用 --reason 写明撤下的原因，不以 = + - @ 开头")
    found = _find(settings, name)
    if isinstance(found, str):
        return report.outside(found)
    if not found[1]:
        return report.outside(f"“{found[0].id}”还没有发布过，不用撤下，直接删去文件即可")
    record, source = found[0], settings.content / found[0].source
    model = TYPES[record.kind]
    names = [n for n, f in model.model_fields.items() if n in record.fields and (f.is_required() or n in _KEPT)]
    fields = {n: record.fields[n] for n in names}
    fields["withdrawn"] = {"date": moment(settings.as_of)[:10], "reason": reason.strip()}
    header = "".join(f"{n}: {json.dumps(value, ensure_ascii=False)}\n" for n, value in fields.items())
    _write(source, f"---\n{header}---\n".encode())
    for kept in source.parent.glob(f"{record.slug}.*-*-*.md"):
        kept.unlink()
    shutil.rmtree(source.with_suffix(""), ignore_errors=True)
    report.line(f"{record.path} 已改为撤下说明；发布之后，原网址显示撤下的日期和原因")
    return 0


def _find(settings: Settings, name: str) -> tuple[Record, tuple[str, str] | None, str] | str:
    """The record, (moment, hash) of its last event, and the hash of its present text; or what is wrong, in words."""
    book = Ledger(settings.datasets)
    with prepared(settings) as (content, maker):
        register = content.context.register
        if register.identity is None:
            return "缺少 site.yml"
        record = register.find(name.removeprefix("content/"))
        if record is None:
            return f"找不到“{name}”；请写编号（如 policies/2026/x）或发文字号"
        if record.withdrawn:
            return f"“{record.id}”已经撤下"
        texts = maker.texts(site_of(content))
        entry = book.before.get(record.id)
        return record, (entry.moment, entry.sha256) if entry else None, texts.get(record.id, "")


def _write(path: Path, data: bytes) -> None:
    """Replaces a file whole."""
    part = path.with_name(f".{path.name}.part")
    part.write_bytes(data)
    os.replace(part, path)
