"""The fast accept: tables of which it is certain that the judge accepts them. Imports pyarrow, inside functions; reads.

It never refuses. Whatever it does not know, or only may be wrong, is a reason to ask the judge, whose report is what
people see; so a table is published for the same reasons as ever, most of them ten times as fast.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from plugins.readers.arrow import NotPlainError, strict
from plugins.readers.columnar import without_pandas
from plugins.readers.constraints import Column, DoubtError, EndlessPatternError, one_zero
from plugins.readers.datafile import open_chunks
from plugins.readers.fields import names

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    import pyarrow as pa

    from plugins.readers.judge import Evidence


@dataclass(frozen=True, slots=True)
class Verdict:
    """A table's number of rows, where there is no `reason` to ask the judge.

    `endless` names a column whose pattern would keep the judge busy for ever.
    """

    rows: int
    reason: str = ""
    endless: str = ""


@dataclass(slots=True)
class _Read:
    """What was read of one table: its rows, and the values of the columns that keys need."""

    rows: int = 0
    columns: dict[str, Column] = field(default_factory=dict)
    values: dict[str, list[pa.Array]] = field(default_factory=dict)

    def key(self, name: str) -> pa.ChunkedArray:
        """The values of a column, fit to be compared. Raises DoubtError."""
        import pyarrow as pa

        if name not in self.values or not self.columns[name].exact:
            raise DoubtError(f"key column {name!r}")
        return pa.chunked_array([one_zero(part) for part in self.values[name]])


def accept(folder: Path, evidence: Sequence[Evidence]) -> list[Verdict]:
    """One verdict for each table of a package. Raises OSError."""
    without_pandas()
    v2 = any(item.source.v2 for item in evidence)
    kept = [_kept(item, evidence) for item in evidence]
    tables: dict[str, _Read] = {}
    reasons: list[str] = []
    endless: dict[int, str] = {}
    for item, wanted in zip(evidence, kept, strict=True):
        try:
            _check_sums(folder, item)
            tables[item.source.name] = _read(folder, item, wanted, v2)
            reasons.append("")
        except (DoubtError, NotPlainError) as error:
            if isinstance(error, EndlessPatternError):
                endless[len(reasons)] = str(error)
            reasons.append(str(error))
    for number, item in enumerate(evidence):
        if not reasons[number]:
            reasons[number] = _keys(item, tables)
    found = (tables.get(item.source.name, _Read()).rows for item in evidence)
    return [Verdict(*pair, endless.get(n, "")) for n, pair in enumerate(zip(found, reasons, strict=True))]


def _keys(item: Evidence, tables: Mapping[str, _Read]) -> str:
    """Why the keys of a table may not hold, or ""."""
    try:
        _check_unique(item, tables[item.source.name])
        _check_foreign(item, tables)
    except DoubtError as error:
        return str(error)
    return ""


def _foreign(item: Evidence) -> list[tuple[list[str], str, list[str]]]:
    """(columns here, table, columns there) of every foreign key."""
    keys = (item.source.schema or {}).get("foreignKeys", ())
    here = item.source.name
    return [(names(k["fields"]), k["reference"].get("resource") or here, names(k["reference"]["fields"])) for k in keys]


def _kept(item: Evidence, evidence: Iterable[Evidence]) -> set[str]:
    """The columns of a table that some key needs."""
    schema = item.source.schema or {}
    kept = set(names(schema.get("primaryKey")))
    kept |= {f["name"] for f in schema["fields"] if f.get("constraints", {}).get("unique")}
    for other in evidence:
        for here, table, there in _foreign(other):
            kept |= set(here) if other is item else set()
            kept |= set(there) if table == item.source.name else set()
    return kept


def _check_sums(folder: Path, item: Evidence) -> None:
    sums = item.source.sums
    if "bytes" in sums and (type(sums["bytes"]) is not int or sums["bytes"] != item.file.bytes):
        raise DoubtError("bytes")
    wanted = sums.get("hash", "")
    if wanted.startswith("sha256:"):
        if wanted != f"sha256:{item.file.sha256}":
            raise DoubtError("hash")
    elif wanted:
        digest = hashlib.md5(usedforsecurity=False)
        for chunk in open_chunks(folder / item.source.path):
            digest.update(chunk)
        if wanted.removeprefix("md5:") != digest.hexdigest():
            raise DoubtError("hash")


def _read(folder: Path, item: Evidence, kept: set[str], v2: bool) -> _Read:
    """Every cell of a table. Raises DoubtError and NotPlainError."""
    schema = item.source.schema or {}
    columns = [Column(f, schema.get("missingValues", [""]), v2) for f in schema["fields"]]
    found = _Read(columns={column.name: column for column in columns}, values={name: [] for name in kept})
    if len(found.columns) != len(columns):
        raise DoubtError("two columns of one name")
    for batch in strict(folder / item.source.path, item.layout(), [column.name for column in columns]):
        typed = [column.feed(cells) for column, cells in zip(columns, batch.columns, strict=True)]
        _check_blank(typed)
        for column, values in zip(columns, typed, strict=True):
            if column.name in kept:
                found.values[column.name].append(values)
        found.rows += batch.num_rows
    return found


def _check_blank(columns: Sequence[pa.Array]) -> None:
    """A row of missing values only is a blank one."""
    import pyarrow.compute as pc

    blank: Any = None
    for column in columns:
        if not column.null_count:
            return
        blank = column.is_null() if blank is None else pc.and_(blank, column.is_null())
    if pc.any(blank, min_count=0).as_py():
        raise DoubtError("a blank row")


def _check_unique(item: Evidence, table: _Read) -> None:
    import pyarrow as pa
    import pyarrow.compute as pc

    for column in table.columns.values():
        if column.rules.get("unique"):
            values = table.key(column.name)
            if pc.count_distinct(values).as_py() != len(values) - values.null_count:
                raise DoubtError(f"unique of column {column.name!r}")
    if primary := list(dict.fromkeys(names((item.source.schema or {}).get("primaryKey")))):
        keys = [table.key(name) for name in primary]
        if any(key.null_count for key in keys):
            raise DoubtError("a null in the primary key")
        if len(keys) == 1:
            distinct = pc.count_distinct(keys[0]).as_py()
        else:
            distinct = pa.table(keys, primary).group_by(primary, use_threads=False).aggregate([]).num_rows
        if distinct != table.rows:
            raise DoubtError("the primary key is not unique")


def _check_foreign(item: Evidence, tables: Mapping[str, _Read]) -> None:
    import pyarrow as pa
    import pyarrow.compute as pc

    here = tables[item.source.name]
    for columns, name, others in _foreign(item):
        there = tables.get(name)
        if there is None or len(columns) != len(others):
            raise DoubtError(f"a foreign key to {name!r}")
        left, right = [here.key(c) for c in columns], [there.key(c) for c in others]
        if [here.columns[c].kind for c in columns] != [there.columns[c].kind for c in others]:
            raise DoubtError("a foreign key of another type")
        if len(left) == 1:
            values = left[0].unique().drop_null()
            held = pc.all(pc.is_in(values, value_set=right[0].unique()), min_count=0).as_py()
        else:
            if any(key.null_count for key in (*left, *right)):
                raise DoubtError("a null in a foreign key")
            numbers = [str(n) for n in range(len(left))]
            missing = pa.table(left, numbers).join(
                pa.table(right, numbers), numbers, join_type="left anti", use_threads=False
            )
            held = not missing.num_rows
        if not held:
            raise DoubtError(f"a foreign key to {name!r}")
