"""One verb per chore. `python3 tasks.py VERB` needs Python 3.11 or newer and nothing else.

Run plainly, it makes `.venv` with the standard library alone, installs the hashed lock and goes on as invoke.
"""

from __future__ import annotations

import gc
import hashlib
import os
import shutil
import subprocess
import sys
import traceback
from contextlib import suppress
from functools import wraps
from inspect import signature
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType
    from typing import NoReturn, ParamSpec

    P = ParamSpec("P")

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
VALIDATORS = ROOT / ".venv-validators"
"""Other people's validators, whose pins clash with ours: tests start them as programs."""


def bootstrap(arguments: list[str]) -> int:
    """Makes the environment where it is missing or old. Returns 0, or the exit code where it could not."""
    if sys.version_info < (3, 11):
        return _outside("需要 Python 3.11 或更新的版本，现在是 " + sys.version.split()[0])
    if code := _make_environment(VENV):
        return code
    if arguments[:1] not in (["test"], ["drill"]):
        return _need_own()
    return _at_once(_need_validators, _need_for_tests)


def _need_own(*more: str) -> int:
    """Libraries, those of `more` locks too, and what pages are made with."""
    code = 0
    for lock in ("requirements.lock", *more):
        code = code or _install(lock, VENV)
    for part in ("hyparquet", "serif", "sans"):
        code = code or _bring(part)
    return code


def _at_once(one: Callable[[], int], other: Callable[[], int]) -> int:
    """Both, which have nothing in common but time: half a minute less."""
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor() as pool:
        first = pool.submit(one)
        code = other()
        return code or first.result()


def become(arguments: list[str]) -> NoReturn:
    """Replaces this process by the verb in the environment, so that signals and exit codes are the verb's own."""
    start = f"import sys; sys.path.insert(0, {str(ROOT)!r}); import tasks; tasks.main(sys.argv[1:])"
    os.execv(PYTHON, [str(PYTHON), "-c", start, *arguments])  # noqa: S606 - our own list


def _make_environment(folder: Path) -> int:
    """Makes the environment, unless it is there: pip comes last, without it the making was cut short."""
    if (folder / "bin" / "python").exists() and (folder / "bin" / "pip").exists():
        return 0
    _say("正在准备运行环境（只需一次）……")
    make = [sys.executable, "-m", "venv", "--clear", str(folder)]
    if subprocess.run(make, check=False, capture_output=True).returncode == 0:
        return 0
    if _apt("python3-venv") and subprocess.run(make, check=False).returncode == 0:
        return 0
    shutil.rmtree(folder, ignore_errors=True)
    return _outside("缺少系统软件包 python3-venv，请先安装：sudo apt-get install python3-venv")


def _install(lock: str, folder: Path, *options: str) -> int:
    """Installs a lock, unless the environment holds it already."""
    digest = hashlib.sha256((ROOT / lock).read_bytes()).hexdigest()
    stamp = folder / f"{lock}.sha256"
    if stamp.is_file() and stamp.read_text() == digest:
        return 0
    _say(f"正在安装 {lock} ……")
    pip = [str(folder / "bin" / "python"), "-m", "pip", "install", "-qq", "--disable-pip-version-check"]
    command = [*pip, "--require-hashes", *options, "-r", str(ROOT / lock)]
    if subprocess.run(command, check=False).returncode:
        return _outside(f"安装 {lock} 没有成功，请检查网络后再试")
    stamp.write_text(digest)
    return 0


def _bring(part: str) -> int:
    """Brings scripts that the theme serves, fonts, or judges, unless they are there as the lock names them."""
    sys.path.insert(0, str(ROOT))
    import vendor

    if not vendor.missing(part):
        return 0
    _say(f"正在取 {part} ……")
    try:
        vendor.bring(part)
    except vendor.NotBroughtError as error:
        return _outside(str(error))
    except OSError as error:
        return _outside(f"{error.filename}：{error.strerror}")
    return 0


OUTSIDE = {
    "chromium": "chromium",
    "crc32": "libarchive-zip-perl",
    "epubcheck": "epubcheck",
    "exiftool": "libimage-exiftool-perl",
    "fc-list": "fontconfig",
    "file": "file",
    "java": "default-jre-headless",
    "minisign": "minisign",
    "nginx": "nginx-light",
    "pdftotext": "poppler-utils",
    "qpdf": "qpdf",
}
"""Programs that tests ask as a second opinion, with the Debian package of each; CKAN needs the library of `file`,
exiftool that of `crc32`."""
FONT = "fonts-wqy-zenhei"
"""The Debian package of a font for browsers where none has Chinese characters: pages name fonts that readers have."""


def _need_for_tests() -> int:
    """All but the validators: libraries, programs that are asked as a second opinion, a font, judges of the pages."""
    return _need_own("requirements-test.lock") or _need_programs() or _need_font() or _need_judges()


def _need_programs() -> int:
    """Installs the programs that are missing."""
    for program, package in OUTSIDE.items():
        found = shutil.which(program, path=f"{os.environ.get('PATH', '')}:/usr/sbin")
        if not found and (code := _need(package, f"没有 {program}，用到它的测试将跳过")):
            return code
    return 0


def _need_font() -> int:
    """Installs a font where none has Chinese characters."""
    if shutil.which("fc-list") and subprocess.run(["fc-list", ":lang=zh"], check=False, capture_output=True).stdout:
        return 0
    return _need(FONT, "没有中文字体，量度打印版面的测试将跳过")


def _need(package: str, otherwise: str) -> int:
    """Installs a package where that is allowed; required under CI=true, `otherwise` is said and tests are skipped."""
    if _apt(package):
        return 0
    if os.environ.get("CI") == "true":
        return _outside(f"缺少系统软件包 {package}，请先安装：sudo apt-get install {package}")
    _say(otherwise)
    return 0


def _need_judges() -> int:
    """Brings axe, the Nu checker and Lighthouse; required under CI=true, their tests skipped visibly elsewhere."""
    for part in ("axe", "vnu", "lighthouse"):
        if code := _bring(part):
            if os.environ.get("CI") == "true":
                return code
            _say(f"没有 {part}，用到它的测试将跳过")
    return 0


def _need_validators() -> int:
    """Makes the validators' environment; required under CI=true, their tests skipped visibly elsewhere."""
    code = _make_environment(VALIDATORS) or _install("requirements-validators.lock", VALIDATORS, "--no-deps")
    if code and os.environ.get("CI") != "true":
        _say("没有外部校验工具，用到它们的测试将跳过")
        return 0
    return code


def _apt(package: str) -> bool:
    """Installs a Debian package where that is allowed."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return False
    _say(f"正在安装系统软件包 {package} ……")
    quiet = {"check": False, "stdout": subprocess.DEVNULL, "stdin": subprocess.DEVNULL}
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", package]
    if subprocess.run(install, env=environment, stderr=subprocess.DEVNULL, **quiet).returncode == 0:  # type: ignore[call-overload]
        return True
    subprocess.run(["apt-get", "update", "-qq"], env=environment, **quiet)  # type: ignore[call-overload]
    return bool(subprocess.run(install, env=environment, **quiet).returncode == 0)  # type: ignore[call-overload]


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _outside(text: str) -> int:
    _say(text)
    return 2


if __name__ == "__main__":
    try:
        failed = bootstrap(sys.argv[1:])
    except KeyboardInterrupt:
        failed = 130
    if failed:
        sys.exit(failed)
    become(sys.argv[1:] or ["--list"])

sys.path.insert(0, str(ROOT))

from plugins.build.encoding import require_utf8

require_utf8()

from invoke.exceptions import Exit, ParseError
from invoke.program import Program
from invoke.tasks import task

if TYPE_CHECKING:
    from invoke.context import Context


class Verbs(Program):
    """Invoke, but a mistyped command is exit 2: 1 is kept for faults in the content."""

    def parse_tasks(self) -> None:
        """Reads the verb and its options."""
        try:
            super().parse_tasks()
        except (ParseError, ValueError) as error:
            raise Exit(f"命令有误：{error}；用 --list 查看全部命令", 2) from error


def main(arguments: list[str]) -> None:
    """Runs one verb and exits with its code."""
    if arguments[:1] == ["rollback"] and arguments[1:2] and arguments[1].isdecimal():
        arguments = ["rollback", "--steps", *arguments[1:]]  # invoke knows no positional argument with a default
    Verbs(name="Invoke", binary="inv[oke]", binary_names=["invoke", "inv"]).run(
        ["invoke", "--search-root", str(ROOT), *arguments]
    )


def _leave(code: int) -> NoReturn:
    """Ends here: the system frees at once what Python takes apart object by object, a tenth of a second for an edit."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(BrokenPipeError):
            stream.flush()
    os._exit(code)


def _bug(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """What nobody caught is a bug: its traceback, and exit 3."""
    traceback.print_exception(kind, error, trace)
    sys.exit(3)


_SPREAD = ["-n", str(min(os.cpu_count() or 1, 4)), "--dist", "loadfile", "--no-loadscope-reorder"]
"""Each file in one process, files and tests in the order of tests/conftest.py."""


def _tried(options: list[str]) -> int:
    return subprocess.run([sys.executable, "-m", "pytest", *options], check=False, cwd=ROOT).returncode


_WORDS = {
    "at": "以哪一时刻判断是否过期，如 2026-03-03T09:00+08:00",
    "as_of": "以哪一时刻为准，如 2026-03-03 09:00",
    "clean": "不用缓存，全部重做",
    "content": "内容文件夹",
    "datasets": "数据文件夹",
    "demo.datasets": "数据包数",
    "document": "编号或发文字号",
    "documents": "文件数",
    "folder": "要核对的文件夹",
    "key": "从别处得来的根公钥（PEM）",
    "retire": "停用现在的发布密钥，另换一把",
    "only": "只截一类网页，如 home",
    "screenshots.folder": "图片存放的文件夹",
    "root": "根密钥的文件，不在密钥文件夹里时写明",
    "seen": "以前核对过的 latest.json，用来发现重放",
    "steps": "退回几次发布",
    "unsigned": "只核对是否完整，不问是谁发布的",
    "format": "text、json、github、sarif，或 slips、slips-json",
    "issue": "公报的编号，如 gazette/2026-01",
    "jobs": "进程数",
    "json": "最后打印一行 JSON",
    "limit": "最多几条",
    "output": "输出位置",
    "plain": "另存一份普通文件夹",
    "port": "端口",
    "query": "要找的词语",
    "reason": "撤下的原因",
    "select": "只运行名称符合的测试",
    "throwaway": "用一次性密钥签名（仅供演示，不能证明来源）",
    "title": "标题",
    "type": "文件类型，如 policy",
}


def _verb(work: Callable[P, int]) -> object:
    """A task with its options' help, which exits with the code that `work` returns."""

    @wraps(work)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        gc.disable()  # what a verb loads stays: walking through it again and again costs a twentieth of an edit
        sys.excepthook = _bug
        sys.dont_write_bytecode = bool(sys.flags.dont_write_bytecode)  # invoke's default compiles all anew each time
        try:
            code = work(*args, **kwargs)
        except KeyboardInterrupt:
            code = 130
        except BrokenPipeError:
            code = 0
        _leave(code)

    options = [name for name in signature(work).parameters if name != "c"]
    return task(run, help={name: _WORDS.get(f"{work.__name__}.{name}", _WORDS.get(name)) for name in options})


@_verb
def site(c: Context) -> int:
    """在 output/ 生成示例网站。"""
    from plugins.build import verbs

    return verbs.site()


@_verb
def test(c: Context, select: str = "") -> int:
    """运行全部测试。"""
    return _tried(["-k", select] if select else _SPREAD)


@_verb
def drill(c: Context, select: str = "") -> int:
    """发布新版本之前的长时间试验：反复中断、并发、篡改和随机输入，要几个小时。"""
    os.environ["DRILL"] = "1"
    return _tried(["-m", "drill", *(["-k", select] if select else _SPREAD)])


@_verb
def serve(c: Context, port: int = 8000, content: str = "", datasets: str = "") -> int:
    """在本机预览；草稿只在这里可见。"""
    from plugins.build import verbs

    return verbs.serve(port, content or None, datasets or None)


@_verb
def screenshots(c: Context, only: str = "", folder: str = "") -> int:
    """为十二类网页和组件在三种宽度下截图，存入 docs/screenshots/（需要 chromium）。"""
    from benchmarks.screenshots import main as take

    return take([*(["--only", only] if only else []), *(["--folder", folder] if folder else [])])


@_verb
def extras(c: Context) -> int:
    """取来可选部分：数据集网页上的 SQL 查询（DuckDB，约 34 MB）。"""
    return _bring("duckdb")


@_verb
def check(c: Context, content: str = "", datasets: str = "", format: str = "text") -> int:
    """列出全部问题，不生成网站。"""
    from plugins.build import verbs

    return verbs.check(content or None, datasets or None, format)


@_verb
def build(
    c: Context,
    content: str = "",
    datasets: str = "",
    output: str = "",
    as_of: str = "",
    jobs: int = 0,
    clean: bool = False,
    plain: str = "",
    json: bool = False,
) -> int:
    """检查并生成网站（未签名）；有错误时网站保持原样。"""
    from plugins.build import verbs

    chosen = {"content": content, "datasets": datasets, "output": output, "as_of": as_of, "plain": plain}
    given = {name: value or None for name, value in chosen.items()}
    return verbs.build(**given, jobs=jobs, clean=clean, json=json)


@_verb
def publish(c: Context, content: str = "", datasets: str = "", output: str = "", as_of: str = "") -> int:
    """检查、登记台账、生成并发布网站；失败时台账和网站保持原样。"""
    from plugins.build import verbs

    return verbs.publish(content or None, datasets or None, output or None, as_of)


@_verb
def freeze(c: Context, issue: str, content: str = "", datasets: str = "", throwaway: bool = False) -> int:
    """公报定版：写出 PDF、EPUB、纯文本、清单和签名，从此不变。"""
    from plugins.build import signing

    return signing.freeze(issue, content, datasets, throwaway)


@_verb
def rollback(c: Context, steps: int = 1, content: str = "", output: str = "") -> int:
    """退回仍保留的较早一次发布；N 次发布以前用 rollback N。"""
    from plugins.build import signing

    return signing.rollback(steps, content, output)


@_verb
def keys(c: Context, retire: bool = False, root: str = "") -> int:
    """在代码仓库以外生成根密钥和发布密钥；--retire 停用现在的发布密钥，另换一把。"""
    from plugins.build import signing

    return signing.keys(retire, root)


@_verb
def verify(c: Context, folder: str, key: str = "", unsigned: bool = False, seen: str = "", at: str = "") -> int:
    """离线核对一次发布或者它的任何副本（即 plugins/release/verify.py）。"""
    from plugins.release.verify import main as prove

    given = {"--key": key, "--seen": seen, "--at": at}
    options = [f"{name}={value}" for name, value in given.items() if value]
    return prove([*options, *["--unsigned"][:unsigned], "--", folder])


@_verb
def amend(c: Context, document: str, content: str = "") -> int:
    """修改已发布的文件之前：把已发布的文本保留在旁边。"""
    from plugins.build import verbs

    return verbs.amend(document, content or None)


@_verb
def withdraw(c: Context, document: str, reason: str = "", content: str = "") -> int:
    """撤下已发布的文件：原网址改为撤下说明。"""
    from plugins.build import verbs

    return verbs.withdraw(document, reason, content or None)


@_verb
def search(c: Context, query: str, content: str = "", datasets: str = "", limit: int = 10, json: bool = False) -> int:
    """在内容中检索。"""
    from plugins.build import verbs

    return verbs.search(query, content or None, datasets or None, limit, json)


@_verb
def export_search(c: Context, output: str, content: str = "", datasets: str = "") -> int:
    """导出检索索引（OpenSearch 批量文件和映射），供一台机器不够时使用。"""
    from plugins.build import verbs

    return verbs.export_search(output, content or None, datasets or None)


@_verb
def new(c: Context, type: str, title: str) -> int:
    """新建一份文件，文件头各项都有说明。"""
    from plugins.build import verbs

    return verbs.new(type, title)


@_verb
def handbook(c: Context) -> int:
    """依照字段和规则的定义生成 docs/handbook.md。"""
    from plugins.build import verbs

    return verbs.handbook()


@_verb
def demo(c: Context, documents: int = 100, datasets: int = 3, output: str = "demo") -> int:
    """生成一套指定规模的演示内容。"""
    from plugins.build import verbs

    return verbs.demo(documents, datasets, output)
