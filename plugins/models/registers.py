"""What a table of a government register declares beyond Table Schema: references, rules of rows, pages (pure).

The standard knows foreign keys inside one package only, and frictionless refuses others; so these are keys of our own:
`cn:references` and `cn:rules` in a table's schema, `cn:pages` in the package. The reader has checked their shapes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ORGANISATIONS, DOCUMENTS = "organisations", "documents"
CONTENT = (ORGANISATIONS, DOCUMENTS)
"""What a reference may name outside the data packages: the directory, and the site's documents."""
OPERATORS = ("<=", "<", ">=", ">", "=", "!=")
FORMS = ("left", "from", "required", "anyOf", "complete", "share")
"""The key by which a rule is known for what it is; each rule has exactly one of them."""
WORKING, CALENDAR_DAYS = "工作日", "自然日"
UNITS = (WORKING, CALENDAR_DAYS)


def several(value: Any) -> tuple[str, ...]:
    """Column names written as one name or as a list of names."""
    return (value,) if isinstance(value, str) else tuple(value or ())


@dataclass(frozen=True, slots=True)
class Condition:
    """Rows whose `column` holds one of `values`."""

    column: str
    values: frozenset[str]

    @classmethod
    def of(cls, value: Mapping[str, Any] | None) -> Condition | None:
        """The condition `{"column": …, "in": […]}`, None for none."""
        return cls(value["column"], frozenset(value["in"])) if value else None


@dataclass(frozen=True, slots=True)
class Reference:
    """`fields` of each row name a row of another package's table by its `keys`, or something of the site's `content`.

    `on` is the column with the day on which what is named must be in force: between its `start` and `end` columns.
    `covers`: every row there for which it holds must be named here. `show`: the columns that the page of what is named
    shows of each row.
    """

    fields: tuple[str, ...]
    package: str = ""
    table: str = ""
    keys: tuple[str, ...] = ()
    content: str = ""
    on: str = ""
    start: str = ""
    end: str = ""
    covers: Condition | None = None
    show: tuple[str, ...] = ()

    @classmethod
    def of(cls, value: Mapping[str, Any]) -> Reference:
        """One item of `cn:references`."""
        there = value["reference"]
        return cls(
            fields=several(value["fields"]),
            package=there.get("package", ""),
            table=there.get("resource", "") or there.get("package", ""),
            keys=several(there.get("fields")),
            content=there.get("content", ""),
            on=value.get("on", ""),
            start=there.get("from", ""),
            end=there.get("to", ""),
            covers=Condition.of(value.get("covers")),
            show=several(value.get("show")),
        )

    @property
    def wanted(self) -> tuple[str, ...]:
        """The columns of the other table that are read."""
        more = (self.start, self.end, self.covers.column if self.covers else "")
        return tuple(dict.fromkeys((*self.keys, *(name for name in more if name))))


@dataclass(frozen=True, slots=True)
class RowRule:
    """One item of `cn:rules`; `form` says which of `FORMS` it is, `value` is what was written under its keys.

    `title` is what the rule asks, as a fault tells it; `rule` the county's rule that it keeps, or "".
    """

    form: str
    value: Mapping[str, Any]
    title: str
    rule: str = ""
    when: Condition | None = None
    soft: bool = False

    @classmethod
    def of(cls, value: Mapping[str, Any]) -> RowRule:
        """One item of `cn:rules`."""
        form = next(name for name in FORMS if name in value)
        when, soft = Condition.of(value.get("when")), value.get("level") == "warning"
        return cls(form, value, value["title"], value.get("rule", ""), when, soft)

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns whose cells the rule compares or wants, in the order in which it is written."""
        value = self.value
        if self.form == "left":
            return (value["left"], *several(value["right"]))
        if self.form == "from":
            return (value["from"], value["to"], value["within"])
        return (value["share"]["column"],) if self.form == "share" else several(value[self.form])


@dataclass(frozen=True, slots=True)
class Pages:
    """Each row of `table` has a page `/<folder>/<key>/`; `groups` are the columns by which lists are made."""

    table: str
    folder: str
    label: str
    key: str
    title: str
    groups: tuple[str, ...] = ()

    @classmethod
    def of(cls, value: Mapping[str, Any] | None) -> Pages | None:
        """The value of `cn:pages`, None for none."""
        if not value:
            return None
        groups = several(value.get("groups"))
        return cls(value["resource"], value["folder"], value["label"], value["key"], value["title"], groups)


@dataclass(frozen=True, slots=True)
class Mentions:
    """Rows of another table that name rows with pages: by key, how many, and the last of them.

    `path` is that of the table below datasets/, `header` the titles of the columns shown. Before the cells of each row
    stands its own key, where it has one of a single column.
    """

    package: str
    path: str
    title: str
    header: tuple[str, ...]
    rows: Mapping[str, tuple[int, tuple[tuple[str, ...], ...]]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Register:
    """A table whose rows have pages: its rows as text in file order, the address of each by its key.

    `fields` are those of the schema as written; `links` say of a column to what its cells lead.
    """

    package: str
    pages: Pages
    fields: tuple[Mapping[str, Any], ...]
    rows: tuple[tuple[str, ...], ...]
    slugs: Mapping[str, str]
    links: Mapping[str, Reference] = field(default_factory=dict)
    mentions: tuple[Mentions, ...] = ()

    def named(self) -> Iterator[tuple[str, dict[str, str]]]:
        """Each row as (slug, cells by column)."""
        names = [str(f["name"]) for f in self.fields]
        for row in self.rows:
            cells = dict(zip(names, row, strict=True))
            yield self.slugs[cells[self.pages.key]], cells
