"""Parquet: sorted by key in groups of 10,000 rows, so that a reader by byte range finds a row in few bytes (pure).

Only the key's columns and eight bytes a row are in memory for the order; of the rest, what goes into one part.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from plugins.formats.tables.columns import Columns

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np
    import pyarrow as pa

    from plugins.formats.views import Loader, View


def render(view: View, load: Loader) -> Path:
    """`{"made", "names", "key", "part", "parts", "group"}`: part `part` of the typed table `made`, counted from 0.

    `key` are the numbers of the key's columns, `group` the rows of a row group. All parts one after the other are the
    whole table in its order.
    """
    import pyarrow.parquet as pq

    columns, target = Columns(load.path(view["made"])), load.scratch()
    table = _part(columns, view)
    with pq.ParquetWriter(
        str(target), table.schema, compression="snappy", write_statistics=True, write_page_index=True
    ) as writer:
        for start in range(0, table.num_rows, view["group"]):
            writer.write_table(table.slice(start, view["group"]).combine_chunks(), row_group_size=view["group"])
    return target


def _part(columns: Columns, view: View) -> pa.Table:
    """The rows of the part, sorted."""
    import pyarrow as pa

    if view["parts"] == 1:
        table = pa.Table.from_batches([columns.typed(batch, view["names"]) for batch in columns])
    else:
        table = pa.Table.from_batches(list(_chosen(columns, view)))
    return _sorted(table, [view["names"][n] for n in view["key"]])


def _sorted(table: pa.Table, key: list[str]) -> pa.Table:
    """By the values of the key; the order of the file where it has none."""
    import numpy as np
    import pyarrow.compute as pc

    if not key:
        return table
    order = pc.sort_indices(table.select(key), [(name, "ascending") for name in key])
    if np.array_equal(order.to_numpy(), np.arange(len(order))):
        return table
    return table.take(order)


def _chosen(columns: Columns, view: View) -> Iterator[pa.RecordBatch]:
    """What belongs into the part, in the order of the file."""
    import pyarrow as pa

    ranks, at = _ranks(columns, view["key"]), 0
    first, last = (len(ranks) * n // view["parts"] for n in (view["part"], view["part"] + 1))
    for batch in columns:
        here = ranks[at : at + batch.num_rows]
        at += batch.num_rows
        mine = (here >= first) & (here < last)
        yield columns.typed(batch, view["names"]).filter(pa.array(mine))


def _ranks(columns: Columns, key: list[int]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """The place of every row in the order of the whole table."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    names = [str(n) for n in key]
    if not key:
        return np.arange(sum(batch.num_rows for batch in columns))
    keys = [pa.RecordBatch.from_arrays([columns.value(batch, n) for n in key], names=names) for batch in columns]
    order = pc.sort_indices(pa.Table.from_batches(keys), [(name, "ascending") for name in names]).to_numpy()
    ranks = np.empty(len(order), np.int64)
    ranks[order] = np.arange(len(order))
    return ranks
