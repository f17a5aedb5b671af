"""What the catalogues say: the same of every data set, nothing of what is withheld, and hostile words stay words."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

import pytest
from lxml import html

from plugins.build.builder import prepared, site_of
from plugins.models.authority import ACCESS, FREQUENCIES, LABELS, THEMES, theme_code
from plugins.models.distribution import FORMATS, Distribution
from plugins.models.package import OPEN_TYPES
from plugins.rules.updating import CYCLES
from plugins.views.catalogues import schema_org
from plugins.views.catalogues.assembly import catalogue_jobs
from plugins.views.catalogues.entries import entries
from plugins.views.frame import SiteFrame
from plugins.views.jobs import Job
from tests.catalogues.conftest import Ask, served
from tests.catalogues.packages import HOSTILE, package
from tests.catalogues.test_validators import AP, load, open_sets
from tests.small import Small


def frame_of(small: Small) -> SiteFrame:
    with prepared(small.settings()) as (content, _):
        assert [str(f) for f in content.faults if f.severity == "error"] == []
        return SiteFrame(site_of(content))


def jobs_of(small: Small, files: dict[str, Sequence[Distribution]]) -> dict[str, Job]:
    frame = frame_of(small)
    return {job.path: job for job in catalogue_jobs(frame, files)}


def made(format: str, path: str, table: str = "data") -> Distribution:  # noqa: A002
    return Distribution(format, table, path, 12, "a" * 64, 2)


def block(page: Path) -> Any:
    """The data block of a page, as a browser reads it."""
    (text,) = html.parse(str(page)).getroot().xpath("//script[@type='application/ld+json']/text()")
    return json.loads(text)


def test_the_data_block_of_a_page_is_the_file_beside_it(built: Path) -> None:
    pages = sorted(built.glob("datasets/*/dataset.jsonld"))
    assert len(pages) == len(open_sets(built))
    for file in pages:
        assert block(file.with_name("index.html")) == load(file)


def test_schema_org_has_what_search_engines_ask_for(built: Path, many: Path) -> None:
    """Name, description of 50 to 5,000 characters, licence, and a download with its media type."""
    for file in (*built.glob("datasets/*/dataset.jsonld"), *many.glob("datasets/*/dataset.jsonld")):
        found = load(file)
        assert found["name"]
        assert schema_org.SHORTEST <= len(found["description"]) <= schema_org.LONGEST
        assert found["license"].startswith("https://creativecommons.org/")
        assert all(d["contentUrl"].startswith("http") for d in found["distribution"])
        told = {d["encodingFormat"] for d in found["distribution"]}
        registered = {form.media_type for name, form in FORMATS.items() if name != "ndjson"}
        assert told == registered | {"NDJSON"}, "NDJSON has no registered media type"
        assert found["distribution"]


def test_a_long_description_is_cut_and_a_short_one_goes_on(small: Small) -> None:
    package(small, "long", description="长" * 6000)
    package(small, "short", description="短。")
    found = {e.package.name: schema_org.described(e) for e in entries(frame_of(small), {})}
    assert len(found["long"]) == schema_org.LONGEST
    assert found["long"].endswith("长…")
    assert found["short"].startswith("短。由县政府办公室")
    assert len(found["short"]) >= schema_org.SHORTEST


def test_hostile_words_stay_words_in_every_catalogue(small: Small, ask: Ask, shared: Path) -> None:
    """A title that would end a script, a string or a node; a path with blanks; a licence with braces and quotes."""
    package(
        small,
        "hostile",
        "数据 (1) #?.csv",
        title=HOSTILE,
        description=HOSTILE,
        keywords=[HOSTILE, "@id"],
        licenses=[{"name": HOSTILE, "path": "http://x.example/{a}|b^`c\\d", "title": HOSTILE}],
        contributors=[{"title": HOSTILE, "role": "publisher"}],
        **{"cn:theme": HOSTILE, "cn:resourceCode": HOSTILE, "cn:updateCycle": HOSTILE, "cn:openCondition": HOSTILE},
    )
    assert small.build() == 0
    out = small.output.resolve()
    page = html.parse(str(out / "datasets/hostile/index.html")).getroot()
    assert not page.xpath("//script[not(@src)][not(@type='application/ld+json')]")
    assert block(out / "datasets/hostile/index.html")["name"] == HOSTILE
    evil = [n for n in load(out / "catalog.jsonld")["@graph"] if str(n.get("@id")).startswith("http://evil")]
    assert evil == []
    answer = ask("shacl", out / "catalog.ttl", shared / "standards/dcat-ap-3.0.1" / AP[0])
    assert answer["violations"] == []
    assert ask("same_graph", out / "catalog.ttl", out / "catalog.jsonld")["absent"] == []
    (found,) = ask("ckan_dcat", out / "catalog.ttl").values()
    assert found["title"] == HOSTILE
    folder = out / "datasets/hostile"
    urls = [r["url"] for r in found["resources"]]
    assert len(urls) == len(FORMATS)
    for url in urls:
        assert " " not in url
        assert (out / unquote(url.removeprefix("http://127.0.0.1:8000/"))).is_file()
    assert ask("croissant", folder / "croissant.json")[str(folder / "croissant.json")]["errors"] == []
    assert ask("crate", folder)[str(folder)]["issues"] == []
    (metadata,) = folder.glob("*.csv-metadata.json")
    with served(out) as address:
        (table,) = ask("csvw", f"{address}/datasets/hostile/{quote(metadata.name)}").values()
    assert table["valid"]


def test_what_is_withheld_is_in_no_catalogue_but_as_a_row(built: Path) -> None:
    """不予开放: title and 政府目录 keys in the resource catalogue and DCAT; no file, no description, no column."""
    for path in (
        "openapi.json",
        "datasets/datapackage.json",
        "api/3/action/package_search",
        "datasets/catalogue/open-catalogue.csv",
    ):
        assert "staff-roster" not in (built / path).read_text(), path
        assert "值守安排" not in (built / path).read_text(), path
    (row,) = [r for r in load(built / "datasets/catalogue/resource-catalogue.json")["rows"] if r["open"] == "否"]
    assert row["name"] == "政务服务网点值守安排"
    assert not any(row[key] for key in ("summary", "formats", "items", "published", "address"))
    assert not (built / "datasets/staff-roster").exists()


def test_no_action_of_ckan_answers_with_another_data_set(built: Path) -> None:
    for root in ("api/3/action", "api/action"):
        assert (built / root / "package_show").is_dir(), "package_show?id= has no one answer"
        found = load(built / root / "package_search")["result"]
        assert found["count"] == len(found["results"]) == len(open_sets(built))
        assert load(built / root / "package_list")["result"] == [p["name"] for p in found["results"]]
        assert load(built / root / "current_package_list_with_resources")["result"] == found["results"]
        for one in found["results"]:
            assert load(built / root / "package_show" / one["name"])["result"] == one


def test_every_address_of_openapi_is_a_file(built: Path) -> None:
    described = load(built / "openapi.json")
    for path, item in described["paths"].items():
        names = item["parameters"][0]["schema"]["enum"] if "{name}" in path else [""]
        assert names
        for name in names:
            assert (built / path.replace("{name}", name).lstrip("/")).is_file(), path


def test_the_open_catalogue_is_part_of_the_resource_catalogue(built: Path) -> None:
    folder = built / "datasets/catalogue"
    rows, opened = (load(folder / f"{name}-catalogue.json")["rows"] for name in ("resource", "open"))
    assert [r for r in rows if r["open_type"] != "不予开放"] == opened
    assert len(rows) == len(opened) + 1
    for name, expected in (("resource", rows), ("open", opened)):
        columns = load(folder / f"{name}-catalogue.json")["columns"]
        table = list(csv.DictReader(io.StringIO((folder / f"{name}-catalogue.csv").read_bytes().decode(), newline="")))
        assert table == [{columns[key]: value for key, value in row.items()} for row in expected]


def test_completeness_counts_what_a_row_owes(small: Small) -> None:
    """A code and a theme are missing; a condition is owed only where there is one; 不予开放 owes fewer."""
    package(
        small,
        "whole",
        **{"cn:theme": "交通", "cn:resourceCode": "1/1", "cn:providerCode": "1", "cn:shareType": "无条件共享"},
    )
    package(small, "part", **{"cn:openType": "有条件开放", "cn:providerCode": "1", "cn:shareType": "有条件共享"})
    package(small, "held", **{"cn:openType": "不予开放", "cn:theme": "交通"})
    assert small.build() == 0
    folder = small.output.resolve() / "datasets/catalogue"
    rates = load(folder / "index.json")["completeness"]
    page = html.parse(str(folder / "index.html")).getroot()
    cells = {
        row.xpath("string(th)"): row.xpath("string(td[last()])")
        for row in page.xpath("//table//tr[th[@scope='row']][td[3]]")
    }
    assert rates["whole"] == 12 + 14 + 8
    assert rates["part"] == 12 + 10 + 5
    assert rates["percent"] == "79.4%"
    assert len(cells) == 1, "all three have one title"
    texts = page.text_content()
    assert "缺信息资源分类、信息资源代码、共享条件、开放条件" in texts
    assert "缺信息资源代码、提供方代码、共享类型" in texts


def test_a_cell_that_is_a_formula_is_no_formula_in_the_csv(small: Small) -> None:
    package(small, "formula", title="=HYPERLINK(1)", description="+1")
    text = jobs_of(small, {})["datasets/catalogue/resource-catalogue.csv"].view["text"]
    (row,) = csv.DictReader(io.StringIO(text, newline=""))
    assert row["信息资源名称"] == "'=HYPERLINK(1)"
    assert row["信息资源摘要"] == "'+1"


def test_lateness_is_a_badge_that_turns_with_the_day(small: Small) -> None:
    """每年 from 2026-03-02: in time on 2027-03-02, late on the day after; the next build notices by itself."""
    package(small, "yearly")
    index = small.output / "datasets/catalogue/index.json"
    page = small.output / "datasets/catalogue/index.html"
    assert small.build(as_of="2027-03-02 23:59") == 0
    before = small.output.resolve()
    assert load(index)["timeliness"] == {"part": 1, "whole": 1, "percent": "100.0%"}
    assert small.build(as_of="2027-03-02 23:59") == 0
    assert small.output.resolve() == before
    assert small.build(as_of="2027-03-03 00:00") == 0
    assert load(index)["timeliness"] == {"part": 0, "whole": 1, "percent": "0.0%"}
    assert "更新逾期" in page.read_text()
    assert [f.code for f in small.faults() if f.path.startswith("datasets/")] == []


def test_a_data_set_without_files_is_described_everywhere(small: Small, tmp_path: Path, ask: Ask, shared: Path) -> None:
    """有条件开放 may have no file to fetch: metadata only."""
    package(small, "none", **{"cn:openType": "有条件开放", "cn:openCondition": "签订协议"})
    jobs = jobs_of(small, {})
    assert "datasets/none/data.csv-metadata.json" not in jobs
    dataset = jobs["data.json"].view["data"]["dataset"][0]
    assert dataset["accessRights"].endswith("/RESTRICTED")
    assert "distribution" not in dataset
    (tmp_path / "data.json").write_text(json.dumps(jobs["data.json"].view["data"]))
    (tmp_path / "catalog.json").write_text(json.dumps(jobs["catalog.jsonld"].view["data"]))
    answer = ask("shacl", tmp_path / "data.json", shared / "standards/dcat-us-3.0/shapes.ttl")
    assert answer["violations"] == []
    answer = ask("shacl", tmp_path / "catalog.json", shared / "standards/dcat-ap-3.0.1" / AP[0])
    assert answer["violations"] == []
    assert jobs["datasets/none/croissant.json"].view["data"].keys().isdisjoint({"distribution", "recordSet"})


def test_every_form_of_a_table_is_in_every_catalogue(small: Small, tmp_path: Path, ask: Ask, shared: Path) -> None:
    package(small, "forms")
    files = [made(form, f"files/data.{form}") for form in FORMATS if form != "original"]
    jobs = jobs_of(small, {"forms": [made("original", "data.csv"), *files]})
    urls = {f"http://127.0.0.1:8000/datasets/forms/{path}" for path in ("data.csv", *(f.path for f in files))}
    us = jobs["data.json"].view["data"]["dataset"][0]["distribution"]
    ckan = (
        jobs["api/3/action/package_list"],
        jobs["api/3/action/package_show/forms"].view["data"]["result"]["resources"],
    )
    crate = {n["@id"] for n in jobs["datasets/forms/ro-crate-metadata.json"].view["data"]["@graph"]}
    graph = [n for n in jobs["catalog.jsonld"].view["data"]["@graph"] if n.get("@type") == ["dcat:Distribution"]]
    assert {d["downloadURL"] for d in us} == urls
    assert {r["url"] for r in ckan[1]} == urls
    assert {n["dcat:downloadURL"][0]["@id"] for n in graph} == urls
    assert {f.path for f in files} <= crate
    croissant = jobs["datasets/forms/croissant.json"].view["data"]
    assert {f["contentUrl"] for f in croissant["distribution"]} == urls
    source = croissant["recordSet"][0]["field"][0]["source"]["fileObject"]["@id"]
    assert next(f for f in croissant["distribution"] if f["@id"] == source)["name"] == "files/data.csv"
    (tmp_path / "catalog.json").write_text(json.dumps(jobs["catalog.jsonld"].view["data"]))
    shapes = [shared / "standards/dcat-ap-3.0.1" / name for name in AP]
    assert ask("shacl", tmp_path / "catalog.json", *shapes)["violations"] == []


def test_a_table_in_another_encoding_gets_no_record_set_without_its_csv(small: Small) -> None:
    """Croissant's readers take UTF-8 with commas; GB18030 is described as a file only, until there is a CSV form."""
    package(small, "gb")
    file = small.folder / "datasets/gb/data.csv"
    file.write_bytes(file.read_text().encode("gb18030"))
    descriptor = small.folder / "datasets/gb/datapackage.json"
    value = load(descriptor)
    value["resources"][0]["encoding"] = "gb18030"
    descriptor.write_text(json.dumps(value))
    original = made("original", "data.csv")
    without = jobs_of(small, {"gb": [original]})["datasets/gb/croissant.json"].view["data"]
    assert "recordSet" not in without
    with_csv = jobs_of(small, {"gb": [original, made("csv", "files/data.csv")]})["datasets/gb/croissant.json"]
    assert len(with_csv.view["data"]["recordSet"]) == 1


@pytest.mark.parametrize(
    ("type", "cells", "changes", "expected"),
    [
        ("integer", ["1", "-2"], {}, "integer"),
        ("integer", ["１", "2"], {}, "string"),
        ("number", ["1.5", ".5"], {}, "decimal"),
        ("number", ["1,000.5"], {"groupChar": ","}, "string"),
        ("date", ["2026-03-02"], {}, "date"),
        ("date", ["2026-3-2"], {}, "string"),
        ("date", ["02/03/2026"], {"format": "%d/%m/%Y"}, "string"),
        ("boolean", ["true", "false"], {}, "boolean"),
        ("boolean", ["True", "false"], {}, "string"),
        ("boolean", ["是", "否"], {"trueValues": ["是"], "falseValues": ["否"]}, "string"),
        ("year", ["2026"], {}, "gYear"),
        ("yearmonth", ["2026-03"], {}, "gYearMonth"),
        ("string", ["a"], {}, "string"),
    ],
)
def test_a_column_has_a_csvw_type_where_its_cells_are_written_so(
    small: Small,
    ask: Ask,
    tmp_path: Path,
    type: str,  # noqa: A002
    cells: list[str],
    changes: dict[str, Any],
    expected: str,
) -> None:
    rows = "".join(f'{n},"{cell}"\n' for n, cell in enumerate(cells))
    field = {"name": "v-1", "type": type, **changes}
    schema = {"fields": [{"name": "id", "type": "integer"}, field]}
    package(small, "typed", text=f"id,v-1\n{rows}", resources=[{"name": "data", "path": "data.csv", "schema": schema}])
    jobs = jobs_of(small, {"typed": [made("original", "data.csv")]})
    data = jobs["datasets/typed/data.csv-metadata.json"].view["data"]
    assert data["tableSchema"]["columns"][1]["datatype"] == expected
    (tmp_path / "data.csv").write_text(f"id,v-1\n{rows}")
    (tmp_path / "data.csv-metadata.json").write_text(json.dumps(data))
    (answer,) = ask("csvw", tmp_path / "data.csv-metadata.json").values()
    assert answer == {"valid": True, "warnings": []}


def test_a_path_in_the_sites_address_is_honoured_by_every_catalogue(small: Small) -> None:
    site = small.content / "site.yml"
    site.write_text(site.read_text().replace("http://127.0.0.1:8000", "https://x.example/open/data"))
    package(small, "a")
    jobs = jobs_of(small, {"a": [made("original", "data.csv")]})
    texts = {path: json.dumps(dict(job.view)) for path, job in jobs.items() if job.renderer != "page"}
    for path, text in texts.items():
        assert "//x.example/" not in text.replace("//x.example/open/data", ""), path
    assert "https://x.example/open/data/datasets/a/data.csv" in texts["catalog.ttl"]


def test_a_site_without_data_sets_has_catalogues_without_rows(small: Small) -> None:
    jobs = jobs_of(small, {})
    assert "datasets/datapackage.json" not in jobs
    assert jobs["data.json"].view["data"].get("dataset") is None
    assert jobs["api/3/action/package_list"].view["data"]["result"] == []


def test_a_folder_named_like_the_catalogue_and_a_file_named_like_metadata_are_refused(small: Small) -> None:
    package(small, "catalogue")
    package(small, "a", "data.csv-metadata.json")
    package(small, "b", "croissant.json")
    assert {"P208", "P121"} <= set(small.codes())
    assert small.codes().count("P121") == 2


def test_every_word_has_a_code_and_every_code_a_label() -> None:
    assert tuple(ACCESS) == OPEN_TYPES
    assert CYCLES.keys() <= FREQUENCIES.keys()
    codes = set(FREQUENCIES.values()) | {code for _, code in THEMES} | set(ACCESS.values())
    assert codes <= LABELS.keys()
    assert theme_code("公共交通") == "TRAN"
    assert theme_code("杂项") == ""
