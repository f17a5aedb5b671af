"""`new`: a header with every field explained, derived from the columns. Touches the disk."""

from __future__ import annotations

from plugins.build import report
from plugins.build.clock import moment
from plugins.build.settings import Settings
from plugins.models.columns import columns
from plugins.models.document import Document
from plugins.models.types import TYPES


def write_new(settings: Settings, type_name: str, title: str) -> int:
    """Writes the draft `content/<folder>/<year>/<slug>.md`; returns the exit code."""
    known = {model.__name__.lower(): model for model in TYPES.values()}
    model = known.get(type_name.lower()) or next((m for m in TYPES.values() if m.label == type_name), None)
    if model is None:
        words = "、".join(f"{name}（{m.label}）" for name, m in known.items())
        return report.outside(f"没有“{type_name}”这种文件，可用：{words}")
    today = moment(settings.as_of)[:10]
    folder = settings.content / model.folder / ("" if model.folder in {"pages", "gazette"} else today[:4])
    folder.mkdir(parents=True, exist_ok=True)
    taken = {path.stem for path in (settings.content / model.folder).rglob("*.md")}
    prefix = (
        today[:4] if model.folder == "gazette" else f"{type_name.lower()[:2] if type_name.isascii() else 'x'}-{today}"
    )
    number = next(n for n in range(1, 10_000) if f"{prefix}-{n:02d}" not in taken)
    target = folder / f"{prefix}-{number:02d}.md"
    target.write_text(_header(model, title, today), encoding="utf-8")
    report.line(f"已新建 {target}")
    return 0


def _header(model: type[Document], title: str, today: str) -> str:
    """Required fields first, the others as comments; a draft until its author says otherwise."""
    written = {"title": '"' + title.replace("\\", "").replace('"', "”") + '"', "signed": today, "status": "草稿"}
    written |= {"published": f"{today} 09:00"}
    lines = ["---"]
    for name, column in columns(model).items():
        value = written.get(name, column.example)
        required = model.model_fields[name].is_required() or name in written
        note = f"  # {column.label}" + (f"：{column.help}" if column.help else "")
        lines.append(("" if required else "# ") + f"{name}: {value}".rstrip() + note)
    return "\n".join([*lines, "---", "", "正文从这里开始。", ""])
