"""A data package that was read and judged: plain values that survive JSON (pure; Data Package v1 and v2)."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Literal, cast

if TYPE_CHECKING:
    from collections.abc import Mapping

OpenType = Literal["无条件开放", "有条件开放", "不予开放"]
OPEN_TYPES: tuple[OpenType, ...] = ("无条件开放", "有条件开放", "不予开放")
FREE, ON_APPLICATION, WITHHELD = OPEN_TYPES
"""Files for everyone; page, dictionary and condition only; a row of the catalogue only."""
READING = (
    "format",
    "missingValues",
    "decimalChar",
    "groupChar",
    "bareNumber",
    "trueValues",
    "falseValues",
    "itemType",
    "delimiter",
)
"""The keys of a field that, beside its type, decide what its cells mean."""


@dataclass(frozen=True, slots=True)
class Layout:
    """How the text of a table is to be read, beside its encoding nothing that a reader would have to guess.

    `marked`: it begins with a byte order mark. `plain`: the strict reader took it, so that any parser reads it alike.
    """

    encoding: str = "utf-8"
    delimiter: str = ","
    quote: str = '"'
    header: bool = True
    skip_space: bool = False
    marked: bool = False
    plain: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """One table of a package.

    `path` is relative to the package; `bytes` and `sha256` are of the file as it lies there; `rows` leaves the
    header out. A field is `{name, title, type, description, constraints, summary}`, where `summary` holds
    `missing` and `distinct` as integers, and for numbers `min`, `max`, `mean` as text; where the descriptor has them,
    it has the keys of READING too, which say how a cell is read. `head` is at most 100 rows of text as it stands in
    the file, a cell over 1,000 characters cut with an ellipsis.
    """

    name: str
    title: str
    path: str
    bytes: int
    sha256: str
    rows: int
    encoding: str
    fields: tuple[Mapping[str, Any], ...]
    head: tuple[tuple[str, ...], ...]
    primary_key: tuple[str, ...]
    layout: Layout = Layout()
    missing_values: tuple[str, ...] = ("",)


@dataclass(frozen=True, slots=True)
class Package:
    """One package; `path` is that of its descriptor. What is 不予开放 has no tables and a catalogue row's keys only."""

    name: str
    path: str
    sha256: str
    descriptor: Mapping[str, Any]
    title: str
    publisher: str
    open_type: OpenType
    tables: tuple[Table, ...]

    @property
    def basis(self) -> tuple[str, ...]:
        """The documents that it rests on, as its descriptor names them (`cn:basis`)."""
        written = self.descriptor.get("cn:basis")
        found = written if isinstance(written, list) else [written]
        return tuple(one for one in found if isinstance(one, str))

    def as_json(self) -> dict[str, Any]:
        """Plain JSON values: `from_json` gives an equal package back."""
        return cast("dict[str, Any]", _plain(asdict(self)))

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Package:
        """The package that `as_json` wrote. Raises KeyError and TypeError for anything else."""
        return cls(**{**value, "tables": tuple(_table(t) for t in value["tables"])})


def _table(value: Mapping[str, Any]) -> Table:
    tuples = {
        "fields": tuple(value["fields"]),
        "head": tuple(tuple(row) for row in value["head"]),
        "primary_key": tuple(value["primary_key"]),
        "layout": Layout(**value["layout"]),
        "missing_values": tuple(value["missing_values"]),
    }
    return Table(**{**value, **tuples})


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    return [_plain(inner) for inner in value] if isinstance(value, tuple | list) else value
