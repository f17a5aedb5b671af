"""Rows of data packages as pages: power items, service items, whatever declares `cn:pages` (pure).

`/<folder>/` lists them, `/<folder>/by/<column>/<value>/` those of a kind or organisation; a row has `/<folder>/<key>/`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from plugins.models.registers import ORGANISATIONS, Mentions, Reference, Register
from plugins.models.scalars import SLUG
from plugins.models.sections import Section
from plugins.views.addresses import PAGE_SIZE, page_path
from plugins.views.frame import SiteFrame
from plugins.views.jobs import Job
from plugins.views.lists import pager, why_blank

_FACTS = 4
Cells = Mapping[str, str]


def item_jobs(frame: SiteFrame) -> Iterator[Job]:
    """The lists and pages of every table whose rows have pages."""
    for register in frame.site.registers:
        yield from _Items(frame, register).jobs()


class _Items:
    """One table's pages."""

    def __init__(self, frame: SiteFrame, register: Register) -> None:
        self.frame, self.register, self.pages = frame, register, register.pages
        self.folder = f"{self.pages.folder}/"
        self.titles = {str(f["name"]): str(f.get("title") or f["name"]) for f in register.fields}
        self.rows = list(register.named())
        self.package = next(p for p in frame.site.packages if p.name == register.package)
        self.section = Section(
            self.pages.label,
            str(self.package.descriptor.get("description", self.package.title)),
            (self.package.title,),
            name=self.pages.label,
        )
        self._named: dict[str, dict[str, str]] = {}

    def jobs(self) -> Iterator[Job]:
        groups = {column: self._grouped(column) for column in self.pages.groups}
        facets = [self._facet(column, values) for column, values in groups.items()]
        yield from self._list(self.folder, self.pages.label, self.rows, facets, ())
        for column, values in groups.items():
            for value, rows in values.items():
                title = f"{self.pages.label}：{self._text(column, value)}"
                crumbs = ((self.pages.label, self.folder),)
                yield from self._list(self._group_path(column, value), title, rows, facets, crumbs)
        for slug, cells in self.rows:
            yield from self._page(slug, cells)

    def _grouped(self, column: str) -> dict[str, list[tuple[str, Cells]]]:
        """The rows by their value in `column`: in the order of its list of words, else as they come first."""
        field = next(f for f in self.register.fields if f["name"] == column)
        groups: dict[str, list[tuple[str, Cells]]] = {v: [] for v in field.get("constraints", {}).get("enum", ())}
        for slug, cells in self.rows:
            if cells[column]:
                groups.setdefault(cells[column], []).append((slug, cells))
        return {value: rows for value, rows in groups.items() if rows}

    def _group_path(self, column: str, value: str) -> str:
        """A value that is an id stands in the address; another by the first letters of its hash: it keeps its place."""
        name = value if SLUG.fullmatch(value) else hashlib.sha256(value.encode()).hexdigest()[:8]
        column = column if SLUG.fullmatch(column) else hashlib.sha256(column.encode()).hexdigest()[:8]
        return f"{self.folder}by/{column}/{name}/"

    def _facet(self, column: str, values: Mapping[str, Sequence[object]]) -> dict[str, Any]:
        items = [
            {
                "title": self._text(column, value),
                "url": self.frame.url(self._group_path(column, value)),
                "count": len(rows),
                "current": False,
            }
            for value, rows in values.items()
        ]
        return {"title": f"按{self.titles[column]}", "items": items}

    def _list(
        self,
        folder: str,
        title: str,
        rows: Sequence[tuple[str, Cells]],
        facets: Sequence[Mapping[str, Any]],
        crumbs: Sequence[tuple[str, str]],
    ) -> Iterator[Job]:
        count, here = max(1, -(-len(rows) // PAGE_SIZE)), self.frame.url(folder)
        marked = [{**f, "items": [{**i, "current": i["url"] == here} for i in f["items"]]} for f in facets]
        for number in range(1, count + 1):
            path = page_path(folder, number)
            items = [self._card(*one) for one in rows[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]]
            yield self.frame.page(
                path,
                "items",
                title if number == 1 else f"{title}（第 {number} 页）",
                section=self.folder,
                crumbs=crumbs,
                meta=self.frame.column(self.section, "" if title == self.pages.label else title),
                why=why_blank(self.frame, title),
                items=items,
                total=len(rows),
                facets=marked,
                dataset=self._dataset(),
                pager=pager(self.frame, folder, number, count),
            )
            data = {"title": title, "total": len(rows), "page": number, "pages": count, "items": items}
            yield Job(f"{path}index.json", "json", {"data": data})

    def _card(self, slug: str, cells: Cells) -> dict[str, Any]:
        facts = [cells[self.pages.key], *(self._text(c, cells[c]) for c in self.pages.groups)]
        url = self.frame.url(f"{self.folder}{slug}/")
        return {"title": cells[self.pages.title], "url": url, "facts": [f for f in facts[:_FACTS] if f]}

    def _dataset(self) -> dict[str, str]:
        return {"title": self.package.title, "url": self.frame.url(f"datasets/{self.package.name}/")}

    def _page(self, slug: str, cells: Cells) -> Iterator[Job]:
        folder, title, key = f"{self.folder}{slug}/", cells[self.pages.title], cells[self.pages.key]
        mentions = [self._mentions(one, key) for one in self.register.mentions if key in one.rows]
        yield self.frame.page(
            folder,
            "item",
            title,
            section=self.folder,
            crumbs=((self.pages.label, self.folder),),
            description=f"{self.pages.label}：{title}（{key}）",
            fields=[self._field(column, cell) for column, cell in cells.items() if cell],
            meta=self.frame.article(title, self.frame.issued(self.package), self.package.publisher),
            kind=self.pages.label,
            dataset=self._dataset(),
            mentions=mentions,
        )
        counts = {one.path: one.rows[key][0] for one in self.register.mentions if key in one.rows}
        url = self.frame.addresses.absolute(folder)
        yield Job(f"{folder}index.json", "json", {"data": {"url": url, "fields": dict(cells), "mentions": counts}})

    def _field(self, column: str, cell: str) -> dict[str, str]:
        return {"label": self.titles[column], "value": self._text(column, cell), "url": self._leads(column, cell)}

    def _text(self, column: str, cell: str) -> str:
        """The cell as people read it: names of organisations, titles of documents and rows for their ids."""
        link = self.register.links.get(column)
        if link is None:
            return cell
        if link.content == ORGANISATIONS:
            return self.frame.name_of(cell)
        if link.content:
            found = self.frame.site.documents.get(cell)
            return found.title if found else cell
        if link.package not in self._named:
            other = self._register(link)
            pairs = [(c[other.pages.key], c[other.pages.title]) for _, c in other.named()] if other else []
            self._named[link.package] = dict(pairs)
        return self._named[link.package].get(cell, cell)

    def _leads(self, column: str, cell: str) -> str:
        """The page that a cell leads to, "" for none."""
        link = self.register.links.get(column)
        if link is None:
            return ""
        if link.content == ORGANISATIONS:
            return self.frame.url(f"organisations/{cell}/") if cell in self.frame.organisations else ""
        if link.content:
            return self.frame.url(f"{cell}/") if cell in self.frame.site.documents else ""
        other = self._register(link)
        return self.frame.url(f"{other.pages.folder}/{other.slugs[cell]}/") if other and cell in other.slugs else ""

    def _register(self, link: Reference) -> Register | None:
        """The table that a column refers to; the preview goes on where it could not be read."""
        return next((one for one in self.frame.site.registers if one.package == link.package), None)

    def _own(self, other: Register | None, key: str) -> str:
        """The page of a row that names this one, "" where it has none."""
        return self.frame.url(f"{other.pages.folder}/{other.slugs[key]}/") if other and key in other.slugs else ""

    def _mentions(self, one: Mentions, key: str) -> dict[str, Any]:
        count, rows = one.rows[key]
        other = next((r for r in self.frame.site.registers if r.package == one.package), None)
        note = f"共 {count} 条，列出最近 {len(rows)} 条" if count > len(rows) else f"共 {count} 条"
        return {
            "title": one.title,
            "note": note,
            "url": self.frame.url(f"datasets/{one.package}/"),
            "header": list(one.header),
            "rows": [{"url": self._own(other, own), "cells": cells} for own, *cells in rows],
        }
