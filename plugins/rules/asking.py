"""What must hold where the public writes to the government (pure)."""

from __future__ import annotations

from collections.abc import Iterator

from plugins.models.faults import Fault, fault
from plugins.rules.register import Register


def mailboxes_take_letters(register: Register) -> Iterator[Fault]:
    """A mailbox says at least one way in which a letter reaches it."""
    for one in register.identity.mailbox if register.identity else ():
        if not (one.url or one.email or one.address):
            yield fault("S313", "content/site.yml", 0, "mailbox", value=one.name)
