"""The one clock: --as-of, else SOURCE_DATE_EPOCH, else now; all moments at +08:00. Touches time and environment."""

from __future__ import annotations

import os
from datetime import datetime

from plugins.models.scalars import CST, parse_moment, show_moment


class UnreadableError(ValueError):
    """A moment that cannot be read; the argument is what was given."""


def moment(as_of: str | None) -> str:
    """The moment of this run, `YYYY-MM-DD HH:MM`. Raises UnreadableError."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    try:
        if as_of:
            return show_moment(parse_moment(as_of))
        if epoch:
            return show_moment(datetime.fromtimestamp(int(epoch), CST))
    except (ValueError, OverflowError, OSError) as error:
        raise UnreadableError(as_of or epoch) from error
    return show_moment(datetime.now(CST))
