"""One column against its type and constraints, batch by batch, with doubt counted as failure. Needs pyarrow (pure)."""

from __future__ import annotations

import re
import signal
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from plugins.readers.columnar import column_types, typed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    import pyarrow as pa

PATTERN_SECONDS = 1.0
"""CPU time for the cells of one batch to be compared with a pattern: a thousand times what an ordinary one needs."""
_BOUNDS = frozenset({"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"})
_ORDERED = frozenset({"integer", "number", "date", "datetime", "time", "year", "yearmonth"})
_LENGTHS = frozenset({"minLength", "maxLength"})
_KNOWN = _ORDERED | {"string", "any", "boolean"}
_MONTH = "^[0-9]{4}-(0[1-9]|1[0-2])$"
"""Months that stay text, for as text they are equal and ordered as the judge's pairs of numbers are."""
_DIGITS = 15
"""A decimal number of so many digits is one float and no other is: floats compare as the judge's decimals do."""
_NEAR = 1e-9


class DoubtError(ValueError):
    """Why a table is left to the judge (for logs, in English)."""


class EndlessPatternError(DoubtError):
    """A pattern takes so long that the judge must not even try; the argument is the column's name."""


class Column:
    """A column that is read; `exact` says that its values, as read, equal each other exactly when the judge's do."""

    def __init__(self, field: Mapping[str, Any], missing: Sequence[str], v2: bool) -> None:
        """Raises DoubtError for a type, a key or a constraint that is not known here."""
        self.name, self.kind = str(field["name"]), str(field.get("type", "string"))
        self.rules: Mapping[str, Any] = field.get("constraints", {})
        self.exact = True
        self._field, self._missing = field, missing
        self._check_schema(v2)
        self._bounds = {rule: self._value(value) for rule, value in self.rules.items() if rule in _BOUNDS}
        self._enum = self._values(self.rules["enum"]) if "enum" in self.rules else None
        self._pattern = re.compile(f"^{self.rules['pattern']}$") if "pattern" in self.rules else None

    def feed(self, cells: pa.Array) -> pa.Array:
        """The typed values of the next cells. Raises DoubtError."""
        values = typed(cells, self._field, self._missing)
        if values is None or not self._fits(values):
            raise self._doubt("type")
        if self.rules.get("required") and values.null_count:
            raise self._doubt("required")
        if self.kind == "number":
            self.exact = self.exact and _exact(cells)
        self._check_bounds(values)
        self._check_text(values)
        if self._enum is not None:
            self._check_enum(values)
        return values

    def _fits(self, values: pa.Array) -> bool:
        """Whether text that has no type in Arrow is in its own grammar."""
        import pyarrow.compute as pc

        if self.kind != "yearmonth":
            return True
        return bool(pc.all(pc.match_substring_regex(values, _MONTH), min_count=0).as_py())

    def _doubt(self, why: str) -> DoubtError:
        return DoubtError(f"{why} of column {self.name!r}")

    def _check_schema(self, v2: bool) -> None:
        if self.kind not in _KNOWN:
            raise self._doubt("type")
        if self.kind == "string" and self._field.get("format", "default") != "default":
            raise self._doubt("format")
        allowed = {"required", "unique", "enum"} | (_BOUNDS if self.kind in _ORDERED else set())
        if self.kind == "string":
            allowed |= _LENGTHS | {"pattern"}
        if not self.rules.keys() <= allowed or (
            not v2 and self.rules.keys() & {"exclusiveMinimum", "exclusiveMaximum"}
        ):
            raise self._doubt("constraints")
        flags = [self.rules.get(key, False) for key in ("required", "unique")]
        lengths = [self.rules.get(key, 0) for key in _LENGTHS]
        if any(type(flag) is not bool for flag in flags) or any(type(length) is not int for length in lengths):
            raise self._doubt("constraints")

    def _value(self, written: Any) -> Any:
        """A bound as a value of the column; a JSON number is none that has group marks."""
        import pyarrow as pa

        bare = {"type": self.kind} if type(written) in {int, float} else self._field
        fit = isinstance(written, str) or (bare is not self._field and self.kind in {"integer", "number", "year"})
        cells = pa.array([str(written)])
        values = typed(cells, {**bare, "missingValues": []}, []) if fit else None
        if values is None or not self._fits(values) or (self.kind == "number" and not _exact(cells)):
            raise self._doubt("bound")
        return values[0].as_py()

    def _values(self, written: Iterable[Any]) -> pa.Array:
        """The values of an enumeration."""
        import pyarrow as pa

        if self.kind == "boolean" and all(type(value) is bool for value in written):
            return pa.array(written, pa.bool_())
        if self.kind == "string" and not all(isinstance(value, str) for value in written):
            raise self._doubt("enum")
        return pa.array([self._value(value) for value in written], column_types().get(self.kind, pa.string()))

    def _check_bounds(self, values: pa.Array) -> None:
        import pyarrow.compute as pc

        if not self._bounds:
            return
        ends = pc.min_max(values).as_py()
        low, high = ends["min"], ends["max"]
        if low is None:
            return
        for rule, bound in self._bounds.items():
            margin = 0 if self.exact else _SIDE[rule] * _NEAR * max(1.0, abs(bound))
            if not _HOLDS[rule](low, high, bound + margin if margin else bound):
                raise self._doubt(rule)

    def _check_text(self, values: pa.Array) -> None:
        import pyarrow.compute as pc

        if _LENGTHS & self.rules.keys():
            ends = pc.min_max(pc.utf8_length(values)).as_py()
            if ends["min"] is not None and not (
                self.rules.get("minLength", 0) <= ends["min"]
                and ends["max"] <= self.rules.get("maxLength", ends["max"])
            ):
                raise self._doubt("length")
        if self._pattern is not None:
            self._check_pattern(pc.unique(values).to_pylist())

    def _check_pattern(self, cells: Sequence[str | None]) -> None:
        """As the judge does, with Python's `re`, from the beginning of every cell."""
        match = self._pattern.match if self._pattern else None
        try:
            with _limited(PATTERN_SECONDS):
                odd = [cell for cell in cells if cell is not None and match and not match(cell)]
        except TimeoutError as error:
            raise EndlessPatternError(self.name) from error
        if odd:
            raise self._doubt("pattern")

    def _check_enum(self, values: pa.Array) -> None:
        import pyarrow.compute as pc

        if not self.exact:
            raise self._doubt("digits")
        found = pc.is_in(one_zero(values), value_set=one_zero(self._enum))
        if not pc.all(pc.or_(found, values.is_null()), min_count=0).as_py():
            raise self._doubt("enum")


@contextmanager
def _limited(seconds: float) -> Iterator[None]:
    """Raises TimeoutError after `seconds` of CPU time, within `re` too; no limit but in a process's first thread."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(*_: object) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def one_zero(values: pa.Array) -> pa.Array:
    """The same, `-0.0` as `0.0`: equal, but not to a table of hashes."""
    import pyarrow as pa
    import pyarrow.compute as pc

    return pc.add(values, 0.0) if pa.types.is_floating(values.type) else values


def _exact(cells: pa.Array) -> bool:
    """Whether no number has more digits than a float keeps, and none an exponent."""
    import pyarrow.compute as pc

    longest = pc.max(pc.binary_length(cells)).as_py() or 0
    return longest <= _DIGITS and not pc.any(pc.match_substring(cells, "e", ignore_case=True), min_count=0).as_py()


BOUNDS: Mapping[str, str] = {
    "required": "必填",
    "minimum": "最小 {}",
    "maximum": "最大 {}",
    "exclusiveMinimum": "大于 {}",
    "exclusiveMaximum": "小于 {}",
    "minLength": "至少 {} 个字符",
    "maxLength": "至多 {} 个字符",
    "pattern": "格式 {}",
}
"""Constraint of a field -> the words for it, which a fault and a page have in common."""


_HOLDS: Mapping[str, Callable[[Any, Any, Any], bool]] = {
    "minimum": lambda low, _, bound: low >= bound,
    "maximum": lambda _, high, bound: high <= bound,
    "exclusiveMinimum": lambda low, _, bound: low > bound,
    "exclusiveMaximum": lambda _, high, bound: high < bound,
}
_SIDE = {"minimum": 1, "maximum": -1, "exclusiveMinimum": 1, "exclusiveMaximum": -1}
"""Where more than a bound is safe."""
