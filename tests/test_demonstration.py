"""The demonstration site is the golden tree: it has no fault, and everything in its output leads somewhere."""

from __future__ import annotations

import csv
import json
import shutil
import sqlite3
import subprocess
import sys
import threading
import urllib.request
from collections import Counter
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from lxml import etree, html

from plugins.models.directory import Post
from plugins.models.plan import Area
from plugins.models.response import Case
from plugins.models.types import RELATIONS, TYPES
from plugins.views.datasets import WITHHELD
from plugins.views.lists import YEARLY
from tests.conftest import ROOT
from tests.links import broken_links
from tests.test_rules_table import HELD

DECLARED = ("plugins.rules.keys", "plugins.rules.rows")
"""The modules of rules that hold where a table declares them."""
SECRETS = (
    "草稿内容，尚未审定",
    "到期前，这份文件",
    "机动车停放服务收费",
    "春节期间公共服务",
    "行政机关内部事务",
    "早班",
    "机动车停放",
)


ANNUAL = ("一、本年新收申请", "二、上年结转申请", "三（七）总计", "四、结转下年度继续办理")


def test_every_link_of_the_output_leads_to_a_file(built: Path) -> None:
    assert broken_links(built) == []


def test_the_link_checker_finds_what_is_broken(built: Path, tmp_path: Path) -> None:
    shutil.copytree(built, tmp_path / "copy")
    (tmp_path / "copy/gazette/2024-01/index.html").unlink()
    assert any(link.endswith("/gazette/2024-01/") for link in broken_links(tmp_path / "copy"))


def test_nothing_that_is_not_public_is_in_any_output_byte(built: Path) -> None:
    files = [p for p in built.rglob("*") if p.is_file()]
    for secret in SECRETS:
        assert not [p for p in files if secret.encode() in p.read_bytes()], secret
    assert not (built / "datasets/staff-roster").exists()
    assert WITHHELD in (built / "datasets/index.html").read_text()


def everything(built: Path, kind: str) -> list[dict[str, Any]]:
    """The JSON of every document of one type."""
    return [json.loads(p.with_suffix(".json").read_text()) for p in built.glob(f"{kind}/*/*/index.txt")]


def test_there_is_as_much_as_was_promised(built: Path) -> None:
    def count(pattern: str) -> int:
        return len(list(built.glob(pattern)))

    assert count("policies/*/*/index.txt") >= 34
    assert count("interpretations/*/*/index.txt") >= 21
    assert count("gazette/*/index.txt") >= 4
    assert count("datasets/*/datapackage.json") >= 6
    others = {kind: count(f"{kind}/*/*/index.txt") for kind in TYPES.keys() - {*YEARLY, "pages"}}
    assert min(others.values()) >= 3, others
    assert sum(others.values()) >= 60
    labels = [policy["validity"] for policy in everything(built, "policies")]
    assert sum(label in {"已废止", "已被代替", "已修改"} for label in labels) >= 3


def test_every_relation_is_used(built: Path) -> None:
    for kind, relations in RELATIONS.items():
        used = {name for document in everything(built, kind) for name in document["relations"]}
        assert relations.keys() - used == set(), kind


def test_consultations_are_in_every_state_and_none_is_overdue(built: Path) -> None:
    states = {document["state"] for document in everything(built, "consultations")}
    assert states == {"尚未开始", "正在征求意见", "已截止", "已公布采纳情况"}


def test_all_six_cases_are_responded_to_and_every_key_area_has_a_plan(built: Path) -> None:
    assert {document["case"] for document in everything(built, "responses")} == set(Case)
    assert {document["area"] for document in everything(built, "plans") if "area" in document} == set(Area)


def test_requests_were_answered_within_the_term_of_their_day(built: Path) -> None:
    """15 working days in 2018, 20 since 2019-05-15, 20 more where an extension was approved."""
    pages = {d["received"]: built / d["id"] / "index.html" for d in everything(built, "answers")}
    for day in ("2018-09-06", "2020-03-10", "2021-07-05"):
        assert "个工作日" in pages[day].read_text()


def test_the_numbers_of_the_annual_report_add_up(built: Path) -> None:
    """New and carried over equal the results and what is carried on, in every column (国办公开办函〔2021〕30号)."""
    page = html.parse(str(built / "reports/2026/gknb-2025/index.html")).getroot()
    cells = [[c.text_content() for c in row.xpath("./td")] for row in page.xpath("//table//tr")]
    rows = {row[0]: [int(c) for c in row[1:]] for row in cells if len(row) == 8}
    new, before, total, after = (rows[name] for name in ANNUAL)
    results = [values for name, values in rows.items() if name.startswith("三") and name != ANNUAL[2]]
    assert [a + b for a, b in zip(new, before, strict=True)] == [a + b for a, b in zip(total, after, strict=True)]
    assert [sum(column) for column in zip(*results, strict=True)] == total
    assert all(sum(values[:-1]) == values[-1] for values in rows.values())


REGISTERS = {"decisions", "power-items", "service-items", "disclosure-items", "budgets", "projects", "transactions"} | {
    "information-systems",
    "organisations",
}


def schemas() -> dict[str, dict[str, Any]]:
    """The schema of each package's table, as it lies in the repository."""
    found = {}
    for path in (ROOT / "datasets").glob("*/datapackage.json"):
        found[path.parent.name] = json.loads(path.read_text())["resources"][0]["schema"]
    return found


def test_the_registers_are_there_with_rows_and_say_that_they_are_invented(built: Path) -> None:
    for name in REGISTERS:
        data = json.loads((built / f"datasets/{name}/index.json").read_text())
        assert 20 <= data["tables"][0]["forms"]["original"]["rows"] <= 200, name
        assert "虚构" in data["descriptor"]["description"], name
        fields = data["descriptor"]["resources"][0]["schema"]["fields"]
        assert all(field["title"] and field["description"] for field in fields), name


def test_the_registers_declare_the_rules_that_are_said_to_hold_them() -> None:
    """Every rule of the county that declarations hold is declared, and no declaration names one that does not exist."""
    told = {
        one["rule"]
        for schema in schemas().values()
        for one in (*schema.get("cn:rules", ()), *schema.get("cn:references", ()))
        if "rule" in one
    }
    held = {name for name, (holder, _) in HELD.items() if getattr(holder, "__module__", "") in DECLARED}
    assert told == held


def test_every_decision_stands_on_the_page_of_its_power(built: Path) -> None:
    with (ROOT / "datasets/decisions/decisions.csv").open(newline="") as stream:
        counts = Counter(row["item_code"] for row in csv.DictReader(stream))
    pages = [json.loads(p.read_text()) for p in built.glob("powers/slx-*/index.json")]
    shown = {p["fields"]["code"]: p["mentions"].get("decisions/decisions.csv", 0) for p in pages}
    assert shown == dict.fromkeys(shown, 0) | counts


def test_the_table_of_organisations_is_the_directory(built: Path) -> None:
    directory = json.loads((built / "organisations/index.json").read_text())["organisations"]
    with (ROOT / "datasets/organisations/organisations.csv").open(newline="") as stream:
        rows = {row["id"]: (row["name"], row["kind"], row["parent"]) for row in csv.DictReader(stream)}
    assert rows == {o["id"]: (o["name"], o["kind"], o.get("parent", "")) for o in directory}


def test_a_power_leads_to_its_text_its_office_and_its_services(built: Path) -> None:
    page = html.parse(str(built / "powers/slx-gf-mzj-003/index.html")).getroot()
    links = set(page.xpath("//main//a/@href"))
    assert {"/policies/2024/yljz-2024/", "/organisations/mzj/", "/services/slx-fw-003/"} <= links


def test_an_earlier_text_and_a_withdrawn_one_keep_their_addresses(built: Path) -> None:
    assert "一百二十元" in (built / "policies/2022/rcyj-2022/2022-06-14/index.txt").read_text()
    assert "每人最高二百元" in (built / "policies/2022/rcyj-2022/index.txt").read_text()
    gone = (built / "policies/2023/kpjd-md/index.html").read_text()
    assert "已撤下" in gone
    assert "名单所列单位名称有两处差错" in gone


def test_every_department_has_every_post_that_the_rules_name(built: Path) -> None:
    everyone = json.loads((built / "organisations/index.json").read_text())["organisations"]
    for organisation in everyone:
        if organisation["kind"] in {"政府部门", "政府办公室"}:
            assert {p["post"] for p in organisation["posts"]} == set(Post), organisation["name"]


def test_a_repealed_document_says_so_with_its_successor(built: Path) -> None:
    page = html.parse(str(built / "policies/2020/ljfl-bf/index.html")).getroot()
    banner = page.xpath("//div[contains(@class, 'banner')]")[0].text_content()
    assert "已废止" in banner
    assert "示例县城乡生活垃圾管理办法" in banner


def test_pages_parse_have_one_heading_and_no_inline_script_or_style(built: Path) -> None:
    for path in built.rglob("*.html"):
        page = html.parse(str(path)).getroot()
        assert len(page.xpath("//h1")) == 1, path
        assert not page.xpath("//style | //@style | //script[not(@src)][not(@type='application/ld+json')]"), path
        ids = page.xpath("//@id")
        assert len(ids) == len(set(ids)), path


def test_feeds_and_sitemap_are_well_formed_and_complete(built: Path) -> None:
    for feed in built.rglob("*.atom"):
        root = etree.parse(str(feed)).getroot()
        assert root.tag == "{http://www.w3.org/2005/Atom}feed"
        assert root.findtext("{http://www.w3.org/2005/Atom}updated")
    listed = etree.parse(str(built / "sitemap.xml")).getroot()
    pages = list(built.rglob("index.html"))
    assert len(listed) == len(pages)


def test_checksums_of_data_sets_are_right(built: Path) -> None:
    for sums in built.rglob("SHA256SUMS"):
        assert subprocess.run(["sha256sum", "-c", "--quiet", sums.name], cwd=sums.parent, check=False).returncode == 0


def test_frictionless_reads_every_published_package(built: Path) -> None:
    import frictionless

    for descriptor in built.glob("datasets/*/datapackage.json"):
        report = frictionless.Package(str(descriptor)).validate()
        assert report.valid, report.flatten(["message"])


def test_every_json_file_is_json(built: Path) -> None:
    paths = list(built.rglob("*.json"))
    assert len(paths) > 200
    for path in paths:
        json.loads(path.read_text())


@pytest.fixture(scope="module")
def served(built: Path) -> Iterator[str]:
    """The address of the built site, served on loopback."""
    handler = partial(Quiet, directory=str(built))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name of the base class
        """No line a request."""


def packages(built: Path) -> list[str]:
    return sorted(path.parent.name for path in built.glob("datasets/*/datapackage.json"))


def test_a_fresh_frictionless_validates_every_served_package(built: Path, served: str) -> None:
    names = packages(built)
    assert len(names) >= 7
    for name in names:
        command = [sys.executable, "-m", "frictionless", "validate", f"{served}/datasets/{name}/datapackage.json"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr


def test_pandas_and_duckdb_read_every_served_form_and_agree_with_frictionless(
    built: Path, served: str, tmp_path: Path
) -> None:
    import duckdb
    import frictionless
    import pandas as pd

    for name in packages(built):
        place = f"{served}/datasets/{name}/"
        with urllib.request.urlopen(f"{place}index.json") as answer:
            index = json.load(answer)
        for table, resource in zip(
            index["tables"],
            frictionless.Package(str(built / f"datasets/{name}/datapackage.json")).resources,
            strict=True,
        ):
            fields = resource.schema.field_names
            truth = sorted(tuple(map(plain, row.to_dict().values())) for row in resource.read_rows())
            forms = {form: place + told["path"] for form, told in table["forms"].items()}
            assert set(forms) == {"original", "csv", "excel-csv", "parquet", "ndjson", "json", "xlsx"}
            kinds = {f.name: str for f in resource.schema.fields if f.type not in NUMBERS}
            frames = {
                "csv": pd.read_csv(forms["csv"], dtype=kinds),
                "excel-csv": pd.read_csv(forms["excel-csv"], dtype=kinds),
                "parquet": pd.read_parquet(forms["parquet"]),
                "ndjson": pd.read_json(forms["ndjson"], lines=True, dtype=kinds, precise_float=True),
                "xlsx": pd.read_excel(forms["xlsx"], dtype=kinds),
            }
            pages = [
                pd.read_json(forms["json"].replace("/1.json", f"/{n}.json"), dtype=kinds, precise_float=True)
                for n in range(1, table["forms"]["json"].get("pages", 1) + 1)
            ]
            frames["json"] = pd.concat(pages)
            for form, frame in frames.items():
                assert list(frame.columns) == fields, (name, form)
                assert sorted(tuple(map(plain, row)) for row in frame.itertuples(index=False)) == truth, (name, form)
            for form, suffix in (("parquet", "parquet"), ("csv", "csv"), ("ndjson", "ndjson")):
                file, _ = urllib.request.urlretrieve(forms[form], tmp_path / f"t.{suffix}")
                rows = duckdb.sql(f"SELECT * FROM '{file}'").fetchall()
                assert (form, len(rows)) == (form, len(truth))
                if form == "parquet":
                    assert sorted(tuple(map(plain, row)) for row in rows) == truth
            base, _ = urllib.request.urlretrieve(place + index["forms"]["sqlite"]["path"], tmp_path / "base.sqlite")
            with sqlite3.connect(base) as connection:
                rows = connection.execute(f'SELECT * FROM "{table["name"]}"').fetchall()
            assert sorted(tuple(map(plain, row)) for row in rows) == truth


NUMBERS = {"integer", "number", "year", "boolean"}


def plain(value: Any) -> str:
    """A cell as text that says the same whichever library read it."""
    if type(value).__name__ == "yearmonth":
        return f"{value.year}-{value.month:02}"
    text = {"True": "1", "False": "0"}.get(str(value), str(value))
    if text in {"None", "nan", "NaT", "<NA>"}:
        return ""
    try:
        return str(float(text))
    except ValueError:
        return text.replace("T", " ").removesuffix(" 00:00:00")
