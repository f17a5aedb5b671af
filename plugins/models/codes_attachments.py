"""Fault codes of attachments: A1 what may be attached and what would be published with it unseen (pure)."""

from __future__ import annotations

from plugins.models.codes_documents import Row

ROWS: dict[str, Row] = {
    "A101": ("error", "“{name}”这种文件不能作为附件", "请另存为 {documents} 之一，图片用 {images}"),
    "A102": ("error", "“{name}”的内容与扩展名不符", "请用办公软件另存为正确的格式，不要只改文件名"),
    "A103": ("error", "“{name}”已损坏或不合格式：{reason}", "请用办公软件打开，核对后另存一份"),
    "A104": ("error", "“{name}”加了密码", "请去掉密码后另存一份"),
    "A105": ("error", "“{name}”含有{what}，可能在读者的电脑上运行", "请另存为不带宏和脚本的格式，或另存为 PDF"),
    "A106": ("error", "“{name}”的{what}超过上限 {limit}", "请拆分或压缩；大的表格请作为数据包发布"),
    "A107": ("error", "“{name}”里的名称“{member}”不允许", "请改名后重新打包，不用“..”、反斜杠、盘符、重复的名称或链接"),
    "A108": ("error", "“{name}”里还有压缩包“{member}”", "请解开后放在同一个压缩包里"),
    "A109": ("error", "“{name}”有隐藏的{what}{where}", "请取消隐藏并核对；不宜公开的请彻底删除"),
    "A110": ("error", "“{name}”含有无法清除的{what}", "请粘贴为数值或图片（PNG、JPEG），或另存为 PDF"),
    "A111": (
        "warning",
        "“{name}”带有电子签章，按原样发布，其中的作者、批注等不会清除",
        "请确认其中没有不宜公开的内容",
    ),
    "A112": ("error", "“{name}”带有电子签名，清除隐藏信息会使签名失效", "请另存为带电子签章的 PDF 或 OFD，或去掉签名"),
    "A113": ("error", "“{name}”不是 UTF-8 文本", "请用 UTF-8 编码另存"),
    "A114": ("error", "“{name}”链接到外部或本机的文件“{value}”", "请删去链接，或把内容粘贴进来"),
}
