"""The typed table in file order, from which all other forms are made: an Arrow file (pure but for a scratch file).

Columns: `0`, `1`, … the cells as written, with a null's text still under it; `v0`, … the typed value where it is not
the text; `d0`, … a number in JSON's grammar, its digits as written. Not published.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from plugins.formats.tables.cells import WiderError, decimals, values
from plugins.readers.columnar import column_types, without

if TYPE_CHECKING:
    from pathlib import Path

    import pyarrow as pa

    from plugins.formats.views import Loader, View

_LARGE = 32 << 20
"""Bytes of a batch above which it is cut: what is made of one at a time is several times that."""


def render(view: View, load: Loader) -> Path:
    """`{"made", "layout", "fields", "missing"}`, where `made` is the original, as the typed table."""
    wide: set[int] = set()
    target = load.scratch()
    while (odd := _write(view, load, wide, target)) is not None:
        wide.add(odd)
    return target


def _write(view: View, load: Loader, wide: set[int], target: Path) -> int | None:
    """Writes the whole table; the number of a column that turned out to be wider, for which it begins again."""
    import pyarrow as pa

    from plugins.models.package import Layout
    from plugins.readers.arrow import batches

    fields, writer = view["fields"], None
    rows = batches(load.path(view["made"]), Layout(**view["layout"]), [f["name"] for f in fields])
    with pa.OSFile(str(target), "wb") as sink:
        for batch in rows:
            columns: dict[str, pa.Array] = {}
            for number, field in enumerate(fields):
                try:
                    columns |= _column(number, field, batch.column(number), view["missing"], number in wide)
                except WiderError:
                    return number
            made = pa.RecordBatch.from_pydict(columns)
            writer = writer or pa.ipc.new_file(sink, made.schema)
            writer.write_batch(made)
        if writer is not None:
            writer.close()
    return None


def _column(
    number: int, field: Mapping[str, Any], cells: pa.Array, missing: Sequence[str], wide: bool
) -> dict[str, pa.Array]:
    absent = field.get("missingValues", missing)
    if field["type"] not in column_types():
        return {f"{number}": _marked(cells, absent)}
    value = values(cells, field, missing, wide)
    found = {f"{number}": _marked(cells, absent), f"v{number}": value}
    if field["type"] == "number":
        found[f"d{number}"] = decimals(without(cells, absent), field)
    return found


def _marked(cells: pa.Array, absent: Sequence[str]) -> pa.Array:
    """`cells`, null where one is a missing value, whose text stays in the buffers."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    if not absent:
        return cells
    gone = pc.is_in(cells, value_set=pa.array(absent, pa.string()))
    if not pc.any(gone, min_count=0).as_py():
        return cells
    there = np.concatenate([np.ones(cells.offset, bool), pc.invert(gone).to_numpy(zero_copy_only=False)])
    bitmap = pa.py_buffer(np.packbits(there, bitorder="little").tobytes())
    return pa.Array.from_buffers(pa.string(), len(cells), [bitmap, *cells.buffers()[1:]], offset=cells.offset)


class Columns:
    """One typed table, opened; columns are named by their numbers."""

    def __init__(self, path: Path) -> None:
        import pyarrow as pa

        self._file = pa.ipc.open_file(pa.memory_map(str(path)))
        self._names = self._file.schema.names
        self.count = sum(name.isdigit() for name in self._names)

    def __iter__(self) -> Iterator[pa.RecordBatch]:
        """The rows in the file's order, cut into batches that are not large."""
        for number in range(self._file.num_record_batches):
            yield from _cut(self._file.get_batch(number))

    def type(self, number: int) -> pa.DataType:
        """The type of a column's values."""
        return self._file.schema.field(self._value(number)).type

    def value(self, batch: pa.RecordBatch, number: int) -> pa.Array:
        """A column's values, null where missing."""
        return batch.column(self._value(number))

    def typed(self, batch: pa.RecordBatch, names: Sequence[str]) -> pa.RecordBatch:
        """All columns' values under their names."""
        import pyarrow as pa

        return pa.RecordBatch.from_arrays([self.value(batch, n) for n in range(self.count)], names=list(names))

    def number(self, batch: pa.RecordBatch, number: int) -> pa.Array | None:
        """A number's digits; None where the column holds no numbers."""
        return batch.column(f"d{number}") if f"d{number}" in self._names else None

    def written(self, batch: pa.RecordBatch, number: int) -> pa.Array:
        """A column's cells as they stand in the file, none of them null."""
        import pyarrow as pa

        cells = batch.column(f"{number}")
        return pa.Array.from_buffers(pa.string(), len(cells), [None, *cells.buffers()[1:]], offset=cells.offset)

    def exact(self, number: int) -> bool:
        """Whether a double, and Excel, hold every value of a column of whole numbers: at most fifteen digits."""
        import pyarrow.compute as pc

        limit = 10**15
        for batch in self:
            found = pc.min_max(self.value(batch, number)).as_py()
            if found["min"] is not None and not -limit < found["min"] <= found["max"] < limit:
                return False
        return True

    def _value(self, number: int) -> str:
        return f"v{number}" if f"v{number}" in self._names else f"{number}"


def _cut(batch: pa.RecordBatch) -> Iterator[pa.RecordBatch]:
    if batch.nbytes <= _LARGE or batch.num_rows == 1:
        yield batch
    else:
        half = batch.num_rows // 2
        yield from _cut(batch.slice(0, half))
        yield from _cut(batch.slice(half))
