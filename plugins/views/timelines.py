"""What happened to a matter, in order: a policy's life, a consultation's process, the answer to an emergency (pure).

Every moment that may still lie ahead is one at which the Site turns (`rules.validity.turning_days`), so that what is
past and what is ahead can be read off the Site's window, and a page is the same until one of them comes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from plugins.models.record import Record
from plugins.rules.validity import MEETINGS, show_day, timeline
from plugins.views.frame import SiteFrame
from plugins.views.site import Event

TITLES = {
    "policies": "文件历程",
    "consultations": "征求意见的进程",
    "hearings": "听证的进程",
    "responses": "发布的进程",
}
"""Types whose pages have a line of time, and its title."""
_FEWEST, _LONGEST = 3, 60
_HELD = {"hearings": "举行听证", "meetings": "会议审议", "press": "新闻发布会", "interviews": "在线访谈"}
_PUBLISHED = {"interpretations": "政策解读", "evaluations": "实施评估", "gazette": "刊登于政府公报"}
_ACTED = {"amends": "部分内容被修改", "repeals": "废止", "replaces": "被新文件代替"}
_ENDED = (_ACTED["repeals"], _ACTED["replaces"])
_LED = frozenset({"leads_to", "about", "conference"})
"""Relations that lead on in one process: what they name shows too."""
_ABOUT = frozenset({"interprets", "evaluates", "considers"})
"""Relations to what a document is about; to rest on a policy (`based_on`) is no part of that policy's life."""
_LAST = " 24:00"


class Step(NamedTuple):
    """One step: `moment` as a day or with its time, `by` the id of the document that it was, "" for the page's own."""

    moment: str
    label: str
    text: str = ""
    by: str = ""


def steps(frame: SiteFrame, record: Record) -> list[dict[str, Any]]:
    """The steps of a record whose type has a line of time, by moment: `{moment, label, text, title, url, ahead}`."""
    if record.kind not in TITLES:
        return []
    last = frame.site.window[0]
    found = sorted((*_own(record), *_of_others(frame, record)), key=lambda step: step.moment)
    named = {step.by: step for step in reversed(found)}  # a document is named once, where it first comes in
    return [_shown(frame, step, last, named=named[step.by] is step) for step in found]


def _shown(frame: SiteFrame, step: Step, last: str, *, named: bool) -> dict[str, Any]:
    end = _LAST if step.label == _EXPIRY else ""
    by = frame.site.documents[step.by] if step.by and named else None
    return {
        "moment": step.moment,
        "label": step.label,
        "text": step.text if len(step.text) <= _LONGEST else f"{step.text[: _LONGEST - 1]}…",
        "title": by.title if by else "",
        "url": frame.url(f"{by.id}/") if by else "",
        "ahead": step.moment + end > last,
    }


_EXPIRY = "有效期届满"


def _own(record: Record) -> Iterator[Step]:
    """What the record tells of itself."""
    if record.kind == "policies":
        yield Step(record.text("signed"), "成文")
        yield Step(record.published, "发布")
        if effective := record.text("effective"):
            yield Step(effective, "施行")
        if expires := record.text("expires"):
            yield Step(expires, _EXPIRY)
    elif record.kind == "responses":
        if onset := record.text("onset"):
            yield Step(onset, "事件发生")
        yield Step(record.published, "首次发布")
        yield from (Step(update["at"], "后续发布", update["text"]) for update in record.fields.get("updates", ()))
    else:
        yield Step(record.published, "发布公告")
        yield from _moments(record)


def _moments(record: Record, by: str = "") -> Iterator[Step]:
    """When a document of its type comes into the course of another matter, or of its own."""
    if record.kind == "consultations":
        yield Step(record.text("opens"), "开始征求意见", by=by)
        yield Step(record.text("closes"), "征求意见截止", by=by)
        if outcome := record.fields.get("outcome"):
            yield Step(outcome["published"], "公布采纳情况", by=by)
    elif record.kind in MEETINGS:
        yield Step(record.text("held"), _HELD[record.kind], by=by)
    elif record.kind in _PUBLISHED:
        yield Step(record.published, _PUBLISHED[record.kind], by=by)


def _of_others(frame: SiteFrame, record: Record) -> Iterator[Step]:
    """What other documents did to it, or in the same process."""
    site = frame.site
    for relation, day, acting in site.acting.get(record.id, ()):
        yield Step(day, _ACTED[relation], by=acting)
    for relation, _, source in site.inverse.get(record.id, ()):
        if relation == "corrects":
            yield Step(site.documents[source].published, "更正", by=source)
        elif relation in _LED or relation in _ABOUT:
            yield from _moments(site.documents[source], source)
    for relation, _, target in site.relations.get(record.id, ()):
        if relation in _LED and target:
            other = site.documents[target]
            yield from (
                [Step(other.published, "文件发布", by=target)] if other.kind == "policies" else _moments(other, target)
            )
    for issue in site.printed.get(record.id, ()):
        yield from _moments(site.documents[issue], issue)


def line(
    record: Record,
    found: Sequence[Mapping[str, Any]],
    validity: Mapping[str, Any],
    acting: Any,
    events: Sequence[Event],
) -> dict[str, Any]:
    """What the page shows: `{title, steps}`, each step with its state, and what holds now between them.

    No steps where there is too little to tell. `found` is what `steps` gave, `events` are the ledger's.
    """
    amended = [_amended(event) for event in events if event["event"] == "amended"]
    every = sorted((*found, *amended), key=lambda step: (step["ahead"], step["moment"]))
    if len(every) < _FEWEST:
        return {"title": "", "steps": []}
    over = next((s["moment"] for s in every if s["label"] in _ENDED), "~")
    kept = [s for s in every if s["moment"] <= over or not (s["ahead"] or s["label"] == _EXPIRY)]
    past = [{**step, "state": "past"} for step in kept if not step["ahead"]]
    ahead = [{**step, "state": "ahead"} for step in kept if step["ahead"]]
    now = [_now(record, validity, acting)] if validity["label"] else []
    return {"title": TITLES[record.kind], "steps": [*past, *now, *ahead]}


def _amended(event: Event) -> dict[str, Any]:
    text = event["note"] if len(event["note"]) <= _LONGEST else f"{event['note'][: _LONGEST - 1]}…"
    return {"moment": event["moment"], "label": "修改文本", "text": text, "title": "", "url": "", "ahead": False}


def _now(record: Record, validity: Mapping[str, Any], acting: Any) -> dict[str, Any]:
    """The answer at the Site's moment, with the day from which it holds."""
    spans = [day for day, label in timeline(record, acting) if label == validity["label"]]
    since = f"自{show_day(spans[-1])}起" if spans else ""
    return {
        "moment": "",
        "label": f"目前：{validity['label']}",
        "text": since,
        "title": "",
        "url": "",
        "ahead": False,
        "state": "now",
    }
