"""The page of a data set, as a build makes it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from lxml import html

from tests.small import SITE, Small

TOWNS: dict[str, Any] = {
    "name": "towns",
    "title": "乡镇",
    "created": "2026-11-01",
    "cn:updateCycle": "每月",
    "licenses": [{"name": "CC-BY-4.0"}],
    "contributors": [{"title": "fgj", "role": "publisher"}],
    "resources": [
        {
            "name": "towns",
            "path": "data/towns.csv",
            "schema": {
                "fields": [
                    {"name": "code", "type": "string", "description": "编码", "constraints": {"pattern": "[0-9]{4}"}},
                    {"name": "name", "title": "名称", "type": "string"},
                    {"name": "people", "title": "人口", "type": "integer"},
                ],
                "primaryKey": "code",
            },
        }
    ],
}
ROWS = "".join(f"{n:04},镇{n},{'' if n == 3 else n * 10}\n" for n in range(1, 21))


def lay(folder: Path, rows: str = ROWS, **changes: Any) -> Small:
    """The least site with a data set of twenty towns."""
    small = Small(folder).least()
    place = small.folder / "datasets" / "towns"
    (place / "data").mkdir(parents=True)
    (place / "datapackage.json").write_text(json.dumps(TOWNS | changes, ensure_ascii=False))
    (place / "data/towns.csv").write_text("code,name,people\n" + rows)
    return small


def page(small: Small, as_of: str = "2026-11-24 12:00") -> html.HtmlElement:
    """The built page."""
    assert small.build(as_of=as_of) == 0
    return html.parse(str(small.output / "datasets/towns/index.html")).getroot()


def words(element: html.HtmlElement) -> str:
    """Its text with single spaces."""
    return " ".join(element.text_content().split())


def test_the_site_turns_when_a_data_set_becomes_late(tmp_path: Path) -> None:
    """Nothing changed but the day; the build before was of the last day in time."""
    small = lay(tmp_path)
    assert "下次更新应不迟于2026年12月1日" in words(page(small, "2026-12-01 23:59"))
    assert "已逾期" in words(page(small, "2026-12-02 00:00"))
    assert "已逾期" in (small.output / "datasets/index.html").read_text()


def test_a_licence_says_what_one_may_do(tmp_path: Path) -> None:
    assert "只需注明来源" in words(page(lay(tmp_path)))


def test_quality_and_dictionary_are_counted_in_the_file(tmp_path: Path) -> None:
    found = page(lay(tmp_path))
    pairs = {words(d.find("dt")): words(d.find("dd")) for d in found.xpath("//dl[@class='pairs']/div")}
    assert pairs["规模"] == "20 行 × 3 列"
    assert pairs["缺失"] == "1 个单元格（1.7%）；2 列没有缺失"
    assert pairs["字段说明"] == "1 列有说明，共 3 列"
    assert pairs["已核对"] == "编码、行列结构、列名、数据类型、格式、主键、个人信息"
    rows = [[words(c) for c in row] for row in found.xpath("//table[@class='dictionary']/tbody/tr")]
    assert rows[2] == ["people", "人口", "整数", "", "", "1（5.0%）", "19", "10 至 200", "108.9474"]


def test_the_first_rows_stand_in_the_page_numbers_to_the_right(tmp_path: Path) -> None:
    rows = "".join(f"{n:04},镇{n},{n}\n" for n in range(1, 151))
    found = page(lay(tmp_path, rows))
    shown = found.xpath("//div[@class='grid']//tbody/tr")
    assert len(shown) == 100
    assert [cell.get("class") for cell in shown[0]] == [None, None, "n"]
    assert "前 100 行，共 150 行" in words(found)


def test_a_long_cell_is_cut_in_the_page_which_is_then_no_source_of_rows(tmp_path: Path) -> None:
    found = page(lay(tmp_path, ROWS + f"0099,{'长' * 301},1\n"))
    (grid,) = found.xpath("//div[@class='grid']")
    assert grid.get("data-cut") == "1"
    assert len(grid.xpath(".//tbody/tr")[-1][1].text) == 300


def test_code_to_copy_reads_the_file_and_keeps_zeros_in_front(tmp_path: Path) -> None:
    found = page(lay(tmp_path))
    code = {d.findtext("summary"): d.xpath("string(.//code)") for d in found.xpath("//details[@class='code']")}
    assert list(code) == ["pandas", "polars", "DuckDB", "R", "curl"]
    address = "http://127.0.0.1:8000/datasets/towns/files/towns"
    assert code["pandas"].endswith(f'df = pd.read_csv("{address}.csv", dtype={{"code": str}})\n')
    assert code["polars"].endswith(f'df = pl.read_parquet("{address}.parquet")\n')
    assert code["DuckDB"] == f"SELECT * FROM read_parquet('{address}.parquet') LIMIT 10;\n"
    assert f'read_csv("{address}.csv", col_types = cols(`code` = col_character()))' in code["R"]
    assert code["curl"].startswith("curl -fsSLO 'http://127.0.0.1:8000/datasets/towns/data/towns.csv'\n")


def test_a_chart_is_chosen_drawn_and_told_in_a_table(tmp_path: Path) -> None:
    """A name in each row, and one number: a bar for each name."""
    small = lay(tmp_path)
    found = page(small)
    (image,) = found.xpath("//section[@class='chart']//img")
    assert image.get("alt").startswith("条形图：按名称排列的人口")
    assert "镇20" in (small.output / "datasets/towns/chart-1.svg").read_text()
    rows = [[words(c) for c in row] for row in found.xpath("//section[@class='chart']//tbody/tr")]
    assert rows[2] == ["镇3", ""]
    assert rows[19] == ["镇20", "200"]


def test_the_chart_of_the_descriptor_stands_before_our_own_choice(tmp_path: Path) -> None:
    spec = {"mark": "line", "encoding": {"x": {"field": "code"}, "y": {"field": "people", "type": "quantitative"}}}
    found = page(lay(tmp_path, views=[{"specType": "vega-lite", "title": "走势", "spec": spec}]))
    assert found.xpath("//section[@class='chart']/h2/text()") == ["走势"]
    assert found.xpath("//section[@class='chart']//img/@alt")[0].startswith("折线图")


@pytest.mark.parametrize("path", ["data/towns.csv", "data/towns.tsv"])
def test_a_chart_is_drawn_from_a_file_in_another_dress(tmp_path: Path, path: str) -> None:
    """GB18030, semicolons; or tabs, as the name of the file says."""
    small = lay(tmp_path)
    mark = ";" if path.endswith("csv") else "\t"
    resource = TOWNS["resources"][0] | {"path": path, "encoding": "gb18030"}
    resource |= {"dialect": {"delimiter": ";"}} if mark == ";" else {}
    folder = small.folder / "datasets/towns"
    (folder / "datapackage.json").write_text(json.dumps(TOWNS | {"resources": [resource]}))
    (folder / "data/towns.csv").unlink()
    text = ("code,name,people\n" + ROWS).replace(",", mark)
    (folder / path).write_bytes(text.encode("gb18030"))
    assert page(small).xpath("//section[@class='chart']//tbody/tr[1]/*/text()") == ["镇1", "10"]


def test_requests_and_mistakes_have_a_way_to_the_editors(tmp_path: Path) -> None:
    small = lay(tmp_path)
    contact = "contact: {email: a@example.gov.cn}\n"
    form = "data_requests: 'https://forms.example.gov.cn/new?title={title}&page={url}'\n"
    small.write("site.yml", SITE + contact + form)
    links = dict(
        zip(*(page(small).xpath(f"//section[h2='申请与反馈']//a/{what}") for what in ("text()", "@href")), strict=True)
    )
    assert links["申请数据或反馈问题"].startswith("https://forms.example.gov.cn/new?title=%E4%B9%A1%E9%95%87&page=http")
    assert re.match(r"mailto:a@example.gov.cn\?subject=%E7%94%B3.*&body=.*datasets%2Ftowns%2F", links["申请数据"])


def test_what_others_made_of_the_data_is_shown(tmp_path: Path) -> None:
    reuse = {"title": "地图", "url": "https://example.org/map", "description": "每个乡镇"}
    found = page(lay(tmp_path, **{"cn:reuses": [reuse]}))
    (item,) = found.xpath("//section[h2='用这些数据做的']//li")
    assert (item.xpath("string(a/@href)"), words(item)) == (reuse["url"], "地图每个乡镇")


def test_every_file_is_in_the_table_with_its_checksum(tmp_path: Path) -> None:
    small = lay(tmp_path)
    shown = page(small).xpath("//table[caption='全部文件']/tbody/tr")
    sums = dict(
        line.split("  ")[::-1] for line in (small.output / "datasets/towns/SHA256SUMS").read_text().splitlines()
    )
    del sums["datapackage.json"]
    assert {words(row[0]): words(row[-1]) for row in shown} == sums


def test_the_site_says_how_large_a_table_may_be(tmp_path: Path) -> None:
    """Two megabytes of rows: within the limit of 200, over that of one, and again within."""
    rows = "".join(f"{n:04},{'镇' * 70},{n}\n" for n in range(9_000))
    small = lay(tmp_path, rows)
    assert small.build() == 0
    small.write("site.yml", SITE + "table_limit: 1\n")
    assert small.codes() == ["P203"]
    small.write("site.yml", SITE + "table_limit: 2\n")
    assert small.build() == 0
