"""What a page says of a judged table: counts per column and its first rows. Imports pandas, inside functions only."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any

from plugins.models.faults import Fault, fault
from plugins.models.package import READING, Table
from plugins.readers.fields import names
from plugins.readers.private_cells import check_cells

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from pandas import DataFrame

    from plugins.readers.judge import Evidence

HEAD = 100
MAX_SHOWN = 1000
_AROUND = re.compile(r"^[^\d+\-.]+|[^\d.]+$")


def table(folder: Path, path: str, item: Evidence, rows: int) -> tuple[Table, list[Fault]]:
    """The record of a table that keeps its schema; a fault where a second reader counts other rows or columns."""
    source, schema = item.source, item.source.schema or {}
    frame = _frame(folder, item)
    faults = []
    if frame.shape != (rows, len(schema["fields"])):
        faults.append(fault("P326", path, note=f"两种方法读得的行列数不同（{rows} 行，{frame.shape[0]} 行）"))
    columns = [frame[n].tolist() if n in frame else [] for n in range(len(schema["fields"]))]
    faults += check_cells(schema, columns, path, 2 if source.header else 1)
    head = tuple(tuple(_shown(cell) for cell in row) for row in frame.head(HEAD).itertuples(index=False))
    missing = schema.get("missingValues", [""])
    judged = Table(
        name=source.name,
        title=source.title,
        path=source.path,
        bytes=item.file.bytes,
        sha256=item.file.sha256,
        rows=rows,
        encoding=source.encoding,
        fields=tuple(_field(f, c, missing) for f, c in zip(schema["fields"], columns, strict=True)),
        head=head,
        primary_key=tuple(names(schema.get("primaryKey"))),
        layout=item.layout(),
        missing_values=tuple(missing),
    )
    return judged, faults


def _frame(folder: Path, item: Evidence) -> DataFrame:
    """Every cell as text, no cell guessed to be missing."""
    import pandas as pd

    source = item.source
    frame = pd.read_csv(
        folder / source.path,
        sep=source.delimiter,
        quotechar=source.quote,
        skipinitialspace=source.skip_space,
        encoding="utf-8-sig" if item.file.marked else source.encoding,
        header=None,
        dtype=object,
        na_filter=False,
        skip_blank_lines=False,
        compression=None,
        engine="c",
    )
    return frame.iloc[1:] if source.header else frame


def _shown(cell: str) -> str:
    """A cell for a page: one that holds a book is cut."""
    return cell if len(cell) <= MAX_SHOWN else cell[: MAX_SHOWN - 1] + "…"


def _field(field: Mapping[str, Any], cells: Sequence[str], missing: Sequence[str]) -> dict[str, Any]:
    kept: dict[str, Any] = {key: str(field.get(key, "")) for key in ("name", "title", "type", "description")}
    absent = frozenset(field.get("missingValues", missing))
    present = [cell for cell in cells if cell not in absent]
    summary: dict[str, Any] = {"missing": len(cells) - len(present), "distinct": len(set(present))}
    summary |= _numbers(field, present)
    kind = kept["type"] or "string"
    kept |= {key: field[key] for key in READING if key in field}
    return kept | {"type": kind, "constraints": dict(field.get("constraints", {})), "summary": summary}


def _numbers(field: Mapping[str, Any], cells: Sequence[str]) -> dict[str, str]:
    """Smallest, largest and mean as Python writes them; a year has no mean. Sums are exact, so the same everywhere."""
    convert = _NUMBERS.get(str(field.get("type")))
    if convert is None:
        return {}
    try:
        values = [convert(_bare(cell, field)) for cell in cells]
    except ValueError:
        return {}
    values = [v for v in values if not isinstance(v, float) or math.isfinite(v)]
    if not values:
        return {}
    found = {"min": repr(min(values)), "max": repr(max(values))}
    if field["type"] != "year":
        found["mean"] = _mean(values)
    return found


def _number(text: str) -> int | float:
    """A whole number stays one, so that `4` is not shown as `4.0`."""
    return int(text) if text.lstrip("+-").isdecimal() else float(text)


_NUMBERS: Mapping[str, Callable[[str], int | float]] = {"integer": int, "year": int, "number": _number}


def _mean(values: Sequence[int | float]) -> str:
    try:
        total = sum(values) if all(isinstance(v, int) for v in values) else math.fsum(values)
        return repr(total / len(values))
    except OverflowError:
        return ""


def _bare(cell: str, field: Mapping[str, Any]) -> str:
    text = cell.strip()
    if group := field.get("groupChar"):
        text = text.replace(group, "")
    if (decimal := field.get("decimalChar")) and decimal != ".":
        text = text.replace(decimal, ".")
    return text if field.get("bareNumber", True) else _AROUND.sub("", text)
