"""What a page says of a judged table: counts per column and its first rows. Imports pandas, inside functions only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from plugins.models.faults import Fault, fault
from plugins.models.package import READING, Table
from plugins.readers.arrow import batches
from plugins.readers.fields import names
from plugins.readers.figures import Figures
from plugins.readers.private_cells import Cells
from plugins.readers.unjudged import Unjudged

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    import pyarrow as pa

    from plugins.readers.judge import Evidence

HEAD = 100
MAX_SHOWN = 1000
ROWS = 65_536
"""Rows that are looked at together: enough to be fast, little enough for memory."""


def table(folder: Path, path: str, item: Evidence, rows: int, plain: bool) -> tuple[Table, list[Fault]]:
    """The record of a table that keeps its schema, and what the judge does not look for in its cells.

    A table that is not `plain` is read by pandas, and where that finds other rows or columns it is a fault. Raises
    ValueError where pandas cannot read it.
    """
    source, schema = item.source, item.source.schema or {}
    missing = schema.get("missingValues", [""])
    first = 2 if source.header else 1
    figures = [Figures(f, missing) for f in schema["fields"]]
    private = [Cells(f, missing) for f in schema["fields"]]
    unjudged = Unjudged(schema, first)
    head: list[tuple[str, ...]] = []
    read = 0
    for batch in _whole(_parts(folder, item, plain)):
        for column, (counted, looked) in enumerate(zip(figures, private, strict=True)):
            counted.feed(batch.column(column))
            looked.feed(batch.column(column))
        unjudged.feed(batch)
        head += _head(batch, HEAD - len(head))
        read += batch.num_rows
    faults = [] if read == rows else [fault("P326", path, note=f"两种方法读得的行列数不同（{rows} 行，{read} 行）")]
    for looked in private:
        faults += looked.faults(path, first)
    faults += unjudged.faults(path)
    judged = Table(
        name=source.name,
        title=source.title,
        path=source.path,
        bytes=item.file.bytes,
        sha256=item.file.sha256,
        rows=rows,
        encoding=source.encoding,
        fields=tuple(_field(f, counted) for f, counted in zip(schema["fields"], figures, strict=True)),
        head=tuple(head),
        primary_key=tuple(names(schema.get("primaryKey"))),
        layout=item.layout(plain),
        missing_values=tuple(missing),
    )
    return judged, faults


def _parts(folder: Path, item: Evidence, plain: bool) -> Iterator[pa.RecordBatch]:
    columns = [str(f["name"]) for f in (item.source.schema or {})["fields"]]
    file = folder / item.source.path
    return batches(file, item.layout(plain), columns) if plain else _second(file, item, columns)


def _second(file: Path, item: Evidence, columns: Sequence[str]) -> Iterator[pa.RecordBatch]:
    """The rows as pandas reads them, every cell as text, none guessed to be missing."""
    import pandas as pd
    import pyarrow as pa

    source = item.source
    frames = pd.read_csv(
        file,
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
        chunksize=ROWS,
    )
    with frames:
        for number, whole in enumerate(frames):
            frame = whole.iloc[1:] if source.header and not number else whole
            if frame.shape[1] != len(columns):
                raise ValueError(f"{frame.shape[1]} columns")
            cells = [pa.array(frame[n].tolist(), pa.string(), from_pandas=True) for n in range(len(columns))]
            if any(column.null_count for column in cells):
                raise ValueError("a short row")
            yield pa.RecordBatch.from_arrays(cells, names=columns)


def _whole(parts: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Batches of ROWS rows, the last with what is left: findings are the same however the file was cut."""
    import pyarrow as pa

    waiting: list[pa.RecordBatch] = []
    for part in parts:
        waiting.append(part)
        while sum(w.num_rows for w in waiting) >= ROWS:
            joined = pa.concat_batches(waiting)
            yield joined.slice(0, ROWS)
            waiting = [joined.slice(ROWS)] if joined.num_rows > ROWS else []
    if waiting:
        yield pa.concat_batches(waiting)


def _head(batch: pa.RecordBatch, count: int) -> Iterator[tuple[str, ...]]:
    """The first `count` rows; a cell that holds a book is cut."""
    columns = [column.to_pylist() for column in batch.slice(0, max(0, count)).columns]
    for row in zip(*columns, strict=True):
        yield tuple(cell if len(cell) <= MAX_SHOWN else cell[: MAX_SHOWN - 1] + "…" for cell in row)


def _field(field: Mapping[str, Any], figures: Figures) -> dict[str, Any]:
    kept: dict[str, Any] = {key: str(field.get(key, "")) for key in ("name", "title", "type", "description")}
    kept |= {key: field[key] for key in READING if key in field}
    kind = kept["type"] or "string"
    return kept | {"type": kind, "constraints": dict(field.get("constraints", {})), "summary": figures.value()}
