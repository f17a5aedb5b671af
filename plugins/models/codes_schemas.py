"""Fault codes of what a descriptor says in vain or against itself: P14x and P15x (pure).

frictionless passes over most of it in silence, and then checks less than the writer believes.
"""

from __future__ import annotations

from plugins.models.codes_tables import Row

ROWS: dict[str, Row] = {
    "P140": ("warning", "“{key}”写在这里不起作用", "请{instead}"),
    "P141": ("warning", "“{key}”对{type}列不起作用", "请删去，或改正这一列的类型"),
    "P142": ("error", "文字列的格式不能是“{value}”", "请删去 format；日期、时间等请改用相应的 type"),
    "P143": ("error", "{type}列不能有“{key}”约束", "请删去，或改正这一列的类型；可用的约束：{words}"),
    "P144": ("error", "“{key}”是规范第 2 版的写法", '请在描述文件开头写明 "$schema": "{schema}"'),
    "P145": ("warning", "missingValues 里没有空文字，空格子会算作有值", '请补上 ""；空格子确实是值的不必改'),
    "P146": ("error", "“{low}”比“{high}”还大，什么值也不合", "请改正这两个约束"),
    "P147": ("warning", "校验值没有写明算法，只能当作 md5", "请改写成“sha256:”加 64 位十六进制数"),
    "P148": ("error", "日期格式“{value}”里没有 % 记号，什么日期也读不出", "请写成 %Y-%m-%d、%Y/%m/%d 之类"),
    "P149": ("warning", "格式 any 靠猜：缺少的年月日按核对当天补上，每天结果可能不同", "请写明格式，如 %Y-%m-%d"),
    "P150": ("warning", "引用与被引用的列类型不同（{left}、{right}），值永远不会相等", "请把两列改成同一类型"),
    "P151": ("error", "“{value}”既是真值又是假值", "请从 trueValues 和 falseValues 中删去一处"),
    "P152": ("error", "小数点和千分位是同一个符号“{value}”", "请改正 decimalChar 或 groupChar"),
    "P153": ("error", "categories 只能用于文字和整数列", "请删去，或改用 constraints 中的 enum"),
    "P154": ("error", "“{key}”列出的“{value}”本身不合这一列的类型", "请改正，或删去"),
    "P155": ("warning", "“{key}”是空的，等于没有写", "请补写，或删去这一行"),
}
"""Code -> severity, sentence, remedy."""
