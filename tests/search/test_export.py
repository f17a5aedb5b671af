"""`export-search`: what the real client's parser and helpers read of it is the site, and nothing but the site."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import opensearchpy
import pytest
from opensearchpy import helpers
from opensearchpy.serializer import JSONSerializer

from plugins.build import export as module
from plugins.build.export import export, write
from plugins.build.settings import cache_folder
from plugins.models.columns import columns
from plugins.models.types import TYPES
from plugins.release.promote import Occupied
from plugins.rules import gate
from plugins.search.engine import SHOWN, document, mapping
from tests import opensearch
from tests.canaries import COUNT, LATER, REQUEST, files, heard, plant
from tests.conftest import ROOT
from tests.search.laid import facet, unpacked
from tests.small import Small
from tests.test_bad_corpus import NOON, _package
from tests.test_canaries import _everything_is_public

SECRET = "不可外传的文字"


@pytest.fixture
def target(small: Small) -> Path:
    return small.folder / "export"


def parsed(target: Path) -> dict[str, dict[str, Any]]:
    """Documents by id, every line read by the client's own parser."""
    read = JSONSerializer()
    found: dict[str, dict[str, Any]] = {}
    for path in sorted(target.glob("bulk*.ndjson")):
        data = path.read_text(encoding="utf-8")
        assert data == "" or data.endswith("\n")
        lines = [read.loads(line) for line in data.split("\n")[:-1]]
        for action, source in zip(lines[::2], lines[1::2], strict=True):
            assert list(action) == ["index"]
            assert list(action["index"]) == ["_id"]
            assert action["index"]["_id"] not in found
            found[action["index"]["_id"]] = source
    return found


def shards(small: Small) -> dict[str, dict[str, Any]]:
    """What the static search of the built site holds, by address."""
    folder = small.output / "search"
    facets = unpacked((folder / "columns.bin").read_bytes())["facets"]
    found = {}
    for number in range(json.loads((folder / "index.json").read_text())["documents"]):
        count = len(list(folder.glob(f"text/{number}-*")))
        blocks = [unpacked((folder / f"text/{number}-{n}.bin").read_bytes()) for n in range(count)]
        chosen = {name: facet(column, number) for name, column in facets.items()}
        record = {name: value for name, value in blocks[0].items() if name != "heads"}
        found[record["url"]] = record | chosen | {"text": "".join(block["text"] for block in blocks)}
    return found


@pytest.fixture(scope="module")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Small:
    """The demonstration site, built and exported."""
    small = Small(tmp_path_factory.mktemp("demonstration")).holding(ROOT)
    assert small.build(jobs=2) == 0
    done = export(small.settings(), small.folder / "export")
    assert (done.files, done.documents) == (1, len(shards(small)))
    return small


def test_the_helpers_of_the_real_client_bring_the_whole_site_into_an_index(demonstration: Small) -> None:
    """Parsed by its serializer, sent in requests of 50 documents, under the exported mapping."""
    folder = demonstration.folder / "export"
    made_with = JSONSerializer().loads((folder / "mapping.json").read_text())
    engine = opensearch.Engine(made_with)
    documents = parsed(folder)
    with opensearch.served(engine, folder) as address:
        client = opensearchpy.OpenSearch(address)
        actions = ({"_index": "gazette", "_id": i, "_source": source} for i, source in documents.items())
        done, errors = helpers.bulk(client, actions, chunk_size=50)
    assert (done, errors) == (len(documents), [])
    assert engine.bulks == -(-len(documents) // 50)
    static = shards(demonstration)
    arrived = engine.index.sources
    assert {source["url"] for source in arrived.values()} == static.keys()
    for identifier, source in arrived.items():
        assert source["url"] == f"/{identifier}/"
        assert {name: source[name] for name in SHOWN} == static[source["url"]]
        assert source["ended"] == (source["validity"] in {"已废止", "已被代替", "已失效"})
        assert "folded" not in source
    assert sum(source["ended"] for source in arrived.values()) >= 1
    assert sum(identifier.startswith("datasets/") for identifier in arrived) >= 6


def test_the_bulk_file_is_taken_as_it_lies(demonstration: Small) -> None:
    """The client sends the file's own bytes as the body of one request."""
    folder = demonstration.folder / "export"
    engine = opensearch.Engine(json.loads((folder / "mapping.json").read_text()))
    with opensearch.served(engine, folder) as address:
        client = opensearchpy.OpenSearch(address)
        answer = client.bulk(index="gazette", body=(folder / "bulk.ndjson").read_text())
    assert answer["errors"] is False
    assert engine.index.sources.keys() == parsed(folder).keys()


def test_a_field_that_the_mapping_does_not_know_is_refused_and_told_by_the_client(demonstration: Small) -> None:
    """Or the two tests above would pass whatever was exported."""
    folder = demonstration.folder / "export"
    engine = opensearch.Engine(json.loads((folder / "mapping.json").read_text()))
    source = next(iter(parsed(folder).values())) | {"secret": "一"}
    with opensearch.served(engine, folder) as address:
        client = opensearchpy.OpenSearch(address)
        with pytest.raises(helpers.BulkIndexError):
            helpers.bulk(client, [{"_index": "gazette", "_id": "x", "_source": source}])


def test_the_mapping_has_every_searched_and_every_chosen_public_column_and_no_other() -> None:
    """Those that the page shows stand at the top, the others under `header`."""
    properties = mapping()["mappings"]["properties"]
    header = properties["header"]["properties"]
    every = {n: c for m in TYPES.values() for n, c in columns(m).items() if c.public and (c.search or c.facet)}
    top = {"title", "number", "issuer", "topic"}
    assert top <= properties.keys() & every.keys()
    assert header.keys() == every.keys() - top
    assert {n for n, field in header.items() if field["type"] == "text"} == {n for n in header if every[n].search}
    for name in (n for n in header if every[n].facet):
        field = header[name]
        assert (field["fields"]["facet"] if every[name].search else field)["type"] == "keyword", name


def test_every_analyzer_that_the_mapping_names_is_made_of_parts_that_it_defines() -> None:
    """Or that every engine has; none of a plugin's."""
    made = mapping()
    analysis = made["settings"]["analysis"]
    fields = dict(opensearch._flat(made["mappings"]["properties"]))
    assert {f[k] for f in fields.values() for k in ("analyzer", "search_analyzer") if k in f} == set(
        analysis["analyzer"]
    )
    assert {f["normalizer"] for f in fields.values() if "normalizer" in f} == set(analysis["normalizer"])
    assert {f["similarity"] for f in fields.values() if "similarity" in f} == set(made["settings"]["similarity"])
    for analyzer in [*analysis["analyzer"].values(), *analysis["normalizer"].values()]:
        assert analyzer.get("tokenizer", "pairs") in analysis["tokenizer"]
        assert set(analyzer.get("filter", ())) <= {*analysis["filter"], "cjk_width", "lowercase"}
        assert set(analyzer.get("char_filter", ())) <= set(analysis["char_filter"])
    known = {"pattern_replace", "mapping", "ngram", "multiplexer"}
    parts = (part for kind in ("char_filter", "tokenizer", "filter") for part in analysis[kind].values())
    assert {part["type"] for part in parts} == known


def test_nothing_that_is_not_public_is_in_an_export(tmp_path: Path) -> None:
    """64 words in 64 places: drafts, embargoed texts, items without a body, private columns, closed packages."""
    cage = plant(tmp_path / "site")
    target = tmp_path / "export"
    done = export(cage.settings(), target)
    assert done.documents >= 3
    assert heard(files(target)) == {}


def test_with_the_gate_off_the_words_are_in_the_export(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What keeps them out is the gate, not that nobody looks: titles, bodies, addresses of every kind of item."""
    cage = plant(tmp_path / "site")
    target = tmp_path / "export"
    _everything_is_public(monkeypatch)
    assert export(cage.settings(), target).documents > 3
    found = heard(files(target))
    assert len(found) > COUNT / 4
    told = " ".join(cage.places[number] for number in found)
    for what in ("草稿的正文", "草稿的标题", "待发布文件的正文", "送审公告的正文"):
        assert what in told


CLOSED: dict[str, dict[str, str | None]] = {
    "draft": {"status": "草稿", "title": SECRET},
    "under-review": {"status": "送审", "title": SECRET},
    "embargoed": {"published": LATER, "title": SECRET},
    "without-a-body": {"title": SECRET, "listed": "是", **REQUEST},
}


@pytest.mark.parametrize("case", CLOSED)
def test_each_kind_of_closed_item_is_kept_out_by_the_gate_alone(
    case: str, small: Small, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = "" if case == "without-a-body" else SECRET
    small.policy("b", body, **CLOSED[case])
    assert export(small.settings(), target).documents == 1
    assert SECRET.encode() not in b"".join(data for _, data in files(target))
    monkeypatch.setattr(gate, "publishable", lambda *_: True)
    assert export(small.settings(), target).documents == 2
    assert SECRET in parsed(target)["policies/2026/b"]["title"]


def test_an_open_error_stops_the_export_and_the_last_one_stays(small: Small, target: Path) -> None:
    assert export(small.settings(), target).documents == 1
    before = dict(files(target))
    small.policy("b", SECRET, sign_off=None)
    done = export(small.settings(), target)
    assert "G102" in {fault.code for fault in done.faults}
    assert done.documents == 0
    assert dict(files(target)) == before


def test_equal_content_gives_equal_bytes(small: Small, tmp_path: Path) -> None:
    """Another folder, a cold store, more workers."""
    for number in range(60):
        small.policy(f"p{number}", f"第一条 正文{number}。")
    _package(small)
    export(small.settings(), tmp_path / "one")
    shutil.copytree(small.content, tmp_path / "other/content")
    shutil.copytree(small.folder / "datasets", tmp_path / "other/datasets")
    export(Small(tmp_path / "other").settings(jobs=2), tmp_path / "two")
    assert dict(files(tmp_path / "one")) == dict(files(tmp_path / "two"))
    assert list(parsed(tmp_path / "one")) == sorted(parsed(tmp_path / "one"))


def test_an_object_that_is_gone_or_torn_in_the_store_is_made_again(small: Small, target: Path) -> None:
    export(small.settings(), target)
    before = dict(files(target))
    objects = [p for p in (small.folder / ".cache").rglob("*") if p.is_file() and len(p.name) == 64]
    assert objects
    for number, path in enumerate(objects):
        path.unlink()
        if number % 2:
            path.write_bytes(b"torn")
    export(small.settings(), target)
    assert dict(files(target)) == before


def large(count: int, size: int) -> Iterator[tuple[str, dict[str, Any]]]:
    entry = dict.fromkeys(SHOWN, "")
    for number in range(count):
        yield f"p/{number:05}", document(entry | {"url": f"/p/{number:05}/", "text": "公" * size}, {})


def test_a_large_site_is_cut_into_files_and_nothing_is_lost(tmp_path: Path) -> None:
    """Eight documents of 6,200 bytes fit under a limit of 50,000; one that is larger than its limit stands alone."""
    target = tmp_path / "export"
    assert write(target, large(100, 1000), 50_000) == (100, 13)
    assert sorted(os.listdir(target)) == [*(f"bulk-{n:03}.ndjson" for n in range(1, 14)), "mapping.json"]
    assert max(path.stat().st_size for path in target.glob("bulk*")) <= 50_000
    assert list(parsed(target)) == [f"p/{n:05}" for n in range(100)]
    assert write(target, large(3, 1000), 10) == (3, 3)
    assert write(target, large(3, 1000)) == (3, 1)
    assert sorted(os.listdir(target)) == ["bulk.ndjson", "mapping.json"]


def test_an_empty_site_has_an_empty_bulk_file(tmp_path: Path) -> None:
    assert write(tmp_path / "export", iter(())) == (0, 1)
    assert (tmp_path / "export/bulk.ndjson").read_bytes() == b""


def test_bodies_are_never_all_in_memory(tmp_path: Path) -> None:
    """200 documents of 300 KB with their folded form: 120 MB of files, a few in memory."""
    tracemalloc.start()
    try:
        write(tmp_path / "export", large(200, 100_000))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert sum(path.stat().st_size for path in (tmp_path / "export").iterdir()) > 100_000_000
    assert peak < 10_000_000


def test_a_failure_on_the_way_leaves_the_last_export(small: Small, target: Path) -> None:
    export(small.settings(), target)
    before = dict(files(target))

    def broken() -> Iterator[tuple[str, dict[str, Any]]]:
        yield from large(3, 10)
        raise OSError(28, "no space")

    with pytest.raises(OSError, match="no space"):
        write(target, broken())
    assert dict(files(target)) == before
    export(small.settings(), target)
    assert sorted(os.listdir(small.folder)) == [".cache", "content", "export", "keys"]


@pytest.mark.parametrize("name", ["notes.txt", "mapping.json", "bulk.ndjson", "bulk-x.ndjson"])
def test_a_folder_of_somebody_else_is_left_alone(name: str, small: Small, target: Path) -> None:
    target.mkdir()
    (target / name).write_text('{"mappings": {}}')
    with pytest.raises(Occupied):
        export(small.settings(), target)
    assert os.listdir(target) == [name]
    assert (target / name).read_text() == '{"mappings": {}}'


def test_an_export_with_something_beside_it_is_left_alone(small: Small, target: Path) -> None:
    export(small.settings(), target)
    (target / "notes.txt").write_text("一")
    with pytest.raises(Occupied):
        export(small.settings(), target)


def test_a_link_is_not_followed(small: Small, target: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    target.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(Occupied):
        export(small.settings(), target)
    assert not os.listdir(tmp_path / "elsewhere")


def verb(small: Small, *options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / "tasks.py"), "export-search", "--content", str(small.content), *options]
    environment = os.environ | {"SOURCE_DATE_EPOCH": NOON}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    shutil.rmtree(cache_folder(small.content), ignore_errors=True)
    return done


def test_the_verb_exits_with_0_1_and_2(small: Small, target: Path) -> None:
    """Fine; a folder of somebody else; a fault; no place named."""
    fine = verb(small, "--output", str(target))
    assert (fine.returncode, fine.stdout) == (0, "")
    assert "1 条" in fine.stderr
    assert list(parsed(target)) == ["policies/2026/a"]
    assert verb(small, "--output", str(small.content)).returncode == 2
    small.policy("b", disclosure=None)
    assert verb(small, "--output", str(target)).returncode == 1
    assert verb(small).returncode == 2
    assert module.LIMIT == 50_000_000
