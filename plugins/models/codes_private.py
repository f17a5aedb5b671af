"""Fault codes of personal data and secrecy marks: V1xx, in texts and in cells of tables (pure)."""

from __future__ import annotations

from plugins.models.codes_documents import Row

_HIDE = "请删去，或把中间几位换成 *；数据表中有依据公开的，在该列写 cn:personal 和 cn:basis"

ROWS: dict[str, Row] = {
    "V101": ("error", "{where}有居民身份证号码 {shown}", _HIDE),
    "V102": ("warning", "{where}的 {shown} 像十五位的旧身份证号码", "请核对；确实不是的可以不改"),
    "V103": ("error", "{where}有手机号码 {shown}", "请换成办公电话，或登记在机构目录里；" + _HIDE.removeprefix("请")),
    "V104": ("error", "{where}有银行卡号 {shown}", _HIDE),
    "V105": ("warning", "{where}的 {shown} 像银行卡号", "请核对；确实不是的可以不改"),
    "V106": ("error", "{where}有密级标志“{shown}”", "涉密内容不得放进来；请立即停止操作，按泄密处置规程报告"),
    "V107": ("warning", "{where}写着“{shown}”", "请核对能否公开；能公开就删去这个标记，不能就撤下正文"),
    "V108": ("warning", "{where}至少还有 {count} 处没有列出", "请先改正列出的这些，再查一次"),
    "V109": ("error", "{where}写明已遮盖（masked），这一格却没有遮盖干净", "请把能认出个人的部分换成 *"),
    "V110": ("error", "{where}的 cn:personal 写法不对", "请写 none、masked 或 allowed；写 allowed 时另写 cn:basis"),
    "V111": (
        "error",
        "{where}写明可以公开个人信息，却没有写依据",
        '请补写 "cn:basis": "法律法规的名称和条款，或单独同意的文号"',
    ),
}
"""Code -> severity, sentence, remedy. `shown` is masked: a fault never repeats the number that it complains of."""
