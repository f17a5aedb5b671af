"""A gazette issue for new media: for each entry one HTML with inline styles, its pictures and a digest (pure).

What the editor of a WeChat account keeps of a pasted article is the measure: `section`, `p`, `span`, `strong`, `em`,
`img`, headings to the fourth, lists, quotations and tables with `style`; no class, no id, no link to the web. Pictures
are files of the archive, because the editor takes them up itself.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lxml import etree

from plugins.formats import markdown, text, xhtml
from plugins.formats.archive import pack
from plugins.formats.edition_text import day, issue_line, numbered
from plugins.formats.epub import pictures_of
from plugins.formats.numbering import ARTICLE, read
from plugins.formats.page import environment
from plugins.formats.views import Loader, View

if TYPE_CHECKING:
    from lxml.html import HtmlElement

LONGEST_DIGEST, LONGEST_TITLE = 120, 64
"""UTF-16 units that WeChat takes."""
_P = "margin:0 0 1em;line-height:1.75;font-size:17px;color:#1d2329;"
_HEADING = "margin:1.5em 0 .8em;line-height:1.5;font-weight:bold;color:#9b1c1c;"
_CELL = "border:1px solid #999;padding:6px;line-height:1.5;font-size:15px;text-align:left;vertical-align:top;"
_RAISED, _LOWERED = "vertical-align:super;font-size:12px;", "vertical-align:sub;font-size:12px;"
MARK_STYLE = _RAISED + "color:#9b1c1c;"
"""Marks of notes: with them, and without them, the text is the canonical one."""
_ALTERNATIVE = "color:#56606b;"
_STYLES: dict[str, tuple[str, str]] = {
    "p": ("p", _P + "text-indent:2em;text-align:justify;"),
    **dict.fromkeys(("h1", "h2"), ("h2", _HEADING + "font-size:20px;text-align:center;")),
    "h3": ("h3", _HEADING + "font-size:18px;"),
    **dict.fromkeys(("h4", "h5", "h6"), ("h4", _HEADING + "font-size:17px;")),
    **dict.fromkeys(("div", "section", "figure", "dl"), ("section", "margin:0 0 1em;")),
    "aside": ("section", "margin:0 0 .5em;font-size:15px;color:#56606b;"),
    "blockquote": ("blockquote", "margin:0 0 1em;padding:0 0 0 1em;border-left:3px solid #9b1c1c;"),
    "ul": ("ul", "margin:0 0 1em;padding-left:1.5em;line-height:1.75;font-size:17px;"),
    "ol": ("ul", "margin:0 0 1em;padding-left:0;list-style:none;line-height:1.75;font-size:17px;"),
    "li": ("li", "margin:0 0 .4em;"),
    "dt": ("p", _P + "font-weight:bold;"),
    "dd": ("section", "margin:0 0 1em 2em;line-height:1.75;font-size:17px;"),
    **dict.fromkeys(("caption", "figcaption"), ("p", _P + "text-align:center;font-size:15px;font-weight:bold;")),
    "pre": ("section", _P + "white-space:pre-wrap;font-family:monospace;"),
    "hr": ("section", "margin:1.5em 0;border-top:1px solid #999;"),
    "table": ("table", "border-collapse:collapse;width:100%;margin:0 0 1em;"),
    **{tag: (tag, "") for tag in ("thead", "tbody", "tfoot", "tr", "br")},
    "th": ("th", _CELL + "font-weight:bold;background:#f4f5f6;"),
    "td": ("td", _CELL),
    "img": ("img", "max-width:100%;height:auto;"),
    **dict.fromkeys(("strong", "b"), ("strong", "font-weight:bold;")),
    **dict.fromkeys(("em", "i", "cite"), ("em", "font-style:italic;")),
    **dict.fromkeys(("u", "ins"), ("span", "text-decoration:underline;")),
    **dict.fromkeys(("s", "del"), ("span", "text-decoration:line-through;")),
    **dict.fromkeys(("span", "a", "q", "abbr", "ruby", "rp"), ("span", "")),
    **dict.fromkeys(("sup", "rt"), ("span", _RAISED)),
    "sub": ("span", _LOWERED),
    "small": ("span", "font-size:.85em;"),
    "code": ("span", "font-family:monospace;"),
    "mark": ("span", "background:#fff0b3;"),
}
"""What each element of a body is in a message, and how it looks there."""
_NARROW = frozenset({"li", "td", "th", "dd", "aside", "figure"})
"""In these a paragraph begins without an indent."""
_END = re.compile(r"[。！？!?；]+[”’）」』)]*")
_LEAD = re.compile(r"[如以]下[^。，]{0,2}：$")
"""通知如下： and 作如下修改： end a sentence, 各乡镇人民政府： does not."""


def render(view: View, load: Loader, theme: Path) -> bytes:
    """A zip of an edition whose entries have `card`, the digest of their title image.

    It holds `index.json` and `index.txt`, and for each entry `<number>-<slug>/` with `index.html`, `digest.txt`,
    `title.png` and its pictures. An entry's `summary`, where it has one, is its digest. Raises ValueError for a picture
    that is none.
    """
    view = xhtml.legal_values(view)
    entries, members, rows = numbered(view), dict[str, bytes](), []
    width = max(2, len(str(len(entries))))
    for number, section, entry in entries:
        slug = re.sub(r"[^a-z0-9-]+", "-", entry["id"].rsplit("/", 1)[-1].lower()).strip("-")[:60]
        folder = f"{number:0{width}}-{slug or 'entry'}"
        files = dict(_files(view, entry, load, theme))
        members |= {f"{folder}/{name}": data for name, data in files.items()}
        facts = {name: entry[name] for name in ("title", "number", "issuer", "signed", "address", "sha256")}
        summary = files["digest.txt"].decode().rstrip("\n")
        rows.append({"folder": folder, "section": section, **facts, "digest": summary, "files": sorted(files)})
    facts = {name: view[name] for name in ("name", "title", "published", "address", "fingerprint", "notice")}
    members["index.json"] = json.dumps({**facts, "entries": rows}, ensure_ascii=False, indent=1).encode() + b"\n"
    members["index.txt"] = "".join(" ".join(line.split()) + "\n" for line in _listed(view, rows)).encode()
    return pack(sorted(members.items()))


def digest(title: str, lines: list[str]) -> str:
    """The first sentences of `lines` that fit, else the first one cut at a comma, else the title; one line.

    Titles of chapters, rows of tables and whom a document is sent to are no sentences.
    """
    found = ""
    for sentence in (s for line in lines for s in _sentences(line)):
        if _units(found + sentence) > LONGEST_DIGEST:
            return found or _cut(sentence)
        found += sentence
    return found or _cut(title)


def _sentences(line: str) -> list[str]:
    mark = None if "\t" in line else read(line)
    if "\t" in line or (mark and mark.stem and mark.rank != ARTICLE):
        return []
    words = line.removeprefix(mark.label) if mark and mark.rank == ARTICLE else line
    words, start, found = " ".join(words.split()), 0, []
    for end in _END.finditer(words):
        found.append(words[start : end.end()])
        start = end.end()
    return [*found, words[start:]] if _LEAD.search(words[start:][-8:]) else found


def _cut(words: str) -> str:
    words = " ".join(words.split())
    if _units(words) <= LONGEST_DIGEST:
        return words
    words = words[: LONGEST_DIGEST - 1]
    while _units(words) >= LONGEST_DIGEST:
        words = words[:-1]
    end = max(words.rfind(sign) for sign in "，、：,")
    return (words[:end] if end >= LONGEST_DIGEST // 2 else words) + "…"


def _units(words: str) -> int:
    return len(words.encode("utf-16-le", "surrogatepass")) // 2


def _files(view: View, entry: Mapping[str, Any], load: Loader, theme: Path) -> Iterator[tuple[str, bytes]]:
    places, markup, lines = {}, "", list[str]()
    if entry["body"]:
        source = load.body(entry["body"])
        lines = text.lines(markdown.tree(source))
        root = xhtml.body(source).root
        for written, name, data in pictures_of(root, entry, load):
            places[written] = name
            yield name, data
        xhtml.show(root, places)
        _restyle(root)
        markup = etree.tostring(root, encoding="unicode", method="html", with_tail=False)
    page = {"entry": entry, "edition": view, "issue": issue_line(view), "signed": day(entry["signed"]), "body": markup}
    html = environment(theme).get_template("media/article.html").render(page)
    summary = _cut(entry.get("summary") or "") or digest(entry["title"], lines)
    yield "index.html", html.encode()
    yield "digest.txt", f"{summary}\n".encode()
    yield "title.png", load.made(entry["card"])


def _restyle(root: HtmlElement) -> None:
    """Every element becomes one that the editor keeps, with a style and nothing else that it would drop."""
    for element in reversed(list(root.iter())):  # what holds an element has its own name still
        kind, within = element.get("class"), element.getparent()
        tag, style = _STYLES[element.tag]
        kept = {name: element.get(name) for name in ("colspan", "rowspan", "src", "alt") if element.get(name)}
        if kind == xhtml.MARK:
            style = MARK_STYLE
        elif kind == xhtml.ALTERNATIVE:
            style = _ALTERNATIVE
        elif kind in {xhtml.FRAME, xhtml.WIDE}:
            style += "overflow-x:auto;"
        elif kind in {"left", "center", "right"}:
            style += f"text-align:{kind};"
        if element.tag == "p" and within is not None and within.tag in _NARROW:
            style = style.replace("text-indent:2em;", "")
        if element.tag == "caption" and within is not None:
            within.addprevious(element)
        element.attrib.clear()
        element.tag = tag
        for name, value in (({"style": style} if style else {}) | kept).items():
            element.set(name, value)


def _listed(view: View, rows: list[dict[str, Any]]) -> Iterator[str]:
    yield view["title"]
    yield view["address"]
    for row in rows:
        yield ""
        yield f"{row['folder']}/"
        yield f"标题：{row['title']}"
        if _units(row["title"]) > LONGEST_TITLE:
            yield f"（超过微信公众号标题的 {LONGEST_TITLE} 字上限，发布时请缩写，并在文首保留全称）"
        for label, name in (("文号", "number"), ("机关", "issuer"), ("摘要", "digest"), ("网页", "address")):
            if row[name]:
                yield f"{label}：{row[name]}"
        yield f"校验值：{row['sha256']}"
    yield ""
    yield "各文件夹中 index.html 是正文，粘贴到图文编辑器即可；title.png 是题图，digest.txt 是摘要，图片由编辑器上传。"
    if view["notice"]:
        yield view["notice"]
