"""What a build says of faults: errors first in what is shown, equal ones of a file as one line, nothing left out."""

from __future__ import annotations

import pytest

from plugins.build import report
from plugins.models.faults import Fault, fault


def unseen(path: str, line: int, character: str = "U+200B") -> Fault:
    return fault("F103", path, line, character=character, name="不可见")


def said(found: list[Fault], capsys: pytest.CaptureFixture[str]) -> list[str]:
    report.faults(found)
    return capsys.readouterr().err.splitlines()


def test_equal_faults_of_a_file_are_one_line_with_their_number(capsys: pytest.CaptureFixture[str]) -> None:
    found = [unseen("content/a.md", line) for line in (9, 4, 7)]
    found += [unseen("content/a.md", 4, "U+FEFF"), unseen("content/b.md", 4)]
    lines = said(found, capsys)
    assert [line.split(": ")[0] for line in lines] == [f"提醒 content/{name}.md:4" for name in "aab"]
    assert [line.endswith("（本文件共 3 处，用 check 逐处查看）") for line in lines] == [True, False, False]


def test_an_error_is_shown_however_many_warnings_there_are_and_what_is_not_is_counted(
    capsys: pytest.CaptureFixture[str],
) -> None:
    found = [unseen(f"content/{number:03d}.md", line) for number in range(250) for line in (1, 2)]
    error = fault("F101", "content/zzz.md", 3)
    lines = said([*found, error], capsys)
    assert len(lines) == 201
    assert str(error) in lines
    assert lines[-1] == f"另有 {2 * (250 - 199)} 处，用 check 查看全部"


def test_without_faults_nothing_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert said([], capsys) == []
