"""The words of a descriptor: which keys it may have and what each holds (pure; Data Package v1 and v2, GB keys)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

KINDS: Mapping[str, tuple[str, tuple[type, ...]]] = {
    "text": ("一段文字", (str,)),
    "texts": ('一组文字，如 ["甲", "乙"]', (list,)),
    "list": ("列表，如 [{…}, {…}]", (list,)),
    "object": ("“{…}”形式的对象", (dict,)),
    "count": ("不小于 0 的整数", (int,)),
    "flag": ("true 或 false", (bool,)),
    "any": ("", (object,)),
}
"""Kind -> what an editor is told, and the Python types of it."""


def _keys(**kinds: str) -> dict[str, str]:
    return {key: kind for kind, names in kinds.items() for key in names.split()}


PACKAGE = _keys(
    text="$schema name id title description homepage version created image profile cn:resourceCode cn:openType "
    "cn:openCondition cn:updateCycle cn:shareType cn:shareCondition cn:shareMethod "
    "cn:priorityArea cn:provider cn:providerCode cn:theme cn:changeNote",
    texts="keywords",
    list="licenses sources contributors resources views cn:reuses",
    object="cn:pages",
    any="cn:basis cn:relatedCodes",
)
RESOURCE = _keys(
    text="$schema name title description homepage type profile format mediatype encoding hash scheme",
    list="licenses sources",
    count="bytes",
    any="path data schema dialect compression",
)
SCHEMA = _keys(
    text="$schema name title description homepage version created image",
    list="fields foreignKeys uniqueKeys keywords contributors licenses examples cn:references cn:rules",
    any="primaryKey missingValues fieldsMatch",
)
FIELD = _keys(
    text="name type title description format rdfType decimalChar groupChar itemType delimiter cn:basis",
    texts="missingValues trueValues falseValues",
    list="categories",
    object="constraints",
    flag="bareNumber categoriesOrdered cn:formulas",
    any="example examples cn:personal",
)
CONSTRAINTS = _keys(
    text="pattern",
    flag="required unique",
    count="minLength maxLength",
    list="enum",
    any="minimum maximum exclusiveMinimum exclusiveMaximum jsonSchema",
)
FOREIGN = _keys(object="reference", any="fields")
REFERENCE = _keys(text="resource", any="fields")
CROSS = _keys(text="on rule", object="reference covers", any="fields show")
CROSS_REFERENCE = _keys(text="package resource content from to", any="fields")
CONDITION = _keys(text="column", texts="in")
ROW_RULE = _keys(
    text="title rule level left op from to within unit", object="when share", any="right required anyOf complete"
)
PAGES = _keys(text="resource folder label key title", any="groups")
DIALECT = _keys(
    text="$schema name title description delimiter quoteChar lineTerminator type",
    flag="doubleQuote header skipInitialSpace caseSensitiveHeader",
    any="csvddfVersion commentChar commentRows escapeChar nullSequence headerRows headerJoin itemType itemKeys "
    "property sheetName sheetNumber table",
)
INSTEAD: tuple[tuple[Mapping[str, str], Mapping[str, str]], ...] = (
    (
        PACKAGE,
        {
            "maintainer": "contributors 中 role 为 maintainer 的一项",
            "maintainers": "contributors 中 role 为 maintainer 的各项",
            "author": "contributors 中 role 为 author 的一项",
            "publisher": "contributors 中 role 为 publisher 的一项",
            "tags": "keywords",
            "last_updated": "created（数据形成的日期）",
            "modified": "created（数据形成的日期）",
            "hash": "各个资源的 hash",
            "bytes": "各个资源的 bytes",
            "schema": "各个资源的 schema",
            "encoding": "各个资源的 encoding",
        },
    ),
    (
        RESOURCE,
        {
            "mimetype": "mediatype",
            "mimeType": "mediatype",
            "size": "bytes",
            "url": "path",
            "file": "path",
            "pathType": "删去这一行，在 path 中写相对路径",
            "dpp:streaming": "删去这一行",
            "dpp:streamedFrom": "sources 中的一项",
            "checksum": "hash",
            "md5": "hash，如“md5:”加 32 位",
            "sha256": "hash，如“sha256:”加 64 位",
            "primaryKey": "schema 中的 primaryKey",
            "foreignKeys": "schema 中的 foreignKeys",
            "uniqueKeys": "schema 中的 uniqueKeys",
            "fields": "schema 中的 fields",
            "missingValues": "schema 中的 missingValues",
            "delimiter": "dialect 中的 delimiter",
            "header": "dialect 中的 header",
            "quoteChar": "dialect 中的 quoteChar",
        },
    ),
    (
        FIELD,
        {
            **{key: f"constraints 中的 {key}" for key in CONSTRAINTS},
            "label": "title",
            "comment": "description",
            "nullable": "constraints 中的 required",
            "primaryKey": "schema 中的 primaryKey",
            "default": "删去这一行，在数据里写出每个值",
        },
    ),
)
"""For the keys of each kind of object: what does nothing there -> what to write instead."""
LICENSE = _keys(text="name path title")
SOURCE = _keys(text="title path email version name")
REUSE = _keys(text="title url description")
VIEW = _keys(text="name title description specType resourceName", list="resources", object="spec state")
CONTRIBUTOR = _keys(text="title path email role organization givenName familyName", texts="roles")

TYPES: Mapping[str, str] = {
    "string": "文字",
    "number": "数字",
    "integer": "整数",
    "boolean": "是非值",
    "object": "JSON 对象",
    "array": "JSON 数组",
    "list": "列表",
    "datetime": "日期时间（如 2026-03-02T09:00:00）",
    "date": "日期（如 2026-03-02）",
    "time": "时间（如 09:00:00）",
    "year": "年份（如 2026）",
    "yearmonth": "年月（如 2026-03）",
    "duration": "时长",
    "geopoint": "坐标",
    "geojson": "GeoJSON",
    "any": "任意值",
}
"""Field type -> as an editor reads it."""

ENCODINGS = ("utf-8", "gb18030", "gbk", "gb2312", "big5")
PROFILES = ("data-package", "tabular-data-package", "data-resource", "tabular-data-resource")
SCHEMAS = tuple(
    f"https://datapackage.org/profiles/{version}/{name}.json"
    for version in ("1.0", "2.0")
    for name in ("datapackage", "dataresource", "tableschema", "tabledialect")
)
RULES: Mapping[str, str] = {
    "required": "required（必填）",
    "unique": "unique（不重复）",
    "enum": "enum（列举）",
    "minimum": "minimum（最小）",
    "maximum": "maximum（最大）",
    "exclusiveMinimum": "exclusiveMinimum（大于）",
    "exclusiveMaximum": "exclusiveMaximum（小于）",
    "minLength": "minLength（最短）",
    "maxLength": "maxLength（最长）",
    "pattern": "pattern（格式）",
}
"""Constraint -> as an editor reads it."""
RESERVED = frozenset(
    {
        "datapackage.json",
        "dataset.jsonld",
        "croissant.json",
        "ro-crate-metadata.json",
        "index.html",
        "index.json",
        "index.md",
        "index.txt",
        "sha256sums",
        "feed.atom",
    }
)
"""Names that the dataset's page takes for itself."""
OUR_FOLDERS = frozenset({"v", "files", "changes"})
"""Folders of a data set's page: its versions, its other forms, what changed."""
CSVW_SUFFIX = "-metadata.json"
"""The metadata of a table lies beside it under the table's name and this."""
FOLDERS = frozenset({"catalogue", "page"})
"""Folders of /datasets/ that are no data set's."""


def fits(kind: str, value: Any) -> bool:
    """Whether `value` is what `kind` says; a boolean is no number."""
    if kind == "texts":
        return isinstance(value, list) and all(isinstance(item, str) for item in value)
    if kind == "count":
        return isinstance(value, int) and not isinstance(value, bool) and value >= 0
    return isinstance(value, KINDS[kind][1])


def plain(kind: str) -> str:
    """A type without the example that is told with it."""
    return TYPES.get(kind, kind).split("（")[0]


def instead(keys: Mapping[str, str], key: str) -> str:
    """What to write for a key that does nothing in an object of these keys, or ""."""
    found = next((table.get(key, "") for known, table in INSTEAD if known is keys), "")
    return found if not found or found.startswith("删去") else f"改写为 {found}"


def near(key: str, known: Iterable[str]) -> str:
    """The known key that `key` is a misspelling of, or "": case, a missing `cn:`, one slip (two in a long key)."""
    folded = key.casefold().replace("：", ":")
    best = (3, "")
    for candidate in known:
        for form in {candidate.casefold(), candidate.casefold().removeprefix("cn:")}:
            allowed = 0 if len(form) < 4 else 1 if len(form) < 8 else 2
            if abs(len(form) - len(folded)) <= allowed and (slips := distance(folded, form)) <= allowed:
                best = min(best, (slips, candidate))
    return best[1]


def distance(left: str, right: str) -> int:
    """Letters to add, drop, change or swap (optimal string alignment)."""
    before: list[int] = []
    last = list(range(len(right) + 1))
    for i, a in enumerate(left, 1):
        row = [i]
        for j, b in enumerate(right, 1):
            cost = min(last[j] + 1, row[-1] + 1, last[j - 1] + (a != b))
            if i > 1 and j > 1 and a == right[j - 2] and left[i - 2] == b:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        before, last = last, row
    return last[-1]
