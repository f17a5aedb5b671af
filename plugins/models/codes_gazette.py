"""Fault codes of frozen gazette issues (pure)."""

from __future__ import annotations

from plugins.models.codes_documents import Row

ROWS: dict[str, Row] = {
    "D310": ("error", "定版文件“{name}”不见了", "定版文件只写一次，不得删去；请从版本库中恢复"),
    "D311": ("error", "定版文件“{name}”与定版清单不符，已被改动", "请从版本库中恢复；要更正，请在以后一期登勘误"),
    "D312": ("error", "定版清单不合格式，或不完整", "请从版本库中恢复 manifest.txt"),
    "D313": (
        "error",
        "文本与《{value}》刊登的不同",
        "已刊登的文本不得改动：请先用 amend 保留原文再修改，或恢复原文",
    ),
    "D314": ("error", "定版之后，篇目“{value}”{what}", "定版之后篇目不得增减；请恢复 sections，或在以后一期登勘误"),
    "D315": ("error", "“{name}”不能放在定版文件旁边", "这里只可另附时间戳或加盖电子印章的版本（{known}）"),
    "D316": ("error", "定版清单与它的签名“{name}”不符", "请从版本库中恢复；签名不能补写，也不能更换"),
    "D317": ("warning", "本期已经出版，还没有定版", "请运行 invoke freeze {value}，并提交写出的文件"),
    "D318": (
        "warning",
        "公报没有写明在{kinds}的赠阅点",
        "请在 site.yml 的 gift_points 中补写；尚未设立的，在 since 写计划设立的日期",
    ),
}
