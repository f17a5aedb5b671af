"""The data packages of `demo`: Data Package v2, one table each (pure)."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from random import Random
from typing import Any, NamedTuple

from plugins.build import demo_words as words

_FEWEST, _MOST = 50, 500


class Column(NamedTuple):
    """A field of a table, and what makes its value in a row of that number."""

    name: str
    title: str
    type: str
    value: Callable[[Random, int], str]
    constraints: Mapping[str, Any]


def _below(chance: Random, bound: int) -> int:
    return int(chance.random() * bound)


def _pick(chance: Random, values: tuple[str, ...]) -> str:
    return values[_below(chance, len(values))]


_ID = Column("id", "序号", "integer", lambda _, n: str(n), {"required": True, "unique": True})
_TOWN = Column("town", "乡镇", "string", lambda c, _: _pick(c, words.TOWNS), {"required": True})
_YEAR = Column("year", "年份", "year", lambda c, _: str(2005 + _below(c, 21)), {"required": True})
_MONTH = Column(
    "month", "月份", "yearmonth", lambda c, _: f"{2015 + _below(c, 11)}-{1 + _below(c, 12):02d}", {"required": True}
)
_DAY = Column(
    "day",
    "日期",
    "date",
    lambda c, _: f"{2015 + _below(c, 11)}-{1 + _below(c, 12):02d}-{1 + _below(c, 28):02d}",
    {"required": True},
)
_COUNT = Column("count", "数量", "integer", lambda c, _: str(_below(c, 5_000)), {"minimum": 0})
_AMOUNT = Column("amount", "金额（万元）", "number", lambda c, _: f"{_below(c, 900_000) / 100:.2f}", {"minimum": 0})
_RATE = Column(
    "rate", "比率（%）", "number", lambda c, _: f"{_below(c, 1_001) / 10:.1f}", {"minimum": 0, "maximum": 100}
)
_NAME = Column(
    "name", "名称", "string", lambda c, n: f"{_pick(c, words.TOWNS)}第{n}号{_pick(c, ('站', '点', '场', '所'))}", {}
)
_LONGITUDE = Column("longitude", "经度", "number", lambda c, _: f"{100 + _below(c, 40_000) / 100_000:.5f}", {})
_LATITUDE = Column("latitude", "纬度", "number", lambda c, _: f"{30 + _below(c, 40_000) / 100_000:.5f}", {})
_OPEN = Column("open", "是否开放", "boolean", lambda c, _: _pick(c, ("true", "false")), {})
_RESULT = Column("result", "结果", "string", lambda c, _: _pick(c, ("合格", "整改后合格", "不合格")), {})
_TABLES = (
    ("yearly", "年度统计", "每年", (_ID, _YEAR, _TOWN, _COUNT, _AMOUNT)),
    ("sites", "设施名录", "每年", (_ID, _NAME, _TOWN, _LONGITUDE, _LATITUDE, _OPEN)),
    ("monthly", "月度监测", "每月", (_ID, _MONTH, _TOWN, _COUNT, _RATE)),
    ("checks", "检查结果", "每季度", (_ID, _DAY, _NAME, _RESULT)),
    ("spending", "资金使用情况", "每年", (_ID, _YEAR, _COUNT, _AMOUNT, _RATE)),
)


def package(chance: Random, number: int) -> tuple[str, dict[str, str]]:
    """Name of package `number`, and its files: file name -> text."""
    field = words.FIELDS[number % len(words.FIELDS)]
    kind, label, cycle, columns = _TABLES[number // len(words.FIELDS) % len(_TABLES)]
    name, title = f"{field.topic}-{kind}-{number + 1:04d}", f"{_pick(chance, field.subjects)}{label}"
    rows = [",".join(column.name for column in columns)]
    numbers = range(1, _FEWEST + _below(chance, _MOST - _FEWEST + 1) + 1)
    rows += [",".join([column.value(chance, row) for column in columns]) for row in numbers]
    descriptor = _descriptor(name, title, field, cycle)
    schema = {"fields": [_field(column) for column in columns], "primaryKey": ["id"], "missingValues": [""]}
    resource = {"name": kind, "title": title, "path": f"{kind}.csv", "format": "csv", "mediatype": "text/csv"}
    descriptor["resources"] = [{**resource, "encoding": "utf-8", "schema": schema}]
    text = json.dumps(descriptor, ensure_ascii=False, indent=2)
    return name, {"datapackage.json": text + "\n", f"{kind}.csv": "\n".join(rows) + "\n"}


def _field(column: Column) -> dict[str, Any]:
    described = {"name": column.name, "title": column.title, "type": column.type, "description": column.title}
    return {**described, "constraints": dict(column.constraints)} if column.constraints else {**described}


def _descriptor(name: str, title: str, field: words.Field, cycle: str) -> dict[str, Any]:
    licence = {"name": "CC-BY-4.0", "path": "https://creativecommons.org/licenses/by/4.0/", "title": "署名 4.0"}
    publisher = {"title": f"示例县{field.department_name}", "roles": ["publisher"], "organization": field.department}
    return {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": name,
        "title": f"示例县{title}",
        "description": f"示例县{title}（数据为演示而虚构）",
        "version": "1.0.0",
        "created": "2026-03-01T09:00:00+08:00",
        "keywords": [field.name, *field.terms[:2]],
        "licenses": [licence],
        "contributors": [publisher],
        "cn:openType": "无条件开放",
        "cn:updateCycle": cycle,
        "cn:provider": field.department,
        "cn:theme": field.name,
    }
