"""The verbs around a signature: `keys`, `freeze`, `rollback`, and what `publish` says of it. The shell; it prints."""

from __future__ import annotations

from pathlib import Path

from plugins.build import report
from plugins.build.clock import moment
from plugins.build.freeze import freeze as write_issue
from plugins.build.publish import rollback as show_earlier
from plugins.build.settings import ROOT, from_file
from plugins.release import keys as key_folder
from plugins.release import sign
from plugins.release.chain import UnsignableError
from plugins.release.sign import fingerprint
from plugins.release.verify import fields

_MADE = """密钥已存入 {folder}（只有您能读）。请打印下面两行，存档并在公报上公布：
根公钥指纹    {root}
发布密钥指纹  {release}
root.pub 交给核对网站的人。root.key 请拷到移动介质上离线保管，再从本机删去：
只有更换发布密钥（keys --retire --root 文件）才用它。"""
_DEMONSTRATED = "（演示：签名所用的密钥当场销毁，不能证明来源）"
_RETIRED = """已换发布密钥，原来的一把（{old}）停用。请打印存档：
发布密钥指纹  {new}
请马上运行 publish，让网站带上新的密钥声明。"""


def keys(retire: bool = False, root: str = "") -> int:
    """Makes the root key and a release key outside the repository, or another release key instead of the one before."""
    folder = from_file("publishconf.py").keys or Path()
    try:
        if retire:
            old, new = key_folder.retire(folder, ROOT, Path(root) if root else None, moment(None))
            report.line(_RETIRED.format(old=fingerprint(old), new=fingerprint(new)))
        else:
            made = key_folder.make(folder, ROOT, moment(None))
            report.line(_MADE.format(folder=folder, root=fingerprint(made[0]), release=fingerprint(made[1])))
    except UnsignableError as error:
        return report.outside(str(error))
    except OSError as error:
        return report.outside(f"{error.filename or folder}：{error.strerror or error}")
    return 0


def freeze(issue: str, content: str = "", datasets: str = "", throwaway: bool = False) -> int:
    """Writes the files of a gazette issue once, signed with the release key, or with one that nobody keeps."""
    settings = from_file("publishconf.py", content=content or None, datasets=datasets or None)
    try:
        key = sign.throwaway() if throwaway else key_folder.load(settings.keys or Path()).release
        return write_issue(settings, issue, key, _DEMONSTRATED if throwaway else "")
    except UnsignableError as error:
        return report.outside(str(error))
    except OSError as error:
        return report.outside(f"{error.filename or settings.content}：{error.strerror or error}")


def rollback(steps: int = 1, content: str = "", output: str = "") -> int:
    """Shows an earlier release that is kept, by one swap."""
    settings = from_file("publishconf.py", content=content or None, output=output or None)
    if steps < 1:
        return report.outside("退回的次数至少是 1")
    try:
        release = show_earlier(settings, steps)
    except OSError as error:
        return report.outside(f"{error.filename or settings.output}：{error.strerror or error}")
    if release is None:
        return report.outside("没有保留那么早的发布，或者它已不完整；网站没有改动")
    report.line(f"网站已退回{told(release)}。见过后来版本的核对者会说这是重放：请改好内容，尽快再运行 publish")
    return 0


def told(release: Path) -> str:
    """The place of a release in the chain, in words."""
    head = fields((release / "latest.json").read_bytes()) if (release / "latest.json").is_file() else {}
    if not head:
        return f"发布 {release.name}（未签名）"
    return f"第 {head['sequence']} 次发布（{head['as_of'][:10]} 签名，有效期到 {head['valid_until'][:10]}）"
