"""Floor 4: the thin shell. Store, workers, staging, verbs, and the one plugin that Pelican loads.

`pelican content -s pelicanconf.py` builds through the same gate as `invoke build`: the settings name the product's own
class as PELICAN_CLASS, and it refuses to run when `register()` did not. Pelican is imported only in Pelican's process.
"""

from __future__ import annotations

import sys
from typing import Any

_registered: list[bool] = []


def register() -> None:
    """Called by Pelican. It logs and skips a plugin that raises here, so the class asks whether this ran."""
    from pelican import signals

    signals.initialized.connect(_note)


def _note(_: Any) -> None:
    _registered.append(True)


def was_registered() -> bool:
    """Whether Pelican called `register()` and its signal arrived."""
    return bool(_registered)


def pelican_class() -> Any:
    """The class that Pelican's command runs; None where the settings are read by a verb, which needs no Pelican."""
    if "pelican" not in sys.modules:
        return None
    from plugins.build.shell import Gazette

    return Gazette
