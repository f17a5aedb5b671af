"""The Turtle writer, read back by rdflib."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plugins.formats.turtle import render_turtle
from plugins.formats.views import Loader
from plugins.models.iri import iri
from tests.catalogues.conftest import OUTSIDE, PYTHON, Ask

XSD = "http://www.w3.org/2001/XMLSchema#"
DCT = "http://purl.org/dc/terms/"
PREFIXES = {"dct": DCT, "xsd": XSD}
Reader = Callable[[str], list[list[str]]]
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
nasty = st.sampled_from(['"""', "\\", "\\u0041", '"@id": "x"', "</script>", "> . <http://x/> a <", "\r\n", "\x00", "'"])
strings = st.lists(st.one_of(texts, nasty), max_size=4).map("".join)
values = st.one_of(
    strings.map(lambda s: {"@value": s}),
    strings.map(lambda s: {"@value": s, "@language": "zh"}),
    strings.map(lambda s: {"@value": s, "@type": "xsd:normalizedString"}).filter(lambda v: v["@value"].isalnum()),
    strings.map(lambda s: {"@id": f"http://x.example/{s}"}),
)


def written(graph: list[dict[str, Any]]) -> str:
    return render_turtle({"prefixes": PREFIXES, "graph": graph}, Loader).decode()  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def reader(ask: Ask) -> Iterator[Reader]:
    """rdflib in a process of its own: Turtle in, triples out."""
    command = [str(PYTHON), str(OUTSIDE), "read_turtle"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin
        assert process.stdout

        def read(text: str) -> list[list[str]]:
            process.stdin.write(json.dumps(text) + "\n")  # type: ignore[union-attr]
            process.stdin.flush()  # type: ignore[union-attr]
            answer: list[list[str]] = json.loads(process.stdout.readline())  # type: ignore[union-attr]
            return answer

        yield read
        process.stdin.close()


@settings(max_examples=400, deadline=None)
@given(st.lists(values, min_size=1, max_size=5), strings)
def test_whatever_is_written_reads_back_as_the_same_triples(reader: Reader, found: list[Any], name: str) -> None:
    subject = f"http://x.example/{name}"
    text = written([{"@id": subject, "@type": ["dct:Agent"], "dct:title": found}])
    kinds = {"xsd:normalizedString": f"{XSD}normalizedString"}
    expected = {(iri(subject), "http://www.w3.org/1999/02/22-rdf-syntax-ns#type", f"{DCT}Agent", "@id")}
    for value in found:
        kind = kinds.get(value.get("@type", ""), value.get("@language", ""))
        term = (iri(value["@id"]), "@id") if "@id" in value else (value["@value"], kind)
        expected.add((iri(subject), f"{DCT}title", *term))
    assert sorted(map(list, expected)) == reader(text)


def test_an_address_with_spaces_and_brackets_is_percent_encoded() -> None:
    text = written([{"@id": "http://x/a b<c>", "@type": [], "dct:title": [{"@id": 'http://x/"{}|^`\\'}]}])
    assert "<http://x/a%20b%3Cc%3E>" in text
    assert "<http://x/%22%7B%7D%7C%5E%60%5C>" in text


@pytest.mark.parametrize("term", ["title", "dct:a b", "foaf:name", 'dct:x> "', "dct:"])
def test_a_term_that_is_none_of_the_prefixes_is_refused(term: str) -> None:
    with pytest.raises(ValueError, match="not a term"):
        written([{"@id": "http://x/", "@type": [], term: [{"@value": "x"}]}])


def test_a_language_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="not a language"):
        written([{"@id": "http://x/", "@type": [], "dct:title": [{"@value": "x", "@language": "zh . <http://x>"}]}])


def test_a_text_with_control_characters_is_one_line() -> None:
    text = written([{"@id": "http://x/", "@type": [], "dct:title": [{"@value": 'a\n"b"\\\r\t\x01'}]}])
    assert r'"a\n\"b\"\\\r\t\u0001"' in text
