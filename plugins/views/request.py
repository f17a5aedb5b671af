"""/request/: how to ask for disclosure, and a form that runs in the browser (pure; 政府信息公开条例, 29 to 33)."""

from __future__ import annotations

from collections.abc import Iterator

from plugins.models.directory import Kind, Organisation
from plugins.views.contacts import telephone
from plugins.views.frame import Frame, SiteFrame
from plugins.views.jobs import Job

FOLDER = "request/"
IDENTITIES = {
    "居民身份证": True,
    "港澳台居民居住证": True,
    "港澳居民来往内地通行证": False,
    "台湾居民来往大陆通行证": False,
    "护照": False,
    "外国人永久居留身份证": False,
    "军人证件": False,
    "其他有效证件": False,
}
"""Kinds of identity papers; True where the number is that of GB 11643, which can be checked."""
APPLICANTS = {"person": "公民", "body": "法人或者其他组织"}
FORMS = {"paper": "纸质", "electronic": "电子"}
WAYS = {"post": "邮寄", "mail": "电子邮件", "person-collects": "当面领取"}
"""What the form lets choose, by the ids of the choices."""
ORGANISATIONS = ("商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他")
"""Kinds of applicants that are no natural persons, as the annual report counts them (国办公开办函〔2021〕30号)."""
_BOUND = frozenset({Kind.GOVERNMENT, Kind.OFFICE, Kind.DEPARTMENT, Kind.TOWN})


def organs(frame: Frame) -> list[Organisation]:
    """Who takes requests in: those that say how, and where none does, every organ that the law binds by its kind."""
    everyone = frame.organisations.values()
    return [o for o in everyone if o.request] or [o for o in everyone if o.kind in _BOUND]


def asking_url(frame: Frame, organisation: Organisation) -> str:
    """The form with this organisation chosen, "" where it takes no requests in."""
    taken = any(one.id == organisation.id for one in organs(frame))
    return f"{frame.url(FOLDER)}?organ={organisation.id}" if taken else ""


def request_jobs(frame: SiteFrame) -> Iterator[Job]:
    """The page and its JSON."""
    identity = frame.identity
    found = [_organ(frame, one) for one in organs(frame)]
    first = next((o for o in found if o["id"] == identity.owner), found[0] if found else None)
    yield frame.page(
        FOLDER,
        "request",
        "依申请公开",
        section=FOLDER,
        description="怎样申请公开政府信息：受理机构、期限和申请表",
        meta=frame.column("request"),
        organs=found,
        first=first,
        identities=IDENTITIES,
        applicants=APPLICANTS,
        forms=FORMS,
        ways=WAYS,
        kinds=ORGANISATIONS,
        endpoint=identity.request_endpoint or "",
        script=frame.url("static/request.js") if found else "",
    )
    yield Job(f"{FOLDER}index.json", "json", {"data": {"organs": found, "endpoint": identity.request_endpoint or ""}})


def _organ(frame: Frame, one: Organisation) -> dict[str, str]:
    """How to reach one organ: its office for requests, else the organisation itself."""
    asked = one.request
    phone = (asked and asked.phone) or one.phone or ""
    return {
        "id": one.id,
        "name": one.name,
        "url": frame.url(f"organisations/{one.id}/"),
        "office": (asked and asked.office) or one.name,
        "channels": "、".join(asked.channels) if asked else "",
        "process": ((asked and asked.process) or "").rstrip("。"),
        "phone": phone,
        "dial": telephone(phone),
        "fax": one.fax or "",
        "email": (asked and asked.email) or one.email or "",
        "address": one.address or "",
        "postcode": one.postcode or "",
        "hours": one.hours or "",
    }
