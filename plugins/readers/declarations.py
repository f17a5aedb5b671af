"""References, rules of rows and pages that a descriptor declares, checked without trust (pure; docs/decisions/0020)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from plugins.models.registers import CONTENT, FORMS, OPERATORS, UNITS
from plugins.models.scalars import SLUG
from plugins.readers import vocabulary as words
from plugins.readers.fields import field_names, names

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from plugins.readers.fields import Check
    from plugins.readers.strictjson import Place

_NUMBERS = frozenset({"integer", "number", "year"})
_ONE_NAME = "一个列名"
_SEVERAL = "列名，或列名的列表"


def check_declarations(check: Check, value: Mapping[str, Any]) -> None:
    """Every fault of `cn:references`, `cn:rules` and `cn:pages` in the descriptor `value`."""
    resources = value.get("resources")
    for number, resource in enumerate(resources if isinstance(resources, list) else ()):
        schema = resource.get("schema") if isinstance(resource, dict) else None
        if isinstance(schema, dict) and field_names(schema):
            table = _Table(check, schema, ("resources", number, "schema"))
            table.references()
            table.rules()
    if "cn:pages" in value:
        _pages(check, value["cn:pages"], resources if isinstance(resources, list) else [])


def _listed(value: Any) -> list[Any]:
    """One name, or what stands in a list of names: whether it is names, is asked of each."""
    return [value] if isinstance(value, str) else value if isinstance(value, list) else []


class _Table:
    """One schema; `kinds` are the types of its columns, "" where the format is not the default one."""

    def __init__(self, check: Check, schema: Mapping[str, Any], place: Place) -> None:
        self.check, self.schema, self.place = check, schema, place
        fields = [f for f in schema["fields"] if isinstance(f, dict) and isinstance(f.get("name"), str)]
        plain = {f["name"]: "format" not in f or f["format"] == "default" for f in fields}
        self.kinds = {f["name"]: str(f.get("type", "string")) if plain[f["name"]] else "" for f in fields}

    def references(self) -> None:
        """`cn:references`."""
        for place, item in self.check.items(
            self.schema.get("cn:references"), (*self.place, "cn:references"), words.CROSS
        ):
            there = item.get("reference")
            if not self.check.shape(there, (*place, "reference"), words.CROSS_REFERENCE) or not isinstance(there, dict):
                continue
            here, keys = _listed(item.get("fields")), _listed(there.get("fields"))
            self.known((*place, "fields"), here, _SEVERAL)
            if "show" in item:
                self.known((*place, "show"), _listed(item["show"]), _SEVERAL)
            at = (*place, "reference")
            if ("content" in there) == ("package" in there):
                self.check.add("P112", at, wanted="package（数据包）或 content（本站内容）二者之一")
            elif "content" in there:
                self._word((*at, "content"), there["content"], CONTENT)
                if len(here) != 1:
                    self.check.add("P112", (*place, "fields"), wanted=_ONE_NAME)
            else:
                if not SLUG.fullmatch(str(there["package"])):
                    self.check.add("P120", (*at, "package"), value=there["package"])
                if len(here) != len(keys) or not here or not words.fits("texts", keys):
                    self.check.add("P112", (*place, "fields"), wanted="与 reference 中一样多的列名")
            self._dates(item, there, place)
            if "covers" in item:
                self._condition(item["covers"], (*place, "covers"), known=False)

    def _dates(self, item: Mapping[str, Any], there: Mapping[str, Any], place: Place) -> None:
        if "on" in item:
            self._typed((*place, "on"), [item["on"]], frozenset({"date"}), "一个日期列的列名")
        if ("on" in item) != ("from" in there or "to" in there):
            self.check.add("P112", place, wanted="on 与 reference 中的 from、to 同时写")

    def rules(self) -> None:
        """`cn:rules`."""
        for place, item in self.check.items(self.schema.get("cn:rules"), (*self.place, "cn:rules"), words.ROW_RULE):
            if not isinstance(item.get("title"), str):
                self.check.missing(place, "这条规则", "title", '"title": "承诺时限不长于法定时限"')
            forms = [name for name in FORMS if name in item]
            if len(forms) != 1:
                self.check.add("P112", place, wanted=f"{'、'.join(FORMS)} 之一")
                continue
            if "when" in item:
                self._condition(item["when"], (*place, "when"))
            if "level" in item:
                self._word((*place, "level"), item["level"], ("error", "warning"))
            if "op" in item or forms[0] in {"left", "share"}:
                self._word((*place, "op"), item.get("op"), OPERATORS)
            self._form(forms[0], item, place)

    def _form(self, form: str, item: Mapping[str, Any], place: Place) -> None:
        if form == "left":
            self._compared(item, place)
        elif form == "from":
            for key in ("from", "to"):
                self._typed((*place, key), [item.get(key)], frozenset({"date"}), "一个日期列的列名")
            self._typed((*place, "within"), [item.get("within")], frozenset({"integer"}), "一个整数列的列名")
            if not self._has(item.get("unit")):
                self._word((*place, "unit"), item.get("unit"), UNITS)
        elif form == "share":
            self._condition(item["share"], (*place, "share"))
            share = item.get("right")
            if isinstance(share, bool) or not isinstance(share, int | float) or not 0 <= share <= 1:
                self.check.add("P112", (*place, "right"), wanted="0 到 1 之间的数字")
        else:
            self.known((*place, form), _listed(item[form]), _SEVERAL)

    def _compared(self, item: Mapping[str, Any], place: Place) -> None:
        """Columns of one family: numbers with numbers, days with days; text is equal or not."""
        left, right = item["left"], _listed(item.get("right"))
        self.known((*place, "left"), [left], _ONE_NAME)
        self.known((*place, "right"), right, _SEVERAL)
        if not right or not all(self._has(name) for name in (left, *right)):
            return
        kinds = {self.kinds[name] for name in (left, *right)}
        sums = isinstance(item.get("right"), list)
        if kinds <= _NUMBERS or (kinds == {"date"} and not sums):
            return
        if not (kinds == {"string"} and not sums and item.get("op") in ("=", "!=")):
            self.check.add("P112", place, wanted="同是数字或同是日期的列；文字列只能比较 = 和 !=")

    def known(self, place: Place, used: Sequence[Any], wanted: str) -> None:
        """The columns in `used` exist, and there is at least one."""
        if not used or not all(isinstance(name, str) for name in used):
            self.check.add("P112", place, wanted=wanted)
            return
        for name in used:
            if not self._has(name):
                self.check.add("P134", place, value=name)

    def _has(self, name: Any) -> bool:
        return isinstance(name, str) and name in self.kinds

    def _typed(self, place: Place, used: Sequence[Any], kinds: frozenset[str], wanted: str) -> None:
        self.known(place, used, wanted)
        if any(self._has(name) and self.kinds[name] not in kinds for name in used):
            self.check.add("P112", place, wanted=wanted)

    def _condition(self, value: Any, place: Place, known: bool = True) -> None:
        if not self.check.shape(value, place, words.CONDITION):
            return
        if not isinstance(value.get("column"), str) or not words.fits("texts", value.get("in")):
            self.check.add("P112", place, wanted='{"column": "列名", "in": ["值"]}')
        elif known:
            self.known((*place, "column"), [value["column"]], _ONE_NAME)

    def _word(self, place: Place, value: Any, allowed: Sequence[str]) -> None:
        if value not in allowed:
            self.check.add("P115", place, value=value, words="、".join(allowed))


def _pages(check: Check, value: Any, resources: Sequence[Any]) -> None:
    place: Place = ("cn:pages",)
    if not check.shape(value, place, words.PAGES):
        return
    for key in ("resource", "folder", "label", "key", "title"):
        if not isinstance(value.get(key), str) or not value[key]:
            check.missing(place, "cn:pages", key, f'"{key}": "…"')
            return
    if not SLUG.fullmatch(value["folder"]):
        check.add("P112", (*place, "folder"), wanted="小写字母、数字和连字符")
    schema = next((r.get("schema") for r in resources if isinstance(r, dict) and r.get("name") == value["resource"]), 0)
    if not isinstance(schema, dict):
        check.add("P134", (*place, "resource"), value=value["resource"])
        return
    table = _Table(check, schema, place)
    for key in ("key", "title"):
        table.known((*place, key), [value[key]], _ONE_NAME)
    if "groups" in value:
        table.known((*place, "groups"), _listed(value["groups"]), _SEVERAL)
    if names(schema.get("primaryKey")) != [value["key"]]:
        check.add("P112", (*place, "key"), wanted="这张表的主键（primaryKey），只有一列")
