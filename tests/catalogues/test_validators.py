"""Every catalogue before its own validator, offline: those of the norms' makers, and the readers of CKAN.

Each validator is shown a damaged catalogue too: one that finds nothing there proves nothing.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from benchmarks.catalogues import JUDGED, made
from tests.catalogues.conftest import Ask, served

AP = ("dcat-ap-SHACL.ttl", "range.ttl", "shapes.ttl", "shapes_recommended.ttl", "deprecateduris.ttl")
MDR = "mdr-vocabularies.shape.ttl"
both = pytest.mark.parametrize("site", ["built", "many"])


def load(path: Path) -> Any:
    return json.loads(path.read_text())


def open_sets(site: Path) -> dict[str, dict[str, str]]:
    """path -> sha256 of the data files of each data set, as its own page tells."""
    found = {}
    for file in sorted(site.glob("datasets/*/index.json")):
        if file.parent.name != "catalogue":
            told = load(file)
            forms = [form for part in (told, *told["tables"]) for form in part["forms"].values()]
            found[file.parent.name] = {form["path"]: form["sha256"] for form in forms}
    return found


def test_five_hundred_data_sets_with_all_forms_keep_the_shapes(ask: Ask, shapes: Path, tmp_path: Path) -> None:
    """Main and range shapes; `python -m benchmarks.catalogues` prints what all of them cost."""
    files, _, _ = made(tmp_path, 500)
    (tmp_path / "catalog.ttl").write_bytes(files["catalog.ttl"])
    answer = ask("shacl", tmp_path / "catalog.ttl", *(shapes / "dcat-ap-3.0.1" / name for name in JUDGED))
    assert answer["violations"] == []
    assert answer["triples"] > 50_000


@both
def test_dcat_ap_shapes_find_no_violation(
    site: str, ask: Ask, shapes: Path, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    folder = request.getfixturevalue(site)
    files = [shapes / "dcat-ap-3.0.1" / name for name in AP]
    answer = ask("shacl", folder / "catalog.ttl", *files)
    assert answer["violations"] == []
    assert answer["triples"] > 25 * len(open_sets(folder))


@both
def test_controlled_vocabularies_find_only_the_shapes_own_slip(
    site: str, ask: Ask, shapes: Path, request: pytest.FixtureRequest
) -> None:
    """The shape wants the algorithm's address to begin with https; SPDX's own begins with http."""
    folder = request.getfixturevalue(site)
    answer = ask("shacl", folder / "catalog.ttl", shapes / "dcat-ap-3.0.1" / MDR)
    assert {violation[1] for violation in answer["violations"]} == {"http://spdx.org/rdf/terms#algorithm"}


def test_a_missing_title_is_a_violation_of_dcat_ap(built: Path, ask: Ask, shapes: Path, tmp_path: Path) -> None:
    text = (built / "catalog.ttl").read_text()
    bad = tmp_path / "catalog.ttl"
    bad.write_text(
        text.replace('    dct:title "公交站点"@zh ;\n', "", 1).replace('    dct:title "公交站点"@zh .\n', "")
    )
    assert bad.read_text() != text
    head, _, rest = text.partition("    a dcat:Dataset ;\n")
    bad.write_text(head + "    a dcat:Dataset ;\n" + rest.partition("\n")[2])
    found = ask("shacl", bad, shapes / "dcat-ap-3.0.1" / AP[0])["violations"]
    assert [violation[1] for violation in found] == ["http://purl.org/dc/terms/title"]


@both
def test_the_json_ld_holds_every_triple_of_the_turtle(site: str, ask: Ask, request: pytest.FixtureRequest) -> None:
    folder = request.getfixturevalue(site)
    answer = ask("same_graph", folder / "catalog.ttl", folder / "catalog.jsonld")
    assert answer["absent"] == []
    assert {"Dataset", "DataCatalog", "DataDownload"} <= set(answer["schema_org"])


def test_a_title_taken_from_the_json_ld_is_missed(built: Path, ask: Ask, tmp_path: Path) -> None:
    value = load(built / "catalog.jsonld")
    next(node for node in value["@graph"] if "dct:title" in node).pop("dct:title")
    (tmp_path / "catalog.jsonld").write_text(json.dumps(value))
    assert len(ask("same_graph", built / "catalog.ttl", tmp_path / "catalog.jsonld")["absent"]) == 1


@both
def test_dcat_us_shapes_find_no_violation(site: str, ask: Ask, shapes: Path, request: pytest.FixtureRequest) -> None:
    folder = request.getfixturevalue(site)
    answer = ask("shacl", folder / "data.json", shapes / "dcat-us-3.0" / "shapes.ttl")
    assert answer["violations"] == []
    assert answer["triples"] > 20 * len(open_sets(folder))


def test_a_missing_title_is_a_violation_of_dcat_us(built: Path, ask: Ask, shapes: Path, tmp_path: Path) -> None:
    value = load(built / "data.json")
    del value["dataset"][0]["title"]
    (tmp_path / "data.json").write_text(json.dumps(value))
    found = ask("shacl", tmp_path / "data.json", shapes / "dcat-us-3.0" / "shapes.ttl")["violations"]
    assert [violation[1] for violation in found] == ["http://purl.org/dc/terms/title"]


@both
def test_every_descriptor_fits_the_data_package_profile(
    site: str, ask: Ask, shapes: Path, request: pytest.FixtureRequest
) -> None:
    folder = request.getfixturevalue(site)
    files = [folder / "datasets/datapackage.json", *sorted(folder.glob("datasets/*/datapackage.json"))]
    answer = ask("profile", shapes / "datapackage/2.0/datapackage.json", *files)
    assert set(answer) == set(map(str, files))
    assert not any(answer.values())


def test_a_descriptor_without_names_breaks_the_profile(built: Path, ask: Ask, shapes: Path, tmp_path: Path) -> None:
    value = load(built / "datasets/datapackage.json")
    del value["resources"][0]["name"]
    (tmp_path / "datapackage.json").write_text(json.dumps(value | {"title": 3}))
    answer = ask("profile", shapes / "datapackage/2.0/datapackage.json", tmp_path / "datapackage.json")
    assert len(answer[str(tmp_path / "datapackage.json")]) == 2


def test_the_catalogue_of_packages_tells_size_and_hash_of_each(built: Path) -> None:
    resources = load(built / "datasets/datapackage.json")["resources"]
    assert [r["name"] for r in resources] == sorted(open_sets(built))
    for resource in resources:
        data = (built / "datasets" / resource["path"]).read_bytes()
        assert resource["bytes"] == len(data)
        assert resource["hash"] == "sha256:" + hashlib.sha256(data).hexdigest()


@both
def test_ckans_own_parser_finds_every_data_set_resource_and_hash(
    site: str, ask: Ask, request: pytest.FixtureRequest
) -> None:
    folder = request.getfixturevalue(site)
    answer = ask("ckan_dcat", folder / "catalog.ttl")
    held = {uri: found for uri, found in answer.items() if found["resources"]}
    rows = load(folder / "datasets/catalogue/resource-catalogue.json")["rows"]
    assert len(answer) == len(rows)
    expected = {
        f"/datasets/{name}/#dataset": {(f"/datasets/{name}/{path}", sha) for path, sha in files.items()}
        for name, files in open_sets(folder).items()
    }
    found = {
        "/" + uri.split("/", 3)[3]: {("/" + r["url"].split("/", 3)[3], r["hash"]) for r in value["resources"]}
        for uri, value in held.items()
    }
    assert found == expected


def test_what_is_withheld_is_a_row_with_no_file(built: Path, ask: Ask) -> None:
    answer = ask("ckan_dcat", built / "catalog.ttl")
    rows = {uri: found for uri, found in answer.items() if not found["resources"]}
    assert [uri.rsplit("/", 1)[-1] for uri in rows] == ["#staff-roster"]
    assert [found["access_rights"].rsplit("/", 1)[-1] for found in rows.values()] == ["NON_PUBLIC"]


@both
def test_ckans_own_harvester_finds_every_data_set_resource_and_hash(
    site: str, ask: Ask, request: pytest.FixtureRequest
) -> None:
    """ckanext-harvest asks for page after page; a plain host answers each with the whole, and the loop ends."""
    folder = request.getfixturevalue(site)
    with served(folder) as address:
        answer = ask("ckan_harvest", address)
    found = {name: {(url.rsplit("/", 1)[-1], sha) for url, sha, _ in files} for name, files in answer.items()}
    expected = {
        name: {(p.rsplit("/", 1)[-1], sha) for p, sha in files.items()} for name, files in open_sets(folder).items()
    }
    assert found == expected


def test_a_data_set_taken_from_the_answer_is_missed_by_ckan(built: Path, ask: Ask, tmp_path: Path) -> None:
    root = tmp_path / "api/3/action"
    root.mkdir(parents=True)
    value = load(built / "api/3/action/package_search")
    value["result"]["results"].pop()
    (root / "package_search").write_text(json.dumps(value))
    with served(tmp_path) as address:
        assert len(ask("ckan_harvest", address)) == len(open_sets(built)) - 1
    head, mark, rest = (built / "catalog.ttl").read_text().partition("    a dcat:Dataset ;\n")
    (tmp_path / "catalog.ttl").write_text(f"{head}    a dcat:Resource ;\n{rest}" if mark else head)
    assert len(ask("ckan_dcat", tmp_path / "catalog.ttl")) == len(open_sets(built))


def test_croissant_is_valid_and_its_records_read_back(built: Path, ask: Ask) -> None:
    files = sorted(built.glob("datasets/*/croissant.json"))
    answer = ask("croissant", *files)
    for file in files:
        found = answer[str(file)]
        rows = {
            table["name"]: table["forms"]["original"]["rows"] for table in load(file.with_name("index.json"))["tables"]
        }
        assert found == {"errors": [], "warnings": [], "rows": rows}, file


@pytest.mark.parametrize("taken", ["sha256", "dataType"])
def test_croissant_without_a_checksum_or_a_type_is_refused(taken: str, built: Path, ask: Ask, tmp_path: Path) -> None:
    shutil.copytree(built / "datasets/bus-stops", tmp_path / "copy")
    file = tmp_path / "copy/croissant.json"
    value = load(file)
    for part in (value["distribution"][0], value["recordSet"][0]["field"][0]):
        part.pop(taken, None)
    file.chmod(0o644)
    file.write_text(json.dumps(value))
    assert ask("croissant", file)[str(file)]["errors"] != []


@both
def test_csvw_finds_that_table_and_metadata_agree(site: str, ask: Ask, request: pytest.FixtureRequest) -> None:
    folder = request.getfixturevalue(site)
    files = [f for f in sorted(folder.glob("datasets/*/*-metadata.json")) if f.name != "ro-crate-metadata.json"]
    assert len(files) == sum(len(load(folder / f"datasets/{name}/index.json")["tables"]) for name in open_sets(folder))
    answer = ask("csvw", *files)
    assert [f for f, found in answer.items() if not found["valid"] or found["warnings"]] == []


def test_a_word_in_a_column_of_numbers_fails_its_csvw(built: Path, ask: Ask, tmp_path: Path) -> None:
    for name in ("bus-stops.csv", "bus-stops.csv-metadata.json"):
        (tmp_path / name).write_bytes((built / "datasets/bus-stops" / name).read_bytes())
    table = tmp_path / "bus-stops.csv"
    lines = table.read_text().splitlines()
    cells = lines[1].split(",")
    cells[5] = "许多"
    table.write_text("\n".join([lines[0], ",".join(cells), *lines[2:]]) + "\n")
    (answer,) = ask("csvw", tmp_path / "bus-stops.csv-metadata.json").values()
    assert not answer["valid"]


def test_every_folder_is_an_ro_crate(built: Path, ask: Ask) -> None:
    """Offline, with the context that the norm names put in from rocrate's own copy of it."""
    folders = [file.parent for file in sorted(built.glob("datasets/*/ro-crate-metadata.json"))]
    assert [folder.name for folder in folders] == sorted(open_sets(built))
    answer = ask("crate", *folders)
    assert {found["context"] for found in answer.values()} == {"https://w3id.org/ro/crate/1.1/context"}
    assert not any(found["issues"] for found in answer.values())


def test_a_crate_without_a_licence_is_refused(built: Path, ask: Ask, tmp_path: Path) -> None:
    shutil.copytree(built / "datasets/bus-stops", tmp_path / "crate")
    file = tmp_path / "crate/ro-crate-metadata.json"
    value = load(file)
    root = next(node for node in value["@graph"] if node["@id"] == "./")
    del root["name"], root["license"]
    file.chmod(0o644)
    file.write_text(json.dumps(value))
    (answer,) = ask("crate", tmp_path / "crate").values()
    assert answer["issues"] != []


def test_openapi_is_valid_and_a_missing_title_is_found(built: Path, ask: Ask, tmp_path: Path) -> None:
    assert ask("openapi", built / "openapi.json")["errors"] == []
    value = load(built / "openapi.json")
    del value["info"]["title"]
    (tmp_path / "openapi.json").write_text(json.dumps(value))
    assert ask("openapi", tmp_path / "openapi.json")["errors"] != []
