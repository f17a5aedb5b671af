"""The handbook's chapter on tables that name others, keep rules, and have pages (pure)."""

from __future__ import annotations

TEXT = """## 政务清单：引用、规则和网页（`datasets/`）

权力事项、服务事项、许可和处罚决定、公开目录、预算决算、重大项目、公共资源交易、信息系统、机构名录等清单都是数据包，
可以照抄本站 `datasets/` 里的几个，换成自己的数据。表里的每一格先按表结构（`schema`）核对；以下三样写在描述文件里，
另行核对。它们不是 Table Schema 的内容，其他软件会不予理会。

### 引用别的数据包（`cn:references`，写在 `schema` 里）

同一个数据包里的两张表用 `foreignKeys`；另一个数据包里的表用 `cn:references`，只写本站数据包的名称，不写网址。

````json
"cn:references": [
  {"fields": "item_code", "on": "decided", "show": ["number", "result", "decided"],
   "reference": {"package": "power-items", "resource": "power-items", "fields": "code",
                 "from": "valid_from", "to": "valid_to"}},
  {"fields": "organisation", "covers": {"column": "kind", "in": ["政府部门"]},
   "reference": {"package": "organisations", "resource": "organisations", "fields": "id"}},
  {"fields": "organisation", "reference": {"content": "organisations"}},
  {"fields": "basis_document", "reference": {"content": "documents"}}
]
````

- 每一行的 `fields` 必须在那张表的 `fields` 中找得到（P336）。几列一起引用时写成列表，两边一样多。空格不算引用。
  按文字逐字比较：`01` 与 `1` 不同。
- `on` 是本表的日期列，`from`、`to` 是那张表的起止日期列：所引用的在那一天必须有效（P337）。止日空着，表示仍然有效。
- `covers` 要求那张表中符合条件的每一行，在本表里至少出现一次（P338，提醒）。
- `content` 引用本站内容：`organisations` 是 `organisations.yml` 的编号（D110）；`documents` 是文件的编号，如
  `policies/2026/x`（D112），而且必须是公开的文件（P343）。
- `show` 是在对方网页上列出的列。

### 行的规则（`cn:rules`，写在 `schema` 里）

每条规则写明 `title`（要求是什么，提示时照此显示），再写以下六种之一。相比的格有一个空着，就不比较。

| 写法 | 意思 | 代码 |
| --- | --- | --- |
| `"left": "promised", "op": "<=", "right": "statutory"` | 两列相比；还可写 `<`、`>=`、`>`、`=`、`!=` | P330 |
| `"left": "total", "op": "=", "right": ["basic", "project"]` | 与几列之和相比 | P330 |
| `"required": ["fee_basis"]` | 这几列都要填 | P331 |
| `"anyOf": ["award", "award_note"]` | 这几列至少填一列 | P332 |
| `"from": "accepted", "to": "decided", "within": "days", "unit": "工作日"` | 两个日期之间不超过几天 | P333（提醒） |
| `"complete": ["organisation", "year", "kind"]` | 这几列的每种组合都要有一行 | P334 |
| `"share": {"column": "online", "in": ["是"]}, "op": ">=", "right": 0.8` | 占多大比例 | P335（提醒） |

期限的 `unit` 写`工作日`、`自然日`，或者写明单位的那一列。

任何一条都可以加 `"when": {"column": "fee", "in": ["是"]}`，只管符合条件的行；加 `"level": "warning"`，只提醒；加
`"rule": "GN-01.1"`，写明出自实施细则的哪一条。数字和日期按列的类型比较，文字列只能比较 `=` 和 `!=`。

### 每行一页（`cn:pages`，写在最外层）

````json
"cn:pages": {"resource": "power-items", "folder": "powers", "label": "权力事项",
             "key": "code", "title": "name", "groups": ["type", "organisation"]}
````

每一行在 `/powers/<编号>/` 有一页，列出各列和引用它的各行；`/powers/` 列出全部，`groups` 的每一列各有分类列表。
网站导航中出现 `label`，文件的正文可以链接到这些网页。`key` 必须是主键，
去掉符号后各不相同（P340）；最多 2000 行（P342）。
"""
