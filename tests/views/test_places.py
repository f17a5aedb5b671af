"""/places/: the lists are the content, the map shows where they lie."""

from __future__ import annotations

import json
from typing import Any

import pytest
from lxml import etree, html

from plugins.build import ground, sources
from tests.small import ORGANISATIONS, SITE, Small

POINTS = """gift_points:
  - {kind: library, name: 试验县图书馆, address: 文化路6号, hours: 工作日, phone: 0000-1,
     location: {lon: 119.1, lat: 34.1}}
  - {kind: archive, name: 试验县档案馆, address: 中心路9号, since: 2027-01-01}
"""
TOWN = "- {id: jz, name: 试验县甲镇人民政府, kind: 乡镇街道, address: 甲镇1号, location: {lon: 119.15, lat: 34.05}}\n"
MAP = "map: {source: 试验局, licence: 经许可使用, review_number: 试S（2026）1号}\n"
RING = "[[[119.0, 34.0], [119.2, 34.0], [119.2, 34.2], [119.0, 34.2], [119.0, 34.0]]]"
SHAPE = f'{{"type": "Polygon", "coordinates": {RING}}}'
OUTLINE = f"""{{"type": "FeatureCollection", "features": [
{{"type": "Feature", "properties": {{"name": "甲镇"}}, "geometry": {SHAPE}}}]}}
"""


def drawn(small: Small, outline: str = OUTLINE, site: str = SITE + POINTS + MAP) -> tuple[Any, str]:
    """The page and the map's words ("" for no map)."""
    small.write("site.yml", site)
    small.write("organisations.yml", ORGANISATIONS + TOWN)
    if outline:
        small.write("map.geojson", outline)
    assert [str(f) for f in small.faults()] == []
    assert small.build() == 0
    file = small.output / "places/map.svg"
    texts = etree.parse(str(file)).xpath("//*[local-name()='text']/text()") if file.exists() else []
    return html.parse(str(small.output / "places/index.html")), " ".join(texts)


def test_every_place_is_listed_whether_it_is_drawn_or_not(small: Small) -> None:
    page, words = drawn(small)
    rows = [[" ".join(c.text_content().split()) for c in row] for row in page.xpath("//main//tbody/tr")]
    assert rows == [
        ["1", "试验县图书馆", "文化路6号", "工作日", "0000-1"],
        ["", "试验县档案馆 自2027年1月1日起赠阅", "中心路9号", "", ""],
        ["2", "试验县甲镇人民政府", "甲镇1号", "", ""],
    ]
    assert {"1", "2", "图书馆", "甲镇"} <= set(words.split())
    assert page.xpath("//main//img/@alt")[0].startswith("地图：标出 2 处地点")


def test_source_licence_and_review_stand_beside_the_map_and_the_review_on_it(small: Small) -> None:
    page, words = drawn(small)
    caption = page.xpath("string(//figcaption)")
    assert all(said in caption for said in ("试验局", "经许可使用", "审图号：试S（2026）1号", "CGCS2000"))
    assert "审图号：试S（2026）1号" in words


def test_without_outlines_places_are_drawn_and_nobodys_ground_is_named(small: Small) -> None:
    page, words = drawn(small, outline="", site=SITE + POINTS)
    assert "图书馆" in words
    assert "底图" not in page.xpath("string(//figcaption)")


def test_where_no_place_says_where_it_is_there_is_a_list_and_no_map(small: Small) -> None:
    assert small.build() == 0
    assert not (small.output / "places/map.svg").exists()
    assert html.parse(str(small.output / "places/index.html")).xpath("//main//p[@class='why']")


def test_a_place_moves_on_the_map_when_its_coordinates_change(small: Small, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second build takes the outlines from the store; what it gives is what a fresh one gives."""
    monkeypatch.setattr(sources, "_RACY_NS", 0)
    drawn(small)
    before = (small.output / "places/map.svg").read_bytes()
    small.write("site.yml", SITE + POINTS.replace("lon: 119.1,", "lon: 119.05,") + MAP)
    with monkeypatch.context() as closed:
        closed.delattr(ground, "read_outline")
        assert small.build() == 0
    moved = (small.output / "places/map.svg").read_bytes()
    assert moved != before
    assert small.build(clean=True) == 0
    assert (small.output / "places/map.svg").read_bytes() == moved


def test_changed_outlines_are_read_again(small: Small) -> None:
    drawn(small)
    assert "乙镇" in drawn(small, OUTLINE.replace("甲镇", "乙镇"))[1]


def test_the_data_name_the_datum(small: Small) -> None:
    drawn(small, site=SITE + POINTS + MAP + "datum: WGS-84\n")
    data = json.loads((small.output / "places/index.json").read_text())
    assert data["datum"] == "WGS-84"
    assert [data["places"][0][name] for name in ("number", "lon", "lat")] == ["1", 119.1, 34.1]
