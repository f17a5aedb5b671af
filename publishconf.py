"""Settings for publishing: the same as for editing, with nothing left to chance."""

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from pelicanconf import *

OUTPUT_PATH = "output"

_CONFIG = os.environ.get("XDG_CONFIG_HOME") or "~/.config"
KEYS_PATH = os.environ.get("GAZETTE_KEYS") or f"{_CONFIG}/gazette"
"""The folder of keys, outside any repository: `invoke keys` makes it."""
VALID_DAYS = 30
"""For how many days a signature stands: longer than the time between two runs of `invoke publish`, by a timer."""
