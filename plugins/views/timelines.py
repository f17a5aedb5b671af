"""What happened to a matter, in order: a policy's life, a consultation's process, the answer to an emergency (pure).

Every moment that may still lie ahead is one at which the Site turns (`rules.validity.turning_days`): what is past and
what is ahead is read off the Site's window and the validity, and a page is the same until one of them comes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from plugins.models.record import Record
from plugins.rules.validity import ENDED, MEETINGS, NOT_YET, OPEN, TO_BE_HELD, show_day, timeline
from plugins.views.frame import Frame
from plugins.views.site import Event, Related, Site

if TYPE_CHECKING:
    from plugins.views.around import Around

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
_EXPIRY = "有效期届满"


class Step(NamedTuple):
    """One step: `moment` as a day or with its time, `by` the id of the document that it was, "" for the page's own."""

    moment: str
    label: str
    by: str = ""
    ahead: bool = False
    text: str = ""


Plain = tuple[str, str, str, bool, str]
"""A step as `Around` holds it: plain values, which are hashed in every build (orjson takes no named tuples)."""


def steps(site: Site, record: Record, forward: Sequence[Related], inverse: Sequence[Related]) -> list[Plain]:
    """What other documents did to a record whose type has a line of time, or in the same process.

    Asked of every document in every build, so that nothing is looked up for those that stand alone.
    """
    if record.kind not in TITLES:
        return []
    found: list[Step] = []
    last = site.window[0]
    for relation, day, acting in site.acting.get(record.id, ()):
        found.append(Step(day, _ACTED[relation], acting, day > last))
    for relation, _, source in inverse:
        if relation == "corrects":
            found.append(Step(site.documents[source].published, "更正", source))
        elif relation in _LED or relation in _ABOUT:
            found += _moments(site.documents[source], source, last)
    for relation, _, target in forward if record.kind != "policies" else ():
        if relation in _LED and target:
            other = site.documents[target]
            published = [Step(other.published, "文件发布", target)] if other.kind == "policies" else ()
            found += published or _moments(other, target, last)
    for issue in site.printed.get(record.id, ()):
        found += _moments(site.documents[issue], issue, last)
    return [(s.moment, s.label, s.by, s.ahead, s.text) for s in found]


def _moments(record: Record, by: str, last: str) -> Iterator[Step]:
    """When a document of its type comes into the course of a matter."""
    if record.kind == "consultations":
        for name, label in (("opens", "开始征求意见"), ("closes", "征求意见截止")):
            yield Step(record.text(name), label, by, record.text(name) > last)
        if outcome := record.fields.get("outcome"):
            yield Step(outcome["published"], "公布采纳情况", by)
    elif record.kind in MEETINGS:
        yield Step(record.text("held"), _HELD[record.kind], by, record.text("held") > last)
    elif record.kind in _PUBLISHED:
        yield Step(record.published, _PUBLISHED[record.kind], by)


def _own(record: Record, label: str) -> Iterator[Step]:
    """What the record tells of itself, where `label` is what holds now."""
    if record.kind == "policies":
        yield Step(record.text("signed"), "成文")
        yield Step(record.published, "发布")
        if effective := record.text("effective"):
            yield Step(effective, "施行", ahead=label == "尚未施行")
        if expires := record.text("expires"):
            yield Step(expires, _EXPIRY, ahead=label not in ENDED)
    elif record.kind == "responses":
        if onset := record.text("onset"):
            yield Step(onset, "事件发生")
        yield Step(record.published, "首次发布")
        for update in record.fields.get("updates", ()):
            yield Step(update["at"], "后续发布", text=update["text"])
    else:
        yield Step(record.published, "发布公告")
        last = {NOT_YET: "", OPEN: record.text("opens"), TO_BE_HELD: ""}.get(label, "~")
        yield from _moments(record, "", last)


def line(frame: Frame, around: Around, events: Sequence[Event]) -> dict[str, Any]:
    """What the page shows: `{title, steps}`, each step `{moment, label, text, title, url, state}`.

    What holds now stands between what is past and what is ahead.

    No steps where there is too little to tell. `events` are the ledger's.
    """
    record, label = around.record, around.validity["label"]
    if record.kind not in TITLES:
        return {"title": "", "steps": []}
    amended = [Step(e["moment"], "修改文本", text=e["note"]) for e in events if e["event"] == "amended"]
    every = sorted(
        (*_own(record, label), *(Step(*one) for one in around.steps), *amended),
        key=lambda step: (step.ahead, step.moment),
    )
    if len(every) < _FEWEST:
        return {"title": "", "steps": []}
    over = next((s.moment for s in every if s.label in _ENDED), "~")
    kept = [s for s in every if s.moment <= over or not (s.ahead or s.label == _EXPIRY)]
    shown = list(_shown(frame, around, kept))
    now = [_now(record, label, around.acting)] if label else []
    past, ahead = ([s for s in shown if s["state"] == state] for state in ("past", "ahead"))
    return {"title": TITLES[record.kind], "steps": [*past, *now, *ahead]}


def _shown(frame: Frame, around: Around, found: Sequence[Step]) -> Iterator[dict[str, str]]:
    """The steps as the page shows them; a document is named once, where it first comes in."""
    links = (*(item for group in around.relations for item in group["items"]), *around.printed)
    titles = {item["url"]: item["title"] for item in links}
    for step in found:
        url = frame.url(f"{step.by}/") if step.by else ""
        title = titles.pop(url, "")
        yield {
            "moment": step.moment,
            "label": step.label,
            "text": step.text if len(step.text) <= _LONGEST else f"{step.text[: _LONGEST - 1]}…",
            "title": title,
            "url": url if title else "",
            "state": "ahead" if step.ahead else "past",
        }


def _now(record: Record, label: str, acting: Sequence[tuple[str, str, str]]) -> dict[str, str]:
    """What holds at the Site's moment, and for a policy since when."""
    spans = [day for day, validity in timeline(record, acting) if validity == label]
    since = f"自{show_day(spans[-1])}起" if spans else ""
    return {"moment": "", "label": f"目前：{label}", "text": since, "title": "", "url": "", "state": "now"}
