"""/media/: the government's accounts on other platforms, and who answers for each (pure)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from plugins.models.columns import columns
from plugins.models.media import Account
from plugins.views.frame import SiteFrame
from plugins.views.jobs import Job

FOLDER = "media/"


def media_jobs(frame: SiteFrame) -> Iterator[Job]:
    """The page and its JSON. The main account stands first."""
    accounts = sorted(frame.site.accounts.values(), key=lambda account: not account.main)
    rows = [_row(frame, account) for account in accounts]
    yield frame.page(
        FOLDER,
        "media",
        "政务新媒体",
        section=FOLDER,
        crumbs=(("互动交流", "interaction/"),),
        meta=frame.column("media"),
        rows=rows,
    )
    data = [account.model_dump(mode="json", exclude_defaults=True) for account in accounts]
    yield Job(f"{FOLDER}index.json", "json", {"data": {"accounts": data}})


def _row(frame: SiteFrame, account: Account) -> dict[str, Any]:
    labels = columns(Account)
    values = {
        "handle": account.handle,
        "operator": frame.name_of(account.operator or ""),
        "reviewer": account.reviewer,
        "opened": account.opened and account.opened.isoformat(),
        "last_post": account.last_post and account.last_post.isoformat(),
    }
    return {
        "id": account.id,
        "platform": account.platform,
        "name": account.name,
        "url": account.url or "",
        "main": account.main,
        "owner": {"title": frame.name_of(account.owner), "url": frame.url(f"organisations/{account.owner}/")},
        "facts": [{"label": labels[name].label, "value": value} for name, value in values.items() if value],
    }
