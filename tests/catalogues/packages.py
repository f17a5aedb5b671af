"""Small data packages for the tests of the catalogues."""

from __future__ import annotations

import json
from typing import Any

from tests.small import Small

HOSTILE = '</script><script>alert(1)</script>", "@id": "http://evil.example/"\n\t\\u0022 \'); DROP TABLE'
FIELDS = [
    {"name": "id", "type": "integer", "constraints": {"required": True}},
    {"name": "名称", "title": "名称", "type": "string"},
]


def package(small: Small, name: str, file: str = "data.csv", text: str = "id,名称\n1,甲\n2,\n", **changes: Any) -> None:
    """A package of one table in `small`, its descriptor changed by `changes` (None takes a key away)."""
    folder = small.folder / "datasets" / name
    (folder / file).parent.mkdir(parents=True, exist_ok=True)
    (folder / file).write_text(text)
    schema = {"fields": FIELDS, "primaryKey": ["id"]}
    descriptor: dict[str, Any] = {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": name,
        "title": "试验数据",
        "description": "为试验而造的数据。",
        "created": "2026-03-02T09:00:00+08:00",
        "keywords": ["试验"],
        "licenses": [{"name": "CC-BY-4.0", "path": "https://creativecommons.org/licenses/by/4.0/"}],
        "contributors": [{"title": "县政府办公室", "roles": ["publisher"], "organization": "xzfb"}],
        "cn:openType": "无条件开放",
        "cn:updateCycle": "每年",
        "resources": [{"name": "data", "path": file, "schema": schema}],
    } | changes
    value = {k: v for k, v in descriptor.items() if v is not None}
    (folder / "datapackage.json").write_text(json.dumps(value, ensure_ascii=False))
