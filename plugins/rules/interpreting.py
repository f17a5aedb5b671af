"""Article 7: who interprets, when, where and what; the legality review (pure)."""

from __future__ import annotations

from collections.abc import Iterator

from plugins.models.directory import Kind, Role
from plugins.models.document import Verdict
from plugins.models.faults import Fault
from plugins.models.record import Record
from plugins.rules.context import Check, Context
from plugins.rules.decisions import PORTAL
from plugins.rules.table import RULES

_CORE = {
    "背景依据": ("背景", "依据", "为什么", "目的"),
    "目标任务": ("目标", "任务", "目的"),
    "主要内容": ("内容", "重点", "举措", "措施", "亮点"),
    "涉及范围": ("范围", "对象", "适用", "谁"),
    "执行标准": ("标准", "条件", "程序", "流程", "怎么", "如何"),
}
_DIFFERENCES = ("差异", "区别", "变化", "不同", "修改", "修订", "新旧")
_TEXT_ONLY = {"文字", "文稿", "文本"}
_LEGAL = ("法制", "司法", "法规", "法治")


def interpreted(policy: Record, context: Context) -> Iterator[Fault]:
    """A policy comes with its interpretation, or says why it needs none."""
    told = policy.text("interpretation_exempt") or context.named_by("interprets", policy)
    if not told and not context.register.lacks("interpretations"):
        yield policy.fault("G108")


def drafter_interprets(interpretation: Record, context: Context) -> Iterator[Fault]:
    """Who drafts interprets; the office may for the government; of several departments the lead one."""
    author = interpretation.text("issuer")
    for policy in context.named("interprets", interpretation):
        if not (context.organisation(author) and context.organisation(policy.text("issuer"))):
            continue  # D110 says so
        county = context.county_level(policy)
        named = [policy.text("lead") or policy.text("drafted_by")]
        if county:
            offices = [o.id for o in context.register.organisations.values() if o.kind == Kind.OFFICE]
            fit = {*named, policy.text("drafted_by"), policy.text("issuer"), *offices}
        else:
            fit = {policy.text("lead"), policy.text("issuer")}
        known = [name for name in (*named, policy.text("issuer")) if context.organisation(name)]
        if author not in fit and (not county or context.organisation(named[0])):
            yield interpretation.fault("D501", "issuer", value=author, expected=known[0])


def interpreted_in_time(interpretation: Record, context: Context) -> Iterator[Fault]:
    """Not before its policy, and within three working days after it."""
    for policy in context.named("interprets", interpretation):
        if interpretation.published < policy.published:
            yield interpretation.fault("D513", "published")
        limit = RULES["GN-07.3"].number("working_days", policy.published[:10])
        if (days := context.working_days(policy.published, interpretation.published)) > limit:
            yield interpretation.fault("D502", "published", days=days, limit=limit)


def interpreted_on_site_and_in_media(interpretation: Record, context: Context) -> Iterator[Fault]:
    """On the portal and in a mainstream medium."""
    media = interpretation.items("media")
    if media:
        if not any(name in PORTAL for name in media):
            yield interpretation.fault("D503", "media", what="政府网站")
        if all(name in PORTAL for name in media):
            yield interpretation.fault("D503", "media", what="主流媒体")


def media_are_told(interpretation: Record, context: Context) -> Iterator[Fault]:
    """Where it was spread."""
    if not interpretation.items("media"):
        yield interpretation.fault("D512")


def head_approved(interpretation: Record, context: Context) -> Iterator[Fault]:
    """The head of the drafting department approved it before."""
    approval = interpretation.fields.get("head_approval")
    if not approval:
        yield interpretation.fault("D504")
    elif approval["date"] > interpretation.published[:10]:
        yield interpretation.fault("D505", "head_approval")


def says_what_people_ask(interpretation: Record, context: Context) -> Iterator[Fault]:
    """Background, goals, content, scope, standards; differences where an older text changes."""
    headings = " ".join(interpretation.facts.get("headings", ()))
    if missing := [name for name, signs in _CORE.items() if not any(sign in headings for sign in signs)]:
        yield interpretation.fault("D508", missing="、".join(missing))
    policies = context.named("interprets", interpretation)
    changing = any(policy.items(relation) for policy in policies for relation in ("amends", "replaces"))
    if changing and not any(sign in headings for sign in _DIFFERENCES):
        yield interpretation.fault("D509")


def shown_as_well_as_told(interpretation: Record, context: Context) -> Iterator[Fault]:
    """A policy of wide interest is interpreted in more than text; pictures say in words what they show."""
    wide = any(policy.fields.get("wide") is True for policy in context.named("interprets", interpretation))
    if wide and all(form in _TEXT_ONLY for form in interpretation.items("forms")):
        yield interpretation.fault("D510", "forms")
    for line in interpretation.facts.get("bare_images", ()):
        found = interpretation.fault("D511")
        yield Fault(found.path, line, found.code, found.key, found.severity, found.message, found.remedy)


def legality_reviewed(policy: Record, context: Context) -> Iterator[Fault]:
    """A normative document passed the legality review before it was signed."""
    if policy.fields.get("normative") is not True:
        return
    review = policy.fields.get("legality_review")
    if not review:
        yield policy.fault("G109", "normative")
    elif review["result"] != Verdict.PASSED or review["date"] > policy.text("signed"):
        yield policy.fault("G110", "legality_review")


def county_review_is_by_the_legality_office(policy: Record, context: Context) -> Iterator[Fault]:
    """What is issued in the county's name is reviewed by the legality office."""
    review = policy.fields.get("legality_review")
    if review and context.county_level(policy):
        known = context.organisation(review["body"])
        if known is not None and not _legal(known.name) and Role.LEGALITY_REVIEW not in known.roles:
            yield policy.fault("D506", "legality_review", value=known.name)


def department_review_is_by_its_section(policy: Record, context: Context) -> Iterator[Fault]:
    """A department's documents are reviewed by its own legal section."""
    review = policy.fields.get("legality_review")
    if review and not context.county_level(policy):
        body = review["body"]
        known = context.organisation(body)
        office = known is not None and Role.LEGALITY_REVIEW in known.roles
        if not office and body != policy.text("issuer") and not _legal(known.name if known else body):
            yield policy.fault("D507", "legality_review", value=body)


def _legal(name: str) -> bool:
    return any(sign in name for sign in _LEGAL)


CHECKS: tuple[Check, ...] = (
    ("GN-07.4", ("policies",), interpreted),
    ("GN-07.6", ("policies",), legality_reviewed),
    ("GN-07.6", ("policies",), county_review_is_by_the_legality_office),
    ("GN-07.7", ("policies",), department_review_is_by_its_section),
    ("GN-07.1", ("interpretations",), drafter_interprets),
    ("GN-07.3", ("interpretations",), interpreted_in_time),
    ("GN-07.3", ("interpretations",), interpreted_on_site_and_in_media),
    ("GN-07.4", ("interpretations",), head_approved),
    ("GN-07.8", ("interpretations",), says_what_people_ask),
    ("GN-07.9", ("interpretations",), shown_as_well_as_told),
    ("GN-07.10", ("interpretations",), media_are_told),
)
