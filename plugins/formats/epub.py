"""A gazette issue as EPUB 3.3: one chapter for each entry, anchors as on the pages, nothing from outside (pure).

The norms are EPUB 3.3 and EPUB Accessibility 1.1; no conformance to WCAG is claimed, since no one has judged it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from plugins.formats import xhtml
from plugins.formats.archive import pack
from plugins.formats.edition_text import STANDING, day, issue_line, numbered
from plugins.formats.page import environment
from plugins.formats.strip import strip
from plugins.formats.views import Loader, View
from plugins.models.sums import grouped

if TYPE_CHECKING:
    from lxml.html import HtmlElement

    from plugins.formats.xhtml import Body

_KINDS = {"png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg", "gif": "image/gif"}
"""Pictures that every reader shows, by suffix; of others the alternative stands in the text."""


class Chapter(NamedTuple):
    """An entry with its place in the book; `body` is None where the document has none."""

    number: int
    section: str
    entry: Mapping[str, Any]
    file: str
    body: Body | None
    anchors: frozenset[str]


def render(view: View, load: Loader, theme: Path) -> bytes:
    """An edition, perhaps with `cover`, the digest of its PNG, as one file; templates are in `theme/templates/epub`.

    Raises ValueError for a picture that is none.
    """
    view = xhtml.legal_values(view)
    chapters = _chapters(view, load)
    places = {chapter.entry["address"]: chapter for chapter in reversed(chapters)}
    pictures: dict[str, bytes] = {}
    files: dict[str, str] = {}
    described = True
    for chapter in chapters:
        if chapter.body:
            xhtml.resolve(chapter.body.root, partial(_target, at=chapter, places=places))
            _roles(chapter.body.root)
            xhtml.show(chapter.body.root, _embed(chapter, chapter.body.root, load, pictures))
            described &= all((image.get("alt") or "").strip() for image in chapter.body.root.iter("img"))
        files[f"EPUB/{chapter.file}"] = _draw(theme, "chapter.xhtml", view, **_page_of(chapter))
    errata = [{**item, "url": _target_of(item["address"], places)} for item in view["errata"]]
    cover = {"EPUB/cover.png": load.made(view["cover"])} if view.get("cover") else {}
    shared = {"chapters": chapters, "pictures": _manifest(pictures), "cover": bool(cover), "described": described}
    shared |= {"sections": list(_sections(chapters)), "errata": errata, "issue": issue_line(view)}
    shared |= {"day": day(view["published"]), "standing": STANDING, "groups": grouped(view["fingerprint"])}
    shared |= {"date": view["published"][:10], "first": chapters[0].file if chapters else ""}
    for name in ("cover.xhtml", "nav.xhtml", "colophon.xhtml", "package.opf", "style.css"):
        files[f"EPUB/{name}"] = _draw(theme, name, view, **shared)
    members = {name: text.encode() for name, text in files.items()} | pictures | cover
    members["META-INF/container.xml"] = _draw(theme, "container.xml", view).encode()
    return pack([("mimetype", b"application/epub+zip"), *sorted(members.items())])


def pictures_of(root: HtmlElement, entry: Mapping[str, Any], load: Loader) -> Iterator[tuple[str, str, bytes]]:
    """The pictures in `root` that any reader shows: target as written, a name made from the content, clean bytes."""
    shown = {image.get("src") for image in root.iter("img")}
    for written, reference in sorted(entry["pictures"].items()):
        name = str(reference["file"]).rsplit("/", 1)[-1]
        suffix = name.rpartition(".")[2].lower()
        if written in shown and suffix in _KINDS:
            data = strip(load.file(reference), name)
            yield written, f"{hashlib.sha256(data).hexdigest()[:16]}.{suffix}", data


def _chapters(view: View, load: Loader) -> list[Chapter]:
    entries = numbered(view)
    width = max(2, len(str(len(entries))))
    found = []
    for number, section, entry in entries:
        body = xhtml.body(load.body(entry["body"])) if entry["body"] else None
        anchors = body.anchors() if body else frozenset()
        found.append(Chapter(number, section, entry, f"entry-{number:0{width}}.xhtml", body, anchors))
    return found


def _embed(chapter: Chapter, root: HtmlElement, load: Loader, taken: dict[str, bytes]) -> dict[str, str]:
    """Where each picture of a chapter stands in the book; equal ones stand there once."""
    places = {}
    for written, name, data in pictures_of(root, chapter.entry, load):
        places[written] = f"images/{name}"
        taken[f"EPUB/images/{name}"] = data
    return places


def _target(written: str, at: Chapter, places: Mapping[str, Chapter]) -> str:
    """The address of a link in the book: an anchor that is there, a chapter, the web; "" for none of these."""
    if written.startswith("#"):
        return written if written[1:] in at.anchors else ""
    return _target_of(at.entry["links"].get(written, "") or written, places)


def _target_of(address: str, places: Mapping[str, Chapter]) -> str:
    page, _, anchor = address.partition("#")
    if chapter := places.get(page):
        return f"{chapter.file}#{anchor}" if anchor in chapter.anchors else chapter.file
    return xhtml.address(address)


def _roles(root: HtmlElement) -> None:
    """Marks and notes say what they are, so that readers show a note where its mark is (DPUB-ARIA 1.1)."""
    for anchor in root.xpath(f".//a[@class='{xhtml.MARK}']"):
        if anchor.get("href").startswith("#note-ref-"):
            anchor.set("role", "doc-backlink")
        else:
            anchor.set("role", "doc-noteref")
            anchor.set("epub:type", "noteref")
    for notes in root.xpath("./div/section"):
        notes.set("epub:type", "footnotes")
        for note in notes:
            note.set("epub:type", "footnote")
            note.set("role", "doc-footnote")


def _page_of(chapter: Chapter) -> dict[str, Any]:
    """What the template of a chapter shows."""
    entry = chapter.entry
    return {
        "chapter": chapter,
        "body": xhtml.written(chapter.body.root) if chapter.body else "",
        "url": xhtml.address(entry["address"]),
        "groups": grouped(entry["sha256"]),
        "signed": day(entry["signed"]),
    }


def _sections(chapters: Sequence[Chapter]) -> Iterator[dict[str, Any]]:
    """The contents: sections that have entries, with the outline of each entry as a tree."""
    groups: dict[str, list[Chapter]] = {}
    for chapter in chapters:
        groups.setdefault(chapter.section, []).append(chapter)
    for title, group in groups.items():
        entries = [
            {"title": c.entry["title"], "href": c.file, "children": _nested(c.file, c.body.outline if c.body else ())}
            for c in group
        ]
        yield {"title": title, "entries": entries}


def _nested(file: str, outline: Sequence[tuple[int, str, str]]) -> list[dict[str, Any]]:
    """The outline as a tree; a level that is left out is none."""
    root: list[dict[str, Any]] = []
    above: list[tuple[int, list[dict[str, Any]]]] = [(0, root)]
    for level, anchor, text in outline:
        while above[-1][0] >= level:
            above.pop()
        node: dict[str, Any] = {"title": text, "href": f"{file}#{anchor}", "children": []}
        above[-1][1].append(node)
        above.append((level, node["children"]))
    return root


def _manifest(pictures: Mapping[str, bytes]) -> list[dict[str, str]]:
    names = sorted(name.rsplit("/", 1)[-1] for name in pictures)
    return [
        {"id": f"image-{n}", "file": f"images/{f}", "type": _KINDS[f.rpartition(".")[2]]}
        for n, f in enumerate(names, 1)
    ]


def _draw(theme: Path, name: str, view: View, **values: Any) -> str:
    return environment(theme).get_template(f"epub/{name}").render(edition=view, **values)
