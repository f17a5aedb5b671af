"""Atom, sitemaps and the OpenSearch description (pure; RFC 4287, sitemaps.org 0.9, OpenSearch 1.1)."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from plugins.formats.views import Loader, View

_ATOM = "http://www.w3.org/2005/Atom"
_SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
_OPENSEARCH = "http://a9.com/-/spec/opensearch/1.1/"


def render_atom(view: View, load: Loader) -> bytes:  # noqa: ARG001
    """`{title, url, page, author, updated, entries: [{title, url, published, updated, summary, author}]}`."""
    feed = ET.Element("feed", {"xmlns": _ATOM, "xml:lang": "zh-CN"})
    _add(feed, "title", view["title"])
    _add(feed, "id", view["url"])
    _add(feed, "updated", _moment(view["updated"]))
    ET.SubElement(feed, "link", {"rel": "self", "href": view["url"], "type": "application/atom+xml"})
    ET.SubElement(feed, "link", {"rel": "alternate", "href": view["page"], "type": "text/html"})
    _add(ET.SubElement(feed, "author"), "name", view["author"])
    for item in view["entries"]:
        entry = ET.SubElement(feed, "entry")
        _add(entry, "title", item["title"])
        _add(entry, "id", item["url"])
        ET.SubElement(entry, "link", {"rel": "alternate", "href": item["url"], "type": "text/html"})
        _add(entry, "published", _moment(item["published"]))
        _add(entry, "updated", _moment(item["updated"]))
        if item["author"]:
            _add(ET.SubElement(entry, "author"), "name", item["author"])
        _add(entry, "summary", item["summary"] or item["title"])
    return _bytes(feed)


def render_sitemap(view: View, load: Loader) -> bytes:  # noqa: ARG001
    """`{"urls": [[address, day or ""]]}`, at most 50,000, or `{"maps": [address]}` for the index of several."""
    if view.get("maps"):
        root = ET.Element("sitemapindex", {"xmlns": _SITEMAP})
        for address in view["maps"]:
            _add(ET.SubElement(root, "sitemap"), "loc", address)
        return _bytes(root)
    root = ET.Element("urlset", {"xmlns": _SITEMAP})
    for address, day in view["urls"]:
        url = ET.SubElement(root, "url")
        _add(url, "loc", address)
        if day:
            _add(url, "lastmod", day)
    return _bytes(root)


def render_opensearch(view: View, load: Loader) -> bytes:  # noqa: ARG001
    """`{"name", "description", "template"}`: how browsers and readers search the site."""
    root = ET.Element("OpenSearchDescription", {"xmlns": _OPENSEARCH})
    _add(root, "ShortName", view["name"][:16])
    _add(root, "Description", view["description"][:1024])
    _add(root, "InputEncoding", "UTF-8")
    ET.SubElement(root, "Url", {"type": "text/html", "template": view["template"]})
    return _bytes(root)


def _moment(text: str) -> str:
    """`YYYY-MM-DD HH:MM` in RFC 3339 at +08:00."""
    return f"{text[:10]}T{text[11:16] or '00:00'}:00+08:00"


def _add(parent: ET.Element, tag: str, text: str) -> None:
    ET.SubElement(parent, tag).text = text


def _bytes(root: ET.Element) -> bytes:
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True)) + b"\n"
