"""A Vega-Lite specification as SVG. Imports vl_convert inside functions only; starts a process.

vl_convert starts threads, which a fork does not take along: a process that forked after its first drawing has children
that wait for ever at theirs. So only a worker, which forks nothing, draws in itself; any other process, which may yet
fork workers, has one beside it that draws.
"""

from __future__ import annotations

import json
import multiprocessing
import subprocess
import sys
from functools import cache
from typing import Any

_VERSION = "5.21"
_BESIDE = f"""
import json, sys
import vl_convert
for line in sys.stdin:
    print(json.dumps(vl_convert.vegalite_to_svg(json.loads(line), vl_version={_VERSION!r})), flush=True)
"""


def svg(specification: dict[str, Any]) -> str:
    """The drawing. Raises ValueError for a specification that is none, RuntimeError where the process beside ended."""
    whole = {"$schema": f"https://vega.github.io/schema/vega-lite/v{_VERSION}.json", **specification}
    if multiprocessing.parent_process() is not None:
        import vl_convert

        return str(vl_convert.vegalite_to_svg(whole, vl_version=_VERSION))
    beside = _beside()
    if beside.stdin is None or beside.stdout is None:
        raise RuntimeError("no pipe to the process that draws")
    beside.stdin.write(json.dumps(whole) + "\n")
    beside.stdin.flush()
    if not (answer := beside.stdout.readline()):
        raise RuntimeError("the process that draws has ended")
    return str(json.loads(answer))


@cache
def _beside() -> subprocess.Popen[str]:
    """The process that draws for this one; it ends when nobody can write to it any more."""
    pipe = subprocess.PIPE
    return subprocess.Popen([sys.executable, "-c", _BESIDE], stdin=pipe, stdout=pipe, text=True, encoding="utf-8")
