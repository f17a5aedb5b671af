"""What every page shares: site, navigation, links of the foot, and cards of documents (pure)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

from plugins.models.directory import Organisation, SiteIdentity, Topic
from plugins.models.package import Package
from plugins.models.record import Record
from plugins.models.sections import SECTIONS, Section
from plugins.models.types import TYPES
from plugins.views.addresses import Addresses
from plugins.views.jobs import Job, Shared
from plugins.views.site import Event, Site

NAVIGATED = ("policies", "interpretations", "gazette", "consultations", "responses", "notices")
"""Types in the navigation: their lists exist before the first document."""
Entry = tuple[str, str]
"""(path, title) of a place in the navigation."""
_FIRST: tuple[Entry, ...] = (("", "首页"), *((f"{kind}/", SECTIONS[kind].name) for kind in NAVIGATED))
_LAST: tuple[Entry, ...] = tuple((f"{kind}/", SECTIONS[kind].name) for kind in ("datasets", "organisations", "search"))


def last_change(record: Record, events: Sequence[Event]) -> str:
    """The moment when a document was published, or of the last of the ledger's `events` of it."""
    return max(record.published, events[-1]["moment"]) if events else record.published


class Frame:
    """Makes pages: holds the directory, the addresses and the shared parts by section, but no document.

    What takes a `Frame` can show one document and its surroundings only; what takes a `SiteFrame` sees all of them.
    """

    def __init__(
        self,
        identity: SiteIdentity,
        organisations: Mapping[str, Organisation],
        topics: Mapping[str, Topic],
        registers: Sequence[Entry] = (),
    ) -> None:
        self.navigation = (*_FIRST, *registers, *_LAST)
        self.identity, self.organisations, self.topics = identity, organisations, topics
        self.addresses = Addresses(identity.address)
        self.url = self.addresses.url
        self._shared: dict[str, Shared] = {}

    def shared(self, section: str) -> Shared:
        """The shared part of pages in `section` (a folder, or "" for the home page)."""
        if section not in self._shared:
            self._shared[section] = Shared.of(self._common(section))
        return self._shared[section]

    def _common(self, section: str) -> dict[str, Any]:
        identity = self.identity
        contact = {name: value or "" for name, value in identity.contact.model_dump(mode="json").items()}
        names = (
            "name",
            "government",
            "description",
            "notice",
            "site_code",
            "icp",
            "police_record",
            "conac_id",
            "hotline",
        )
        return {
            "site": {name: getattr(identity, name) or "" for name in names}
            | {"police_code": "".join(c for c in identity.police_record or "" if c.isdigit())}
            | {"home": self.url(), "address": identity.address, "contact": contact},
            "nav": [
                {"title": title, "url": self.url(path), "current": path == section} for path, title in self.navigation
            ],
            "css": self.url("static/style.css"),
            "icon": self.url("static/icon.svg"),
            "choices": self.url("static/choices.js"),
            "links": {
                "search": self.url("search/"),
                "sitemap_page": self.url("sitemap/"),
                "organisations": self.url("organisations/"),
                "datasets": self.url("datasets/"),
                "places": self.url("places/"),
                "gazette": self.url("gazette/"),
                "opensearch": self.url("opensearch.xml"),
                "feed": self.url("feed.atom"),
                "log": self.url("log/"),
                "rules": self.url("rules/"),
                "citations": self.url("citations/"),
                "verify": self.url("verify/"),
                "qr": self.url("verify/qr.svg"),
                "request": self.url("request/"),
                "interaction": self.url("interaction/"),
            },
        }

    def page(  # noqa: PLR0913 - the parts that every page has
        self,
        folder: str,
        template: str,
        title: str,
        *,
        section: str,
        crumbs: Sequence[tuple[str, str]] = (),
        feed: str = "",
        json: bool = True,
        description: str = "",
        meta: Sequence[tuple[str, str]] = (),
        fragment: str = "",
        **own: Any,
    ) -> Job:
        """The job of the page `folder`index.html, drawn by `template` with its `own` values."""
        identity = self.identity
        page = {
            "title": f"{title} - {identity.name}" if folder else identity.name,
            "heading": title,
            "description": description or title,
            "keywords": own.pop("keywords", ""),
            "url": self.addresses.absolute(folder),
            "path_url": self.url(folder),
            "crumbs": [{"title": t, "url": self.url(p)} for t, p in (("首页", ""), *crumbs)] if folder else [],
            "feed": self.url(feed) if feed else "",
            "alternates": self._alternates(f"{folder}index.json" if json else "", own.pop("dated", "")),
            "meta": [{"name": name, "content": content} for name, content in (*self._labels(), *meta)],
            **own,
        }
        view: dict[str, Any] = {"template": template, "page": page}
        if fragment:
            view["fragment"] = fragment
        return Job(f"{folder}index.html", "page", view, self.shared(section))

    def _alternates(self, json: str, calendar: str) -> list[dict[str, str]]:
        """The other forms of a page, by the paths of those that it has."""
        forms = (("application/json", "JSON", json), ("text/calendar", "日历", calendar))
        return [{"type": kind, "title": title, "url": self.url(path)} for kind, title, path in forms if path]

    def _labels(self) -> tuple[tuple[str, str], ...]:
        """Labels that every page has (国办发〔2017〕47号附件)."""
        identity = self.identity
        return (
            ("SiteName", identity.name),
            ("SiteDomain", identity.address.split("//", 1)[-1].split("/")[0]),
            ("SiteIDCode", identity.site_code),
        )

    def column(self, section: Section | str, name: str = "") -> tuple[tuple[str, str], ...]:
        """Labels of a column page (国办发〔2017〕47号附件); `name` where the page shows a part of the column."""
        one = SECTIONS[section] if isinstance(section, str) else section
        words = (*((name,) if name else ()), one.name, *one.keywords) if one.name else one.keywords
        return (
            ("ColumnName", name or one.name or self.identity.name),
            ("ColumnType", one.type),
            ("ColumnDescription", one.purpose),
            ("ColumnKeywords", "，".join(dict.fromkeys(words))),
        )

    def article(self, title: str, published: str, source: str) -> tuple[tuple[str, str], ...]:
        """Labels of a content page (国办发〔2017〕47号附件); `source` is an organisation, "" for the government."""
        labels = (
            ("ArticleTitle", title),
            ("ContentSource", self.name_of(source) or self.identity.government),
            ("PubDate", written_moment(published)),
        )
        return tuple(label for label in labels if label[1])

    def reach(self, organisation: str) -> tuple[str, str]:
        """E-mail and telephone of an organisation, by its id; the site's own where it has none, "" where nobody has."""
        found, contact = self.organisations.get(organisation), self.identity.contact
        return (found and found.email) or contact.email or "", (found and found.phone) or contact.phone or ""

    def name_of(self, organisation: str) -> str:
        """An organisation's name; text that is no id stays as it is."""
        found = self.organisations.get(organisation)
        return found.name if found else organisation


def written_moment(text: str) -> str:
    """A day or moment as the annex wants it, `YYYY-MM-DD HH:MM`: a day is its first minute, "" stays as it is."""
    return f"{text[:10]} {text[11:16] or '00:00'}" if text else ""


def registers(site: Site) -> tuple[Entry, ...]:
    """The tables whose rows have pages, as the navigation names them."""
    return tuple((f"{one.pages.folder}/", one.pages.label) for one in site.registers)


class SiteFrame(Frame):
    """A frame with the whole Site: for lists, the home page, the map."""

    def __init__(self, site: Site) -> None:
        super().__init__(site.identity, site.organisations, site.topics, registers(site))
        self.site = site
        self._cards: dict[str, dict[str, str]] = {}

    @cached_property
    def resting(self) -> Mapping[str, Sequence[Package]]:
        """The data sets that rest on a document, by its id; on what a withheld one rests nobody learns."""
        found: dict[str, list[Package]] = {}
        for package in self.site.open_packages():
            for identifier in {document.id for one in package.basis if (document := self.site.find(one))}:
                found.setdefault(identifier, []).append(package)
        return found

    def issued(self, package: Package) -> str:
        """The moment, or the day, of the first publication of a data set; "" where nothing tells it."""
        return self.site.updates[package.name].issued

    def updated(self, record: Record) -> str:
        """The moment of the last event of a document: its publication, or a change that the ledger tells of."""
        return last_change(record, self.site.history.get(record.id, ()))

    def card(self, record: Record) -> dict[str, str]:
        """A document as lists show it; the same object each time, so nobody changes it."""
        if (card := self._cards.get(record.id)) is None:
            validity = self.site.validity.get(record.id)
            card = self._cards[record.id] = {
                "title": record.title,
                "url": self.url(f"{record.id}/"),
                "number": record.number,
                "issuer": self.name_of(record.text("issuer")),
                "published": record.published,
                "kind": TYPES[record.kind].label,
                "validity": validity.label if validity else "",
                "level": validity.level if validity else "",
            }
        return card
