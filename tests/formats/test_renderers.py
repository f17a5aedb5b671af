"""The table of renderers names functions that exist, and loads none before it is used."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module

import pytest

from plugins.formats.renderers import ROWS
from tests.conftest import ROOT


@pytest.mark.parametrize("name", ROWS)
def test_a_row_names_a_function_that_takes_a_view_and_a_loader(name: str) -> None:
    module, _, function = ROWS[name].rpartition(".")
    found = getattr(import_module(f"plugins.formats.{module}"), function)
    assert found.__doc__
    assert found.__code__.co_varnames[:2] == ("view", "load")


def test_the_table_loads_no_format() -> None:
    code = (
        "import sys; from plugins.formats.renderers import renderers; renderers(None, None);"
        " print(*(name for name in sys.modules if name.startswith('plugins.formats.')))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert set(done.stdout.split()) == {"plugins.formats.renderers", "plugins.formats.views"}
