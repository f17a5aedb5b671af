"""Articles 4 and 5: attribute, annotation, reasons, reviewers (pure)."""

from __future__ import annotations

from collections.abc import Iterator

from plugins.models.directory import Post
from plugins.models.document import Disclosure
from plugins.models.faults import Fault
from plugins.models.record import Record
from plugins.rules.context import Check, Context

REASONS = (
    "国家秘密",
    "法律、行政法规禁止公开",
    "危及国家安全、公共安全、经济安全、社会稳定",
    "商业秘密",
    "个人隐私",
    "内部事务信息",
    "过程性信息",
    "行政执法案卷信息",
)
"""政府信息公开条例, articles 14 to 16."""
_SIGNS = ("秘密", "禁止公开", "安全", "稳定", "隐私", "内部", "过程", "案卷", "讨论记录", "人事", "后勤")
_PUBLIC = ("公开发布", "主动公开")
_REVIEWER = {str(Post.SECRECY_REVIEWER), "保密审查岗"}


def change_of_attribute_is_explained(record: Record, context: Context) -> Iterator[Fault]:
    """Where the signer fixed another attribute than was proposed, a note says why."""
    proposed, final = record.text("disclosure_proposed"), record.text("disclosure")
    if proposed and final and proposed != final and not record.text("disclosure_note"):
        yield record.fault("G111", "disclosure", final=final, proposed=proposed)


def annotation_agrees(record: Record, context: Context) -> Iterator[Fault]:
    """A typed annotation says what the attribute says; the annotation of the page is derived."""
    written = str(record.facts.get("annotation", ""))
    told = any(word in written for word in ("公开", "内部"))
    if told and record.text("disclosure") and record.active != any(sign in written for sign in _PUBLIC):
        yield record.fault("G112", "disclosure", value=written, disclosure=record.text("disclosure"))


def reason_is_lawful(record: Record, context: Context) -> Iterator[Fault]:
    """The reason not to publish is one of the law's, and was reviewed before the approval."""
    if record.text("disclosure") not in {Disclosure.ON_REQUEST, Disclosure.WITHHELD}:
        return
    reason = record.text("disclosure_reason")
    if reason and not any(sign in reason for sign in _SIGNS):
        yield record.fault("G113", "disclosure_reason", value=reason, known="；".join(REASONS))
    review, signed = record.fields.get("disclosure_review"), record.fields.get("sign_off")
    if review and signed and review["date"] > signed["date"]:
        yield record.fault("G114", "disclosure_review")


def reviewer_is_of_the_publisher(record: Record, context: Context) -> Iterator[Fault]:
    """The secrecy reviewer holds that post in the publishing organisation, where the directory names its posts."""
    review, issuer = record.fields.get("secrecy_review"), context.organisation(record.text("issuer"))
    posts = [p for p in issuer.posts if p.post == Post.SECRECY_REVIEWER] if issuer else []
    known = _REVIEWER | {name for p in posts for name in (p.title, p.name) if name}
    if review and posts and review["by"] not in known:
        yield record.fault("G117", "secrecy_review", value=review["by"])


def nothing_is_left_to_settle(record: Record, context: Context) -> Iterator[Fault]:
    """What is still being settled with the drafter is neither returned nor final."""
    if record.final and record.text("negotiation"):
        yield record.fault("G116", "negotiation")


def withdrawn_means_gone(record: Record, context: Context) -> Iterator[Fault]:
    """A withdrawn text leaves its header only."""
    if record.withdrawn and (record.body or record.fields.get("attachments")):
        yield record.fault("G115", "withdrawn")


CHECKS: tuple[Check, ...] = (
    ("GN-04.2", ("",), change_of_attribute_is_explained),
    ("GN-04.3", ("",), annotation_agrees),
    ("GN-04.4", ("",), reason_is_lawful),
    ("GN-05.3", ("",), reviewer_is_of_the_publisher),
    ("GN-07.5", ("",), nothing_is_left_to_settle),
    ("GN-05.4", ("",), withdrawn_means_gone),
)
