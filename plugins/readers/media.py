"""What holds between the accounts of media.yml and the directory (pure)."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping

from plugins.models.faults import Fault, fault
from plugins.models.media import Account
from plugins.readers.validation import Places

PATH = "content/media.yml"


def answered_for(accounts: Mapping[str, tuple[Account, Places]], organisations: Container[str]) -> Iterator[Fault]:
    """One account is the main one, and organisations of the directory answer for each: who runs another's account has
    somebody who reviews it.
    """
    main = [places["main"] for account, places in accounts.values() if account.main]
    if accounts and len(main) != 1:
        line, key = main[1] if main else (1, "main")
        yield fault("S320", PATH, line, key, count=len(main))
    for account, places in accounts.values():
        for name in ("owner", "operator"):
            value = getattr(account, name)
            if value and value not in organisations:
                yield fault("D110", PATH, *places[name], value=value)
        if account.operator not in {None, account.owner} and not account.reviewer:
            yield fault("S321", PATH, *places["operator"], value=account.name)
