"""Row 8 of the battery: the gate beside an oracle of ten lines that reads the header as an editor does."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plugins.models.columns import columns
from plugins.models.types import TYPES
from plugins.readers.document import read_document
from plugins.rules.gate import is_public
from tests.drill import often
from tests.small import header

LEAST = ("disclosure", "published", "secrecy_review", "sign_off")
LABELS = {name: columns(TYPES["policies"])[name].label for name in (*LEAST, "status", "withdrawn")}
SIGNED = "{by: 签发岗, date: 2024-02-20}"
REVIEWED = "{{id: BM-1, by: 保密审查岗, date: 2024-02-20, result: {}}}"
WITHDRAWN = "{date: 2024-03-05, reason: 误发}"
EDGES = [datetime.fromisoformat(f"{day}+08:00") for day in ("2024-02-29T00:00", "2024-03-01T00:00", "2024-12-31T23:59")]
"""Midnights round a leap day, and the last minute of a year."""
MOMENT = st.builds(
    lambda edge, minutes: edge + timedelta(minutes=minutes), st.sampled_from(EDGES), st.sampled_from([-1440, -1, 0, 1])
)


@st.composite
def headers(draw: st.DrawFn) -> dict[str, str]:
    """What an editor may write of the fields that the gate asks for; at most two of them are not as they should be."""
    fields = {
        "status": ["", "定稿", "草稿", "送审"],
        "disclosure": ["主动公开", "", "依申请公开", "不予公开"],
        "sign_off": [SIGNED, ""],
        "secrecy_review": [REVIEWED.format("通过"), REVIEWED.format("不通过"), ""],
        "withdrawn": ["", WITHDRAWN],
    }
    wrong = draw(st.sets(st.sampled_from(sorted(fields)), max_size=2))
    chosen = {name: draw(st.sampled_from(values)) if name in wrong else values[0] for name, values in fields.items()}
    published = draw(MOMENT)
    whole = published.hour == published.minute == 0
    chosen["published"] = f"{published:%Y-%m-%d}" if whole and draw(st.booleans()) else f"{published:%Y-%m-%d %H:%M}"
    return {name: value for name, value in chosen.items() if value}


def allowed(fields: dict[str, str], body: str, now: datetime) -> bool:
    """Articles 4 and 5 of the county's rules: final, open by its attribute, signed, reviewed, and its time has come."""
    return (
        fields.get("status", "定稿") == "定稿"
        and fields.get("disclosure") == "主动公开"
        and "sign_off" in fields
        and "通过}" in fields.get("secrecy_review", "").replace("不通过", "")
        and "withdrawn" not in fields
        and body != ""
        and datetime.fromisoformat(fields["published"]).replace(tzinfo=now.tzinfo) <= now
    )


@pytest.mark.drill
@settings(max_examples=often(5_000, 100_000), deadline=None)
@given(headers(), st.sampled_from(["第一条 正文。", ""]), MOMENT, st.sets(st.sampled_from(sorted(LABELS))))
def test_the_gate_opens_where_the_oracle_does_and_never_earlier(
    fields: dict[str, str], body: str, now: datetime, chinese: set[str]
) -> None:
    """Keys are English or `chinese`."""
    written = {LABELS[name] if name in chinese else name: value for name, value in fields.items()}
    text = header(**{**dict.fromkeys(LEAST), "signed": "2024-02-20", **written})
    record, _ = read_document(f"---\n{text}---\n{body}\n".encode(), "policies/2024/a")
    opened = record is not None and is_public(record, f"{now:%Y-%m-%d %H:%M}")
    assert opened == allowed(fields, body, now)
