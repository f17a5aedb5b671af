"""What a gazette issue shows besides a document's parts: forms, proof, sections, errata, imprint (pure)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from plugins.models.edition import ATTACHABLE, KEY, MANIFEST, MINISIGN, SIGNATURE, Frozen, own_names
from plugins.models.record import Record
from plugins.views.addresses import readable_bytes
from plugins.views.frame import SiteFrame

_FORMS = (
    (".pdf", "PDF", "按公文格式排版，供打印"),
    (".epub", "EPUB", "供手机和阅读器"),
    (".txt", "纯文本", "全文，可核对校验值"),
    ("-media.zip", "新媒体包", "每篇一个网页、题图和摘要，供公众号等转发"),
)
_PROOF = {
    MANIFEST: "定版清单",
    SIGNATURE: "签名（OpenSSL）",
    MINISIGN: "签名（minisign）",
    KEY: "签名公钥",
}
_ATTACHED = dict(zip(ATTACHABLE, ("时间戳", "加盖电子印章的 OFD", "加盖电子印章的 PDF", "电子签名"), strict=True))
_OPEN = "本期尚未定版：各种格式由网站随时生成，校验值可能改变。"
_FROZEN = (
    "本期已定版：下列文件写成后不再改变，更正只以勘误刊登在以后各期。校验值相同，说明文件与定版时一字不差；"
    "签名只说明由持有该密钥的一方签出。电子公报供查阅和引用，不改变文件本身的效力。"
)


def issue_parts(frame: SiteFrame, issue: Record, digests: Mapping[str, str], made: Mapping[str, str]) -> dict[str, Any]:
    """The issue's own values of the page.

    `digests` are the canonical hashes by id, `made` those of `editions.first_edition_jobs`.
    """
    frozen = frame.site.frozen.get(issue.id)
    return {
        "edition": _edition(frame, issue, frozen, made),
        "sections": [
            {"title": s["title"], "entries": [e for r in s["entries"] if (e := _entry(frame, r, digests))]}
            for s in issue.fields["sections"]
        ],
        "errata": [e for erratum in issue.fields.get("errata", ()) if (e := _erratum(frame, erratum))],
        "imprint": imprint(frame, issue),
    }


def as_data(edition: Mapping[str, Any]) -> dict[str, Any]:
    """What `index.json` says of the forms: fingerprint, and of a frozen issue its files with their digests."""
    files = [{name: one[name] for name in ("name", "bytes", "sha256", "sm3")} for one in edition["files"]]
    return {name: edition[name] for name in ("fingerprint", "key", "comment")} | {"files": files}


def imprint(frame: SiteFrame, issue: Record) -> list[dict[str, str]]:
    """版权信息: free of charge, and where copies are given away (county rules, article 14)."""
    fields, written = issue.fields, issue.fields.get("imprint") or {}
    shown = (
        ("编辑", frame.name_of(written.get("editor", ""))),
        ("期号", f"{fields['year']} 年第 {fields['number']} 期（总第 {fields['running']} 期）"),
        ("定价", "免费赠阅"),
        ("赠阅点", "、".join(p.name for p in frame.identity.gift_points)),
    )
    return [{"label": label, "value": value} for label, value in shown if value]


def fingerprint(frame: SiteFrame, issue: Record, made: Mapping[str, str]) -> str:
    """The sha256 of the issue's plain text: of a frozen one as it was frozen."""
    frozen = frame.site.frozen.get(issue.id)
    return frozen.files[f"{issue.slug}.txt"].sha256 if frozen else made[f"{issue.id}/text"]


def _edition(frame: SiteFrame, issue: Record, frozen: Frozen | None, made: Mapping[str, str]) -> dict[str, Any]:
    """The forms to download, and what proves them."""
    stem = f"{issue.id}/{issue.slug}"
    return {
        "cover": frame.url(f"{issue.id}/cover.png"),
        "pdf": frame.url(f"{stem}.pdf"),
        "forms": [{"title": title, "url": frame.url(stem + end), "note": note} for end, title, note in _FORMS],
        "sentence": _FROZEN if frozen else _OPEN,
        "fingerprint": fingerprint(frame, issue, made),
        "files": list(_files(frame, issue, frozen)) if frozen else [],
        "key": frozen.key if frozen else "",
        "comment": frozen.comment if frozen else "",
    }


def _files(frame: SiteFrame, issue: Record, frozen: Frozen) -> Iterator[dict[str, Any]]:
    own = own_names(issue.slug)
    for name, held in sorted(frozen.files.items(), key=lambda item: (item[0] not in own, item[0])):
        attached = _ATTACHED.get(f".{name.rpartition('.')[2].lower()}", "") if name not in own else ""
        yield {
            "name": name,
            "what": _PROOF.get(name) or attached,
            "url": frame.url(f"{issue.id}/{name}"),
            "bytes": held.bytes,
            "size": readable_bytes(held.bytes),
            "sha256": held.sha256,
            "sm3": held.sm3,
        }


def _entry(frame: SiteFrame, reference: str, digests: Mapping[str, str]) -> dict[str, str] | None:
    record = frame.site.find(reference)
    return {**frame.card(record), "sha256": digests[record.id]} if record else None


def _erratum(frame: SiteFrame, erratum: Mapping[str, str]) -> dict[str, str] | None:
    record = frame.site.find(erratum["document"])
    return {"title": record.title, "url": frame.url(f"{record.id}/"), "text": erratum["text"]} if record else None
