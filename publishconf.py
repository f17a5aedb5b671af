"""Settings for publishing: the same as for editing, with nothing left to chance."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from pelicanconf import *

OUTPUT_PATH = "output"
