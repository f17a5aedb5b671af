"""Articles 6, 15 and 16: consultations, meetings, hearings (pure)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from plugins.models.consultation import Adopted
from plugins.models.directory import Kind
from plugins.models.faults import Fault
from plugins.models.policy import Scope
from plugins.models.record import Record
from plugins.rules.context import Check, Context
from plugins.rules.table import RULES

PORTAL = ("政府网站", "门户网站", "政府网")
_TOWN = frozenset(str(s) for s in list(Scope)[5:])


def asked_before_decided(policy: Record, context: Context) -> Iterator[Fault]:
    """The consultation that led to a policy ended before the meeting that considered it."""
    for meeting in context.named_by("considers", policy):
        for consultation in context.named_by("leads_to", policy):
            if (closes := consultation.text("closes")) >= (held := meeting.text("held")):
                yield consultation.fault("D401", "closes", closes=closes, held=held)


def draft_and_basis_are_shown(consultation: Record, context: Context) -> Iterator[Fault]:
    """A consultation shows its draft and its basis, and stays open for thirty days or says why not."""
    opens, closes = consultation.text("opens"), consultation.text("closes")
    if closes <= opens:
        yield consultation.fault("D411", "closes")
        return
    if not consultation.items("based_on"):
        yield consultation.fault("D402")
    days = (date.fromisoformat(closes[:10]) - date.fromisoformat(opens[:10])).days
    least = RULES["GN-06.1"].number("days", opens[:10])
    if days < least and not consultation.text("shortened"):
        yield consultation.fault("D406", "closes", days=days, least=least)


def outcome_is_published(consultation: Record, context: Context) -> Iterator[Fault]:
    """What became of the opinions is published in time, with reasons."""
    closes, outcome = consultation.text("closes"), consultation.fields.get("outcome")
    if closes <= consultation.text("opens"):
        return
    if not outcome:
        limit = RULES["GN-06.2"].number("working_days", closes[:10])
        if closes < context.now and context.working_days(closes, context.today) > limit:
            yield consultation.fault("D407", "closes", days=limit)
        return
    if outcome["published"] < closes:
        yield consultation.fault("D412", "outcome")
    opinions = outcome.get("opinions", ())
    for opinion in opinions:
        if opinion["adopted"] != Adopted.YES and not opinion.get("reason"):
            yield consultation.fault("D405", "outcome", value=opinion["opinion"])
    total, received = sum(o.get("count", 1) for o in opinions), outcome.get("received", 0)
    if received and total > received:
        yield consultation.fault("D413", "outcome", sum=total, received=received)


def taking_part_is_offered(policy: Record, context: Context) -> Iterator[Fault]:
    """A policy in the county's scope of public participation had a consultation, or says why not."""
    if not _town(policy, context) and not _asked(policy, context):
        yield policy.fault("D403", "scope")


def taking_part_is_offered_in_towns(policy: Record, context: Context) -> Iterator[Fault]:
    """The same for a policy in the towns' scope."""
    if _town(policy, context) and not _asked(policy, context):
        yield policy.fault("D404", "scope")


def _town(policy: Record, context: Context) -> bool:
    issuer = context.organisation(policy.text("issuer"))
    return policy.text("scope") in _TOWN or (issuer is not None and issuer.kind == Kind.TOWN)


def _asked(policy: Record, context: Context) -> bool:
    """Whether nothing more is to be asked: out of scope, exempt, consulted on, or a consultation cannot be read."""
    told = policy.text("consultation_exempt") or context.named_by("leads_to", policy)
    return bool(not policy.text("scope") or told or context.register.lacks("consultations"))


def drafter_states_what_was_asked(policy: Record, context: Context) -> Iterator[Fault]:
    """A policy that a meeting considered says whether the public was asked and whom to invite."""
    if context.named_by("considers", policy) and not policy.fields.get("pre_meeting"):
        yield policy.fault("D409")


def meeting_is_open(meeting: Record, context: Context) -> Iterator[Fault]:
    """Meetings on livelihood matters decide whom to invite; those on major matters are shown on the site."""
    livelihood = meeting.fields.get("livelihood") is True
    if livelihood and not (meeting.text("invitation") or meeting.fields.get("attendees")):
        yield meeting.fault("D408", "livelihood")


def meeting_is_published(meeting: Record, context: Context) -> Iterator[Fault]:
    """Meetings on major decisions and livelihood matters are made public, at least on the site."""
    concerned = any(meeting.fields.get(name) is True for name in ("major", "livelihood"))
    if concerned and not any(via in PORTAL for via in meeting.items("published_via")):
        yield meeting.fault("D410", "published_via")


def hearing_is_announced(hearing: Record, context: Context) -> Iterator[Fault]:
    """A hearing is announced before it is held, on the site too, and its record is published."""
    if hearing.published >= hearing.text("held"):
        yield hearing.fault("D414", "published")
    if not any(channel in PORTAL for channel in hearing.items("channels")):
        yield hearing.fault("D415", "channels")
    if hearing.text("held") < context.now and not hearing.text("record"):
        yield hearing.fault("D416")


CHECKS: tuple[Check, ...] = (
    ("GN-06.1", ("policies",), asked_before_decided),
    ("GN-06.1", ("consultations",), draft_and_basis_are_shown),
    ("GN-06.2", ("consultations",), outcome_is_published),
    ("GN-06.3", ("meetings",), meeting_is_open),
    ("GN-06.4", ("policies",), drafter_states_what_was_asked),
    ("GN-06.8", ("meetings",), meeting_is_published),
    ("GN-15.1", ("policies",), taking_part_is_offered),
    ("GN-15.2", ("policies",), taking_part_is_offered_in_towns),
    ("GN-16.2", ("hearings",), hearing_is_announced),
)
