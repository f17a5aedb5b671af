"""The process beside one that may fork: one for all that is typeset and drawn, replaced if it dies."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from plugins.build.settings import FONTS
from plugins.formats import beside, drawing, press
from plugins.formats.faces import DEFAULTS
from tests.conftest import ROOT

FACES = tuple(FONTS / file for file in DEFAULTS.values())
BARS = {"data": {"values": [{"a": 1}]}, "mark": "bar", "encoding": {"x": {"field": "a", "type": "quantitative"}}}


def page(text: str) -> bytes:
    return press.press({"main.typ": f'#set text(font: "Noto Serif SC")\n{text}'.encode()}, FACES, 0, ppi=30)


def processes() -> list[int]:
    """Those beside this one."""
    children = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
    return [int(pid) for pid in children if b"plugins.formats.beside" in Path(f"/proc/{pid}/cmdline").read_bytes()]


def test_one_process_does_all_work() -> None:
    assert page("甲") != page("乙")
    (one,) = processes()
    assert drawing.svg(BARS).startswith("<svg")
    assert page("甲") == page("甲")
    assert processes() == [one]
    assert beside.done(os.getpid) == one


def test_what_is_refused_is_told_and_the_next_is_done() -> None:
    with pytest.raises(press.RefusedError, match="unknown variable"):
        page("#nothing")
    with pytest.raises(ValueError, match="Vega-Lite"):
        drawing.svg({"mark": "nothing"})
    with pytest.raises(FileNotFoundError) as told:
        beside.done(os.stat, "/nowhere")
    assert told.value.filename == "/nowhere"
    assert page("甲").startswith(b"\x89PNG")


def test_ctrl_c_is_its_owners_matter() -> None:
    wanted, (one,) = page("甲"), processes()
    os.kill(one, signal.SIGINT)
    assert page("甲") == wanted
    assert processes() == [one]


def test_another_takes_the_place_of_one_that_died() -> None:
    wanted, (one,) = page("甲"), processes()
    os.kill(one, signal.SIGKILL)
    with pytest.raises(ChildProcessError, match=r"退出码 -9.*press"):
        page("甲")
    assert page("甲") == wanted
    assert one not in processes()
    with pytest.raises(ChildProcessError, match="退出码 7"):
        beside.done(os._exit, 7)


@pytest.mark.parametrize("end", ["os._exit(0)", "sys.exit(0)", "os.kill(os.getpid(), 9)"])
def test_it_goes_with_its_owner_without_a_word(end: str, tmp_path: Path) -> None:
    """However its owner ends: who waits for the end of their output, which the two share, does not wait for ever."""
    program = tmp_path / "program.py"
    program.write_text(
        f"import os, sys\nsys.path.insert(0, {str(ROOT)!r})\nfrom tests.formats.test_beside import page, processes\n"
        f"page('甲')\nprint(len(processes()), flush=True)\n{end}\n"
    )
    done = subprocess.run([sys.executable, program], capture_output=True, text=True, check=False, timeout=60)
    assert (done.stdout, done.stderr) == ("1\n", "")
