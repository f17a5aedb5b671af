"""The editors' handbook, made from the declarations: types, fields, examples, rules, faults. Reads the examples."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from plugins.build import handbook_gazette, handbook_participation, handbook_places, handbook_registers
from plugins.build.settings import ROOT
from plugins.models.codes import CODES
from plugins.models.columns import Column, columns, part, types
from plugins.models.directory import Organisation, SiteIdentity, Topic
from plugins.models.document import Document, Part
from plugins.models.media import Account
from plugins.models.scalars import Word
from plugins.models.types import TYPES
from plugins.rules.slips import CASES
from plugins.rules.table import RULES
from plugins.rules.validity import show_day

HANDBOOK = ROOT / "docs" / "handbook.md"
EXAMPLES = ROOT / "tests" / "corpus" / "good" / "content"
_SEVERITY = {"error": "错误", "warning": "提醒", "notice": "告知"}
_START = """# 编辑手册

本手册由程序依照字段和规则的定义生成（`python3 tasks.py handbook`），请勿手工修改。

一份文件是一个 Markdown 文本：开头两行“---”之间是文件头，之后是正文。文件头的键可以写英文名，也可以写中文名。
定稿必须写明公开属性（`disclosure`）、保密审查（`secrecy_review`）和签发（`sign_off`），否则不发布。
日期写成 `2026-03-02`，时间写成 `2026-03-03 09:00`（北京时间）。写完运行 `python3 tasks.py check`，逐条照提示改正。

| 要做的事 | 命令 |
| --- | --- |
| 新建一份文件 | `python3 tasks.py new policy "标题"` |
| 检查全部内容 | `python3 tasks.py check` |
| 打印退文通知 | `python3 tasks.py check --format slips` |
| 预览（草稿只在这里可见） | `python3 tasks.py serve` |
| 修改已发布的文件之前 | `python3 tasks.py amend policies/2026/x` |
| 撤下已发布的文件 | `python3 tasks.py withdraw policies/2026/x --reason "原因"` |
| 公报定版 | `python3 tasks.py freeze gazette/2026-01` |
| 发布 | `python3 tasks.py publish` |

已发布的文字不会悄悄改变：先运行 `amend`，原来的文本保留为 `<短名>.<日期>.md`，再修改正文，并在 `change_note`
中写明改了什么、为什么。已发布的地址不会消失：撤下的文件在原地址留下日期、原因和原文本的校验值。
"""

_DATASETS = """## 数据包

每个数据包有一个网页，内容由 `datapackage.json` 和数据文件算出，不另外填写。可以多写的几项：

- 更新周期 `cn:updateCycle`（每日、每周、每月、每季度、每半年、每年等）。从最近一次更新算起，过了一个周期还没有更新，
  网页和目录就标“已逾期”。最近一次更新以台账为准，台账没有时看 `version`、`created` 里的日期。
- 图表 `views`。不写时程序按列的类型选一种：有日期就画折线，有名称和数就画条形。两种写法，都只认列名，不能引用网址：

  ```json
  "views": [
    {"specType": "simple", "spec": {"type": "line", "group": "year", "series": ["registered", "resident"]}},
    {"specType": "vega-lite", "title": "各乡镇户数", "spec": {"mark": "bar", "encoding": {
      "x": {"field": "town", "type": "nominal"},
      "y": {"field": "households", "type": "quantitative", "aggregate": "sum"}}}}
  ]
  ```

  图形可用 line、bar、area、point；`aggregate` 可用 count、sum、mean、min、max；再分组写 `color`。
- 用这些数据做的作品 `cn:reuses`：`[{"title": "公交地图", "url": "https://…", "description": "一句话"}]`。
- 申请和反馈。网页上有写好开头的邮件，收件人是提供单位的 `email`，没有时用 `site.yml` 的 `contact.email`；有网上表单的，
  在 `site.yml` 写 `data_requests: 'https://…/new?title={title}&page={url}'`。

读者的浏览器可以筛选、排序、翻页，导出筛选的结果；不用脚本也能看前 100 行、下载全部文件。20,000 行以上的表按字节范围
（HTTP Range）读取 Parquet，服务器要支持（nginx、Apache、各家对象存储都支持）。

SQL 查询是可选的：运行 `python3 tasks.py extras` 取来 DuckDB（约 34 MB，随网站发布，读者点击后才载入），再生成网站。
它要求服务器照 `_headers` 给 `/static/vendor/duckdb/duckdb-browser-eh.worker.js` 单独的安全策略；其他网页的策略不变。

服务器要发送的安全策略等响应头写在网站根目录的 `_headers` 里；nginx 用同一内容的 `_nginx.conf`，复制到配置目录后在
server 段中 include，不要直接引用网站目录里的那一份。
"""

_ENGINE = """## 检索超出一台机器时（供网站管理人员）

网站自带的检索是静态文件，不需要服务器。文件多到浏览器装不下时，可以改由已有的 OpenSearch 检索，页面不变：

1. 导出。`python3 tasks.py export-search --output 文件夹` 写出 `mapping.json` 和 `bulk.ndjson`（超过 50 MB 时分成
   `bulk-001.ndjson` 等几个）。内容与发布的网站相同：草稿、未到发布时间的、不公开的都不在其中；有错误时不导出。
2. 导入。每次新建一个索引，导入后再换别名，撤下的文件才不会留在索引里。每次导入都应回答 `"errors":false`。

   ````sh
   E=http://127.0.0.1:9200; N=gazette-20261124
   curl -X PUT "$E/$N" -H 'Content-Type: application/json' --data-binary @mapping.json
   for f in bulk*.ndjson; do
     curl -X POST "$E/$N/_bulk" -H 'Content-Type: application/x-ndjson' --data-binary "@$f"
   done
   curl -X POST "$E/_aliases" -H 'Content-Type: application/json' -d '{"actions": [
     {"remove": {"index": "gazette-*", "alias": "gazette"}},
     {"add": {"index": "'$N'", "alias": "gazette"}}]}'
   ````

   第一次还没有别名，不写 `remove` 一行。换好之后删去旧索引。

3. 开放。引擎本身不要对外，只由网站服务器转交这一个地址。以 nginx 为例：

   ````nginx
   location = /api/search/_search {
     limit_except POST { deny all; }
     client_max_body_size 64k;
     proxy_pass http://127.0.0.1:9200/gazette/_search;
   }
   ````

4. 设置。在 `content/site.yml` 写一行 `search_engine: /api/search`，再发布。引擎在另一台主机时写到索引为止的网址，如
   `https://search.example.gov.cn/gazette`，并让那台主机允许本网站跨域提交 JSON（CORS）；网站的安全策略（`_headers`
   中的 `connect-src`）随之只放行这一台主机。删去这一行再发布，就恢复静态检索。
5. 更新。每次发布之后重新导出、导入。效力（如“已失效”）随日期变化，没有新文件时也应每天导出一次。

引擎没有回答时，页面说明“检索暂时不能使用”，并列出各栏目。
"""

_SYNONYMS = """## 同义词表（`content/synonyms.yml`）

市民输入的叫法常与文件用语不同。这个文件可有可无，每行一组意思相同的词，检索其中一个时，网页提示也可检索其余的词，
由市民自己选择；词的先后没有区别。机构的简称和曾用名写在 `organisations.yml` 里（`short`、`former`），不必在这里重写。
一个词两到二十个字，整个文件里只写一次，不含空格、引号和标点。这个文件的内容会随网站公开。例：
"""


_LISTS: dict[str, tuple[type[SiteIdentity | Organisation | Topic | Account], str]] = {
    "site.yml": (SiteIdentity, "网站是谁的，页脚应当写明什么。必须有。"),
    "organisations.yml": (Organisation, "每个机构一项，文件头里用编号称呼。必须有；只写岗位，依法公开的才写姓名。"),
    "topics.yml": (Topic, "每个主题一项。可有可无。"),
    "media.yml": (Account, "每个账号一项；网站据此列出哪些是政府开设的账号。可有可无。"),
}
"""Lists beside the documents: the model of the file or of its rows, and what it is for."""
_VERSIONS = """## 数据包的版本

更新数据不用另办手续：改好 `datasets/<名称>/` 里的表，检查无误后发布。`publish` 把每一版的原始文件和读法留在
`datasets/<名称>/v/<日期>/`（同一天的第二版是 `<日期>-2`），并在台账中写明新增、删除、修改了多少行；
这些文件请与台账一并提交，此后不改、不删、不移动。有主键（`primaryKey`）的表按主键对照，才数得出“修改”；没有主键的按整行对照。

| 改动 | 结果 |
| --- | --- |
| 数据、字段、编码、许可 | 成为新的一版；说明自动写成“数据更新：新增 2 行，删除 1 行，修改 1 行” |
| 名称、说明、更新周期等 | 不是新的一版，台账记“更改目录信息” |
| 想自己写明改了什么 | 在 `datapackage.json` 写 `"cn:changeNote": "更正甲镇的数量"`，只用一次 |
| 发布过的数据集改为不予开放 | 记作撤下，各版文件不再发布；原因写在 `cn:changeNote` 里，会公开 |
| 删去发布过的数据包 | 不允许（L103）；请改为不予开放 |
"""


def text() -> str:
    """The whole handbook as Markdown. Raises OSError where the examples cannot be read."""
    parts = [_START, "## 每种文件都有的项目\n", _fields(Document), "## 文件类型\n"]
    for folder, model in TYPES.items():
        parts += [f"### {model.label}（`content/{folder}/`）\n", _fields(model), _example(folder)]
    parts.append("## 站点和名录\n")
    parts += [f"### {m.label}（`content/{name}`）\n\n{what}\n\n{_fields(m)}" for name, (m, what) in _LISTS.items()]
    parts += [handbook_gazette.TEXT, handbook_participation.TEXT, handbook_places.TEXT]
    parts += [_SYNONYMS, f"````yaml\n{(EXAMPLES / 'synonyms.yml').read_text(encoding='utf-8').rstrip()}\n````\n"]
    parts.append(_VERSIONS)
    parts += [
        "## 退文\n",
        "".join(f"- **{name}**（第{case.article}条）：{case.title}。\n" for name, case in CASES.items()),
    ]
    parts += [
        _DATASETS,
        "## 公开规则\n",
        "\n".join(_rules()) + "\n",
        "## 提示代码\n",
        "\n".join(_codes()) + "\n",
        handbook_registers.TEXT,
        _ENGINE,
    ]
    return "\n".join(parts)


def _fields(model: type[Part]) -> str:
    common = columns(Document) if model is not Document and issubclass(model, Document) else {}
    rows = ["| 键 | 中文名 | 必填 | 写法 |", "| --- | --- | --- | --- |"]
    for name, column in columns(model).items():
        if common.get(name) == column:
            continue
        required = "是" if model.model_fields[name].is_required() else ""
        rows.append(f"| `{name}` | {column.label} | {required} | {_cell(_way(model, name, column))} |")
    return "\n".join(rows) + "\n" if len(rows) > 2 else "只有每种文件都有的项目。\n"


def _way(model: type[Part], name: str, column: Column) -> str:
    """How the field is written: its closed list of words, the fields of its parts, an example, a hint."""
    words = [list(t) for t in types(model.model_fields[name].annotation) if issubclass(t, Word)]
    inner = part(model, name)
    said = ["、".join(words[0])] if words and inner is None else []
    if inner is not None:
        said.append("；".join(f"`{n}` {c.label}" for n, c in columns(inner).items()))
    elif column.example and not words:
        said.append(f"如 `{column.example}`")
    return "。".join([*said, *([column.help] if column.help else [])])


def _cell(words: str) -> str:
    return words.replace("|", "\\|").replace("\n", " ")


def _example(folder: str) -> str:
    """The worked example of the type, which the tests read, check and build."""
    found: list[Path] = sorted((EXAMPLES / folder).rglob("*.md"))
    chosen = next((path for path in found if path.stem.count(".") == 0), None)
    if chosen is None:
        return ""
    return f"例：\n\n````markdown\n{chosen.read_text(encoding='utf-8').rstrip()}\n````\n"


def _rules() -> Iterator[str]:
    yield from ("| 编号 | 条 | 要求 | 程度 | 参数 | 提示代码 |", "| --- | --- | --- | --- | --- | --- |")
    for rule in RULES.values():
        values = "；".join(
            f"{show_day(day)}起 {'，'.join(f'{n}={v}' for n, v in held.items())}"
            for day, held in (rule.parameters or {}).items()
        )
        yield (
            f"| {rule.id} | {rule.article or '前言'} | {rule.sentence} | {_SEVERITY[rule.severity]} | {values} |"
            f" {'、'.join(rule.codes)} |"
        )


def _codes() -> Iterator[str]:
    yield from ("| 代码 | 程度 | 意思 | 办法 |", "| --- | --- | --- | --- |")
    for name, code in sorted(CODES.items()):
        yield f"| {name} | {_SEVERITY[code.severity]} | {_cell(code.sentence)} | {_cell(code.remedy)} |"


def write() -> Path:
    """Writes docs/handbook.md."""
    HANDBOOK.write_text(text(), encoding="utf-8")
    return HANDBOOK
