"""The Site as an index of OpenSearch: its mapping, derived from the models, and the form of its documents (pure).

A phrase is found wherever it stands, without a plugin: both sides are folded before they reach the engine, whose
`ngram` tokenizer cuts every pair of neighbouring characters at a position of its own (the token filter of that name
would put all pairs at one), so that a phrase of pairs is exactly a string of characters.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from plugins.models.columns import Column, columns
from plugins.models.types import TYPES, asked_fields, searched_fields
from plugins.rules.validity import ENDED
from plugins.search.fold import fold

SHOWN = ("url", "title", "number", "published", "validity", "issuer", "kind", "topic", "year", "text")
"""What the search page shows, chooses by or cuts its snippets from, as the static search holds it."""
MADE_BY = "gazette export-search"
_OPENING, _CLOSING = "([〔【", ")]〕】"
_LONGEST = 8000
"""Characters of the longest title or number that is compared whole: a term of Lucene has 32,766 bytes at most."""
_SATURATION = 10
"""Of the count of occurrences; search-opensearch.js keeps what it makes of them below the smallest weight."""
_LARGEST = 60_000_000
"""Characters of a text that the highlighter reads; a source has 50 MiB at most."""


def document(entry: Mapping[str, str], fields: Mapping[str, Any]) -> dict[str, Any]:
    """One document of the index: `entry` as the static search shows it, `fields` the public ones of its header."""
    held = header_columns()
    return {
        **{name: entry[name] for name in SHOWN},
        "ended": entry["validity"] in ENDED,
        "folded": {name: fold(entry[name]) for name in asked_fields()},
        "header": {name: value for name, value in fields.items() if name in held},
    }


def header_columns() -> dict[str, Column]:
    """The public columns of any type that search weighs or a facet chooses by, but those that `SHOWN` holds as such."""
    apart = {"title", "number", "issuer", "topic"}
    every = ((n, c) for model in TYPES.values() for n, c in columns(model).items() if n not in apart)
    return {name: column for name, column in every if column.public and (column.search or column.facet)}


def mapping() -> dict[str, Any]:
    """What an index is made with: `{"settings", "mappings"}`. Folded texts are searched and not kept."""
    shown = {name: {"type": "keyword", "ignore_above": _LONGEST} for name in SHOWN}
    return {
        "settings": {
            "analysis": _analysis(),
            "highlight": {"max_analyzed_offset": _LARGEST},
            "similarity": {"counted": {"type": "BM25", "b": 0, "k1": _SATURATION}},
        },
        "mappings": {
            "dynamic": "strict",
            "_meta": {"made_by": MADE_BY, "weights": searched_fields()},
            "_source": {"excludes": ["folded"]},
            "properties": {
                **shown,
                "text": {**_text("seen"), "index_options": "offsets"},
                "ended": {"type": "boolean"},
                "folded": {"properties": {name: _folded(name) for name in asked_fields()}},
                "header": {"properties": {name: _header(column) for name, column in header_columns().items()}},
            },
        },
    }


def _text(name: str) -> dict[str, Any]:
    """Text in pairs of characters, and in single ones for a query of one."""
    pairs, single = (
        {"type": "text", "analyzer": f"{name}_{size}", "search_analyzer": f"asked_{size}", "norms": False}
        for size in ("pairs", "single")
    )
    return {**pairs, "fields": {"single": single}}


def _folded(name: str) -> dict[str, Any]:
    """A folded field. Titles and numbers are compared whole too; in the text occurrences are counted."""
    made = _text("folded")
    if name == "text":
        single = {**made["fields"]["single"], "similarity": "counted"}
        return {**made, "similarity": "counted", "fields": {"single": single}}
    whole = {"type": "keyword", "ignore_above": _LONGEST}
    return {**made, "fields": {**made["fields"], "whole": whole, "loose": {**whole, "normalizer": "brackets"}}}


def _header(column: Column) -> dict[str, Any]:
    chosen = {"type": "keyword", "ignore_above": _LONGEST}
    if not column.search:
        return chosen
    made = _text("seen")
    return {**made, "fields": {**made["fields"], "facet": chosen}} if column.facet else made


def _analysis() -> dict[str, Any]:
    """`folded` is for text that was folded before; `seen` folds a stored text as far as no plugin is needed.

    Brackets of any shape are one where nothing was quoted: beside a pair with a bracket stands the same pair with a
    control character for it, which no folded text holds, and an unquoted query asks for that.
    """
    sizes = {"pairs": 2, "single": 1}
    unseen = "[\\p{Z}\\p{Cc}\\u00ad\\u180e\\u200b-\\u200f\\u2060\\ufeff]+"
    shapes = [f"{c}=>\\u0001" for c in _OPENING] + [f"{c}=>\\u0002" for c in _CLOSING]
    analyzers: dict[str, Any] = {}
    for size in sizes:
        analyzers[f"asked_{size}"] = {"type": "custom", "tokenizer": size}
        analyzers[f"folded_{size}"] = {"type": "custom", "tokenizer": size, "filter": ["brackets"]}
        seen = {"char_filter": ["unseen"], "tokenizer": size, "filter": ["cjk_width", "lowercase", "brackets"]}
        analyzers[f"seen_{size}"] = {"type": "custom", **seen}
    return {
        "char_filter": {
            "unseen": {"type": "pattern_replace", "pattern": unseen, "replacement": ""},
            "brackets": {"type": "mapping", "mappings": shapes},
        },
        "tokenizer": {size: {"type": "ngram", "min_gram": n, "max_gram": n} for size, n in sizes.items()},
        "filter": {
            "opening": {"type": "pattern_replace", "pattern": "[(\\[〔【]", "replacement": "\x01"},
            "closing": {"type": "pattern_replace", "pattern": "[)\\]〕】]", "replacement": "\x02"},
            "brackets": {"type": "multiplexer", "filters": ["opening,closing"]},
        },
        "analyzer": analyzers,
        "normalizer": {"brackets": {"type": "custom", "char_filter": ["brackets"]}},
    }
