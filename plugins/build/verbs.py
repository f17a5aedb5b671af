"""The verbs of `tasks.py`: each does one chore and returns its exit code. The shell; it prints."""

from __future__ import annotations

import gc
import json as json_
import os
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path

from plugins.build import report
from plugins.build.builder import Result, checked
from plugins.build.builder import build as build_release
from plugins.build.clock import UnreadableError
from plugins.build.settings import ROOT, Settings, from_file
from plugins.models.faults import has_errors
from plugins.release.chain import UnsignableError
from plugins.release.promote import Occupied
from plugins.rules.slips import slips


def site() -> int:
    """The demonstration site in `output/`."""
    return build()


def build(  # noqa: PLR0913, PLR0917 - the options of the verb
    content: str | None = None,
    datasets: str | None = None,
    output: str | None = None,
    as_of: str | None = None,
    jobs: int = 0,
    clean: bool = False,
    plain: str | None = None,
    json: bool = False,
) -> int:
    """Checks, then builds an unsigned release; on faults the output stays as it was."""
    chosen = {"content": content, "datasets": datasets, "output": output, "plain": plain, "as_of": as_of}
    return run_build(from_file(**chosen, jobs=jobs or None, clean=clean or None), json)


def publish(content: str | None = None, datasets: str | None = None, output: str | None = None, as_of: str = "") -> int:
    """Plans events, appends the ledger, builds with it, signs and promotes, with publishconf.py."""
    from plugins.build.publish import publish as publish_release
    from plugins.build.signing import told

    chosen = {"content": content, "datasets": datasets, "output": output, "as_of": as_of or None}
    settings = from_file("publishconf.py", **chosen)
    code = run_build(settings, work=publish_release)
    if code == 0:
        report.line(f"{told(settings.output)}已发布并签名；请把 datasets/ledger 的变化一并提交")
    return code


def amend(document: str, content: str | None = None) -> int:
    """Keeps the published text beside the document, before it is edited."""
    from plugins.build.changes import amend as keep

    return keep(from_file(content=content), document)


def withdraw(document: str, reason: str, content: str | None = None) -> int:
    """Turns a published document into its tombstone."""
    from plugins.build.changes import withdraw as take_back

    return take_back(from_file(content=content), document, reason)


def run_build(settings: Settings, json: bool = False, work: Callable[[Settings], Result] = build_release) -> int:
    """`build` with settings; also what the `pelican` command runs."""
    started = time.monotonic()
    gc.disable()  # one build, few cycles: walking a million live objects again and again costs a third of an edit
    try:
        result = work(settings)
    except Occupied as error:
        return report.outside(f"{error} 不是本程序建立的，没有改动它；请移走，或换一个 --output")
    except OSError as error:
        return report.outside(f"{error.filename or settings.content}：{error.strerror or error}")
    except UnsignableError as error:
        return report.outside(str(error))
    except UnreadableError as error:
        return report.outside(f"时间“{error}”无法识别，请写成 2026-03-03 09:00 的形式")
    report.faults(result.faults)
    if result.release is None:
        report.line(f"有 {sum(f.severity == 'error' for f in result.faults)} 处错误，网站没有改动")
        return 1
    _done(result, settings, time.monotonic() - started, json)
    return 0


def _done(result: Result, settings: Settings, seconds: float, json: bool) -> None:
    own, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    unit = 1024 if sys.platform == "linux" else 1024 * 1024
    figures = {
        "release": result.release.name if result.release else "",
        "pages": result.pages,
        "written": result.written,
        "seconds": round(seconds, 2),
        "cpu_seconds": round(own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime, 2),
        "peak_mib": round(max(own.ru_maxrss, children.ru_maxrss) / unit, 1),
    }
    report.line(f"网站在 {settings.output}：{result.pages} 页，新做 {result.written} 个文件，用时 {seconds:.1f} 秒")
    if json:
        print(json_.dumps(figures))  # noqa: T201


def check(content: str | None = None, datasets: str | None = None, format: str = "text") -> int:  # noqa: A002
    """Every fault, sorted, or the return slips that follow from them; nothing is written outside the cache."""
    settings = from_file(content=content, datasets=datasets)
    if format not in (*report.FORMATS, *report.SLIPS):
        known = "、".join((*report.FORMATS, *report.SLIPS))
        return report.outside(f"没有“{format}”这种格式，可用：{known}")
    try:
        faults, context = checked(settings)
    except UnreadableError as error:
        return report.outside(f"时间“{error}”无法识别")
    except OSError as error:
        return report.outside(f"{error.filename or settings.content}：{error.strerror or error}")
    if format in report.SLIPS:
        print(report.slips(slips(context, faults), format), end="")  # noqa: T201
    else:
        print(report.FORMATS[format](faults), end="")  # noqa: T201
    errors = sum(f.severity == "error" for f in faults)
    report.line(f"{errors} 处错误，{len(faults) - errors} 处提醒" if faults else "没有发现问题")
    return 1 if has_errors(faults) else 0


def search(
    query: str, content: str | None = None, datasets: str | None = None, limit: int = 10, json: bool = False
) -> int:
    """The Whoosh index of that content, brought up to date, asked from the shell."""
    from plugins.build.finder import find

    settings = from_file(content=content, datasets=datasets)
    try:
        total, hits = find(settings, query, limit)
    except OSError as error:
        return report.outside(f"{error.filename or settings.content}：{error.strerror or error}")
    if json:
        rows = [{"url": h.url, "title": h.title, "score": h.score} for h in hits]
        print(json_.dumps({"total": total, "hits": rows}, ensure_ascii=False))  # noqa: T201
        return 0
    for place, hit in enumerate(hits, 1):
        mark = f"〔{hit.validity}〕" if hit.ended else ""
        print(f"{place:3}. {mark}{hit.title}\n     {hit.url}　{hit.score:.2f}")  # noqa: T201
    report.line(f"共 {total} 条" if total else f"没有找到“{query}”")
    return 0


def export_search(output: str, content: str | None = None, datasets: str | None = None) -> int:
    """Bulk files and mapping of what would be released, for an OpenSearch on another machine."""
    from plugins.build.export import export

    settings = from_file(content=content, datasets=datasets)
    target = Path(os.path.abspath(output))
    try:
        done = export(settings, target)
    except Occupied as error:
        return report.outside(f"{error} 里有别的东西，没有改动它；请移走，或换一个 --output")
    except OSError as error:
        return report.outside(f"{error.filename or target}：{error.strerror or error}")
    except UnreadableError as error:
        return report.outside(f"时间“{error}”无法识别，请写成 2026-03-03 09:00 的形式")
    report.faults(done.faults)
    if has_errors(done.faults):
        report.line(f"有 {sum(f.severity == 'error' for f in done.faults)} 处错误，没有导出")
        return 1
    report.line(f"已写入 {target}：{done.documents} 条，批量文件 {done.files} 个，另有 mapping.json")
    return 0


def serve(port: int = 8000, content: str | None = None, datasets: str | None = None) -> int:
    """Live preview on this machine; drafts are visible here and only here."""
    from plugins.build.preview import serve as serve_preview

    gc.enable()  # it runs for days
    return serve_preview(from_file(content=content, datasets=datasets), port)


def new(type: str, title: str) -> int:  # noqa: A002
    """A new document with every field explained."""
    from plugins.build.scaffold import write_new

    return write_new(from_file(), type, title)


def demo(documents: int = 100, datasets: int = 3, output: str = "demo") -> int:
    """A deterministic content tree of that size."""
    from plugins.build.demo import demo as write_demo

    target = Path(os.path.abspath(output))
    if documents < 1 or datasets < 0:
        return report.outside("文件数至少是 1，数据包数至少是 0")
    try:
        write_demo(documents, datasets, target)
    except OSError as error:
        return report.outside(f"{error.filename or target}：{error.strerror or error}")
    report.line(f"已写入 {target}")
    return 0


def handbook() -> int:
    """The editors' handbook, made from the declarations."""
    from plugins.build.handbook import write

    report.line(f"已写入 {write()}")
    return 0


__all__ = [
    "ROOT",
    "amend",
    "build",
    "check",
    "demo",
    "export_search",
    "handbook",
    "new",
    "publish",
    "search",
    "serve",
    "site",
    "withdraw",
]
