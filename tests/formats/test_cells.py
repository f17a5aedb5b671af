"""Tables become grids in which every place is covered once."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from plugins.formats.cells import table
from plugins.formats.titles import rows

SPANS = st.sampled_from(["", "0", "1", "2", "3", "7", "-1", "99999", "x", "1e9"])
CELLS = st.tuples(st.sampled_from(["td", "th"]), SPANS, SPANS)


@given(st.lists(st.lists(CELLS, max_size=5), min_size=1, max_size=5))
def test_every_place_of_a_grid_is_covered_once_and_no_cell_is_lost(drawn: list[list[tuple[str, str, str]]]) -> None:
    """Any spans."""
    number, lines = 0, []
    for line in drawn:
        cells = ""
        for tag, wide, high in line:
            number += 1
            cells += f'<{tag} colspan="{wide}" rowspan="{high}">{number}</{tag}>'
        lines.append(f"<tr>{cells}</tr>")
    made = table(html.fromstring(f"<table>{''.join(lines)}</table>"), lambda cell: [cell.text or ""])
    places = [
        (x, y)
        for cell in made["cells"]
        for x in range(cell["x"], cell["x"] + cell["w"])
        for y in range(cell["y"], cell["y"] + cell["h"])
    ]
    assert len(places) == len(set(places))
    assert set(places) == {(x, y) for x in range(len(made["cols"])) for y in range(len(drawn))}
    assert [cell["r"][0] for cell in made["cells"] if cell["r"]] == [str(n + 1) for n in range(number)]


@given(st.text(alphabet="关于印发示例县的和《》（）、。a1 ", max_size=80), st.integers(5, 25))
def test_a_title_in_lines_is_the_title(title: str, most: int) -> None:
    found = rows(title, most)
    assert "".join(found) == title
    assert not [line for line in found[1:] if line[0] in "》）、。的"]


def test_titles_are_parted_between_words_and_evenly() -> None:
    """(GB/T 9704-2012, 7.3.1: 回行时词意完整，排列对称)."""
    assert rows("关于调整2025年最低生活保障等救助标准的通知", 19) == ["关于调整2025年最低生活", "保障等救助标准的通知"]
    assert rows("示例县公园绿地管理办法", 19) == ["示例县公园绿地管理办法"]
