"""Turtle (pure; W3C RDF 1.1 Turtle): the same graph as the JSON-LD beside it, written by the letter of the grammar."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from plugins.formats.views import Loader, View
from plugins.models.iri import iri

_NAME = re.compile(r"([A-Za-z][A-Za-z0-9-]*):([A-Za-z_][A-Za-z0-9_-]*)")
_LANGUAGE = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*")
_ESCAPED = re.compile(r'[\x00-\x1f"\\\x7f]')
_LETTERS = {"\n": "\\n", "\r": "\\r", "\t": "\\t", '"': '\\"', "\\": "\\\\"}


def render_turtle(view: View, load: Loader) -> bytes:  # noqa: ARG001 - every renderer has one shape
    """`{"prefixes": {name: address}, "graph": [node]}` in the order given, so that equal views are equal bytes.

    A node is `{"@id", "@type": [term], term: [value]}`, a value `{"@id"}` or `{"@value", "@type"?, "@language"?}`;
    a term is a name with one of the prefixes. There are no blank nodes. Raises ValueError for what is none of these.
    """
    prefixes: Mapping[str, str] = view["prefixes"]
    lines = [f"@prefix {name}: {_iri(address)} ." for name, address in prefixes.items()]
    for node in view["graph"]:
        lines += ["", _iri(node["@id"])]
        lines += [f"    {pair} ;" for pair in _pairs(node, prefixes)]
        lines[-1] = lines[-1].removesuffix(";") + "."
    return ("\n".join(lines) + "\n").encode()


def _pairs(node: Mapping[str, Any], prefixes: Mapping[str, str]) -> Iterator[str]:
    if types := node["@type"]:
        yield "a " + ", ".join(_term(t, prefixes) for t in types)
    for key, values in node.items():
        if not key.startswith("@") and values:
            yield _term(key, prefixes) + " " + ", ".join(_value(v, prefixes) for v in values)


def _term(term: str, prefixes: Mapping[str, str]) -> str:
    match = _NAME.fullmatch(term)
    if not match or match[1] not in prefixes:
        raise ValueError(f"not a term of the view's prefixes: {term!r}")
    return term


def _value(value: Mapping[str, Any], prefixes: Mapping[str, str]) -> str:
    if "@id" in value:
        return _iri(value["@id"])
    text = '"' + _ESCAPED.sub(_escape, str(value["@value"])) + '"'
    if kind := value.get("@type"):
        return f"{text}^^{_term(kind, prefixes)}"
    if language := value.get("@language"):
        if not _LANGUAGE.fullmatch(language):
            raise ValueError(f"not a language: {language!r}")
        return f"{text}@{language}"
    return text


def _escape(found: re.Match[str]) -> str:
    return _LETTERS.get(found[0]) or f"\\u{ord(found[0]):04X}"


def _iri(address: str) -> str:
    return f"<{iri(address)}>"
