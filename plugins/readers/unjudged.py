"""What the judge ignores in silence: `uniqueKeys`, `categories`, and cells that are formulas (pure; pyarrow).

Values are compared as the types say, `01` and `1` of an integer alike; a key with a missing value is no key (Data
Package v2, as in SQL).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from plugins.models.faults import Fault, fault, quoted
from plugins.readers.columnar import typed, without
from plugins.readers.constraints import one_zero
from plugins.readers.fields import names
from plugins.readers.private import redacted

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import pyarrow as pa

_FORMULA = "^(?:[=@＝＠\t\r]|[+＋－-][^0-9０-９.\\s+＋－-])"
"""How a cell begins that a spreadsheet takes for a formula (OWASP, CSV injection); a number with its sign or a dash is
none."""
LIMIT = 100
"""Faults of one key or one column."""


class Unjudged:
    """The keys and categories of one table; its rows are fed in batches of text, the first one of line `first`."""

    def __init__(self, schema: Mapping[str, Any], first: int) -> None:
        self._row = first
        self._missing = schema.get("missingValues", [""])
        self._fields = {str(f["name"]): f for f in schema["fields"]}
        self._keys = [names(key) for key in schema.get("uniqueKeys", ())]
        self._values: dict[str, list[pa.Array]] = {name: [] for key in self._keys for name in key}
        self._typed = dict.fromkeys(self._values, True)
        self._categories = {name: categories(f) for name, f in self._fields.items() if f.get("categories")}
        texts = {n: f for n, f in self._fields.items() if f.get("type", "string") in ("string", "any")}
        self._texts = {n for n, f in texts.items() if f.get("cn:formulas") is not True}
        self._formulas: dict[str, tuple[int, int, str]] = {}
        self._first = first
        self._faults: list[tuple[str, int, str, dict[str, object]]] = []

    def feed(self, batch: pa.RecordBatch) -> None:
        """The next rows, columns in the order of the fields."""
        for number, name in enumerate(self._fields):
            if name in self._texts:
                self._look_for_formulas(name, batch.column(number))
            if name in self._values:
                self._values[name].append(batch.column(number))
            if name in self._categories:
                self._check_categories(name, batch.column(number))
        self._row += batch.num_rows

    def faults(self, path: str) -> Iterator[Fault]:
        """All of them, once everything was fed."""
        for code, line, name, values in self._faults:
            yield fault(code, path, line, name, **values)
        for name, (count, line, cell) in self._formulas.items():
            yield fault("P350", path, line, quoted(name), field=name, count=count, cell=redacted(cell))
        for key in self._keys:
            label = quoted("、".join(key))
            for number, (row, first) in enumerate(self._repeated(key)):
                if number == LIMIT:
                    yield fault("P304", path, limit=LIMIT)
                    break
                shown = "、".join(redacted(str(self._cell(name, row))) for name in key)
                yield fault("P328", path, self._first + row, label, cell=shown, first=self._first + first)

    def _check_categories(self, name: str, cells: pa.Array) -> None:
        import pyarrow as pa
        import pyarrow.compute as pc

        field, allowed = self._fields[name], self._categories[name]
        present = without(cells, field.get("missingValues", self._missing))
        known = _values(pa.array(allowed, pa.string()), field, [])
        found = _values(present, field, [])
        if found.type != known.type:
            known = known.cast(pa.string())
        odd = pc.invert(pc.or_(pc.is_in(found, value_set=known), present.is_null()))
        for row in pc.indices_nonzero(odd).to_pylist()[: LIMIT + 1]:
            if sum(1 for f in self._faults if f[2] == quoted(name)) == LIMIT:
                return
            values: dict[str, object] = {
                "field": name,
                "cell": redacted(cells[row].as_py()),
                "words": "、".join(allowed),
            }
            self._faults.append(("P329", self._row + row, quoted(name), values))

    def _look_for_formulas(self, name: str, cells: pa.Array) -> None:
        """Counts the cells of a column that a spreadsheet would run; the first is told."""
        import pyarrow.compute as pc

        rows = pc.indices_nonzero(pc.match_substring_regex(cells, _FORMULA))
        if len(rows):
            count, line, cell = self._formulas.get(
                name, (0, self._row + rows[0].as_py(), cells[rows[0].as_py()].as_py())
            )
            self._formulas[name] = (count + len(rows), line, cell)

    def _repeated(self, key: Sequence[str]) -> Iterator[tuple[int, int]]:
        """(row, first row of the same key), counted from 0; found only where there are fewer keys than rows."""
        import pyarrow as pa

        columns = [self._whole(name) for name in key]
        table = pa.table(columns, [str(n) for n in range(len(key))]).drop_null()
        if table.group_by(table.column_names, use_threads=False).aggregate([]).num_rows == table.num_rows:
            return
        seen: dict[tuple[Any, ...], int] = {}
        for row, cells in enumerate(zip(*(column.to_pylist() for column in columns), strict=True)):
            if None not in cells and seen.setdefault(cells, row) != row:
                yield row, seen[cells]

    def _whole(self, name: str) -> pa.Array:
        """A column as its type says."""
        import pyarrow as pa

        return _values(pa.concat_arrays(self._values[name]), self._fields[name], self._missing)

    def _cell(self, name: str, row: int) -> Any:
        import pyarrow as pa

        return pa.chunked_array(self._values[name])[row].as_py()


def categories(field: Mapping[str, Any]) -> list[str]:
    """The values of a field's categories, each written alone or as `{"value", "label"}`."""
    return [str(c.get("value") if isinstance(c, dict) else c) for c in field["categories"]]


def _values(cells: pa.Array, field: Mapping[str, Any], missing: Sequence[str]) -> pa.Array:
    """Typed values; where some cell is odd, what the judge reads, as text."""
    import pyarrow as pa

    found = typed(cells, field, missing)
    if found is not None:
        return one_zero(found)
    import frictionless

    kept = {k: v for k, v in field.items() if k not in {"constraints", "categories", "categoriesOrdered"}}
    read = frictionless.Field.from_descriptor({**kept, "missingValues": field.get("missingValues", list(missing))})
    texts = {cell: read.read_cell(cell)[0] for cell in cells.unique().to_pylist() if cell is not None}
    return pa.array([None if texts.get(c) is None else _text(texts[c]) for c in cells.to_pylist()], pa.string())


def _text(value: Any) -> str:
    """Equal values as equal texts."""
    return str(value.normalize() if hasattr(value, "normalize") else value)
