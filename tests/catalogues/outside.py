"""Asks other people's validators, in their own environment: `python outside.py WHAT ARGUMENTS…` prints one JSON value.

This file imports nothing of the product. Whoever runs it gives it files and folders that were built before.
"""

from __future__ import annotations

import contextlib
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

Answer = dict[str, Any]


def shacl(data: str, *shapes: str) -> Answer:
    """pyshacl with the shapes: what is violated, how many warnings, triples and CPU seconds."""
    from pyshacl import validate
    from rdflib import Graph, Namespace

    sh = Namespace("http://www.w3.org/ns/shacl#")
    graph = Graph().parse(data, format="turtle" if data.endswith(".ttl") else "json-ld")
    found: Answer = {"triples": len(graph), "violations": [], "warnings": 0, "seconds": {}}
    for path in shapes:
        begun = time.process_time()
        _, report, _ = validate(
            graph, shacl_graph=Graph().parse(path), do_owl_imports=False, inference="none", allow_infos=True
        )
        found["seconds"][Path(path).name] = round(time.process_time() - begun, 2)
        for result in report.objects(None, sh.result):
            if report.value(result, sh.resultSeverity) == sh.Violation:
                parts = (sh.focusNode, sh.resultPath, sh.value, sh.resultMessage)
                found["violations"].append([str(report.value(result, part)) for part in parts])
            else:
                found["warnings"] += 1
    return found


def same_graph(turtle: str, jsonld: str) -> Answer:
    """Whether every triple of the Turtle is in the JSON-LD."""
    from rdflib import Graph

    left, right = Graph().parse(turtle, format="turtle"), Graph().parse(jsonld, format="json-ld")
    absent = [" ".join(map(str, t)) for t in left if t not in right]
    kinds = sorted({str(o).rsplit("/", 1)[-1] for o in right.objects() if str(o).startswith("https://schema.org/")})
    return {"triples": len(left), "absent": absent, "schema_org": kinds}


def ckan_dcat(turtle: str) -> Answer:
    """The data sets that ckanext-dcat's own parser finds, by address, with size and hash of each resource."""
    from ckanext.dcat.processors import RDFParser

    parser = RDFParser(profiles=["euro_dcat_ap_3"])
    parser.parse(Path(turtle).read_text(encoding="utf-8"), _format="turtle")
    found = {}
    for dataset in parser.datasets():
        extras = {e["key"]: e["value"] for e in dataset["extras"]}
        resources = [{k: r.get(k) for k in ("url", "hash", "size")} for r in dataset["resources"]]
        parts = {"title": dataset["title"], "access_rights": extras["access_rights"], "resources": resources}
        found[extras["uri"]] = parts
    return found


def ckan_harvest(address: str) -> Answer:
    """What ckanext-harvest's own search gets from the address, by name."""
    from ckanext.harvest.harvesters.ckanharvester import CKANHarvester

    harvester = CKANHarvester()
    harvester._set_config("")
    found = harvester._search_for_datasets(address)
    return {p["name"]: [[r["url"], r["hash"], r["size"]] for r in p["resources"]] for p in found}


def croissant(*files: str) -> Answer:
    """mlcroissant on each file: errors, warnings, and the first records of each set where the files lie beside it."""
    import mlcroissant as mlc

    found: Answer = {}
    for file in files:
        try:
            names = {
                d["@id"]: Path(file).parent / d["name"] for d in json.loads(Path(file).read_text())["distribution"]
            }
            dataset = mlc.Dataset(jsonld=file, mapping=names)
        except mlc.ValidationError as error:
            found[file] = {"errors": [str(error)], "warnings": [], "rows": {}}
            continue
        issues = dataset.metadata.ctx.issues
        found[file] = {"errors": sorted(issues.errors), "warnings": sorted(issues.warnings), "rows": _rows(dataset)}
    return found


def _rows(dataset: Any) -> dict[str, int]:
    return {s.name: sum(1 for _ in dataset.records(s.uuid)) for s in dataset.metadata.record_sets}


def csvw(*files: str) -> Answer:
    """csvw on each metadata file: whether table and metadata agree."""
    import warnings

    from csvw import CSVW

    found: Answer = {}
    for file in files:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            table = CSVW(file, validate=True)
            found[file] = {"valid": bool(table.is_valid), "warnings": [str(w.message) for w in caught]}
    return found


def crate(*folders: str) -> Answer:
    """roc-validator on each folder, offline; the context that the norm names is put in from rocrate's own copy."""
    import tempfile

    import rocrate
    from rocrate_validator import models, services

    context = json.loads((Path(rocrate.__file__).parent / "data/ro-crate.jsonld").read_text(encoding="utf-8"))
    found: Answer = {}
    for folder in folders:
        text = json.loads((Path(folder) / "ro-crate-metadata.json").read_text(encoding="utf-8"))
        with tempfile.TemporaryDirectory() as place:
            for file in Path(folder).rglob("*"):
                target = Path(place) / file.relative_to(folder)
                if file.is_dir():
                    target.mkdir(parents=True, exist_ok=True)
                else:
                    target.parent.mkdir(parents=True, exist_ok=True)
                    target.write_bytes(file.read_bytes())
            named = text["@context"]
            metadata = Path(place) / "ro-crate-metadata.json"
            metadata.write_text(json.dumps(text | {"@context": context["@context"]}), encoding="utf-8")
            settings = services.ValidationSettings(
                rocrate_uri=place,
                profile_identifier="ro-crate-1.1",
                requirement_severity=models.Severity.REQUIRED,
                offline=True,
            )
            result = services.validate(settings)
            issues = sorted({f"{i.check.identifier} {i.message}" for i in result.get_issues()})
            found[folder] = {"context": named, "issues": issues}
    return found


def openapi(file: str) -> Answer:
    """openapi-spec-validator: its errors."""
    from openapi_spec_validator import OpenAPIV31SpecValidator

    spec = json.loads(Path(file).read_text(encoding="utf-8"))
    return {
        "errors": [str(e.message) for e in OpenAPIV31SpecValidator(spec).iter_errors()],
        "paths": len(spec["paths"]),
    }


def profile(schema: str, *files: str) -> Answer:
    """A JSON Schema on each file: its errors."""
    from jsonschema import Draft7Validator

    validator = Draft7Validator(json.loads(Path(schema).read_text(encoding="utf-8")))
    return {f: [e.message[:200] for e in validator.iter_errors(json.loads(Path(f).read_text()))] for f in files}


def read_turtle() -> Answer:
    """Turtle texts from standard input, one JSON string a line; answers each with its triples at once."""
    from rdflib import Graph, Literal

    for line in sys.stdin:
        graph = Graph().parse(data=json.loads(line), format="turtle")
        terms = (
            [str(s), str(p), str(o), (o.language or str(o.datatype or "")) if isinstance(o, Literal) else "@id"]
            for s, p, o in graph
        )
        print(json.dumps(sorted(terms)), file=sys.__stdout__, flush=True)
    return {}


WHAT: dict[str, Callable[..., Answer]] = {
    f.__name__: f
    for f in (shacl, same_graph, ckan_dcat, ckan_harvest, croissant, csvw, crate, openapi, profile, read_turtle)
}

if __name__ == "__main__":
    begun = time.process_time()
    with contextlib.redirect_stdout(sys.stderr):
        answer = WHAT[sys.argv[1]](*sys.argv[2:])
    print(json.dumps({"answer": answer, "cpu_seconds": round(time.process_time() - begun, 2)}, ensure_ascii=False))
