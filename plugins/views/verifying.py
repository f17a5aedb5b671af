"""What /verify/ proves with: lists of hashes by their first digits, the page, one QR code (pure; decision 24)."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise, product

from plugins.models.numbers import show_number
from plugins.models.record import Record
from plugins.views.distributions import Files, distributions
from plugins.views.forms import published
from plugins.views.frame import SiteFrame
from plugins.views.jobs import Job
from plugins.views.site import Event

CURRENT, EARLIER, WITHDRAWN, ISSUED, DATA = "当前文本", "历史文本", "撤下文本", "公报文件", "数据文件"
"""The first word of a line's last part: what the hash is of. theme/static/verify.js has a sentence for each."""
FOLDER = "verify/"
_SIGNS = re.compile(r"[\W_]+")
_LINES = 500
"""Lines of one list while there is but one; with sixteen times as many, lists have one digit more in their names."""


def verify_jobs(frame: SiteFrame, texts: Mapping[str, str], files: Files) -> Iterator[Job]:
    """/verify/, its lists and its QR code.

    `texts` are the canonical hashes by id, those of earlier texts too; `files` the data sets' files.
    """
    hashes = [*_texts(frame, texts), *_withdrawn(frame), *_data(frame, files), *_issued(frame)]
    numbers = list(_numbers(frame))
    by_hash, by_number = digits(len(hashes)), digits(len(numbers))
    yield from _lists(f"{FOLDER}hashes/", hashes, by_hash)
    yield from _lists(f"{FOLDER}numbers/", numbers, by_number)
    yield Job(f"{FOLDER}qr.svg", "qr", {"text": frame.addresses.absolute(FOLDER)})
    yield frame.page(
        FOLDER,
        "verify",
        "核对文件",
        section=FOLDER,
        json=False,
        meta=frame.column("verify"),
        description="核对手中的文字、文件或印本与本站公布的是否一致",
        script=frame.url("static/verify.js"),
        base=frame.url(),
        hashes={"url": frame.url(f"{FOLDER}hashes/"), "digits": by_hash, "first": _name("0" * by_hash)},
        numbers={"url": frame.url(f"{FOLDER}numbers/"), "digits": by_number},
    )


def digits(lines: int) -> int:
    """How many first digits of the hash name a list where there are so many lines in all: 0 up to 500, 1 up to 8,000.

    It depends on the content alone, so that one more text changes one list, and all of them only at such a border.
    """
    count = 0
    while lines > _LINES * 16**count:
        count += 1
    return count


def folded_number(number: str) -> str:
    """A document number without what people type in many ways: brackets, spaces, 第, 号. Its sha256 finds the line."""
    return _SIGNS.sub("", unicodedata.normalize("NFKC", number)).replace("第", "").removesuffix("号")


def _lists(folder: str, lines: Iterable[str], width: int) -> Iterator[Job]:
    """The lists of all prefixes, empty ones too: one that does not load never means that a text is unknown."""
    parts: dict[str, list[str]] = {"".join(p): [] for p in product("0123456789abcdef", repeat=width)}
    for line in sorted(set(lines)):
        parts[line[:width]].append(line)
    for prefix, found in parts.items():
        yield Job(f"{folder}{_name(prefix)}", "plain", {"text": "".join(found)})


def _name(prefix: str) -> str:
    return f"{prefix or 'all'}.txt"


def _line(digest: str, address: str, *what: str) -> str:
    """`sha256  address  what`, the address below the site; the parts of `what` are separated by TAB."""
    parts = "\t".join([part if part.isprintable() else " ".join(part.split()) for part in what])
    return f"{digest}  {address}  {parts}\n"


def _address(frame: SiteFrame, path: str) -> str:
    return frame.url(path).removeprefix(frame.url())


def _texts(frame: SiteFrame, texts: Mapping[str, str]) -> Iterator[str]:
    """Texts that stand on the site: state, title, number, from which day, until which."""
    site = frame.site
    for record in site.documents.values():
        events, held = site.history.get(record.id, ()), site.versions.get(record.id, ())
        last = events[-1]["moment"][:10] if events else ""
        for text, following in pairwise((*held, record)):
            until = following.version[:10] or last
            yield _text(texts[text.id], f"{text.id}/index.txt", EARLIER, text, text.version[:10], until)
        since = last or ("" if held else record.published[:10])
        yield _text(texts[record.id], f"{record.id}/index.txt", CURRENT, record, since, "")
        if len(events) > 1:  # the ledger may tell of texts that are no longer held
            known = {texts[text.id] for text in (*held, record)}
            yield from (
                _text(d, f"{record.id}/", EARLIER, record, *s) for d, s in _spans(events).items() if d not in known
            )


def _text(digest: str, address: str, state: str, record: Record, since: str, until: str) -> str:
    return _line(digest, address, state, record.title, show_number(record.number), since, until)


def _spans(events: Sequence[Event]) -> dict[str, tuple[str, str]]:
    """From which day until which each hash stood, "" where it still does."""
    return {
        event["sha256"]: (event["moment"][:10], following["moment"][:10] if following else "")
        for event, following in pairwise((*events, None))
        if event and event["event"] != "withdrawn"
    }


def _withdrawn(frame: SiteFrame) -> Iterator[str]:
    """Every text that once stood at a withdrawn address: the page says no more than its tombstone."""
    for record in frame.site.tombstones:
        for digest, (since, until) in _spans(frame.site.history.get(record.id, ())).items():
            yield _text(digest, f"{record.id}/", WITHDRAWN, record, since, until)


def _data(frame: SiteFrame, files: Files) -> Iterator[str]:
    """The files of data sets, of earlier versions too; pages of JSON are parts of a file, and no file of their own."""
    found = distributions(frame.site, files)
    for package in published(frame.site):
        folder = f"datasets/{package.name}/"
        for one in found[package.name]:
            if one.pages == 1:
                yield _line(one.sha256, _address(frame, folder + one.path), DATA, package.title, one.path)
        for version in frame.site.data_versions.get(package.name, ()):
            for path, (digest, _) in {**version.files, **version.csv}.items():
                place = _address(frame, f"{folder}v/{version.name}/{path}")
                yield _line(digest, place, DATA, f"{package.title}（{version.name} 版）", path)


def _issued(frame: SiteFrame) -> Iterator[str]:
    """The files of frozen issues; those of others may still change, so nothing is said of them."""
    for identifier, frozen in frame.site.frozen.items():
        for name, held in frozen.files.items():
            title = frame.site.documents[identifier].title
            yield _line(held.sha256, _address(frame, f"{identifier}/{name}"), ISSUED, f"{title} {name}")


def _numbers(frame: SiteFrame) -> Iterator[str]:
    """Lines of the same form whose hash is that of a document number; a withdrawn one has its state besides."""
    site = frame.site
    for record, state in (*((r, ()) for r in site.documents.values()), *((r, (WITHDRAWN,)) for r in site.tombstones)):
        if number := show_number(record.number):
            digest = hashlib.sha256(folded_number(number).encode()).hexdigest()
            yield _line(digest, f"{record.id}/", number, *state)
