"""What the floors pass on instead of documents: plain values, cheap to keep and to load (pure)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from plugins.models.document import Disclosure, Status
from plugins.models.faults import Fault, fault


@dataclass(frozen=True, slots=True)
class Record:
    """The header of one source that passed the checks of form, as plain JSON values, without its body.

    `id` is the address and the path below `content/` without `.md`. `fields` holds the values by English name, as far
    as they were written; days are `YYYY-MM-DD`, moments `YYYY-MM-DD HH:MM`, so that strings compare as times do.
    `lines` tells for each key its line and how the editor wrote it. `body` is the sha256 of the body's text, "" where
    there is none. `facts` is what rules need to know of it: `annotation`, `headings`, `bare_images`. `version` is the
    day of an earlier text that is kept beside the present one, as `<slug>.<day>.md`; its address is `<address>/<day>`.
    `stamp` is a hash of all of it, "" where nobody has made one: equal stamps, equal records.
    """

    id: str
    kind: str
    fields: Mapping[str, Any]
    lines: Mapping[str, tuple[int, str]]
    body: str
    links: tuple[tuple[str, int], ...]
    facts: Mapping[str, Any] = field(default_factory=dict)
    version: str = ""
    stamp: str = field(default="", compare=False)

    def as_json(self) -> dict[str, Any]:
        """Plain JSON values: `Record(**value)` gives an equal record back."""
        return {name: getattr(self, name) for name in self.__slots__ if name != "stamp"}

    def with_fields(self, fields: Mapping[str, Any]) -> Record:
        """The same record with other values."""
        return replace(self, fields=fields, stamp="")

    @property
    def source(self) -> str:
        """The source's path below content/."""
        return f"{self.current}.{self.version}.md" if self.version else f"{self.id}.md"

    @property
    def path(self) -> str:
        """The source's path as faults show it."""
        return f"content/{self.source}"

    @property
    def current(self) -> str:
        """The id of the present text: its own, unless this is an earlier version."""
        return self.id.removesuffix(f"/{self.version}") if self.version else self.id

    @property
    def slug(self) -> str:
        """The last part of the address."""
        return self.id.rsplit("/", 1)[-1]

    @property
    def title(self) -> str:
        """标题."""
        return str(self.fields["title"])

    @property
    def published(self) -> str:
        """发布日期, `YYYY-MM-DD HH:MM`."""
        return str(self.fields["published"])

    @property
    def number(self) -> str:
        """发文字号 as written, "" where there is none (a gazette issue counts itself in another sense)."""
        value = self.fields.get("number")
        return value if isinstance(value, str) else ""

    def text(self, name: str) -> str:
        """The field as text, "" where the header lacks it."""
        value = self.fields.get(name)
        return "" if value is None else str(value)

    def items(self, name: str) -> tuple[str, ...]:
        """The list field, empty where the header lacks it."""
        return tuple(self.fields.get(name, ()))

    @property
    def final(self) -> bool:
        """Whether the text is 定稿."""
        return bool(self.fields.get("status", Status.FINAL) == Status.FINAL)

    @property
    def drafted(self) -> bool:
        """Whether the text is still a 草稿, which is checked for its form only."""
        return bool(self.fields.get("status") == Status.DRAFT)

    @property
    def withdrawn(self) -> bool:
        """Whether the text was taken back: its address shows when and why."""
        return bool(self.fields.get("withdrawn"))

    @property
    def active(self) -> bool:
        """Whether the attribute is 主动公开."""
        return bool(self.fields.get("disclosure") == Disclosure.ACTIVE)

    def fault(self, code: str, name: str = "", **values: object) -> Fault:
        """The fault `code` at the line of field `name` (the header's first line where it is not written)."""
        line, written = self.lines.get(name, (1, name))
        return fault(code, self.path, line, written, **values)
