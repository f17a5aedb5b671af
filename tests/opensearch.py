"""Just enough of OpenSearch to take an export and answer the search page, written apart from the product.

It does what the mapping says: analyzers are run as their documentation describes them, strict mappings refuse unknown
fields, phrases are matched by positions. What it does not know it refuses; it never guesses.
"""

from __future__ import annotations

import functools
import http.server
import itertools
import json
import math
import re
import sys
import threading
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

Token = tuple[str, int, int, int]
"""Text, position, where it begins and ends in what was analysed."""
Found = tuple[bool, float]


def _class(pattern: str) -> re.Pattern[str]:
    """A pattern of Java in Python's words."""
    for name, letter in (("\\p{Z}", "Z"), ("\\p{Cc}", "Cc")):
        every = (c for c in map(chr, range(sys.maxunicode + 1)) if unicodedata.category(c).startswith(letter))
        pattern = pattern.replace(name, "".join(map(re.escape, every))) if name in pattern else pattern
    return re.compile(pattern)


def _half_and_full(token: str) -> str:
    """The filter `cjk_width`: ASCII in full width and katakana in half width, nothing else."""
    return "".join(unicodedata.normalize("NFKC", c) if "\uff01" <= c <= "\uff9f" else c for c in token)


class Analysis:
    """The analyzers and normalizers of an index's settings."""

    def __init__(self, settings: Mapping[str, Any]) -> None:
        self.parts = settings
        self.patterns: dict[str, re.Pattern[str]] = {}

    def tokens(self, name: str, text: str) -> list[Token]:
        """What the analyzer `name` makes of `text`."""
        analyzer = self.parts["analyzer"][name]
        kept = list(enumerate(text))
        for part in analyzer.get("char_filter", ()):
            rule = self.parts["char_filter"][part]
            assert (rule["type"], rule["replacement"]) == ("pattern_replace", "")
            kept = [(n, c) for n, c in kept if not self._pattern(rule["pattern"]).fullmatch(c)]
        cutter = self.parts["tokenizer"][analyzer["tokenizer"]]
        assert cutter["type"] == "ngram"
        assert cutter["min_gram"] == cutter["max_gram"]
        size, made = cutter["min_gram"], []
        for position in range(len(kept) - size + 1):
            piece = kept[position : position + size]
            words = ["".join(c for _, c in piece)]
            for part in analyzer.get("filter", ()):
                words = list(dict.fromkeys(new for word in words for new in self._filter(part, word)))
            made += [(word, position, piece[0][0], piece[-1][0] + 1) for word in words]
        return made

    def _filter(self, name: str, word: str) -> list[str]:
        rule = self.parts["filter"].get(name, {"type": name})
        if rule["type"] == "multiplexer":
            chains = [[part.strip() for part in chain.split(",")] for chain in rule["filters"]]
            return [word, *(functools.reduce(lambda w, part: self._filter(part, w)[0], c, word) for c in chains)]
        if rule["type"] == "pattern_replace":
            return [self._pattern(rule["pattern"]).sub(rule["replacement"], word)]
        return [{"lowercase": str.lower, "cjk_width": _half_and_full}[rule["type"]](word)]

    def _pattern(self, pattern: str) -> re.Pattern[str]:
        if pattern not in self.patterns:
            self.patterns[pattern] = _class(pattern)
        return self.patterns[pattern]

    def normal(self, name: str | None, value: str) -> str:
        """What the normalizer `name` makes of a keyword."""
        for part in self.parts["normalizer"][name]["char_filter"] if name else ():
            rule = self.parts["char_filter"][part]
            assert rule["type"] == "mapping"
            pairs = (pair.split("=>") for pair in rule["mappings"])
            value = value.translate({ord(a): b.encode().decode("unicode_escape") for a, b in pairs})
        return value


class Index:
    """Documents under one mapping."""

    def __init__(self, made_with: Mapping[str, Any]) -> None:
        self.settings, self.mappings = made_with["settings"], made_with["mappings"]
        self.analysis = Analysis(self.settings["analysis"])
        self.fields = dict(_flat(self.mappings["properties"]))
        self.sources: dict[str, dict[str, Any]] = {}
        self.indexed: dict[str, dict[str, Any]] = {}

    def put(self, identifier: str, source: dict[str, Any]) -> None:
        """Takes one document. Raises ValueError where the strict mapping knows no such field."""
        assert self.mappings["dynamic"] == "strict"
        self.indexed[identifier] = {}
        for name, value in _values(source):
            if name not in self.fields:
                raise ValueError(f"strict_dynamic_mapping_exception: {name}")
            for field in (name, *(f for f in self.fields if self.fields[f].get("of") == name)):
                self.indexed[identifier][field] = self._index(self.fields[field], value)
        kept = {n: v for n, v in source.items() if n not in self.mappings["_source"]["excludes"]}
        self.sources[identifier] = kept

    def _index(self, field: Mapping[str, Any], value: Any) -> Any:
        if field["type"] == "text":
            places: dict[str, list[int]] = {}
            for word, position, *_ in self.analysis.tokens(field["analyzer"], " ".join(map(str, _listed(value)))):
                places.setdefault(word, []).append(position)
            return places
        if field["type"] == "keyword":
            every = [self.analysis.normal(field.get("normalizer"), str(v)) for v in _listed(value)]
            return [v for v in every if len(v) <= field["ignore_above"]]
        assert field["type"] == "boolean"
        return [value]

    def search(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """The answer to one `_search`."""
        assert body["track_total_hits"] is True
        scored = {i: self.score(body["query"], i) for i in self.indexed}
        found = {i: score for i, (matches, score) in scored.items() if matches}
        counts = {name: self._count(rule, found) for name, rule in body["aggs"].items()}
        kept = [i for i in found if self.score(body["post_filter"], i)[0]]
        for rule in reversed(body["sort"]):
            ((name, order),) = rule.items()
            key = found.__getitem__ if name == "_score" else functools.partial(self._first, name)
            kept.sort(key=key, reverse=order == "desc")
        assert body["from"] + body["size"] <= 10_000
        hits = [self._hit(i, body) for i in kept[body["from"] : body["from"] + body["size"]]]
        total = {"value": len(kept), "relation": "eq"}
        shards = {"total": 1, "successful": 1, "skipped": 0, "failed": 0}
        return {"timed_out": False, "_shards": shards, "hits": {"total": total, "hits": hits}, "aggregations": counts}

    def _first(self, name: str, identifier: str) -> Any:
        return self.indexed[identifier][name][0]

    def _count(self, rule: Mapping[str, Any], found: Mapping[str, float]) -> dict[str, Any]:
        terms = rule["aggs"]["values"]["terms"]
        counts: dict[str, int] = {}
        for identifier in found:
            if self.score(rule["filter"], identifier)[0]:
                for value in self.indexed[identifier][terms["field"]]:
                    counts[value] = counts.get(value, 0) + 1
        rows = sorted(counts.items(), key=lambda row: (-row[1], row[0]))[: terms["size"]]
        return {"values": {"buckets": [{"key": key, "doc_count": count} for key, count in rows]}}

    def score(self, query: Mapping[str, Any], identifier: str) -> Found:
        """Whether a document answers `query`, and how well."""
        ((kind, rule),) = query.items()
        known: dict[str, Callable[[Any, str], Found]] = {
            "bool": self._bool,
            "match_phrase": self._phrase,
            "constant_score": lambda r, i: (self.score(r["filter"], i)[0], float(r["boost"])),
            "dis_max": self._dis_max,
            "term": lambda r, i: self._terms({n: [v] for n, v in r.items()}, i),
            "terms": self._terms,
            "range": self._range,
        }
        matches, score = known[kind](rule, identifier)
        return matches, score if matches else 0.0

    def _bool(self, rule: Mapping[str, list[Any]], identifier: str) -> Found:
        assert rule.keys() <= {"must", "should", "must_not", "filter"}
        part = {name: [self.score(q, identifier) for q in rule.get(name, ())] for name in rule}
        every = [*part.get("must", ()), *part.get("filter", ())]
        some = [*part.get("should", ())]
        matches = all(m for m, _ in every) and not any(m for m, _ in part.get("must_not", ()))
        if "must" not in rule and "filter" not in rule and some:
            matches = matches and any(m for m, _ in some)
        return matches, sum(s for _, s in (*part.get("must", ()), *some))

    def _dis_max(self, rule: Mapping[str, Any], identifier: str) -> Found:
        scores = [s for m, s in (self.score(q, identifier) for q in rule["queries"]) if m]
        return bool(scores), max(scores, default=0.0)

    def _terms(self, rule: Mapping[str, list[str]], identifier: str) -> Found:
        ((name, values),) = rule.items()
        assert self.fields[name]["type"] == "keyword"
        asked = {self.analysis.normal(self.fields[name].get("normalizer"), v) for v in values}
        return bool(asked & set(self.indexed[identifier].get(name, ()))), 1.0

    def _range(self, rule: Mapping[str, Mapping[str, str]], identifier: str) -> Found:
        ((name, bounds),) = rule.items()
        assert self.fields[name]["type"] == "keyword"
        assert bounds.keys() <= {"gte", "lte"}
        values = self.indexed[identifier].get(name, ())
        return any(bounds.get("gte", "") <= v <= bounds.get("lte", "~") for v in values), 1.0

    def _phrase(self, rule: Mapping[str, Any], identifier: str) -> Found:
        ((name, asked),) = rule.items()
        text, boost = (asked["query"], asked["boost"]) if isinstance(asked, dict) else (asked, 1.0)
        field = self.fields[name]
        words = [word for word, *_ in self.analysis.tokens(field["search_analyzer"], text)]
        count = len(self._starts(self.indexed[identifier].get(name, {}), words))
        if not count:
            return False, 0.0
        similarity = self.settings["similarity"].get(field.get("similarity", ""), {"k1": 1.2, "b": 0})
        assert similarity["b"] == 0
        # OpenSearch keeps the older BM25, whose values are k1 + 1 times those of today's Lucene.
        boost *= similarity["k1"] + 1
        weight = sum(math.log(1 + (len(self.indexed) - n + 0.5) / (n + 0.5)) for n in map(self._frequency(name), words))
        return True, boost * weight * count / (count + similarity["k1"])

    @staticmethod
    def _starts(places: Mapping[str, list[int]], words: list[str]) -> set[int]:
        """Positions at which all words stand one after the other; no words stand nowhere."""
        sets = [{p - n for p in places.get(word, ())} for n, word in enumerate(words)]
        return set.intersection(*sets) if sets else set()

    def _frequency(self, name: str) -> Callable[[str], int]:
        return lambda word: sum(word in fields.get(name, {}) for fields in self.indexed.values())

    def _hit(self, identifier: str, body: Mapping[str, Any]) -> dict[str, Any]:
        source = self.sources[identifier]
        hit = {"_id": identifier, "_source": {name: source[name] for name in body["_source"]}}
        if asked := body.get("highlight"):
            ((name, field),) = asked["fields"].items()
            hit["highlight"] = {name: [self._highlight(identifier, name, field, asked)]}
        return hit

    def _highlight(self, identifier: str, name: str, field: Mapping[str, Any], asked: Mapping[str, Any]) -> str:
        """The sentence of the first hit and what follows, each token of a hit in tags, as `unified` does."""
        text = str(self.sources[identifier][self.fields[name].get("of", name)])
        tokens = self.analysis.tokens(self.fields[name]["analyzer"], text)
        at = {position: (start, end) for _, position, start, end in tokens}
        spans = set()
        for query in field["highlight_query"]["bool"]["should"]:
            ((held, phrase),) = query["match_phrase"].items()
            words = [w for w, *_ in self.analysis.tokens(self.fields[held]["search_analyzer"], phrase)]
            for start in self._starts(self.indexed[identifier][held], words) if held == name else ():
                spans.add((at[start][0], at[start + len(words) - 1][1]))
        if not spans:
            return text[: field["no_match_size"]]
        first, last = min(spans)
        begin = max((m.end() for m in re.finditer(r"[。！？\n]", text[: first + 1]) if m.end() <= first), default=0)
        stop = max(last, begin + field["fragment_size"])
        made, here = "", begin
        for start, end in sorted(s for s in spans if s[1] <= stop):
            if start >= here:
                made += text[here:start] + asked["pre_tags"][0] + text[start:end] + asked["post_tags"][0]
                here = end
        return made + text[here:stop]


def _flat(properties: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every field by its full name; a sub-field knows which it is `of`."""
    for name, field in properties.items():
        if "properties" in field:
            yield from _flat(field["properties"], f"{before}{name}.")
            continue
        yield before + name, field
        yield from ((f"{before}{name}.{n}", {**f, "of": before + name}) for n, f in field.get("fields", {}).items())


def _values(source: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in source.items():
        if isinstance(value, dict):
            yield from _values(value, f"{before}{name}.")
        else:
            yield before + name, value


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


class Engine:
    """One index behind addresses that end in `_bulk` and `_search`; `broken` is what it answers instead."""

    def __init__(self, made_with: Mapping[str, Any]) -> None:
        self.index = Index(made_with)
        self.asked: list[dict[str, Any]] = []
        self.bulks = 0
        self.broken: tuple[int, bytes] | None = None

    def bulk(self, data: bytes) -> dict[str, Any]:
        """The answer to one `_bulk`, item by item."""
        assert data.endswith(b"\n")
        self.bulks += 1
        lines = data.split(b"\n")[:-1]
        assert len(lines) % 2 == 0
        items: list[dict[str, Any]] = []
        for action, source in zip(lines[::2], lines[1::2], strict=True):
            ((kind, about),) = json.loads(action).items()
            assert kind == "index"
            try:
                self.index.put(about["_id"], json.loads(source))
            except ValueError as error:
                items.append({"index": {"_id": about["_id"], "status": 400, "error": {"type": str(error)}}})
            else:
                items.append({"index": {"_id": about["_id"], "status": 201, "result": "created"}})
        return {"took": 1, "errors": any(i["index"]["status"] >= 400 for i in items), "items": items}


class _Handler(http.server.SimpleHTTPRequestHandler):
    engine: Engine
    headers_of_the_site: Mapping[str, str]

    def do_POST(self) -> None:
        path = self.path.split("?")[0]
        data = self.rfile.read(int(self.headers["Content-Length"]))
        if self.engine.broken:
            self._answer(*self.engine.broken)
        elif path.endswith("/_bulk"):
            self._answer(200, json.dumps(self.engine.bulk(data)).encode())
        elif path.endswith("/_search"):
            assert self.headers["Content-Type"] == "application/json"
            self.engine.asked.append(json.loads(data))
            self._answer(200, json.dumps(self.engine.index.search(self.engine.asked[-1])).encode())
        else:
            self._answer(404, b"{}")

    def _answer(self, status: int, data: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json; charset=UTF-8")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def end_headers(self) -> None:
        for name, value in self.headers_of_the_site.items():
            self.send_header(name, value)
        super().end_headers()

    def log_message(self, *_: object) -> None:
        """Requests are not worth a line each."""


@contextmanager
def served(engine: Engine, folder: Path) -> Iterator[str]:
    """The address of a host with the files of `folder`, its `_headers` obeyed, and the engine."""
    lines = (folder / "_headers").read_text().splitlines()[1:] if (folder / "_headers").is_file() else []
    rules = itertools.takewhile(lambda line: line.startswith(" "), lines)
    headers = {name.strip(): value.strip() for name, value in (rule.split(":", 1) for rule in rules)}
    kind = type("Handler", (_Handler,), {"engine": engine, "headers_of_the_site": headers})
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(kind, directory=str(folder))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
