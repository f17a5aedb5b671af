"""/interaction/: every way in which the public takes part, as far as there is one; the site's calendar (pure)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from plugins.models.outside import Mailbox
from plugins.models.record import Record
from plugins.rules.validity import OPEN
from plugins.views.answering import AHEAD
from plugins.views.contacts import letter, telephone
from plugins.views.events import DATED, begins, calendar_of, site_calendar
from plugins.views.frame import SiteFrame
from plugins.views.jobs import Job

FOLDER = "interaction/"
_NEWEST = 5


def interaction_jobs(frame: SiteFrame) -> Iterator[Job]:
    """The page, its JSON, and `/calendar.ics`."""
    dated = [record for record in frame.site.documents.values() if record.kind in DATED]
    yield from site_calendar(frame, dated)
    own = _parts(frame, dated)
    yield frame.page(
        FOLDER,
        "interaction",
        "互动交流",
        section=FOLDER,
        description="提意见、写信、打电话、参加听证和访谈的途径",
        meta=frame.column("interaction"),
        dated=calendar_of(dated),
        **own,
    )
    yield Job(f"{FOLDER}index.json", "json", {"data": own})


def ways_to_ask(frame: SiteFrame) -> list[dict[str, str]]:
    """What the home page offers to do, each as a link; only what there is."""
    identity = frame.identity
    found = [
        {"title": "依申请公开", "url": frame.url("request/"), "description": "申请公开政府信息，在线填写申请表"},
        {"title": "互动交流", "url": frame.url(FOLDER), "description": "征求意见、听证、访谈和联系方式"},
    ]
    letters = f"{frame.url(FOLDER)}#mailbox"
    found += [{"title": one.name, "url": letters, "description": one.process or ""} for one in identity.mailbox]
    if identity.hotline and (dial := telephone(identity.hotline)):
        found.append({"title": f"政务热线 {identity.hotline}", "url": dial, "description": "咨询、求助、投诉和建议"})
    return found


def _parts(frame: SiteFrame, dated: list[Record]) -> dict[str, Any]:
    """`asked` are consultations that are open, `coming` what begins later, soonest first, `interviews` the newest."""
    labels = {record.id: frame.site.validity[record.id].label for record in dated}
    coming = [r for r in dated if labels[r.id] in AHEAD and labels[r.id] != OPEN]
    coming.sort(key=begins)
    held = [r for r in dated if r.kind == "interviews" and labels[r.id] not in AHEAD]
    hotline = frame.identity.hotline or ""
    return {
        "asked": [_card(frame, r, f"{r.text('closes')} 截止") for r in dated if labels[r.id] == OPEN],
        "coming": [_card(frame, r, f"{begins(r)} 开始　{r.text('place')}".strip()) for r in coming],
        "interviews": [frame.card(r) for r in held[:_NEWEST]],
        "mailboxes": [_mailbox(one) for one in frame.identity.mailbox],
        "accounts": [
            {"title": f"{one.name}（{one.platform}）", "url": f"{frame.url('media/')}#{one.id}"}
            for one in frame.site.accounts.values()
        ],
        "hotline": {"title": hotline, "url": telephone(hotline)} if hotline else None,
        "request": frame.url("request/"),
        "calendar": frame.url(path) if (path := calendar_of(dated)) else "",
        "lists": [
            {"title": title, "url": frame.url(f"{kind}/")}
            for kind, title in (("consultations", "全部征求意见"), ("hearings", "全部听证"), ("interviews", "全部访谈"))
            if any(r.kind == kind for r in dated)
        ],
    }


def _card(frame: SiteFrame, record: Record, when: str) -> dict[str, str]:
    return {**frame.card(record), "snippet": when}


def _mailbox(one: Mailbox) -> dict[str, str]:
    """Where a letter to the leader goes: the site that takes it in, else the address."""
    return {
        "name": one.name,
        "url": one.url or (letter(one.email, f"{one.name}来信") if one.email else ""),
        "outside": "external" if one.url else "",
        "email": one.email or "",
        "address": one.address or "",
        "office": one.office or "",
        "process": one.process or "",
    }
