"""Articles 3, 8, 10, 11 and 21: plans, reports, responses, answers, reposts (pure)."""

from __future__ import annotations

from collections.abc import Iterator

from plugins.models.columns import columns
from plugins.models.faults import Fault
from plugins.models.plan import Area, Plan, PlanKind, ReportKind
from plugins.models.record import Record
from plugins.models.response import DUTIES, Case, Response
from plugins.rules.context import Check, Context, plan_key
from plugins.rules.table import RULES

_YEARLY = {PlanKind.TASKS, PlanKind.ROADMAP, PlanKind.TIMETABLE}


def plan_has_goals_and_schedule(plan: Record, context: Context) -> Iterator[Fault]:
    """The plan of a key area says what is to be reached and when, and was filed in time."""
    if not plan.text("area") or plan.text("kind") != PlanKind.PLAN:
        return
    labels = columns(Plan)
    for name in ("goals", "schedule"):
        if not plan.text(name):
            yield plan.fault("D801", "area", field=name, label=labels[name].label)
    rule, filed = RULES["GN-03.1"], plan.text("filed")
    due = str(rule.parameter("due", plan.published[:10]))
    if filed > due and plan.fields["year"] == rule.number("year", filed) and plan.text("area") != Area.WELFARE:
        yield plan.fault("D802", "filed", filed=filed, due=due)


def welfare_plan_has_partners(plan: Record, context: Context) -> Iterator[Fault]:
    """The plan for public welfare is made together with the departments concerned."""
    if plan.text("area") == Area.WELFARE and not plan.items("partners"):
        yield plan.fault("D803", "area")


def one_plan_a_year(plan: Record, context: Context) -> Iterator[Fault]:
    """One task book, one road map, one timetable for each organisation and year."""
    first = context.plans.get(plan_key(plan), plan)
    if plan.text("kind") in _YEARLY and first.id < plan.id:
        yield plan.fault("D804", "kind", year=plan.fields["year"], kind=plan.text("kind"), other=first.path)


def report_tells_of_key_areas(report: Record, context: Context) -> Iterator[Fault]:
    """The annual disclosure report has a section on the key areas."""
    told = any("重点领域" in heading for heading in report.facts.get("headings", ()))
    if report.text("kind") == ReportKind.DISCLOSURE and not told:
        yield report.fault("D805")


def response_does_its_duty(response: Record, context: Context) -> Iterator[Fault]:
    """Each of the six cases publishes what article 8 asks for."""
    labels = columns(Response)
    case = Case(response.text("case"))
    for name in DUTIES[case]:
        if not response.text(name):
            yield response.fault("D601", "case", case=case, field=name, label=labels[name].label)
    if response.fields.get("emergency") is True and not response.text("onset"):
        yield response.fault("D603", "emergency")


def response_can_be_traced(response: Record, context: Context) -> Iterator[Fault]:
    """Updates stand in the order of time, after the first release."""
    moments = [response.published, *(u["at"] for u in response.fields.get("updates", ()))]
    if moments != sorted(moments):
        yield response.fault("D605", "updates")


def repost_follows_its_source(repost: Record, context: Context) -> Iterator[Fault]:
    """A repost is later than its source, by no more than the rule's working days."""
    source = repost.text("source_published")
    if repost.published < source:
        yield repost.fault("D701", "published")
    limit = RULES["GN-11.4"].number("working_days", repost.published[:10])
    if (days := context.working_days(source, repost.published)) > limit:
        yield repost.fault("D702", "published", days=days, limit=limit)


def answer_is_in_time(answer: Record, context: Context) -> Iterator[Fault]:
    """A reply to a request for disclosure keeps the term that the law set on the day of the request."""
    received = answer.text("received")
    if answer.text("channel") != "依申请公开":
        return
    limit = reply_term(received, bool(answer.text("extended")))
    if (days := context.working_days(received, answer.published)) > limit:
        yield answer.fault("D901", "received", days=days, limit=limit)


def reply_term(received: str, extended: bool = False) -> int:
    """Working days for the reply to a request of that day: 15 in 2018, 20 and 20 more since 2019-05-15."""
    rule = RULES["GN-10.2"]
    return rule.number("working_days", received) + (rule.number("extension", received) if extended else 0)


CHECKS: tuple[Check, ...] = (
    ("GN-03.1", ("plans",), plan_has_goals_and_schedule),
    ("GN-03.2", ("plans",), welfare_plan_has_partners),
    ("GN-21.3", ("plans",), one_plan_a_year),
    ("GN-03.9", ("reports",), report_tells_of_key_areas),
    ("GN-08.1", ("responses",), response_does_its_duty),
    ("GN-08.4", ("responses",), response_can_be_traced),
    ("GN-11.4", ("reposts",), repost_follows_its_source),
    ("GN-10.2", ("answers",), answer_is_in_time),
)
