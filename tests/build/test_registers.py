"""References between packages over whole builds: what is found, and what is read again."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from plugins.build import registers
from plugins.build.builder import build
from plugins.build.content import Content, read_content
from plugins.build.sources import Sources
from plugins.build.store import Store
from tests.small import NOW, ORGANISATIONS, Small
from tests.tables import DECISION_ROWS, POWER_ROWS, write_decisions, write_package, write_powers


@pytest.fixture
def datasets(small: Small) -> Path:
    """A list of two powers and two decisions, without a fault."""
    folder = small.folder / "datasets"
    write_powers(folder)
    write_decisions(folder)
    return folder


def found(small: Small) -> list[tuple[str, str, int]]:
    return [(f.code, f.path, f.line) for f in small.faults()]


# --- what is found ----------------------------------------------------------------------------------------------------


def test_good_packages_have_no_fault(small: Small, datasets: Path) -> None:
    assert found(small) == []


def test_what_is_named_may_come_later_in_the_alphabet_or_stand_in_the_same_package(small: Small) -> None:
    """Packages are read in any order; `zz` names `aa`, `aa` names `zz`."""
    for name, other in (("aa", "zz"), ("zz", "aa")):
        to = {"fields": "other", "reference": {"package": other, "resource": other, "fields": "code"}}
        fields = {"code": "string", "other": "string"}
        write_package(small.folder / "datasets", name, fields, [("1", "1"), ("2", "3")], **{"cn:references": [to]})
    assert found(small) == [("P336", f"datasets/{name}/{name}.csv", 3) for name in ("aa", "zz")]


def test_a_hundred_faults_are_told_and_that_there_are_more(small: Small, datasets: Path) -> None:
    write_decisions(datasets, [(n, "XK-9", "2026-03-02") for n in range(300)])
    codes = [code for code, *_ in found(small)]
    assert codes.count("P336") == 100
    assert codes.count("P304") == 1


def test_a_package_with_faults_of_its_own_is_not_blamed_twice(small: Small, datasets: Path) -> None:
    write_powers(datasets, [("XK-1", "食品经营许可", "xzfb", "昨天", "")])
    assert found(small) == [("P310", "datasets/powers/powers.csv", 2)]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_tables_in_other_encodings_are_read_alike(encoding: str, small: Small, datasets: Path) -> None:
    """With a byte order mark; in GB 18030, as the descriptor says."""
    for name in ("powers", "decisions"):
        file = datasets / name / f"{name}.csv"
        file.write_bytes(file.read_text().encode(encoding))
        if encoding == "gb18030":
            value = json.loads((datasets / name / "datapackage.json").read_text())
            value["resources"][0]["encoding"] = encoding
            (datasets / name / "datapackage.json").write_text(json.dumps(value))
    assert found(small) == []
    write_decisions(datasets, [("试许1", "没有", "2026-03-02")])
    assert found(small) == [("P336", "datasets/decisions/decisions.csv", 2)]


def test_a_cell_over_the_limit_of_the_csv_module_is_read(small: Small, datasets: Path) -> None:
    """131,072 characters are its limit; the calendar, read after, keeps it."""
    write_decisions(datasets, [("x" * 200_000, "XK-1", "2026-03-02"), ("y", "XK-9", "2026-03-02")])
    assert found(small) == [("P336", "datasets/decisions/decisions.csv", 3)]


# --- what is read again -----------------------------------------------------------------------------------------------


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The tables that are opened, as they are."""
    names: list[str] = []
    real = registers.table_rows

    def spy(folder: Path, source: Any) -> Any:
        names.append(folder.name)
        return real(folder, source)

    monkeypatch.setattr(registers, "table_rows", spy)
    return names


def checked(small: Small, opened: list[str]) -> list[str]:
    """Builds; the tables that were opened, but for the rows of pages, which every build reads."""
    opened.clear()
    build(small.settings())
    names = sorted(opened)
    names.remove("powers")
    return names


def test_unchanged_tables_are_not_opened_again(small: Small, datasets: Path, opened: list[str]) -> None:
    assert checked(small, opened) == ["decisions", "powers", "powers"]
    assert checked(small, opened) == []


CZJ = "- {id: czj, name: 财政局, kind: 政府部门}\n"
LATER = ("XK-3", "校车使用许可", "fgj", "2020-01-01", "")
CHANGES: dict[str, tuple[Callable[[Small], object], list[str]]] = {
    "decisions": (lambda s: write_decisions(s.folder / "datasets", DECISION_ROWS[:1]), ["decisions", "powers"]),
    "powers": (
        lambda s: write_powers(s.folder / "datasets", [*POWER_ROWS, LATER]),
        ["decisions", "powers", "powers"],
    ),
    "a text": (lambda s: s.policy("b"), []),
    "organisations": (lambda s: s.write("organisations.yml", ORGANISATIONS + CZJ), ["powers"]),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_opens_what_it_may_concern(change: str, small: Small, datasets: Path, opened: list[str]) -> None:
    """The decisions name the powers, the powers name organisations, nothing here names a text."""
    checked(small, opened)
    work, expected = CHANGES[change]
    work(small)
    assert checked(small, opened) == expected


def test_what_is_taken_out_of_a_list_is_missed_by_who_names_it(small: Small, datasets: Path) -> None:
    """The decisions are unchanged and their result is in the store."""
    assert build(small.settings()).faults == []
    write_powers(datasets, POWER_ROWS[:1])
    result = build(small.settings())
    assert [(f.code, f.path, f.line) for f in result.faults] == [("P336", "datasets/decisions/decisions.csv", 3)]


def test_what_only_reminds_is_told_again_from_the_store(small: Small, datasets: Path) -> None:
    covers = {"column": "name", "in": ["施工许可"]}
    to = {
        "fields": "item",
        "covers": covers,
        "reference": {"package": "powers", "resource": "powers", "fields": "code"},
    }
    write_package(datasets, "uses", {"code": "string", "item": "string"}, [("1", "XK-1")], **{"cn:references": [to]})
    first = build(small.settings()).faults
    assert [f.code for f in first] == ["P338"]
    assert build(small.settings()).faults == first


@pytest.mark.slow
def test_a_hundred_thousand_references_are_followed_in_seconds(small: Small, datasets: Path) -> None:
    """By 2,000 powers; the judge's own time is not counted."""
    write_powers(datasets, [(f"XK-{n}", f"事项 {n}", "fgj", "2018-12-28", "") for n in range(2000)])
    write_decisions(datasets, [(n, f"XK-{n % 2000}", "2026-03-02") for n in range(100_000)])
    settings = small.settings()
    store = Store(settings.cache)
    try:
        sources = Sources(settings, store, NOW)
        content: Content = read_content(settings, sources)
        packages = content.packages
        started = time.process_time()
        _, faults = registers.Registers(datasets, packages, (), content.context).read({})
        assert time.process_time() - started < 5
    finally:
        store.close()
    assert faults == content.faults == []
