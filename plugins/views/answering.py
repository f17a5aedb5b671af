"""How the public takes part in a consultation, and what came of it (pure; county rules, articles 6 and 16)."""

from __future__ import annotations

from typing import Any

from plugins.models.columns import columns
from plugins.models.consultation import Consultation
from plugins.models.record import Record
from plugins.rules.validity import NOT_YET, OPEN, TO_BE_HELD
from plugins.views.around import Around
from plugins.views.contacts import letter, telephone
from plugins.views.frame import Frame

AHEAD = (OPEN, NOT_YET, TO_BE_HELD)
_LETTER = """对下列征求意见的意见：{title}
{address}

意见和理由：


姓名或单位（可不填）：
联系方式（可不填，便于核实和反馈）：
"""


def is_ahead(around: Around) -> bool:
    """Whether there is something to come that one may want to remember."""
    return around.validity["label"] in AHEAD


def answering(frame: Frame, around: Around, opinions: list[dict[str, Any]]) -> dict[str, Any]:
    """What a consultation's page shows before its draft: explanation, ways to answer while it is open, outcome after.

    `ways` are `{label, value, url}`; `closes` is the moment at which it ends for the script that reckons with the
    reader's clock, "" where it is not open; `outcome` is `{published, received, summary}` or None. `opinions` are the
    document's tables, of groups of opinions with the answer to each: they stand with the outcome, not below the draft.
    """
    record, opened = around.record, around.validity["label"] == OPEN
    outcome = record.fields.get("outcome")
    model = columns(Consultation)
    return {
        "explanation": record.text("explanation"),
        "term": [{"label": model[name].label, "value": record.text(name)} for name in ("opens", "closes")],
        "closes": f"{record.text('closes').replace(' ', 'T')}:00+08:00" if opened else "",
        "ways": _ways(frame, record) if opened else [],
        "outcome": {
            "published": outcome["published"],
            "received": str(outcome.get("received") or ""),
            "summary": outcome["summary"],
        }
        if outcome
        else None,
        "opinions": opinions,
        "tables": [],
        "results": [i for g in around.relations if g["label"] == model["leads_to"].label for i in g["items"]],
        **({"script": frame.url("static/deadline.js")} if opened else {}),
    }


def _ways(frame: Frame, record: Record) -> list[dict[str, str]]:
    """Every way to answer, the quickest first; a letter has its subject already."""
    labels = {name: column.label for name, column in columns(Consultation).items()}
    told = {"title": record.title, "address": frame.addresses.absolute(f"{record.id}/")}
    ways = []
    if online := record.text("online"):
        ways.append({"label": labels["online"], "value": online, "url": online, "outside": "external"})
    if email := record.text("email"):
        url = letter(email, f"意见：{record.title}", _LETTER.format_map(told))
        ways.append({"label": labels["email"], "value": email, "url": url, "outside": ""})
    if phone := record.text("phone"):
        ways.append({"label": labels["phone"], "value": phone, "url": telephone(phone), "outside": ""})
    if address := record.text("address"):
        ways.append({"label": labels["address"], "value": address, "url": "", "outside": ""})
    ways += [{"label": "", "value": way, "url": "", "outside": ""} for way in record.items("channels")]
    return ways
